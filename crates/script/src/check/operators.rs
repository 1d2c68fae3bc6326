//! Operators: what their operands become.

use super::{Checker, Typed, at, fail};
use crate::arithmetic;
use crate::error::{Cause, CauseKind};
use crate::ir::{Const, Ir};
use crate::source::Fail;
use crate::syntax::{Expr, Operator, UnaryOperator};
use crate::types::Type;

/// The type that arithmetic on two types is done in; none where neither is a number.
pub(super) fn promote(left: Type, right: Type, decimal: bool) -> Option<Type> {
    if left == Type::Def || right == Type::Def {
        return Some(Type::Def);
    }
    let either = |ty: Type| left == ty || right == ty;
    if decimal && either(Type::Double) {
        return Some(Type::Double);
    }
    if decimal && either(Type::Float) {
        return Some(Type::Float);
    }
    if either(Type::Long) {
        return Some(Type::Long);
    }
    let int = [Type::Int, Type::Char, Type::Short, Type::Byte]
        .into_iter()
        .any(either);
    int.then_some(Type::Int)
}

/// The types that an operator's operands become, and its result; none where they do not fit.
pub(super) fn operands(operator: Operator, left: Type, right: Type) -> Option<(Type, Type, Type)> {
    let both = |ty: Type, result: Type| Some((ty, ty, result));
    match operator {
        Operator::Add if Checker::is_text(left) || Checker::is_text(right) => {
            Some((left, right, Type::STRING))
        }
        Operator::Multiply
        | Operator::Divide
        | Operator::Remainder
        | Operator::Add
        | Operator::Subtract => {
            let ty = promote(left, right, true)?;
            both(ty, ty)
        }
        Operator::ShiftLeft | Operator::ShiftRight | Operator::ShiftRightUnsigned => {
            let left = promote(left, left, false)?;
            let right = promote(right, right, false)?;
            if left == Type::Def || right == Type::Def {
                return both(Type::Def, Type::Def);
            }
            Some((left, Type::Int, left))
        }
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            both(promote(left, right, true)?, Type::Boolean)
        }
        Operator::Equal | Operator::NotEqual | Operator::Same | Operator::NotSame => {
            both(equality(left, right), Type::Boolean)
        }
        Operator::BitXor if left == Type::Boolean && right == Type::Boolean => {
            both(Type::Boolean, Type::Boolean)
        }
        Operator::BitAnd | Operator::BitXor | Operator::BitOr => {
            let ty = promote(left, right, false)?;
            both(ty, ty)
        }
        Operator::And | Operator::Or => both(Type::Boolean, Type::Boolean),
    }
}

fn equality(left: Type, right: Type) -> Type {
    if left == Type::Def || right == Type::Def {
        return Type::Def;
    }
    if left.is_primitive() && right.is_primitive() {
        if left == Type::Boolean && right == Type::Boolean {
            return Type::Boolean;
        }
        return promote(left, right, true).unwrap_or(Type::OBJECT);
    }
    Type::OBJECT
}

