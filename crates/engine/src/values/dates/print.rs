//! From a point in time to its text.

use super::names;
use super::pattern::{Item, Number, Unit, ZoneStyle};
use jiff::Timestamp;
use jiff::Zoned;
use jiff::tz::TimeZone;
use std::fmt::Write;

/// Prints milliseconds since 1970; none when they are outside of the years -9999 to 9999.
pub(super) fn print(items: &[Item], ms: i64, zone: &TimeZone) -> Option<String> {
    let time = Timestamp::from_millisecond(ms).ok()?.to_zoned(zone.clone());
    let mut out = String::new();
    put(items, &time, &mut out);
    Some(out)
}

fn put(items: &[Item], time: &Zoned, out: &mut String) {
    for item in items {
        match item {
            Item::Number(number) => put_number(*number, time, out),
            Item::Fraction { width, point, .. } => {
                if *point {
                    out.push('.');
                }
                // There are milliseconds and nothing finer.
                let digits = format!("{:09}", time.subsec_nanosecond());
                out.push_str(digits.get(..*width).unwrap_or(&digits));
            }
            Item::Name { unit, long } => {
                out.push_str(names::name(*unit, *long, value(*unit, time)))
            }
            Item::HalfOfDay => out.push_str(if time.hour() < 12 { "AM" } else { "PM" }),
            Item::Zone(style) => put_zone(*style, time, out),
            Item::Literal(literal) => out.push_str(literal),
            Item::Optional(items) => put(items, time, out),
        }
    }
}

fn put_number(number: Number, time: &Zoned, out: &mut String) {
    let value = value(number.unit, time);
    if value < 0 {
        out.push('-');
    }
    let (value, width) = (value.unsigned_abs(), number.width);
    // A String takes whatever is written to it.
    let _ = write!(out, "{value:0width$}");
}

fn value(unit: Unit, time: &Zoned) -> i64 {
    let year = i64::from(time.year());
    let hour = i64::from(time.hour());
    match unit {
        Unit::Year => year,
        Unit::YearOfEra if year <= 0 => 1 - year,
        Unit::YearOfEra => year,
        Unit::ShortYear => year.rem_euclid(100),
        Unit::Month => i64::from(time.month()),
        Unit::Day => i64::from(time.day()),
        Unit::DayOfYear => i64::from(time.day_of_year()),
        Unit::WeekYear => i64::from(time.date().iso_week_date().year()),
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
