//! The same corpus and the same requests on two sides.

use crate::client::{Answer, Client};
use crate::compare::{Depth, compare};
use crate::corpus::{Corpus, Shape};
use crate::report::Report;
use crate::requests::{Request, requests};
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::time::Duration;

/// More hits than any corpus has, and the most that may be asked for.
const ALL: usize = 10_000;
/// How often a side may be merged until no deleted document is left, and how long is between.
const MERGES: usize = 60;
const MERGE_AGAIN: Duration = Duration::from_secs(1);
/// How many letters of a request are said.
const LONGEST_REQUEST: usize = 1_500;

/// What is compared, and where.
#[derive(Debug, Clone)]
pub struct Differ {
    /// The side that is right, as `http://HOST:PORT`.
    pub left: String,
    /// The side that is tried.
    pub right: String,
    /// What makes the corpus and the requests.
    pub seed: u64,
    /// What kind of corpus is written.
    pub shape: Shape,
    /// How many requests are sent.
    pub requests: usize,
    /// The one family that is asked, of [`crate::FAMILIES`]; all where none is named.
    pub family: Option<String>,
    /// Whether the indices stay when all is done.
    pub keep: bool,
}

/// One side of the comparison.
struct Side {
    client: Client,
    index: String,
}

/// Writes a corpus to both sides, sends both the same requests, and compares what they answer.
///
/// # Errors
/// Where a side cannot be reached, or does not take the corpus.
pub fn differ(options: &Differ) -> Result<Report> {
    let name = format!("peers-{}-{}", std::process::id(), options.seed);
    let mut left = Side::new(&options.left, format!("{name}-left"))?;
    let mut right = Side::new(&options.right, format!("{name}-right"))?;
    let report = differ_between(&mut left, &mut right, options);
    if !options.keep {
        left.remove()?;
        right.remove()?;
    }
    report
}

fn differ_between(left: &mut Side, right: &mut Side, options: &Differ) -> Result<Report> {
    let corpus = Corpus::new(options.seed, options.shape);
    let mut report = Report::default();
    let writes = (left.write(&corpus)?, right.write(&corpus)?);
    for (number, (left, right)) in writes.0.iter().zip(&writes.1).enumerate() {
        let mut differences = compare(left, right, Depth::Page)?.differences;
        // One write more or less moves every seq_no after it.
        if differences.iter().any(|line| !line.contains("_seq_no:")) {
            differences.retain(|line| !line.contains("_seq_no:"));
        }
        report.add(
            "bulk",
            number,
            || "POST /_bulk".to_owned(),
            left.status,
            differences,
        );
    }
    let requests = requests(
        options.seed,
        &corpus,
        options.requests,
        options.family.as_deref(),
    );
    for (number, request) in requests.iter().enumerate() {
        let (status, differences) = ask_both(left, right, request)?;
        report.add(
            request.family,
            number,
            || said(request, &left.index),
            status,
            differences,
        );
    }
    Ok(report)
}

/// Answers the left side's status and what differs.
fn ask_both(left: &mut Side, right: &mut Side, request: &Request) -> Result<(u16, Vec<String>)> {
    let answers = (left.ask(request)?, right.tried(request)?);
    // Where the left side itself breaks there is nothing to be like.
    if answers.0.status >= 500 && answers.1.status < 500 {
        return Ok((answers.0.status, Vec::new()));
    }
    let found = compare(&answers.0, &answers.1, Depth::Page)?;
    let status = answers.0.status;
    if !found.differences.is_empty() || !found.ties_differ {
        return Ok((status, found.differences));
    }
    // Pages show others of those that tie, so that only all hits tell whether the sides agree.
    let (request, depth) = widened(request);
    let answers = (left.ask(&request)?, right.tried(&request)?);
    Ok((status, compare(&answers.0, &answers.1, depth)?.differences))
}

