//! Searches of several indices, and of one in all its ways, as Elasticsearch 8.19 answers them.

use crate::found::{find, shelf};
use crate::scores::term;
use crate::support::*;
use document::{FieldKind, Mapping, Similarity, VectorField};
use engine::Engine;
use query::{
    Bool, Knn, Missing, NestedSort, NumericType, Query, Retriever, SearchAnswer, SearchRequest,
    Sort, SortKey, SortValue, TrackTotal,
};
use serde_json::json;
use tempfile::TempDir;

fn by(field: &str, descending: bool, format: Option<&str>, nested: Option<NestedSort>) -> Sort {
    Sort {
        key: SortKey::Field {
            field: field.to_owned(),
            missing: Missing::Last,
            mode: None,
            unmapped_type: None,
            format: format.map(str::to_owned),
            nested,
            numeric_type: None,
        },
        descending,
    }
}

fn sorted(engine: &Engine, sort: Sort, after: Option<SortValue>) -> Vec<(String, SortValue)> {
    let request = SearchRequest {
        sort: vec![sort],
        search_after: after.map(|value| vec![value]),
        ..ask(Retriever::Standard(Query::All))
    };
    let hits = run(engine, &request).unwrap().hits.into_iter();
    hits.map(|mut hit| (hit.stored.id, hit.sort.remove(0)))
        .collect()
}

#[test]
fn dates_are_sorted_by_in_their_format() {
    let (_folder, engine) = shelf();
    let text = |id: &str, text: &str| (id.to_owned(), SortValue::Text(text.to_owned()));
    assert_eq!(
        sorted(&engine, by("d", false, Some("yyyy"), None), None),
        [
            text("1", "2024"),
            text("2", "2024"),
            text("3", "+292278994")
        ]
    );
    assert_eq!(
        sorted(
            &engine,
            by("d", true, Some("strict_date_optional_time"), None),
            None
        ),
        [
            text("2", "2024-02-02T10:00:00.000Z"),
            text("1", "2024-01-02T00:00:00.000Z"),
            text("3", "-292275055-05-16T16:47:04.192Z")
        ]
    );
    let after = |value: SortValue| sorted(&engine, by("d", false, None, None), Some(value));
    let rest = [
        ("2".to_owned(), SortValue::Long(1_706_868_000_000)),
        ("3".to_owned(), SortValue::Long(i64::MAX)),
    ];
    assert_eq!(after(SortValue::Text("2024-01-02".to_owned())), rest);
    assert_eq!(after(SortValue::Text("1704153600000".to_owned())), rest);
    assert_eq!(after(SortValue::Long(1_704_153_600_000)), rest);
}

#[test]
fn objects_of_objects_are_sorted_by() {
    let (_folder, engine) = shelf();
    let level = |path: &str, filter: Option<Query>, nested: Option<NestedSort>| NestedSort {
        path: path.to_owned(),
        filter: filter.map(Box::new),
        nested: nested.map(Box::new),
    };
    let least = |nested: NestedSort| -> Vec<i64> {
        let sort = by("o.p.y", false, None, Some(nested));
        let mut found = sorted(&engine, sort, None);
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let values = found.into_iter().map(|(_, value)| match value {
            SortValue::Long(value) => value,
            other => panic!("{other:?}"),
        });
        values.collect()
    };
    let none = i64::from(i32::MAX);
    assert_eq!(least(level("o.p", None, None)), [1, 2, none]);
    let within = |filter: Query| level("o", Some(filter), Some(level("o.p", None, None)));
    assert_eq!(least(within(term("o.x", "1"))), [5, none, none]);
    assert_eq!(least(within(term("o.x", "2"))), [1, none, none]);
    let above = level("o.p", Some(term("o.p.y", "7")), None);
    let both = level("o", Some(term("o.x", "1")), Some(above));
    assert_eq!(least(both), [7, none, none]);
    // The objects in between have no such values.
    assert_eq!(least(level("o", None, None)), [none, none, none]);
}

/// Two indices whose field `n` is of different types, with vectors on a line.
fn pair() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    for (name, kind) in [("a", FieldKind::Long), ("b", FieldKind::Float)] {
        let vector = FieldKind::DenseVector(VectorField::new(1, Similarity::L2Norm));
        let mapping = Mapping::new().with("n", kind).with("v", vector);
        engine.create_index(name, mapping).unwrap();
    }
    for (index, documents) in [
        ("a", [("1", 3.0, 1.0), ("2", 4.0, 4.0)]),
        ("b", [("3", 2.5, 2.0), ("4", 3.5, 3.0)]),
    ] {
        let documents = documents.map(|(id, n, v)| put(id, json!({"n": n, "v": [v]})));
        for answer in engine.bulk(index, documents.into()).unwrap() {
            answer.unwrap();
        }
        engine.refresh(index).unwrap();
    }
    (folder, engine)
}

fn in_both(engine: &Engine, request: &SearchRequest) -> engine::Result<SearchAnswer> {
    engine.search(&["a".to_owned(), "b".to_owned()], request, &|| false)
}

#[test]
fn several_indices_are_sorted_by_one_kind_of_number() {
    let (_folder, engine) = pair();
    let sort = |wanted: Option<NumericType>| {
        let mut sort = by("n", false, None, None);
        if let SortKey::Field { numeric_type, .. } = &mut sort.key {
            *numeric_type = wanted;
        }
        SearchRequest {
            sort: vec![sort],
            ..ask(Retriever::Standard(Query::All))
        }
    };
    let refused = in_both(&engine, &sort(None)).unwrap_err().into_failure();
    assert_eq!(
        (refused.reason.as_str(), refused.phase),
        (
            "Can't sort on field [n]; the field has incompatible sort types: [LONG] and [FLOAT] across shards!",
            document::Phase::Merge
        )
    );
    let values = |wanted| -> Vec<SortValue> {
        let answer = in_both(&engine, &sort(Some(wanted))).unwrap();
        let hits = answer.hits.into_iter();
        hits.map(|mut hit| hit.sort.remove(0)).collect()
    };
    assert_eq!(
        values(NumericType::Double),
        [2.5, 3.0, 3.5, 4.0].map(SortValue::Double)
    );
    assert_eq!(values(NumericType::Long), [2, 3, 3, 4].map(SortValue::Long));
}

