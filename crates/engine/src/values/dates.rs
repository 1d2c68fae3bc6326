//! Dates as Elasticsearch's `strict_date_optional_time||epoch_millis` reads them.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, Timestamp, tz};

/// The milliseconds that a date names: a year names all of its milliseconds, a full time just one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateRange {
    /// The first millisecond since 1970, UTC.
    pub(crate) first_ms: i64,
    /// The last one.
    pub(crate) last_ms: i64,
}

/// Reads `2024`, `2024-05`, `2024-05-17`, `2024-05-17T20:15`, with seconds, fractions and an offset or `Z`, or
/// milliseconds since 1970. A time without an offset is UTC.
pub(crate) fn parse_date(text: &str) -> Option<DateRange> {
    let text = text.trim();
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let parts: Vec<&str> = day.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let number = |at: usize| {
        parts
            .get(at)
            .map_or(Some(1), |part| part.parse::<i16>().ok())
    };
    let date = match lengths.as_slice() {
        [4] | [4, 2] | [4, 2, 2] => Date::new(
            number(0)?,
            i8::try_from(number(1)?).ok()?,
            i8::try_from(number(2)?).ok()?,
        )
        .ok()?,
        _ => {
            let first_ms = text.parse().ok()?;
            return Some(DateRange {
                first_ms,
                last_ms: first_ms,
            });
        }
    };
    match time {
        None => {
            let span = match lengths.len() {
                1 => Span::new().years(1),
                2 => Span::new().months(1),
                _ => Span::new().days(1),
            };
            let end = date.checked_add(span).ok()?;
            range(
                date.to_datetime(Time::midnight()),
                end.to_datetime(Time::midnight()),
                0,
            )
        }
        Some(_) if lengths.len() != 3 => None,
        Some(time) => with_time(date, time),
    }
}

fn with_time(date: Date, time: &str) -> Option<DateRange> {
    let (clock, offset_s) = split_offset(time)?;
    let (whole, fraction) = match clock.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (clock, None),
    };
    let parts: Vec<i8> = whole
        .split(':')
        .map(|part| (part.len() == 2).then(|| part.parse().ok())?)
        .collect::<Option<_>>()?;
    let (time, span) = match (parts.as_slice(), fraction) {
        ([hour], None) => (Time::new(*hour, 0, 0, 0).ok()?, Span::new().hours(1)),
        ([hour, minute], None) => (
            Time::new(*hour, *minute, 0, 0).ok()?,
            Span::new().minutes(1),
        ),
        ([hour, minute, second], None) => (
            Time::new(*hour, *minute, *second, 0).ok()?,
            Span::new().seconds(1),
        ),
        ([hour, minute, second], Some(fraction)) => {
            let nanos = nanoseconds(fraction)?;
            (
                Time::new(*hour, *minute, *second, nanos).ok()?,
                Span::new().milliseconds(1),
            )
        }
        _ => return None,
    };
    let start = date.to_datetime(time);
    range(start, start.checked_add(span).ok()?, offset_s)
}

fn nanoseconds(fraction: &str) -> Option<i32> {
    let digits = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| format!("{fraction:0<9}").parse().ok())?
}

/// Splits `20:15:00+02:00` into its clock and its offset in seconds.
fn split_offset(time: &str) -> Option<(&str, i32)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else {
        return Some((time, 0));
    };
    let (clock, offset) = time.split_at(at);
    let (sign, digits) = offset.split_at(1);
    let digits: String = digits.chars().filter(|letter| *letter != ':').collect();
    let (hours, minutes) = match digits.len() {
        2 => (digits.parse::<i32>().ok()?, 0),
        4 => (
            digits.get(..2)?.parse().ok()?,
            digits.get(2..)?.parse::<i32>().ok()?,
        ),
        _ => return None,
    };
    let seconds = (hours <= 18 && minutes < 60).then_some(hours * 3600 + minutes * 60)?;
    Some((clock, if sign == "-" { -seconds } else { seconds }))
}

fn range(first: DateTime, end: DateTime, offset_s: i32) -> Option<DateRange> {
    let millis = |time: DateTime| -> Option<i64> {
        let offset = tz::Offset::from_seconds(offset_s).ok()?;
        let stamp: Timestamp = offset.to_timestamp(time).ok()?;
        Some(stamp.as_millisecond())
    };
    let first_ms = millis(first)?;
    Some(DateRange {
        first_ms,
        last_ms: (millis(end)? - 1).max(first_ms),
    })
}
