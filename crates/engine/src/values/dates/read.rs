//! From a text to the point in time that it names.

use super::names;
use super::pattern::{Item, Number, Unit};
use jiff::civil::{Date, ISOWeekDate, Time, Weekday};
use jiff::tz::TimeZone;

/// The numbers that a text named.
#[derive(Debug, Clone, Default)]
struct Found {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    week_year: Option<i64>,
    week: Option<i64>,
    weekday: Option<i64>,
    hour: Option<i64>,
    hour12: Option<i64>,
    afternoon: Option<bool>,
    minute: Option<i64>,
    second: Option<i64>,
    nanos: Option<i64>,
    zone: Option<TimeZone>,
}

/// Reads the whole of a text. What it leaves out is the first of its kind (January, midnight), of a time the last
/// one when `round_up` says so. Milliseconds since 1970; none when the text does not fit.
pub(super) fn read(items: &[Item], text: &str, zone: &TimeZone, round_up: bool) -> Option<i64> {
    let mut found = Found::default();
    let rest = take(items, text, &mut found)?;
    if !rest.is_empty() {
        return None;
    }
    found.resolve(zone, round_up)
}

fn take<'a>(items: &[Item], mut text: &'a str, found: &mut Found) -> Option<&'a str> {
    for (at, item) in items.iter().enumerate() {
        text = match item {
            Item::Number(number) => take_number(*number, items.get(at + 1..)?, text, found)?,
            Item::Fraction {
                min, max, point, ..
            } => fraction((*min, *max, *point), text, found)?,
            Item::Name { unit, long } => {
                let (number, length) = names::find(*unit, *long, text)?;
                found.set(*unit, number)?;
                text.get(length..)?
            }
            Item::HalfOfDay => {
                let (afternoon, rest) = match text.split_at_checked(2)? {
                    ("AM", rest) => (false, rest),
                    ("PM", rest) => (true, rest),
                    _ => return None,
                };
                found.afternoon = Some(afternoon);
                rest
            }
            Item::Zone(_) => {
                let (zone, rest) = document::take_time_zone(text)?;
                found.zone = Some(zone);
                rest
            }
            Item::Literal(literal) => text.strip_prefix(literal.as_str())?,
            Item::Optional(items) => {
                let mut tried = found.clone();
                match take(items, text, &mut tried) {
                    Some(rest) => {
                        *found = tried;
                        rest
                    }
                    None => text,
                }
            }
        };
    }
    Some(text)
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn take_number<'a>(
    number: Number,
    after: &[Item],
    text: &'a str,
    found: &mut Found,
) -> Option<&'a str> {
    let is_year = matches!(number.unit, Unit::Year | Unit::WeekYear);
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) if is_year => (true, rest),
        _ => (false, text),
    };
    // Numbers that follow at once keep their digits.
    let reserved: usize = after
        .iter()
        .map_while(|item| match item {
            Item::Number(next) if next.min == next.max => Some(next.min),
            _ => None,
        })
        .sum();
    let run = digits(unsigned);
    let length = if number.min == number.max {
        number.max
    } else {
        run.saturating_sub(reserved).min(number.max)
    };
    if length < number.min || length > run {
        return None;
    }
    let (digits, rest) = unsigned.split_at_checked(length)?;
    let value: i64 = digits.parse().ok()?;
    found.set(number.unit, if negative { -value } else { value })?;
    Some(rest)
}

fn fraction<'a>(
    (min, max, point): (usize, usize, bool),
    text: &'a str,
    found: &mut Found,
) -> Option<&'a str> {
    let text = match (point, text.strip_prefix(['.', ','])) {
        (true, Some(rest)) => rest,
        (true, None) => return Some(text),
        (false, _) => text,
    };
    let length = digits(text).min(max);
    if length < min {
        return None;
    }
    let (digits, rest) = text.split_at_checked(length)?;
    found.nanos = Some(format!("{digits:0<9}").parse().ok()?);
    Some(rest)
}

impl Found {
    /// Notes a number; none when another was noted before it.
    fn set(&mut self, unit: Unit, value: i64) -> Option<()> {
        let (place, value) = match unit {
            Unit::Year | Unit::YearOfEra => (&mut self.year, value),
            Unit::ShortYear => (&mut self.year, 2000 + value),
            Unit::Month => (&mut self.month, value),
            Unit::Day => (&mut self.day, value),
            Unit::DayOfYear => (&mut self.day_of_year, value),
            Unit::WeekYear => (&mut self.week_year, value),
            Unit::Week => (&mut self.week, value),
            Unit::Weekday => (&mut self.weekday, value),
            Unit::SundayWeekday => (&mut self.weekday, (value + 5) % 7 + 1),
            Unit::Hour => (&mut self.hour, value),
            Unit::HourFromOne => (&mut self.hour, value % 24),
            Unit::Hour12 => (&mut self.hour12, value % 12),
            Unit::Hour12FromZero => (&mut self.hour12, value),
            Unit::Minute => (&mut self.minute, value),
            Unit::Second => (&mut self.second, value),
        };
        if place.is_some_and(|before| before != value) {
            return None;
        }
        *place = Some(value);
        Some(())
    }

    fn resolve(&self, zone: &TimeZone, round_up: bool) -> Option<i64> {
        let date = self.date()?;
        let hour = match (self.hour, self.hour12) {
            (Some(hour), _) => Some(hour),
            (None, Some(hour)) => Some(hour + if self.afternoon? { 12 } else { 0 }),
            (None, None) => None,
        };
        let or = |number: Option<i64>, last: i64| number.unwrap_or(if round_up { last } else { 0 });
        let time = Time::new(
            i8::try_from(or(hour, 23)).ok()?,
            i8::try_from(or(self.minute, 59)).ok()?,
            i8::try_from(or(self.second, 59)).ok()?,
            i32::try_from(or(self.nanos, 999_999_999)).ok()?,
        )
        .ok()?;
        let zone = self.zone.as_ref().unwrap_or(zone);
        let stamp = zone.to_ambiguous_timestamp(date.to_datetime(time));
        let nanos = stamp.compatible().ok()?.as_nanosecond();
        i64::try_from(nanos.div_euclid(1_000_000)).ok()
    }

    fn date(&self) -> Option<Date> {
        let small = |number: i64| i8::try_from(number).ok();
        if let Some(year) = self.week_year {
            let weekday = match self.weekday {
                Some(weekday) => Weekday::from_monday_one_offset(small(weekday)?).ok()?,
                None => Weekday::Monday,
            };
            let week = small(self.week.unwrap_or(1))?;
            let date = ISOWeekDate::new(i16::try_from(year).ok()?, week, weekday).ok()?;
            return Some(date.date());
        }
        let year = i16::try_from(self.year.unwrap_or(1970)).ok()?;
        let date = match self.day_of_year {
            Some(day) => Date::new(year, 1, 1)
                .ok()?
                .with()
                .day_of_year(i16::try_from(day).ok()?)
                .build()
                .ok()?,
            None => Date::new(
                year,
                small(self.month.unwrap_or(1))?,
                small(self.day.unwrap_or(1))?,
            )
            .ok()?,
        };
        let fits = self
            .weekday
            .is_none_or(|weekday| i64::from(date.weekday().to_monday_one_offset()) == weekday);
        fits.then_some(date)
    }
}
