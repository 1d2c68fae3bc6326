//! What came back from an engine.

use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;
use ureq::http::HeaderMap;

/// How much of an answer is read, in bytes.
const LIMIT: u64 = 64 * 1024 * 1024;

/// An answer: its status, its headers, and its body as JSON, or as a text where it is no JSON.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// Reads what an engine answered.
    ///
    /// # Errors
    ///
    /// Where the body ends early, is no text, or is not what its headers say.
    pub(crate) fn read(answer: ureq::http::Response<ureq::Body>) -> Result<Self, String> {
        let (head, body) = answer.into_parts();
        let header = |name: &str| {
            let value = head.headers.get(name).and_then(|v| v.to_str().ok());
            value.unwrap_or_default().to_ascii_lowercase()
        };
        let mut bytes = Vec::new();
        let mut reader = body.into_with_config().limit(LIMIT).reader();
        let reading = reader.read_to_end(&mut bytes);
        reading.map_err(|error| format!("the answer's body: {error}"))?;
        if header("content-encoding") == "gzip" {
            let mut plain = Vec::new();
            let mut decoder = GzDecoder::new(bytes.as_slice()).take(LIMIT);
            let decoding = decoder.read_to_end(&mut plain);
            decoding.map_err(|error| format!("the answer's gzip: {error}"))?;
            bytes = plain;
        }
        let text = String::from_utf8(bytes).map_err(|_| "the answer is no UTF-8".to_owned())?;
        let content_type = header("content-type");
        let is_json = content_type.contains("json") && !text.is_empty();
        let body = if is_json {
            serde_json::from_str(&text)
                .map_err(|error| format!("the answer's JSON: {error}: {text}"))?
        } else {
            Value::String(text)
        };
        Ok(Self {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        })
    }

    /// The values of a header, joined by commas; `None` where there is none.
    pub(crate) fn header(&self, name: &str) -> Option<Value> {
        let values: Vec<_> = self
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        (!values.is_empty()).then(|| Value::String(values.join(", ")))
    }
}
