//! Points on the earth in every form that Elasticsearch reads.

use super::number::{java_double, java_parse};
use document::{Cause, Failure};
use serde_json::{Map, Value};

type Result<T> = std::result::Result<T, Failure>;

/// Latitude and longitude in degrees.
pub(crate) type Point = (f64, f64);

fn parse_failure(reason: impl Into<String>) -> Failure {
    Failure::new(Cause::Parsing, reason)
}

/// Reads a point in any of its forms; none for what is none.
pub(crate) fn read(value: &Value) -> Option<Point> {
    match value {
        Value::Array(numbers) => pair(numbers).ok(),
        value => point(value).ok(),
    }
}

/// Reads a point that is no array: an object, `lat,lon`, `POINT (lon lat)` or a geohash.
pub(super) fn point(value: &Value) -> Result<Point> {
    match value {
        Value::Object(members) => object(members),
        Value::String(text) => string(text),
        _ => Err(parse_failure("geo_point expected")),
    }
}

/// Reads an array of numbers: longitude first, as GeoJSON has it.
pub(super) fn pair(numbers: &[Value]) -> Result<Point> {
    match numbers {
        [longitude, latitude] | [longitude, latitude, _] => Ok((
            coordinate("latitude", latitude)?,
            coordinate("longitude", longitude)?,
        )),
        _ if numbers.len() < 2 => Err(parse_failure(
            "Current token (END_ARRAY) not numeric, can not use numeric value accessors",
        )),
        _ => Err(parse_failure(
            "[geo_point] field type does not accept more than 3 values",
        )),
    }
}

/// Makes sure that a point is on the earth; `field` is named in the error.
pub(super) fn check((latitude, longitude): Point, field: &str) -> Result<Point> {
    let illegal = |name: &str, value: f64| {
        Failure::illegal_argument(format!(
            "illegal {name} value [{}] for {field}",
            java_double(value)
        ))
    };
    if !(-90.0..=90.0).contains(&latitude) {
        return Err(illegal("latitude", latitude));
    }
    if !(-180.0..=180.0).contains(&longitude) {
        return Err(illegal("longitude", longitude));
    }
    Ok((latitude, longitude))
}

fn coordinate(name: &str, value: &Value) -> Result<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            return java_parse(text).ok_or_else(|| {
                parse_failure(format!("[{name}] must be a valid double value")).caused_by(
                    Failure::new(Cause::NumberFormat, format!("For input string: \"{text}\"")),
                )
            });
        }
        _ => None,
    };
    number.ok_or_else(|| parse_failure(format!("{name} must be a number")))
}

fn object(members: &Map<String, Value>) -> Result<Point> {
    const KNOWN: [&str; 5] = ["lon", "lat", "z", "type", "coordinates"];
    if let Some(name) = members.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(parse_failure(format!(
            "field [{name}] not supported - must be one of: {}",
            KNOWN.join(", ")
        )));
    }
    if let Some(coordinates) = members.get("coordinates") {
        let is_point = members
            .get("type")
            .and_then(Value::as_str)
            .is_some_and(|kind| kind.eq_ignore_ascii_case("point"));
        if !is_point {
            return Err(parse_failure("[type] for geo_point can only be 'point'"));
        }
        return match coordinates.as_array() {
            Some(numbers) => pair(numbers),
            None => Err(parse_failure("[coordinates] must be an array")),
        };
    }
    match (members.get("lat"), members.get("lon")) {
        (Some(latitude), Some(longitude)) => Ok((
            coordinate("latitude", latitude)?,
            coordinate("longitude", longitude)?,
        )),
        (Some(_), None) => Err(parse_failure("Required [lon]")),
        (None, Some(_)) => Err(parse_failure("Required [lat]")),
        (None, None) => Err(parse_failure(
            "field must be either lat/lon, geohash string or type/coordinates",
        )),
    }
}

fn string(text: &str) -> Result<Point> {
    if text.to_ascii_lowercase().contains("point") {
        return well_known(text);
    }
    if text.contains(',') {
        let parts: Vec<&str> = text.split(',').collect();
        return match parts.as_slice() {
            [latitude, longitude] | [latitude, longitude, _] => {
                let number = |name: &str, text: &str| {
                    java_parse(text)
                        .ok_or_else(|| parse_failure(format!("{name} must be a number")))
                };
                Ok((
                    number("latitude", latitude)?,
                    number("longitude", longitude)?,
                ))
            }
            _ => Err(parse_failure(format!(
                "failed to parse [{text}], expected 2 or 3 coordinates but found: [{}]",
                parts.len()
            ))),
        };
    }
    geohash(text)
}

