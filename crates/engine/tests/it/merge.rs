//! Merging on request.

use crate::support::{ask, delete, mapping, parse, put, run, write};
use document::IndexDefinition;
use engine::Engine;
use query::{Retriever, SearchRequest};
use serde_json::json;

/// The scores of what a query_string finds, best first.
fn scores(engine: &Engine, text: &str) -> Vec<f32> {
    let answer = run(engine, &ask(Retriever::Standard(parse(text)))).unwrap();
    answer.hits.iter().map(|hit| hit.score.unwrap()).collect()
}

#[test]
fn searches_see_a_merge_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    let definition = || IndexDefinition {
        mapping: mapping(),
        ..IndexDefinition::default()
    };
    engine.create_index("a", definition()).unwrap();
    let texts = ["red fox", "red hen and a red cock", "blue fox", "red wren"];
    let document = |id: usize| put(&id.to_string(), json!({"name": texts[id]}));
    for batch in [[0, 1], [2, 3]] {
        write(&engine, batch.map(document).into());
        engine.refresh("a").unwrap();
    }
    write(&engine, vec![delete("1")]);
    engine.refresh("a").unwrap();
    let deleted = || engine.indices()[0].deleted;
    // What was deleted counts in scores until segments are merged.
    let before = scores(&engine, "name:red");
    assert_eq!(deleted(), 1);

    engine.force_merge("a", 1).unwrap();
    assert_eq!(deleted(), 0);
    let after = scores(&engine, "name:red");
    assert_eq!(after.len(), 2);
    assert_ne!(after, before);

    engine.create_index("b", definition()).unwrap();
    for answer in engine.bulk("b", [0, 2, 3].map(document).into()).unwrap() {
        answer.unwrap();
    }
    engine.refresh("b").unwrap();
    let request: SearchRequest = ask(Retriever::Standard(parse("name:red")));
    let answer = engine.search(&["b".to_owned()], &request, &|| false);
    let never: Vec<f32> = answer
        .unwrap()
        .hits
        .iter()
        .flat_map(|hit| hit.score)
        .collect();
    assert_eq!(after, never);
}
