//! Answers of searches.

mod aggregations;

use crate::{SourceFilter, UrlParams};
use document::{Cause, Failure, Json, PRIMARY_TERM};
use query::{InnerAnswer, InnerHit, SearchAnswer, SearchHit, SortValue};
use serde_json::{Map, Number, Value, json};

/// What an answer shows besides what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerForm {
    /// What is answered of each source.
    pub source: SourceFilter,
    /// Whether versions are told.
    pub version: bool,
    /// Whether sequence numbers and terms are told.
    pub seq_no_primary_term: bool,
    /// Whether the total is a plain number, as before version 7.
    pub total_as_int: bool,
    /// Whether the total is told at all.
    pub total: bool,
    /// Whether the names of aggregations begin with their types.
    pub typed_keys: bool,
    /// Whether hits name a type, for clients before 8.
    pub typed: bool,
}

impl AnswerForm {
    /// The form of an answer about which nothing was said.
    pub fn plain() -> Self {
        Self {
            source: SourceFilter::everything(),
            version: false,
            seq_no_primary_term: false,
            total_as_int: false,
            total: true,
            typed_keys: false,
            typed: false,
        }
    }

    /// Reads what an address says of the form of an answer.
    ///
    /// # Errors
    /// When a parameter is neither true nor false.
    pub fn of_address(&mut self, params: &UrlParams) -> Result<(), Failure> {
        self.total_as_int = params.flag("rest_total_hits_as_int", self.total_as_int)?;
        self.typed_keys = params.flag("typed_keys", self.typed_keys)?;
        self.version = params.flag("version", self.version)?;
        self.seq_no_primary_term = params.flag("seq_no_primary_term", self.seq_no_primary_term)?;
        if let Some(source) = SourceFilter::of_address(params)? {
            self.source = source;
        }
        Ok(())
    }

    /// Writes the answer of a search over so many indices.
    ///
    /// # Errors
    /// When a stored source is no JSON.
    pub fn print(
        &self,
        answer: &SearchAnswer,
        took_ms: u64,
        indices: usize,
    ) -> Result<Value, Failure> {
        let mut hits = Map::new();
        if self.total {
            let total = if self.total_as_int {
                json!(answer.total)
            } else {
                let relation = if answer.total_is_least { "gte" } else { "eq" };
                json!({ "value": answer.total, "relation": relation })
            };
            hits.insert("total".to_owned(), total);
        }
        hits.insert("max_score".to_owned(), score(answer.max_score));
        let printed: Result<Vec<Value>, Failure> =
            answer.hits.iter().map(|hit| self.hit(hit)).collect();
        hits.insert("hits".to_owned(), Value::Array(printed?));
        let mut out = Map::new();
        out.insert("took".to_owned(), took_ms.into());
        out.insert("timed_out".to_owned(), false.into());
        out.insert(
            "_shards".to_owned(),
            json!({ "total": indices, "successful": indices, "skipped": 0, "failed": 0 }),
        );
        out.insert("hits".to_owned(), Value::Object(hits));
        if !answer.aggregations.is_empty() {
            let printed = aggregations::print(&answer.aggregations, self.typed_keys);
            out.insert("aggregations".to_owned(), Value::Object(printed));
        }
        Ok(Value::Object(out))
    }

    fn hit(&self, hit: &SearchHit) -> Result<Value, Failure> {
        let mut out = Map::new();
        out.insert("_index".to_owned(), hit.index.as_str().into());
        if self.typed {
            out.insert("_type".to_owned(), "_doc".into());
        }
        out.insert("_id".to_owned(), hit.stored.id.as_str().into());
        if self.version {
            out.insert("_version".to_owned(), hit.stored.version.into());
        }
        if self.seq_no_primary_term {
            out.insert("_seq_no".to_owned(), hit.stored.seq_no.into());
            out.insert("_primary_term".to_owned(), PRIMARY_TERM.into());
        }
        out.insert("_score".to_owned(), score(hit.score));
        if self.source.enabled {
            let source = hit.stored.document.value();
            let source = source.map_err(|error| Failure::new(Cause::Corrupt, error.to_string()))?;
            if let Some(source) = self.source.apply(source) {
                out.insert("_source".to_owned(), source);
            }
        }
        rest(&mut out, &hit.fields, &hit.sort);
        if !hit.matched.is_empty() {
            out.insert("matched_queries".to_owned(), json!(hit.matched));
        }
        if !hit.inner.is_empty() {
            let inner: Result<Map<String, Value>, Failure> = hit
                .inner
                .iter()
                .map(|(name, answer)| Ok((name.clone(), self.inner(answer, hit)?)))
                .collect();
            out.insert("inner_hits".to_owned(), Value::Object(inner?));
        }
        Ok(Value::Object(out))
    }

