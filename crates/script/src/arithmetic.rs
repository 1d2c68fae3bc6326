//! Operators on values, with Java's promotion, wrapping and division.

use std::cmp::Ordering;

use crate::error::{Cause, CauseKind};
use crate::syntax::{Operator, UnaryOperator};
use crate::value::Value;

/// Two numbers of one type.
enum Pair {
    Int(i32, i32),
    Long(i64, i64),
    Float(f32, f32),
    Double(f64, f64),
}

/// A number of one of the types that arithmetic is done in.
#[derive(Clone, Copy)]
enum Number {
    Int(i32),
    Long(i64),
    Float(f32),
    Double(f64),
}

impl Number {
    fn of(value: &Value) -> Option<Self> {
        Some(match *value {
            Value::Byte(number) => Self::Int(i32::from(number)),
            Value::Short(number) => Self::Int(i32::from(number)),
            Value::Char(number) => Self::Int(i32::from(number)),
            Value::Int(number) => Self::Int(number),
            Value::Long(number) => Self::Long(number),
            Value::Float(number) => Self::Float(number),
            Value::Double(number) => Self::Double(number),
            _ => return None,
        })
    }

    fn double(self) -> f64 {
        match self {
            Self::Int(number) => f64::from(number),
            Self::Long(number) => number as f64,
            Self::Float(number) => f64::from(number),
            Self::Double(number) => number,
        }
    }

    fn float(self) -> f32 {
        match self {
            Self::Int(number) => number as f32,
            Self::Long(number) => number as f32,
            Self::Float(number) => number,
            Self::Double(number) => number as f32,
        }
    }

    fn long(self) -> i64 {
        match self {
            Self::Int(number) => i64::from(number),
            Self::Long(number) => number,
            Self::Float(number) => number as i64,
            Self::Double(number) => number as i64,
        }
    }

    /// Brings two numbers to the wider of their types.
    fn pair(self, other: Self) -> Pair {
        match (self, other) {
            (Self::Double(_), _) | (_, Self::Double(_)) => {
                Pair::Double(self.double(), other.double())
            }
            (Self::Float(_), _) | (_, Self::Float(_)) => Pair::Float(self.float(), other.float()),
            (Self::Int(left), Self::Int(right)) => Pair::Int(left, right),
            _ => Pair::Long(self.long(), other.long()),
        }
    }
}

fn pair(left: &Value, right: &Value) -> Option<Pair> {
    Some(Number::of(left)?.pair(Number::of(right)?))
}

fn by_zero() -> Cause {
    Cause::new(CauseKind::Arithmetic, "/ by zero")
}

fn null(side: &str) -> Cause {
    Cause::new(
        CauseKind::NullPointer,
        format!("Cannot invoke \"Object.getClass()\" because \"{side}\" is null"),
    )
}

/// Why an operator cannot be applied to two values.
fn refused(operator: Operator, left: &Value, right: &Value) -> Cause {
    match (left, right) {
        (Value::Null, _) => null("left"),
        (_, Value::Null) => null("right"),
        _ if is_bitwise(operator) && (is_decimal(left) || is_decimal(right)) => {
            let shifts = !matches!(
                operator,
                Operator::BitAnd | Operator::BitXor | Operator::BitOr
            );
            let found = if shifts { "double" } else { "float" };
            let symbol = operator.symbol();
            Cause::cast(format!(
                "Cannot apply [{symbol}] operation to type [{found}]"
            ))
        }
        _ => Cause::cast(format!(
            "Cannot apply [{}] operation to types [{}] and [{}].",
            operator.symbol(),
            left.class_name(),
            right.class_name()
        )),
    }
}

fn is_bitwise(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::BitAnd
            | Operator::BitXor
            | Operator::BitOr
            | Operator::ShiftLeft
            | Operator::ShiftRight
            | Operator::ShiftRightUnsigned
    )
}

fn is_decimal(value: &Value) -> bool {
    matches!(value, Value::Float(_) | Value::Double(_))
}

