//! From a point in time to its text.

use super::names;
use super::pattern::{Item, Number, Unit, ZoneStyle};
use jiff::Timestamp;
use jiff::Zoned;
use jiff::tz::TimeZone;
use std::fmt::Write;

/// After so many years the calendar begins anew, on the same day of the week.
const CYCLE_YEARS: i64 = 400;

/// How long that is.
const CYCLE_MS: i64 = 146_097 * 24 * 60 * 60 * 1000;

/// A point in time on some zone's clock.
struct Moment {
    time: Zoned,
    /// How many years later it really is: dates that the clock does not reach are shown by those of another cycle.
    years: i64,
}

/// Prints milliseconds since 1970; none where the zone's clock does not reach.
pub(super) fn print(items: &[Item], ms: i64, zone: &TimeZone) -> Option<String> {
    let (stamp, years) = match Timestamp::from_millisecond(ms) {
        Ok(stamp) => (stamp, 0),
        Err(_) => {
            let stamp = Timestamp::from_millisecond(ms.rem_euclid(CYCLE_MS)).ok()?;
            (stamp, ms.div_euclid(CYCLE_MS) * CYCLE_YEARS)
        }
    };
    let time = stamp.to_zoned(zone.clone());
    let mut out = String::new();
    put(items, &Moment { time, years }, &mut out);
    Some(out)
}

fn put(items: &[Item], moment: &Moment, out: &mut String) {
    let time = &moment.time;
    for item in items {
        match item {
            Item::Number(number) => put_number(*number, moment, out),
            Item::Fraction { width, point, .. } => {
                if *point {
                    out.push('.');
                }
                // There are milliseconds and nothing finer.
                let digits = format!("{:09}", time.subsec_nanosecond());
                out.push_str(digits.get(..*width).unwrap_or(&digits));
            }
            Item::Name { unit, long } => {
                out.push_str(names::name(*unit, *long, value(*unit, moment)))
            }
            Item::HalfOfDay => out.push_str(if time.hour() < 12 { "AM" } else { "PM" }),
            Item::Zone(style) => put_zone(*style, time, out),
            Item::Literal(literal) => out.push_str(literal),
            Item::Optional(items) => put(items, moment, out),
        }
    }
}

fn put_number(number: Number, moment: &Moment, out: &mut String) {
    let value = value(number.unit, moment);
    let is_year = matches!(number.unit, Unit::Year | Unit::YearOfEra | Unit::WeekYear);
    if value < 0 {
        out.push('-');
    } else if is_year && value > 9999 {
        // As Java marks years that are longer than usual.
        out.push('+');
    }
    let (value, width) = (value.unsigned_abs(), number.width);
    // A String takes whatever is written to it.
    let _ = write!(out, "{value:0width$}");
}

fn value(unit: Unit, moment: &Moment) -> i64 {
    let time = &moment.time;
    let year = i64::from(time.year()) + moment.years;
    let hour = i64::from(time.hour());
    match unit {
        Unit::Year => year,
        Unit::YearOfEra if year <= 0 => 1 - year,
        Unit::YearOfEra => year,
        Unit::ShortYear => year.rem_euclid(100),
        Unit::Month => i64::from(time.month()),
        Unit::Day => i64::from(time.day()),
        Unit::DayOfYear => i64::from(time.day_of_year()),
        Unit::WeekYear => i64::from(time.date().iso_week_date().year()) + moment.years,
        Unit::Week => i64::from(time.date().iso_week_date().week()),
        Unit::Weekday => i64::from(time.weekday().to_monday_one_offset()),
        Unit::SundayWeekday => i64::from(time.weekday().to_sunday_one_offset()),
        Unit::Hour => hour,
        Unit::HourFromOne => (hour + 23) % 24 + 1,
        Unit::Hour12 => (hour + 11) % 12 + 1,
        Unit::Hour12FromZero => hour % 12,
        Unit::Minute => i64::from(time.minute()),
        Unit::Second => i64::from(time.second()),
    }
}

fn put_zone(style: ZoneStyle, time: &Zoned, out: &mut String) {
    let seconds = time.offset().seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let zulu = match style {
        ZoneStyle::Any | ZoneStyle::Name => true,
        ZoneStyle::Colon { zulu } | ZoneStyle::Plain { zulu } | ZoneStyle::Short { zulu } => zulu,
    };
    let text = match style {
        ZoneStyle::Name
            if time
                .time_zone()
                .iana_name()
                .is_some_and(|name| name != "UTC") =>
        {
            time.time_zone().iana_name().unwrap_or_default().to_owned()
        }
        _ if zulu && seconds == 0 => "Z".to_owned(),
        ZoneStyle::Plain { .. } => format!("{sign}{hours:02}{minutes:02}"),
        ZoneStyle::Short { .. } if minutes == 0 => format!("{sign}{hours:02}"),
        ZoneStyle::Short { .. } => format!("{sign}{hours:02}{minutes:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}"),
    };
    out.push_str(&text);
}
