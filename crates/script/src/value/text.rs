//! How values print: Java's `String.valueOf`.

use std::fmt::{self, Display, Formatter, Write as _};

use super::{Value, Walk, built};
use crate::date::iso_date;

impl Display for Value {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.print(formatter, &Walk::default(), 0)
    }
}

impl Value {
    fn print(&self, formatter: &mut Formatter<'_>, walk: &Walk, depth: usize) -> fmt::Result {
        let Some(depth) = walk.deeper(depth) else {
            return formatter.write_str("...");
        };
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Bool(value) => write!(formatter, "{value}"),
            Self::Byte(number) => write!(formatter, "{number}"),
            Self::Short(number) => write!(formatter, "{number}"),
            Self::Int(number) => write!(formatter, "{number}"),
            Self::Long(number) => write!(formatter, "{number}"),
            Self::Float(number) => formatter.write_str(&java_float(*number)),
            Self::Double(number) => formatter.write_str(&java_double(*number)),
            Self::Char(unit) => formatter.write_str(&String::from_utf16_lossy(&[*unit])),
            Self::Str(text) => formatter.write_str(text),
            Self::Builder(text) => formatter.write_str(&built(text)),
            Self::List(list) => print_all(formatter, &list.to_vec(), walk, depth),
            Self::Array(array) => write!(formatter, "{}@0", array.class_name()),
            Self::Set(set) => {
                let keys: Vec<Self> = set.entries().into_iter().map(|(key, _)| key).collect();
                print_all(formatter, &keys, walk, depth)
            }
            Self::Map(map) => {
                formatter.write_char('{')?;
                for (at, (key, value)) in map.entries().iter().enumerate() {
                    if at > 0 {
                        formatter.write_str(", ")?;
                    }
                    key.print(formatter, walk, depth)?;
                    formatter.write_char('=')?;
                    value.print(formatter, walk, depth)?;
                }
                formatter.write_char('}')
            }
            Self::Entry(entry) => {
                entry.0.print(formatter, walk, depth)?;
                formatter.write_char('=')?;
                entry.1.print(formatter, walk, depth)
            }
            Self::Exception(cause) => write!(formatter, "{cause}"),
            Self::Date(millis) | Self::Instant(millis) => formatter.write_str(&iso_date(*millis)),
            Self::Point(latitude, longitude) => write!(
                formatter,
                "{}, {}",
                java_double(*latitude),
                java_double(*longitude)
            ),
            Self::Iterator(_) | Self::Lambda(_) | Self::Document | Self::Field(_) => {
                formatter.write_str(self.class_name())
            }
        }
    }
}

fn print_all(
    formatter: &mut Formatter<'_>,
    values: &[Value],
    walk: &Walk,
    depth: usize,
) -> fmt::Result {
    formatter.write_char('[')?;
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            formatter.write_str(", ")?;
        }
        value.print(formatter, walk, depth)?;
    }
    formatter.write_char(']')
}

/// Prints a double as Java does: the shortest digits, with an exponent from 10^7 up and below 10^-3.
pub fn java_double(number: f64) -> String {
    java_number(number, format!("{:e}", number.abs()))
}

/// Prints a float as Java does.
pub fn java_float(number: f32) -> String {
    java_number(f64::from(number), format!("{:e}", number.abs()))
}

/// `scientific` is the number's magnitude with the shortest digits: `1.25e-7`.
fn java_number(number: f64, scientific: String) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    if number.is_infinite() {
        return format!("{sign}Infinity");
    }
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(|letter| *letter != '.').collect();
    if number == 0.0 {
        return format!("{sign}0.0");
    }
    if !(-3..7).contains(&exponent) {
        let (first, rest) = digits.split_at(1);
        let rest = if rest.is_empty() { "0" } else { rest };
        return format!("{sign}{first}.{rest}E{exponent}");
    }
    match usize::try_from(exponent) {
        Ok(whole) if digits.len() > whole + 1 => {
            let (before, after) = digits.split_at(whole + 1);
            format!("{sign}{before}.{after}")
        }
        Ok(whole) => format!("{sign}{digits:0<width$}.0", width = whole + 1),
        Err(_) => {
            let zeros = "0".repeat(exponent.unsigned_abs().saturating_sub(1) as usize);
            format!("{sign}0.{zeros}{digits}")
        }
    }
}

/// Returns how many UTF-16 units a text has: Java's `length()`.
pub fn utf16_length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    }
}