impl Checker {
    pub(super) fn unary(
        &mut self,
        operator: UnaryOperator,
        operand: &Expr,
        place: usize,
    ) -> Result<Typed, Fail> {
        let operand = match operator {
            UnaryOperator::Not => self.expr_as(operand, Type::Boolean)?,
            _ => self.expr(operand, None)?,
        };
        let found = operand.ty;
        let (name, symbol, promoted) = match operator {
            UnaryOperator::Not => ("boolean not", "!", Some(Type::Boolean)),
            UnaryOperator::BitNot => ("bitwise not", "~", promote(found, found, false)),
            UnaryOperator::Plus => ("addition", "+", promote(found, found, true)),
            UnaryOperator::Minus => ("subtraction", "-", promote(found, found, true)),
        };
        let Some(ty) = promoted else {
            return Err(Fail::at(
                place,
                Cause::new(
                    CauseKind::ClassCast,
                    format!("cannot apply the {name} operator [{symbol}] to the type [{found}]"),
                ),
            ));
        };
        let operand = self.cast(operand, ty, false)?;
        if let Some(constant) = operand.as_constant()
            && ty != Type::Def
        {
            let value = arithmetic::unary(operator, &constant.value())
                .map_err(|cause| Fail::at(place, cause))?;
            if let Some(constant) = Const::of(&value) {
                return Ok(Typed::constant(constant, ty, place));
            }
        }
        let line = operand.line.unwrap_or(place);
        let ir = Ir::Unary {
            operator,
            operand: Box::new(operand.ir),
            at: at(line),
        };
        Ok(Typed::new(ty, ir, place).ending(line))
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
        place: usize,
    ) -> Result<Typed, Fail> {
        if matches!(operator, Operator::And | Operator::Or) {
            let left = self.expr_as(left, Type::Boolean)?;
            let right = self.expr_as(right, Type::Boolean)?;
            return Ok(both(operator, left, right, place));
        }
        let left = self.expr(left, None)?;
        let right = self.expr(right, None)?;
        let nulls = [&left, &right]
            .iter()
            .all(|side| side.as_constant() == Some(&Const::Null));
        if nulls && matches!(operator, Operator::Equal | Operator::NotEqual) {
            return fail(place, "extraneous comparison of [null] constants");
        }
        self.apply(operator, left, right, place)
    }

    /// Applies an operator to two expressions.
    pub(super) fn apply(
        &mut self,
        operator: Operator,
        left: Typed,
        right: Typed,
        place: usize,
    ) -> Result<Typed, Fail> {
        let Some((left_type, right_type, result)) = operands(operator, left.ty, right.ty) else {
            return Err(Fail::at(
                place,
                Cause::new(
                    CauseKind::ClassCast,
                    format!(
                        "cannot apply the {} operator [{}] to the types [{}] and [{}]",
                        operator.name(),
                        operator.symbol(),
                        left.ty,
                        right.ty
                    ),
                ),
            ));
        };
        let joins = operator == Operator::Add && result == Type::STRING;
        let shifts = matches!(
            operator,
            Operator::ShiftLeft | Operator::ShiftRight | Operator::ShiftRightUnsigned
        );
        // Arithmetic finds out for itself what an operand is whose type is not known.
        let (left, right) = if joins || left_type == Type::Def {
            (left, right)
        } else {
            (
                self.cast(left, left_type, false)?,
                self.cast(right, right_type, shifts)?,
            )
        };
        if let (Some(first), Some(second)) = (left.as_constant(), right.as_constant()) {
            let value = arithmetic::binary(operator, &first.value(), &second.value())
                .map_err(|cause| Fail::at(place, cause))?;
            if let Some(constant) = Const::of(&value) {
                return Ok(Typed::constant(constant, result, place));
            }
        }
        let line = right.line.or(left.line).unwrap_or(place);
        let (left, right) = (Box::new(left.ir), Box::new(right.ir));
        let ir = if joins {
            Ir::Concat {
                left,
                right,
                at: at(line),
            }
        } else {
            Ir::Binary {
                operator,
                left,
                right,
                at: at(line),
            }
        };
        Ok(Typed::new(result, ir, place).ending(line))
    }
}

/// `&&` and `||`.
fn both(operator: Operator, left: Typed, right: Typed, place: usize) -> Typed {
    let is_and = operator == Operator::And;
    if let (Some(Const::Bool(first)), Some(Const::Bool(second))) =
        (left.as_constant(), right.as_constant())
    {
        let value = if is_and {
            *first && *second
        } else {
            *first || *second
        };
        return Typed::constant(Const::Bool(value), Type::Boolean, place);
    }
    let line = right.line.or(left.line).unwrap_or(place);
    let (left, right) = (Box::new(left.ir), Box::new(right.ir));
    let ir = if is_and {
        Ir::And(left, right)
    } else {
        Ir::Or(left, right)
    };
    Typed::new(Type::Boolean, ir, place).ending(line)
}
