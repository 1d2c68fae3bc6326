//! Scores, sorts and refusals as Elasticsearch 8.19 gives them for the same documents.

use crate::support::*;
use document::{Analyzer, FieldKind, FieldMapping, Mapping};
use engine::Engine;
use query::{
    Bool, Bound, DateReading, Distance, Fuzziness, MatchOptions, MatchType, Query, Retriever,
};
use serde_json::json;
use tempfile::TempDir;

/// The documents for which the expected values below were answered.
pub(crate) fn corpus() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    let text = || FieldMapping::from(FieldKind::Text(Analyzer::Standard));
    let mut without_norms = text();
    without_norms.options.norms = false;
    let mut unindexed = text();
    unindexed.options.index = false;
    let mapping = Mapping::new()
        .with("t", text())
        .with("tn", without_norms)
        .with("ni", unindexed)
        .with("k", FieldKind::KEYWORD)
        .with("n", FieldKind::Long)
        .with("i", FieldKind::Integer)
        .with("f", FieldKind::Float)
        .with("d", FieldKind::Date)
        .with("b", FieldKind::Boolean);
    engine.create_index("a", mapping).unwrap();
    write(
        &engine,
        vec![
            put(
                "1",
                json!({"t": "red car", "k": ["a", "b", "b"], "n": 1, "i": 1, "f": 1.5, "d": "2020-01-01", "b": true, "tn": "red red car"}),
            ),
            put(
                "2",
                json!({"t": "red red bicycle on the street", "k": "a", "n": 5, "i": 5, "f": 2.5, "d": "2021-06-01T12:00:00Z", "b": false, "tn": "red"}),
            ),
            put(
                "3",
                json!({"t": ["blue car", "street"], "k": "c", "n": -7, "tn": ""}),
            ),
            put("4", json!({"t": ""})),
            put("5", json!({"t": "!!"})),
            put("6", json!({"n": [3, 9], "k": []})),
        ],
    );
    engine.refresh("a").unwrap();
    (folder, engine)
}

pub(crate) fn term(field: &str, value: &str) -> Query {
    Query::Term {
        field: field.to_owned(),
        value: value.to_owned(),
        case_insensitive: false,
    }
}

pub(crate) fn words(field: &str, text: &str, options: MatchOptions) -> Query {
    Query::Match {
        field: field.to_owned(),
        text: text.to_owned(),
        options,
    }
}

fn phrase(text: &str, slop: u32, prefix: Option<u32>) -> Query {
    Query::MatchPhrase {
        field: "t".to_owned(),
        text: text.to_owned(),
        slop,
        prefix,
        options: MatchOptions::default(),
    }
}

fn fuzzy() -> Fuzziness {
    Fuzziness {
        distance: Distance::default(),
        ..Fuzziness::default()
    }
}

/// Ids and scores of the hits.
fn scored(engine: &Engine, query: Query) -> Vec<(String, f32)> {
    let answer = run(engine, &ask(Retriever::Standard(query))).unwrap();
    let hits = answer.hits.into_iter();
    hits.map(|hit| (hit.stored.id, hit.score.unwrap()))
        .collect()
}

pub(crate) fn check(engine: &Engine, query: Query, expected: &[(&str, f32)]) {
    let found = scored(engine, query.clone());
    let same = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| {
            found.0 == expected.0 && (found.1 - expected.1).abs() <= 1e-4 * expected.1.abs()
        });
    assert!(same, "{query:?}: {found:?} is not {expected:?}");
}

