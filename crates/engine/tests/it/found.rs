//! What is answered of each hit, as Elasticsearch 8.19 answers it.

use crate::scores::term;
use crate::support::*;
use document::{Analyzer, FieldKind, Json, Mapping, ObjectMapping};
use engine::Engine;
use query::{
    Bool, FieldFetch, InnerAnswer, InnerHits, Missing, Query, Retriever, ScoreMode, SearchAnswer,
    SearchRequest, Sort, SortKey, SortValue,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Three documents with objects of objects.
pub(crate) fn shelf() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    let nested = ObjectMapping {
        nested: true,
        ..ObjectMapping::default()
    };
    let mut mapping = Mapping::new()
        .with("c", FieldKind::KEYWORD)
        .with("n", FieldKind::Integer)
        .with("t", FieldKind::Text(Analyzer::Standard))
        .with("b", FieldKind::Boolean)
        .with("d", FieldKind::Date)
        .with("f", FieldKind::Float)
        .with("g", FieldKind::GeoPoint)
        .with("o.x", FieldKind::Integer)
        .with("o.p.y", FieldKind::Integer);
    mapping.insert_object("o", nested.clone()).unwrap();
    mapping.insert_object("o.p", nested).unwrap();
    engine.create_index("a", mapping).unwrap();
    write(
        &engine,
        vec![
            put(
                "1",
                json!({"c": "Red", "n": 1, "t": "Quick Brown fox", "b": true, "d": "2024-01-02", "f": 1.5,
                    "g": "41.5,-71.25", "o": [{"x": 1, "p": [{"y": 5}, {"y": 7}]}, {"x": 2, "p": {"y": 1}}]}),
            ),
            put(
                "2",
                json!({"c": "green", "n": 2, "t": "quick dog", "b": false, "d": "2024-02-02T10:00:00Z", "f": 0.1,
                    "g": [1, 2], "o": [{"x": 4, "p": [{"y": 2}]}]}),
            ),
            put("3", json!({"c": "blue", "n": 3})),
        ],
    );
    engine.refresh("a").unwrap();
    (folder, engine)
}

fn inner(name: &str) -> InnerHits {
    InnerHits {
        name: name.to_owned(),
        from: 0,
        size: 3,
        sort: Vec::new(),
        fetch: query::Fetch::default(),
        source: Json::default(),
        version: false,
    }
}

fn nested(path: &str, query: Query, inner_hits: Option<InnerHits>) -> Query {
    Query::Nested {
        path: path.to_owned(),
        query: Box::new(query),
        score_mode: ScoreMode::Avg,
        ignore_unmapped: false,
        inner_hits: inner_hits.map(Box::new),
    }
}

pub(crate) fn find(engine: &Engine, query: Query) -> SearchAnswer {
    run(engine, &ask(Retriever::Standard(query))).unwrap()
}

/// The sources of objects with their places.
fn objects(answer: &InnerAnswer) -> Vec<(Vec<usize>, Value)> {
    let hits = answer.hits.iter();
    hits.map(|hit| {
        let places = hit.places.iter().map(|(_, place)| *place).collect();
        (places, hit.source.0.clone())
    })
    .collect()
}

#[test]
fn inner_hits_say_which_objects_matched() {
    let (_folder, engine) = shelf();
    let above = Query::Range {
        field: "o.p.y".to_owned(),
        lower: query::Bound::Including("5".to_owned()),
        upper: query::Bound::Open,
        dates: query::DateReading::default(),
    };
    let deep = nested("o.p", above.clone(), Some(inner("o.p")));
    // Objects within objects are answered with these.
    let answer = find(&engine, nested("o", deep.clone(), Some(inner("o"))));
    assert_eq!(ids(&answer), ["1"]);
    let (name, outer) = &answer.hits[0].inner[0];
    assert_eq!((name.as_str(), outer.total), ("o", 1));
    let first = json!({"x": 1, "p": [{"y": 5}, {"y": 7}]});
    assert_eq!(objects(outer), [(vec![0], first)]);
    let (name, within) = &outer.hits[0].inner[0];
    assert_eq!((name.as_str(), within.max_score), ("o.p", Some(1.0)));
    assert_eq!(
        objects(within),
        [(vec![0, 0], json!({"y": 5})), (vec![0, 1], json!({"y": 7}))]
    );
    // Where those around are not answered, neither are these.
    let answer = find(&engine, nested("o", deep.clone(), None));
    assert_eq!((ids(&answer), answer.hits[0].inner.len()), (vec!["1"], 0));
    // By themselves they are answered with the document.
    let answer = find(&engine, deep);
    assert_eq!(objects(&answer.hits[0].inner[0].1).len(), 2);
}

