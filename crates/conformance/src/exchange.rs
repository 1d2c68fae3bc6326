//! Requests as they go over the wire.

use std::io::Write;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;

use crate::answer::Answer;
use crate::names::Names;
use crate::scenario::Step;

/// How long an engine may take for one answer.
const PATIENCE: Duration = Duration::from_secs(600);

/// A connection to an engine.
pub(crate) struct Exchange {
    agent: Agent,
    url: String,
}

impl Exchange {
    /// Prepares requests to the engine at `url`, such as `http://127.0.0.1:9200`.
    pub(crate) fn new(url: &str) -> Self {
        // What a scenario does not say is not sent, and nothing is followed or added.
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .proxy(None)
            .accept("")
            .accept_encoding("")
            .user_agent("")
            .build();
        Self {
            agent: config.into(),
            url: url.trim_end_matches('/').to_owned(),
        }
    }

    /// Sends a step's request and reads the answer.
    ///
    /// # Errors
    ///
    /// Where the request cannot be made, or no whole answer comes.
    pub(crate) fn ask(&self, step: &Step, names: &Names) -> Result<Answer, String> {
        let line = names.text(&step.request)?;
        let (method, address) = line
            .split_once(' ')
            .ok_or_else(|| format!("no method and address: {line:?}"))?;
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{address}", self.url));
        let mut body = body(step, names)?;
        if let Some((content_type, bytes)) = &mut body {
            if step.gzip {
                *bytes = compressed(bytes).map_err(|error| error.to_string())?;
                request = request.header("content-encoding", "gzip");
            }
            if !step
                .headers
                .keys()
                .any(|name| name.eq_ignore_ascii_case("content-type"))
            {
                request = request.header("content-type", *content_type);
            }
        }
        for (name, value) in &step.headers {
            match names.json(value)? {
                Value::Null => {}
                Value::String(text) => request = request.header(name, text),
                other => request = request.header(name, other.to_string()),
            }
        }
        let has_body = body.is_some() || matches!(method, "POST" | "PUT");
        let bytes = body.map(|(_, bytes)| bytes).unwrap_or_default();
        let answer = if has_body {
            let request = request.body(bytes).map_err(|error| error.to_string())?;
            self.agent.run(request)
        } else {
            let request = request.body(()).map_err(|error| error.to_string())?;
            self.agent.run(request)
        };
        Answer::read(answer.map_err(|error| error.to_string())?)
    }

    /// Deletes an index, which need not exist.
    ///
    /// # Errors
    ///
    /// Where no answer comes, or one that says neither that it is deleted nor that there was none.
    pub(crate) fn delete(&self, index: &str) -> Result<(), String> {
        let request = Request::delete(format!("{}/{index}", self.url)).body(());
        let request = request.map_err(|error| error.to_string())?;
        let answer = self.agent.run(request).map_err(|error| error.to_string())?;
        let answer = Answer::read(answer)?;
        // A scenario about names that no index may have is answered with 400.
        match answer.status {
            200 | 400 | 404 => Ok(()),
            status => Err(format!("DELETE /{index}: {status} {}", answer.body)),
        }
    }

    /// Asks whether anything answers.
    ///
    /// # Errors
    ///
    /// Where nothing does: says why.
    pub(crate) fn reach(&self) -> Result<(), String> {
        let request = Request::get(format!("{}/", self.url)).body(());
        let request = request.map_err(|error| error.to_string())?;
        let answer = self.agent.run(request).map_err(|error| error.to_string())?;
        Answer::read(answer).map(|_| ())
    }
}

/// A step's body and the content type that goes with it.
fn body(step: &Step, names: &Names) -> Result<Option<(&'static str, Vec<u8>)>, String> {
    if let Some(bytes) = &step.bytes {
        let bytes = STANDARD.decode(bytes).map_err(|error| error.to_string())?;
        return Ok(Some(("application/json", bytes)));
    }
    let Some(body) = &step.body else {
        return Ok(None);
    };
    Ok(Some(match body {
        Value::String(text) => ("application/json", names.text(text)?.into_bytes()),
        Value::Array(items) => {
            let mut lines = String::new();
            for item in items {
                match names.json(item)? {
                    Value::String(line) => lines.push_str(&line),
                    item => lines.push_str(&item.to_string()),
                }
                lines.push('\n');
            }
            ("application/x-ndjson", lines.into_bytes())
        }
        other => (
            "application/json",
            names.json(other)?.to_string().into_bytes(),
        ),
    }))
}

fn compressed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}
