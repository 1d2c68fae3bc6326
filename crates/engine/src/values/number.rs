//! Numbers, with the ranges of their types and Elasticsearch's rules for what else passes as one.

use super::json::Scalar;
use document::{Cause, Failure, FieldKind};

type Result<T> = std::result::Result<T, Failure>;

/// What a whole number is read for: the name that Java has for it, and its range.
struct Range {
    name: &'static str,
    article: &'static str,
    least: i64,
    most: i64,
}

impl Range {
    fn of(kind: &FieldKind) -> Self {
        let (name, article, least, most) = match kind {
            FieldKind::Integer => ("integer", "an", i32::MIN.into(), i32::MAX.into()),
            FieldKind::Short => ("short", "a", i16::MIN.into(), i16::MAX.into()),
            FieldKind::Byte => ("byte", "a", i8::MIN.into(), i8::MAX.into()),
            _ => ("long", "a", i64::MIN, i64::MAX),
        };
        Self {
            name,
            article,
            least,
            most,
        }
    }

    fn beyond(&self, value: &str) -> Failure {
        let Self { name, article, .. } = self;
        Failure::illegal_argument(format!(
            "Value [{value}] is out of range for {article} {name}"
        ))
    }

    /// A number in JSON that its type cannot hold, as the parser says it.
    fn beyond_token(&self, value: &str) -> Failure {
        let reason = match self.name {
            "byte" => return self.beyond(&truncated(value).to_string()),
            "short" => format!("Numeric value ({value}) out of range of Java short"),
            name => {
                let name = if name == "integer" { "int" } else { name };
                format!(
                    "Numeric value ({value}) out of range of {name} ({} - {})",
                    self.least, self.most
                )
            }
        };
        Failure::new(Cause::Parsing, reason)
    }

    /// The class whose name Java's messages have.
    fn class(&self) -> &'static str {
        match self.name {
            "long" => "Long",
            "short" => "Short",
            _ => "Integer",
        }
    }
}

fn truncated(value: &str) -> f64 {
    value.parse::<f64>().unwrap_or(f64::NAN).trunc()
}

/// What a text that is no number is told.
fn no_number(text: &str) -> Failure {
    Failure::new(Cause::NumberFormat, format!("For input string: \"{text}\""))
}

fn not_numeric(token: &str) -> Failure {
    Failure::new(
        Cause::Parsing,
        format!("Current token ({token}) not numeric, can not use numeric value accessors"),
    )
}

fn boolean_token(value: bool) -> &'static str {
    if value { "VALUE_TRUE" } else { "VALUE_FALSE" }
}

/// Reads a whole number. `coerce` lets texts be numbers and cuts fractions off.
pub(super) fn whole(kind: &FieldKind, scalar: &Scalar<'_>, coerce: bool) -> Result<i64> {
    let range = Range::of(kind);
    let within = |number: i64| (range.least..=range.most).contains(&number);
    match scalar {
        Scalar::Whole(text) => text
            .parse()
            .ok()
            .filter(|number| within(*number))
            .ok_or_else(|| range.beyond_token(text)),
        Scalar::Fraction(text) => {
            let number = text.parse::<f64>().map_err(|_| no_number(text))?;
            let cut = whole_part(number).filter(|cut| within(*cut));
            if !coerce && number.fract() != 0.0 {
                return Err(Failure::illegal_argument(format!(
                    "{} cannot be converted to {} without data loss",
                    java_double(number),
                    range.class()
                )));
            }
            cut.ok_or_else(|| range.beyond_token(text))
        }
        Scalar::Text(text) => {
            if !coerce {
                let class = range.class();
                return Err(Failure::illegal_argument(format!(
                    "{class} value passed as String"
                )));
            }
            if let Ok(number) = text.trim().parse::<i64>() {
                return Some(number)
                    .filter(|number| within(*number))
                    .ok_or_else(|| range.beyond(text));
            }
            let long = range.name == "long";
            let number = java_parse(text).filter(|number| !long || number.is_finite());
            let number = number.ok_or_else(|| match long {
                true => Failure::illegal_argument(no_number(text).reason),
                false => no_number(text),
            })?;
            // Java makes a zero of what is no number.
            let number = if number.is_nan() { 0.0 } else { number };
            whole_part(number)
                .filter(|cut| within(*cut))
                .ok_or_else(|| range.beyond(text))
        }
        Scalar::Bool(value) => Err(not_numeric(boolean_token(*value))),
        Scalar::Null => Err(not_numeric("VALUE_NULL")),
    }
}