/// Applies an operator to two values; `&&` and `||` are not among them, since they need not look at the second.
pub(crate) fn binary(operator: Operator, left: &Value, right: &Value) -> Result<Value, Cause> {
    // The commonest of all: both are doubles.
    if let (Value::Double(left), Value::Double(right)) = (left, right) {
        match operator {
            Operator::Add => return Ok(Value::Double(left + right)),
            Operator::Subtract => return Ok(Value::Double(left - right)),
            Operator::Multiply => return Ok(Value::Double(left * right)),
            Operator::Divide => return Ok(Value::Double(left / right)),
            _ => {}
        }
    }
    match operator {
        Operator::Equal => Ok(Value::Bool(equal(left, right))),
        Operator::NotEqual => Ok(Value::Bool(!equal(left, right))),
        Operator::Same => Ok(Value::Bool(same(left, right))),
        Operator::NotSame => Ok(Value::Bool(!same(left, right))),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            compare(operator, left, right)
        }
        Operator::Add if matches!(left, Value::Str(_)) || matches!(right, Value::Str(_)) => {
            Ok(Value::text(format!("{left}{right}")))
        }
        Operator::Add
        | Operator::Subtract
        | Operator::Multiply
        | Operator::Divide
        | Operator::Remainder => {
            let pair = pair(left, right).ok_or_else(|| refused(operator, left, right))?;
            calculate(operator, pair)
        }
        Operator::ShiftLeft | Operator::ShiftRight | Operator::ShiftRightUnsigned => {
            shift(operator, left, right)
        }
        Operator::BitAnd | Operator::BitXor | Operator::BitOr => bits(operator, left, right),
        Operator::And | Operator::Or => Err(refused(operator, left, right)),
    }
}

fn calculate(operator: Operator, pair: Pair) -> Result<Value, Cause> {
    macro_rules! floating {
        ($variant:ident, $left:expr, $right:expr) => {
            Value::$variant(match operator {
                Operator::Add => $left + $right,
                Operator::Subtract => $left - $right,
                Operator::Multiply => $left * $right,
                Operator::Divide => $left / $right,
                _ => $left % $right,
            })
        };
    }
    macro_rules! whole {
        ($variant:ident, $left:expr, $right:expr) => {{
            let divides = matches!(operator, Operator::Divide | Operator::Remainder);
            if divides && $right == 0 {
                return Err(by_zero());
            }
            Value::$variant(match operator {
                Operator::Add => $left.wrapping_add($right),
                Operator::Subtract => $left.wrapping_sub($right),
                Operator::Multiply => $left.wrapping_mul($right),
                Operator::Divide => $left.wrapping_div($right),
                _ => $left.wrapping_rem($right),
            })
        }};
    }
    Ok(match pair {
        Pair::Int(left, right) => whole!(Int, left, right),
        Pair::Long(left, right) => whole!(Long, left, right),
        Pair::Float(left, right) => floating!(Float, left, right),
        Pair::Double(left, right) => floating!(Double, left, right),
    })
}

fn compare(operator: Operator, left: &Value, right: &Value) -> Result<Value, Cause> {
    let pair = pair(left, right).ok_or_else(|| refused(operator, left, right))?;
    let order = match pair {
        Pair::Int(left, right) => Some(left.cmp(&right)),
        Pair::Long(left, right) => Some(left.cmp(&right)),
        Pair::Float(left, right) => left.partial_cmp(&right),
        Pair::Double(left, right) => left.partial_cmp(&right),
    };
    Ok(Value::Bool(match operator {
        Operator::Less => order == Some(Ordering::Less),
        Operator::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        Operator::Greater => order == Some(Ordering::Greater),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }))
}

/// Returns whether `==` holds: numbers by their value, everything else by `equals`.
pub(crate) fn equal(left: &Value, right: &Value) -> bool {
    match pair(left, right) {
        Some(Pair::Int(left, right)) => left == right,
        Some(Pair::Long(left, right)) => left == right,
        Some(Pair::Float(left, right)) => left == right,
        Some(Pair::Double(left, right)) => left == right,
        None => left.equals(right),
    }
}

