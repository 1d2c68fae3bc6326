//! Addresses that name a type, as clients before 8 write them.

use super::call::Call;
use axum::http::Method;

const OF_INDEXING: &str = "[types removal] Specifying types in document index requests is deprecated, use the typeless endpoints instead (/{index}/_doc/{id}, /{index}/_doc, or /{index}/_create/{id}).";
const OF_GETTING: &str = "[types removal] Specifying types in document get requests is deprecated, use the /{index}/_doc/{id} endpoint instead.";
const OF_SOURCE: &str =
    "[types removal] Specifying types in get_source and exist_source requests is deprecated.";
const OF_DELETING: &str = "[types removal] Specifying types in document index requests is deprecated, use the /{index}/_doc/{id} endpoint instead.";
const OF_UPDATING: &str = "[types removal] Specifying types in document update requests is deprecated, use the endpoint /{index}/_update/{id} instead.";
const OF_MAPPING: &str = "[types removal] Specifying types in put mapping request is deprecated. Use typeless api instead";

/// Answers the parts of an address without the type in it, and what is said of it; none where it names no type, or comes
/// from a client to which types are no longer known.
pub(super) fn untyped<'a>(
    call: &Call,
    segments: &[&'a str],
) -> Option<(Vec<&'a str>, &'static str)> {
    if !call.typed {
        return None;
    }
    typeless(&call.method, segments)
}

/// Answers the type that an address names, for answers to name it again.
pub(super) fn kind(call: &Call) -> Option<String> {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    untyped(call, &segments)?;
    segments.get(1).map(|kind| (*kind).to_owned())
}

/// Takes the type out of an address. There is one type, so that its name does not matter.
fn typeless<'a>(method: &Method, segments: &[&'a str]) -> Option<(Vec<&'a str>, &'static str)> {
    let is_type = |kind: &str| !kind.starts_with('_') || kind == "_doc";
    let own = |kind: &str| !kind.starts_with('_');
    let (rest, warning) = match *segments {
        [index, ..] if index.starts_with('_') => return None,
        [index, kind] if own(kind) && *method == Method::POST => (vec![index, "_doc"], OF_INDEXING),
        [index, kind, last] if is_type(kind) && last.starts_with('_') => {
            let warning = match last {
                "_search" => "[types removal] Specifying types in search requests is deprecated.",
                "_count" => "[types removal] Specifying types in count requests is deprecated.",
                "_msearch" => {
                    "[types removal] Specifying types in multi search template requests is deprecated."
                }
                "_mget" => "[types removal] Specifying types in multi get requests is deprecated.",
                "_bulk" => "[types removal] Specifying types in bulk requests is deprecated.",
                "_mapping" | "_mappings" => OF_MAPPING,
                _ => return document(method, index, kind, last),
            };
            (vec![index, last], warning)
        }
        [index, mapping @ ("_mapping" | "_mappings"), kind] if is_type(kind) => {
            (vec![index, mapping], OF_MAPPING)
        }
        [index, kind, id] => return document(method, index, kind, id),
        [index, kind, id, "_update"] if is_type(kind) => (vec![index, "_update", id], OF_UPDATING),
        [index, kind, id, "_create"] if is_type(kind) => (vec![index, "_create", id], OF_INDEXING),
        [index, kind, id, "_source"] if is_type(kind) => (vec![index, "_source", id], OF_SOURCE),
        _ => return None,
    };
    Some((rest, warning))
}

/// A document of a type; `_doc` is no type there but the address of today.
fn document<'a>(
    method: &Method,
    index: &'a str,
    kind: &str,
    id: &'a str,
) -> Option<(Vec<&'a str>, &'static str)> {
    if kind.starts_with('_') {
        return None;
    }
    let warning = match *method {
        Method::GET | Method::HEAD => OF_GETTING,
        Method::DELETE => OF_DELETING,
        _ => OF_INDEXING,
    };
    Some((vec![index, "_doc", id], warning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_taken_out_of_addresses() {
        let check = |method: Method, path: &str, expected: Option<&str>| {
            let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
            let found = typeless(&method, &segments).map(|(rest, _)| rest.join("/"));
            assert_eq!(found.as_deref(), expected, "{method} {path}");
        };
        check(Method::PUT, "/a/picture/1", Some("a/_doc/1"));
        check(Method::GET, "/a/picture/1", Some("a/_doc/1"));
        check(Method::POST, "/a/picture", Some("a/_doc"));
        check(Method::GET, "/a/picture", None);
        check(Method::PUT, "/a/_doc/1", None);
        check(Method::PUT, "/a/_create/1", None);
        check(Method::POST, "/a/picture/_search", Some("a/_search"));
        check(Method::POST, "/a/_doc/_search", Some("a/_search"));
        check(Method::POST, "/a/_doc/_bulk", Some("a/_bulk"));
        check(Method::POST, "/a/picture/1/_update", Some("a/_update/1"));
        check(Method::PUT, "/a/_doc/1/_create", Some("a/_create/1"));
        check(Method::GET, "/a/picture/1/_source", Some("a/_source/1"));
        check(Method::PUT, "/a/_mapping/picture", Some("a/_mapping"));
        check(Method::PUT, "/a/picture/_mapping", Some("a/_mapping"));
        check(Method::GET, "/a/_mapping/field/f", None);
        check(Method::GET, "/_cat/indices/a", None);
    }
}
