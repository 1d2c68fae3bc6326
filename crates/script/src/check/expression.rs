//! Expressions: literals, names, casts, conditions.

use super::{Checker, Typed, at, cannot_cast, fail};
use crate::convert::array_name;
use crate::error::Cause;
use crate::ir::{Const, Ir};
use crate::source::Fail;
use crate::syntax::{Expr, ExprKind};
use crate::types::{Class, Element, Type};

impl Checker {
    /// Checks an expression; `wanted` is the type that it will be cast to, where that is known.
    pub(super) fn expr(&mut self, expr: &Expr, wanted: Option<Type>) -> Result<Typed, Fail> {
        if let Some(frame) = self.frame() {
            frame.depth = frame.depth.max(expr.depth);
        }
        let place = expr.at;
        match &expr.kind {
            ExprKind::Null => match wanted {
                Some(ty) if ty.is_primitive() => fail(
                    place,
                    format!("Cannot cast null to a primitive type [{ty}]."),
                ),
                _ => {
                    let ty = wanted.unwrap_or(Type::OBJECT);
                    Ok(Typed::constant(Const::Null, ty, place))
                }
            },
            ExprKind::Bool(value) => Ok(Typed::constant(Const::Bool(*value), Type::Boolean, place)),
            ExprKind::Number(text) => number(text, wanted, place),
            ExprKind::Text(text) => Ok(Typed::constant(
                Const::Text(text.clone()),
                Type::STRING,
                place,
            )),
            ExprKind::Name(name) => self.name(name, place),
            ExprKind::Call { name, arguments } => self.call(name, arguments, place),
            ExprKind::New { of, arguments } => self.construct(of, arguments, place),
            ExprKind::NewArray {
                of,
                lengths,
                values,
            } => {
                let of = self.type_of(of)?;
                self.array(of, lengths, values.as_deref(), place)
            }
            ExprKind::List(elements) => {
                let mut line = place;
                let mut values = Vec::with_capacity(elements.len());
                for element in elements {
                    let element = self.expr_as(element, Type::Def)?;
                    line = element.line.unwrap_or(line);
                    values.push(element.ir);
                }
                let ty = Type::Class(Class::ArrayList);
                Ok(Typed::new(ty, Ir::List(values), place).ending(line))
            }
            ExprKind::Map(entries) => {
                let mut line = place;
                let mut values = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    let key = self.expr_as(key, Type::Def)?;
                    let value = self.expr_as(value, Type::Def)?;
                    line = value.line.or(key.line).unwrap_or(line);
                    values.push((key.ir, value.ir));
                }
                let ty = Type::Class(Class::HashMap);
                Ok(Typed::new(ty, Ir::Map(values), place).ending(line))
            }
            ExprKind::Member {
                target,
                name,
                null_safe,
            } => self.member(target, name, *null_safe, place),
            ExprKind::Method {
                target,
                name,
                arguments,
                null_safe,
            } => self.method(target, name, arguments, *null_safe, place),
            ExprKind::Index { target, index } => self.index(target, index, place),
            ExprKind::Unary { operator, operand } => self.unary(*operator, operand, place),
            ExprKind::Binary {
                operator,
                left,
                right,
            } => self.binary(*operator, left, right, place),
            ExprKind::Cast { to, operand } => {
                let to = self.type_of(to)?;
                let operand = self.expr(operand, Some(to))?;
                let mut typed = self.cast(operand, to, true)?;
                typed.at = place;
                Ok(typed)
            }
            ExprKind::InstanceOf { operand, of } => {
                let of = self.type_of(of)?;
                let operand = self.expr(operand, Some(Type::Def))?;
                let operand = self.cast(operand, Type::Def, false)?;
                let line = operand.line;
                let ir = Ir::InstanceOf {
                    operand: Box::new(operand.ir),
                    of,
                };
                let mut typed = Typed::new(Type::Boolean, ir, place);
                typed.line = line;
                Ok(typed)
            }
            ExprKind::Conditional {
                condition,
                then,
                otherwise,
            } => self.conditional(condition, then, otherwise, wanted, place),
            ExprKind::Elvis { left, right } => self.elvis(left, right, wanted, place),
            ExprKind::Assign {
                target,
                operator,
                value,
            } => self.assign(target, *operator, value, place),
            ExprKind::Step { target, up, post } => self.step(target, *up, *post, place),
            ExprKind::Lambda {
                parameters,
                body,
                depth,
            } => {
                if let Some(frame) = self.frame() {
                    frame.depth = frame.depth.max(*depth);
                }
                self.lambda(parameters, body, place)
            }
        }
    }

    /// Checks an expression and brings it to a type.
    pub(super) fn expr_as(&mut self, expr: &Expr, to: Type) -> Result<Typed, Fail> {
        let typed = self.expr(expr, Some(to))?;
        self.cast(typed, to, false)
    }

    fn name(&mut self, name: &str, place: usize) -> Result<Typed, Fail> {
        if let Some(variable) = self.variable(name) {
            return Ok(Typed::new(variable.ty, Ir::Local(variable.slot), place));
        }
        if self.sees_context() && self.context.variables().contains(&name) {
            let ty = if name == "_score" {
                Type::Double
            } else {
                Type::MAP
            };
            let ir = match name {
                "doc" => Ir::Document,
                "_score" => {
                    self.uses_score = true;
                    Ir::Score
                }
                "ctx" => Ir::Ctx,
                _ => {
                    // Where it is only looked into, the caller takes this back.
                    self.params_escape = true;
                    Ir::Params
                }
            };
            return Ok(Typed::new(ty, ir, place));
        }
        if let Some(class) = Class::named(name) {
            return fail(
                place,
                format!(
                    "value required: instead found unexpected type [{}]",
                    class.full_name()
                ),
            );
        }
        fail(place, format!("cannot resolve symbol [{name}]"))
    }

    fn array(
        &mut self,
        of: Type,
        lengths: &[Expr],
        values: Option<&[Expr]>,
        place: usize,
    ) -> Result<Typed, Fail> {
        let mut line = place;
        let mut parts = Vec::new();
        let wanted = match values {
            Some(_) => of.element().unwrap_or(Type::Def),
            None => Type::Int,
        };
        for part in values.unwrap_or(lengths) {
            let part = self.expr_as(part, wanted)?;
            line = part.line.unwrap_or(line);
            parts.push(part.ir);
        }
        let ir = match values {
            Some(_) => Ir::ArrayOf { of, values: parts },
            None => Ir::NewArray {
                of,
                lengths: parts,
                at: at(line),
            },
        };
        // Only arrays whose class has a name of its own can be told from others later.
        debug_assert!(!array_name(of).is_empty());
        Ok(Typed::new(of, ir, place).ending(line))
    }

    fn conditional(
        &mut self,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
        wanted: Option<Type>,
        place: usize,
    ) -> Result<Typed, Fail> {
        let condition = self.expr_as(condition, Type::Boolean)?;
        let then = self.expr(then, wanted)?;
        let otherwise = self.expr(otherwise, wanted)?;
        let ty = wanted.unwrap_or_else(|| common(then.ty, otherwise.ty));
        let then = self.cast(then, ty, false)?;
        let otherwise = self.cast(otherwise, ty, false)?;
        let line = otherwise
            .line
            .or(then.line)
            .or(condition.line)
            .unwrap_or(place);
        let ir = match condition.as_constant() {
            Some(Const::Bool(true)) => then.ir,
            Some(Const::Bool(false)) => otherwise.ir,
            _ => Ir::Conditional(Box::new((condition.ir, then.ir, otherwise.ir))),
        };
        Ok(Typed::new(ty, ir, place).ending(line))
    }

    fn elvis(
        &mut self,
        left: &Expr,
        right: &Expr,
        wanted: Option<Type>,
        place: usize,
    ) -> Result<Typed, Fail> {
        if wanted.is_some_and(Type::is_primitive) {
            return fail(place, "Elvis operator cannot return primitives");
        }
        let left = self.expr(left, wanted)?;
        if left.ty.is_primitive() {
            return fail(place, "Extraneous elvis operator. LHS is a primitive.");
        }
        if left.as_constant().is_some() {
            return fail(place, "Extraneous elvis operator. LHS is a constant.");
        }
        let right = self.expr(right, wanted)?;
        let ty = wanted.unwrap_or_else(|| common(left.ty, right.ty));
        let left = self.cast(left, ty, false)?;
        let right = self.cast(right, ty, false)?;
        let line = right.line.or(left.line).unwrap_or(place);
        let ir = Ir::Elvis(Box::new(left.ir), Box::new(right.ir));
        Ok(Typed::new(ty, ir, place).ending(line))
    }
}