/// Returns whether `===` holds: one object, or equal values that are no objects.
fn same(left: &Value, right: &Value) -> bool {
    let objects = matches!(
        left,
        Value::List(_) | Value::Map(_) | Value::Set(_) | Value::Entry(_)
    );
    if objects {
        left.same_object(right)
    } else {
        equal(left, right)
    }
}

fn shift(operator: Operator, left: &Value, right: &Value) -> Result<Value, Cause> {
    let by = match Number::of(right) {
        Some(Number::Int(by)) => i64::from(by),
        Some(Number::Long(by)) => by,
        _ => return Err(refused(operator, left, right)),
    };
    // Java takes the lowest five or six bits.
    let (by32, by64) = ((by & 31) as u32, (by & 63) as u32);
    Ok(match (Number::of(left), operator) {
        (Some(Number::Int(number)), Operator::ShiftLeft) => Value::Int(number << by32),
        (Some(Number::Int(number)), Operator::ShiftRight) => Value::Int(number >> by32),
        (Some(Number::Int(number)), _) => {
            Value::Int((number.cast_unsigned() >> by32).cast_signed())
        }
        (Some(Number::Long(number)), Operator::ShiftLeft) => Value::Long(number << by64),
        (Some(Number::Long(number)), Operator::ShiftRight) => Value::Long(number >> by64),
        (Some(Number::Long(number)), _) => {
            Value::Long((number.cast_unsigned() >> by64).cast_signed())
        }
        _ => return Err(refused(operator, left, right)),
    })
}

fn bits(operator: Operator, left: &Value, right: &Value) -> Result<Value, Cause> {
    macro_rules! apply {
        ($left:expr, $right:expr) => {
            match operator {
                Operator::BitAnd => $left & $right,
                Operator::BitXor => $left ^ $right,
                _ => $left | $right,
            }
        };
    }
    if let (Value::Bool(left), Value::Bool(right)) = (left, right) {
        return Ok(Value::Bool(apply!(left, right)));
    }
    match pair(left, right) {
        Some(Pair::Int(left, right)) => Ok(Value::Int(apply!(left, right))),
        Some(Pair::Long(left, right)) => Ok(Value::Long(apply!(left, right))),
        _ => Err(refused(operator, left, right)),
    }
}

/// Applies an operator to one value.
pub(crate) fn unary(operator: UnaryOperator, operand: &Value) -> Result<Value, Cause> {
    let number = Number::of(operand);
    Ok(match (operator, number) {
        (UnaryOperator::Not, _) => match operand {
            Value::Bool(value) => Value::Bool(!value),
            _ => return Err(refused_alone("!", operand)),
        },
        (UnaryOperator::Minus, Some(Number::Int(number))) => Value::Int(number.wrapping_neg()),
        (UnaryOperator::Minus, Some(Number::Long(number))) => Value::Long(number.wrapping_neg()),
        (UnaryOperator::Minus, Some(Number::Float(number))) => Value::Float(-number),
        (UnaryOperator::Minus, Some(Number::Double(number))) => Value::Double(-number),
        (UnaryOperator::Plus, Some(Number::Int(number))) => Value::Int(number),
        (UnaryOperator::Plus, Some(_)) => operand.clone(),
        (UnaryOperator::BitNot, Some(Number::Int(number))) => Value::Int(!number),
        (UnaryOperator::BitNot, Some(Number::Long(number))) => Value::Long(!number),
        (UnaryOperator::BitNot, Some(_)) => {
            return Err(Cause::cast("Cannot apply not [~] to type [double]"));
        }
        (UnaryOperator::BitNot, None) => return Err(refused_alone("~", operand)),
        (UnaryOperator::Minus, None) => return Err(refused_alone("-", operand)),
        (UnaryOperator::Plus, None) => return Err(refused_alone("+", operand)),
    })
}

fn refused_alone(symbol: &str, operand: &Value) -> Cause {
    if matches!(operand, Value::Null) {
        return null("args[0]");
    }
    Cause::cast(format!(
        "Cannot apply [{symbol}] operation to type [{}].",
        operand.class_name()
    ))
}

#[cfg(test)]
mod tests;