/// The whole part of a number, where 64 bits hold it.
fn whole_part(number: f64) -> Option<i64> {
    let whole = number.trunc();
    // 2^63 as a float is the first number past the range.
    (whole >= i64::MIN as f64 && whole < i64::MAX as f64).then_some(whole as i64)
}

/// Reads a whole number from 0 to 2^64 - 1.
pub(super) fn unsigned(scalar: &Scalar<'_>, coerce: bool) -> Result<u64> {
    let text: &str = match scalar {
        Scalar::Whole(text) | Scalar::Fraction(text) => text,
        Scalar::Text(_) if !coerce => {
            return Err(Failure::illegal_argument("Long value passed as String"));
        }
        Scalar::Text(text) => text.trim(),
        Scalar::Bool(value) => return Err(not_numeric(boolean_token(*value))),
        Scalar::Null => return Err(not_numeric("VALUE_NULL")),
    };
    let beyond = || {
        Failure::illegal_argument(format!(
            "Value \"{text}\" is out of range for unsigned long"
        ))
    };
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    if text.parse::<i128>().is_ok() {
        return Err(beyond());
    }
    let number = java_parse(text).ok_or_else(|| no_number(text))?;
    // 2^64 as a float is the first number past the range.
    if number.trunc() < 0.0 || number >= 18_446_744_073_709_551_616.0 {
        return Err(beyond());
    }
    if number.fract() != 0.0 && !coerce || number.is_nan() {
        return Err(no_number(text));
    }
    Ok(number.trunc() as u64)
}

/// Reads a number with a fraction, as the field's type keeps it. `factor` is a scaled_float's.
pub(super) fn fraction(
    kind: &FieldKind,
    scalar: &Scalar<'_>,
    (coerce, factor): (bool, Option<f64>),
) -> Result<f64> {
    let number = match scalar {
        Scalar::Whole(text) | Scalar::Fraction(text) => {
            text.parse::<f64>().map_err(|_| no_number(text))?
        }
        Scalar::Text(_) if !coerce => {
            let class = match kind {
                FieldKind::Float | FieldKind::HalfFloat => "Float",
                _ => "Double",
            };
            return Err(Failure::illegal_argument(format!(
                "{class} value passed as String"
            )));
        }
        Scalar::Text(text) => java_parse(text).ok_or_else(|| no_number(text))?,
        Scalar::Bool(value) => return Err(not_numeric(boolean_token(*value))),
        Scalar::Null => return Err(not_numeric("VALUE_NULL")),
    };
    let kept = match kind {
        FieldKind::Float => f64::from(number as f32),
        FieldKind::HalfFloat => half(number as f32),
        FieldKind::ScaledFloat => {
            let factor = factor.unwrap_or(1.0);
            // Java rounds halves up.
            (number * factor + 0.5).floor() / factor
        }
        _ => number,
    };
    if kept.is_finite() {
        return Ok(kept);
    }
    let shown = match kind {
        // What is too large for 16 bits is shown as 32 bits hold it.
        FieldKind::HalfFloat => java_double(f64::from(number as f32)),
        _ => java_double(kept),
    };
    Err(Failure::illegal_argument(format!(
        "[{}] supports only finite values, but got [{shown}]",
        kind.name()
    )))
}

