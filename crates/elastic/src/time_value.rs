//! Lengths of time: `30s`, `1d`.

use crate::reading::number_format;
use document::Failure;

/// Reads a length of time, in milliseconds; parts of one are cut off. `-1` and `0` need no unit.
///
/// # Errors
/// When the unit or the number is wrong, naming the setting.
pub(crate) fn time_value(setting: &str, text: &str) -> Result<i64, Failure> {
    let trimmed = text.trim();
    let lower = trimmed.to_lowercase();
    let units: [(&str, i64); 7] = [
        ("nanos", -1_000_000),
        ("micros", -1_000),
        ("ms", 1),
        ("s", 1_000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
    ];
    for (unit, factor) in units {
        // A capital M means months, which are no fixed length.
        let text = if unit == "m" { trimmed } else { &lower };
        let Some(number) = text.strip_suffix(unit) else {
            continue;
        };
        let number = number.trim();
        let Ok(count) = number.parse::<i64>() else {
            let reason = if number.parse::<f64>().is_ok() {
                format!("failed to parse [{text}], fractional time values are not supported")
            } else {
                format!("failed to parse [{text}]")
            };
            return Err(Failure::illegal_argument(reason).caused_by(number_format(number)));
        };
        let ms = if factor < 0 {
            Some(count / -factor)
        } else {
            count.checked_mul(factor)
        };
        return ms.ok_or_else(|| {
            Failure::illegal_argument(format!("failed to parse [{text}]: it is too long"))
        });
    }
    match lower.as_str() {
        "-1" => Ok(-1),
        digits if !digits.is_empty() && digits.bytes().all(|byte| byte == b'0') => Ok(0),
        _ => Err(Failure::illegal_argument(format!(
            "failed to parse setting [{setting}] with value [{text}] as a time value: unit is missing or unrecognized"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_with_their_units() {
        for (text, ms) in [
            ("30s", 30_000),
            ("1d", 86_400_000),
            ("2h", 7_200_000),
            ("5m", 300_000),
            ("7ms", 7),
            ("7MS", 7),
            ("2500micros", 2),
            ("3000000nanos", 3),
            ("-1", -1),
            ("0", 0),
            ("-1d", -86_400_000),
        ] {
            assert_eq!(time_value("x", text), Ok(ms), "{text}");
        }
        for (text, reason) in [
            ("1M", "unit is missing or unrecognized"),
            ("x", "failed to parse setting [timeout] with value [x]"),
            ("1", "unit is missing"),
            ("", "unit is missing"),
            ("1.5d", "fractional"),
            ("ad", "failed to parse [ad]"),
            ("9223372036854775807d", "too long"),
        ] {
            let failure = time_value("timeout", text).unwrap_err();
            assert!(failure.reason.contains(reason), "{text}: {failure}");
        }
    }
}
