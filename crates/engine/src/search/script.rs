//! Scripts over documents: scores, sort values and fields that they compute.

mod columns;
mod failure;
mod score;
mod vectors;

use super::compile::{Compiled, Compiler};
use crate::error::Result;
use crate::snapshot::Snapshot;
use document::{Cause, Failure};
use failure::failed;
use query::Script;
use score::ScriptScore;
use script::{Bound, Context};
use std::sync::Arc;

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
