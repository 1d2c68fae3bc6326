//! Everything that is sent, made before anything is timed.

use super::{BATCH, Engine, Load};
use crate::corpus::{Vocabulary, id};
use crate::numbers::Numbers;
use serde_json::{Value, json};

/// Different searches of each kind.
const SEARCHES: usize = 100;
/// Groups that vectors lie in, as those of pictures do.
const GROUPS: usize = 200;
/// How far a vector lies from the middle of its group.
const SPREAD: f64 = 0.6;
/// How many nearest are asked for.
const K: usize = 10;

/// Bodies of requests.
pub(super) struct Bodies {
    /// Makes the index.
    pub(super) index: Value,
    /// Bulk requests.
    pub(super) batches: Vec<Vec<u8>>,
    /// Searches by the name of their kind.
    pub(super) searches: Vec<(&'static str, Vec<Value>)>,
    /// The ids that are nearest to each vector that is searched for, by exact cosine.
    pub(super) nearest: Vec<Vec<String>>,
}

/// Where searches go: nothing may be answered from an earlier answer.
pub(super) fn search_path(index: &str) -> String {
    format!("/{index}/_search?request_cache=false")
}

impl Bodies {
    pub(super) fn new(options: &Load, index: &str) -> Self {
        let mut numbers = Numbers::new(options.seed);
        let words = Vocabulary::new(&mut numbers);
        let dims = options.dims;
        let groups: Vec<Vec<f64>> = (0..GROUPS)
            .map(|_| (0..dims).map(|_| numbers.normal()).collect())
            .collect();
        let near = |numbers: &mut Numbers| -> Vec<f32> {
            let group = numbers.pick(&groups).clone();
            let near = group.iter().map(|x| x + numbers.normal() * SPREAD);
            near.map(|x| (x * 1e4).round() as f32 / 1e4).collect()
        };
        let vectors: Vec<Vec<f32>> = (0..options.documents).map(|_| near(&mut numbers)).collect();
        let mut batches = Vec::new();
        for (batch, vectors) in vectors.chunks(BATCH).enumerate() {
            let mut body = String::new();
            for (at, vector) in vectors.iter().enumerate() {
                let action = json!({"index": {"_index": index, "_id": id(batch * BATCH + at)}});
                let source = json!({"v": vector, "title": words.text(&mut numbers, 12), "tag": words.word(&mut numbers),
                    "count": numbers.below(1000)});
                body += &format!("{action}\n{source}\n");
            }
            batches.push(body.into_bytes());
        }
        let queries: Vec<Vec<f32>> = (0..SEARCHES).map(|_| near(&mut numbers)).collect();
        let mut searches = Vec::new();
        if let Some(field) = script_field(options.engine) {
            let source = format!("cosineSimilarity(params.q, {field}) + 1.0");
            let script = |query: &Vec<f32>| {
                json!({"size": 10, "_source": false, "query": {"script_score": {
                "query": {"match_all": {}}, "script": {"source": source, "params": {"q": query}}}}})
            };
            searches.push(("script_score", queries.iter().map(script).collect()));
        }
        searches.push((
            "knn",
            queries
                .iter()
                .map(|query| knn(options.engine, query))
                .collect(),
        ));
        let matches = (0..SEARCHES).map(|_| {
            json!({"size": 10, "_source": false, "query": {"match": {"title": words.text(&mut numbers, 3)}}})
        });
        searches.push(("match", matches.collect()));
        let terms = (0..SEARCHES).map(|at| {
            json!({"size": 0, "query": {"range": {"count": {"gte": at}}},
                "aggs": {"tags": {"terms": {"field": "tag", "size": 20}, "aggs": {"count": {"avg": {"field": "count"}}}}}})
        });
        searches.push(("terms", terms.collect()));
        Self {
            index: index_body(options.engine, dims),
            batches,
            searches,
            nearest: queries
                .iter()
                .map(|query| nearest(query, &vectors))
                .collect(),
        }
    }
}

/// How a script names the vector, where there are scripts.
fn script_field(engine: Engine) -> Option<&'static str> {
    match engine {
        Engine::Elasticsearch => None,
        Engine::Opensearch => Some("doc['v']"),
        Engine::Eidetic => Some("'v'"),
    }
}

fn index_body(engine: Engine, dims: usize) -> Value {
    let vector = match engine {
        Engine::Opensearch => json!({"type": "knn_vector", "dimension": dims,
            "method": {"name": "hnsw", "engine": "lucene", "space_type": "cosinesimil"}}),
        _ => json!({"type": "dense_vector", "dims": dims, "similarity": "cosine", "index": true}),
    };
    let mut settings = json!({"number_of_shards": 1, "number_of_replicas": 0});
    if engine == Engine::Opensearch {
        settings["index.knn"] = json!(true);
    }
    json!({"settings": settings, "mappings": {"properties": {"v": vector, "title": {"type": "text"},
        "tag": {"type": "keyword"}, "count": {"type": "integer"}}}})
}

fn knn(engine: Engine, query: &[f32]) -> Value {
    match engine {
        Engine::Opensearch => {
            json!({"size": K, "_source": false, "query": {"knn": {"v": {"vector": query, "k": K,
            "method_parameters": {"ef_search": 50}}}}})
        }
        _ => {
            json!({"size": K, "_source": false, "knn": {"field": "v", "query_vector": query, "k": K, "num_candidates": 50}})
        }
    }
}

/// The ids of the nearest vectors by cosine.
fn nearest(query: &[f32], vectors: &[Vec<f32>]) -> Vec<String> {
    let mut all: Vec<(f64, usize)> = vectors
        .iter()
        .enumerate()
        .map(|(at, vector)| (cosine(query, vector), at))
        .collect();
    all.sort_by(|left, right| right.0.total_cmp(&left.0));
    all.iter().take(K).map(|(_, at)| id(*at)).collect()
}

fn cosine(left: &[f32], right: &[f32]) -> f64 {
    let (mut dot, mut ll, mut rr) = (0.0, 0.0, 0.0);
    for (l, r) in left.iter().zip(right) {
        let (l, r) = (f64::from(*l), f64::from(*r));
        dot += l * r;
        ll += l * l;
        rr += r * r;
    }
    dot / (ll * rr).sqrt()
}
