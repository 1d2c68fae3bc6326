//! What addresses say, and several searches in one request.

use super::super::{QueryBody, SearchBody, parse_multi_search};
use crate::{NameOptions, UrlParams};
use query::{Query, Retriever, SortKey, TrackTotal};

fn params(pairs: &[(&str, &str)]) -> UrlParams {
    let owned = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    UrlParams::new("/a/_search", owned.collect())
}

fn parse(body: &str, pairs: &[(&str, &str)]) -> Result<SearchBody, String> {
    SearchBody::parse(body.as_bytes(), &params(pairs), 0).map_err(|failure| failure.reason)
}

#[test]
fn an_address_counts_more_than_the_body() {
    let read = parse(
        r#"{"size":1,"sort":"k","query":{"match_none":{}}}"#,
        &[
            ("size", "3"),
            ("from", "2"),
            ("sort", "n:desc,_score"),
            ("q", "k:a"),
            ("_source", "a,b"),
            ("track_total_hits", "true"),
            ("typed_keys", "true"),
            ("version", ""),
            ("docvalue_fields", "n,d"),
        ],
    )
    .unwrap();
    assert_eq!((read.request.size, read.request.from), (3, 2));
    assert_eq!(read.request.sort.len(), 3);
    assert!(read.request.sort[1].descending);
    assert_eq!(read.request.sort[2].key, SortKey::Score);
    assert!(matches!(
        read.request.retriever,
        Retriever::Standard(Query::Match { .. } | Query::Term { .. })
    ));
    assert_eq!(read.form.source.includes, ["a", "b"]);
    assert_eq!(read.request.track_total, TrackTotal::All);
    assert!(read.form.typed_keys && read.form.version);
    assert_eq!(read.request.fetch.docvalue_fields.len(), 2);
}

#[test]
fn what_is_wrong_with_an_address_is_said_as_elasticsearch_says_it() {
    let check = |pairs: &[(&str, &str)], reason: &str| {
        assert_eq!(parse("", pairs).unwrap_err(), reason);
    };
    check(
        &[("size", "-2")],
        "[size] parameter cannot be negative, found [-2]",
    );
    check(
        &[("size", "x")],
        "Failed to parse int parameter [size] with value [x]",
    );
    check(
        &[("from", "-1")],
        "[from] parameter cannot be negative but was [-1]",
    );
    check(
        &[("df", "t")],
        "request [/a/_search] contains parameters [df] but missing query string parameter 'q'.",
    );
    check(
        &[("track_total_hits", "x")],
        "Failed to parse int parameter [track_total_hits] with value [x]",
    );
    check(
        &[("version", "x")],
        "Failed to parse value [x] as only [true] or [false] are allowed.",
    );
    check(
        &[
            ("rest_total_hits_as_int", "true"),
            ("track_total_hits", "10"),
        ],
        "[rest_total_hits_as_int] cannot be used if the tracking of total hits is not accurate, got 10",
    );
    check(&[("terminate_after", "-5")], "terminateAfter must be > 0");
    check(
        &[("timeout", "x")],
        "failed to parse setting [timeout] with value [x] as a time value: unit is missing or unrecognized",
    );
    check(&[("search_type", "foo")], "No search type for [foo]");
    check(&[("scroll", "1m")], "[scroll] is not supported");
    check(
        &[("source", "{}")],
        "Validation Failed: 1: source and source_content_type parameters are required;",
    );
    check(&[("q", "t:(")], "Failed to parse query [t:(]");
    let read = parse("", &[("rest_total_hits_as_int", "true")]).unwrap();
    assert_eq!(
        (read.request.track_total, read.form.total_as_int),
        (TrackTotal::All, true)
    );
    let source = [
        ("source", r#"{"size":7}"#),
        ("source_content_type", "application/json"),
    ];
    assert_eq!(parse("", &source).unwrap().request.size, 7);
}

#[test]
fn a_query_alone_is_read() {
    let count = |body: &str, pairs: &[(&str, &str)]| {
        QueryBody::parse(body.as_bytes(), &params(pairs), 0).map_err(|failure| failure.reason)
    };
    assert_eq!(count("", &[]).unwrap().query, Query::All);
    assert_eq!(
        count("{}", &[("min_score", "2.5")]).unwrap().min_score,
        Some(2.5)
    );
    assert_eq!(
        count(r#"{"query":{"match_none":{}}}"#, &[]).unwrap().query,
        Query::None
    );
    assert_eq!(
        count(r#"{"size":1}"#, &[]).unwrap_err(),
        "request does not support [size]"
    );
    assert_eq!(
        count("[]", &[]).unwrap_err(),
        "Expected [START_OBJECT] but found [START_ARRAY]"
    );
}

#[test]
fn several_searches_are_read_in_pairs_of_lines() {
    let names = NameOptions {
        ignore_unavailable: false,
        allow_no_indices: true,
        allow_patterns: true,
        expand: crate::Expand::Visible,
    };
    let read = |body: &str, pairs: &[(&str, &str)]| {
        parse_multi_search(body.as_bytes(), &params(pairs), names, 0)
            .map_err(|failure| failure.reason)
    };
    let items = read(
        "{}\n{\"size\":1}\n\n{\"size\":2}\n{\"index\":[\"a\",\"b\"],\"ignore_unavailable\":true,\"preference\":\"x\"}\n{}\n",
        &[("typed_keys", "true")],
    )
    .unwrap();
    let sizes: Vec<usize> = items
        .iter()
        .map(|item| item.search.as_ref().unwrap().request.size)
        .collect();
    assert_eq!(sizes, [1, 2, 10]);
    assert_eq!(items[0].indices, None);
    assert_eq!(items[2].indices.as_deref(), Some("a,b"));
    assert!(items[2].names.ignore_unavailable && !items[1].names.ignore_unavailable);
    assert!(items[0].search.as_ref().unwrap().form.typed_keys);
    for (body, reason) in [
        (
            "{}\n{\"size\":0}",
            "The msearch request must be terminated by a newline [\n]",
        ),
        ("", "request body or source parameter is required"),
        ("{}\n", "Validation Failed: 1: no requests added;"),
        (
            "{\"foo\":1}\n{}\n",
            "key [foo] is not supported in the metadata section",
        ),
        (
            "{}\n{\"foo\":1}\n",
            "Unknown key for a VALUE_NUMBER in [foo].",
        ),
        (
            "{\"search_type\":\"foo\"}\n{}\n",
            "No search type for [foo]",
        ),
    ] {
        assert_eq!(read(body, &[]).unwrap_err(), reason, "{body}");
    }
    let refused = read(
        "{}\n{\"query\":{\"query_string\":{\"query\":\"(\"}}}\n",
        &[],
    )
    .unwrap();
    assert!(refused[0].search.is_err());
}