/// The type that both sides of a conditional become where nothing says which is wanted.
fn common(left: Type, right: Type) -> Type {
    if left == right {
        return left;
    }
    if left == Type::Def || right == Type::Def {
        return Type::Def;
    }
    if let (Some(left_rank), Some(right_rank)) = (left.number_rank(), right.number_rank()) {
        let (narrow, wide) = if left_rank < right_rank {
            (left, right)
        } else {
            (right, left)
        };
        return if narrow.may_become(wide, false) {
            wide
        } else {
            Type::Int
        };
    }
    match (left, right) {
        (Type::Class(left_class), Type::Class(right_class)) if left_class.is_a(right_class) => {
            right
        }
        (Type::Class(left_class), Type::Class(right_class)) if right_class.is_a(left_class) => left,
        _ => Type::OBJECT,
    }
}

/// Reads a number as it is written.
fn number(text: &str, wanted: Option<Type>, place: usize) -> Result<Typed, Fail> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let lower = digits.to_ascii_lowercase();
    let hexadecimal = lower.strip_prefix("0x");
    if let Some(digits) = hexadecimal {
        return whole(text, sign, digits, 16, wanted, place);
    }
    let decimal = lower.contains(['.', 'e']) || lower.ends_with(['f', 'd']);
    if decimal {
        let digits = lower.trim_end_matches(['f', 'd']);
        let invalid = |kind: &str| {
            Fail::at(
                place,
                Cause::argument(format!("Invalid {kind} constant [{text}].")),
            )
        };
        let number = format!("{sign}{digits}");
        return if lower.ends_with('f') {
            let number: f32 = number.parse().map_err(|_| invalid("float"))?;
            if number.is_infinite() {
                return Err(invalid("float"));
            }
            Ok(Typed::constant(Const::Float(number), Type::Float, place))
        } else {
            let number: f64 = number.parse().map_err(|_| invalid("double"))?;
            if number.is_infinite() {
                return Err(invalid("double"));
            }
            Ok(Typed::constant(Const::Double(number), Type::Double, place))
        };
    }
    let octal = lower.len() > 1 && lower.starts_with('0') && lower != "0l";
    let radix = if octal { 8 } else { 10 };
    whole(text, sign, &lower, radix, wanted, place)
}

