//! A checked script with its parameters: what depends on nothing else is computed, fields and vector functions are
//! numbered.

mod access;
mod fold;
mod known;
mod walk;

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::formula::Formula;
use crate::host::VectorCall;
use crate::ir::{Ir, Routine};

/// A script that is ready to run.
#[derive(Debug)]
pub(crate) struct Ready {
    /// The script itself is the first.
    pub(crate) routines: Vec<Routine>,
    /// The lists and maps out of the parameters that it names; the first is all of them.
    pub(crate) constants: Vec<Json>,
    pub(crate) fields: Vec<String>,
    pub(crate) calls: Vec<VectorCall>,
    /// What the script is, if it is one formula.
    pub(crate) formula: Option<Formula>,
}

/// Binds a script's routines to parameters.
pub(crate) fn bind(routines: &[Routine], params: &Json, params_escape: bool) -> Ready {
    let folded = Binder::new(params, true).routines(routines);
    let changes = folded
        .routines
        .iter()
        .any(|routine| walk::changes(&routine.body));
    let shared = params_escape
        || folded
            .routines
            .iter()
            .any(|routine| walk::shares(&routine.body));
    if changes && shared {
        // What the parameters hold may be changed by another name while the script runs.
        return Binder::new(params, false).routines(routines);
    }
    folded
}

struct Binder {
    /// Whether what is read from the parameters now will be there later.
    fixed: bool,
    constants: Vec<Json>,
    /// The constants by where they come from: the number of another, and a key or a place in it.
    paths: HashMap<(usize, String), usize>,
    fields: Vec<String>,
    calls: Vec<VectorCall>,
    /// What the slots of the routine hold that are written to once, with a constant.
    locals: HashMap<usize, Ir>,
    writes: Vec<u32>,
    parameters: usize,
}

impl Binder {
    fn new(params: &Json, fixed: bool) -> Self {
        Self {
            fixed,
            constants: vec![params.clone()],
            paths: HashMap::new(),
            fields: Vec::new(),
            calls: Vec::new(),
            locals: HashMap::new(),
            writes: Vec::new(),
            parameters: 0,
        }
    }

    fn routines(mut self, routines: &[Routine]) -> Ready {
        let routines: Vec<Routine> = routines
            .iter()
            .map(|routine| {
                self.locals.clear();
                self.writes.clone_from(&routine.writes);
                self.parameters = routine.parameters;
                Routine {
                    body: self.steps(&routine.body),
                    ..routine.clone()
                }
            })
            .collect();
        let main = routines.first();
        Ready {
            formula: main.and_then(|main| Formula::of(&main.body)),
            routines,
            constants: self.constants,
            fields: self.fields,
            calls: self.calls,
        }
    }

    /// The number of a field.
    fn field(&mut self, name: &str) -> usize {
        match self.fields.iter().position(|field| field == name) {
            Some(at) => at,
            None => {
                self.fields.push(name.to_owned());
                self.fields.len() - 1
            }
        }
    }
}
