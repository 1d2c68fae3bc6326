//! A client that keeps its connection and sees it break.

use crate::program::Server;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A connection that stays open.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    pub(crate) fn new(server: &Server) -> Self {
        Self {
            stream: BufReader::new(server.connect()),
        }
    }

    pub(crate) fn ask(&mut self, method: &str, path: &str, body: &str) -> (u16, Value) {
        self.try_ask(method, path, body).unwrap()
    }

    /// The status and the JSON of an answer; none where the connection ended before it was whole.
    pub(crate) fn try_ask(&mut self, method: &str, path: &str, body: &str) -> Option<(u16, Value)> {
        self.send(method, path, body)?;
        let status = self.line()?.split(' ').nth(1)?.parse().ok()?;
        let mut length = None;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = Some(value.trim().parse().ok()?);
            }
        }
        // Answers are small enough to be sent in one piece.
        let mut answer = vec![0; length.unwrap()];
        self.stream.read_exact(&mut answer).ok()?;
        Some((status, serde_json::from_slice(&answer).unwrap()))
    }

    /// Sends a request and waits for nothing; none where the connection has ended.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: &str) -> Option<()> {
        let kind = if path.contains("_bulk") {
            "x-ndjson"
        } else {
            "json"
        };
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/{kind}\r\ncontent-length: {length}\r\n\r\n"
        );
        let request = (head + body).into_bytes();
        self.stream.get_mut().write_all(&request).ok()
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line).ok()?;
        line.strip_suffix("\r\n").map(str::to_owned)
    }
}
