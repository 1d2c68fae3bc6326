//! Requests that no server can serve, and whether it says so and goes on.

mod bulk;
mod cases;
mod documents;
mod http;
mod searches;

use crate::client::{Answer, Client, read_answer};
use anyhow::{Result, anyhow, bail};
use cases::{Body, Expected};
pub use cases::{Case, cases};
use serde_json::{Value, json};
use std::fmt;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The index that the cases are about; its name with `-strict` is that of one that takes no new fields.
pub(crate) const INDEX: &str = "peers-malformed";

/// What came of one case.
#[derive(Debug)]
pub struct Outcome {
    /// The case's name.
    pub name: String,
    /// The status, where there was an answer.
    pub status: Option<u16>,
    /// What should not be; none where all is well.
    pub wrong: Option<String>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self
            .status
            .map_or("---".to_owned(), |status| status.to_string());
        match &self.wrong {
            Some(wrong) => write!(out, "WRONG {status} {}: {wrong}", self.name),
            None => write!(out, "ok    {status} {}", self.name),
        }
    }
}

/// Sends every case to a server: each has to be answered within ten seconds by a status of 400 to 499 in the error shape,
/// and the server has to answer `GET /` after it. Cases that end a real engine are sent only where `fatal` says so.
///
/// # Errors
/// Where the server cannot be reached, or does not make the index that the cases are about.
pub fn malformed(url: &str, fatal: bool) -> Result<Vec<Outcome>> {
    let mut client = Client::new(url)?.with_patience(PATIENCE);
    set_up(&mut client)?;
    let mut outcomes = Vec::new();
    for case in cases()
        .into_iter()
        .filter(|case| fatal || !case.ends_real_engines)
    {
        let (status, wrong) = match send(&client, &case) {
            Ok(answer) => (Some(answer.status), case.expected.wrong(&answer)),
            Err(error) => (None, Some(format!("no answer: {error:#}"))),
        };
        let wrong = match wrong {
            None => still_answers(&client)
                .err()
                .map(|error| format!("{error:#}")),
            wrong => wrong,
        };
        outcomes.push(Outcome {
            name: case.name,
            status,
            wrong,
        });
        still_answers(&client)?;
    }
    for index in [INDEX.to_owned(), format!("{INDEX}-strict")] {
        client.ask("DELETE", &format!("/{index}"), &[])?;
    }
    Ok(outcomes)
}

fn set_up(client: &mut Client) -> Result<()> {
    let vector = |element: &str, similarity: &str| {
        json!({"type": "dense_vector", "dims": 3, "element_type": element, "similarity": similarity, "index": true,
            "index_options": {"type": "flat"}})
    };
    let properties = json!({
        "title": {"type": "text"}, "tag": {"type": "keyword"}, "count": {"type": "long"}, "tiny": {"type": "byte"},
        "price": {"type": "float"}, "flag": {"type": "boolean"}, "created": {"type": "date"}, "spot": {"type": "geo_point"},
        "blob": {"type": "binary"}, "camera": {"properties": {"iso": {"type": "integer"}}},
        "parts": {"type": "nested", "properties": {"n": {"type": "integer"}}},
        "v": vector("float", "cosine"), "v_dot": vector("float", "dot_product"), "v_byte": vector("byte", "l2_norm"),
    });
    for (index, dynamic) in [
        (INDEX.to_owned(), "true"),
        (format!("{INDEX}-strict"), "strict"),
    ] {
        client.ask("DELETE", &format!("/{index}"), &[])?;
        let body = json!({"settings": {"number_of_shards": 1, "number_of_replicas": 0},
            "mappings": {"dynamic": dynamic, "properties": properties}});
        for (path, body) in [
            (format!("/{index}"), body),
            (
                format!("/{index}/_doc/1?refresh=true"),
                json!({"title": "a", "count": 1, "created": 0, "v": [1, 2, 3]}),
            ),
        ] {
            let answer = client.ask("PUT", &path, body.to_string().as_bytes())?;
            if answer.status >= 300 {
                bail!(
                    "PUT {path}: {} {}",
                    answer.status,
                    String::from_utf8_lossy(&answer.body)
                );
            }
        }
    }
    Ok(())
}

/// Any answer will do: one real engine has no page at `/`.
fn still_answers(client: &Client) -> Result<()> {
    let mut client = Client::new(&format!("http://{}", client.host()))?.with_patience(PATIENCE);
    let answer = client
        .ask("GET", "/", &[])
        .map_err(|error| anyhow!("GET / afterwards: {error:#}"))?;
    if answer.status >= 500 {
        bail!("GET / afterwards: {}", answer.status);
    }
    Ok(())
}

