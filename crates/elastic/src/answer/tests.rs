use super::*;
use document::{Document, Json, Stored, Vectors};
use query::{
    AggregationAnswer, AggregationResult, Bounds, Bucket, InnerAnswer, InnerHit, Key, Others,
    SearchHit, SortValue, Stats,
};
use serde_json::{Value, json};

fn print(form: &AnswerForm, answer: &SearchAnswer) -> String {
    String::from_utf8(form.print(answer, 3, None).unwrap()).unwrap()
}

fn hit(source: &str) -> SearchHit {
    SearchHit {
        index: "a".to_owned(),
        stored: Stored {
            id: "1".to_owned(),
            seq_no: 7,
            version: 2,
            document: Document {
                source: source.as_bytes().to_vec(),
                vectors: Vectors::new(),
                routing: None,
            },
        },
        score: Some(0.499_176_26),
        matched: Vec::new(),
        sort: Vec::new(),
        ignored: Vec::new(),
        fields: Vec::new(),
        inner: Vec::new(),
    }
}

#[test]
fn an_answer_looks_as_elasticsearch_writes_it() {
    let answer = SearchAnswer {
        total: 1,
        max_score: Some(0.499_176_26),
        shards: 1,
        hits: vec![hit(r#"{"n" : 1.50, "big":123456789012345678901234567890}"#)],
        ..SearchAnswer::default()
    };
    let rest = r#""_source":{"n" : 1.50, "big":123456789012345678901234567890}}]}}"#;
    assert_eq!(
        print(&AnswerForm::plain(), &answer),
        format!(
            r#"{{"took":3,"timed_out":false,"_shards":{{"total":1,"successful":1,"skipped":0,"failed":0}},"hits":{{"total":{{"value":1,"relation":"eq"}},"max_score":0.49917626,"hits":[{{"_index":"a","_id":"1","_score":0.49917626,{rest}"#
        )
    );
    let form = AnswerForm {
        version: true,
        seq_no_primary_term: true,
        total_as_int: true,
        typed: true,
        ..AnswerForm::plain()
    };
    let answer = SearchAnswer {
        max_score: None,
        total_is_least: true,
        ..answer
    };
    assert!(print(&form, &answer).ends_with(&format!(
        r#""hits":{{"total":1,"max_score":null,"hits":[{{"_index":"a","_type":"_doc","_id":"1","_version":2,"_seq_no":7,"_primary_term":1,"_score":0.49917626,{rest}"#
    )));
    let form = AnswerForm {
        total: false,
        source: SourceFilter::nothing(),
        ..AnswerForm::plain()
    };
    assert!(print(&form, &answer).ends_with(
        r#""hits":{"max_score":null,"hits":[{"_index":"a","_id":"1","_score":0.49917626}]}}"#
    ));
    let untracked = AnswerForm {
        total_as_int: true,
        ..form.clone()
    };
    assert!(print(&untracked, &answer).contains(r#""total":-1,"#));
    let nameless = AnswerForm {
        identity: false,
        ..form
    };
    assert!(
        print(&nameless, &answer).ends_with(r#""hits":[{"_index":"a","_score":0.49917626}]}}"#)
    );
    let gte = print(&AnswerForm::plain(), &answer);
    assert!(gte.contains(r#"{"value":1,"relation":"gte"}"#));
    let item = AnswerForm::plain()
        .print(
            &SearchAnswer {
                shards: 2,
                ..SearchAnswer::default()
            },
            0,
            Some(200),
        )
        .unwrap();
    assert!(item.ends_with(br#""hits":[]},"status":200}"#));
}

#[test]
fn hits_show_what_was_asked_of_them() {
    let nested = InnerHit {
        matched: Vec::new(),
        places: vec![("ns".to_owned(), 2), ("ns.in".to_owned(), 0)],
        score: Some(1.0),
        source: Json(json!({"k": "z", "x": 1})),
        sort: vec![SortValue::Long(1)],
        fields: vec![("ns.in.k".to_owned(), vec![Json(json!("z"))])],
        inner: Vec::new(),
    };
    let inner = InnerAnswer {
        total: 1,
        max_score: None,
        hits: vec![nested],
        source_filter: Json(json!(["ns.in.k"])),
        version: false,
    };
    let answer = SearchAnswer {
        hits: vec![SearchHit {
            score: None,
            matched: vec!["q".to_owned()],
            sort: vec![
                SortValue::Null,
                SortValue::Double(1e10),
                SortValue::UnsignedLong(u64::MAX),
                SortValue::Text("x\n\u{1}".to_owned()),
                SortValue::Boolean(true),
            ],
            fields: vec![("n".to_owned(), vec![Json(json!(1)), Json(json!("b"))])],
            inner: vec![("ns.in".to_owned(), inner)],
            ..hit("{}")
        }],
        ..SearchAnswer::default()
    };
    let expected = r#""_score":null,"_source":{},"fields":{"n":[1,"b"]},"sort":[null,1.0E10,18446744073709551615,"x\n\u0001",1],"matched_queries":["q"],"inner_hits":{"ns.in":{"hits":{"total":{"value":1,"relation":"eq"},"max_score":null,"hits":[{"_index":"a","_id":"1","_nested":{"field":"ns","offset":2,"_nested":{"field":"in","offset":0}},"_score":1.0,"_source":{"k":"z"},"fields":{"ns.in.k":["z"]},"sort":[1]}]}}}}]}}"#;
    let printed = print(&AnswerForm::plain(), &answer);
    assert!(printed.ends_with(expected), "{printed}");
    assert!(serde_json::from_str::<Value>(&printed).is_ok());
}

#[test]
fn a_source_that_is_no_json_is_a_failure_and_no_broken_answer() {
    let form = AnswerForm {
        source: SourceFilter {
            includes: vec!["a".to_owned()],
            ..SourceFilter::everything()
        },
        ..AnswerForm::plain()
    };
    let answer = SearchAnswer {
        hits: vec![hit("{"), hit("{}")],
        ..SearchAnswer::default()
    };
    assert!(form.print(&answer, 0, None).is_err());
}

fn summary(type_name: &str, result: AggregationResult) -> SearchAnswer {
    let answer = AggregationAnswer {
        result,
        meta: None,
        type_name: type_name.to_owned(),
    };
    SearchAnswer {
        aggregations: vec![("x".to_owned(), answer)],
        ..SearchAnswer::default()
    }
}

fn bucket(key: Key, text: Option<&str>, bounds: Option<Bounds>) -> Bucket {
    Bucket {
        key,
        text: text.map(str::to_owned),
        bounds,
        documents: 2,
        aggregations: Vec::new(),
    }
}

fn buckets(buckets: Vec<Bucket>, keyed: bool, others: Option<Others>) -> AggregationResult {
    AggregationResult::Buckets {
        buckets,
        keyed,
        others,
    }
}

#[test]
fn summaries_look_as_elasticsearch_writes_them() {
    let check = |type_name: &str, result: AggregationResult, expected: &str| {
        let printed = print(&AnswerForm::plain(), &summary(type_name, result));
        let (_, said) = printed.split_once(r#""aggregations":{"x":"#).unwrap();
        assert_eq!(said.strip_suffix("}}").unwrap(), expected);
    };
    check(
        "avg",
        AggregationResult::Value {
            value: None,
            text: None,
        },
        r#"{"value":null}"#,
    );
    check(
        "max",
        AggregationResult::Value {
            value: Some(1.578_218_4e12),
            text: Some("2020".to_owned()),
        },
        r#"{"value":1.5782184E12,"value_as_string":"2020"}"#,
    );
    check("value_count", AggregationResult::Count(3), r#"{"value":3}"#);
    check(
        "filter",
        AggregationResult::Single {
            documents: 4,
            aggregations: Vec::new(),
        },
        r#"{"doc_count":4}"#,
    );
    check(
        "lterms",
        buckets(
            vec![bucket(Key::Long(1), Some("true"), None)],
            false,
            Some(Others {
                documents: 9,
                error: 0,
                in_buckets: false,
            }),
        ),
        r#"{"doc_count_error_upper_bound":0,"sum_other_doc_count":9,"buckets":[{"key":1,"key_as_string":"true","doc_count":2}]}"#,
    );
    check(
        "sterms",
        buckets(
            vec![bucket(Key::Text("a".to_owned()), None, None)],
            false,
            Some(Others {
                documents: 0,
                error: -1,
                in_buckets: true,
            }),
        ),
        r#"{"doc_count_error_upper_bound":-1,"sum_other_doc_count":0,"buckets":[{"key":"a","doc_count":2,"doc_count_error_upper_bound":-1}]}"#,
    );
    check(
        "histogram",
        buckets(vec![bucket(Key::Double(2.5), None, None)], true, None),
        r#"{"buckets":{"2.5":{"key":2.5,"doc_count":2}}}"#,
    );
    let open = Bounds {
        to: Some(5.0),
        ..Bounds::default()
    };
    check(
        "range",
        buckets(
            vec![bucket(Key::None, None, Some(open.clone()))],
            false,
            None,
        ),
        r#"{"buckets":[{"key":"*-5.0","to":5.0,"doc_count":2}]}"#,
    );
    check(
        "range",
        buckets(
            vec![bucket(Key::Text("named".to_owned()), None, Some(open))],
            true,
            None,
        ),
        r#"{"buckets":{"named":{"to":5.0,"doc_count":2}}}"#,
    );
    let dates = Bounds {
        from: Some(1.5e12),
        from_text: Some("2017".to_owned()),
        ..Bounds::default()
    };
    check(
        "date_range",
        buckets(vec![bucket(Key::None, None, Some(dates))], false, None),
        r#"{"buckets":[{"key":"2017-*","from":1.5E12,"from_as_string":"2017","doc_count":2}]}"#,
    );
    let named = || bucket(Key::Text("b".to_owned()), None, None);
    check(
        "filters",
        buckets(vec![named()], true, None),
        r#"{"buckets":{"b":{"doc_count":2}}}"#,
    );
    check(
        "filters",
        buckets(vec![named()], false, None),
        r#"{"buckets":[{"key":"b","doc_count":2}]}"#,
    );
    check(
        "filters",
        buckets(vec![bucket(Key::None, None, None)], false, None),
        r#"{"buckets":[{"doc_count":2}]}"#,
    );
}

#[test]
fn stats_are_told_as_elasticsearch_tells_them() {
    let said = |stats: Stats, sigma: Option<f64>, texts: &[(&str, &str)]| -> Value {
        let texts = texts
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        let answer = summary(
            "stats",
            AggregationResult::Stats {
                stats,
                sigma,
                texts,
            },
        );
        let printed: Value = serde_json::from_str(&print(&AnswerForm::plain(), &answer)).unwrap();
        printed["aggregations"]["x"].clone()
    };
    let none = Stats {
        count: 0,
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
        sum: 0.0,
        sum_of_squares: 0.0,
    };
    assert_eq!(
        said(none, None, &[]),
        json!({"count": 0, "min": null, "max": null, "avg": null, "sum": 0.0})
    );
    let extended = said(none, Some(2.0), &[]);
    assert_eq!(extended["variance_sampling"], Value::Null);
    assert_eq!(
        extended["std_deviation_bounds"]["lower_sampling"],
        Value::Null
    );
    let two = Stats {
        count: 2,
        min: 1.0,
        max: 2.0,
        sum: 3.0,
        sum_of_squares: 5.0,
    };
    // What Elasticsearch 8.19 says of the values 1 and 2.
    assert_eq!(
        said(two, Some(2.0), &[]),
        json!({
            "count": 2, "min": 1.0, "max": 2.0, "avg": 1.5, "sum": 3.0, "sum_of_squares": 5.0,
            "variance": 0.25, "variance_population": 0.25, "variance_sampling": 0.5,
            "std_deviation": 0.5, "std_deviation_population": 0.5, "std_deviation_sampling": 0.5_f64.sqrt(),
            "std_deviation_bounds": {
                "upper": 2.5, "lower": 0.5, "upper_population": 2.5, "lower_population": 0.5,
                "upper_sampling": 2.914_213_562_373_095, "lower_sampling": 0.085_786_437_626_904_85
            }
        })
    );
    let one = Stats {
        count: 1,
        min: 1.0,
        max: 1.0,
        sum: 1.0,
        sum_of_squares: 1.0,
    };
    assert_eq!(said(one, Some(2.0), &[])["variance_sampling"], "NaN");
    let texts = [
        ("min", "a"),
        ("variance", "b"),
        ("std_deviation_bounds.upper", "c"),
    ];
    let with_texts = said(two, Some(2.0), &texts);
    assert_eq!(with_texts["min_as_string"], "a");
    assert_eq!(with_texts["variance_as_string"], "b");
    assert_eq!(
        with_texts["std_deviation_bounds_as_string"],
        json!({"upper": "c"})
    );
}

#[test]
fn names_begin_with_types_where_that_is_asked_for() {
    let inner = (
        "y".to_owned(),
        AggregationAnswer {
            result: AggregationResult::Count(1),
            meta: None,
            type_name: "value_count".to_owned(),
        },
    );
    let mut answer = summary(
        "nested",
        AggregationResult::Single {
            documents: 1,
            aggregations: vec![inner],
        },
    );
    answer.aggregations[0].1.meta = Some(Json(json!({"a": 1})));
    let form = AnswerForm {
        typed_keys: true,
        ..AnswerForm::plain()
    };
    let printed = print(&form, &answer);
    assert!(printed.ends_with(r#""aggregations":{"nested#x":{"meta":{"a":1},"doc_count":1,"value_count#y":{"value":1}}}}"#), "{printed}");
}

/// As Elasticsearch 8.19 counts them for five shards.
#[test]
fn turns_of_putting_together_are_counted() {
    let turns = |batch| super::phases(5, batch);
    assert_eq!([2, 3, 4, 5, 512].map(turns), [4, 2, 2, 1, 1]);
    assert_eq!(super::phases(1, 2), 1);
}
