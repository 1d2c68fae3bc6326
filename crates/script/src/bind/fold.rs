//! Instructions with what is known put in.

use super::Binder;
use crate::arithmetic;
use crate::convert::convert;
use crate::error::Cause;
use crate::ir::{Const, Ir, Place, Step, Store};
use crate::value::Value;

impl Binder {
    pub(super) fn steps(&mut self, body: &[Step]) -> Vec<Step> {
        body.iter().map(|step| self.step(step)).collect()
    }

    fn step(&mut self, step: &Step) -> Step {
        match step {
            Step::Eval(ir) => Step::Eval(self.fold(ir)),
            Step::Return(ir) => Step::Return(self.fold(ir)),
            Step::Throw(ir, at) => Step::Throw(self.fold(ir), *at),
            Step::If {
                condition,
                then,
                otherwise,
            } => Step::If {
                condition: self.fold(condition),
                then: self.steps(then),
                otherwise: self.steps(otherwise),
            },
            Step::Loop {
                ask_first,
                condition,
                after,
                body,
                at,
            } => Step::Loop {
                ask_first: *ask_first,
                condition: condition.as_ref().map(|ir| self.fold(ir)),
                after: after.as_ref().map(|ir| self.fold(ir)),
                body: self.steps(body),
                at: *at,
            },
            Step::ForEach {
                slot,
                over,
                cast,
                body,
                at,
                over_at,
            } => Step::ForEach {
                slot: *slot,
                over: self.fold(over),
                cast: *cast,
                body: self.steps(body),
                at: *at,
                over_at: *over_at,
            },
            Step::Try { body, catches } => Step::Try {
                body: self.steps(body),
                catches: catches
                    .iter()
                    .map(|(class, slot, body)| (*class, *slot, self.steps(body)))
                    .collect(),
            },
            Step::Break => Step::Break,
            Step::Continue => Step::Continue,
        }
    }

    pub(super) fn boxed(&mut self, ir: &Ir) -> Box<Ir> {
        Box::new(self.fold(ir))
    }

    pub(super) fn all(&mut self, list: &[Ir]) -> Vec<Ir> {
        list.iter().map(|ir| self.fold(ir)).collect()
    }

    fn fold(&mut self, ir: &Ir) -> Ir {
        match ir {
            Ir::Params => Ir::Param(0),
            Ir::Local(slot) => self.locals.get(slot).cloned().unwrap_or(Ir::Local(*slot)),
            Ir::SetLocal { slot, value, post } => self.set_local(*slot, value, *post),
            Ir::Unary { .. }
            | Ir::Binary { .. }
            | Ir::Cast { .. }
            | Ir::Math1(..)
            | Ir::Math2(..) => self.computation(ir),
            Ir::Concat { left, right, at } => Ir::Concat {
                left: self.boxed(left),
                right: self.boxed(right),
                at: *at,
            },
            Ir::And(left, right) => Ir::And(self.boxed(left), self.boxed(right)),
            Ir::Or(left, right) => Ir::Or(self.boxed(left), self.boxed(right)),
            Ir::Like { operand, slot, at } => Ir::Like {
                operand: self.boxed(operand),
                slot: *slot,
                at: *at,
            },
            Ir::InstanceOf { operand, of } => Ir::InstanceOf {
                operand: self.boxed(operand),
                of: *of,
            },
            Ir::Conditional(parts) => match self.fold(&parts.0) {
                Ir::Const(Const::Bool(true)) => self.fold(&parts.1),
                Ir::Const(Const::Bool(false)) => self.fold(&parts.2),
                condition => {
                    let (then, otherwise) = (self.fold(&parts.1), self.fold(&parts.2));
                    Ir::Conditional(Box::new((condition, then, otherwise)))
                }
            },
            Ir::Elvis(left, right) => match self.fold(left) {
                Ir::Const(Const::Null) => self.fold(right),
                known @ (Ir::Const(_) | Ir::Param(_)) => known,
                left => Ir::Elvis(Box::new(left), self.boxed(right)),
            },
            Ir::Member { .. } | Ir::Index { .. } | Ir::Method { .. } => self.access(ir),
            Ir::Static {
                method,
                arguments,
                at,
            } => Ir::Static {
                method,
                arguments: self.all(arguments),
                at: *at,
            },
            Ir::Call {
                function,
                arguments,
                at,
            } => Ir::Call {
                function: *function,
                arguments: self.all(arguments),
                at: *at,
            },
            Ir::List(values) => Ir::List(self.all(values)),
            Ir::Map(entries) => Ir::Map(
                entries
                    .iter()
                    .map(|(key, value)| (self.fold(key), self.fold(value)))
                    .collect(),
            ),
            Ir::NewArray { of, lengths, at } => Ir::NewArray {
                of: *of,
                lengths: self.all(lengths),
                at: *at,
            },
            Ir::ArrayOf { of, values } => Ir::ArrayOf {
                of: *of,
                values: self.all(values),
            },
            Ir::Store(store) => Ir::Store(Box::new(Store {
                target: self.fold(&store.target),
                place: match &store.place {
                    Place::Index(index) => Place::Index(self.fold(index)),
                    Place::Member(name) => Place::Member(name.clone()),
                },
                value: self.fold(&store.value),
                ..Store::clone(store)
            })),
            Ir::Vector {
                function,
                query,
                field,
                at,
            } => {
                let (query, field) = (self.boxed(query), self.boxed(field));
                let known = if self.fixed {
                    self.vector_call(*function, &query, &field)
                } else {
                    None
                };
                match known {
                    Some(call) => {
                        let field_at = match *field {
                            Ir::Field(_, field_at) => field_at,
                            _ => *at,
                        };
                        Ir::VectorCall(call, field_at, *at)
                    }
                    None => Ir::Vector {
                        function: *function,
                        query,
                        field,
                        at: *at,
                    },
                }
            }
            Ir::Const(_)
            | Ir::Param(_)
            | Ir::Document
            | Ir::Ctx
            | Ir::Score
            | Ir::Lambda { .. }
            | Ir::VectorCall(..)
            | Ir::Field(..)
            | Ir::FieldValue(..)
            | Ir::FieldSize(..)
            | Ir::FieldEmpty(..) => ir.clone(),
        }
    }