#[test]
fn inner_hits_are_paged_sorted_and_told_apart_by_name() {
    let (_folder, engine) = shelf();
    let greatest = Sort {
        key: SortKey::Field {
            field: "o.x".to_owned(),
            missing: Missing::Last,
            mode: None,
            unmapped_type: None,
            format: None,
            nested: None,
            numeric_type: None,
        },
        descending: true,
    };
    let asked = InnerHits {
        from: 1,
        size: 1,
        sort: vec![greatest],
        ..inner("o")
    };
    let answer = find(&engine, nested("o", Query::All, Some(asked)));
    let (_, found) = &answer.hits[0].inner[0];
    assert_eq!((found.total, found.max_score), (2, None));
    assert_eq!(found.hits[0].sort, [SortValue::Long(1)]);
    assert_eq!(found.hits[0].places, [("o".to_owned(), 0)]);

    let twice = |second: &str| {
        let both = vec![
            nested("o", Query::All, Some(inner("o"))),
            nested("o", term("o.x", "1"), Some(inner(second))),
        ];
        ask(Retriever::Standard(Query::Bool(Bool {
            must: both,
            ..Bool::default()
        })))
    };
    let refused = run(&engine, &twice("o")).unwrap_err().into_failure();
    assert_eq!(
        refused.reason,
        "[inner_hits] already contains an entry for key [o]"
    );
    let answer = run(&engine, &twice("other")).unwrap();
    let names: Vec<&str> = answer.hits[0]
        .inner
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["o", "other"]);
}

#[test]
fn names_of_queries_are_told_of_what_they_match() {
    let (_folder, engine) = shelf();
    let named = |name: &str, query: Query| Query::Named {
        name: name.to_owned(),
        query: Box::new(query),
    };
    let should = vec![
        named("red", term("c", "Red")),
        named("some", Query::Ids(vec!["1".to_owned(), "3".to_owned()])),
        nested("o", named("four", term("o.x", "4")), Some(inner("o"))),
    ];
    let answer = find(
        &engine,
        Query::Bool(Bool {
            should,
            ..Bool::default()
        }),
    );
    let mut matched: Vec<(&str, Vec<&str>)> = answer
        .hits
        .iter()
        .map(|hit| {
            // The tests' requests call themselves "words".
            let names = hit.matched.iter().map(String::as_str);
            let names = names.filter(|name| *name != "words").collect();
            (hit.stored.id.as_str(), names)
        })
        .collect();
    matched.sort();
    assert_eq!(
        matched,
        [
            ("1", vec!["red", "some"]),
            ("2", vec![]),
            ("3", vec!["some"])
        ]
    );
    let second = answer.hits.iter().find(|hit| hit.stored.id == "2").unwrap();
    assert_eq!(second.inner[0].1.hits[0].matched, ["four"]);
}

/// The fields of the documents by name, sorted by `n`.
fn fields(engine: &Engine, fetch: query::Fetch) -> Result<Vec<Value>, String> {
    let request = SearchRequest {
        fetch,
        ..ask(Retriever::Standard(Query::Ids(vec![
            "1".to_owned(),
            "2".to_owned(),
        ])))
    };
    let answer = run(engine, &request).map_err(|error| error.into_failure().reason)?;
    let fields = answer.hits.into_iter().map(|hit| {
        let fields = hit.fields.into_iter();
        let fields = fields.map(|(name, values)| {
            (
                name,
                values.into_iter().map(|value| value.0).collect::<Value>(),
            )
        });
        fields.collect::<serde_json::Map<_, _>>().into()
    });
    Ok(fields.collect())
}

fn asked(field: &str, format: Option<&str>) -> Vec<FieldFetch> {
    vec![FieldFetch {
        field: field.to_owned(),
        format: format.map(str::to_owned),
        include_unmapped: false,
    }]
}

