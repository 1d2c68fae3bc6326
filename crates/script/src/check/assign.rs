//! Assignments.

use std::sync::Arc;

use super::operators::operands;
use super::{Checker, Typed, at, fail};
use crate::convert::Cast;
use crate::ir::{Const, Ir, Place, Store};
use crate::library::getter;
use crate::source::Fail;
use crate::syntax::{Expr, ExprKind, Operator};
use crate::types::{Class, Type};

/// What an assignment puts there.
enum Right<'a> {
    Expr(&'a Expr),
    /// The one that `++` adds.
    One,
}

impl Checker {
    pub(super) fn assign(
        &mut self,
        target: &Expr,
        operator: Option<Operator>,
        value: &Expr,
        place: usize,
    ) -> Result<Typed, Fail> {
        self.assignment(target, operator, Right::Expr(value), false, place)
    }

    pub(super) fn step(
        &mut self,
        target: &Expr,
        up: bool,
        post: bool,
        place: usize,
    ) -> Result<Typed, Fail> {
        let operator = if up {
            Operator::Add
        } else {
            Operator::Subtract
        };
        self.assignment(target, Some(operator), Right::One, post, place)
    }

    fn assignment(
        &mut self,
        target: &Expr,
        operator: Option<Operator>,
        right: Right<'_>,
        post: bool,
        place: usize,
    ) -> Result<Typed, Fail> {
        match &target.kind {
            ExprKind::Name(name) => {
                self.assign_variable(name, target, operator, &right, post, place)
            }
            ExprKind::Member {
                target: object,
                name,
                ..
            } => {
                if let Some(class) = self.class(object) {
                    let reason = if crate::library::constant(class, name).is_some() {
                        format!(
                            "invalid assignment: cannot assign a value to read-only field [{name}]"
                        )
                    } else {
                        format!("field [{}, {name}] not found", class.full_name())
                    };
                    return fail(target.at, reason);
                }
                let object = self.expr(object, None)?;
                let ty = self.settable(&object, name, target.at)?;
                let member = Place::Member(Arc::from(name.as_str()));
                self.assign_place(
                    object, member, None, ty, operator, &right, post, target.at, place,
                )
            }
            ExprKind::Index {
                target: object,
                index,
            } => {
                let object = self.expr(object, None)?;
                let (index_type, ty) = match object.ty {
                    Type::Def => (None, Type::Def),
                    Type::Array(..) => (Some(Type::Int), object.ty.element().unwrap_or(Type::Def)),
                    Type::Class(class) if class.is_a(Class::Map) => (Some(Type::Def), Type::Def),
                    Type::Class(class) if class.is_a(Class::List) => (Some(Type::Int), Type::Def),
                    other => {
                        return fail(
                            target.at,
                            format!("Illegal array access on type [{other}]."),
                        );
                    }
                };
                let index = match index_type {
                    Some(index_type) => self.expr_as(index, index_type)?,
                    None => self.expr(index, None)?,
                };
                let line = index.line;
                let index = Place::Index(index.ir);
                self.assign_place(
                    object, index, line, ty, operator, &right, post, target.at, place,
                )
            }
            other => fail(
                place,
                format!(
                    "invalid assignment: cannot assign a value to {}",
                    described(other)
                ),
            ),
        }
    }

    fn assign_variable(
        &mut self,
        name: &str,
        target: &Expr,
        operator: Option<Operator>,
        right: &Right<'_>,
        post: bool,
        place: usize,
    ) -> Result<Typed, Fail> {
        let Some(variable) = self.variable(name) else {
            let known = self.sees_context() && self.context.variables().contains(&name);
            let reason = if known {
                format!("Variable [{name}] is read-only.")
            } else {
                format!("cannot resolve symbol [{name}]")
            };
            return fail(target.at, reason);
        };
        if variable.read_only {
            return fail(target.at, format!("Variable [{name}] is read-only."));
        }
        let old = Typed::new(variable.ty, Ir::Local(variable.slot), target.at);
        let value = match operator {
            Some(operator) => self.combined(operator, old, right, place)?,
            None => self.right(right, variable.ty)?,
        };
        let line = value.line;
        let ir = self.store(variable.slot, value.ir, post);
        let mut typed = Typed::new(variable.ty, ir, place);
        typed.line = line;
        Ok(typed)
    }

    /// What is put, as it is.
    fn right(&mut self, right: &Right<'_>, wanted: Type) -> Result<Typed, Fail> {
        match right {
            Right::Expr(value) => self.expr_as(value, wanted),
            Right::One => Ok(Typed::constant(Const::Int(1), Type::Int, 0)),
        }
    }

