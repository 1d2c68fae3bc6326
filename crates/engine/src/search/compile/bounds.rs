//! Values and ranges of numbers, dates and strings.

use super::leaf::exactly;
use super::refusal::Refusal;
use super::{Compiled, Compiler, constant};
use crate::error::Result;
use crate::text::Columns;
use crate::values::{DateFormat, date_math, half, ip_key, time_zone};
use document::{Failure, FieldKind, Phase};
use jiff::tz::TimeZone;
use query::{Bound, DateReading};
use std::ops::Bound as Range;
use tantivy::Term;
use tantivy::query::{EmptyQuery, RangeQuery};

/// Why a value has no place in a column.
type Read<T> = std::result::Result<T, Refusal>;

impl Compiler<'_> {
    /// Answers the term of a number, date or boolean; none for one that no document can have.
    pub(super) fn one_value(&self, columns: &Columns, value: &str) -> Result<Option<Term>> {
        let leaf = &columns.leaf;
        let read = || -> Read<Option<Term>> {
            let field = columns.field;
            Ok(match &leaf.kind {
                FieldKind::Boolean => Some(Term::from_field_i64(field, i64::from(boolean(value)?))),
                kind if is_whole(kind) => {
                    let (least, most, _) = held(kind);
                    let number = whole(value)?.filter(|n| (least..=most).contains(n));
                    number.map(|number| whole_term(columns, number))
                }
                kind if is_fraction(kind) => {
                    let number = match scaling(columns) {
                        Some(factor) => (double(value)? * factor).round() / factor,
                        None => rounded(kind, double(value)?),
                    };
                    number
                        .is_finite()
                        .then(|| Term::from_field_f64(field, number))
                }
                FieldKind::DenseVector(_) => {
                    let reason = format!(
                        "Field [{}] of type [dense_vector] doesn't support term queries",
                        leaf.path
                    );
                    return Err(Refusal::Value(reason));
                }
                FieldKind::Binary => {
                    let reason = "Binary fields do not support searching".to_owned();
                    return Err(Refusal::Value(reason));
                }
                FieldKind::RankFeatures => {
                    let reason = "Queries on [rank_features] fields are not supported".to_owned();
                    return Err(Refusal::Value(reason));
                }
                _ => {
                    let reason = format!(
                        "Geometry fields do not support exact searching, use dedicated geometry queries instead: [{}]",
                        leaf.path
                    );
                    return Err(Refusal::Value(reason));
                }
            })
        };
        read().or_else(|refusal| self.refuse(refusal))
    }

    pub(super) fn range(
        &self,
        columns: &Columns,
        (lower, upper): (&Bound, &Bound),
        dates: &DateReading,
    ) -> Result<Compiled> {
        let leaf = &columns.leaf;
        self.searchable(columns)?;
        if let (Bound::Open, Bound::Open) = (lower, upper) {
            let term = Term::from_field_text(self.snapshot.fields.names, &leaf.path);
            return Ok(constant(exactly(term), 1.0));
        }
        let field = columns.field;
        // A date that is sought names all of its milliseconds, and is a range.
        let is_value = lower == upper;
        // Where no document has a date, Elasticsearch does not read those that are asked for.
        let is_date = leaf.kind == FieldKind::Date && leaf.options.index;
        if is_date && !is_value && !self.has_values(&leaf.path)? {
            return Ok(Box::new(EmptyQuery));
        }
        let read = || -> Read<Option<(Range<Term>, Range<Term>)>> {
            let longs = |bounds: Option<(i64, i64)>| {
                bounds.map(|(low, high)| {
                    let term = |number| Range::Included(Term::from_field_i64(field, number));
                    (term(low), term(high))
                })
            };
            Ok(match &leaf.kind {
                FieldKind::Text(_) | FieldKind::Keyword { .. } => {
                    Some((text_bound(columns, lower), text_bound(columns, upper)))
                }
                FieldKind::Ip => {
                    let bound = |bound: &Bound| {
                        let key = |text: &String| ip_key(text).map_err(Refusal::Value);
                        Ok::<_, Refusal>(match bound {
                            Bound::Open => Bound::Open,
                            Bound::Including(text) => Bound::Including(key(text)?),
                            Bound::Excluding(text) => Bound::Excluding(key(text)?),
                        })
                    };
                    let (lower, upper) = (bound(lower)?, bound(upper)?);
                    Some((text_bound(columns, &lower), text_bound(columns, &upper)))
                }
                FieldKind::Boolean => longs(boolean_bounds(lower, upper)?),
                FieldKind::Date => {
                    let bounds = date_bounds(columns, (lower, upper), dates);
                    longs(bounds.map_err(|failure| Refusal::Date(Box::new(failure)))?)
                }
                kind if is_whole(kind) => whole_bounds(kind, lower, upper)?.map(|(low, high)| {
                    let term = |number| Range::Included(whole_term(columns, number));
                    (term(low), term(high))
                }),
                kind if is_fraction(kind) => {
                    let bounds = match scaling(columns) {
                        Some(factor) => scaled_bounds(factor, lower, upper)?,
                        None => fraction_bounds(kind, lower, upper)?,
                    };
                    bounds.map(|(low, high)| {
                        let term = |number| Range::Included(Term::from_field_f64(field, number));
                        (term(low), term(high))
                    })
                }
                kind => {
                    let reason = format!(
                        "Field [{}] of type [{}] does not support range queries",
                        leaf.path,
                        kind.name()
                    );
                    return Err(Refusal::Value(reason));
                }
            })
        };
        let bounds = match read() {
            // Elasticsearch reads the dates of a range before it makes a query of it.
            Err(Refusal::Date(failure)) if !is_value => return Err((*failure).into()),
            read => read.or_else(|refusal| self.refuse(refusal))?,
        };
        match bounds {
            Some((lower, upper)) => Ok(constant(Box::new(RangeQuery::new(lower, upper)), 1.0)),
            None => Ok(Box::new(EmptyQuery)),
        }
    }
}

