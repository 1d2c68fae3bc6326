//! Scripts over documents: scores, sort values and fields that they compute.

mod columns;
mod score;
mod vectors;

pub(super) use crate::scripting::failed;
pub(super) use columns::Documents;

use super::compile::{Compiled, Compiler};
use crate::error::{EngineError, Result};
use crate::snapshot::{Snapshot, text_error};
use document::{Cause, Failure, Json};
use query::Script;
use score::ScriptScore;
use script::{Bound, Context, Host, Values};
use serde_json::{Value, json};
use std::sync::Arc;
use tantivy::DocAddress;

/// A script bound to its parameters, for the documents of one index.
#[derive(Clone)]
pub(super) struct Scripted {
    pub(super) bound: Arc<Bound>,
    snapshot: Arc<Snapshot>,
}

impl Scripted {
    /// Reads a script and binds it.
    ///
    /// # Errors
    /// What is wrong with the script, and where.
    pub(super) fn new(
        snapshot: &Arc<Snapshot>,
        script: &Script,
        context: Context,
    ) -> std::result::Result<Self, Failure> {
        let program = script::compile(&script.source, context).map_err(failed)?;
        let bound = program.bind(&script.params.0).map_err(failed)?;
        Ok(Self {
            bound: Arc::new(bound),
            snapshot: snapshot.clone(),
        })
    }
}

/// Answers what a script computes for one document.
///
/// # Errors
/// When it fails, or its result has no form in JSON.
pub(super) fn computed(scripted: &Scripted, address: DocAddress, score: f32) -> Result<Vec<Json>> {
    let searcher = &scripted.snapshot.searcher;
    let segment = searcher.segment_reader(address.segment_ord);
    let documents = Documents::new(scripted, segment, false);
    let mut documents = documents.map_err(text_error)?;
    documents.stand_on(address.doc_id, score);
    let mut runner = scripted.bound.runner();
    let value = runner.value(&mut documents).map_err(failed)?;
    let refused = |cause: script::Cause| {
        EngineError::from(Failure::illegal_argument(cause.reason.unwrap_or_default()))
    };
    // A field as a whole stands for the list of its values.
    if let script::Value::Field(number) = value {
        let values = documents.values(number).map_err(refused)?;
        return Ok(listed(values).into_iter().map(Json).collect());
    }
    let json = value.to_json().map_err(refused)?;
    Ok(match json {
        Value::Array(values) => values.into_iter().map(Json).collect(),
        value => vec![Json(value)],
    })
}

/// The values of a field as scripts answer them.
fn listed(values: Values<'_>) -> Vec<Value> {
    match values {
        Values::Longs(numbers) => numbers.iter().map(|number| json!(number)).collect(),
        Values::Doubles(numbers) => numbers.iter().map(|number| json!(number)).collect(),
        Values::Booleans(values) => values.iter().map(|value| json!(value)).collect(),
        Values::Strings(texts) => texts.iter().map(|text| json!(text)).collect(),
        Values::Dates(dates) => {
            let text = |ms: &i64| json!(script::Value::Date(*ms).to_string());
            dates.iter().map(text).collect()
        }
        Values::Points(points) => {
            let point = |(lat, lon): &(f64, f64)| json!({"lat": lat, "lon": lon});
            points.iter().map(point).collect()
        }
        Values::Vector(vector) => vector.iter().map(|number| json!(number)).collect(),
    }
}

impl Compiler<'_> {
    /// The matches of a query with the scores that a script computes.
    pub(super) fn script_score(
        &self,
        query: Compiled,
        script: &Script,
        min_score: Option<f32>,
    ) -> Result<Compiled> {
        let scripted = Scripted::new(self.snapshot, script, Context::Score);
        let scripted = scripted.map_err(|beneath| {
            let reason = format!("failed to create query: {}", beneath.reason);
            Failure::new(Cause::QueryShard, reason)
                .caused_by(beneath)
                .in_index(&self.snapshot.name)
        })?;
        let faults = self.faults.clone();
        Ok(Box::new(ScriptScore::new(
            query, scripted, min_score, faults,
        )))
    }
}