    /// `old operator right`, brought back to the type of what it is put into.
    fn combined(
        &mut self,
        operator: Operator,
        old: Typed,
        right: &Right<'_>,
        place: usize,
    ) -> Result<Typed, Fail> {
        let ty = old.ty;
        let slot = match &old.ir {
            Ir::Local(slot) => *slot,
            _ => return fail(place, "invalid assignment"),
        };
        let right = self.operand(right, place)?;
        let right = noted(operator, ty, right);
        let joins = operator == Operator::Add && Self::is_text(right.ty) && !Self::is_text(ty);
        // What a text is added to must be one.
        let old = if joins {
            self.cast(old, Type::STRING, false)?
        } else {
            old
        };
        let value = self.apply(operator, old, right, place)?;
        let line = value.line.unwrap_or(place);
        if value.ty == Type::Def {
            let ir = Ir::Like {
                operand: Box::new(value.ir),
                slot,
                at: at(line),
            };
            return Ok(Typed::new(ty, ir, place).ending(line));
        }
        let mut value = self.cast(value, ty, true)?;
        value.ty = ty;
        Ok(value.ending(line))
    }

    /// What stands on the right of `+=` and its like.
    fn operand(&mut self, right: &Right<'_>, place: usize) -> Result<Typed, Fail> {
        match right {
            Right::Expr(value) => self.expr(value, None),
            Right::One => Ok(Typed::constant(Const::Int(1), Type::Int, place)),
        }
    }

    /// The type of a member that can be set.
    fn settable(&mut self, object: &Typed, name: &str, place: usize) -> Result<Type, Fail> {
        match object.ty {
            Type::Def => Ok(Type::Def),
            Type::Class(class) if class.is_a(Class::Map) => Ok(Type::Def),
            Type::Class(class) if class.is_a(Class::List) => {
                if name.parse::<u32>().is_ok() {
                    return Ok(Type::Def);
                }
                fail(place, format!("invalid list index [{name}]"))
            }
            Type::Class(class) if getter(class, name).is_some() => fail(
                place,
                format!("invalid assignment: cannot assign a value to read-only field [{name}]"),
            ),
            other => fail(place, format!("field [{other}, {name}] not found")),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of an assignment")]
    fn assign_place(
        &mut self,
        object: Typed,
        place_in: Place,
        index_line: Option<usize>,
        ty: Type,
        operator: Option<Operator>,
        right: &Right<'_>,
        post: bool,
        target_at: usize,
        place: usize,
    ) -> Result<Typed, Fail> {
        let (value, operator, operator_at) = match operator {
            None => (self.right(right, ty)?, None, target_at),
            Some(operator) => {
                let value = noted(operator, ty, self.operand(right, place)?);
                let line = value.line.or(index_line).unwrap_or(target_at);
                let Some((_, _, result)) = operands(operator, ty, value.ty) else {
                    // The same words as for the operator alone.
                    let old = Typed::new(ty, Ir::Const(Const::Null), target_at);
                    self.apply(operator, old, value, place)?;
                    return fail(place, "invalid assignment");
                };
                let joins = operator == Operator::Add && Self::is_text(value.ty);
                let cast = (result != Type::Def && ty != Type::Def && !joins).then_some(Cast {
                    to: ty,
                    explicit: true,
                    from_def: false,
                });
                (value, Some((operator, cast)), line)
            }
        };
        let store = Store {
            target: object.ir,
            place: place_in,
            operator,
            value: value.ir,
            post,
            at: at(target_at),
            operator_at: at(operator_at),
        };
        Ok(Typed::new(ty, Ir::Store(Box::new(store)), place).ending(target_at))
    }
}

/// Where the type is not known, the operand becomes an object first, and the debugger notes its place.
fn noted(operator: Operator, target: Type, right: Typed) -> Typed {
    match operands(operator, target, right.ty) {
        Some((_, _, Type::Def)) => {
            let place = right.at;
            right.ending(place)
        }
        _ => right,
    }
}

/// What messages call an expression that is no place.
fn described(kind: &ExprKind) -> String {
    match kind {
        ExprKind::Number(text) => format!("numeric constant [{text}]"),
        ExprKind::Text(text) => format!("string constant [{text}]"),
        ExprKind::Bool(value) => format!("boolean constant [{value}]"),
        ExprKind::Null => "null constant".to_owned(),
        ExprKind::Call { name, arguments } => format!("function call [{name}/{}]", arguments.len()),
        ExprKind::Method {
            name, arguments, ..
        } => {
            format!("method call [{name}/{}]", arguments.len())
        }
        ExprKind::Binary { operator, .. } => {
            format!("{} operation [{}]", operator.name(), operator.symbol())
        }
        ExprKind::List(_) => "list initializer".to_owned(),
        ExprKind::Map(_) => "map initializer".to_owned(),
        _ => "an expression that is no variable, member or element".to_owned(),
    }
}