fn is_whole(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Long
            | FieldKind::Integer
            | FieldKind::Short
            | FieldKind::Byte
            | FieldKind::UnsignedLong
    )
}

fn is_fraction(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Double | FieldKind::Float | FieldKind::HalfFloat | FieldKind::ScaledFloat
    )
}

fn text_bound(columns: &Columns, bound: &Bound) -> Range<Term> {
    let term = |value: &String| Term::from_field_text(columns.field, value);
    match bound {
        Bound::Open => Range::Unbounded,
        Bound::Including(value) => Range::Included(term(value)),
        Bound::Excluding(value) => Range::Excluded(term(value)),
    }
}

fn boolean(value: &str) -> Read<bool> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        value => Err(Refusal::Value(format!(
            "Can't parse boolean value [{value}], expected [true] or [false]"
        ))),
    }
}

fn boolean_bounds(lower: &Bound, upper: &Bound) -> Read<Option<(i64, i64)>> {
    let number = |value: &String| boolean(value).map(i64::from);
    let low = match lower {
        Bound::Open => 0,
        Bound::Including(value) => number(value)?,
        Bound::Excluding(value) => number(value)? + 1,
    };
    let high = match upper {
        Bound::Open => 1,
        Bound::Including(value) => number(value)?,
        Bound::Excluding(value) => number(value)? - 1,
    };
    Ok((low <= high).then_some((low, high)))
}

