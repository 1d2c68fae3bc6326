//! What sorts, aggregations and the rest of bodies become.

use super::parse;
use query::{
    Aggregation, AggregationKind, BucketKey, CalendarUnit, Interval, Metric, Missing, Query,
    SortKey, SortMode, SortValue, TermsFilter, TimeBound, TrackTotal, Values,
};
use serde_json::json;

#[test]
fn sorts_are_read_in_every_form() {
    let keys = |text: &str| -> Vec<(String, bool)> {
        let sorts = parse(&format!("{{\"sort\":{text}}}")).unwrap().request.sort;
        let name = |key: &SortKey| match key {
            SortKey::Score => "_score".to_owned(),
            SortKey::Doc => "_doc".to_owned(),
            SortKey::Field { field, .. } => field.clone(),
            SortKey::Script { .. } => "_script".to_owned(),
        };
        sorts
            .iter()
            .map(|sort| (name(&sort.key), sort.descending))
            .collect()
    };
    let owned = |list: &[(&str, bool)]| -> Vec<(String, bool)> {
        list.iter()
            .map(|(name, down)| ((*name).to_owned(), *down))
            .collect()
    };
    assert_eq!(keys(r#""n""#), owned(&[("n", false)]));
    assert_eq!(
        keys(r#"{"n":"DESC","k":"asc"}"#),
        owned(&[("n", true), ("k", false)])
    );
    assert_eq!(
        keys(r#"["_score","n",{"k":{"order":"desc"}},{"_score":{"order":"asc"}},{"_doc":"desc"}]"#),
        owned(&[
            ("_score", true),
            ("n", false),
            ("k", true),
            ("_score", false),
            ("_doc", true)
        ])
    );
    assert_eq!(
        keys(r#"{"_script":{"type":"number","script":"1","order":"desc"}}"#),
        owned(&[("_script", true)])
    );
    let read = parse(
        r#"{"sort":[{"ns.n":{"missing":"_first","mode":"avg","unmapped_type":"long","format":"yyyy","nested":{"path":"ns","filter":{"match_all":{}}}}},
            {"n":{"missing":7}}],"search_after":[1,2.5],"track_scores":true}"#,
    )
    .unwrap()
    .request;
    let SortKey::Field {
        missing,
        mode,
        unmapped_type,
        format,
        nested,
        ..
    } = &read.sort[0].key
    else {
        panic!("no field");
    };
    assert_eq!(
        (missing, mode, unmapped_type.as_deref(), format.as_deref()),
        (
            &Missing::First,
            &Some(SortMode::Avg),
            Some("long"),
            Some("yyyy")
        )
    );
    assert_eq!(
        nested.as_ref().unwrap().filter.as_deref(),
        Some(&Query::All)
    );
    assert!(
        matches!(&read.sort[1].key, SortKey::Field { missing: Missing::Value(value), .. } if value == "7")
    );
    assert_eq!(
        read.search_after,
        Some(vec![SortValue::Long(1), SortValue::Double(2.5)])
    );
}

fn aggregation(text: &str) -> Aggregation {
    let body = format!("{{\"aggs\":{{\"x\":{text}}}}}");
    let mut read = parse(&body).unwrap_or_else(|failure| panic!("{text}: {failure}"));
    read.request.aggregations.remove(0).1
}

#[test]
fn aggregations_are_read_with_their_parameters() {
    let read = aggregation(
        r#"{"terms":{"field":"k","size":5,"min_doc_count":2,"missing":"m","include":["a","b"],"exclude":"b.*",
            "order":[{"m.avg":"asc"},{"f>g[max]":"desc"},{"_count":"asc"}],"shard_size":100,"collect_mode":"breadth_first"},
            "meta":{"z":1},"aggs":{"m":{"stats":{"field":"n"}}}}"#,
    );
    assert_eq!(read.meta.unwrap().0, json!({"z": 1}));
    assert_eq!(read.aggregations[0].0, "m");
    let AggregationKind::Terms(terms) = read.kind else {
        panic!("no terms");
    };
    assert_eq!((terms.size, terms.min_doc_count), (5, 2));
    assert_eq!(
        terms.values,
        Values {
            field: "k".to_owned(),
            missing: Some("m".to_owned()),
            format: None,
            value_type: None
        }
    );
    assert_eq!(
        terms.include,
        Some(TermsFilter::Values(vec!["a".to_owned(), "b".to_owned()]))
    );
    assert_eq!(terms.exclude, Some(TermsFilter::Pattern("b.*".to_owned())));
    let path = |path: &[&str], value: &str| BucketKey::Metric {
        path: path.iter().map(|part| (*part).to_owned()).collect(),
        value: value.to_owned(),
    };
    let order: Vec<(BucketKey, bool)> = terms
        .order
        .into_iter()
        .map(|order| (order.key, order.descending))
        .collect();
    assert_eq!(
        order,
        [
            (path(&["m"], "avg"), false),
            (path(&["f", "g"], "max"), true),
            (BucketKey::Count, false),
            (BucketKey::Key, false)
        ]
    );
    let AggregationKind::DateHistogram(dates) = aggregation(
        r#"{"date_histogram":{"field":"d","fixed_interval":"90m","offset":"-1h","time_zone":"Europe/Paris","keyed":true,
            "extended_bounds":{"min":"2020","max":1580000000000},"min_doc_count":1,"format":"yyyy"}}"#,
    )
    .kind
    else {
        panic!("no dates");
    };
    assert_eq!(
        (dates.interval, dates.offset_ms, dates.min_doc_count),
        (Interval::Fixed(5_400_000), -3_600_000, 1)
    );
    assert_eq!(
        dates.extended_bounds,
        Some((
            Some(TimeBound::Text("2020".to_owned())),
            Some(TimeBound::Ms(1_580_000_000_000))
        ))
    );
    for (text, unit) in [
        ("1d", CalendarUnit::Day),
        ("month", CalendarUnit::Month),
        ("1M", CalendarUnit::Month),
        ("1q", CalendarUnit::Quarter),
    ] {
        let read = aggregation(&format!(
            r#"{{"date_histogram":{{"field":"d","calendar_interval":"{text}"}}}}"#
        ));
        assert!(
            matches!(read.kind, AggregationKind::DateHistogram(dates) if dates.interval == Interval::Calendar(unit))
        );
    }
    let AggregationKind::Range(ranges) = aggregation(
        r#"{"range":{"field":"n","ranges":[{"from":1,"to":2},{"key":"a","from":1},{"to":5},{}]}}"#,
    )
    .kind
    else {
        panic!("no ranges");
    };
    let bounds: Vec<_> = ranges
        .ranges
        .iter()
        .map(|range| (range.from.as_deref(), range.to.as_deref()))
        .collect();
    assert_eq!(
        bounds,
        [
            (None, Some("5")),
            (None, None),
            (Some("1"), Some("2")),
            (Some("1"), None)
        ]
    );
    let AggregationKind::Histogram(numbers) = aggregation(
        r#"{"histogram":{"field":"n","interval":2,"offset":5,"hard_bounds":{"max":9}}}"#,
    )
    .kind
    else {
        panic!("no histogram");
    };
    assert_eq!(
        (numbers.interval, numbers.offset, numbers.hard_bounds),
        (2.0, 5.0, Some((None, Some(9.0))))
    );
    let AggregationKind::Filters(filters) = aggregation(r#"{"filters":{"filters":{"b":{"match_all":{}},"a":{"match_none":{}}},"other_bucket":true}}"#).kind else {
        panic!("no filters");
    };
    assert_eq!(
        (
            filters.filters[0].0.as_str(),
            filters.named,
            filters.other.as_deref()
        ),
        ("a", true, Some("_other_"))
    );
    assert!(matches!(
        aggregation(r#"{"extended_stats":{"field":"n","sigma":3}}"#).kind,
        AggregationKind::Metric {
            metric: Metric::ExtendedStats { sigma: 3.0 },
            ..
        }
    ));
    assert!(matches!(
        aggregation(r#"{"cardinality":{"field":"n","precision_threshold":100000}}"#).kind,
        AggregationKind::Metric {
            metric: Metric::Cardinality {
                precision_threshold: 40_000
            },
            ..
        }
    ));
}

#[test]
fn the_rest_of_a_body_is_read() {
    let read = parse(
        r#"{"from":1,"size":2,"min_score":0.5,"version":true,"seq_no_primary_term":"true","track_total_hits":100,
            "timeout":"1s","terminate_after":0,"fields":["k",{"field":"d","format":"yyyy"}],"docvalue_fields":["n"],
            "script_fields":{"s":{"script":"1"}},"stored_fields":["_source"],"post_filter":{"match_all":{}},"stats":["g"],
            "highlight":{},"profile":false}"#,
    )
    .unwrap();
    assert_eq!(
        (read.request.from, read.request.size, read.request.min_score),
        (1, 2, Some(0.5))
    );
    assert_eq!(read.request.track_total, TrackTotal::UpTo(100));
    assert_eq!(read.request.post_filter, Some(Query::All));
    assert_eq!(read.request.fetch.fields[1].format.as_deref(), Some("yyyy"));
    assert_eq!(read.request.fetch.script_fields[0].0, "s");
    assert!(read.form.version && read.form.seq_no_primary_term && read.form.source.enabled);
    for (text, track) in [
        ("true", TrackTotal::All),
        ("false", TrackTotal::No),
        ("-1", TrackTotal::No),
        ("\"7\"", TrackTotal::UpTo(7)),
    ] {
        let read = parse(&format!("{{\"track_total_hits\":{text}}}")).unwrap();
        assert_eq!(read.request.track_total, track, "{text}");
    }
    assert!(
        !parse(r#"{"stored_fields":["k"]}"#)
            .unwrap()
            .form
            .source
            .enabled
    );
    assert!(
        !parse(r#"{"stored_fields":"_none_"}"#)
            .unwrap()
            .form
            .identity
    );
    assert!(parse("").unwrap().form.source.enabled);
    for key in [
        "highlight",
        "collapse",
        "rescore",
        "suggest",
        "pit",
        "slice",
        "retriever",
        "runtime_mappings",
    ] {
        let failure = parse(&format!("{{\"{key}\":{{\"a\":1}}}}")).unwrap_err();
        assert_eq!(failure.reason, format!("[{key}] is not supported"));
    }
}

#[test]
fn clients_of_7_have_words_of_their_own() {
    let body = r#"{"aggs":{"a":{"terms":{"field":"k","order":{"_term":"desc"}},"aggs":{"b":{"date_histogram":{"field":"d","interval":"1M","order":{"_time":"asc"}}}}}}}"#;
    let search = parse(body).unwrap();
    assert!(search.clone().understood(false).is_err());
    let search = search.understood(true).unwrap();
    let (_, outer) = &search.request.aggregations[0];
    let AggregationKind::Terms(terms) = &outer.kind else {
        panic!("no terms");
    };
    assert_eq!(terms.order[0].key, BucketKey::Key);
    assert!(terms.order[0].descending);
    let AggregationKind::DateHistogram(histogram) = &outer.aggregations[0].1.kind else {
        panic!("no date_histogram");
    };
    assert_eq!(histogram.order[0].key, BucketKey::Key);
    assert_eq!(histogram.interval, Interval::Calendar(CalendarUnit::Month));
}
