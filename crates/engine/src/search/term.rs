//! Values of queries as terms and ranges of a field.

use crate::error::{EngineError, Result};
use crate::text::Columns;
use crate::values::parse_date;
use document::FieldKind;
use query::Bound;
use std::ops::Bound as Range;
use tantivy::Term;

/// The terms between two bounds; a single value is the range from it to itself.
pub(super) type TermRange = (Range<Term>, Range<Term>);

/// Answers the terms that a value names: one, or a range of them where a date names a day.
pub(super) fn exact(columns: &Columns, value: &str) -> Result<TermRange> {
    range(
        columns,
        &Bound::Including(value.to_owned()),
        &Bound::Including(value.to_owned()),
    )
}

/// Answers the terms between two bounds.
pub(super) fn range(columns: &Columns, lower: &Bound, upper: &Bound) -> Result<TermRange> {
    let field = columns.field;
    let kind = &columns.leaf.kind;
    let wrong = |value: &str, expected: &str| {
        EngineError::Query(format!(
            "field {} is {}: expected {expected}, got {value:?}",
            columns.leaf.path,
            kind.name()
        ))
    };
    match kind {
        FieldKind::Text(_) | FieldKind::Keyword { .. } => {
            let term = |value: &str| Ok(Term::from_field_text(field, value));
            Ok((map(lower, term)?, map(upper, term)?))
        }
        FieldKind::Boolean => {
            let term = |value: &str| {
                let boolean: bool = value.parse().map_err(|_| wrong(value, "true or false"))?;
                Ok(Term::from_field_i64(field, i64::from(boolean)))
            };
            Ok((map(lower, term)?, map(upper, term)?))
        }
        FieldKind::Double | FieldKind::Float | FieldKind::HalfFloat | FieldKind::ScaledFloat => {
            let term = |value: &str| {
                let number: Option<f64> = value.trim().parse().ok();
                let number = number.filter(|number| !number.is_nan());
                Ok(Term::from_field_f64(
                    field,
                    number.ok_or_else(|| wrong(value, "a number"))?,
                ))
            };
            Ok((map(lower, term)?, map(upper, term)?))
        }
        FieldKind::Long
        | FieldKind::Integer
        | FieldKind::Short
        | FieldKind::Byte
        | FieldKind::UnsignedLong => {
            let number = |value: &str| -> Result<f64> {
                let number: Option<f64> = value.trim().parse().ok();
                number
                    .filter(|number| !number.is_nan())
                    .ok_or_else(|| wrong(value, "a number"))
            };
            let term = |value: &str, round: fn(f64) -> f64| -> Result<Term> {
                // Whole numbers are read as such, so that none is lost past 2^53.
                let whole = match value.trim().parse() {
                    Ok(whole) => whole,
                    Err(_) => round(number(value)?) as i64,
                };
                Ok(Term::from_field_i64(field, whole))
            };
            let lower = match lower {
                Bound::Open => Range::Unbounded,
                Bound::Including(value) => Range::Included(term(value, f64::ceil)?),
                Bound::Excluding(value) => Range::Excluded(term(value, f64::floor)?),
            };
            let upper = match upper {
                Bound::Open => Range::Unbounded,
                Bound::Including(value) => Range::Included(term(value, f64::floor)?),
                Bound::Excluding(value) => Range::Excluded(term(value, f64::ceil)?),
            };
            Ok((lower, upper))
        }
        FieldKind::Date => {
            let date = |value: &str| {
                parse_date(value).ok_or_else(|| wrong(value, "a date such as 2024-05-17"))
            };
            let term = |millis| Term::from_field_i64(field, millis);
            let lower = match lower {
                Bound::Open => Range::Unbounded,
                Bound::Including(value) => Range::Included(term(date(value)?.first_ms)),
                Bound::Excluding(value) => Range::Excluded(term(date(value)?.last_ms)),
            };
            let upper = match upper {
                Bound::Open => Range::Unbounded,
                Bound::Including(value) => Range::Included(term(date(value)?.last_ms)),
                Bound::Excluding(value) => Range::Excluded(term(date(value)?.first_ms)),
            };
            Ok((lower, upper))
        }
        FieldKind::GeoPoint
        | FieldKind::DenseVector(_)
        | FieldKind::Binary
        | FieldKind::Image(_) => Err(EngineError::Query(format!(
            "field {} is {}, which can only be asked whether it exists",
            columns.leaf.path,
            kind.name()
        ))),
    }
}

fn map(bound: &Bound, term: impl Fn(&str) -> Result<Term>) -> Result<Range<Term>> {
    Ok(match bound {
        Bound::Open => Range::Unbounded,
        Bound::Including(value) => Range::Included(term(value)?),
        Bound::Excluding(value) => Range::Excluded(term(value)?),
    })
}
