//! HTTP/1.1 over one kept connection, with as little between the caller and the socket as can be.

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 1 << 30;
/// The longest line of an answer's head that is read, in bytes.
const LONGEST_LINE: u64 = 1 << 16;

/// What a server answered.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body's bytes, put together where they came in chunks.
    pub body: Vec<u8>,
    /// Whether the server closes the connection after this answer.
    pub closes: bool,
}

impl Answer {
    /// The body as JSON; null where it is empty.
    ///
    /// # Errors
    /// Where the body is no JSON.
    pub fn json(&self) -> Result<Value> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&self.body).with_context(|| {
            let start = self.body.get(..200).unwrap_or(&self.body);
            format!("no JSON: {}", String::from_utf8_lossy(start))
        })
    }
}

/// A client of one server with one connection, which it opens when it is first needed.
#[derive(Debug)]
pub struct Client {
    host: String,
    patience: Duration,
    connection: Option<BufReader<TcpStream>>,
}

impl Client {
    /// Makes a client of `http://HOST:PORT`.
    ///
    /// # Errors
    /// Where the address is another scheme's, or has a path.
    pub fn new(url: &str) -> Result<Self> {
        let host = url
            .trim_end_matches('/')
            .strip_prefix("http://")
            .filter(|host| host.contains(':') && !host.contains('/'))
            .ok_or_else(|| anyhow!("address {url:?}: expected http://HOST:PORT"))?;
        Ok(Self {
            host: host.to_owned(),
            patience: Duration::from_secs(120),
            connection: None,
        })
    }

    /// Sets how long an answer may take.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The server's `HOST:PORT`.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Opens a connection of its own, to send bytes of the caller's making.
    ///
    /// # Errors
    /// Where nothing listens there.
    pub fn connect(&self) -> Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect(&self.host)
            .with_context(|| format!("connecting to {}", self.host))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(self.patience))?;
        stream.set_write_timeout(Some(self.patience))?;
        Ok(BufReader::with_capacity(1 << 16, stream))
    }

    /// Sends a request and waits for its answer. JSON is sent as `application/json`, a body that ends in a line's end as
    /// NDJSON.
    ///
    /// # Errors
    /// Where the connection breaks or the answer is no HTTP.
    pub fn ask(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Answer> {
        self.send(&self.packed(method, path, body), method == "HEAD")
            .with_context(|| format!("{method} {path}"))
    }

    /// A request as the bytes that go over the wire.
    #[must_use]
    pub fn packed(&self, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        let kind = if body.ends_with(b"\n") {
            "application/x-ndjson"
        } else {
            "application/json"
        };
        let mut packed = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.host);
        if !body.is_empty() {
            packed += &format!("content-type: {kind}\r\ncontent-length: {}\r\n", body.len());
        }
        packed += "\r\n";
        [packed.as_bytes(), body].concat()
    }

    /// Sends what [`Client::packed`] made and waits for the answer.
    ///
    /// # Errors
    /// Where the connection breaks or the answer is no HTTP.
    pub fn send(&mut self, packed: &[u8], head_only: bool) -> Result<Answer> {
        let kept = self.connection.take();
        let was_kept = kept.is_some();
        let mut connection = kept.map_or_else(|| self.connect(), Ok)?;
        let mut answer = exchange(&mut connection, packed, head_only);
        // A server may close a connection that was idle; the request did not reach it then.
        if was_kept && answer.as_ref().is_err_and(is_closed) {
            connection = self.connect()?;
            answer = exchange(&mut connection, packed, head_only);
        }
        let answer = answer?;
        if !answer.closes {
            self.connection = Some(connection);
        }
        Ok(answer)
    }
}

fn exchange(
    connection: &mut BufReader<TcpStream>,
    packed: &[u8],
    head_only: bool,
) -> Result<Answer> {
    connection.get_mut().write_all(packed)?;
    read_answer(connection, head_only)
}

fn is_closed(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| {
        matches!(
            error.kind(),
            ErrorKind::BrokenPipe
                | ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::UnexpectedEof
        )
    })
}

/// Reads one answer.
///
/// # Errors
/// Where the connection breaks or the answer is no HTTP.
pub(crate) fn read_answer(reader: &mut impl BufRead, head_only: bool) -> Result<Answer> {
    let status = line(reader)?
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .context("an answer without a status")?;
    let mut answer = Answer {
        status,
        ..Answer::default()
    };
    let (mut length, mut chunked) = (None, false);
    loop {
        let line = line(reader)?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = Some(value.parse::<usize>()?),
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            "connection" => answer.closes = value.eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
    // An invitation to go on is not the answer yet.
    if status == 100 {
        return read_answer(reader, head_only);
    }
    if head_only || status == 204 || status == 304 {
        return Ok(answer);
    }
    if chunked {
        loop {
            let size = line(reader)?;
            let size = size.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).context("a chunk without a size")?;
            read_body(reader, &mut answer.body, size)?;
            line(reader)?;
            if size == 0 {
                return Ok(answer);
            }
        }
    }
    match length {
        Some(length) => read_body(reader, &mut answer.body, length)?,
        None => {
            answer.closes = true;
            reader
                .take(LONGEST_ANSWER as u64)
                .read_to_end(&mut answer.body)?;
        }
    }
    Ok(answer)
}

fn line(reader: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    reader.take(LONGEST_LINE).read_line(&mut line)?;
    if !line.ends_with('\n') {
        return Err(std::io::Error::from(ErrorKind::UnexpectedEof).into());
    }
    Ok(line.trim_end().to_owned())
}

fn read_body(reader: &mut impl BufRead, body: &mut Vec<u8>, length: usize) -> Result<()> {
    if body.len().saturating_add(length) > LONGEST_ANSWER {
        bail!("an answer of more than {LONGEST_ANSWER} bytes");
    }
    let start = body.len();
    body.resize(start + length, 0);
    let (_, rest) = body.split_at_mut(start);
    reader.read_exact(rest)?;
    Ok(())
}

#[cfg(test)]
mod tests;
