//! What dots and brackets reach: members and elements.

use std::sync::Arc;

use super::{Checker, Typed, at, fail};
use crate::ir::{Const, Ir};
use crate::library::{constant, getter, getters};
use crate::source::Fail;
use crate::syntax::{Expr, ExprKind};
use crate::types::{Class, Type};

impl Checker {
    /// Checks what stands before a dot or a bracket; looking into the parameters does not give them away.
    pub(super) fn target(&mut self, target: &Expr) -> Result<Typed, Fail> {
        let escaped = self.params_escape;
        let typed = self.expr(target, None)?;
        if matches!(typed.ir, Ir::Params) {
            self.params_escape = escaped;
        }
        Ok(typed)
    }

    /// The class that a name stands for where no variable has it.
    pub(super) fn class(&mut self, target: &Expr) -> Option<Class> {
        match &target.kind {
            ExprKind::Name(name) if self.variable(name).is_none() => Class::named(name),
            _ => None,
        }
    }

    pub(super) fn member(
        &mut self,
        target: &Expr,
        name: &str,
        null_safe: bool,
        place: usize,
    ) -> Result<Typed, Fail> {
        if let Some(class) = self.class(target) {
            let missing = || format!("field [{}, {name}] not found", class.full_name());
            let Some(value) = constant(class, name) else {
                return fail(place, missing());
            };
            let ty = class_constant(&value);
            return match Const::of(&value) {
                Some(value) => Ok(Typed::constant(value, ty, place)),
                None => fail(place, missing()),
            };
        }
        let target = self.target(target)?;
        let ty = member_type(target.ty, name, place)?;
        if null_safe && (ty.is_primitive() || target.ty.is_primitive()) {
            return fail(place, "Result of null safe operator must be nullable");
        }
        let line = target.pending.unwrap_or(place);
        let ir = Ir::Member {
            target: Box::new(target.ir),
            name: Arc::from(name),
            getters: getters(name).into(),
            null_safe,
            at: at(line),
        };
        Ok(Typed::new(ty, ir, place).ending(place))
    }

    pub(super) fn index(
        &mut self,
        target: &Expr,
        index: &Expr,
        place: usize,
    ) -> Result<Typed, Fail> {
        let target = self.target(target)?;
        let (index_type, ty) = match target.ty {
            Type::Def => (None, Type::Def),
            Type::Array(..) => (Some(Type::Int), target.ty.element().unwrap_or(Type::Def)),
            Type::Class(class) if class.is_a(Class::Map) => (Some(Type::Def), Type::Def),
            Type::Class(class) if class.is_a(Class::List) => (Some(Type::Int), Type::Def),
            other => {
                return fail(place, format!("Illegal array access on type [{other}]."));
            }
        };
        let index = match index_type {
            Some(index_type) => self.expr_as(index, index_type)?,
            None => self.expr(index, None)?,
        };
        let line = index.pending.unwrap_or(place);
        let ir = Ir::Index {
            target: Box::new(target.ir),
            index: Box::new(index.ir),
            at: at(line),
        };
        Ok(Typed::new(ty, ir, place).ending(place))
    }
}

fn class_constant(value: &crate::value::Value) -> Type {
    use crate::value::Value;
    match value {
        Value::Bool(_) => Type::Boolean,
        Value::Byte(_) => Type::Byte,
        Value::Short(_) => Type::Short,
        Value::Int(_) => Type::Int,
        Value::Long(_) => Type::Long,
        Value::Float(_) => Type::Float,
        Value::Double(_) => Type::Double,
        _ => Type::Def,
    }
}

/// The type of a member, where a type has one by that name.
fn member_type(target: Type, name: &str, place: usize) -> Result<Type, Fail> {
    match target {
        Type::Def => Ok(Type::Def),
        Type::Array(..) if name == "length" => Ok(Type::Int),
        Type::Class(class) => {
            if let Some(getter) = getter(class, name) {
                return Ok(getter.returns);
            }
            if class.is_a(Class::Map) {
                return Ok(Type::Def);
            }
            if class.is_a(Class::List) {
                if name.parse::<u32>().is_ok() {
                    return Ok(Type::Def);
                }
                return fail(place, format!("invalid list index [{name}]"));
            }
            fail(place, format!("field [{target}, {name}] not found"))
        }
        _ => fail(place, format!("field [{target}, {name}] not found")),
    }
}
