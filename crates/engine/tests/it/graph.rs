//! The graph over vectors: what searches find through it while documents come and go, and after a crash.

mod anew;

use crate::support::ids;
use document::{
    Condition, Document, FieldKind, IndexStatus, Json, Mapping, Operation, Similarity, VectorField,
    Write,
};
use engine::{Disk, Engine, Options};
use proptest::prelude::*;
use query::{Knn, Query, QueryString, Retriever, SearchAnswer, SearchRequest};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Numbers of a vector.
const DIMS: usize = 8;

/// From how many vectors on the tests have a graph: so many that searches go through it.
const FROM: u32 = 300;

/// Fewer documents than that are compared one by one, graph or not.
const DOCUMENTS: u32 = 1_500;

fn options() -> Options {
    Options {
        graphs_from: FROM,
        ..Options::default()
    }
}

fn open(folder: &Path) -> Engine {
    Engine::open_with(folder, options()).unwrap()
}

fn mapping(similarity: Similarity) -> Mapping {
    Mapping::new()
        .with(
            "v",
            FieldKind::DenseVector(VectorField::new(DIMS as u32, similarity)),
        )
        .with("group", FieldKind::Long)
}

/// The vector of a document's `round`-th version: a few directions, and something of its own.
fn vector(id: u32, round: u32) -> Vec<f32> {
    let mut state = u64::from(id) << 20 | u64::from(round) << 1 | 1;
    (0..DIMS)
        .map(|dim| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let own = (state >> 40) as f32 / (1 << 24) as f32 - 0.5;
            own + f32::from(id % 7 == dim as u32)
        })
        .collect()
}

fn put(id: u32, round: u32) -> Write {
    let source = json!({"v": vector(id, round), "group": id % 10});
    Write {
        id: id.to_string(),
        operation: Operation::Index(Document::new(&source, BTreeMap::new()).unwrap()),
        condition: Condition::Always,
    }
}

fn write(engine: &Engine, writes: Vec<Write>) {
    for answer in engine.bulk("a", writes).unwrap() {
        answer.unwrap();
    }
}

fn filled(folder: &Path, similarity: Similarity) -> Engine {
    let engine = open(folder);
    engine.create_index("a", mapping(similarity)).unwrap();
    write(&engine, (0..DOCUMENTS).map(|id| put(id, 0)).collect());
    engine.refresh("a").unwrap();
    engine
}

fn status(engine: &Engine) -> document::GraphStatus {
    let IndexStatus { mut graphs, .. } = engine.indices().remove(0);
    graphs.remove("v").unwrap()
}

fn link(engine: &Engine) {
    engine.link(&|| false).unwrap();
}

fn search(engine: &Engine, query: &[f32], k: usize, filter: Option<Query>) -> SearchAnswer {
    let knn = Knn {
        filter: filter.map(Box::new),
        ..Knn::new("v", query.to_vec(), k)
    };
    let request = SearchRequest {
        size: k,
        ..SearchRequest::new(Retriever::Knn(knn))
    };
    engine
        .search(&["a".to_owned()], &request, &|| false)
        .unwrap()
}

