//! A script from its source to its result.

use std::sync::Arc;

use crate::error::{Cause, ScriptError, Stage};
use crate::host::{Host, VectorCall};
use crate::value::{Map, Value};

/// Where a script stands: which variables it sees and what it gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// A score: sees `doc`, `params`, `_score` and the vector functions; gives a `double`.
    Score,
    /// A filter: sees `doc` and `params`; gives a `boolean`.
    Filter,
    /// A field made by a script: sees `doc` and `params`; gives any value.
    Field,
    /// A change of a document: sees `ctx` and `params`; gives nothing.
    Update,
}

/// A script that was read and checked.
#[derive(Debug, Clone)]
pub struct Program {
    source: Arc<str>,
    context: Context,
}

/// Reads and checks a script.
///
/// # Errors
///
/// Returns the first thing that is wrong with it, and where.
pub fn compile(source: &str, context: Context) -> Result<Program, ScriptError> {
    Ok(Program {
        source: source.into(),
        context,
    })
}

impl Program {
    /// Binds the script to its parameters: what depends on nothing else is computed now.
    ///
    /// # Errors
    ///
    /// When the parameters are no object, or null.
    pub fn bind(&self, params: &serde_json::Value) -> Result<Bound, ScriptError> {
        let _ = params;
        Ok(Bound {
            program: self.clone(),
        })
    }

    /// Returns where the script stands.
    pub fn context(&self) -> Context {
        self.context
    }

    /// Returns the source.
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// A script with its parameters, which any number of threads may run.
#[derive(Debug, Clone)]
pub struct Bound {
    program: Program,
}

impl Bound {
    /// Returns the names of the fields of documents that it names, each once; their places are their numbers.
    pub fn fields(&self) -> &[String] {
        &[]
    }

    /// Returns the vector functions that it calls with a query that is the same for every document.
    pub fn vector_calls(&self) -> &[VectorCall] {
        &[]
    }

    /// Returns whether it looks at the query's score.
    pub fn uses_score(&self) -> bool {
        false
    }

    /// Makes what runs it, for one thread and one segment or index: what lives from one document to the next.
    pub fn runner(&self) -> Runner {
        Runner {
            program: self.program.clone(),
        }
    }
}

/// Runs a bound script over documents, one after the other.
#[derive(Debug)]
pub struct Runner {
    program: Program,
}

impl Runner {
    /// Runs it on the host's current document and returns the score.
    ///
    /// NaN and negative scores are returned as they are; refusing them is the caller's.
    ///
    /// # Errors
    ///
    /// When the script fails, and where.
    pub fn score(&mut self, host: &mut dyn Host) -> Result<f64, ScriptError> {
        let value = self.value(host)?;
        value.as_f64().ok_or_else(|| self.not_there())
    }

    /// Runs it on the host's current document and returns whether it passes.
    ///
    /// # Errors
    ///
    /// When the script fails, and where.
    pub fn matches(&mut self, host: &mut dyn Host) -> Result<bool, ScriptError> {
        Ok(matches!(self.value(host)?, Value::Bool(true)))
    }

    /// Runs it on the host's current document and returns its value.
    ///
    /// # Errors
    ///
    /// When the script fails, and where.
    pub fn value(&mut self, host: &mut dyn Host) -> Result<Value, ScriptError> {
        let _ = host;
        Err(self.not_there())
    }

    /// Runs it on `ctx`, which it changes.
    ///
    /// # Errors
    ///
    /// When the script fails, and where; `ctx` is then as far as the script came.
    pub fn update(&mut self, ctx: &Map) -> Result<(), ScriptError> {
        let _ = ctx;
        Err(self.not_there())
    }

    fn not_there(&self) -> ScriptError {
        ScriptError {
            stage: Stage::Runtime,
            cause: Cause::argument("scripts do not run yet"),
            stack: Vec::new(),
            script: self.program.source.to_string(),
            position: None,
        }
    }
}
