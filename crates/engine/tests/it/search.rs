//! What searches find and how they score it.

use crate::support::*;
use document::{ErrorKind, Similarity};
use engine::Engine;
use query::{Bool, Query, Retriever, WeightedRetriever};
use serde_json::json;
use tempfile::TempDir;

fn shelf() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    engine.create_index("a", mapping()).unwrap();
    write(
        &engine,
        vec![
            put_with(
                "1",
                json!({"name": "red car", "count": 1, "price": 1.5, "on": true, "when": "2020-05-17", "where": {"lat": 1, "lon": 2}}),
                Some([1.0, 0.0, 0.0]),
            ),
            put_with(
                "2",
                json!({"name": "Red bicycle on a red street", "count": 5, "price": 2.5, "on": false, "when": "2021-01-01T12:00:00Z"}),
                Some([0.0, 1.0, 0.0]),
            ),
            put_with(
                "3",
                json!({"name": ["blue car", "street"], "count": -7, "when": "2021-12-31T23:59:59Z"}),
                Some([0.9, 0.1, 0.0]),
            ),
            put("4", json!({"name": "nothing of it"})),
        ],
    );
    engine.refresh("a").unwrap();
    (folder, engine)
}

#[test]
fn queries_find_what_they_say() {
    let (_folder, engine) = shelf();
    let check =
        |text: &str, expected: &[&str]| assert_eq!(found(&engine, text), expected, "{text}");
    check("name:red", &["1", "2"]);
    check("name:\"red car\"", &["1"]);
    check("name:\"car street\"", &[]);
    check("red AND street", &["2"]);
    check("car -red", &["3"]);
    check("name.keyword:\"red car\"", &["1"]);
    check("name:RED", &["1", "2"]);
    check("name:bicy*", &["2"]);
    check("name:b?ue", &["3"]);
    check("name:bycicle~2", &["2"]);
    check("count:5", &["2"]);
    check("count:>=1", &["1", "2"]);
    check("count:[-10 TO 1]", &["1", "3"]);
    check("count:{-7 TO 5}", &["1"]);
    check("count:>1.5", &["2"]);
    check("price:<2", &["1"]);
    check("on:false", &["2"]);
    check("when:2021", &["2"]);
    check("when:[2021 TO 2021-12-31]", &["2", "3"]);
    check("when:[2020-06 TO 2021-01-01]", &["2"]);
    check("when:>2021-01-01", &["3"]);
    check("_exists_:where", &["1"]);
    check("_exists_:v", &["1", "2", "3"]);
    check("NOT _exists_:count", &["4"]);
    check("na*:car", &["1", "3"]);
    check("nowhere:5", &[]);
    check("*:*", &["1", "2", "3", "4"]);
    check("", &[]);
    check("name:(car OR bicycle) AND count:>0", &["1", "2"]);
}

