//! Months and days of the week by name, in English.

use super::pattern::Unit;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

fn names(unit: Unit) -> &'static [&'static str] {
    match unit {
        Unit::Month => &MONTHS,
        _ => &DAYS,
    }
}

fn short(name: &'static str) -> &'static str {
    name.get(..3).unwrap_or(name)
}

/// Answers the number of the name that a text starts with, from 1, and the name's length.
pub(super) fn find(unit: Unit, long: bool, text: &str) -> Option<(i64, usize)> {
    let names = names(unit)
        .iter()
        .map(|name| if long { name } else { short(name) });
    (1..)
        .zip(names)
        .find(|(_, name)| text.starts_with(name))
        .map(|(number, name)| (number, name.len()))
}

/// Answers the name of a number from 1.
pub(super) fn name(unit: Unit, long: bool, number: i64) -> &'static str {
    let at = usize::try_from(number - 1).ok();
    match at.and_then(|at| names(unit).get(at)) {
        Some(name) if long => name,
        Some(name) => short(name),
        None => "",
    }
}