/// Rounds to the nearest number that 16 bits hold, halves to the even one; infinite past the largest.
pub(crate) fn half(number: f32) -> f64 {
    let number = f64::from(number);
    let size = number.abs();
    if size >= 65_520.0 || !size.is_finite() {
        return if number.is_nan() {
            number
        } else {
            number.signum() * f64::INFINITY
        };
    }
    // Eleven significant bits; below 2^-14 the steps get no smaller.
    let exponent = if size < 2.0_f64.powi(-14) {
        -14
    } else {
        size.log2().floor() as i32
    };
    let step = 2.0_f64.powi(exponent - 10);
    (number / step).round_ties_even() * step
}

/// Reads a number as Java's `Double.parseDouble` does.
pub(super) fn java_parse(text: &str) -> Option<f64> {
    let text = text.trim_matches(|letter: char| letter <= ' ');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned {
        "NaN" => return Some(f64::NAN),
        "Infinity" => {
            return Some(if text.starts_with('-') {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            });
        }
        _ => {}
    }
    let digits = text.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(text);
    let last = digits.bytes().last()?;
    let plain = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if !plain || !(last.is_ascii_digit() || last == b'.') {
        return None;
    }
    digits.parse().ok()
}

/// A number as Java prints it: `1.0`, `3.0E10`.
pub(super) fn java_double(number: f64) -> String {
    java(number, format!("{number:e}"))
}

/// A number of 32 bits as Java prints it.
pub(crate) fn java_float(number: f32) -> String {
    java(f64::from(number), format!("{number:e}"))
}

