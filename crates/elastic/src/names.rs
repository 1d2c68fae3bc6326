//! Names of indices as clients write them: lists, patterns, exclusions.

use crate::UrlParams;
pub use document::fits;
use document::{Cause, Failure};

/// What happens to names that no index has, and which indices patterns name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameOptions {
    /// Whether a plain name without an index is left out rather than refused.
    pub ignore_unavailable: bool,
    /// Whether patterns that no index fits are fine.
    pub allow_no_indices: bool,
    /// Whether patterns are allowed at all.
    pub allow_patterns: bool,
    /// The indices that patterns name.
    pub expand: Expand,
}

/// The indices that patterns name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expand {
    /// None: a pattern is a name that no index has.
    Nothing,
    /// Those that are closed: none is.
    Closed,
    /// Those that are not hidden, and hidden ones with a dot first where the pattern has one first.
    Visible,
    /// All of them.
    Everything,
}

impl NameOptions {
    /// Reads the options from a request's address.
    ///
    /// # Errors
    /// When one of them is neither true nor false, or patterns are to be expanded to what is no state of an index.
    pub fn parse(params: &UrlParams) -> Result<Self, Failure> {
        Ok(Self {
            ignore_unavailable: params.flag("ignore_unavailable", false)?,
            allow_no_indices: params.flag("allow_no_indices", true)?,
            allow_patterns: true,
            expand: Expand::parse(params.text("expand_wildcards").unwrap_or_default())?,
        })
    }
}

impl Expand {
    /// Reads the states of the indices that patterns name, in their order: `none` takes back what was before it.
    fn parse(states: &str) -> Result<Self, Failure> {
        let (mut open, mut closed, mut hidden) = (states.is_empty(), false, false);
        for state in states.split(',').filter(|state| !state.is_empty()) {
            match state.to_ascii_lowercase().as_str() {
                "open" => open = true,
                "closed" => closed = true,
                "hidden" => hidden = true,
                "none" => (open, closed, hidden) = (false, false, false),
                "all" => (open, closed, hidden) = (true, true, true),
                _ => {
                    let reason = format!("No valid expand wildcard value [{state}]");
                    return Err(Failure::illegal_argument(reason));
                }
            }
        }
        Ok(match (open, closed, hidden) {
            (true, _, true) => Self::Everything,
            (true, _, false) => Self::Visible,
            (false, true, _) => Self::Closed,
            (false, false, _) => Self::Nothing,
        })
    }

    /// Whether a pattern that an index fits names it.
    fn names(self, pattern: &str, index: &str, hidden: &[String]) -> bool {
        match self {
            Self::Nothing | Self::Closed => false,
            Self::Visible if hidden.iter().any(|name| name == index) => {
                pattern.starts_with('.') && index.starts_with('.')
            }
            Self::Visible | Self::Everything => true,
        }
    }
}

/// The parameters that [`NameOptions::parse`] reads.
pub const NAME_PARAMS: [&str; 4] = [
    "ignore_unavailable",
    "allow_no_indices",
    "expand_wildcards",
    "ignore_throttled",
];

/// Answers the indices that an expression names, sorted by name: `a,b*,-bad`, `_all`, `*`, or nothing for all. Of the
/// `known` ones some are `hidden` from patterns.
///
/// # Errors
/// When a name has no index.
pub fn resolve(
    expression: &str,
    (known, hidden): (&[String], &[String]),
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
    if patterns && options.expand == Expand::Nothing && !options.ignore_unavailable {
        return Err(missing(if everything { "_all" } else { expression }));
    }
    let fitting = |pattern: &str| -> Vec<String> {
        let named = known
            .iter()
            .filter(|name| fits(pattern, name) && options.expand.names(pattern, name, hidden));
        named.cloned().collect()
    };
    if everything {
        found.extend(fitting("*"));
    }
    let mut had_pattern = false;
    for part in parts.iter().filter(|part| !everything && !part.is_empty()) {
        if let (Some(excluded), true) = (part.strip_prefix('-'), had_pattern) {
            let excluded = fitting(excluded);
            found.retain(|name| !excluded.contains(name));
            continue;
        }
        if part.contains('*') || *part == "_all" {
            had_pattern = true;
            let pattern = if *part == "_all" { "*" } else { part };
            let fitting = fitting(pattern);
            if fitting.is_empty() && !options.allow_no_indices {
                return Err(missing(part));
            }
            found.extend(fitting);
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
        let resolve = |expression: &str, options| resolve(expression, (&known, &[]), options);
        let lenient = NameOptions {
            ignore_unavailable: false,
            allow_no_indices: true,
            allow_patterns: true,
            expand: Expand::Visible,
        };
        let check = |expression: &str, expected: &[&str]| {
            assert_eq!(
                resolve(expression, lenient).unwrap(),
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
        let error = resolve("a,x", lenient).unwrap_err();
        assert_eq!(error.reason, "no such index [x]");
        let ignoring = NameOptions {
            ignore_unavailable: true,
            ..lenient
        };
        assert_eq!(resolve("a,x", ignoring).unwrap(), ["a"]);
        let strict = NameOptions {
            allow_no_indices: false,
            ..lenient
        };
        assert!(resolve("x*", strict).is_err());
        let plain = NameOptions {
            allow_patterns: false,
            ..lenient
        };
        assert!(resolve("a*", plain).is_err());
    }
    #[test]
    fn hidden_indices_fit_patterns_where_that_is_asked_for() {
        let own =
            |names: &[&str]| -> Vec<String> { names.iter().map(|n| (*n).to_owned()).collect() };
        let (known, hidden) = (own(&[".dot", "a", "ah"]), own(&[".dot", "ah"]));
        let check = |states: &str, expression: &str, expected: &[&str]| {
            let options = NameOptions {
                ignore_unavailable: false,
                allow_no_indices: true,
                allow_patterns: true,
                expand: Expand::parse(states).unwrap(),
            };
            let found = resolve(expression, (&known, &hidden), options);
            assert_eq!(found.unwrap(), expected, "{states}: {expression}");
        };
        check("", "", &["a"]);
        check("open", "a*", &["a"]);
        check("open,hidden", "a*", &["a", "ah"]);
        check("all", "_all", &[".dot", "a", "ah"]);
        check("", ".d*", &[".dot"]);
        check("", "ah", &["ah"]);
        check("", "ah,a*,-a*", &["ah"]);
        check("closed", "a*", &[]);
        for none in ["none", "hidden", "all,none"] {
            assert_eq!(Expand::parse(none).unwrap(), Expand::Nothing);
        }
        assert!(Expand::parse("ajar").is_err());
    }
}