fn whole(
    text: &str,
    sign: &str,
    digits: &str,
    radix: u32,
    wanted: Option<Type>,
    place: usize,
) -> Result<Typed, Fail> {
    let (digits, long) = match digits.strip_suffix('l') {
        Some(digits) => (digits, true),
        None => (digits, false),
    };
    let number = i64::from_str_radix(&format!("{sign}{digits}"), radix);
    if long {
        return match number {
            Ok(number) => Ok(Typed::constant(Const::Long(number), Type::Long, place)),
            Err(_) => fail(place, format!("Invalid long constant [{text}].")),
        };
    }
    let Ok(wide) = number else {
        return fail(place, format!("Invalid int constant [{text}]."));
    };
    let Ok(number) = i32::try_from(wide) else {
        return fail(
            place,
            format!(
                "Invalid int constant [{text}]. If you want a long constant then change it to [{text}L]."
            ),
        );
    };
    // A number that fits becomes what is wanted at once.
    let narrow = match wanted {
        Some(Type::Byte) => i8::try_from(number).ok().map(Const::Byte),
        Some(Type::Short) => i16::try_from(number).ok().map(Const::Short),
        Some(Type::Char) => u16::try_from(number).ok().map(Const::Char),
        _ => None,
    };
    Ok(match (narrow, wanted) {
        (Some(constant), Some(ty)) => Typed::constant(constant, ty, place),
        _ => Typed::constant(Const::Int(number), Type::Int, place),
    })
}

/// Returns what the places of an array, or the elements of anything else, are.
pub(super) fn element_of(ty: Type) -> Option<Type> {
    match ty {
        Type::Array(..) => ty.element(),
        Type::Def => Some(Type::Def),
        Type::Class(class) if class.is_a(Class::Iterable) => Some(Type::Def),
        _ => None,
    }
}

/// Says that a value of one type cannot be walked.
pub(super) fn not_iterable(place: usize, ty: Type) -> Fail {
    match ty {
        Type::Array(Element::Def, _) => cannot_cast(place, ty, Type::Def),
        _ => Fail::at(
            place,
            Cause::argument(format!("Illegal for each type [{ty}].")),
        ),
    }
}