    /// Operators and functions of numbers, which are computed now where they can be.
    fn computation(&mut self, ir: &Ir) -> Ir {
        match ir {
            Ir::Unary {
                operator,
                operand,
                at,
            } => {
                let operand = self.boxed(operand);
                one(&operand, |value| arithmetic::unary(*operator, value)).unwrap_or(Ir::Unary {
                    operator: *operator,
                    operand,
                    at: *at,
                })
            }
            Ir::Binary {
                operator,
                left,
                right,
                at,
            } => {
                let (left, right) = (self.boxed(left), self.boxed(right));
                let apply =
                    |left: &Value, right: &Value| arithmetic::binary(*operator, left, right);
                two(&left, &right, apply).unwrap_or(Ir::Binary {
                    operator: *operator,
                    left,
                    right,
                    at: *at,
                })
            }
            Ir::Cast { operand, cast, at } => {
                let operand = self.boxed(operand);
                one(&operand, |value| convert(value.clone(), *cast)).unwrap_or(Ir::Cast {
                    operand,
                    cast: *cast,
                    at: *at,
                })
            }
            Ir::Math1(run, operand) => {
                let operand = self.boxed(operand);
                let apply = |value: &Value| Ok(Value::Double(run(double(value))));
                one(&operand, apply).unwrap_or(Ir::Math1(*run, operand))
            }
            Ir::Math2(run, left, right) => {
                let (left, right) = (self.boxed(left), self.boxed(right));
                let apply = |left: &Value, right: &Value| {
                    Ok(Value::Double(run(double(left), double(right))))
                };
                two(&left, &right, apply).unwrap_or(Ir::Math2(*run, left, right))
            }
            other => other.clone(),
        }
    }

    fn set_local(&mut self, slot: usize, value: &Ir, post: bool) -> Ir {
        let value = self.fold(value);
        let once = self.writes.get(slot) == Some(&1) && slot >= self.parameters && !post;
        if once && matches!(value, Ir::Const(_) | Ir::Param(_)) {
            self.locals.insert(slot, value.clone());
        }
        Ir::SetLocal {
            slot,
            value: Box::new(value),
            post,
        }
    }
}

fn double(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Computes something of a constant; none where it is not known, or where that fails, which it then does at its time.
fn one(operand: &Ir, compute: impl FnOnce(&Value) -> Result<Value, Cause>) -> Option<Ir> {
    match operand {
        Ir::Const(constant) => {
            let value = compute(&constant.value()).ok()?;
            Const::of(&value).map(Ir::Const)
        }
        _ => None,
    }
}

/// Computes something of two constants.
fn two(
    left: &Ir,
    right: &Ir,
    compute: impl FnOnce(&Value, &Value) -> Result<Value, Cause>,
) -> Option<Ir> {
    match (left, right) {
        (Ir::Const(left), Ir::Const(right)) => {
            let value = compute(&left.value(), &right.value()).ok()?;
            Const::of(&value).map(Ir::Const)
        }
        _ => None,
    }
}