#[test]
fn fields_are_answered_as_the_mapping_reads_them() {
    let (_folder, engine) = shelf();
    let read = |field: &str, format: Option<&str>| {
        let fetch = query::Fetch {
            fields: asked(field, format),
            ..query::Fetch::default()
        };
        fields(&engine, fetch)
    };
    let both = |first: Value, second: Value| Ok(vec![first, second]);
    assert_eq!(
        read("d", Some("yyyy/MM")),
        both(json!({"d": ["2024/01"]}), json!({"d": ["2024/02"]}))
    );
    assert_eq!(
        read("g", Some("wkt")),
        both(
            json!({"g": ["POINT (-71.25 41.5)"]}),
            json!({"g": ["POINT (1.0 2.0)"]})
        )
    );
    assert_eq!(
        read("g", Some("wkb")),
        both(
            json!({"g": ["AQEAAAAAAAAAANBRwAAAAAAAwERA"]}),
            json!({"g": ["AQEAAAAAAAAAAADwPwAAAAAAAABA"]})
        )
    );
    let point = |x: f64, y: f64| json!({"g": [{"coordinates": [x, y], "type": "Point"}]});
    assert_eq!(read("g", None), both(point(-71.25, 41.5), point(1.0, 2.0)));
    assert_eq!(
        read("o.p.y", None),
        both(
            json!({"o": [{"p": [{"y": [5]}, {"y": [7]}]}, {"p": [{"y": [1]}]}]}),
            json!({"o": [{"p": [{"y": [2]}]}]})
        )
    );
    let refused = [
        (
            "n",
            "000",
            "error fetching [n]: Field [n] of type [integer] doesn't support formats.",
        ),
        (
            "t",
            "000",
            "error fetching [t]: Field [t] doesn't support formats.",
        ),
        (
            "g*",
            "no",
            "error fetching [g] which matched [g*]: Unrecognized geometry format [no].",
        ),
        (
            "d",
            "zzz{",
            "error fetching [d]: Invalid format: [zzz{]: Pattern includes reserved character: '{'",
        ),
    ];
    for (field, format, reason) in refused {
        assert_eq!(read(field, Some(format)), Err(reason.to_owned()));
    }
}

#[test]
fn scripts_answer_fields_as_a_whole() {
    let (_folder, engine) = shelf();
    let script = |source: &str| query::Script {
        source: source.to_owned(),
        params: Json(json!({})),
    };
    let whole = ["c", "n", "b", "d", "g"].map(|field| {
        let source = format!("doc['{field}']");
        (field.to_owned(), script(&source))
    });
    let fetch = query::Fetch {
        script_fields: whole.into(),
        fields: asked("_id", None),
        ..query::Fetch::default()
    };
    let found = fields(&engine, fetch).unwrap();
    assert_eq!(
        found[0],
        json!({
            "c": ["Red"],
            "n": [1],
            "b": [true],
            "d": ["2024-01-02T00:00:00.000Z"],
            "g": [{"lat": 41.5, "lon": -71.25}],
            "_id": ["1"]
        })
    );
}

#[test]
fn columns_are_answered_in_the_formats_asked_for() {
    let (_folder, engine) = shelf();
    let read = |field: &str, format: Option<&str>| {
        let fetch = query::Fetch {
            docvalue_fields: asked(field, format),
            ..query::Fetch::default()
        };
        fields(&engine, fetch)
    };
    let both = |first: Value, second: Value| Ok(vec![first, second]);
    assert_eq!(
        read("n", Some("000.00")),
        both(json!({"n": ["001.00"]}), json!({"n": ["002.00"]}))
    );
    assert_eq!(
        read("f", None),
        both(json!({"f": [1.5]}), json!({"f": [f64::from(0.1_f32)]}))
    );
    assert_eq!(
        read("f", Some("#.#")),
        both(json!({"f": ["1.5"]}), json!({"f": ["0.1"]}))
    );
    assert_eq!(
        read("d", Some("epoch_millis")),
        both(
            json!({"d": ["1704153600000"]}),
            json!({"d": ["1706868000000"]})
        )
    );
    // Lucene keeps coordinates in steps, and always the lower one.
    assert_eq!(
        read("g", None),
        both(
            json!({"g": ["41.49999999906868, -71.25000002793968"]}),
            json!({"g": ["1.9999999646097422, 0.9999999403953552"]})
        )
    );
    for (field, kind) in [("c", "keyword"), ("b", "boolean"), ("g", "geo_point")] {
        let reason = format!("Field [{field}] of type [{kind}] does not support custom formats");
        assert_eq!(read(field, Some("0")), Err(reason));
    }
}