#[test]
fn the_nearest_of_several_indices_are_those_of_all_together() {
    let (_folder, engine) = pair();
    let near = |query: Query, nearest: Vec<Knn>| {
        let request = SearchRequest {
            nearest,
            ..ask(Retriever::Standard(query))
        };
        let answer = in_both(&engine, &request).unwrap();
        let hits = answer.hits.into_iter();
        hits.map(|hit| (hit.stored.id, hit.score.unwrap()))
            .collect::<Vec<_>>()
    };
    let knn = |at: f32, k: usize| Knn::new("v", vec![at], k);
    let hit = |id: &str, score: f32| (id.to_owned(), score);
    assert_eq!(
        near(Query::None, vec![knn(1.0, 2)]),
        [hit("1", 1.0), hit("3", 0.5)]
    );
    // What a query finds as well has the sum of the scores.
    let third = Query::Ids(vec!["3".to_owned()]);
    assert_eq!(
        near(third, vec![knn(1.0, 2)]),
        [hit("3", 1.5), hit("1", 1.0)]
    );
    assert_eq!(
        near(Query::None, vec![knn(1.0, 1), knn(3.0, 1), knn(2.0, 1)]),
        [hit("1", 1.0), hit("3", 1.0), hit("4", 1.0)]
    );
    // In a query, each index finds its own.
    let own = Query::Knn(Box::new(knn(1.0, 1)));
    assert_eq!(near(own, Vec::new()), [hit("1", 1.0), hit("3", 0.5)]);
    let wrong = SearchRequest {
        nearest: vec![Knn::new("v", vec![1.0, 2.0], 1)],
        ..ask(Retriever::Standard(Query::None))
    };
    let refused = in_both(&engine, &wrong).unwrap_err().into_failure();
    assert_eq!(refused.phase, document::Phase::Nearest);
}

#[test]
fn a_search_may_stop_after_some_matches() {
    let (_folder, engine) = shelf();
    let run = |terminate_after, size| {
        let request = SearchRequest {
            terminate_after,
            size,
            track_total: TrackTotal::All,
            ..ask(Retriever::Standard(Query::All))
        };
        let answer = run(&engine, &request).unwrap();
        (answer.total, answer.hits.len(), answer.terminated_early)
    };
    assert_eq!(run(None, 10), (3, 3, None));
    assert_eq!(run(Some(2), 10), (2, 2, Some(true)));
    assert_eq!(run(Some(3), 10), (3, 3, Some(false)));
    // Where no hits are answered, everything is looked at.
    assert_eq!(run(Some(1), 0), (3, 0, Some(false)));
}

#[test]
fn terms_take_their_values_from_documents() {
    let (_folder, engine) = shelf();
    let terms = |field: &str, id: &str, path: &str| Query::TermsOf {
        field: field.to_owned(),
        index: "a".to_owned(),
        id: id.to_owned(),
        path: path.to_owned(),
    };
    assert_eq!(ids(&find(&engine, terms("n", "1", "o.x"))), ["1", "2"]);
    assert_eq!(ids(&find(&engine, terms("c", "2", "c"))), ["2"]);
    assert!(ids(&find(&engine, terms("c", "none", "c"))).is_empty());
    assert!(ids(&find(&engine, terms("c", "2", "none"))).is_empty());
    // What is not refreshed yet counts, as for one who asks for the document.
    write(&engine, vec![put("3", json!({"c": "Red", "n": 3}))]);
    assert_eq!(ids(&find(&engine, terms("c", "3", "c"))), ["1"]);
    let within = Query::Bool(Bool {
        must_not: vec![terms("n", "1", "o.x")],
        ..Bool::default()
    });
    assert_eq!(ids(&find(&engine, within)), ["3"]);
    let elsewhere = Query::TermsOf {
        field: "c".to_owned(),
        index: "none".to_owned(),
        id: "1".to_owned(),
        path: "c".to_owned(),
    };
    let refused = run(&engine, &ask(Retriever::Standard(elsewhere)));
    assert!(matches!(refused, Err(engine::EngineError::NoIndex(name)) if name == "none"));
}

#[test]
fn patterns_meet_terms_as_they_are_unless_they_are_folded() {
    let (_folder, engine) = shelf();
    let prefix = |value: &str, normalized| Query::Prefix {
        field: "t".to_owned(),
        value: value.to_owned(),
        case_insensitive: false,
        normalized,
    };
    assert!(ids(&find(&engine, prefix("Qu", false))).is_empty());
    assert_eq!(ids(&find(&engine, prefix("qu", false))), ["1", "2"]);
    assert_eq!(ids(&find(&engine, prefix("Qu", true))), ["1", "2"]);
    // A keyword is never folded.
    let keyword = Query::Wildcard {
        field: "c".to_owned(),
        pattern: "re*".to_owned(),
        case_insensitive: false,
        normalized: true,
    };
    assert!(ids(&find(&engine, keyword)).is_empty());
    let lenient = Query::Lenient {
        query: Box::new(term("n", "words")),
    };
    assert!(ids(&find(&engine, lenient)).is_empty());
    let strict = run(&engine, &ask(Retriever::Standard(term("n", "words"))));
    assert!(strict.is_err());
}
