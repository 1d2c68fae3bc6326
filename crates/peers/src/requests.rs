//! Random requests about a corpus, family by family.

mod aggregations;
mod compound;
mod documents;
mod errors;
mod leaves;
mod mutated;
mod query_string;
mod rarer;
mod search;
mod sorting;
mod text;
mod vectors;

use crate::corpus::{Corpus, Vocabulary, id};
use crate::numbers::Numbers;
use serde_json::{Value, json};

/// What a request is sent to.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which family it belongs to.
    pub family: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path and its parameters; `{index}` stands for the index's name.
    pub path: String,
    /// The body: one line is JSON, several are NDJSON. `{index}` stands for the index's name in text values.
    pub lines: Vec<Value>,
    /// Whether the body is NDJSON however many lines it has.
    pub is_lines: bool,
}

impl Request {
    /// The path with an index's name in it.
    #[must_use]
    pub fn path_of(&self, index: &str) -> String {
        self.path.replace("{index}", index)
    }

    /// The body with an index's name in it; empty where there is none.
    #[must_use]
    pub fn body_of(&self, index: &str) -> String {
        let lines: Vec<String> = self
            .lines
            .iter()
            .map(|line| line.to_string().replace("{index}", index))
            .collect();
        let body = lines.join("\n");
        if self.is_lines { body + "\n" } else { body }
    }
}

/// Makes random requests of one family.
type Make = fn(&mut Asker) -> Request;

/// Every family of requests and what makes it. Those that need vectors start with `knn`.
const MAKERS: [(&str, Make); 50] = [
    ("match_all", |asker| asker.search_by(Asker::match_all)),
    ("match", |asker| asker.search_by(Asker::match_text)),
    ("match_phrase", |asker| asker.search_by(Asker::match_phrase)),
    ("multi_match", |asker| asker.search_by(Asker::multi_match)),
    ("term", |asker| asker.search_by(Asker::term)),
    ("terms", |asker| asker.search_by(Asker::terms)),
    ("ids", |asker| asker.search_by(Asker::ids)),
    ("range", |asker| asker.search_by(Asker::range)),
    ("exists", |asker| asker.search_by(Asker::exists)),
    ("prefix", |asker| asker.search_by(Asker::prefix)),
    ("wildcard", |asker| asker.search_by(Asker::wildcard)),
    ("fuzzy", |asker| asker.search_by(Asker::fuzzy)),
    ("bool", |asker| asker.search_by(|asker| asker.bool(2))),
    ("constant_score", |asker| {
        asker.search_by(|asker| asker.constant_score(1))
    }),
    ("dis_max", |asker| asker.search_by(|asker| asker.dis_max(1))),
    ("boosting", |asker| {
        asker.search_by(|asker| asker.boosting(1))
    }),
    ("query_string", |asker| asker.search_by(Asker::query_string)),
    ("nested", |asker| asker.search_by(Asker::nested)),
    ("inner_hits", |asker| {
        asker.search_by(Asker::nested_with_inner_hits)
    }),
    ("knn_query", |asker| asker.search_by(Asker::knn_query)),
    ("knn", |asker| asker.knn()),
    ("knn_several", |asker| asker.knn_several()),
    ("knn_nested", |asker| asker.knn_nested()),
    ("sort", |asker| asker.sorted()),
    ("search_after", |asker| asker.search_after()),
    ("page", |asker| asker.page()),
    ("min_score", |asker| asker.min_score()),
    ("track_total_hits", |asker| asker.track_total_hits()),
    ("source", |asker| asker.source()),
    ("fields", |asker| asker.fields()),
    ("agg_terms", |asker| asker.aggregated(Asker::terms_buckets)),
    ("agg_histogram", |asker| asker.aggregated(Asker::histogram)),
    ("agg_date_histogram", |asker| {
        asker.aggregated(Asker::date_histogram)
    }),
    ("agg_range", |asker| asker.aggregated(Asker::range_buckets)),
    ("agg_filters", |asker| asker.aggregated(Asker::filters)),
    ("agg_nested", |asker| {
        asker.aggregated(Asker::nested_buckets)
    }),
    ("agg_metrics", |asker| {
        asker.aggregated(|asker, _| asker.metric())
    }),
    ("match_prefix", |asker| asker.search_by(Asker::match_prefix)),
    ("named", |asker| asker.named()),
    ("terms_lookup", |asker| asker.search_by(Asker::terms_lookup)),
    ("address", |asker| asker.by_address()),
    ("walk", |asker| asker.walk()),
    ("docvalue_fields", |asker| asker.docvalue_fields()),
    ("agg_bounds", |asker| asker.aggregated(Asker::bounded)),
    ("agg_deep", |asker| asker.aggregated(Asker::deep_buckets)),
    ("count", |asker| asker.count()),
    ("mget", |asker| asker.mget()),
    ("get", |asker| asker.get()),
    ("msearch", |asker| asker.msearch()),
    ("mutated", |asker| asker.mutated()),
];

