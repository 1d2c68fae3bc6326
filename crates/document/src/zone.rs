//! Time zones by name and by offset.

use crate::{Cause, Failure};
use jiff::tz::{Offset, TimeZone};

/// Answers the time zone of a name (`Europe/Paris`), an offset (`+02:00`, `-3`) or `Z`.
///
/// # Errors
/// When it is none, in Elasticsearch's words.
pub fn time_zone(text: &str) -> Result<TimeZone, Failure> {
    match take_time_zone(text) {
        Some((zone, "")) => Ok(zone),
        _ => {
            let reason = format!("Unknown time-zone ID: {text}");
            let whole = format!("java.time.zone.ZoneRulesException: {reason}");
            let beneath = Failure::new(Cause::TimeZone, reason);
            Err(Failure::illegal_argument(whole).caused_by(beneath))
        }
    }
}

/// Takes the time zone that a text starts with.
pub fn take_time_zone(text: &str) -> Option<(TimeZone, &str)> {
    match text.as_bytes().first()? {
        b'+' | b'-' => offset(text),
        letter if letter.is_ascii_alphabetic() => {
            let is_name = |letter: char| {
                letter.is_ascii_alphanumeric() || matches!(letter, '/' | '_' | '-' | '+' | ':')
            };
            let end = text.find(|letter| !is_name(letter)).unwrap_or(text.len());
            let (name, rest) = text.split_at_checked(end)?;
            if matches!(name, "Z" | "UTC" | "GMT" | "UT") {
                return Some((TimeZone::UTC, rest));
            }
            let beyond = ["UTC", "GMT", "UT"]
                .iter()
                .find_map(|prefix| name.strip_prefix(prefix))
                .filter(|offset| offset.starts_with(['+', '-']));
            match beyond {
                Some(beyond) => match offset(beyond)? {
                    (zone, "") => Some((zone, rest)),
                    _ => None,
                },
                None => Some((TimeZone::get(name).ok()?, rest)),
            }
        }
        _ => None,
    }
}

/// Takes `+2`, `+02`, `+0200`, `+02:00`, each with seconds where wanted.
fn offset(text: &str) -> Option<(TimeZone, &str)> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let mut rest = text.get(1..)?;
    let run = rest.bytes().take_while(u8::is_ascii_digit).count();
    let hours_length = if run == 1 { 1 } else { 2 };
    let mut numbers = [0_i32; 3];
    for (place, number) in numbers.iter_mut().enumerate() {
        let length = if place == 0 { hours_length } else { 2 };
        let digits = if place == 0 {
            rest
        } else {
            rest.strip_prefix(':').unwrap_or(rest)
        };
        match digits.split_at_checked(length) {
            Some((digits, after)) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                *number = digits.parse().ok()?;
                rest = after;
            }
            _ if place == 0 => return None,
            _ => break,
        }
    }
    let [hours, minutes, seconds] = numbers;
    if hours > 18 || minutes > 59 || seconds > 59 {
        return None;
    }
    let offset = Offset::from_seconds(sign * (hours * 3600 + minutes * 60 + seconds)).ok()?;
    let zone = if offset == Offset::UTC {
        TimeZone::UTC
    } else {
        TimeZone::fixed(offset)
    };
    Some((zone, rest))
}
