//! Dates as Elasticsearch reads, counts and prints them.

mod math;
mod named;
mod names;
mod pattern;
mod print;
mod read;

pub(crate) use document::time_zone;
pub(crate) use math::{date_math, plain_date};

use document::{Cause, Failure};
use jiff::tz::TimeZone;
use pattern::Item;

/// The formats of a date, tried one after the other; the first one prints.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DateFormat {
    text: String,
    forms: Vec<Form>,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    EpochMillis,
    EpochSecond,
    Pattern(Vec<Item>),
}

impl Default for DateFormat {
    fn default() -> Self {
        let items = named::items("strict_date_optional_time").map(Form::Pattern);
        Self {
            text: Self::DEFAULT.to_owned(),
            forms: items.into_iter().chain([Form::EpochMillis]).collect(),
        }
    }
}

impl DateFormat {
    /// What a date has whose mapping names no format.
    pub(crate) const DEFAULT: &str = "strict_date_optional_time||epoch_millis";

    /// Reads formats separated by `||`: names (`epoch_millis`, `basic_date`) and patterns (`yyyy/MM/dd HH:mm:ss`).
    ///
    /// # Errors
    /// When one is neither, in Elasticsearch's words.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        if text.is_empty() {
            return Err(Failure::illegal_argument("No date pattern provided"));
        }
        let forms = text.split("||").map(|part| match part {
            "epoch_millis" => Ok(Form::EpochMillis),
            "epoch_second" => Ok(Form::EpochSecond),
            "" => Err(Failure::illegal_argument(format!(
                "Cannot have empty element in multi date format pattern: {text}"
            ))),
            part => match named::items(part) {
                Some(items) => Ok(Form::Pattern(items)),
                // An 8 in front marked Java's patterns when there were others.
                None => pattern::parse(part.strip_prefix('8').unwrap_or(part), false, false)
                    .map(Form::Pattern)
                    .map_err(|reason| {
                        let whole = format!("Invalid format: [{part}]: {reason}");
                        let beneath = Failure::illegal_argument(reason);
                        Failure::illegal_argument(whole).caused_by(beneath)
                    }),
            },
        });
        Ok(Self {
            text: text.to_owned(),
            forms: forms.collect::<Result<_, _>>()?,
        })
    }

    /// The formats as they were given.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Reads a date: milliseconds since 1970. `zone` is the zone of texts that name none; `round_up` takes the last
    /// millisecond of a time that is left out in whole or in part, rather than the first.
    ///
    /// # Errors
    /// When the text has none of the formats, in Elasticsearch's words.
    pub(crate) fn read(&self, text: &str, zone: &TimeZone, round_up: bool) -> Result<i64, Failure> {
        if text.is_empty() {
            return Err(Failure::illegal_argument("cannot parse empty datetime"));
        }
        let read = self.forms.iter().find_map(|form| match form {
            Form::EpochMillis => epoch(text, 1, false),
            Form::EpochSecond => epoch(text, 1000, round_up),
            Form::Pattern(items) => read::read(items, text, zone, round_up),
        });
        read.ok_or_else(|| {
            Failure::illegal_argument(format!(
                "failed to parse date field [{text}] with format [{}]",
                self.text
            ))
            .caused_by(Failure::new(
                Cause::DateFormat,
                "Failed to parse with all enclosed parsers",
            ))
        })
    }

    /// Prints milliseconds since 1970 in the first of the formats, as the clock of `zone` shows them.
    pub(crate) fn print(&self, ms: i64, zone: &TimeZone) -> String {
        let printed = match self.forms.first() {
            Some(Form::EpochSecond) => Some(seconds(ms)),
            Some(Form::Pattern(items)) => print::print(items, ms, zone),
            _ => None,
        };
        // A year that no calendar here reaches is still a number.
        printed.unwrap_or_else(|| ms.to_string())
    }
}

/// Reads a number of units since 1970, `unit_ms` each, with or without a fraction.
fn epoch(text: &str, unit_ms: i64, round_up: bool) -> Option<i64> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    if unsigned.is_empty() || !unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let units: i64 = whole.parse().ok()?;
    let ms = units.checked_mul(unit_ms)?;
    let Some(fraction) = fraction else {
        return ms.checked_add(if round_up { unit_ms - 1 } else { 0 });
    };
    if !(1..=9).contains(&fraction.len()) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nanos: i64 = format!("{fraction:0<9}").parse().ok()?;
    // The fraction leads away from zero, and milliseconds are counted downwards.
    let beyond = nanos * unit_ms;
    let beyond_ms = if whole.starts_with('-') {
        (-beyond).div_euclid(1_000_000_000)
    } else {
        beyond / 1_000_000_000
    };
    ms.checked_add(beyond_ms)
}

fn seconds(ms: i64) -> String {
    let (whole, rest) = (ms.unsigned_abs() / 1000, ms.unsigned_abs() % 1000);
    let sign = if ms < 0 { "-" } else { "" };
    match rest {
        0 => format!("{sign}{whole}"),
        rest => format!(
            "{sign}{whole}.{}",
            format!("{rest:03}").trim_end_matches('0')
        ),
    }
}

#[cfg(test)]
mod tests;
