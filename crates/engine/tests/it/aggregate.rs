//! Summaries of what searches find.

use crate::support::*;
use document::{ErrorKind, FieldKind, Mapping, ObjectMapping};
use engine::Engine;
use query::{
    Aggregation, AggregationAnswer, AggregationKind, AggregationResult, Bound, BucketKey,
    BucketOrder, DateReading, Key, Metric, Query, Retriever, SearchRequest, Terms, Values,
};
use serde_json::json;
use tempfile::TempDir;

fn albums() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    let mut mapping = Mapping::new()
        .with("tag", FieldKind::KEYWORD)
        .with("year", FieldKind::Long)
        .with("faces.name", FieldKind::KEYWORD)
        .with("faces.age", FieldKind::Long);
    let nested = ObjectMapping {
        nested: true,
        ..ObjectMapping::default()
    };
    mapping.insert_object("faces", nested).unwrap();
    engine.create_index("a", mapping.clone()).unwrap();
    engine.create_index("b", mapping).unwrap();
    let face = |name: &str, age: u32| json!({"name": name, "age": age});
    write(
        &engine,
        vec![
            put(
                "1",
                json!({"tag": ["sea", "sun"], "year": 2020, "faces": [face("ann", 30), face("bob", 8)]}),
            ),
            put(
                "2",
                json!({"tag": "sea", "year": 2021, "faces": [face("ann", 31)]}),
            ),
            put("3", json!({"tag": "snow", "year": 2021})),
        ],
    );
    let more = engine.bulk(
        "b",
        vec![put(
            "4",
            json!({"tag": "sea", "year": 2024, "faces": face("cid", 50)}),
        )],
    );
    more.unwrap().remove(0).unwrap();
    engine.refresh("a").unwrap();
    engine.refresh("b").unwrap();
    (folder, engine)
}

fn values(field: &str) -> Values {
    Values {
        field: field.to_owned(),
        missing: None,
        value_type: None,
        format: None,
    }
}

fn node(kind: AggregationKind, inside: Vec<(String, Aggregation)>) -> Aggregation {
    Aggregation {
        kind,
        aggregations: inside,
        meta: None,
    }
}

fn terms(field: &str, inside: Vec<(String, Aggregation)>) -> Aggregation {
    let terms = Terms {
        values: values(field),
        size: 10,
        shard_size: None,
        min_doc_count: 1,
        shard_min_doc_count: 0,
        show_error: false,
        order: vec![BucketOrder {
            key: BucketKey::Count,
            descending: true,
        }],
        include: None,
        exclude: None,
    };
    node(AggregationKind::Terms(terms), inside)
}

fn metric(metric: Metric, field: &str) -> Aggregation {
    node(
        AggregationKind::Metric {
            metric,
            values: values(field),
        },
        Vec::new(),
    )
}

fn named(aggregation: Aggregation) -> Vec<(String, Aggregation)> {
    vec![("x".to_owned(), aggregation)]
}

fn range(field: &str, lower: &str) -> Query {
    Query::Range {
        field: field.to_owned(),
        lower: Bound::Including(lower.to_owned()),
        upper: Bound::Open,
        dates: DateReading::default(),
    }
}

fn summarized(
    engine: &Engine,
    indices: &[&str],
    query: Query,
    aggregation: Aggregation,
) -> AggregationAnswer {
    let request = SearchRequest {
        size: 0,
        aggregations: named(aggregation),
        ..SearchRequest::new(Retriever::Standard(query))
    };
    let indices: Vec<String> = indices.iter().map(|index| (*index).to_owned()).collect();
    let mut answer = engine.search(&indices, &request, &|| false).unwrap();
    answer.aggregations.remove(0).1
}

fn counts(answer: &AggregationAnswer) -> Vec<(String, u64)> {
    let AggregationResult::Buckets { buckets, .. } = &answer.result else {
        panic!("{answer:?} has no buckets");
    };
    let one = |bucket: &query::Bucket| match &bucket.key {
        Key::Text(key) => (key.clone(), bucket.documents),
        key => panic!("{key:?}"),
    };
    buckets.iter().map(one).collect()
}

/// The answer inside of a single bucket, and the bucket's documents.
fn inside(answer: &AggregationAnswer) -> (u64, &AggregationAnswer) {
    match &answer.result {
        AggregationResult::Single {
            documents,
            aggregations,
        } => (*documents, &aggregations[0].1),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_matches_in_several_indices_is_summarized_as_one() {
    let (_folder, engine) = albums();
    let answer = summarized(&engine, &["a", "b"], Query::All, terms("tag", Vec::new()));
    let expected = [
        ("sea".to_owned(), 3),
        ("snow".to_owned(), 1),
        ("sun".to_owned(), 1),
    ];
    assert_eq!(counts(&answer), expected);
    assert_eq!(answer.type_name, "sterms");
    let answer = summarized(
        &engine,
        &["a", "b"],
        range("year", "2021"),
        metric(Metric::Avg, "year"),
    );
    let expected = AggregationResult::Value {
        value: Some(2022.0),
        text: None,
    };
    assert_eq!(answer.result, expected);
}

#[test]
fn filters_inside_of_nested_objects_ask_the_objects() {
    let (_folder, engine) = albums();
    let adults = node(
        AggregationKind::Filter(range("faces.age", "30")),
        named(terms("faces.name", Vec::new())),
    );
    let nested = node(
        AggregationKind::Nested {
            path: "faces".to_owned(),
        },
        named(adults),
    );
    let answer = summarized(&engine, &["a", "b"], Query::All, nested);
    let (faces, adults) = inside(&answer);
    let (grown, names) = inside(adults);
    assert_eq!((faces, grown), (4, 3));
    assert_eq!(
        counts(names),
        [("ann".to_owned(), 2), ("cid".to_owned(), 1)]
    );
    // Outside of them, a query on the objects matches no document, and one on documents does.
    let both = node(
        AggregationKind::Filter(range("year", "2021")),
        named(node(
            AggregationKind::Filter(range("faces.age", "30")),
            named(metric(Metric::ValueCount, "year")),
        )),
    );
    let answer = summarized(&engine, &["a"], Query::All, both);
    let (recent, objects) = inside(&answer);
    assert_eq!((recent, inside(objects).0), (2, 0));
}

#[test]
fn what_cannot_be_summarized_is_an_error_that_names_it() {
    let (_folder, engine) = albums();
    let request = |aggregation| SearchRequest {
        aggregations: named(aggregation),
        ..SearchRequest::new(Retriever::Standard(Query::All))
    };
    let error = run(&engine, &request(metric(Metric::Sum, "tag"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let expected = "Field [tag] of type [keyword] is not supported for aggregation [sum]";
    assert_eq!(error.to_string(), expected);
    let deep = (0..100).fold(terms("tag", Vec::new()), |deep, _| {
        terms("tag", named(deep))
    });
    let error = run(&engine, &request(deep)).unwrap_err();
    assert!(error.to_string().contains("50 deep"), "{error}");
    let wide = (0..20).fold(terms("tag", Vec::new()), |wide, _| {
        terms("tag", named(wide))
    });
    assert!(
        engine
            .search(&["a".to_owned()], &request(wide), &|| true)
            .is_err()
    );
}
