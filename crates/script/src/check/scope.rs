//! Variables: which names are seen where, and their slots.

use super::{Checker, fail};
use crate::ir::{Const, Ir};
use crate::source::Fail;
use crate::types::{Type, is_type_name};

/// The variables of a function, a lambda or the script itself.
#[derive(Debug)]
pub(super) struct Frame {
    names: Vec<Variable>,
    /// Names of the context, which no variable may take.
    reserved: Vec<&'static str>,
    pub(super) slots: usize,
    pub(super) writes: Vec<u32>,
    /// How deep its expressions lie in one another.
    pub(super) depth: usize,
    /// How many blocks lie in one another here, and at most.
    pub(super) blocks: (usize, usize),
    /// What is returned.
    pub(super) returns: Type,
    /// Whether `doc` and the like are seen.
    pub(super) sees_context: bool,
    /// Whether names that are not found are looked for one frame further out.
    pub(super) is_lambda: bool,
    /// Slots of the frame around it, and the slots that hold their values here.
    pub(super) captures: Vec<(usize, usize)>,
}

#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) slot: usize,
    pub(super) ty: Type,
    pub(super) read_only: bool,
}

impl Frame {
    pub(super) fn new(returns: Type, sees_context: bool) -> Self {
        Self {
            names: Vec::new(),
            reserved: Vec::new(),
            slots: 0,
            writes: Vec::new(),
            depth: 0,
            blocks: (0, 0),
            returns,
            sees_context,
            is_lambda: false,
            captures: Vec::new(),
        }
    }

    pub(super) fn reserve(&mut self, name: &'static str) {
        self.reserved.push(name);
    }

    fn find(&self, name: &str) -> Option<&Variable> {
        self.names
            .iter()
            .rev()
            .find(|variable| variable.name == name)
    }

    pub(super) fn add(&mut self, name: &str, ty: Type, read_only: bool) -> usize {
        let slot = self.slots;
        self.slots += 1;
        self.writes.push(0);
        self.names.push(Variable {
            name: name.to_owned(),
            slot,
            ty,
            read_only,
        });
        slot
    }
}

impl Checker {
    pub(super) fn frame(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    /// Makes a variable that is seen until its block ends.
    pub(super) fn define(&mut self, name: &str, ty: Type, place: usize) -> Result<usize, Fail> {
        self.define_as(name, ty, place, false)
    }

    pub(super) fn define_as(
        &mut self,
        name: &str,
        ty: Type,
        place: usize,
        read_only: bool,
    ) -> Result<usize, Fail> {
        if is_type_name(name) {
            return fail(
                place,
                format!("invalid declaration: type [{name}] cannot be a name"),
            );
        }
        for frame in self.frames.iter().rev() {
            if frame.find(name).is_some() || frame.reserved.contains(&name) {
                return fail(place, format!("variable [{name}] is already defined"));
            }
            if !frame.is_lambda {
                break;
            }
        }
        Ok(self
            .frame()
            .map_or(0, |frame| frame.add(name, ty, read_only)))
    }

    /// Notes which names are seen, to forget later ones by [`Checker::leave`].
    pub(super) fn enter(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.names.len())
    }

    pub(super) fn leave(&mut self, names: usize) {
        if let Some(frame) = self.frame() {
            frame.names.truncate(names);
        }
    }

    /// Finds a variable; a lambda takes those around it along.
    pub(super) fn variable(&mut self, name: &str) -> Option<Variable> {
        self.variable_in(name, self.frames.len().checked_sub(1)?)
    }

    fn variable_in(&mut self, name: &str, frame: usize) -> Option<Variable> {
        let here = self.frames.get(frame)?;
        if let Some(variable) = here.find(name) {
            return Some(variable.clone());
        }
        if !here.is_lambda {
            return None;
        }
        let around = self.variable_in(name, frame.checked_sub(1)?)?;
        let here = self.frames.get_mut(frame)?;
        // It is seen in the whole lambda, so it stands before the names of blocks.
        let slot = here.slots;
        here.slots += 1;
        here.writes.push(1);
        here.captures.push((around.slot, slot));
        let captured = Variable {
            slot,
            read_only: true,
            ..around
        };
        here.names.insert(0, captured.clone());
        Some(captured)
    }

    /// Whether the context's variables are seen from here.
    pub(super) fn sees_context(&self) -> bool {
        self.frames
            .iter()
            .rev()
            .find(|frame| !frame.is_lambda)
            .is_some_and(|frame| frame.sees_context)
    }

    /// Counts a write to a slot.
    pub(super) fn store(&mut self, slot: usize, value: Ir, post: bool) -> Ir {
        if let Some(writes) = self.frame().and_then(|frame| frame.writes.get_mut(slot)) {
            *writes += 1;
        }
        Ir::SetLocal {
            slot,
            value: Box::new(value),
            post,
        }
    }

    /// What a variable holds that was given nothing.
    pub(super) fn nothing(ty: Type) -> Ir {
        Ir::Const(Const::of(&ty.default_value()).unwrap_or(Const::Null))
    }
}