/// Answers the nearest documents, computed one by one.
fn nearest(now: &BTreeMap<u32, u32>, query: &[f32], k: usize, group: Option<u32>) -> Vec<String> {
    let mut all: Vec<(f32, u32)> = now
        .iter()
        .filter(|(id, _)| group.is_none_or(|group| **id % 10 == group))
        .map(|(id, round)| {
            let apart = vector(*id, *round)
                .iter()
                .zip(query)
                .map(|(a, b)| (a - b) * (a - b))
                .sum();
            (apart, *id)
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.iter().take(k).map(|(_, id)| id.to_string()).collect()
}

/// Answers which share of the nearest a few searches find, and makes sure that none answers too few, or what is gone.
fn recall(engine: &Engine, now: &BTreeMap<u32, u32>) -> f64 {
    let (mut good, mut of) = (0, 0);
    for query in 0..12 {
        let group = (query % 3 == 0).then_some(query % 10);
        let filter = group.map(|group| {
            QueryString::default()
                .parse(&format!("group:{group}"))
                .unwrap()
        });
        let query = vector(1_000_000 + query, 0);
        let answer = search(engine, &query, 10, filter);
        let expected = nearest(now, &query, 10, group);
        assert_eq!(answer.hits.len(), expected.len());
        let found = ids(&answer);
        let distinct: BTreeSet<&str> = found.iter().copied().collect();
        assert_eq!(distinct.len(), found.len(), "{found:?}");
        for id in &found {
            let id: u32 = id.parse().unwrap();
            assert!(now.contains_key(&id), "document {id} is gone");
            assert!(group.is_none_or(|group| id % 10 == group));
        }
        good += expected
            .iter()
            .filter(|id| found.contains(&id.as_str()))
            .count();
        of += expected.len();
    }
    good as f64 / f64::from(of as u32)
}

fn all(round: u32) -> BTreeMap<u32, u32> {
    (0..DOCUMENTS).map(|id| (id, round)).collect()
}

fn agrees(engine: &Engine) {
    let report = engine.check().unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
}

#[test]
fn every_vector_is_found_before_while_and_after_the_graph_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let engine = filled(folder.path(), Similarity::L2Norm);
    assert!(recall(&engine, &all(0)) > 0.97);
    link(&engine);
    let linked = status(&engine);
    assert!(linked.is_built);
    assert_eq!(
        (linked.vectors, linked.linked, linked.problem.clone()),
        (u64::from(DOCUMENTS), u64::from(DOCUMENTS), None)
    );
    assert!(linked.recall.unwrap() > 0.97, "{linked:?}");
    assert!(recall(&engine, &all(0)) > 0.97);
    let report = engine.recall(10, &|| false).unwrap();
    let found = report["a"]["v"];
    assert_eq!((found.searches, found.k, found.of), (100, 10, 1000));
    assert!(found.recall() > 0.97, "{found:?}");
    agrees(&engine);
}

#[test]
fn scores_are_those_of_the_exact_search() {
    for similarity in [
        Similarity::Cosine,
        Similarity::L2Norm,
        Similarity::L1Norm,
        Similarity::MaxInnerProduct,
    ] {
        let folder = tempfile::tempdir().unwrap();
        let engine = filled(folder.path(), similarity);
        link(&engine);
        let query = vector(7_000_000, 0);
        let answer = search(&engine, &query, 10, None);
        let dot = |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let mut last = f32::INFINITY;
        for hit in &answer.hits {
            let own = vector(hit.stored.id.parse().unwrap(), 0);
            let expected = match similarity {
                Similarity::Cosine => {
                    (1.0 + dot(&own, &query) / (dot(&own, &own) * dot(&query, &query)).sqrt()) / 2.0
                }
                Similarity::L2Norm => {
                    1.0 / (1.0
                        + own
                            .iter()
                            .zip(&query)
                            .map(|(a, b)| (a - b) * (a - b))
                            .sum::<f32>())
                }
                Similarity::L1Norm => {
                    let apart = own.iter().zip(&query).map(|(a, b)| (a - b).abs());
                    1.0 / (1.0 + apart.sum::<f32>())
                }
                _ if dot(&own, &query) < 0.0 => 1.0 / (1.0 - dot(&own, &query)),
                _ => 1.0 + dot(&own, &query),
            };
            let score = hit.score.unwrap();
            assert!(
                (score - expected).abs() < 1e-4,
                "{similarity:?}: {score} for {expected}"
            );
            assert!(score <= last);
            last = score;
        }
    }
}

#[test]
fn fields_that_ask_for_none_have_no_graph() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    let field = |change: fn(&mut VectorField)| {
        let mut field = VectorField::new(DIMS as u32, Similarity::L2Norm);
        change(&mut field);
        FieldKind::DenseVector(field)
    };
    let mapping = Mapping::new()
        .with("v", field(|_| {}))
        .with(
            "flat",
            field(|field| field.index_options = Some(Json(json!({"type": "flat"})))),
        )
        .with(
            "codes",
            field(|field| field.index_options = Some(Json(json!({"type": "int8_flat"})))),
        )
        .with(
            "hnsw",
            field(|field| field.index_options = Some(Json(json!({"type": "int8_hnsw"})))),
        )
        .with("kept", field(|field| field.index = false))
        .with("long", field(|field| field.dims = 4097));
    engine.create_index("a", mapping).unwrap();
    let graphs = engine.indices().remove(0).graphs;
    assert_eq!(graphs.keys().collect::<Vec<_>>(), ["codes", "hnsw", "v"]);
    // Few vectors have none either.
    write(&engine, (0..FROM - 1).map(|id| put(id, 0)).collect());
    engine.refresh("a").unwrap();
    link(&engine);
    assert!(!status(&engine).is_built);
    write(&engine, vec![put(FROM, 0)]);
    engine.refresh("a").unwrap();
    link(&engine);
    assert_eq!(status(&engine).linked, u64::from(FROM));
}

