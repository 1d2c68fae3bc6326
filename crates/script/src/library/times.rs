//! Dates, instants and places.

use super::{Method, argument, double, wrong_type};
use crate::date::{Calendar, calendar, iso_date};
use crate::source::Raise;
use crate::types::{Class, Type};
use crate::value::Value;

const DATE: Type = Type::Class(Class::ZonedDateTime);
const INSTANT: Type = Type::Class(Class::Instant);

pub(super) const METHODS: &[Method] = &[
    Method::of(
        Class::ZonedDateTime,
        "toInstant",
        &[],
        INSTANT,
        |_, this, _| Ok(Value::Instant(millis(this)?)),
    ),
    // Elasticsearch 7 has it, later ones do not; old scripts use it.
    Method::of(
        Class::ZonedDateTime,
        "getMillis",
        &[],
        Type::Long,
        |_, this, _| Ok(Value::Long(millis(this)?)),
    ),
    Method::of(
        Class::ZonedDateTime,
        "toEpochSecond",
        &[],
        Type::Long,
        |_, this, _| Ok(Value::Long(millis(this)?.div_euclid(1000))),
    ),
    part("getYear", |_, this, _| int(this, |at| at.year)),
    part("getMonthValue", |_, this, _| int(this, |at| at.month)),
    part("getDayOfMonth", |_, this, _| int(this, |at| at.day)),
    part("getDayOfYear", |_, this, _| int(this, |at| at.day_of_year)),
    part("getHour", |_, this, _| int(this, |at| at.hour)),
    part("getMinute", |_, this, _| int(this, |at| at.minute)),
    part("getSecond", |_, this, _| int(this, |at| at.second)),
    part("getNano", |_, this, _| int(this, |at| at.milli * 1_000_000)),
    Method::of(
        Class::ZonedDateTime,
        "getDayOfWeek",
        &[],
        Type::Def,
        |_, this, _| {
            const NAMES: [&str; 7] = [
                "MONDAY",
                "TUESDAY",
                "WEDNESDAY",
                "THURSDAY",
                "FRIDAY",
                "SATURDAY",
                "SUNDAY",
            ];
            let day = calendar(millis(this)?).day_of_week - 1;
            let name = usize::try_from(day).ok().and_then(|day| NAMES.get(day));
            Ok(Value::text(*name.unwrap_or(&"MONDAY")))
        },
    ),
    Method::of(
        Class::ZonedDateTime,
        "isBefore",
        &[DATE],
        Type::Boolean,
        |_, this, arguments| Ok(Value::Bool(millis(this)? < millis(argument(arguments, 0))?)),
    ),
    Method::of(
        Class::ZonedDateTime,
        "isAfter",
        &[DATE],
        Type::Boolean,
        |_, this, arguments| Ok(Value::Bool(millis(this)? > millis(argument(arguments, 0))?)),
    ),
    Method::of(
        Class::ZonedDateTime,
        "isEqual",
        &[DATE],
        Type::Boolean,
        |_, this, arguments| {
            Ok(Value::Bool(
                millis(this)? == millis(argument(arguments, 0))?,
            ))
        },
    ),
    Method::of(
        Class::ZonedDateTime,
        "toString",
        &[],
        Type::STRING,
        |_, this, _| Ok(Value::text(iso_date(millis(this)?))),
    ),
    Method::of(
        Class::Instant,
        "toEpochMilli",
        &[],
        Type::Long,
        |_, this, _| Ok(Value::Long(millis(this)?)),
    ),
    Method::of(
        Class::Instant,
        "getEpochSecond",
        &[],
        Type::Long,
        |_, this, _| Ok(Value::Long(millis(this)?.div_euclid(1000))),
    ),
    Method::of(
        Class::GeoPoint,
        "getLat",
        &[],
        Type::Double,
        |_, this, _| Ok(Value::Double(point(this)?.0)),
    ),
    Method::of(
        Class::GeoPoint,
        "getLon",
        &[],
        Type::Double,
        |_, this, _| Ok(Value::Double(point(this)?.1)),
    ),
    Method::of(
        Class::GeoPoint,
        "arcDistance",
        &[Type::Double, Type::Double],
        Type::Double,
        |_, this, arguments| {
            let to = (double(arguments, 0), double(arguments, 1));
            Ok(Value::Double(arc_distance_m(point(this)?, to)))
        },
    ),
];

const fn part(name: &'static str, run: super::Run) -> Method {
    Method::of(Class::ZonedDateTime, name, &[], Type::Int, run)
}

fn int(this: &Value, part: fn(&Calendar) -> i64) -> Result<Value, Raise> {
    Ok(Value::Int(part(&calendar(millis(this)?)) as i32))
}

fn millis(value: &Value) -> Result<i64, Raise> {
    match value {
        Value::Date(millis) | Value::Instant(millis) => Ok(*millis),
        other => Err(wrong_type(other, "java.time.ZonedDateTime")),
    }
}

fn point(value: &Value) -> Result<(f64, f64), Raise> {
    match value {
        Value::Point(latitude, longitude) => Ok((*latitude, *longitude)),
        other => Err(wrong_type(other, "org.elasticsearch.common.geo.GeoPoint")),
    }
}

/// The distance of two places on a sphere of the Earth's mean radius, in metres.
pub(super) fn arc_distance_m(from: (f64, f64), to: (f64, f64)) -> f64 {
    const RADIUS_M: f64 = 6_371_008.771_4;
    let half = |from: f64, to: f64| (0.5 * (to - from).to_radians()).sin();
    let (across, along) = (half(from.0, to.0), half(from.1, to.1));
    let chord =
        across * across + from.0.to_radians().cos() * to.0.to_radians().cos() * along * along;
    2.0 * RADIUS_M * chord.sqrt().min(1.0).asin()
}
