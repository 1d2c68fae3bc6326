//! The same load on one server: bulk, then searches by one and by several clients at once.

mod bodies;
mod measure;

use crate::client::Client;
use anyhow::{Context, Result, bail};
use bodies::{Bodies, search_path};
use measure::{Sample, measured, processor_seconds};
use serde_json::{Value, json};
use std::time::Instant;

/// What kind of server is measured: they spell vectors otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Elasticsearch as distributed through Maven, which has no scripts.
    Elasticsearch,
    /// OpenSearch with its `knn_vector`.
    Opensearch,
    /// This project's program.
    Eidetic,
}

impl Engine {
    /// The name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Elasticsearch => "elasticsearch",
            Self::Opensearch => "opensearch",
            Self::Eidetic => "eidetic",
        }
    }
}

/// What is measured.
#[derive(Debug, Clone)]
pub struct Load {
    /// The server, as `http://HOST:PORT`.
    pub url: String,
    /// What kind of server that is.
    pub engine: Engine,
    /// How many documents are written.
    pub documents: usize,
    /// The length of their vectors.
    pub dims: usize,
    /// Numbers of clients that ask at the same time, one measurement for each.
    pub clients: Vec<usize>,
    /// How many requests each measurement has.
    pub requests: usize,
    /// The server's process, where its processor time is to be read.
    pub pid: Option<u32>,
    /// What makes documents and requests.
    pub seed: u64,
}

/// Documents of one bulk request.
const BATCH: usize = 500;
/// Requests before a measurement, so that caches and compilers are ready.
const WARM_UP: usize = 200;
/// The index that is written.
const INDEX: &str = "peers-load";

/// Writes the documents and asks for them; every result is a line of JSON, handed on when it is there.
///
/// # Errors
/// Where the server cannot be reached, or answers anything but 200.
pub fn load(options: &Load, mut line: impl FnMut(Value)) -> Result<()> {
    let bodies = Bodies::new(options, INDEX);
    let mut client = Client::new(&options.url)?;
    client.ask("DELETE", &format!("/{INDEX}"), &[])?;
    ask(
        &mut client,
        "PUT",
        &format!("/{INDEX}"),
        bodies.index.to_string().as_bytes(),
    )?;
    line(bulk(options, &bodies, &mut client)?);
    ask(
        &mut client,
        "POST",
        &format!("/{INDEX}/_forcemerge?max_num_segments=1"),
        &[],
    )?;
    ask(&mut client, "POST", &format!("/{INDEX}/_refresh"), &[])?;
    for (name, searches) in &bodies.searches {
        let packed: Vec<Vec<u8>> = searches
            .iter()
            .map(|body| client.packed("POST", &search_path(INDEX), body.to_string().as_bytes()))
            .collect();
        let recall = if *name == "knn" {
            Some(recall(&mut client, &bodies, searches)?)
        } else {
            None
        };
        for clients in &options.clients {
            measured(&options.url, &packed, *clients, WARM_UP, None)?;
            let sample = measured(
                &options.url,
                &packed,
                *clients,
                options.requests,
                options.pid,
            )?;
            line(result(options, name, *clients, &sample, recall));
        }
    }
    ask(&mut client, "DELETE", &format!("/{INDEX}"), &[])?;
    Ok(())
}

fn result(
    options: &Load,
    name: &str,
    clients: usize,
    sample: &Sample,
    recall: Option<f64>,
) -> Value {
    let mut result = json!({"engine": options.engine.name(), "measure": name, "clients": clients, "requests": sample.requests(),
        "p50_ms": sample.quantile_ms(0.5), "p99_ms": sample.quantile_ms(0.99), "per_second": sample.per_second()});
    if let Some(seconds) = sample.processor_seconds {
        result["processor_ms_each"] = json!(seconds * 1e3 / sample.requests() as f64);
    }
    if let Some(recall) = recall {
        result["recall_at_10"] = json!(recall);
    }
    result
}

/// Writes all batches and refreshes, over one connection.
fn bulk(options: &Load, bodies: &Bodies, client: &mut Client) -> Result<Value> {
    let path = format!("/{INDEX}/_bulk");
    let packed: Vec<Vec<u8>> = bodies
        .batches
        .iter()
        .map(|body| client.packed("POST", &path, body))
        .collect();
    let processor = options.pid.map(processor_seconds).transpose()?;
    let start = Instant::now();
    let mut answers = Vec::new();
    for batch in &packed {
        answers.push(client.send(batch, false)?);
    }
    ask(client, "POST", &format!("/{INDEX}/_refresh"), &[])?;
    let seconds = start.elapsed().as_secs_f64();
    for answer in answers {
        let body = answer.json()?;
        if answer.status != 200 || body["errors"] != false {
            bail!(
                "bulk: {} {}",
                answer.status,
                body.to_string().chars().take(400).collect::<String>()
            );
        }
    }
    let mut result = json!({"engine": options.engine.name(), "measure": "bulk", "clients": 1, "documents": options.documents,
        "seconds": seconds, "per_second": options.documents as f64 / seconds});
    if let (Some(before), Some(pid)) = (processor, options.pid) {
        result["processor_seconds"] = json!(processor_seconds(pid)? - before);
    }
    Ok(result)
}

/// The share of the ten nearest that are found.
fn recall(client: &mut Client, bodies: &Bodies, searches: &[Value]) -> Result<f64> {
    let mut found = 0;
    for (search, nearest) in searches.iter().zip(&bodies.nearest) {
        let answer = ask(
            client,
            "POST",
            &search_path(INDEX),
            search.to_string().as_bytes(),
        )?;
        let hits = answer["hits"]["hits"].as_array().context("no hits")?;
        let ids = hits.iter().filter_map(|hit| hit["_id"].as_str());
        found += ids
            .filter(|id| nearest.iter().any(|near| near == id))
            .count();
    }
    Ok(found as f64 / bodies.nearest.iter().map(Vec::len).sum::<usize>() as f64)
}

fn ask(client: &mut Client, method: &str, path: &str, body: &[u8]) -> Result<Value> {
    let answer = client.ask(method, path, body)?;
    if answer.status >= 300 {
        bail!(
            "{method} {path}: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
    }
    answer.json()
}

#[cfg(test)]
mod tests;
