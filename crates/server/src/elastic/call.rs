//! Requests as they come in.

use super::Served;
use super::reply::Reply;
use crate::Shared;
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use backends::Backend;
use document::{Cause, Failure, now_ms};
use elastic::{MediaTypes, UrlParams};
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// The longest body, as it comes and after it was decompressed.
const MAX_BODY_BYTES: usize = 100 << 20;

/// A generation of Elasticsearch's clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Generation {
    /// 7.x: answers name a type.
    Seven,
    /// 8.x.
    Eight,
    /// 9.x.
    Nine,
}

/// What clients are taken to be.
#[derive(Debug)]
pub(crate) struct Clients {
    /// The generation of a client that does not say.
    pub(crate) unmarked: Generation,
}

impl Clients {
    /// Finds out the generation of a client by what it sends.
    pub(crate) fn generation(&self, headers: &HeaderMap) -> Generation {
        marked(headers).unwrap_or(self.unmarked)
    }
}

/// Answers the generation that a client says it is of; none where it says none.
fn marked(headers: &HeaderMap) -> Option<Generation> {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    for name in ["accept", "content-type"] {
        if let Some((_, version)) = text(name).split_once("compatible-with=") {
            return generation(version);
        }
    }
    let marks = [
        text("x-elastic-client-meta").split_once("es="),
        text("user-agent").split_once("elasticsearch-py/"),
        text("user-agent").split_once("elasticsearch-js/"),
    ];
    let marked = marks.into_iter().flatten().next();
    marked.and_then(|(_, version)| generation(version))
}

/// Whether a client of 8 or later asks for answers as an earlier generation gave them.
fn asks_for_compatibility(headers: &HeaderMap) -> bool {
    let mut values = [header::ACCEPT, header::CONTENT_TYPE]
        .into_iter()
        .filter_map(|name| headers.get(name)?.to_str().ok());
    values.any(|value| value.contains("compatible-with="))
}

fn generation(version: &str) -> Option<Generation> {
    match version.trim_start_matches('"').chars().next()? {
        '7' => Some(Generation::Seven),
        '8' => Some(Generation::Eight),
        '9' => Some(Generation::Nine),
        _ => None,
    }
}

/// A request.
pub(crate) struct Call {
    pub(crate) catalog: Shared,
    pub(crate) method: Method,
    /// The address as it came: the path, and the parameters behind it.
    pub(crate) address: String,
    /// The parts of the path, decoded; empty ones left out.
    pub(crate) segments: Vec<String>,
    pub(crate) params: UrlParams,
    pub(crate) body: Bytes,
    /// Whether the client is of a generation that names types.
    pub(crate) typed: bool,
    /// The type that the address names, where the client is of a generation that reads it.
    pub(crate) kind: Option<String>,
    /// Whether the client does not say of which generation it is.
    pub(crate) unmarked: bool,
    /// Whether the client is one of 7.x itself, not one of 8 that asks for answers as 7.x gave them.
    pub(crate) before_eight: bool,
    /// Whether the client asks for JSON by name.
    pub(crate) accepts_json: bool,
    /// When it came, in milliseconds since 1970.
    pub(crate) now_ms: i64,
}

impl Call {
    /// Reads a request.
    ///
    /// # Errors
    /// The answer, when it cannot be read.
    pub(crate) async fn read(request: Request, served: &Served) -> Result<Self, Box<Reply>> {
        let (parts, body) = request.into_parts();
        let refuse = |failure: &Failure| Box::new(Reply::failed(failure));
        let path = parts.uri.path().to_owned();
        let segments = segments(&path).map_err(|failure| refuse(&failure))?;
        let values = query_values(parts.uri.query().unwrap_or_default())
            .map_err(|failure| refuse(&failure))?;
        let params = UrlParams::new(&path, values);
        let too_long = || {
            let reason = format!("a request's body can have up to {MAX_BODY_BYTES} bytes");
            Box::new(Reply::plain(
                StatusCode::PAYLOAD_TOO_LARGE,
                "content_too_long_exception",
                &reason,
            ))
        };
        let declared = parts.headers.get(header::CONTENT_LENGTH);
        let declared = declared.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if declared.is_some_and(|length| length > MAX_BODY_BYTES) {
            return Err(too_long());
        }
        let body = match to_bytes(body, MAX_BODY_BYTES).await {
            Ok(body) => body,
            Err(error) if is_length_limit(&error) => return Err(too_long()),
            Err(error) => {
                let reason = format!("the request's body broke off: {error}");
                return Err(refuse(&Failure::new(Cause::Parse, reason)));
            }
        };
        let body = decoded(&parts.headers, body).map_err(|reason| match reason {
            Some(reason) => refuse(&Failure::new(Cause::Parse, reason)),
            None => too_long(),
        })?;
        let types = media_types(&parts.headers, !body.is_empty());
        let types = types.map_err(|failure| refuse(&failure))?;
        if !body.is_empty() && !types.reads_body() {
            let given = text_of(&parts.headers, header::CONTENT_TYPE).unwrap_or_default();
            return Err(Box::new(Reply::bare(
                StatusCode::NOT_ACCEPTABLE,
                format!("Content-Type header [{given}] is not supported"),
            )));
        }
        let accept = text_of(&parts.headers, header::ACCEPT).unwrap_or_default();
        let mut address = path.clone();
        if let Some(query) = parts.uri.query() {
            address.push('?');
            address.push_str(query);
        }
        let typed = served.clients.generation(&parts.headers) == Generation::Seven;
        Ok(Self {
            catalog: served.catalog.clone(),
            method: parts.method,
            address,
            segments,
            params,
            body,
            kind: None,
            typed,
            unmarked: marked(&parts.headers).is_none(),
            before_eight: typed && !asks_for_compatibility(&parts.headers),
            accepts_json: accept.contains("json"),
            now_ms: now_ms(),
        })
    }

