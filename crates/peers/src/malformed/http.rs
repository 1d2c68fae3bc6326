//! What is wrong before anything is read of a body.

use super::INDEX;
use super::cases::{Body, Case, Expected};

/// More than any server takes: the limit is 100 MB.
const TOO_LONG: usize = 101 << 20;
/// The first bytes of `{"query":{"match_all":{}}}` under gzip.
const HALF_GZIP: [u8; 16] = [
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0x56, 0x2a, 0x2c, 0x4d, 0x2d,
];

pub(super) fn cases() -> Vec<Case> {
    let search = || Case::search("{}");
    let named = |name: &str, case: Case| Case {
        name: name.to_owned(),
        ..case
    };
    let mut cases = vec![
        named(
            "half a gzip",
            Case::search(HALF_GZIP).with("content-encoding", "gzip"),
        ),
        named(
            "no gzip where one is promised",
            Case::search("{\"size\":1}").with("content-encoding", "gzip"),
        ),
        named(
            "an unknown content type",
            search().with("content-type", "text/fancy"),
        ),
        named(
            "XML's content type",
            search().with("content-type", "application/xml"),
        ),
        named(
            "a content type that is none",
            search().with("content-type", "///"),
        ),
        named(
            "form's content type for a bulk",
            Case::new("", "POST", "/{index}/_bulk", "{}\n")
                .with("content-type", "application/x-www-form-urlencoded"),
        ),
        named(
            "a vendor's type of an unknown version",
            search().with(
                "content-type",
                "application/vnd.elasticsearch+json; compatible-with=99",
            ),
        ),
        named(
            "percent-encoding without its digits",
            Case::new("", "GET", "/{index}/_doc/%zz", ""),
        ),
        named(
            "percent-encoding cut off",
            Case::new("", "GET", "/{index}/_doc/%e", ""),
        ),
        named(
            "percent-encoding that is no UTF-8",
            Case::new("", "GET", "/{index}%ff%fe/_search", ""),
        ),
        named(
            "percent-encoding in an option",
            Case::new("", "GET", "/{index}/_search?q=%zz", ""),
        ),
        named(
            "a path out of the index",
            Case::new("", "GET", "/../../etc/passwd", ""),
        ),
        named(
            "a path of nothing",
            Case::new("", "GET", "/peers-nowhere/_doc/%2e%2e%2f", ""),
        ),
        named(
            "a long path",
            Case::new("", "GET", &format!("/{}", "a".repeat(20_000)), ""),
        )
        .expecting(Expected::RefusedByHttp),
        named(
            "an unknown method",
            Case::new("", "BREW", "/{index}/_search", ""),
        ),
        named("a trace", Case::new("", "TRACE", "/{index}", "")),
    ];
    // What Elasticsearch refuses before it looks for a handler is told in one string.
    let told_shortly = [
        "an unknown content type",
        "XML's content type",
        "form's content type for a bulk",
        "a path out of the index",
        "an unknown method",
        "a trace",
    ];
    for case in cases
        .iter_mut()
        .filter(|case| told_shortly.contains(&case.name.as_str()))
    {
        case.expected = Expected::RefusedShortly;
    }
    for (name, path, chunked) in [
        ("a body of 101 MB", "/{index}/_search", false),
        ("a body of 101 MB in chunks", "/{index}/_search", true),
        ("a bulk of 101 MB", "/{index}/_bulk", false),
        ("a bulk of 101 MB in chunks", "/{index}/_bulk", true),
    ] {
        let mut case = Case::new(name, "POST", path, "");
        case.body = Body::Long {
            bytes: TOO_LONG,
            chunked,
        };
        cases.push(case);
    }
    let host = "host: localhost\r\n";
    let json = "content-type: application/json\r\n";
    let lengths = format!("POST /{INDEX}/_search HTTP/1.1\r\n{host}{json}");
    for (name, bytes) in [
        ("no HTTP", "hello\r\n\r\n".to_owned()),
        (
            "a version of HTTP that is none",
            format!("GET / HTTP/9.9\r\n{host}\r\n"),
        ),
        (
            "lengths that differ",
            format!("{lengths}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}} "),
        ),
        (
            "a length that is no number",
            format!("{lengths}content-length: two\r\n\r\n{{}}"),
        ),
        (
            "a length below 0",
            format!("{lengths}content-length: -2\r\n\r\n{{}}"),
        ),
        (
            "a length beyond all",
            format!("{lengths}content-length: 99999999999999999999999\r\n\r\n{{}}"),
        ),
        (
            "a chunk without a size",
            format!("{lengths}transfer-encoding: chunked\r\n\r\nxyz\r\n{{}}\r\n0\r\n\r\n"),
        ),
        (
            "an unknown transfer encoding",
            format!("{lengths}transfer-encoding: pigeon\r\n\r\n{{}}"),
        ),
        (
            "a header without a name",
            format!("GET / HTTP/1.1\r\n{host}: x\r\n\r\n"),
        ),
        (
            "a header of 2,000,000 bytes",
            format!(
                "GET / HTTP/1.1\r\n{host}x: {}\r\n\r\n",
                "a".repeat(2_000_000)
            ),
        ),
        (
            "5,000 headers",
            format!("GET / HTTP/1.1\r\n{host}{}\r\n", "x: y\r\n".repeat(5_000)),
        ),
        (
            "a path with a control character",
            format!("GET /a\u{1}b HTTP/1.1\r\n{host}\r\n"),
        ),
    ] {
        let mut case = Case::new(name, "GET", "/", "").expecting(Expected::RefusedByHttp);
        case.body = Body::Raw(bytes.into_bytes());
        cases.push(case);
    }
    cases
}