/// The milliseconds between two dates, with date math.
pub(super) fn date_bounds(
    columns: &Columns,
    (lower, upper): (&Bound, &Bound),
    dates: &DateReading,
) -> std::result::Result<Option<(i64, i64)>, Failure> {
    // What a request says of its dates is wrong whatever the index.
    let in_request = |failure: Failure| failure.in_phase(Phase::Request);
    let format = match dates.format.as_deref() {
        Some(given) => DateFormat::parse(given).map_err(in_request)?,
        None => {
            let own = columns.leaf.options.format.as_deref();
            DateFormat::parse(own.unwrap_or(DateFormat::DEFAULT))?
        }
    };
    let zone = match &dates.time_zone {
        Some(zone) => time_zone(zone).map_err(in_request)?,
        None => TimeZone::UTC,
    };
    let date = |text: &String, round_up| date_math(&format, text, dates.now_ms, &zone, round_up);
    let low = match lower {
        Bound::Open => i64::MIN,
        Bound::Including(value) => date(value, false)?,
        Bound::Excluding(value) => date(value, true)?.saturating_add(1),
    };
    let high = match upper {
        Bound::Open => i64::MAX,
        Bound::Including(value) => date(value, true)?,
        Bound::Excluding(value) => date(value, false)?.saturating_sub(1),
    };
    Ok((low <= high).then_some((low, high)))
}

fn not_a_number(value: &str) -> Refusal {
    match value {
        "" => Refusal::Number("empty String".to_owned()),
        value => Refusal::Number(format!("For input string: \"{value}\"")),
    }
}

fn double(value: &str) -> Read<f64> {
    match value {
        "NaN" => Ok(f64::NAN),
        "Infinity" | "+Infinity" => Ok(f64::INFINITY),
        "-Infinity" => Ok(f64::NEG_INFINITY),
        // Java knows no other names for these.
        value if value.contains(['n', 'N', 'i', 'I']) => Err(not_a_number(value)),
        value => value.trim().parse().map_err(|_| not_a_number(value)),
    }
}

/// The term of a whole number that the field can hold.
fn whole_term(columns: &Columns, number: i128) -> Term {
    match columns.leaf.kind {
        FieldKind::UnsignedLong => Term::from_field_u64(columns.field, number as u64),
        _ => Term::from_field_i64(columns.field, number as i64),
    }
}

/// Reads a whole number; none for one with a fraction or far from any that a field holds.
fn whole(value: &str) -> Read<Option<i128>> {
    if let Ok(whole) = value.parse::<i128>() {
        return Ok(Some(whole));
    }
    let number = double(value)?;
    let is_held = number.fract() == 0.0 && number.abs() < 1e20;
    Ok(is_held.then_some(number as i128))
}

/// The numbers that a field of whole numbers holds, and what Elasticsearch calls it.
fn held(kind: &FieldKind) -> (i128, i128, &'static str) {
    match kind {
        FieldKind::Integer => (i32::MIN.into(), i32::MAX.into(), "an integer"),
        FieldKind::Short => (i16::MIN.into(), i16::MAX.into(), "a short"),
        FieldKind::Byte => (i8::MIN.into(), i8::MAX.into(), "a byte"),
        FieldKind::UnsignedLong => (0, u64::MAX.into(), "an unsigned long"),
        _ => (i64::MIN.into(), i64::MAX.into(), "a long"),
    }
}

fn whole_bounds(kind: &FieldKind, lower: &Bound, upper: &Bound) -> Read<Option<(i128, i128)>> {
    let (least, most, name) = held(kind);
    // Answers the number cut off towards zero, and on which side of it the value lies.
    let read = |value: &String| -> Read<(i128, f64)> {
        let out_of_range = || Refusal::Value(format!("Value [{value}] is out of range for {name}"));
        // Whole numbers are read as such, so that none is lost past 2^53.
        let (number, rest) = match value.parse::<i128>() {
            Ok(number) => (number, 0.0),
            Err(_) => {
                let number = double(value)?;
                if number.is_nan() {
                    return Err(Refusal::Value(format!("For input string: \"{value}\"")));
                }
                if number.abs() >= 1e20 {
                    return Err(out_of_range());
                }
                (number.trunc() as i128, number.fract())
            }
        };
        // Numbers without a sign have no bounds that are out of their range.
        match (least..=most).contains(&number) || *kind == FieldKind::UnsignedLong {
            true => Ok((number, rest)),
            false => Err(out_of_range()),
        }
    };
    let low = match lower {
        Bound::Open => least,
        Bound::Including(value) => match read(value)? {
            (number, rest) if rest > 0.0 => number + 1,
            (number, _) => number,
        },
        Bound::Excluding(value) => match read(value)? {
            (number, rest) if rest < 0.0 => number,
            (number, _) => number + 1,
        },
    };
    let high = match upper {
        Bound::Open => most,
        Bound::Including(value) => match read(value)? {
            (number, rest) if rest < 0.0 => number - 1,
            (number, _) => number,
        },
        Bound::Excluding(value) => match read(value)? {
            (number, rest) if rest > 0.0 => number,
            (number, _) => number - 1,
        },
    };
    let (low, high) = (low.max(least), high.min(most));
    Ok((low <= high).then_some((low, high)))
}