fn java(number: f64, scientific: String) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        let sign = if number < 0.0 { "-" } else { "" };
        return format!("{sign}Infinity");
    }
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if number == 0.0 || (-3..7).contains(&exponent) {
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", digits),
        };
        let all: String = digits.chars().filter(|letter| *letter != '.').collect();
        let (before, after) = if exponent < 0 {
            let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
            ("0".to_owned(), format!("{}{all}", "0".repeat(zeros)))
        } else {
            let point = usize::try_from(exponent).unwrap_or(0) + 1;
            let all = format!("{all:0<point$}");
            let (before, after) = all.split_at_checked(point).unwrap_or((&all, ""));
            (before.to_owned(), after.to_owned())
        };
        let after = if after.is_empty() { "0" } else { &after };
        return format!("{sign}{before}.{after}");
    }
    let digits = if digits.contains('.') {
        digits.to_owned()
    } else {
        format!("{digits}.0")
    };
    format!("{digits}E{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn token(text: &str) -> Scalar<'_> {
        match text.as_bytes() {
            [b'"', ..] => Scalar::Text(Cow::Borrowed(text.trim_matches('"'))),
            b"true" => Scalar::Bool(true),
            _ if text.bytes().any(|byte| b".eE".contains(&byte)) => Scalar::Fraction(text),
            _ => Scalar::Whole(text),
        }
    }

    #[test]
    fn whole_numbers_are_coerced_and_bounded() {
        use FieldKind::{Byte, Integer, Long, Short};
        for (kind, text, expected) in [
            (Integer, "5", 5),
            (Integer, "1.9", 1),
            (Integer, "\"1.9\"", 1),
            (Integer, "\" 5 \"", 5),
            (Integer, "\"NaN\"", 0),
            (Integer, "-2147483648", -2_147_483_648),
            (Byte, "-128.9", -128),
            (Short, "\"32767\"", 32767),
            (Long, "9223372036854775807", i64::MAX),
            (Long, "\"1e3\"", 1000),
            (Long, "1e3", 1000),
        ] {
            assert_eq!(whole(&kind, &token(text), true), Ok(expected), "{text}");
        }
        for (kind, text, reason) in [
            (Integer, "\"abc\"", "For input string: \"abc\""),
            (
                Integer,
                "3000000000",
                "Numeric value (3000000000) out of range of int (-2147483648 - 2147483647)",
            ),
            (
                Integer,
                "\"3000000000\"",
                "Value [3000000000] is out of range for an integer",
            ),
            (
                Integer,
                "3e10",
                "Numeric value (3e10) out of range of int (-2147483648 - 2147483647)",
            ),
            (
                Integer,
                "true",
                "Current token (VALUE_TRUE) not numeric, can not use numeric value accessors",
            ),
            (Integer, "\"0x10\"", "For input string: \"0x10\""),
            (
                Long,
                "9223372036854775808",
                "Numeric value (9223372036854775808) out of range of long (-9223372036854775808 - 9223372036854775807)",
            ),
            (
                Long,
                "\"9223372036854775808\"",
                "Value [9223372036854775808] is out of range for a long",
            ),
            (
                Short,
                "40000",
                "Numeric value (40000) out of range of Java short",
            ),
            (Byte, "200", "Value [200] is out of range for a byte"),
            (Byte, "-129.5", "Value [-129] is out of range for a byte"),
        ] {
            let failure = whole(&kind, &token(text), true).unwrap_err();
            assert_eq!(failure.reason, reason, "{text}");
        }
        assert_eq!(whole(&Integer, &token("1.0"), false), Ok(1));
        let reason = |text| whole(&Integer, &token(text), false).unwrap_err().reason;
        assert_eq!(
            reason("1.9"),
            "1.9 cannot be converted to Integer without data loss"
        );
        assert_eq!(reason("\"1\""), "Integer value passed as String");
    }

    #[test]
    fn unsigned_numbers_reach_to_the_last_bit() {
        for (text, expected) in [
            ("0", 0),
            ("18446744073709551615", u64::MAX),
            ("\"18446744073709551615\"", u64::MAX),
            ("1.9", 1),
            ("1e3", 1000),
        ] {
            assert_eq!(unsigned(&token(text), true), Ok(expected), "{text}");
        }
        for text in [
            "-1",
            "18446744073709551616",
            "\"-1\"",
            "1e20",
            "-1.5",
            "\"x\"",
            "true",
        ] {
            assert!(unsigned(&token(text), true).is_err(), "{text}");
        }
    }

    #[test]
    fn fractions_are_kept_as_their_type_holds_them() {
        let kept = |kind, text| fraction(&kind, &token(text), (true, Some(100.0)));
        assert_eq!(kept(FieldKind::Double, "0.1"), Ok(0.1));
        assert_eq!(kept(FieldKind::Float, "0.1"), Ok(f64::from(0.1_f32)));
        assert_eq!(kept(FieldKind::HalfFloat, "0.1"), Ok(0.099_975_585_937_5));
        assert_eq!(kept(FieldKind::HalfFloat, "65519"), Ok(65_504.0));
        assert_eq!(kept(FieldKind::HalfFloat, "1e-8"), Ok(0.0));
        assert_eq!(kept(FieldKind::HalfFloat, "6e-8"), Ok(2.0_f64.powi(-24)));
        assert_eq!(kept(FieldKind::HalfFloat, "2049"), Ok(2048.0));
        assert_eq!(kept(FieldKind::ScaledFloat, "1.236"), Ok(1.24));
        assert_eq!(kept(FieldKind::ScaledFloat, "-0.005"), Ok(0.0));
        let reason = |kind, text| kept(kind, text).unwrap_err().reason;
        assert_eq!(
            reason(FieldKind::Float, "1e39"),
            "[float] supports only finite values, but got [Infinity]"
        );
        assert_eq!(
            reason(FieldKind::HalfFloat, "65520"),
            "[half_float] supports only finite values, but got [65520.0]"
        );
        assert_eq!(
            reason(FieldKind::Double, "\"NaN\""),
            "[double] supports only finite values, but got [NaN]"
        );
        assert_eq!(
            reason(FieldKind::Float, "\"inf\""),
            "For input string: \"inf\""
        );
    }

    #[test]
    fn numbers_are_shown_as_java_shows_them() {
        for (number, expected) in [
            (1.0, "1.0"),
            (-0.5, "-0.5"),
            (1e7, "1.0E7"),
            (9_999_999.0, "9999999.0"),
            (1.25e-3, "0.00125"),
            (1e-4, "1.0E-4"),
            (3e10, "3.0E10"),
            (1.5e300, "1.5E300"),
            (0.0, "0.0"),
            (123.456, "123.456"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(java_double(number), expected);
        }
        assert_eq!(java_float(1.0006), "1.0006");
    }
}