#[test]
fn codes_alone_find_everything_through_updates_and_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    let options = Json(json!({"type": "int8_flat"}));
    let field = VectorField {
        index_options: Some(options),
        ..VectorField::new(DIMS as u32, Similarity::L2Norm)
    };
    let mapping = Mapping::new()
        .with("v", FieldKind::DenseVector(field))
        .with("group", FieldKind::Long);
    engine.create_index("a", mapping).unwrap();
    write(&engine, (0..DOCUMENTS).map(|id| put(id, 0)).collect());
    engine.refresh("a").unwrap();
    link(&engine);
    assert_eq!(status(&engine).linked, u64::from(DOCUMENTS));
    let mut now = all(0);
    assert_eq!(recall(&engine, &now), 1.0);
    for round in 1..4 {
        write(&engine, (0..400).map(|id| put(id * 3, round)).collect());
        now.extend((0..400).map(|id| (id * 3, round)));
        engine.refresh("a").unwrap();
        link(&engine);
        assert_eq!(recall(&engine, &now), 1.0);
    }
    drop(engine);
    let engine = open(folder.path());
    assert_eq!(recall(&engine, &now), 1.0);
    link(&engine);
    assert_eq!(status(&engine).linked, u64::from(DOCUMENTS));
    assert_eq!(recall(&engine, &now), 1.0);
    let report = engine.check().unwrap();
    assert_eq!((report.problems, report.mended), (vec![], vec![]));
}

#[test]
fn vectors_that_are_replaced_for_ever_take_no_more_slots() {
    let folder = tempfile::tempdir().unwrap();
    let engine = filled(folder.path(), Similarity::L2Norm);
    link(&engine);
    let rows = folder.path().join("indices/0/v.rows");
    let mut now = all(0);
    let mut most = 0;
    for round in 1..=10_u32 {
        for part in 0..5 {
            let written: Vec<u32> = (0..DOCUMENTS)
                .filter(|id| (id * 7 + part) % 5 == 0)
                .collect();
            write(&engine, written.iter().map(|id| put(*id, round)).collect());
            now.extend(written.iter().map(|id| (*id, round)));
            engine.refresh("a").unwrap();
            link(&engine);
        }
        assert!(recall(&engine, &now) > 0.97, "round {round}");
        let status = status(&engine);
        assert_eq!(
            (status.linked, status.problem),
            (u64::from(DOCUMENTS), None)
        );
        if round == 4 {
            most = fs::metadata(&rows).unwrap().len();
        }
    }
    assert_eq!(
        fs::metadata(&rows).unwrap().len(),
        most,
        "slots are used again"
    );
    agrees(&engine);
}

#[test]
fn a_graph_is_opened_as_it_was_closed_and_after_a_crash_as_of_its_last_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let engine = filled(folder.path(), Similarity::L2Norm);
    link(&engine);
    engine.close().unwrap();
    // Nothing is inserted by whoever has stopped before: all nodes are there at once.
    let engine = open(folder.path());
    assert_eq!(status(&engine).linked, u64::from(DOCUMENTS));
    let mut now = all(0);
    for id in 0..200 {
        now.insert(id, 1);
    }
    write(&engine, (0..200).map(|id| put(id, 1)).collect());
    engine.refresh("a").unwrap();
    link(&engine);
    drop(engine);
    let engine = open(folder.path());
    assert!(status(&engine).is_built);
    assert!(recall(&engine, &now) > 0.97);
    link(&engine);
    assert_eq!(status(&engine).linked, u64::from(DOCUMENTS));
    assert!(recall(&engine, &now) > 0.97);
    agrees(&engine);
}

fn graph_files(folder: &Path) -> [PathBuf; 2] {
    ["graph", "graph-manifest"].map(|ending| folder.join("indices/0").join(format!("v.{ending}")))
}

#[test]
fn a_damaged_graph_is_named_and_made_again() {
    for file in 0..2 {
        for damage in ["cut", "flipped", "lost"] {
            let folder = tempfile::tempdir().unwrap();
            let engine = filled(folder.path(), Similarity::L2Norm);
            link(&engine);
            engine.close().unwrap();
            let path = &graph_files(folder.path())[file];
            let mut bytes = fs::read(path).unwrap();
            match damage {
                "lost" => fs::remove_file(path).unwrap(),
                "cut" => fs::write(path, &bytes[..bytes.len() / 2]).unwrap(),
                _ => {
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 0x10;
                    fs::write(path, bytes).unwrap();
                }
            }
            let what = format!("{} {damage}", path.display());
            let engine = open(folder.path());
            link(&engine);
            assert_eq!(status(&engine).linked, u64::from(DOCUMENTS), "{what}");
            assert!(recall(&engine, &all(0)) > 0.97, "{what}");
            let report = engine.check().unwrap();
            assert_eq!(report.problems, Vec::<String>::new(), "{what}");
            // A graph without its manifest is none, as before the first checkpoint.
            let is_told = report.mended.iter().any(|told| told.contains("v.graph"));
            assert_eq!(
                is_told,
                damage != "lost" || file == 0,
                "{what}: {:?}",
                report.mended
            );
            assert_eq!(
                engine.check().unwrap().mended,
                Vec::<String>::new(),
                "{what}: told once"
            );
        }
    }
}

