//! Statements.

use std::sync::Arc;

use super::{MAX_ROUNDS, Machine, located, raise};
use crate::convert::{Cast, convert};
use crate::error::{Cause, CauseKind};
use crate::ir::{At, Ir, Step};
use crate::source::Raise;
use crate::types::{Class, exception_class};
use crate::value::Value;

/// Where a statement goes on.
pub(super) enum Go {
    On,
    Break,
    Continue,
    Return(Value),
}

impl Machine<'_> {
    pub(super) fn steps(&mut self, body: &[Step]) -> Result<Go, Raise> {
        for step in body {
            match self.step(step)? {
                Go::On => {}
                other => return Ok(other),
            }
        }
        Ok(Go::On)
    }

    fn step(&mut self, step: &Step) -> Result<Go, Raise> {
        match step {
            Step::Eval(ir) => {
                self.eval(ir)?;
                Ok(Go::On)
            }
            Step::Return(ir) => Ok(Go::Return(self.eval(ir)?)),
            Step::If {
                condition,
                then,
                otherwise,
            } => {
                let branch = if self.condition(condition)? {
                    then
                } else {
                    otherwise
                };
                self.steps(branch)
            }
            Step::Loop {
                ask_first,
                condition,
                after,
                body,
                at,
            } => {
                let mut ask = *ask_first;
                loop {
                    if let Some(condition) = condition
                        && ask
                        && !self.condition(condition)?
                    {
                        return Ok(Go::On);
                    }
                    ask = true;
                    self.round(*at)?;
                    match self.steps(body)? {
                        Go::Break => return Ok(Go::On),
                        Go::Return(value) => return Ok(Go::Return(value)),
                        Go::On | Go::Continue => {}
                    }
                    if let Some(after) = after {
                        self.eval(after)?;
                    }
                }
            }
            Step::ForEach {
                slot,
                over,
                cast,
                body,
                at,
                over_at,
            } => {
                let over = self.eval(over)?;
                self.for_each(*slot, &over, *cast, body, *at, *over_at)
            }
            Step::Break => Ok(Go::Break),
            Step::Continue => Ok(Go::Continue),
            Step::Throw(ir, at) => Err(self.thrown(ir, *at)?),
            Step::Try { body, catches } => self.attempt(body, catches),
        }
    }

    /// Counts a round of a loop.
    fn round(&mut self, at: At) -> Result<(), Raise> {
        self.rounds += 1;
        if self.rounds > MAX_ROUNDS {
            let cause = Cause::new(
                CauseKind::Painless,
                "The maximum number of statements that can be executed in a loop has been reached.",
            );
            return Err(raise(cause, at));
        }
        Ok(())
    }

    fn for_each(
        &mut self,
        slot: usize,
        over: &Value,
        cast: Option<Cast>,
        body: &[Step],
        at: At,
        over_at: At,
    ) -> Result<Go, Raise> {
        // A list is walked as it is, so that a change of it is seen; everything else as it was.
        let copy = match over {
            Value::List(_) => None,
            other => Some(self.elements(other, over_at)?),
        };
        let length = |over: &Value, copy: &Option<Vec<Value>>| match (over, copy) {
            (_, Some(copy)) => copy.len(),
            (Value::List(list), None) => list.len(),
            _ => 0,
        };
        let size = length(over, &copy);
        let mut next = 0;
        while next < length(over, &copy) || next > size {
            let element = match (over, &copy) {
                (_, Some(copy)) => copy.get(next).cloned(),
                (Value::List(list), None) if list.len() == size => list.get(next),
                _ => {
                    let cause = Cause {
                        kind: CauseKind::ConcurrentModification,
                        reason: None,
                    };
                    return Err(raise(cause, over_at));
                }
            };
            let mut element = element.unwrap_or(Value::Null);
            if let Some(cast) = cast {
                element = located(convert(element, cast), over_at)?;
            }
            self.round(at)?;
            self.set_local(slot, element);
            match self.steps(body)? {
                Go::Break => return Ok(Go::On),
                Go::Return(value) => return Ok(Go::Return(value)),
                Go::On | Go::Continue => {}
            }
            next += 1;
        }
        Ok(Go::On)
    }

    /// The elements of anything that can be walked.
    fn elements(&mut self, over: &Value, at: At) -> Result<Vec<Value>, Raise> {
        let cause = match over {
            Value::Array(array) => return Ok(array.to_vec()),
            Value::Set(set) => {
                return Ok(set.entries().into_iter().map(|(key, _)| key).collect());
            }
            Value::Field(field) => {
                let field = *field;
                return located(self.field_values(field), at);
            }
            Value::Null => super::null_target(),
            other => Cause::argument(format!("Cannot iterate over [{}]", other.class_name())),
        };
        Err(raise(cause, at))
    }

    fn thrown(&mut self, ir: &Ir, at: At) -> Result<Raise, Raise> {
        let cause = match self.eval(ir)? {
            Value::Exception(cause) => Cause::clone(&cause),
            Value::Null => Cause {
                kind: CauseKind::NullPointer,
                reason: None,
            },
            other => {
                let from = other.class_name();
                Cause::cast(format!(
                    "class {from} cannot be cast to class java.lang.Exception ({from} and java.lang.Exception are in \
                     module java.base of loader 'bootstrap')"
                ))
            }
        };
        Ok(raise(cause, at))
    }

    fn attempt(
        &mut self,
        body: &[Step],
        catches: &[(Class, usize, Vec<Step>)],
    ) -> Result<Go, Raise> {
        let (base, depth, locals) = (self.base, self.depth, self.state.locals.len());
        let fault = match self.steps(body) {
            Ok(go) => return Ok(go),
            Err(fault) => fault,
        };
        // Errors are no exceptions: the limits of the interpreter cannot be caught.
        let limits = [CauseKind::Painless, CauseKind::StackOverflow];
        let class = exception_class(fault.cause.kind);
        let arm = catches.iter().find(|(caught, _, _)| class.is_a(*caught));
        match arm {
            Some((_, slot, body)) if !limits.contains(&fault.cause.kind) => {
                (self.base, self.depth) = (base, depth);
                self.state.locals.truncate(locals);
                self.set_local(*slot, Value::Exception(Arc::new(fault.cause)));
                self.steps(body)
            }
            _ => Err(fault),
        }
    }
}
