//! What queries become.

use super::parse;
use document::Analyzer;
use query::{
    Bool, Bound, DateReading, Distance, Fuzziness, Knn, MatchOptions, MatchType,
    MinimumShouldMatch, Operator, Query, Retriever, ScoreMode, ZeroTerms,
};
use serde_json::json;

fn query(text: &str) -> Query {
    let body = format!("{{\"query\":{text}}}");
    match parse(&body)
        .unwrap_or_else(|failure| panic!("{text}: {failure}"))
        .request
        .retriever
    {
        Retriever::Standard(query) => query,
        other => panic!("{other:?}"),
    }
}

fn term(field: &str, value: &str) -> Query {
    Query::Term {
        field: field.to_owned(),
        value: value.to_owned(),
        case_insensitive: false,
    }
}

fn matching(text: &str, options: MatchOptions) -> Query {
    Query::Match {
        field: "t".to_owned(),
        text: text.to_owned(),
        options,
    }
}

fn boosted(query: Query, factor: f32) -> Query {
    Query::Boost {
        query: Box::new(query),
        factor,
    }
}

fn check(text: &str, expected: Query) {
    assert_eq!(query(text), expected, "{text}");
}

#[test]
fn values_become_texts_as_java_prints_them() {
    for (value, text) in [
        (r#""x""#, "x"),
        ("1", "1"),
        ("-7", "-7"),
        ("1.0", "1.0"),
        ("1.50", "1.5"),
        ("1e3", "1000.0"),
        ("1e10", "1.0E10"),
        ("true", "true"),
        ("12345678901234567890", "12345678901234567890"),
        (r#""caf\u00e9""#, "café"),
    ] {
        check(&format!(r#"{{"term":{{"k":{value}}}}}"#), term("k", text));
        check(
            &format!(r#"{{"term":{{"k":{{"value":{value}}}}}}}"#),
            term("k", text),
        );
        check(
            &format!(r#"{{"terms":{{"k":[{value}]}}}}"#),
            Query::Terms {
                field: "k".to_owned(),
                values: vec![text.to_owned()],
            },
        );
    }
}

#[test]
fn simple_queries_are_read() {
    check(r#"{"match_all":{}}"#, Query::All);
    check(r#"{"match_none":{}}"#, Query::None);
    check(r#"{"match_all":{"boost":2}}"#, boosted(Query::All, 2.0));
    check(r#"{"match_all":{"boost":1}}"#, Query::All);
    check(
        r#"{"ids":{"values":["a",1]}}"#,
        Query::Ids(vec!["a".to_owned(), "1".to_owned()]),
    );
    check(
        r#"{"exists":{"field":"k"}}"#,
        Query::Exists {
            field: "k".to_owned(),
        },
    );
    check(
        r#"{"term":{"k":{"value":"x","boost":2.5,"_name":"n","case_insensitive":true}}}"#,
        Query::Named {
            name: "n".to_owned(),
            query: Box::new(boosted(
                Query::Term {
                    field: "k".to_owned(),
                    value: "x".to_owned(),
                    case_insensitive: true,
                },
                2.5,
            )),
        },
    );
    let wildcard = Query::Wildcard {
        field: "k".to_owned(),
        pattern: "a*".to_owned(),
        case_insensitive: false,
        normalized: false,
    };
    check(r#"{"wildcard":{"k":"a*"}}"#, wildcard.clone());
    check(
        r#"{"wildcard":{"k":{"wildcard":"a*","rewrite":"constant_score"}}}"#,
        wildcard,
    );
    check(
        r#"{"prefix":{"k":{"value":"a","case_insensitive":true}}}"#,
        Query::Prefix {
            field: "k".to_owned(),
            value: "a".to_owned(),
            case_insensitive: true,
            normalized: false,
        },
    );
    check(
        r#"{"fuzzy":{"k":{"value":"a","fuzziness":"AUTO:2,5","prefix_length":1,"max_expansions":7,"transpositions":false}}}"#,
        Query::Fuzzy {
            field: "k".to_owned(),
            value: "a".to_owned(),
            fuzziness: Fuzziness {
                distance: Distance::Auto { low: 2, high: 5 },
                prefix_length: 1,
                max_expansions: 7,
                transpositions: false,
            },
            normalized: false,
        },
    );
}

#[test]
fn ranges_are_read_in_all_their_spellings() {
    // A number says of dates that they are milliseconds.
    let range = |lower: Bound, upper: Bound| Query::Range {
        field: "n".to_owned(),
        lower,
        upper,
        dates: DateReading {
            format: Some("epoch_millis".to_owned()),
            ..DateReading::default()
        },
    };
    let (including, excluding) = (
        |text: &str| Bound::Including(text.to_owned()),
        |text: &str| Bound::Excluding(text.to_owned()),
    );
    check(
        r#"{"range":{"n":{"gte":1,"lt":2}}}"#,
        range(including("1"), excluding("2")),
    );
    check(
        r#"{"range":{"n":{"gt":1.5,"lte":"x"}}}"#,
        range(excluding("1.5"), including("x")),
    );
    check(
        r#"{"range":{"n":{"from":1,"to":2}}}"#,
        range(including("1"), including("2")),
    );
    check(
        r#"{"range":{"n":{"from":1,"to":null,"include_lower":false}}}"#,
        range(excluding("1"), Bound::Open),
    );
    check(
        r#"{"range":{"n":{"lt":"now","format":"yyyy","time_zone":"+01:00","relation":"WITHIN"}}}"#,
        Query::Range {
            field: "n".to_owned(),
            lower: Bound::Open,
            upper: excluding("now"),
            dates: DateReading {
                format: Some("yyyy".to_owned()),
                time_zone: Some("+01:00".to_owned()),
                now_ms: 0,
            },
        },
    );
}

#[test]
fn queries_for_words_are_read() {
    check(
        r#"{"match":{"t":"a b"}}"#,
        matching("a b", MatchOptions::default()),
    );
    check(
        r#"{"match":{"t":{"query":5}}}"#,
        matching("5", MatchOptions::default()),
    );
    check(
        r#"{"match":{"t":{"query":"a","operator":"AND","minimum_should_match":"2<75%","analyzer":"whitespace",
            "lenient":true,"zero_terms_query":"all","fuzziness":"1","prefix_length":2,"max_expansions":9,
            "fuzzy_transpositions":false,"auto_generate_synonyms_phrase_query":true}}}"#,
        matching(
            "a",
            MatchOptions {
                operator: Operator::And,
                minimum_should_match: Some(MinimumShouldMatch::new("2<75%")),
                fuzziness: Some(Fuzziness {
                    distance: Distance::Letters(1),
                    prefix_length: 2,
                    max_expansions: 9,
                    transpositions: false,
                }),
                analyzer: Some(Analyzer::Whitespace),
                zero_terms: ZeroTerms::All,
                lenient: true,
            },
        ),
    );
    let phrase = |slop, prefix| Query::MatchPhrase {
        field: "t".to_owned(),
        text: "a b".to_owned(),
        slop,
        prefix,
        options: MatchOptions::default(),
    };
    check(r#"{"match_phrase":{"t":"a b"}}"#, phrase(0, None));
    check(
        r#"{"match_phrase":{"t":{"query":"a b","slop":3}}}"#,
        phrase(3, None),
    );
    check(
        r#"{"match_phrase_prefix":{"t":"a b"}}"#,
        phrase(0, Some(50)),
    );
    check(
        r#"{"match_phrase_prefix":{"t":{"query":"a b","max_expansions":4,"slop":1}}}"#,
        phrase(1, Some(4)),
    );
    let multi = |kind, tie_breaker| Query::MultiMatch {
        fields: vec![("t".to_owned(), 1.0), ("u".to_owned(), 2.5)],
        text: "a".to_owned(),
        options: MatchOptions::default(),
        kind,
        tie_breaker,
    };
    for (name, kind) in [
        ("best_fields", MatchType::BestFields),
        ("most_fields", MatchType::MostFields),
        ("cross_fields", MatchType::CrossFields),
        ("bool_prefix", MatchType::BoolPrefix),
        ("phrase", MatchType::Phrase { slop: 0 }),
        (
            "phrase_prefix",
            MatchType::PhrasePrefix {
                slop: 0,
                max_expansions: 50,
            },
        ),
    ] {
        check(
            &format!(r#"{{"multi_match":{{"query":"a","fields":["t","u^2.5"],"type":"{name}"}}}}"#),
            multi(kind, None),
        );
    }
    check(
        r#"{"multi_match":{"query":"a","fields":["t","u^2.5"],"tie_breaker":0.3}}"#,
        multi(MatchType::BestFields, Some(0.3)),
    );
}

#[test]
fn what_is_typed_is_read_with_its_parameters() {
    let options = MatchOptions {
        analyzer: Some(Analyzer::Simple),
        lenient: true,
        ..MatchOptions::default()
    };
    check(
        r#"{"query_string":{"query":"quick","default_field":"t","analyzer":"simple","lenient":true}}"#,
        Query::MultiMatch {
            fields: vec![("t".to_owned(), 1.0)],
            text: "quick".to_owned(),
            options,
            kind: MatchType::BestFields,
            tie_breaker: None,
        },
    );
    check(
        r#"{"query_string":{"query":"k:x^2","escape":false}}"#,
        boosted(query(r#"{"query_string":{"query":"k:x"}}"#), 2.0),
    );
    let body = r#"{"query":{"query_string":{"query":"d:[now-1d TO *]","time_zone":"+02:00"}}}"#;
    let params = crate::UrlParams::new("/", Vec::new());
    let read = super::super::SearchBody::parse(body.as_bytes(), &params, 77).unwrap();
    // No field is named for what has none, so what does not fit a field matches nothing.
    let Retriever::Standard(Query::Lenient { query: range }) = read.request.retriever else {
        panic!("not lenient");
    };
    let Query::Range { dates, .. } = *range else {
        panic!("no range");
    };
    assert_eq!(
        (dates.now_ms, dates.time_zone.as_deref()),
        (77, Some("+02:00"))
    );
    let two = Some(MinimumShouldMatch::number(2));
    let Query::Bool(both) = query(
        r#"{"query_string":{"query":"a OR b OR c","default_field":"t","minimum_should_match":2}}"#,
    ) else {
        panic!("no bool");
    };
    assert_eq!(both.minimum_should_match, two);
    let Query::MultiMatch { text, options, .. } =
        query(r#"{"query_string":{"query":"a b c","default_field":"t","minimum_should_match":2}}"#)
    else {
        panic!("not one text");
    };
    assert_eq!(
        (text.as_str(), options.minimum_should_match),
        ("a b c", two)
    );
    let Query::MultiMatch { options, .. } =
        query(r#"{"query_string":{"query":"a b c","fields":["t","u"],"minimum_should_match":2}}"#)
    else {
        panic!("not one text");
    };
    assert_eq!(options.minimum_should_match, None);
}

#[test]
fn queries_of_queries_are_read() {
    let one = || term("k", "a");
    check(r#"{"bool":{}}"#, Query::All);
    check(
        r#"{"bool":{"must":{"term":{"k":"a"}},"should":[{"term":{"k":"a"}},{"match_all":{}}],"filter":[{"term":{"k":"a"}}],
            "must_not":{"term":{"k":"a"}},"minimum_should_match":"-25%","boost":3}}"#,
        boosted(
            Query::Bool(Bool {
                must: vec![one()],
                filter: vec![one()],
                should: vec![one(), Query::All],
                must_not: vec![one()],
                minimum_should_match: Some(MinimumShouldMatch::new("-25%")),
            }),
            3.0,
        ),
    );
    check(
        r#"{"bool":{"must_not":{"term":{"k":"a"}},"adjust_pure_negative":false}}"#,
        Query::None,
    );
    check(
        r#"{"constant_score":{"filter":{"term":{"k":"a"}},"boost":1.5}}"#,
        Query::ConstantScore {
            query: Box::new(one()),
            score: 1.5,
        },
    );
    check(
        r#"{"dis_max":{"queries":[{"term":{"k":"a"}}],"tie_breaker":0.5}}"#,
        Query::DisMax {
            queries: vec![one()],
            tie_breaker: 0.5,
        },
    );
    check(
        r#"{"boosting":{"positive":{"term":{"k":"a"}},"negative":{"match_all":{}},"negative_boost":0.2}}"#,
        Query::Boosting {
            positive: Box::new(one()),
            negative: Box::new(Query::All),
            negative_boost: 0.2,
        },
    );
    let Query::Nested {
        path,
        score_mode,
        ignore_unmapped,
        inner_hits,
        ..
    } = query(
        r#"{"nested":{"path":"ns","query":{"match_all":{}},"score_mode":"max","ignore_unmapped":true,
            "inner_hits":{"size":5,"_source":["ns.k"],"sort":[{"ns.n":"desc"}],"docvalue_fields":["ns.n"]}}}"#,
    )
    else {
        panic!("not nested");
    };
    let hits = inner_hits.unwrap();
    assert_eq!(
        (path.as_str(), score_mode, ignore_unmapped),
        ("ns", ScoreMode::Max, true)
    );
    assert_eq!(
        (hits.name.as_str(), hits.from, hits.size, hits.sort.len()),
        ("ns", 0, 5, 1)
    );
    assert_eq!(hits.source.0, json!(["ns.k"]));
    let Query::ScriptScore {
        script, min_score, ..
    } = query(
        r#"{"script_score":{"query":{"match_all":{}},"script":{"source":"_score","lang":"painless","params":{"a":[1,2.5]}},"min_score":1}}"#,
    )
    else {
        panic!("no script");
    };
    assert_eq!((script.source.as_str(), min_score), ("_score", Some(1.0)));
    assert_eq!(script.params.0, json!({"a": [1, 2.5]}));
}

#[test]
fn the_nearest_are_sought_in_the_query_and_at_the_top() {
    let knn = |k, num_candidates| Knn {
        num_candidates,
        ..Knn::new("v", vec![1.0, -2.0], k)
    };
    let one = |knn: Knn| Query::Knn(Box::new(knn));
    let body = |body: &str| {
        let request = parse(body).unwrap().request;
        match request.retriever {
            Retriever::Standard(query) => (query, request.nearest),
            other => panic!("{other:?}"),
        }
    };
    let alone = |knn: Knn| (Query::None, vec![knn]);
    check(
        r#"{"knn":{"field":"v","query_vector":[1,-2]}}"#,
        one(knn(10, 15)),
    );
    check(
        r#"{"knn":{"field":"v","query_vector":[1,-2],"k":3}}"#,
        one(knn(3, 5)),
    );
    check(
        r#"{"knn":{"field":"v","query_vector":[1,-2],"num_candidates":7}}"#,
        one(knn(7, 7)),
    );
    check(
        r#"{"knn":{"field":"v","query_vector":"01fe","k":1,"num_candidates":2}}"#,
        one(knn(1, 2)),
    );
    // 1.0 and -2.0, four bytes each, the highest first.
    check(
        r#"{"knn":{"field":"v","query_vector":"P4AAAMAAAAA=","k":1,"num_candidates":2}}"#,
        one(knn(1, 2)),
    );
    assert_eq!(
        body(r#"{"size":4,"query":{"knn":{"field":"v","query_vector":[1,-2]}}}"#),
        (one(knn(4, 6)), Vec::new())
    );
    assert_eq!(
        body(r#"{"knn":{"field":"v","query_vector":[1,-2],"k":1}}"#),
        alone(knn(1, 2))
    );
    assert_eq!(
        body(r#"{"size":20,"knn":{"field":"v","query_vector":[1,-2]}}"#),
        alone(knn(20, 30))
    );
    let whole = Knn {
        filter: Some(Box::new(term("k", "a"))),
        similarity: Some(0.5),
        boost: 2.0,
        name: "n".to_owned(),
        ..knn(2, 9)
    };
    assert_eq!(
        body(
            r#"{"knn":{"field":"v","query_vector":[1,-2],"k":2,"num_candidates":9,"similarity":0.5,"boost":2,"_name":"n",
            "filter":[{"term":{"k":"a"}}],"rescore_vector":{"oversample":2}}}"#
        ),
        alone(whole)
    );
    assert_eq!(
        body(
            r#"{"query":{"match_all":{}},"knn":[{"field":"v","query_vector":[1,-2],"k":1},{"field":"v","query_vector":[1,-2],"k":2}]}"#
        ),
        (Query::All, vec![knn(1, 2), knn(2, 3)])
    );
}
