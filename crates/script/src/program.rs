//! A script from its source to its result.

use std::sync::Arc;

use crate::bind::{Ready, bind};
use crate::check::{Checked, check};
use crate::context::Context;
use crate::error::{Cause, ScriptError};
use crate::host::{Host, Values, VectorCall};
use crate::parser::parse;
use crate::run::{State, run};
use crate::source::{Fault, Source};
use crate::value::{Map, Value};

/// A script that was read and checked.
#[derive(Debug, Clone)]
pub struct Program {
    source: Arc<Source>,
    context: Context,
    checked: Arc<Checked>,
}

/// Reads and checks a script.
///
/// # Errors
///
/// Returns the first thing that is wrong with it, and where.
pub fn compile(source: &str, context: Context) -> Result<Program, ScriptError> {
    let checked = parse(source).and_then(|script| check(&script, context));
    match checked {
        Ok(checked) => Ok(Program {
            source: Arc::new(Source::new(source, checked.statements.clone())),
            context,
            checked: Arc::new(checked),
        }),
        Err(fail) => Err(Source::new(source, Vec::new()).compile_error(fail)),
    }
}

impl Program {
    /// Binds the script to its parameters: what depends on nothing else is computed now.
    ///
    /// # Errors
    ///
    /// When the parameters are no object, and not null either.
    pub fn bind(&self, params: &serde_json::Value) -> Result<Bound, ScriptError> {
        let empty = serde_json::Value::Object(serde_json::Map::new());
        let params = match params {
            serde_json::Value::Object(_) => params,
            serde_json::Value::Null => &empty,
            _ => {
                return Err(self.source.runtime_error(Fault {
                    at: None,
                    cause: Cause::argument("[params] must be an object"),
                }));
            }
        };
        let checked = &self.checked;
        Ok(Bound {
            source: self.source.clone(),
            ready: Arc::new(bind(&checked.routines, params, checked.params_escape)),
            uses_score: checked.uses_score,
        })
    }

    /// Returns where the script stands.
    pub fn context(&self) -> Context {
        self.context
    }

    /// Returns the source.
    pub fn source(&self) -> &str {
        self.source.text()
    }
}

/// A script with its parameters, which any number of threads may run.
#[derive(Debug, Clone)]
pub struct Bound {
    source: Arc<Source>,
    ready: Arc<Ready>,
    uses_score: bool,
}

impl Bound {
    /// Returns the names of the fields of documents that it names, each once; their places are their numbers.
    pub fn fields(&self) -> &[String] {
        &self.ready.fields
    }

    /// Returns the vector functions that it calls with a query that is the same for every document.
    pub fn vector_calls(&self) -> &[VectorCall] {
        &self.ready.calls
    }

    /// Returns whether it looks at the query's score.
    pub fn uses_score(&self) -> bool {
        self.uses_score
    }

    /// Makes what runs it, for one thread and one segment or index: what lives from one document to the next.
    ///
    /// `Math.random()` gives the same numbers to every runner that is made like this.
    pub fn runner(&self) -> Runner {
        self.runner_with_seed(0)
    }

    /// Makes what runs it, with a seed for `Math.random()`.
    pub fn runner_with_seed(&self, seed: u64) -> Runner {
        Runner {
            source: self.source.clone(),
            state: State::new(&self.ready, seed),
            ready: self.ready.clone(),
        }
    }
}

/// Runs a bound script over documents, one after the other.
#[derive(Debug)]
pub struct Runner {
    source: Arc<Source>,
    ready: Arc<Ready>,
    state: State,
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
        let formula = self.ready.formula.as_ref();
        if let Some(score) = formula.and_then(|formula| formula.compute(host)) {
            return Ok(score);
        }
        let value = self.value(host)?;
        Ok(value.as_f64().unwrap_or(f64::NAN))
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
        run(&self.ready, &mut self.state, host, Value::Null).map_err(|fault| self.failed(*fault))
    }

    /// Runs it on `ctx`, which it changes.
    ///
    /// # Errors
    ///
    /// When the script fails, and where; `ctx` is then as far as the script came.
    pub fn update(&mut self, ctx: &Map) -> Result<(), ScriptError> {
        let ctx = Value::Map(ctx.clone());
        match run(&self.ready, &mut self.state, &mut NoDocument, ctx) {
            Ok(_) => Ok(()),
            Err(fault) => Err(self.failed(*fault)),
        }
    }

    #[cold]
    fn failed(&self, fault: Fault) -> ScriptError {
        self.source.runtime_error(fault)
    }
}

/// What stands for documents where a script sees none.
struct NoDocument;

impl Host for NoDocument {
    fn find(&mut self, _: &str) -> Option<usize> {
        None
    }

    fn values(&mut self, _: usize) -> Result<Values<'_>, Cause> {
        Err(Cause::argument("an update script sees no doc values"))
    }

    fn vector(&mut self, _: usize) -> Result<f64, Cause> {
        Err(Cause::argument("an update script sees no vectors"))
    }

    fn score(&mut self) -> f64 {
        0.0
    }
}
