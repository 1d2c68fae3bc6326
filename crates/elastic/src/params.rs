//! Parameters in a request's address.

use document::{Cause, Failure};

/// Parameters that every request may have.
const OF_ALL: [&str; 6] = [
    "pretty",
    "human",
    "error_trace",
    "filter_path",
    "source",
    "source_content_type",
];

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
    /// Names the parameters.
    pub fn allow(&self, allowed: &[&str]) -> Result<(), Failure> {
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
        let named: Vec<String> = unknown.iter().map(|name| format!("[{name}]")).collect();
        Err(Failure::illegal_argument(format!(
            "request [{}] contains unrecognized parameter{}: {}",
            self.path,
            if named.len() > 1 { "s" } else { "" },
            named.join(", ")
        )))
    }
}