/// How many of a hundred requests are wrong on purpose.
const ERRORS_PERCENT: usize = 10;

/// The names of the families; `errors` are requests of all kinds that are wrong on purpose.
pub const FAMILIES: [&str; MAKERS.len() + 1] = {
    let mut names = ["errors"; MAKERS.len() + 1];
    let mut at = 0;
    while at < MAKERS.len() {
        names[at] = MAKERS[at].0;
        at += 1;
    }
    names
};

/// Makes the requests of a seed: of every family alike, or of one alone.
#[must_use]
pub fn requests(seed: u64, corpus: &Corpus, count: usize, family: Option<&str>) -> Vec<Request> {
    let vectors = corpus.shape.vectors;
    let makers: Vec<&(&'static str, Make)> = MAKERS
        .iter()
        .filter(|(name, _)| vectors || !name.starts_with("knn"))
        .filter(|(name, _)| family.is_none_or(|family| family == *name))
        .collect();
    (0..count)
        .map(|at| {
            // Each request has numbers of its own, so that a change to one leaves the others as they are.
            let own = seed ^ (at as u64 + 1).wrapping_mul(0xD6E8_FEB8_6659_FD93);
            let mut asker = Asker {
                numbers: Numbers::new(own),
                words: &corpus.words,
                documents: corpus.shape.documents,
                vectors,
            };
            let is_wrong =
                makers.is_empty() || (family.is_none() && asker.numbers.chance(ERRORS_PERCENT));
            let (name, mut request) = match makers.get(at % makers.len().max(1)) {
                Some((name, make)) if !is_wrong => (*name, make(&mut asker)),
                _ => ("errors", asker.error()),
            };
            request.family = name;
            request
        })
        .collect()
}

/// What makes requests: the seed's numbers, and what it knows of the corpus.
struct Asker<'a> {
    numbers: Numbers,
    words: &'a Vocabulary,
    documents: usize,
    vectors: bool,
}

impl Asker<'_> {
    /// One of several words or names.
    fn one<'a>(&mut self, names: &[&'a str]) -> &'a str {
        let name: &&str = self.numbers.pick(names);
        name
    }

    fn word(&mut self) -> String {
        self.words.word(&mut self.numbers).to_owned()
    }

    /// A document's id; now and then of none.
    fn id(&mut self) -> String {
        id(self.numbers.below(self.documents + self.documents / 50 + 1))
    }

    /// Sets an option this many times in a hundred.
    fn option(
        &mut self,
        percent: usize,
        object: &mut Value,
        name: &str,
        value: impl FnOnce(&mut Self) -> Value,
    ) {
        if self.numbers.chance(percent) {
            object[name] = value(self);
        }
    }

    fn boost(&mut self, query: &mut Value) {
        self.option(20, query, "boost", |asker| {
            json!(*asker.numbers.pick(&[0.5, 2.0, 3.7, 0.0, 1.0]))
        });
    }

    fn json(method: &'static str, path: impl Into<String>, body: Value) -> Request {
        Request {
            family: "",
            method,
            path: path.into(),
            lines: if body.is_null() {
                Vec::new()
            } else {
                vec![body]
            },
            is_lines: false,
        }
    }

    fn search(body: Value) -> Request {
        Self::json("POST", "/{index}/_search", body)
    }
}

#[cfg(test)]
mod tests;