#[test]
fn a_full_disk_leaves_the_graph_for_later() {
    let folder = tempfile::tempdir().unwrap();
    let (disk, free) = Disk::with_free_bytes(1 << 30);
    let engine = Engine::open_with(folder.path(), Options { disk, ..options() }).unwrap();
    engine
        .create_index("a", mapping(Similarity::L2Norm))
        .unwrap();
    write(&engine, (0..DOCUMENTS).map(|id| put(id, 0)).collect());
    free.store(0, std::sync::atomic::Ordering::SeqCst);
    // The rows are written, the segment of the text index may not be.
    let is_published = engine.refresh("a").is_ok();
    let linked = engine.link(&|| false);
    if is_published {
        let error = linked.unwrap_err().to_string();
        assert!(error.contains("v.graph"), "{error}");
        assert!(status(&engine).problem.unwrap().contains("v.graph"));
        assert!(recall(&engine, &all(0)) > 0.97);
    }
    free.store(1 << 30, std::sync::atomic::Ordering::SeqCst);
    engine.refresh("a").unwrap();
    link(&engine);
    assert_eq!(
        (status(&engine).linked, status(&engine).problem),
        (u64::from(DOCUMENTS), None)
    );
    engine.close().unwrap();
    let engine = open(folder.path());
    assert_eq!(status(&engine).linked, u64::from(DOCUMENTS));
    agrees(&engine);
}

#[derive(Debug, Clone)]
enum Op {
    /// Writes so many documents from one on.
    Put {
        from: u32,
        count: u32,
    },
    Delete {
        from: u32,
        count: u32,
    },
    Refresh,
    Link,
    Checkpoint,
    Reopen,
    Crash,
}

fn op() -> impl Strategy<Value = Op> {
    let range = || (0..DOCUMENTS, 1..400_u32);
    prop_oneof![
        4 => range().prop_map(|(from, count)| Op::Put { from, count }),
        2 => range().prop_map(|(from, count)| Op::Delete { from, count }),
        3 => Just(Op::Refresh),
        3 => Just(Op::Link),
        1 => Just(Op::Checkpoint),
        1 => Just(Op::Reopen),
        1 => Just(Op::Crash),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(11), ..ProptestConfig::default() })]

    #[test]
    fn the_graph_agrees_with_a_map(ops in proptest::collection::vec(op(), 4..24)) {
        let folder = tempfile::tempdir().unwrap();
        let mut engine = filled(folder.path(), Similarity::L2Norm);
        let mut now = all(0);
        let mut published = now.clone();
        for (round, op) in (1..).zip(ops) {
            match op {
                Op::Put { from, count } => {
                    let written = from..from + count;
                    write(&engine, written.clone().map(|id| put(id, round)).collect());
                    now.extend(written.map(|id| (id, round)));
                }
                Op::Delete { from, count } => {
                    let deleted = from..from + count;
                    let writes = deleted.clone().map(|id| Write { operation: Operation::Delete, ..put(id, round) });
                    write(&engine, writes.collect());
                    now.retain(|id, _| !deleted.contains(id));
                }
                Op::Refresh => {
                    engine.refresh("a").unwrap();
                    published = now.clone();
                }
                Op::Link => link(&engine),
                Op::Checkpoint => {
                    engine.checkpoint().unwrap();
                    published = now.clone();
                }
                Op::Reopen | Op::Crash => {
                    match op {
                        Op::Reopen => engine.close().unwrap(),
                        _ => drop(engine),
                    }
                    engine = open(folder.path());
                    published = now.clone();
                }
            }
            // The thread in the background may refresh at any moment.
            if published == now {
                prop_assert!(recall(&engine, &now) > 0.95);
            }
        }
        engine.refresh("a").unwrap();
        link(&engine);
        prop_assert!(recall(&engine, &now) > 0.95);
        let report = engine.check().unwrap();
        prop_assert_eq!(report.problems, Vec::<String>::new());
        prop_assert_eq!(status(&engine).linked, if status(&engine).is_built { now.len() as u64 } else { 0 });
    }
}
