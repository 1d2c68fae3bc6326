//! Addresses that are not served, or not by the method that was used.

use super::call::Call;
use super::reply::Reply;
use axum::http::{StatusCode, header};
use serde_json::json;

/// Says that nothing is served at an address, or not by this method.
pub(super) fn not_served(call: &Call) -> Reply {
    let (method, address) = (&call.method, &call.address);
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let Some(allowed) = allowed(&segments) else {
        let reason = format!("no handler found for uri [{address}] and method [{method}]");
        return Reply::error(400, json!({ "error": reason }));
    };
    let shown = allowed.join(", ");
    Reply::bare(
        StatusCode::METHOD_NOT_ALLOWED,
        format!(
            "Incorrect HTTP method for uri [{address}] and method [{method}], allowed: [{shown}]"
        ),
    )
    .header(header::ALLOW, allowed.join(","))
}

/// The methods that an address is served by, in the order in which Elasticsearch names them; none where it is not
/// served at all.
fn allowed(segments: &[&str]) -> Option<&'static [&'static str]> {
    let of_index = |name: &str| !name.starts_with('_') || name == "_all";
    Some(match segments {
        [] => &["GET", "HEAD"],
        [name] if of_index(name) => &["GET", "PUT", "DELETE", "HEAD"],
        ["_mapping" | "_mappings" | "_settings"] => &["GET"],
        ["_cluster", "health"] | ["_cluster", "health", _] => &["GET"],
        ["_cat"] | ["_cat", "indices" | "count" | "health"] => &["GET"],
        ["_cat", "indices" | "count", _] => &["GET"],
        [last] => of_several(last)?,
        [name, last] if of_index(name) => match *last {
            "_doc" => &["POST"],
            "_mapping" | "_mappings" => &["GET", "POST", "PUT"],
            "_settings" => &["GET", "PUT"],
            last => of_several(last)?,
        },
        [name, kind, _] if of_index(name) => match *kind {
            "_doc" => &["GET", "POST", "PUT", "DELETE", "HEAD"],
            "_create" => &["POST", "PUT"],
            "_update" => &["POST"],
            "_source" => &["GET", "HEAD"],
            "_settings" => &["GET"],
            _ => return None,
        },
        [name, "_mapping" | "_mappings", "field", _] if of_index(name) => &["GET"],
        _ => return None,
    })
}

/// What concerns one index, several, or all.
fn of_several(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "_bulk" => &["POST", "PUT"],
        "_search" | "_count" | "_msearch" | "_mget" | "_refresh" | "_flush" => &["GET", "POST"],
        "_forcemerge" => &["POST"],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_named_by_what_is_served() {
        let check = |path: &str, expected: Option<&[&str]>| {
            let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
            assert_eq!(allowed(&segments), expected, "{path}");
        };
        check("/", Some(&["GET", "HEAD"]));
        check("/a", Some(&["GET", "PUT", "DELETE", "HEAD"]));
        check("/a/_bulk", Some(&["POST", "PUT"]));
        check("/_bulk", Some(&["POST", "PUT"]));
        check("/a/_doc", Some(&["POST"]));
        check("/a/_doc/1", Some(&["GET", "POST", "PUT", "DELETE", "HEAD"]));
        check("/a/_mapping/field/f", Some(&["GET"]));
        check("/_cat/indices/a", Some(&["GET"]));
        for path in [
            "/_nothing",
            "/a/_nothing",
            "/a/_doc/1/2",
            "/_cat/none",
            "/_x/_search",
        ] {
            check(path, None);
        }
    }
}
