//! Addresses that name a type, as clients before 8 write them.

use super::call::Call;
use axum::http::Method;

const OF_INDEXING: &str = "[types removal] Specifying types in document index requests is deprecated, use the typeless endpoints instead (/{index}/_doc/{id}, /{index}/_doc, or /{index}/_create/{id}).";
const OF_GETTING: &str = "[types removal] Specifying types in document get requests is deprecated, use the /{index}/_doc/{id} endpoint instead.";
const OF_SOURCE: &str =
    "[types removal] Specifying types in get_source and exist_source requests is deprecated.";
const OF_DELETING: &str = "[types removal] Specifying types in document index requests is deprecated, use the /{index}/_doc/{id} endpoint instead.";
const OF_UPDATING: &str = "[types removal] Specifying types in document update requests is deprecated, use the endpoint /{index}/_update/{id} instead.";
const OF_GETTING_MAPPING: &str = "[types removal] Using include_type_name in get mapping requests is deprecated. The parameter will be removed in the next major version.";
const OF_MAPPING: &str = "[types removal] Specifying types in put mapping request is deprecated. Use typeless api instead";

/// An address without the type in it.
pub(super) struct Untyped<'a> {
    pub(super) segments: Vec<&'a str>,
    /// The type that it names.
    pub(super) kind: &'a str,
    /// What is said of it to the client.
    pub(super) warning: &'static str,
}

/// Takes the type out of an address; none where it names none, or comes from a client to which types are no longer
/// known. One that does not say of which generation it is knows them where it asks for their names.
pub(super) fn untyped<'a>(call: &Call, segments: &[&'a str]) -> Option<Untyped<'a>> {
    let asks = call.params.flag("include_type_name", false) == Ok(true);
    match call.typed || call.unmarked && asks {
        true => typeless(&call.method, segments),
        false => None,
    }
}

/// Takes the type out of an address. There is one type, so that its name does not matter.
fn typeless<'a>(method: &Method, segments: &[&'a str]) -> Option<Untyped<'a>> {
    let is_type = |kind: &str| !kind.starts_with('_') || kind == "_doc";
    let own = |kind: &str| !kind.starts_with('_');
    let with = |segments: Vec<&'a str>, kind: &'a str, warning: &'static str| {
        Some(Untyped {
            segments,
            kind,
            warning,
        })
    };
    match *segments {
        [mapping @ ("_mapping" | "_mappings"), kind] if kind != "field" => {
            with(vec![mapping], kind, OF_GETTING_MAPPING)
        }
        [mapping @ ("_mapping" | "_mappings"), kind, "field", fields] => {
            with(vec![mapping, "field", fields], kind, OF_GETTING_MAPPING)
        }
        [index, ..] if index.starts_with('_') && index != "_all" => None,
        [index, mapping @ ("_mapping" | "_mappings"), kind] if kind != "field" => {
            with(vec![index, mapping], kind, OF_MAPPING)
        }
        [
            index,
            mapping @ ("_mapping" | "_mappings"),
            kind,
            "field",
            fields,
        ] => with(
            vec![index, mapping, "field", fields],
            kind,
            OF_GETTING_MAPPING,
        ),
        [index, kind] if own(kind) && *method == Method::POST => {
            with(vec![index, "_doc"], kind, OF_INDEXING)
        }
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
            with(vec![index, last], kind, warning)
        }
        [index, kind, id] => document(method, index, kind, id),
        [index, kind, id, "_update"] if is_type(kind) => {
            with(vec![index, "_update", id], kind, OF_UPDATING)
        }
        [index, kind, id, "_create"] if is_type(kind) => {
            with(vec![index, "_create", id], kind, OF_INDEXING)
        }
        [index, kind, id, "_source"] if is_type(kind) => {
            with(vec![index, "_source", id], kind, OF_SOURCE)
        }
        _ => None,
    }
}

/// A document of a type; `_doc` is no type there but the address of today. `_all` is any type, and only read.
fn document<'a>(
    method: &Method,
    index: &'a str,
    kind: &'a str,
    id: &'a str,
) -> Option<Untyped<'a>> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if kind.starts_with('_') && !(kind == "_all" && reads) {
        return None;
    }
    let warning = match *method {
        Method::GET | Method::HEAD => OF_GETTING,
        Method::DELETE => OF_DELETING,
        _ => OF_INDEXING,
    };
    Some(Untyped {
        segments: vec![index, "_doc", id],
        kind,
        warning,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_taken_out_of_addresses() {
        let check = |method: Method, path: &str, expected: Option<&str>| {
            let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
            let found = typeless(&method, &segments).map(|found| found.segments.join("/"));
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
        check(Method::GET, "/a/_all/1", Some("a/_doc/1"));
        check(Method::DELETE, "/a/_all/1", None);
        check(Method::GET, "/_mapping/picture", Some("_mapping"));
        check(Method::GET, "/_mapping/field/f", None);
        check(
            Method::GET,
            "/a/_mapping/picture/field/f",
            Some("a/_mapping/field/f"),
        );
    }
}
