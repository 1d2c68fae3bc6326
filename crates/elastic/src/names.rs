//! Names of indices as clients write them: lists, patterns, exclusions.

use crate::UrlParams;
pub use document::fits;
use document::{Cause, Failure};

/// What happens to names that no index has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameOptions {
    /// Whether a plain name without an index is left out rather than refused.
    pub ignore_unavailable: bool,
    /// Whether patterns that no index fits are fine.
    pub allow_no_indices: bool,
    /// Whether patterns are allowed at all.
    pub allow_patterns: bool,
}

impl NameOptions {
    /// Reads the options from a request's address.
    ///
    /// # Errors
    /// When one of them is neither true nor false, or patterns are to be expanded to what is no state of an index.
    pub fn parse(params: &UrlParams) -> Result<Self, Failure> {
        check_wildcards(params.text("expand_wildcards").unwrap_or_default())?;
        Ok(Self {
            ignore_unavailable: params.flag("ignore_unavailable", false)?,
            allow_no_indices: params.flag("allow_no_indices", true)?,
            allow_patterns: true,
        })
    }
}

/// Checks to which indices patterns are expanded. It changes nothing where all are open and none is hidden.
fn check_wildcards(states: &str) -> Result<(), Failure> {
    const KNOWN: [&str; 5] = ["open", "closed", "hidden", "none", "all"];
    let mut states = states.split(',').filter(|state| !state.is_empty());
    match states.find(|state| !KNOWN.contains(&state.to_ascii_lowercase().as_str())) {
        None => Ok(()),
        Some(state) => Err(Failure::illegal_argument(format!(
            "No valid expand wildcard value [{state}]"
        ))),
    }
}

/// The parameters that [`NameOptions::parse`] reads, and `expand_wildcards`, which changes nothing where all indices
/// are open and none is hidden.
pub const NAME_PARAMS: [&str; 4] = [
    "ignore_unavailable",
    "allow_no_indices",
    "expand_wildcards",
    "ignore_throttled",
];

/// Answers the indices that an expression names, sorted by name: `a,b*,-bad`, `_all`, `*`, or nothing for all.
///
/// # Errors
/// When a name has no index.
pub fn resolve(
    expression: &str,
    known: &[String],
    options: NameOptions,
) -> Result<Vec<String>, Failure> {
    let mut found: Vec<String> = Vec::new();
    let parts: Vec<&str> = expression.split(',').map(str::trim).collect();
    let everything = matches!(parts.as_slice(), [] | [""] | ["_all"]);
    let patterns = everything || parts.iter().any(|part| part.contains('*'));
    if patterns && !options.allow_patterns {
        return Err(Failure::illegal_argument(
            "Wildcard expressions or all indices are not allowed",
        ));
    }
    if everything {
        found.extend_from_slice(known);
    }
    let mut had_pattern = false;
    for part in parts.iter().filter(|part| !everything && !part.is_empty()) {
        if let (Some(excluded), true) = (part.strip_prefix('-'), had_pattern) {
            found.retain(|name| !fits(excluded, name));
            continue;
        }
        if part.contains('*') || *part == "_all" {
            had_pattern = true;
            let pattern = if *part == "_all" { "*" } else { part };
            let fitting: Vec<_> = known.iter().filter(|name| fits(pattern, name)).collect();
            if fitting.is_empty() && !options.allow_no_indices {
                return Err(missing(part));
            }
            found.extend(fitting.into_iter().cloned());
        } else if known.iter().any(|name| name == part) {
            found.push((*part).to_owned());
        } else if part.starts_with('_') {
            return Err(invalid(part, "must not start with '_'."));
        } else if !options.ignore_unavailable {
            return Err(missing(part));
        }
    }
    found.sort_unstable();
    found.dedup();
    if found.is_empty() && !options.allow_no_indices {
        return Err(missing(if everything { "_all" } else { expression }));
    }
    Ok(found)
}

/// Says that an index does not exist.
pub fn missing(index: &str) -> Failure {
    Failure::new(Cause::IndexNotFound, format!("no such index [{index}]")).in_index(index)
}

fn invalid(index: &str, reason: &str) -> Failure {
    Failure::new(
        Cause::IndexName,
        format!("Invalid index name [{index}], {reason}"),
    )
    .in_index(index)
}

/// Checks the name of an index that is made.
///
/// # Errors
/// As Elasticsearch says them.
pub fn check_index_name(name: &str) -> Result<(), Failure> {
    const FORBIDDEN: [char; 10] = [' ', '"', '*', ',', '/', '<', '>', '?', '\\', '|'];
    let reason = if name.chars().any(|letter| FORBIDDEN.contains(&letter)) {
        "must not contain the following characters [' ','\"','*',',','/','<','>','?','\\','|']"
    } else if name.contains('#') {
        "must not contain '#'"
    } else if name.contains(':') {
        "must not contain ':'"
    } else if name.starts_with(['_', '-', '+']) {
        "must not start with '_', '-', or '+'"
    } else if name == "." || name == ".." {
        "must not be '.' or '..'"
    } else if name.to_lowercase() != name {
        "must be lowercase"
    } else if name.len() > 255 {
        return Err(invalid(
            name,
            &format!("index name is too long, ({} > 255)", name.len()),
        ));
    } else if name.is_empty() || name.chars().any(char::is_control) {
        "must not be empty and hold no control characters"
    } else {
        return Ok(());
    };
    Err(invalid(name, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_patterns_and_exclusions_resolve() {
        let known: Vec<String> = ["a", "ab", "b"].map(str::to_owned).to_vec();
        let lenient = NameOptions {
            ignore_unavailable: false,
            allow_no_indices: true,
            allow_patterns: true,
        };
        let check = |expression: &str, expected: &[&str]| {
            assert_eq!(
                resolve(expression, &known, lenient).unwrap(),
                expected,
                "{expression}"
            );
        };
        check("", &["a", "ab", "b"]);
        check("_all", &["a", "ab", "b"]);
        check("*", &["a", "ab", "b"]);
        check("a*", &["a", "ab"]);
        check("a*,-ab", &["a"]);
        check("b,a", &["a", "b"]);
        check("x*", &[]);
        let error = resolve("a,x", &known, lenient).unwrap_err();
        assert_eq!(error.reason, "no such index [x]");
        let ignoring = NameOptions {
            ignore_unavailable: true,
            ..lenient
        };
        assert_eq!(resolve("a,x", &known, ignoring).unwrap(), ["a"]);
        let strict = NameOptions {
            allow_no_indices: false,
            ..lenient
        };
        assert!(resolve("x*", &known, strict).is_err());
        let plain = NameOptions {
            allow_patterns: false,
            ..lenient
        };
        assert!(resolve("a*", &known, plain).is_err());
    }
}
