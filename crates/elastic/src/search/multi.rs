//! Several searches in one request: lines of headers and bodies.

use super::SearchBody;
use super::params::{check_concurrency, check_search_type};
use crate::json::{Kind, parse};
use crate::reading::{Reader, illegal};
use crate::{NameOptions, UrlParams};
use document::{Cause, Failure};

/// One search of several.
#[derive(Debug, Clone, PartialEq)]
pub struct MultiSearchItem {
    /// The indices that it goes to, separated by commas, with patterns; none = those of the address, or all.
    pub indices: Option<String>,
    /// How their names are understood.
    pub names: NameOptions,
    /// The search, or what a failed one says of it.
    pub search: Result<SearchBody, Failure>,
}

/// Reads the body of `_msearch`: lines, in turns a header and a body. `names` is how names of indices are understood
/// where a header says nothing.
///
/// # Errors
/// When a header or a body is wrong: then none of the searches is run.
pub fn parse_multi_search(
    body: &[u8],
    params: &UrlParams,
    names: NameOptions,
    now_ms: i64,
) -> Result<Vec<MultiSearchItem>, Failure> {
    let body = super::params::body(body, params)?;
    if body.is_empty() {
        return Err(Failure::new(
            Cause::Parse,
            "request body or source parameter is required",
        ));
    }
    let Some(body) = body.strip_suffix(b"\n") else {
        return Err(Failure::illegal_argument(
            "The msearch request must be terminated by a newline [\n]",
        ));
    };
    let of_each = params.only(&["typed_keys", "rest_total_hits_as_int"]);
    check_search_type(params.text("search_type"))?;
    check_concurrency(params)?;
    let mut items = Vec::new();
    let mut lines = body.split(|byte| *byte == b'\n');
    while let Some(line) = lines.next() {
        let Some(search) = lines.next() else {
            break;
        };
        // Before the first header there may be empty lines.
        if items.is_empty() && line.trim_ascii().is_empty() && search.trim_ascii().is_empty() {
            continue;
        }
        let Header {
            indices,
            names,
            partial,
        } = header(line, names)?;
        let search = match SearchBody::parse(search, &of_each, now_ms) {
            Err(failure) if failure.cause != Cause::QueryShard => return Err(failure),
            Ok(mut search) => {
                search.request.partial = partial;
                Ok(search)
            }
            refused => refused,
        };
        items.push(MultiSearchItem {
            indices,
            names,
            search,
        });
    }
    if items.is_empty() {
        return Err(Failure::new(
            Cause::Validation,
            "Validation Failed: 1: no requests added;",
        ));
    }
    Ok(items)
}

/// What stands before a body.
struct Header {
    /// Which indices; none where the address says it.
    indices: Option<String>,
    /// How their names are understood.
    names: NameOptions,
    /// Whether some of them are enough.
    partial: bool,
}

fn header(line: &[u8], mut names: NameOptions) -> Result<Header, Failure> {
    let (mut indices, mut partial) = (None, true);
    let Some(node) = parse(line)? else {
        return Ok(Header {
            indices,
            names,
            partial,
        });
    };
    let reader = Reader::new(line);
    let Some(members) = node.members() else {
        let reason = format!("Expected [START_OBJECT] but found [{}]", node.token());
        return Err(crate::reading::parsing(node.at, reason).into());
    };
    for member in members {
        let value = &member.value;
        match (member.name.as_ref(), &value.kind) {
            ("index" | "indices", Kind::Null) => {}
            ("index" | "indices", Kind::Array(list)) => {
                indices = Some(reader.texts(list)?.join(","));
            }
            ("index" | "indices", _) => {
                indices = Some(reader.text(value)?.into_owned());
            }
            ("search_type" | "searchType", _) => {
                check_search_type(reader.text_or_null(value)?.as_deref())?;
            }
            ("ignore_unavailable" | "ignoreUnavailable", _) => {
                names.ignore_unavailable = reader.bool(value)?;
            }
            ("allow_no_indices" | "allowNoIndices", _) => {
                names.allow_no_indices = reader.bool(value)?;
            }
            ("allow_partial_search_results", _) => partial = reader.bool(value)?,
            // There is one shard, no cache of answers and no other cluster; every index is open.
            (
                "preference"
                | "routing"
                | "expand_wildcards"
                | "expandWildcards"
                | "ignore_throttled"
                | "ignoreThrottled"
                | "request_cache"
                | "requestCache"
                | "ccs_minimize_roundtrips"
                | "ccsMinimizeRoundtrips",
                _,
            ) => {}
            (name, _) => {
                let reason = format!("key [{name}] is not supported in the metadata section");
                return Err(illegal(value.at, reason).into());
            }
        }
    }
    Ok(Header {
        indices,
        names,
        partial,
    })
}