/// The factor of a scaled_float.
fn scaling(columns: &Columns) -> Option<f64> {
    let leaf = &columns.leaf;
    let factor = leaf.options.scaling_factor;
    factor.filter(|_| leaf.kind == FieldKind::ScaledFloat)
}

/// The multiples of 1 / `factor` between two bounds.
fn scaled_bounds(factor: f64, lower: &Bound, upper: &Bound) -> Read<Option<(f64, f64)>> {
    let scaled = |value: &String| double(value).map(|number| number * factor);
    let low = match lower {
        Bound::Open => f64::NEG_INFINITY,
        Bound::Including(value) => scaled(value)?.ceil() / factor,
        Bound::Excluding(value) => scaled(value)?.next_up().ceil() / factor,
    };
    let high = match upper {
        Bound::Open => f64::INFINITY,
        Bound::Including(value) => scaled(value)?.floor() / factor,
        Bound::Excluding(value) => scaled(value)?.next_down().floor() / factor,
    };
    Ok((low <= high).then_some((low, high)))
}

/// Rounds a number as the field's type does when it is stored.
pub(in crate::search) fn rounded(kind: &FieldKind, number: f64) -> f64 {
    match kind {
        FieldKind::Float => f64::from(number as f32),
        FieldKind::HalfFloat => half(number as f32),
        _ => number,
    }
}

fn fraction_bounds(kind: &FieldKind, lower: &Bound, upper: &Bound) -> Read<Option<(f64, f64)>> {
    // Numbers are compared as they are stored; the next one up or down is that of the stored type.
    let up = |number: f64| match kind {
        FieldKind::Float => f64::from((number as f32).next_up()),
        FieldKind::HalfFloat => next_half(number, 1.0),
        _ => number.next_up(),
    };
    let down = |number: f64| match kind {
        FieldKind::Float => f64::from((number as f32).next_down()),
        FieldKind::HalfFloat => next_half(number, -1.0),
        _ => number.next_down(),
    };
    let read = |value: &String| double(value).map(|number| rounded(kind, number));
    let low = match lower {
        Bound::Open => f64::NEG_INFINITY,
        Bound::Including(value) => match kind {
            // Elasticsearch rounds the lower bound of this type up.
            FieldKind::HalfFloat => {
                let exact = double(value)?;
                let number = half(exact as f32);
                if number < exact { up(number) } else { number }
            }
            _ => read(value)?,
        },
        Bound::Excluding(value) => up(read(value)?),
    };
    let high = match upper {
        Bound::Open => f64::INFINITY,
        Bound::Including(value) => match kind {
            FieldKind::HalfFloat => {
                let exact = double(value)?;
                let number = half(exact as f32);
                if number > exact { down(number) } else { number }
            }
            _ => read(value)?,
        },
        Bound::Excluding(value) => down(read(value)?),
    };
    Ok((low <= high).then_some((low, high)))
}

fn next_half(number: f64, direction: f64) -> f64 {
    let exponent = match number {
        0.0 => -14.0,
        number => number.abs().log2().floor().max(-14.0),
    };
    let step = (exponent - 10.0).exp2();
    // Towards zero from a power of two the neighbours lie closer.
    let crossing = number.abs() == exponent.exp2() && number * direction < 0.0 && exponent > -14.0;
    let next = number + direction * if crossing { step / 2.0 } else { step };
    half(next as f32)
}
