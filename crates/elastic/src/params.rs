//! Parameters in a request's address.

use crate::media::MediaTypes;
use crate::reading::number_format;
use crate::suggest::did_you_mean;
use crate::time_value::time_value;
use document::{Cause, Failure};

/// Parameters that every request may have.
const OF_ALL: [&str; 5] = ["pretty", "human", "error_trace", "filter_path", "format"];

/// Parameters that bring a body, where a request has none of its own and reads one.
const OF_SOURCE: [&str; 2] = ["source", "source_content_type"];

/// Parameters that a body can say as well.
const OF_BODY: [&str; 11] = [
    "explain",
    "from",
    "q",
    "seq_no_primary_term",
    "size",
    "sort",
    "stats",
    "terminate_after",
    "timeout",
    "track_scores",
    "version",
];

/// How many copies of shards have to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActiveShards {
    /// Every copy.
    All,
    /// So many.
    Least(u64),
}

impl ActiveShards {
    /// Reads a number, or `all`.
    ///
    /// # Errors
    /// When it is neither.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        if text == "all" {
            return Ok(Self::All);
        }
        let reason = format!("cannot parse ActiveShardCount[{text}]");
        let wrong = Failure::illegal_argument(reason);
        match text.parse::<i64>() {
            Ok(number) => u64::try_from(number)
                .map(Self::Least)
                .map_err(|_| Failure::illegal_argument("shard count cannot be a negative value")),
            Err(_) => Err(wrong.caused_by(number_format(text))),
        }
    }
}

/// The parameters behind the `?` of an address, in the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UrlParams {
    path: String,
    values: Vec<(String, String)>,
}

impl UrlParams {
    /// Makes the parameters of a path (for messages) from their decoded names and values. The last of several with
    /// the same name counts.
    pub fn new(path: &str, values: Vec<(String, String)>) -> Self {
        Self {
            path: path.to_owned(),
            values,
        }
    }

    /// The path, for messages.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same path with only some of the parameters.
    pub(crate) fn only(&self, names: &[&str]) -> Self {
        let kept = self.values.iter();
        let kept = kept.filter(|(name, _)| names.contains(&name.as_str()));
        Self {
            path: self.path.clone(),
            values: kept.cloned().collect(),
        }
    }