/// The request without pages.
fn widened(request: &Request) -> (Request, Depth) {
    let mut wide = request.clone();
    let mut parts = request.path.split(['?', '&']);
    wide.path = parts.next().unwrap_or_default().to_owned();
    let kept = parts.filter(|option| !option.starts_with("from=") && !option.starts_with("size="));
    let mut options: Vec<String> = kept.map(str::to_owned).collect();
    if request.lines.is_empty() {
        options.push(format!("size={ALL}"));
    }
    if !options.is_empty() {
        wide.path = format!("{}?{}", wide.path, options.join("&"));
    }
    let mut is_nearest = false;
    for line in &mut wide.lines {
        is_nearest |= line.to_string().contains("query_vector");
        // A line that names an index is no search.
        if let Some(body) = line
            .as_object_mut()
            .filter(|_| !request.is_lines || line_is_search(request))
        {
            for name in ["from", "aggs", "aggregations", "fields"] {
                body.remove(name);
            }
            if !request.is_lines || body.contains_key("query") {
                body.insert("size".to_owned(), json!(ALL));
                body.insert("_source".to_owned(), json!(false));
            }
        }
    }
    (
        wide,
        Depth::All {
            open_end: is_nearest,
        },
    )
}

fn line_is_search(request: &Request) -> bool {
    request.path.contains("_msearch")
}

fn said(request: &Request, index: &str) -> String {
    let body = request.body_of(index).replace('\n', "⏎");
    let text = format!("{} {} {body}", request.method, request.path_of(index));
    match text.char_indices().nth(LONGEST_REQUEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

impl Side {
    fn new(url: &str, index: String) -> Result<Self> {
        let client = Client::new(url)?;
        Ok(Self { client, index })
    }

    fn ask(&mut self, request: &Request) -> Result<Answer> {
        let (path, body) = (request.path_of(&self.index), request.body_of(&self.index));
        self.client.ask(request.method, &path, body.as_bytes())
    }

    /// Asks a server that may break the connection instead of answering, which is a difference like another.
    fn tried(&mut self, request: &Request) -> Result<Answer> {
        self.ask(request).or_else(|error| {
            self.client.connect()?;
            let body = json!({"error": {"type": "no answer", "reason": format!("{error:#}")}});
            Ok(Answer {
                status: 0,
                body: body.to_string().into_bytes(),
                closes: true,
            })
        })
    }

    /// Removes what the side holds, which is nothing where it did not come so far.
    fn remove(&mut self) -> Result<()> {
        self.client
            .ask("DELETE", &format!("/{}", self.index), &[])?;
        Ok(())
    }

    /// Makes the index, writes everything, and brings it into one segment without what was deleted.
    fn write(&mut self, corpus: &Corpus) -> Result<Vec<Answer>> {
        let index = self.index.clone();
        self.must_with(
            "PUT",
            &format!("/{index}"),
            corpus.index.to_string().as_bytes(),
        )?;
        let mut answers = Vec::new();
        for (at, batch) in corpus.batches.iter().enumerate() {
            answers.push(self.must_with("POST", &format!("/{index}/_bulk"), batch)?);
            if at % 3 == 1 {
                self.must("POST", &format!("/{index}/_refresh"))?;
            }
        }
        self.merge_deleted_away()?;
        Ok(answers)
    }

    /// Merges until no deleted document is left: as long as one is, it counts in how often words are. Elasticsearch keeps
    /// them for recoveries until it looks again at what those need, which it does every 30 seconds.
    fn merge_deleted_away(&mut self) -> Result<()> {
        for _ in 0..MERGES {
            if self.merge()? == 0 {
                return Ok(());
            }
            std::thread::sleep(MERGE_AGAIN);
        }
        bail!(
            "{}: deleted documents were not merged away",
            self.client.host()
        )
    }

    /// Brings the index into one segment and answers how many deleted documents are left in it.
    fn merge(&mut self) -> Result<u64> {
        let index = self.index.clone();
        self.must("POST", &format!("/{index}/_flush"))?;
        self.must("POST", &format!("/{index}/_forcemerge?max_num_segments=1"))?;
        self.must("POST", &format!("/{index}/_refresh"))?;
        let counted = format!("/_cat/indices/{index}?h=docs.deleted&format=json");
        let answer = self.must("GET", &counted)?.json()?;
        let deleted = answer[0]["docs.deleted"].as_str();
        deleted
            .and_then(|deleted| deleted.parse().ok())
            .with_context(|| format!("GET {counted}: {answer}"))
    }

    /// Asks what has to be answered.
    fn must(&mut self, method: &str, path: &str) -> Result<Answer> {
        self.must_with(method, path, &[])
    }

    fn must_with(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Answer> {
        let answer = self.client.ask(method, path, body)?;
        if answer.status >= 300 {
            let said = String::from_utf8_lossy(&answer.body).into_owned();
            bail!(
                "{method} {path} on {}: {} {said}",
                self.client.host(),
                answer.status
            );
        }
        Ok(answer)
    }
}
