//! Running a bound script.

mod calls;
mod eval;
mod fields;
mod reach;
mod steps;
mod vectors;

use std::collections::HashMap;

use crate::bind::Ready;
use crate::error::{Cause, CauseKind};
use crate::host::Host;
use crate::ir::At;
use crate::source::{Fault, Raise};
use crate::value::Value;

use steps::Go;

/// How many rounds all loops of a run may have together.
const MAX_ROUNDS: u32 = 1_000_000;

/// How many bytes a run may make, whether or not it still needs them.
const MAX_BYTES: usize = 256 << 20;

/// How deep expressions may lie in one another, those of functions that are being called among them.
const MAX_DEPTH: usize = 1000;

/// What lives from one document to the next.
#[derive(Debug)]
pub(crate) struct State {
    /// The variables of all routines that are running, one after the other.
    locals: Vec<Value>,
    constants: Vec<Value>,
    /// Fields that were found to be mapped.
    mapped: Vec<bool>,
    /// Fields whose names the script made.
    names: HashMap<String, Option<usize>>,
    random: u64,
}

impl State {
    pub(crate) fn new(ready: &Ready, seed: u64) -> Self {
        Self {
            locals: Vec::new(),
            constants: ready.constants.iter().map(Value::from_json).collect(),
            mapped: vec![false; ready.fields.len()],
            names: HashMap::new(),
            random: seed,
        }
    }
}

/// Runs a script on the host's current document.
pub(crate) fn run(
    ready: &Ready,
    state: &mut State,
    host: &mut dyn Host,
    ctx: Value,
) -> Result<Value, Raise> {
    let Some(main) = ready.routines.first() else {
        return Ok(Value::Null);
    };
    state.locals.clear();
    state.locals.resize(main.slots, Value::Null);
    let mut machine = Machine {
        ready,
        state,
        host,
        ctx,
        base: 0,
        rounds: 0,
        bytes: 0,
        depth: main.depth,
    };
    match machine.steps(&main.body)? {
        Go::Return(value) => Ok(value),
        _ => Ok(main.default.value()),
    }
}

struct Machine<'a> {
    ready: &'a Ready,
    state: &'a mut State,
    host: &'a mut dyn Host,
    ctx: Value,
    /// Where the variables of the routine that is running begin.
    base: usize,
    rounds: u32,
    bytes: usize,
    depth: usize,
}

impl Machine<'_> {
    fn local(&self, slot: usize) -> Value {
        self.state
            .locals
            .get(self.base + slot)
            .cloned()
            .unwrap_or(Value::Null)
    }

    fn set_local(&mut self, slot: usize, value: Value) {
        if let Some(place) = self.state.locals.get_mut(self.base + slot) {
            *place = value;
        }
    }

    /// Counts bytes that are about to be made.
    fn make(&mut self, bytes: usize) -> Result<(), Cause> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MAX_BYTES {
            return Err(Cause::new(
                CauseKind::Painless,
                format!("The script makes more than the {MAX_BYTES} bytes that it may."),
            ));
        }
        Ok(())
    }
}

/// Says where something failed.
fn located<T>(result: Result<T, Cause>, at: At) -> Result<T, Raise> {
    result.map_err(|cause| raise(cause, at))
}

/// Says where something failed that may know better.
fn placed<T>(result: Result<T, Raise>, at: At) -> Result<T, Raise> {
    result.map_err(|mut fault| {
        fault.at.get_or_insert(at as usize);
        fault
    })
}

fn raise(cause: Cause, at: At) -> Raise {
    Box::new(Fault {
        at: Some(at as usize),
        cause,
    })
}

/// What Painless says when something is called on null.
fn null_target() -> Cause {
    Cause::new(
        CauseKind::NullPointer,
        "Cannot invoke \"Object.getClass()\" because \"callArgs[0]\" is null",
    )
}