    /// Answers a parameter's value; `?name` alone has the empty one.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.values.iter().rev().filter(|(given, _)| given == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// Answers a parameter's value, without an empty one.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Answers whether a parameter is `true` or given without a value.
    ///
    /// # Errors
    /// When it is something else than true or false.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, Failure> {
        match self.get(name) {
            None => Ok(default),
            Some("" | "true") => Ok(true),
            Some("false") => Ok(false),
            Some(other) => Err(Failure::illegal_argument(format!(
                "Failed to parse value [{other}] as only [true] or [false] are allowed."
            ))),
        }
    }

    /// Answers a parameter that is a whole number.
    ///
    /// # Errors
    /// When it is none.
    pub fn number(&self, name: &str) -> Result<Option<i64>, Failure> {
        self.parsed(name, "int")
    }

    /// Answers a parameter that is a whole number of up to 64 bits.
    ///
    /// # Errors
    /// When it is none.
    pub fn long(&self, name: &str) -> Result<Option<i64>, Failure> {
        self.parsed(name, "long")
    }

    /// Answers a parameter that is a length of time, in milliseconds.
    ///
    /// # Errors
    /// When it is none.
    pub fn time(&self, name: &str) -> Result<Option<i64>, Failure> {
        let text = self.text(name);
        text.map(|text| time_value(name, text)).transpose()
    }

    /// Answers `wait_for_active_shards`.
    ///
    /// # Errors
    /// When it is neither a number nor `all`.
    pub fn active_shards(&self) -> Result<Option<ActiveShards>, Failure> {
        let text = self.text("wait_for_active_shards");
        text.map(ActiveShards::parse).transpose()
    }

    fn parsed(&self, name: &str, kind: &str) -> Result<Option<i64>, Failure> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        match text.parse() {
            Ok(number) if kind == "long" || i32::try_from(number).is_ok() => Ok(Some(number)),
            _ => Err(Failure::illegal_argument(format!(
                "Failed to parse {kind} parameter [{name}] with value [{text}]"
            ))
            .caused_by(Failure::new(
                Cause::NumberFormat,
                format!("For input string: \"{text}\""),
            ))),
        }
    }

    /// Refuses parameters that are neither known to every request nor among `allowed`.
    ///
    /// # Errors
    /// Names the parameters, and those that may have been meant.
    pub fn allow(&self, allowed: &[&str]) -> Result<(), Failure> {
        self.allow_meaning(allowed, allowed)
    }

    /// Refuses parameters as [`UrlParams::allow`] does, and looks for what may have been meant among `likely`.
    fn allow_meaning(&self, allowed: &[&str], likely: &[&str]) -> Result<(), Failure> {
        for flag in ["pretty", "human", "error_trace"] {
            self.flag(flag, false)?;
        }
        if let Some(format @ ("yaml" | "cbor" | "smile")) = self.text("format") {
            return Err(Failure::illegal_argument(format!(
                "answers in [{format}] are not supported, expected [json]"
            )));
        }
        let mut unknown: Vec<&str> = self
            .values
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| !allowed.contains(name) && !OF_ALL.contains(name))
            .collect();
        unknown.sort_unstable();
        unknown.dedup();
        if unknown.is_empty() {
            return Ok(());
        }
        let named = unknown.iter().map(|name| {
            let known = likely.iter().chain(&OF_ALL).copied();
            match did_you_mean(name, known).as_str() {
                "" => format!("[{name}]"),
                suggestion => format!("[{name}] ->{suggestion}"),
            }
        });
        let named: Vec<String> = named.collect();
        Err(Failure::illegal_argument(format!(
            "request [{}] contains unrecognized parameter{}: {}",
            self.path,
            if named.len() > 1 { "s" } else { "" },
            named.join(", ")
        )))
    }

    /// Refuses parameters as [`UrlParams::allow`] does, of a request that may bring its body as a parameter where it
    /// has none. As Elasticsearch, it suggests no parameters that its body can say as well.
    ///
    /// # Errors
    /// Names the parameters.
    pub fn allow_source(&self, allowed: &[&str], has_body: bool) -> Result<(), Failure> {
        let mut allowed = allowed.to_vec();
        if !has_body && self.get("source").is_some() {
            allowed.extend(OF_SOURCE);
        }
        let likely = allowed.iter().filter(|name| !OF_BODY.contains(name));
        self.allow_meaning(&allowed, &likely.copied().collect::<Vec<_>>())
    }

    /// Answers the body that a request without one brings as a parameter; none where it brings none.
    ///
    /// # Errors
    /// When the type of the body is not named, or is none that can be read.
    pub fn source(&self) -> Result<Option<&str>, Failure> {
        let wrong =
            |what: &str| Failure::new(Cause::Parameters, format!("Validation Failed: 1: {what};"));
        let Some(source) = self.get("source") else {
            return Ok(None);
        };
        let Some(kind) = self.get("source_content_type") else {
            return Err(wrong(
                "source and source_content_type parameters are required",
            ));
        };
        match MediaTypes::parse(None, Some(kind), false) {
            Ok(types) if types.reads_body() => Ok(Some(source)),
            Ok(_) => Err(wrong(&format!(
                "Unknown value for source_content_type [{kind}]"
            ))),
            Err(_) => Err(Failure::illegal_argument(format!(
                "invalid Content-Type header [{kind}]"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(values: &[(&str, &str)]) -> UrlParams {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        UrlParams::new("/a", values.collect())
    }

    #[test]
    fn what_is_not_known_is_named_with_what_was_meant() {
        let check = |values: &[(&str, &str)], expected: &str| {
            let failure = params(values)
                .allow(&["_source", "version_type"])
                .unwrap_err();
            assert_eq!(failure.reason, expected);
        };
        check(
            &[("colour", "red"), ("colour", "blue")],
            "request [/a] contains unrecognized parameter: [colour]",
        );
        check(
            &[("version_typ", ""), ("_sourc", "")],
            "request [/a] contains unrecognized parameters: [_sourc] -> did you mean [_source]?, [version_typ] -> did you mean [version_type]?",
        );
        check(
            &[("human", "maybe")],
            "Failed to parse value [maybe] as only [true] or [false] are allowed.",
        );
        check(
            &[("format", "yaml")],
            "answers in [yaml] are not supported, expected [json]",
        );
        let common = [("pretty", ""), ("human", "false"), ("format", "json")];
        assert_eq!(params(&common).allow(&[]), Ok(()));
    }

    #[test]
    fn a_body_may_come_as_a_parameter_with_its_type() {
        let both = [
            ("source", "{}"),
            ("source_content_type", "application/json"),
        ];
        assert_eq!(params(&both).source(), Ok(Some("{}")));
        assert_eq!(params(&both).allow_source(&[], false), Ok(()));
        assert!(params(&both).allow_source(&[], true).is_err());
        assert!(params(&both).allow(&[]).is_err());
        let typo = params(&[("sizze", "1"), ("_sourc", "")]);
        let failure = typo.allow_source(&["size", "_source"], true).unwrap_err();
        let named = "[_sourc] -> did you mean [_source]?, [sizze]";
        assert!(failure.reason.ends_with(named), "{failure}");
        assert_eq!(params(&[]).source(), Ok(None));
        let check = |values: &[(&str, &str)], expected: &str| {
            let failure = params(values).source().unwrap_err();
            assert!(failure.reason.contains(expected), "{failure}");
        };
        check(&both[..1], "source_content_type parameters are required");
        check(
            &[both[0], ("source_content_type", "text/plain")],
            "Unknown value for source_content_type [text/plain]",
        );
        check(
            &[both[0], ("source_content_type", "nonsense")],
            "invalid Content-Type header [nonsense]",
        );
    }
}
