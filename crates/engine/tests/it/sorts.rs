//! Sorts and counts as Elasticsearch 8.19 gives them for the documents of `scores`.

use crate::scores::{corpus, term, words};
use crate::support::*;
use engine::Engine;
use query::{
    MatchOptions, Missing, Query, Retriever, SearchRequest, Sort, SortKey, SortMode, SortValue,
    TrackTotal,
};

fn by(field: &str, descending: bool) -> Sort {
    Sort {
        key: SortKey::Field {
            field: field.to_owned(),
            missing: Missing::Last,
            mode: None,
            unmapped_type: None,
            format: None,
            nested: None,
            numeric_type: None,
        },
        descending,
    }
}

/// Ids and the first sort value of each hit.
fn sorted(engine: &Engine, sort: Sort) -> Vec<(String, SortValue)> {
    let request = SearchRequest {
        sort: vec![sort],
        ..ask(Retriever::Standard(Query::All))
    };
    let answer = run(engine, &request).unwrap();
    let mut found = Vec::new();
    for hit in answer.hits {
        assert_eq!(hit.score, None, "scores are not asked for");
        found.push((hit.stored.id, hit.sort.into_iter().next().unwrap()));
    }
    found
}

#[test]
fn sorts_are_those_of_elasticsearch() {
    let (_folder, engine) = corpus();
    let long = SortValue::Long;
    let check = |sort: Sort, expected: &[(&str, SortValue)]| {
        let found = sorted(&engine, sort.clone());
        let expected: Vec<_> = expected
            .iter()
            .map(|(id, value)| ((*id).to_owned(), value.clone()))
            .collect();
        assert_eq!(found, expected, "{sort:?}");
    };
    let most = i64::MAX;
    check(
        by("n", false),
        &[
            ("3", long(-7)),
            ("1", long(1)),
            ("6", long(3)),
            ("2", long(5)),
            ("4", long(most)),
            ("5", long(most)),
        ],
    );
    check(
        by("n", true),
        &[
            ("6", long(9)),
            ("2", long(5)),
            ("1", long(1)),
            ("3", long(-7)),
            ("4", long(i64::MIN)),
            ("5", long(i64::MIN)),
        ],
    );
    let text = |text: &str| SortValue::Text(text.to_owned());
    let null = || SortValue::Null;
    check(
        by("k", true),
        &[
            ("3", text("c")),
            ("1", text("b")),
            ("2", text("a")),
            ("4", null()),
            ("5", null()),
            ("6", null()),
        ],
    );
    let mut between = by("k", false);
    let mut mean = by("n", false);
    if let SortKey::Field { missing, .. } = &mut between.key {
        *missing = Missing::Value("aa".to_owned());
    }
    if let SortKey::Field { mode, .. } = &mut mean.key {
        *mode = Some(SortMode::Avg);
    }
    check(
        between,
        &[
            ("1", text("a")),
            ("2", text("a")),
            ("4", text("aa")),
            ("5", text("aa")),
            ("6", text("aa")),
            ("3", text("c")),
        ],
    );
    check(
        mean,
        &[
            ("3", long(-7)),
            ("1", long(1)),
            ("2", long(5)),
            ("6", long(6)),
            ("4", long(most)),
            ("5", long(most)),
        ],
    );
    for (field, reason) in [
        (
            "nowhere",
            "No mapping found for [nowhere] in order to sort on",
        ),
        ("t", "Fielddata is disabled on [t] in [a]."),
    ] {
        let request = SearchRequest {
            sort: vec![by(field, false)],
            ..ask(Retriever::Standard(Query::All))
        };
        let error = run(&engine, &request).unwrap_err().into_failure();
        assert!(error.reason.starts_with(reason), "{}", error.reason);
    }
}

#[test]
fn hits_go_on_after_the_values_of_the_last_one() {
    let (_folder, engine) = corpus();
    let mut after = None;
    let mut seen = Vec::new();
    loop {
        let request = SearchRequest {
            size: 2,
            sort: vec![by("n", true), by("k", false)],
            search_after: after.clone(),
            ..SearchRequest::new(Retriever::Standard(Query::All))
        };
        let answer = run(&engine, &request).unwrap();
        assert_eq!(answer.total, 6, "what comes before counts as well");
        let Some(last) = answer.hits.last() else {
            break;
        };
        after = Some(last.sort.clone());
        seen.extend(answer.hits.into_iter().map(|hit| hit.stored.id));
    }
    assert_eq!(seen, ["6", "2", "1", "3", "4", "5"]);
}

#[test]
fn matches_are_counted_as_far_as_asked() {
    let (_folder, engine) = corpus();
    let count = |track_total| {
        let request = SearchRequest {
            track_total,
            ..ask(Retriever::Standard(Query::All))
        };
        let answer = run(&engine, &request).unwrap();
        (answer.total, answer.total_is_least)
    };
    assert_eq!(count(TrackTotal::All), (6, false));
    assert_eq!(count(TrackTotal::UpTo(6)), (6, false));
    assert_eq!(count(TrackTotal::UpTo(3)), (3, true));
    let request = SearchRequest {
        min_score: Some(0.55),
        post_filter: Some(term("k", "b")),
        ..ask(Retriever::Standard(words(
            "t",
            "red",
            MatchOptions::default(),
        )))
    };
    let answer = run(&engine, &request).unwrap();
    assert_eq!(ids(&answer), ["1"]);
    assert!((answer.max_score.unwrap() - 0.577_364_9).abs() < 1e-5);
}
