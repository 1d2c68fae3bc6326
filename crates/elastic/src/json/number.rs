//! Numbers as Java prints them.

use serde_json::Value;

/// Prints a number of 64 bits: always with a point, with an exponent from 10^7 on and below 10^-3.
pub(crate) fn double_text(value: f64) -> String {
    java(value.is_finite(), format!("{value:e}"), value.to_string())
}

/// Prints a number of 32 bits, with no more digits than tell it apart from its neighbours.
pub(crate) fn float_text(value: f32) -> String {
    java(value.is_finite(), format!("{value:e}"), value.to_string())
}

fn java(finite: bool, scientific: String, plain: String) -> String {
    if !finite {
        return match plain.as_str() {
            "inf" => "Infinity".to_owned(),
            "-inf" => "-Infinity".to_owned(),
            _ => plain,
        };
    }
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let zero = digits.trim_start_matches('-') == "0";
    if zero || (-3..7).contains(&exponent) {
        return if plain.contains('.') {
            plain
        } else {
            plain + ".0"
        };
    }
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}E{exponent}")
}

/// Prints a JSON number as Java prints the value that it reads it as.
pub(super) fn java_text(text: &str) -> String {
    let whole = !text.contains(['.', 'e', 'E']);
    match text.parse::<f64>() {
        Ok(value) if !whole && value.is_finite() => double_text(value),
        _ => text.to_owned(),
    }
}

/// Makes a value of a JSON number, exactly where 64 bits can hold it.
pub(super) fn value(text: &str) -> Value {
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    if let Ok(whole) = text.parse::<u64>() {
        return whole.into();
    }
    let fraction = text.parse::<f64>().unwrap_or_default();
    fraction.clamp(f64::MIN, f64::MAX).into()
}
