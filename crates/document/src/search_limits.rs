//! How far searches in an index may reach.

use crate::{Failure, IndexSettings};

/// How far searches in an index may reach; the default is Elasticsearch's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchLimits {
    /// How far the last hit may lie from the first: `max_result_window`.
    pub result_window: usize,
    /// How many fields may be answered from their columns: `max_docvalue_fields_search`.
    pub docvalue_fields: usize,
    /// How many scripts may be answered: `max_script_fields`.
    pub script_fields: usize,
    /// How many values a query of several may have: `max_terms_count`.
    pub terms: usize,
}

impl Default for SearchLimits {
    fn default() -> Self {
        Self {
            result_window: 10_000,
            docvalue_fields: 100,
            script_fields: 32,
            terms: 65_536,
        }
    }
}

impl SearchLimits {
    /// Reads the limits from an index's settings.
    pub fn of(settings: &IndexSettings) -> Self {
        let standard = Self::default();
        let limit = |name: &str, standard: usize| {
            let given = settings.number(name);
            given
                .and_then(|limit| usize::try_from(limit).ok())
                .unwrap_or(standard)
        };
        Self {
            result_window: limit("max_result_window", standard.result_window),
            docvalue_fields: limit("max_docvalue_fields_search", standard.docvalue_fields),
            script_fields: limit("max_script_fields", standard.script_fields),
            terms: limit("max_terms_count", standard.terms),
        }
    }

    /// Refuses a search that reaches further: so many hits from the first to the last, and so many fields and scripts.
    ///
    /// # Errors
    /// The first limit that is exceeded, in Elasticsearch's words.
    pub fn check(
        &self,
        window: usize,
        docvalue_fields: usize,
        script_fields: usize,
    ) -> Result<(), Failure> {
        if window > self.result_window {
            return Err(Failure::illegal_argument(format!(
                "Result window is too large, from + size must be less than or equal to: [{}] but was [{window}]. See the scroll api for a more efficient way to request large data sets. This limit can be set by changing the [index.max_result_window] index level setting.",
                self.result_window
            )));
        }
        let too_many = |what: &str, most: usize, got: usize, setting: &str| {
            Err(Failure::illegal_argument(format!(
                "Trying to retrieve too many {what}. Must be less than or equal to: [{most}] but was [{got}]. This limit can be set by changing the [index.{setting}] index level setting."
            )))
        };
        if docvalue_fields > self.docvalue_fields {
            return too_many(
                "docvalue_fields",
                self.docvalue_fields,
                docvalue_fields,
                "max_docvalue_fields_search",
            );
        }
        if script_fields > self.script_fields {
            return too_many(
                "script_fields",
                self.script_fields,
                script_fields,
                "max_script_fields",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Json;
    use serde_json::json;

    #[test]
    fn settings_say_how_far_searches_reach() {
        let mut settings = IndexSettings::default();
        for (name, value) in [
            ("max_result_window", json!("20")),
            ("max_docvalue_fields_search", json!(2)),
        ] {
            settings.given.insert(name.to_owned(), Json(value));
        }
        let limits = SearchLimits::of(&settings);
        assert_eq!(limits.check(20, 2, 32), Ok(()));
        for (window, columns, scripts, said) in [
            (
                21,
                0,
                0,
                "Result window is too large, from + size must be less than or equal to: [20] but was [21].",
            ),
            (
                0,
                3,
                0,
                "Trying to retrieve too many docvalue_fields. Must be less than or equal to: [2] but was [3].",
            ),
            (
                0,
                0,
                33,
                "Trying to retrieve too many script_fields. Must be less than or equal to: [32] but was [33].",
            ),
        ] {
            let failure = limits.check(window, columns, scripts).unwrap_err();
            assert!(failure.reason.starts_with(said), "{failure}");
        }
    }
}