#[test]
fn leaves_score_as_in_elasticsearch() {
    let (_folder, engine) = corpus();
    let none = MatchOptions::default;
    let near = || MatchOptions {
        fuzziness: Some(fuzzy()),
        ..MatchOptions::default()
    };
    check(
        &engine,
        words("t", "red", none()),
        &[("1", 0.577_364_9), ("2", 0.548_148_8)],
    );
    check(
        &engine,
        words("tn", "red", none()),
        &[("1", 0.291_714_52), ("2", 0.229_204_28)],
    );
    check(
        &engine,
        term("k", "a"),
        &[("1", 0.523_548_36), ("2", 0.523_548_36)],
    );
    check(&engine, term("k", "b"), &[("1", 1.092_569_2)]);
    check(&engine, term("b", "true"), &[("1", std::f32::consts::LN_2)]);
    check(&engine, term("n", "5"), &[("2", 1.0)]);
    check(&engine, term("n", "5.5"), &[]);
    check(&engine, term("i", "99999999999"), &[]);
    check(
        &engine,
        phrase("red bicycle", 0, None),
        &[("2", 1.151_152_6)],
    );
    check(&engine, phrase("bicycle red", 3, None), &[("2", 0.505_182)]);
    check(
        &engine,
        phrase("red street", 4, None),
        &[("2", 0.255_597_47)],
    );
    check(
        &engine,
        words("t", "rad cor", near()),
        &[("1", 0.769_819_8), ("2", 0.365_432_5), ("3", 0.338_514_48)],
    );
    let wildcard = Query::Wildcard {
        field: "t".to_owned(),
        pattern: "r*".to_owned(),
        case_insensitive: false,
        normalized: true,
    };
    check(&engine, wildcard, &[("1", 1.0), ("2", 1.0)]);
    let terms = Query::Terms {
        field: "k".to_owned(),
        values: vec!["a".to_owned(), "c".to_owned()],
    };
    check(&engine, terms, &[("1", 1.0), ("2", 1.0), ("3", 1.0)]);
}

#[test]
fn clauses_score_as_in_elasticsearch() {
    let (_folder, engine) = corpus();
    let of = |clauses: Bool| Query::Bool(clauses);
    let all = ["1", "2", "3", "4", "5", "6"];
    let every: Vec<_> = all.iter().map(|id| (*id, 1.0)).collect();
    check(&engine, of(Bool::default()), &every);
    let excluded = Bool {
        must_not: vec![term("k", "a")],
        ..Bool::default()
    };
    check(
        &engine,
        of(excluded),
        &[("3", 0.0), ("4", 0.0), ("5", 0.0), ("6", 0.0)],
    );
    let filtered = Bool {
        filter: vec![term("k", "a")],
        ..Bool::default()
    };
    check(&engine, of(filtered), &[("1", 0.0), ("2", 0.0)]);
    let minimum = |number| Some(query::MinimumShouldMatch::number(number));
    let none_needed = Bool {
        should: vec![term("k", "a")],
        minimum_should_match: minimum(0),
        ..Bool::default()
    };
    check(
        &engine,
        of(none_needed),
        &[("1", 0.523_548_36), ("2", 0.523_548_36)],
    );
    let too_many = Bool {
        must: vec![Query::All],
        should: vec![term("k", "a")],
        minimum_should_match: minimum(2),
        ..Bool::default()
    };
    check(&engine, of(too_many), &[]);
    let boosting = Query::Boosting {
        positive: Box::new(term("n", "5")),
        negative: Box::new(term("k", "a")),
        negative_boost: 0.25,
    };
    check(&engine, boosting, &[("2", 0.25)]);
}

#[test]
fn several_fields_score_as_in_elasticsearch() {
    let (_folder, engine) = corpus();
    let query = |kind| Query::MultiMatch {
        fields: vec![("t".to_owned(), 1.0), ("tn".to_owned(), 2.0)],
        text: "red car".to_owned(),
        options: MatchOptions::default(),
        kind,
        tie_breaker: None,
    };
    let (second, third) = (("2", 0.548_148_8), ("3", 0.507_771_8));
    check(
        &engine,
        query(MatchType::BestFields),
        &[("1", 2.326_199_3), second, third],
    );
    check(
        &engine,
        query(MatchType::CrossFields),
        &[("1", 1.160_794), second, third],
    );
    let most = [("1", 3.480_929_1), ("2", 1.006_557_3), third];
    check(&engine, query(MatchType::MostFields), &most);
    check(&engine, phrase("red c", 0, Some(50)), &[("1", 1.154_729_8)]);
    check(
        &engine,
        phrase("b", 0, Some(50)),
        &[("3", 1.059_645_8), ("2", 0.778_231_6)],
    );
}