    /// Whether types keep the names that they are given: Elasticsearch 8 calls every type `_doc`, whatever its clients
    /// of 7 call it.
    pub(crate) fn names_types(&self) -> bool {
        self.before_eight || self.unmarked
    }

    pub(crate) fn backend(&self) -> &dyn Backend {
        self.catalog.backend()
    }

    /// The body as JSON; none = there is none.
    pub(crate) fn json(&self) -> Result<Option<serde_json::Value>, Failure> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        elastic::parse_json(&self.body).map(Some)
    }

    /// The body as JSON, or what stands for it in the address; none = there is neither.
    pub(crate) fn json_or_source(&self) -> Result<Option<serde_json::Value>, Failure> {
        if !self.body.is_empty() {
            return self.json();
        }
        let source = self.params.source()?;
        source
            .map(|source| elastic::parse_json(source.as_bytes()))
            .transpose()
    }

    /// Refuses parameters of a request that may bring its body as one of them.
    pub(crate) fn allow_source(&self, allowed: &[&str]) -> Result<(), Failure> {
        self.params.allow_source(allowed, !self.body.is_empty())
    }
}

fn is_length_limit(error: &axum::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if error.to_string().contains("length limit exceeded") {
            return true;
        }
        source = error.source();
    }
    false
}

/// Takes a body's compression off; the error is none when it is too long.
fn decoded(headers: &HeaderMap, body: Bytes) -> Result<Bytes, Option<String>> {
    let encoding = headers.get(header::CONTENT_ENCODING);
    match encoding.map(|encoding| encoding.as_bytes().to_ascii_lowercase()) {
        None => Ok(body),
        Some(encoding) if encoding == b"identity" => Ok(body),
        Some(encoding) if encoding == b"gzip" || encoding == b"x-gzip" => {
            let mut out = Vec::new();
            let limit = MAX_BODY_BYTES as u64 + 1;
            let read = MultiGzDecoder::new(body.as_ref())
                .take(limit)
                .read_to_end(&mut out);
            match read {
                Ok(length) if length > MAX_BODY_BYTES => Err(None),
                Ok(_) => Ok(out.into()),
                Err(error) => Err(Some(format!(
                    "the gzip of the request's body is broken: {error}"
                ))),
            }
        }
        Some(other) => Err(Some(format!(
            "Content-Encoding [{}] is not supported, expected gzip",
            String::from_utf8_lossy(&other)
        ))),
    }
}

/// A header's text; one that is no text counts as one that says nothing that is known.
fn text_of(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// What the headers say of the body and of the answer.
pub(super) fn media_types(headers: &HeaderMap, has_body: bool) -> Result<MediaTypes, Failure> {
    let accept = text_of(headers, header::ACCEPT);
    MediaTypes::parse(accept, text_of(headers, header::CONTENT_TYPE), has_body)
}

fn segments(path: &str) -> Result<Vec<String>, Failure> {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.map(|part| percent_decoded(part, false)).collect()
}

pub(super) fn query_values(query: &str) -> Result<Vec<(String, String)>, Failure> {
    let mut values = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        values.push((percent_decoded(name, true)?, percent_decoded(value, true)?));
    }
    Ok(values)
}

/// Takes off `%41` and, in values, `+` for a space.
fn percent_decoded(text: &str, plus_is_space: bool) -> Result<String, Failure> {
    let wrong = || {
        Failure::illegal_argument(format!(
            "the address's [{text}] is no text in UTF-8 and percent signs"
        ))
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let high = digit(rest.next()).ok_or_else(wrong)?;
                let low = digit(rest.next()).ok_or_else(wrong)?;
                bytes.push((high * 16 + low) as u8);
            }
            b'+' if plus_is_space => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_decoded() {
        assert_eq!(
            segments("/a%2Cb//_doc/x+y%20z").unwrap(),
            ["a,b", "_doc", "x+y z"]
        );
        assert_eq!(
            query_values("q=a+b%26&pretty&x=").unwrap(),
            [("q", "a b&"), ("pretty", ""), ("x", "")].map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
        for broken in ["%", "%4", "%zz", "%ff"] {
            assert!(percent_decoded(broken, false).is_err(), "{broken}");
        }
    }

    #[test]
    fn clients_tell_their_generation() {
        let clients = Clients {
            unmarked: Generation::Eight,
        };
        let check = |name: &'static str, value: &'static str, expected| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(clients.generation(&headers), expected, "{value}");
        };
        check(
            "accept",
            "application/vnd.elasticsearch+json; compatible-with=7",
            Generation::Seven,
        );
        check(
            "content-type",
            "application/vnd.elasticsearch+json;compatible-with=9",
            Generation::Nine,
        );
        check(
            "user-agent",
            "elasticsearch-py/7.11.0 (Python 3.9)",
            Generation::Seven,
        );
        check(
            "x-elastic-client-meta",
            "es=7.17.9,py=3.11",
            Generation::Seven,
        );
        check("user-agent", "curl/8", Generation::Eight);
    }
}