    fn inner(&self, answer: &InnerAnswer, around: &SearchHit) -> Result<Value, Failure> {
        let filter = match &answer.source_filter.0 {
            Value::Null => SourceFilter::everything(),
            given => SourceFilter::parse(given)?,
        };
        let hits: Result<Vec<Value>, Failure> = answer
            .hits
            .iter()
            .map(|hit| self.inner_hit(hit, &filter, around))
            .collect();
        let total = if self.total_as_int {
            json!(answer.total)
        } else {
            json!({ "value": answer.total, "relation": "eq" })
        };
        Ok(json!({ "hits": {
            "total": total,
            "max_score": score(answer.max_score),
            "hits": hits?,
        } }))
    }

    fn inner_hit(
        &self,
        hit: &InnerHit,
        filter: &SourceFilter,
        around: &SearchHit,
    ) -> Result<Value, Failure> {
        let mut out = Map::new();
        out.insert("_index".to_owned(), around.index.as_str().into());
        if self.typed {
            out.insert("_type".to_owned(), "_doc".into());
        }
        out.insert("_id".to_owned(), around.stored.id.as_str().into());
        out.insert("_nested".to_owned(), nested(&hit.places));
        out.insert("_score".to_owned(), score(hit.score));
        if let Some(source) = filter.apply(hit.source.0.clone()) {
            out.insert("_source".to_owned(), source);
        }
        rest(&mut out, &hit.fields, &hit.sort);
        if !hit.inner.is_empty() {
            let inner: Result<Map<String, Value>, Failure> = hit
                .inner
                .iter()
                .map(|(name, answer)| Ok((name.clone(), self.inner(answer, around)?)))
                .collect();
            out.insert("inner_hits".to_owned(), Value::Object(inner?));
        }
        Ok(Value::Object(out))
    }
}

/// Adds what hits and inner hits show alike.
fn rest(out: &mut Map<String, Value>, fields: &[(String, Vec<Json>)], sort: &[SortValue]) {
    if !fields.is_empty() {
        let fields = fields.iter().map(|(name, values)| {
            let values = values.iter().map(|value| value.0.clone()).collect();
            (name.clone(), Value::Array(values))
        });
        out.insert("fields".to_owned(), Value::Object(fields.collect()));
    }
    if !sort.is_empty() {
        out.insert("sort".to_owned(), sort.iter().map(sort_value).collect());
    }
}

/// Where a nested object is: its field and its place in it, and the same for objects inside of it.
fn nested(places: &[(String, usize)]) -> Value {
    let mut out = Value::Null;
    let mut around: Vec<&str> = places.iter().map(|(path, _)| path.as_str()).collect();
    around.insert(0, "");
    for (number, (path, place)) in places.iter().enumerate().rev() {
        let before = around.get(number).copied().unwrap_or_default();
        let field = path
            .strip_prefix(before)
            .map_or(path.as_str(), |rest| rest.trim_start_matches('.'));
        let mut members = Map::new();
        members.insert("field".to_owned(), field.into());
        members.insert("offset".to_owned(), (*place).into());
        if !out.is_null() {
            members.insert("_nested".to_owned(), out);
        }
        out = Value::Object(members);
    }
    out
}

/// A score with the digits that tell it from its neighbours, as Java prints floats.
fn score(score: Option<f32>) -> Value {
    score.map_or(Value::Null, single)
}

fn single(number: f32) -> Value {
    // The shortest digits of the single-precision number, as a number.
    let digits: Option<f64> = number.to_string().parse().ok();
    digits
        .and_then(Number::from_f64)
        .map_or(Value::Null, Value::Number)
}

fn double(number: f64) -> Value {
    match Number::from_f64(number) {
        Some(number) => Value::Number(number),
        // JSON has no such numbers; Elasticsearch writes their names.
        None if number.is_nan() => "NaN".into(),
        None if number > 0.0 => "Infinity".into(),
        None => "-Infinity".into(),
    }
}

fn sort_value(value: &SortValue) -> Value {
    match value {
        SortValue::Null => Value::Null,
        SortValue::Long(number) => (*number).into(),
        SortValue::UnsignedLong(number) => (*number).into(),
        SortValue::Double(number) => double(*number),
        SortValue::Text(text) => text.as_str().into(),
        SortValue::Boolean(boolean) => i64::from(*boolean).into(),
    }
}