fn bounded(field: &str, lower: Bound, upper: Bound) -> Query {
    Query::Range {
        field: field.to_owned(),
        lower,
        upper,
        dates: DateReading::default(),
    }
}

#[test]
fn ranges_hold_what_they_say() {
    let (_folder, engine) = corpus();
    let including = |value: &str| Bound::Including(value.to_owned());
    let excluding = |value: &str| Bound::Excluding(value.to_owned());
    let check = |query: Query, expected: &[&str]| {
        let found = scored(&engine, query.clone());
        let found: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(found, expected, "{query:?}");
    };
    check(bounded("n", excluding("1.5"), Bound::Open), &["2", "6"]);
    check(
        bounded("n", excluding("-7.5"), Bound::Open),
        &["1", "2", "3", "6"],
    );
    check(bounded("n", Bound::Open, excluding("1.5")), &["1", "3"]);
    check(bounded("n", Bound::Open, including("-6.5")), &["3"]);
    check(
        bounded("n", excluding("9223372036854775807"), Bound::Open),
        &[],
    );
    check(
        bounded("f", including("1.4999999999999"), Bound::Open),
        &["1", "2"],
    );
    check(
        bounded("f", Bound::Open, including("1.4999999999999")),
        &["1"],
    );
    check(bounded("f", including("1e40"), Bound::Open), &[]);
    check(
        bounded("d", including("2020"), excluding("2020-01-01||+1d")),
        &["1"],
    );
    check(
        bounded("d", excluding("2020-01-01||/d"), Bound::Open),
        &["2"],
    );
    check(
        bounded("n", Bound::Open, Bound::Open),
        &["1", "2", "3", "6"],
    );
}

#[test]
fn what_does_not_fit_is_refused_in_the_words_of_elasticsearch() {
    let (_folder, engine) = corpus();
    let including = |value: &str| Bound::Including(value.to_owned());
    let prefix = |field: &str| Query::Prefix {
        field: field.to_owned(),
        value: "5".to_owned(),
        case_insensitive: false,
        normalized: true,
    };
    let cases = [
        (
            term("n", "abc"),
            "failed to create query: For input string: \"abc\"",
        ),
        (term("n", ""), "failed to create query: empty String"),
        (
            term("b", "yes"),
            "failed to create query: Can't parse boolean value [yes], expected [true] or [false]",
        ),
        (
            bounded("n", including("1.0E30"), Bound::Open),
            "failed to create query: Value [1.0E30] is out of range for a long",
        ),
        (
            bounded("i", including("99999999999"), Bound::Open),
            "failed to create query: Value [99999999999] is out of range for an integer",
        ),
        (
            bounded("d", including("abc"), Bound::Open),
            "failed to parse date field [abc] with format [strict_date_optional_time||epoch_millis]",
        ),
        (
            words("ni", "x", MatchOptions::default()),
            "failed to create query: Cannot search on field [ni] since it is not indexed.",
        ),
        (
            prefix("n"),
            "Can only use prefix queries on keyword, text and wildcard fields - not on [n] which is of type [long]",
        ),
    ];
    for (query, reason) in cases {
        let failure = run(&engine, &ask(Retriever::Standard(query))).unwrap_err();
        let failure = failure.into_failure();
        assert!(failure.reason.starts_with(reason), "{}", failure.reason);
    }
    let lenient = MatchOptions {
        lenient: true,
        ..MatchOptions::default()
    };
    check(&engine, words("n", "abc", lenient), &[]);
}
