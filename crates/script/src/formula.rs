//! Scripts that are one formula over the document: read without values of any type, for they run once for each document.

use crate::host::{Host, Values};
use crate::ir::{Const, Ir, Step};
use crate::syntax::{Operator, UnaryOperator};
use crate::types::Type;

/// A formula of doubles: nothing in it changes anything, so whatever it cannot compute may be run again another way.
#[derive(Debug)]
pub(crate) enum Formula {
    Number(f64),
    Score,
    /// A vector function, by its number.
    Vector(usize),
    /// The first value of a field, which has to be a number.
    Value(usize),
    Minus(Box<Formula>),
    Binary(Arithmetic, Box<(Formula, Formula)>),
    Math1(fn(f64) -> f64, Box<Formula>),
    Math2(fn(f64, f64) -> f64, Box<(Formula, Formula)>),
}

/// What is done with two doubles.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A part of a formula, and whether it is a double whatever the document says: two whole numbers are not computed with
/// like doubles.
type Part = (Formula, bool);

impl Formula {
    /// Answers the formula that a script's body is, if it is one.
    pub(crate) fn of(body: &[Step]) -> Option<Self> {
        match body {
            [Step::Return(ir)] => match part(ir)? {
                (formula, true) => Some(formula),
                _ => None,
            },
            _ => None,
        }
    }

    /// Computes it for the host's current document; none where a part has no number, and the script itself must say why.
    pub(crate) fn compute(&self, host: &mut dyn Host) -> Option<f64> {
        Some(match self {
            Self::Number(number) => *number,
            Self::Score => host.score(),
            Self::Vector(call) => host.vector(*call).ok()?,
            Self::Value(field) => match host.values(*field).ok()? {
                Values::Longs(values) => *values.first()? as f64,
                Values::Doubles(values) => *values.first()?,
                _ => return None,
            },
            Self::Minus(operand) => -operand.compute(host)?,
            Self::Binary(arithmetic, operands) => {
                let left = operands.0.compute(host)?;
                let right = operands.1.compute(host)?;
                match arithmetic {
                    Arithmetic::Add => left + right,
                    Arithmetic::Subtract => left - right,
                    Arithmetic::Multiply => left * right,
                    Arithmetic::Divide => left / right,
                }
            }
            Self::Math1(run, operand) => run(operand.compute(host)?),
            Self::Math2(run, operands) => {
                let left = operands.0.compute(host)?;
                run(left, operands.1.compute(host)?)
            }
        })
    }
}

fn part(ir: &Ir) -> Option<Part> {
    Some(match ir {
        Ir::Const(Const::Double(number)) => (Formula::Number(*number), true),
        Ir::Const(constant) => (Formula::Number(whole(constant)?), false),
        Ir::Score => (Formula::Score, true),
        Ir::VectorCall(call, ..) => (Formula::Vector(*call), true),
        Ir::FieldValue(field, ..) => (Formula::Value(*field), false),
        Ir::Unary {
            operator: UnaryOperator::Minus,
            operand,
            ..
        } => match part(operand)? {
            (operand, true) => (Formula::Minus(Box::new(operand)), true),
            _ => return None,
        },
        Ir::Binary {
            operator,
            left,
            right,
            ..
        } => {
            let arithmetic = match operator {
                Operator::Add => Arithmetic::Add,
                Operator::Subtract => Arithmetic::Subtract,
                Operator::Multiply => Arithmetic::Multiply,
                Operator::Divide => Arithmetic::Divide,
                _ => return None,
            };
            let ((left, left_is_double), (right, right_is_double)) = (part(left)?, part(right)?);
            if !left_is_double && !right_is_double {
                return None;
            }
            (Formula::Binary(arithmetic, Box::new((left, right))), true)
        }
        Ir::Cast { operand, cast, .. } if cast.to == Type::Double => (part(operand)?.0, true),
        Ir::Math1(run, operand) => (Formula::Math1(*run, Box::new(double(operand)?)), true),
        Ir::Math2(run, left, right) => {
            let operands = (double(left)?, double(right)?);
            (Formula::Math2(*run, Box::new(operands)), true)
        }
        _ => return None,
    })
}

/// A part that is a double.
fn double(ir: &Ir) -> Option<Formula> {
    part(ir).filter(|part| part.1).map(|part| part.0)
}

/// A whole number as a double.
fn whole(constant: &Const) -> Option<f64> {
    Some(match constant {
        Const::Byte(number) => f64::from(*number),
        Const::Short(number) => f64::from(*number),
        Const::Int(number) => f64::from(*number),
        Const::Long(number) => *number as f64,
        _ => return None,
    })
}
