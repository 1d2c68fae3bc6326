//! Sorting lists.

use std::cmp::Ordering;

use super::{Calls, null_pointer, wrong_type};
use crate::source::Raise;
use crate::value::Value;

/// Sorts by a lambda, or as the elements compare themselves; merges by hand, since either can fail.
pub(super) fn sorted(
    calls: &mut dyn Calls,
    values: Vec<Value>,
    by: &Value,
) -> Result<Vec<Value>, Raise> {
    let mut runs: Vec<Vec<Value>> = values.into_iter().map(|value| vec![value]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(left) = pairs.next() {
            merged.push(match pairs.next() {
                Some(right) => merge(calls, left, right, by)?,
                None => left,
            });
        }
        runs = merged;
    }
    Ok(runs.pop().unwrap_or_default())
}

fn merge(
    calls: &mut dyn Calls,
    left: Vec<Value>,
    right: Vec<Value>,
    by: &Value,
) -> Result<Vec<Value>, Raise> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let order = match by {
            Value::Null => natural_order(first, second)?,
            _ => match calls.call(by, &[first.clone(), second.clone()])? {
                Value::Int(order) => order.cmp(&0),
                other => return Err(wrong_type(&other, "java.lang.Integer")),
            },
        };
        let next = if order == Ordering::Greater {
            right.next()
        } else {
            left.next()
        };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

fn natural_order(left: &Value, right: &Value) -> Result<Ordering, Raise> {
    match (left, right) {
        (Value::Str(left), Value::Str(right)) => Ok(left.encode_utf16().cmp(right.encode_utf16())),
        (Value::Bool(left), Value::Bool(right)) => Ok(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Ok(left.cmp(right)),
        (Value::Null, _) | (_, Value::Null) => Err(null_pointer()),
        _ if left.class_name() == right.class_name() => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Ok(left.cmp(&right)),
            _ => match (left.as_f64(), right.as_f64()) {
                (Some(left), Some(right)) => Ok(left.total_cmp(&right)),
                _ => Err(wrong_type(left, "java.lang.Comparable")),
            },
        },
        _ => Err(wrong_type(right, left.class_name())),
    }
}