fn well_known(text: &str) -> Result<Point> {
    let invalid =
        |reason: String| parse_failure("Invalid WKT format").caused_by(parse_failure(reason));
    let rest = text.trim();
    let Some((name, rest)) = rest.split_at_checked(5) else {
        return Err(invalid("expected a point".to_owned()));
    };
    if !name.eq_ignore_ascii_case("point") {
        return Err(invalid(format!("Unknown geometry type: {name}")));
    }
    let inner = rest
        .trim_start()
        .strip_prefix('(')
        .and_then(|rest| rest.trim_end().strip_suffix(')'))
        .ok_or_else(|| invalid("expected (longitude latitude)".to_owned()))?;
    let numbers: Vec<&str> = inner.split_whitespace().collect();
    match numbers.as_slice() {
        [longitude, latitude] | [longitude, latitude, _] => {
            let number = |text: &&str| {
                java_parse(text)
                    .ok_or_else(|| invalid(format!("expected number but found: '{text}'")))
            };
            Ok((number(latitude)?, number(longitude)?))
        }
        _ => Err(invalid("expected number but found: ')'".to_owned())),
    }
}

/// The south-western corner of the rectangle that a geohash names, which is what Elasticsearch takes for the point.
fn geohash(text: &str) -> Result<Point> {
    const SYMBOLS: &str = "0123456789bcdefghjkmnpqrstuvwxyz";
    /// More letters name less than a millimetre.
    const MAX_LETTERS: usize = 24;
    let fail =
        |reason: String| parse_failure(reason.clone()).caused_by(Failure::illegal_argument(reason));
    if text.is_empty() {
        return Err(fail("empty geohash".to_owned()));
    }
    let (mut latitude, mut longitude) = ((-90.0, 90.0), (-180.0, 180.0));
    let mut is_longitude = true;
    for letter in text.chars() {
        let symbol = SYMBOLS
            .find(letter)
            .ok_or_else(|| fail(format!("unsupported symbol [{letter}] in geohash [{text}]")))?;
        for bit in (0..5).rev() {
            let range = if is_longitude {
                &mut longitude
            } else {
                &mut latitude
            };
            let middle = (range.0 + range.1) / 2.0;
            if symbol >> bit & 1 == 1 {
                range.0 = middle;
            } else {
                range.1 = middle;
            }
            is_longitude = !is_longitude;
        }
    }
    if text.len() > MAX_LETTERS {
        return Err(fail(format!(
            "geohash [{text}] is longer than {MAX_LETTERS} letters"
        )));
    }
    Ok((latitude.0, longitude.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn points_are_read_in_every_form() {
        for value in [
            json!({"lat": 1, "lon": 2}),
            json!({"lat": "1", "lon": 2.0, "z": 5}),
            json!({"type": "Point", "coordinates": [2, 1]}),
            json!("1,2"),
            json!("1, 2,3"),
            json!("POINT(2 1)"),
            json!("point (2 1 7)"),
        ] {
            assert_eq!(point(&value), Ok((1.0, 2.0)), "{value}");
        }
        assert_eq!(pair(&[json!(2), json!("1")]), Ok((1.0, 2.0)));
        assert_eq!(point(&json!("here")), Ok((-71.19140625, 33.046875)));
        let (latitude, longitude) = point(&json!("u4pruydqqvj")).unwrap();
        assert!((latitude - 57.64911).abs() < 1e-5 && (longitude - 10.40744).abs() < 1e-5);
    }

    #[test]
    fn what_is_no_point_is_told_in_the_words_of_elasticsearch() {
        for (value, reason) in [
            (json!("abc"), "unsupported symbol [a] in geohash [abc]"),
            (json!(""), "empty geohash"),
            (json!({"lat": 1}), "Required [lon]"),
            (
                json!({"lat": "a", "lon": 0}),
                "[latitude] must be a valid double value",
            ),
            (
                json!({"geohash": "u"}),
                "field [geohash] not supported - must be one of: lon, lat, z, type, coordinates",
            ),
            (
                json!({}),
                "field must be either lat/lon, geohash string or type/coordinates",
            ),
            (json!("POINT(1)"), "Invalid WKT format"),
            (json!("LINESTRING(1 2,3 4)"), "latitude must be a number"),
            (json!(5), "geo_point expected"),
        ] {
            assert_eq!(point(&value).unwrap_err().reason, reason, "{value}");
        }
        let reason = |point| check(point, "g").unwrap_err().reason;
        assert_eq!(reason((91.0, 0.0)), "illegal latitude value [91.0] for g");
        assert_eq!(
            reason((0.0, 200.0)),
            "illegal longitude value [200.0] for g"
        );
        assert!(check((f64::NAN, 0.0), "g").is_err());
        assert!(pair(&[json!(1)]).is_err());
    }
}
