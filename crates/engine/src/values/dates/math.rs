//! Date math: `now-1d/d`, `2024-01-01||+1M/M`.

use super::DateFormat;
use document::{Cause, Failure};
use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Reads a date, or `now`, and what is added to and cut from it. `round_up` takes the last millisecond of what is
/// cut to or left out instead of the first. Milliseconds since 1970; `zone` is the zone of dates that name none, and
/// the one in which days begin.
///
/// # Errors
/// When the date does not have the format or the math makes no sense, in Elasticsearch's words.
pub(crate) fn date_math(
    format: &DateFormat,
    text: &str,
    now_ms: i64,
    zone: &TimeZone,
    round_up: bool,
) -> Result<i64, Failure> {
    let read = |text: &str, round_up| plain_date(format, text, zone, round_up);
    if let Some(math) = text.strip_prefix("now") {
        return apply(math, now_ms, zone, round_up);
    }
    match text.split_once("||") {
        None => read(text, round_up),
        Some((date, math)) => apply(math, read(date, false)?, zone, round_up),
    }
}

/// Reads a date without any math, as [`date_math`] does.
///
/// # Errors
/// When the date does not have the format, in Elasticsearch's words.
pub(crate) fn plain_date(
    format: &DateFormat,
    text: &str,
    zone: &TimeZone,
    round_up: bool,
) -> Result<i64, Failure> {
    format.read(text, zone, round_up).map_err(|failure| {
        let reason = format!(
            "failed to parse date field [{text}] with format [{}]: [{}]",
            format.text(),
            failure.reason
        );
        Failure::new(Cause::Parse, reason).caused_by(failure)
    })
}

fn apply(math: &str, start_ms: i64, zone: &TimeZone, round_up: bool) -> Result<i64, Failure> {
    let fail = |reason: String| Failure::new(Cause::Parse, reason);
    let too_far = || fail(format!("date math [{math}] leads out of range"));
    let truncated = || fail(format!("truncated date math [{math}]"));
    let mut ms = start_ms;
    let mut letters = math.chars().peekable();
    while let Some(operator) = letters.next() {
        let (round, sign) = match operator {
            '/' => (true, 1),
            '+' => (false, 1),
            '-' => (false, -1),
            _ => {
                return Err(fail(format!(
                    "operator not supported for date math [{math}]"
                )));
            }
        };
        let mut digits = String::new();
        while let Some(digit) = letters.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        let unit = letters.next().ok_or_else(truncated)?;
        let number: i64 = match digits.as_str() {
            "" => 1,
            digits => digits.parse().map_err(|_| too_far())?,
        };
        if round && number != 1 {
            return Err(fail(format!(
                "rounding `/` can only be used on single unit types [{math}]"
            )));
        }
        let span = span(unit, sign * number)
            .ok_or_else(too_far)?
            .ok_or_else(|| {
                fail(format!(
                    "unit [{unit}] not supported for date math [{math}]"
                ))
            })?;
        let stamp = Timestamp::from_millisecond(ms).map_err(|_| too_far())?;
        let local = zone.to_datetime(stamp);
        let moved = if round {
            floor(local, unit)
        } else {
            Some(local)
        };
        let added = match (round, round_up) {
            (true, false) => moved,
            _ => moved.and_then(|moved| moved.checked_add(span).ok()),
        };
        let back = |local: DateTime| {
            let stamp = zone.to_ambiguous_timestamp(local).compatible().ok()?;
            Some(stamp.as_millisecond())
        };
        // Hours and less are counted as time passes, whatever clocks do meanwhile.
        let exact = !round && matches!(unit, 'h' | 'H' | 'm' | 's');
        ms = if exact {
            stamp.checked_add(span).ok().map(Timestamp::as_millisecond)
        } else {
            added.and_then(back)
        }
        .ok_or_else(too_far)?;
        if round && round_up {
            ms -= 1;
        }
    }
    Ok(ms)
}

/// Answers a number of units; none within for a unit that is not known, none at all for a number too large.
#[expect(
    clippy::option_option,
    reason = "two things can be wrong, with messages of their own"
)]
fn span(unit: char, number: i64) -> Option<Option<Span>> {
    let span = Span::new();
    Some(Some(match unit {
        'y' => span.try_years(number).ok()?,
        'M' => span.try_months(number).ok()?,
        'w' => span.try_weeks(number).ok()?,
        'd' => span.try_days(number).ok()?,
        'h' | 'H' => span.try_hours(number).ok()?,
        'm' => span.try_minutes(number).ok()?,
        's' => span.try_seconds(number).ok()?,
        _ => return Some(None),
    }))
}

/// The beginning of the unit around a time.
fn floor(time: DateTime, unit: char) -> Option<DateTime> {
    let midnight = |date: jiff::civil::Date| date.to_datetime(Time::midnight());
    let date = time.date();
    Some(match unit {
        'y' => midnight(date.first_of_year()),
        'M' => midnight(date.first_of_month()),
        'w' => {
            let back = i64::from(date.weekday().since(Weekday::Monday));
            midnight(date.checked_sub(Span::new().days(back)).ok()?)
        }
        'd' => midnight(date),
        'h' | 'H' => date.to_datetime(Time::new(time.hour(), 0, 0, 0).ok()?),
        'm' => date.to_datetime(Time::new(time.hour(), time.minute(), 0, 0).ok()?),
        _ => date.to_datetime(Time::new(time.hour(), time.minute(), time.second(), 0).ok()?),
    })
}