#[test]
fn values_that_a_field_cannot_have_are_errors_that_name_it() {
    let (_folder, engine) = shelf();
    for (text, part) in [
        (
            "count:many",
            "failed to create query: For input string: \"many\"",
        ),
        ("when:soon", "failed to parse date field [soon]"),
        (
            "on:5",
            "Can't parse boolean value [5], expected [true] or [false]",
        ),
        (
            "where:5",
            "Field [where] of type [geo_point] does not support match queries",
        ),
        (
            "count:5*",
            "Can only use prefix queries on keyword, text and wildcard fields - not on [count] which is of type [long]",
        ),
    ] {
        let error = run(&engine, &ask(Retriever::Standard(parse(text)))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{text}");
        assert!(error.to_string().contains(part), "{text}: {error}");
    }
}

/// Worked out by hand with Lucene's formula: idf = ln(1 + (N - n + 0.5) / (n + 0.5)) with N the documents that have
/// the field, tf = 2.2 f / (f + 1.2 (0.25 + 0.75 length / average length)).
#[test]
fn words_are_scored_as_lucene_scores_them() {
    let (_folder, engine) = shelf();
    let answer = run(&engine, &ask(Retriever::Standard(parse("name:red")))).unwrap();
    let idf = (1.0 + (4.0 - 2.0 + 0.5) / (2.0 + 0.5_f64)).ln();
    let average = (2.0 + 6.0 + 3.0 + 3.0) / 4.0;
    let tf = |f: f64, length: f64| 2.2 * f / (f + 1.2 * (0.25 + 0.75 * length / average));
    let expected = [("1", idf * tf(1.0, 2.0)), ("2", idf * tf(2.0, 6.0))];
    for (id, score) in expected {
        let hit = answer.hits.iter().find(|hit| hit.stored.id == id).unwrap();
        assert!(
            (f64::from(hit.score.unwrap()) - score).abs() < 1e-5,
            "{id}: {} is not {score}",
            hit.score.unwrap()
        );
        assert_eq!(hit.matched, ["words"]);
    }
}

#[test]
fn documents_without_the_field_do_not_count_in_its_scores() {
    let (_folder, engine) = shelf();
    let before = run(&engine, &ask(Retriever::Standard(parse("name:red")))).unwrap();
    let others = (0..50)
        .map(|n| put(&format!("x{n}"), json!({"count": n})))
        .collect();
    write(&engine, others);
    engine.refresh("a").unwrap();
    let after = run(&engine, &ask(Retriever::Standard(parse("name:red")))).unwrap();
    let scores = |answer: &query::SearchAnswer| -> Vec<f32> {
        answer.hits.iter().map(|hit| hit.score.unwrap()).collect()
    };
    assert_eq!(scores(&before), scores(&after));
}

#[test]
fn the_nearest_come_first_and_pass_the_filter() {
    let (_folder, engine) = shelf();
    let mut request = ask(knn([1.0, 0.0, 0.0], 2));
    let answer = run(&engine, &request).unwrap();
    assert_eq!(ids(&answer), ["1", "3"]);
    assert!((answer.hits[0].score.unwrap() - 1.0).abs() < 1e-6);
    assert_eq!(answer.hits[0].matched, ["near"]);
    for _ in 0..2 {
        request.filter = Some(parse("count:5 OR count:\\-7"));
        assert_eq!(ids(&run(&engine, &request).unwrap()), ["3", "2"]);
        request.filter = Some(parse("count:99"));
        assert_eq!(ids(&run(&engine, &request).unwrap()), Vec::<&str>::new());
    }
}

#[test]
fn every_similarity_gives_the_score_of_its_formula() {
    let query = [0.6, 0.8, 0.0];
    let near = [0.0, 1.0, 0.0];
    for (similarity, expected) in [
        (Similarity::Cosine, (1.0 + 0.8) / 2.0),
        (Similarity::DotProduct, (1.0 + 0.8) / 2.0),
        (Similarity::MaxInnerProduct, 1.8),
        (Similarity::L2Norm, 1.0 / (1.0 + 0.36 + 0.04)),
        (Similarity::L1Norm, 1.0 / (1.0 + 0.6 + 0.2)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(folder.path()).unwrap();
        engine
            .create_index("a", document::Mapping::new().with("v", vector(similarity)))
            .unwrap();
        write(
            &engine,
            vec![
                put_with("near", json!({}), Some(near)),
                put_with("far", json!({}), Some([-1.0, -1.0, -1.0])),
            ],
        );
        engine.refresh("a").unwrap();
        let answer = run(&engine, &ask(knn(query, 2))).unwrap();
        assert_eq!(ids(&answer), ["near", "far"], "{similarity:?}");
        let score = answer.hits[0].score.unwrap();
        assert!(
            (score - expected).abs() < 1e-6,
            "{similarity:?}: {score} is not {expected}"
        );
        assert!(answer.hits[1].score.unwrap() >= 0.0, "{similarity:?}");
    }
}

#[test]
fn rankings_are_fused_by_rank_and_by_weight() {
    let (_folder, engine) = shelf();
    let part = |retriever, weight| WeightedRetriever { retriever, weight };
    let words = Retriever::Standard(parse("name:bicycle"));
    let fused = Retriever::Rrf {
        retrievers: vec![part(knn([1.0, 0.0, 0.0], 3), 1.0), part(words, 1.0)],
        rank_constant: 60,
        window: 10,
    };
    let answer = run(&engine, &ask(fused)).unwrap();
    assert_eq!(ids(&answer), ["2", "1", "3"]);
    let expected = 1.0 / 63.0 + 1.0 / 61.0;
    assert!((answer.hits[0].score.unwrap() - expected).abs() < 1e-6);
    assert_eq!(answer.hits[0].matched, ["near", "words"]);

    // With a window of one, the second search still gives the first one's hit its exact score.
    let sum = Retriever::Linear {
        retrievers: vec![
            part(knn([1.0, 0.0, 0.0], 1), 1.0),
            part(knn([0.0, 1.0, 0.0], 1), 3.0),
        ],
        window: 1,
    };
    let answer = run(
        &engine,
        &SearchRequest {
            size: 1,
            ..ask(sum)
        },
    )
    .unwrap();
    assert_eq!(ids(&answer), ["2"]);
    assert!((answer.hits[0].score.unwrap() - (0.5 + 3.0)).abs() < 1e-6);
}

use query::SearchRequest;

#[test]
fn searches_that_make_no_sense_are_refused() {
    let (_folder, engine) = shelf();
    let refused = |request: SearchRequest, part: &str| {
        let error = run(&engine, &request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(part), "{error}");
    };
    let knn_of = |field: &str, vector: Vec<f32>, fingerprint: &str| {
        ask(Retriever::Knn(query::Knn {
            fingerprint: Some(fingerprint.to_owned()),
            name: "near".to_owned(),
            ..query::Knn::new(field, vector, 5)
        }))
    };
    refused(
        knn_of("v", vec![1.0, 2.0], "one"),
        "The query vector has a different number of dimensions [2] than the document vectors [3].",
    );
    refused(
        knn_of("v", vec![1.0, 2.0, 3.0], "two"),
        "made by net (one), the query's vector was made by two",
    );
    refused(knn_of("v", vec![1.0, f32::NAN, 3.0], "one"), "NaN");
    refused(
        knn_of("name", vec![1.0], "one"),
        "[knn] queries are only supported on [dense_vector] fields",
    );
    refused(knn_of("w", vec![1.0], "one"), "no field is named w");
    refused(
        SearchRequest {
            from: 9_950,
            ..ask(Retriever::Standard(Query::All))
        },
        "10000",
    );
    let stopped = engine.search(&["a".to_owned()], &ask(knn([1.0, 0.0, 0.0], 1)), &|| true);
    assert!(stopped.unwrap_err().to_string().contains("stopped"));
    let missing = engine
        .search(
            &["b".to_owned()],
            &ask(Retriever::Standard(Query::All)),
            &|| false,
        )
        .unwrap_err();
    assert_eq!(
        (missing.kind(), missing.to_string()),
        (ErrorKind::NotFound, "no index is named b".to_owned())
    );
}

#[test]
fn clauses_that_must_not_match_leave_the_rest() {
    let (_folder, engine) = shelf();
    let only_not = Query::Bool(Bool {
        must_not: vec![parse("name:car")],
        ..Bool::default()
    });
    let answer = run(&engine, &ask(Retriever::Standard(only_not))).unwrap();
    assert_eq!(answer.total, 2);
    let two_of = Query::Bool(Bool {
        should: vec![parse("name:red"), parse("name:car"), parse("name:street")],
        minimum_should_match: Some(query::MinimumShouldMatch::number(2)),
        ..Bool::default()
    });
    let mut request = ask(Retriever::Standard(two_of));
    assert_eq!(run(&engine, &request).unwrap().total, 3);
    request.size = 0;
    let answer = run(&engine, &request).unwrap();
    assert_eq!((answer.total, answer.hits.len()), (3, 0));
}