/// Sends a case over a connection of its own. A server may answer before it has read everything, so that writing and
/// reading go on at the same time.
fn send(client: &Client, case: &Case) -> Result<Answer> {
    let mut reader = client.connect()?;
    let writer = reader.get_ref().try_clone()?;
    let start = Instant::now();
    let answer = std::thread::scope(|scope| {
        // What could not be written shows in the answer, or in there being none.
        scope.spawn(|| drop(write(writer, client.host(), case)));
        let answer = read_answer(&mut reader, case.method == "HEAD");
        drop(reader.get_ref().shutdown(std::net::Shutdown::Both));
        answer
    })?;
    if start.elapsed() > PATIENCE {
        bail!("{} s", start.elapsed().as_secs());
    }
    Ok(answer)
}

fn write(mut stream: TcpStream, host: &str, case: &Case) -> Result<()> {
    if let Body::Raw(bytes) = &case.body {
        stream.write_all(bytes)?;
        // The end of what is sent: a server that waits for more must see that none comes.
        stream.shutdown(std::net::Shutdown::Write)?;
        return Ok(());
    }
    let mut head = format!("{} {} HTTP/1.1\r\nhost: {host}\r\n", case.method, case.path);
    for (name, value) in &case.headers {
        head += &format!("{name}: {value}\r\n");
    }
    match &case.body {
        Body::Raw(_) => {}
        Body::Bytes(bytes) => {
            head += &format!("content-length: {}\r\n\r\n", bytes.len());
            stream.write_all(head.as_bytes())?;
            stream.write_all(bytes)?;
        }
        Body::Long { bytes, chunked } => {
            let length = if *chunked {
                "transfer-encoding: chunked".to_owned()
            } else {
                format!("content-length: {bytes}")
            };
            stream.write_all(format!("{head}{length}\r\n\r\n").as_bytes())?;
            let piece = vec![b' '; 1 << 20];
            for _ in 0..bytes.div_ceil(piece.len()) {
                if *chunked {
                    stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes())?;
                }
                stream.write_all(&piece)?;
                if *chunked {
                    stream.write_all(b"\r\n")?;
                }
            }
            if *chunked {
                stream.write_all(b"0\r\n\r\n")?;
            }
        }
    }
    Ok(())
}

impl Expected {
    /// What is wrong with an answer.
    fn wrong(&self, answer: &Answer) -> Option<String> {
        let said =
            || String::from_utf8_lossy(answer.body.get(..300).unwrap_or(&answer.body)).into_owned();
        match self {
            Self::Refused | Self::RefusedShortly | Self::RefusedByHttp
                if !(400..500).contains(&answer.status) =>
            {
                Some(said())
            }
            Self::RefusedByHttp => None,
            Self::RefusedShortly => {
                let body = answer.json().unwrap_or(Value::Null);
                let is_right = body["error"].is_string() || has_error_shape(&body, answer.status);
                (!is_right).then(|| format!("no error in it: {}", said()))
            }
            Self::Refused => {
                let body = answer.json().unwrap_or(Value::Null);
                (!has_error_shape(&body, answer.status))
                    .then(|| format!("not the error shape: {}", said()))
            }
            Self::Items(statuses) => {
                let body = answer.json().unwrap_or(Value::Null);
                let items = body["items"].as_array().into_iter().flatten();
                let got: Vec<Option<u64>> = items
                    .map(|item| item.as_object()?.values().next()?.get("status")?.as_u64())
                    .collect();
                let is_right = answer.status == 200
                    && got.len() == statuses.len()
                    && got
                        .iter()
                        .zip(statuses)
                        .all(|(got, wanted)| *got == Some(u64::from(*wanted)));
                (!is_right).then(|| format!("expected items {statuses:?}, got {got:?}: {}", said()))
            }
        }
    }
}

fn has_error_shape(body: &Value, status: u16) -> bool {
    let error = &body["error"];
    let has = |error: &Value| {
        error["type"].is_string() && (error["reason"].is_string() || error["reason"].is_null())
    };
    let roots = error["root_cause"].as_array();
    body["status"] == status
        && has(error)
        && roots.is_some_and(|roots| !roots.is_empty() && roots.iter().all(has))
}

#[cfg(test)]
mod tests;
