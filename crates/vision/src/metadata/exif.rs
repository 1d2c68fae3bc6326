//! EXIF (CIPA DC-008): orientation, time, camera and place.

use super::text::{clean, utf8_or_latin1};
use crate::features::{Camera, Location, Metadata};
use exif::{Context, Exif, In, Rational, Reader, Tag, Value};
use std::panic::catch_unwind;

/// The lists of a file.
#[derive(Default)]
struct Lists {
    /// A whole block: the first list and what hangs below it.
    main: Option<Exif>,
    /// The list of EXIF where it stands by itself.
    exif: Option<Exif>,
    /// The list of places where it stands by itself.
    gps: Option<Exif>,
}

/// Reads a block, and the lists of EXIF and of places where a file keeps them apart, each from its TIFF header on.
pub(super) fn read(
    block: Option<&[u8]>,
    exif_list: Option<&[u8]>,
    gps_list: Option<&[u8]>,
) -> Metadata {
    let lists = Lists {
        main: block.and_then(parse),
        exif: exif_list.and_then(parse),
        gps: gps_list.and_then(parse),
    };
    Metadata {
        orientation: orientation(&lists),
        taken: taken(&lists),
        camera: camera(&lists),
        location: location(&lists),
        ..Metadata::default()
    }
}

/// Parses what can be parsed; the rest of a block that is malformed is left out. A panic of the parser, of which none
/// is known, costs the block and not the picture.
fn parse(block: &[u8]) -> Option<Exif> {
    let mut block = block.to_vec();
    // Camera raws of Olympus and Panasonic have a number of their own in the header, and the same lists after it.
    let number = match block.get(..4) {
        Some(b"IIRO" | b"IIRS" | b"IIU\0") => Some(b"*\0"),
        Some(b"MMOR") => Some(b"\0*"),
        _ => None,
    };
    if let (Some(number), Some(place)) = (number, block.get_mut(2..4)) {
        place.copy_from_slice(number);
    }
    let parsed = catch_unwind(|| Reader::new().continue_on_error(true).read_raw(block)).ok()?;
    parsed
        .or_else(|error| error.distill_partial_result(|_| ()))
        .ok()
}

/// A value from where it belongs, else from a list by itself, whose tags the parser takes for those of a first list.
/// Some cameras put EXIF's tags into the first list itself (TIFF/EP, ISO 12234-2), where they mean the same.
fn value(lists: &Lists, tag: Tag) -> Option<&Value> {
    let bare = Tag(Context::Tiff, tag.number());
    let apart = match tag.context() {
        Context::Exif => {
            in_list(lists.exif.as_ref(), bare).or_else(|| in_list(lists.main.as_ref(), bare))
        }
        Context::Gps => in_list(lists.gps.as_ref(), bare),
        _ => None,
    };
    in_list(lists.main.as_ref(), tag).or(apart)
}

fn in_list(list: Option<&Exif>, tag: Tag) -> Option<&Value> {
    list?.get_field(tag, In::PRIMARY).map(|field| &field.value)
}

fn orientation(lists: &Lists) -> u8 {
    value(lists, Tag::Orientation)
        .and_then(|value| value.get_uint(0))
        .and_then(|stored| u8::try_from(stored).ok())
        .filter(|stored| (1..=8).contains(stored))
        .unwrap_or(1)
}

fn text(lists: &Lists, tag: Tag) -> Option<String> {
    match value(lists, tag)? {
        Value::Ascii(lines) => clean(&utf8_or_latin1(lines.first()?)),
        _ => None,
    }
}

fn camera(lists: &Lists) -> Camera {
    let above_zero = |tag| number(value(lists, tag)?).filter(|n| *n > 0.0);
    Camera {
        make: text(lists, Tag::Make),
        model: text(lists, Tag::Model),
        lens: text(lists, Tag::LensModel),
        software: text(lists, Tag::Software),
        artist: text(lists, Tag::Artist),
        copyright: text(lists, Tag::Copyright),
        iso: value(lists, Tag::PhotographicSensitivity)
            .and_then(|value| value.get_uint(0))
            .filter(|iso| *iso > 0),
        f_number: above_zero(Tag::FNumber),
        exposure_time_s: above_zero(Tag::ExposureTime),
        focal_length_mm: above_zero(Tag::FocalLength),
    }
}

/// The first number of a rational value, where it is one.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Rational(all) => all.first().and_then(finite),
        _ => None,
    }
}

fn finite(rational: &Rational) -> Option<f64> {
    Some(rational.to_f64()).filter(|n| n.is_finite())
}

fn taken(lists: &Lists) -> Option<String> {
    let time = local_time(&text(lists, Tag::DateTimeOriginal)?)?;
    let offset = text(lists, Tag::OffsetTimeOriginal)
        .filter(|offset| is_offset(offset))
        .unwrap_or_default();
    Some(time + &offset)
}

/// `YYYY:MM:DD HH:MM:SS` as `YYYY-MM-DDTHH:MM:SS`; none where it is no time, as in a camera whose clock was never set.
fn local_time(text: &str) -> Option<String> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
        all_digits.then(|| digits.parse::<u32>().ok()).flatten()
    };
    let between = |at: usize| text.as_bytes().get(at).copied();
    // A few programs write dashes or a T, which read as what they mean.
    let separated = [
        (4, b":-"),
        (7, b":-"),
        (10, b" T"),
        (13, b"::"),
        (16, b"::"),
    ]
    .iter()
    .all(|(at, allowed)| between(*at).is_some_and(|b| allowed.contains(&b)));
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let valid = separated
        && year >= 1
        && (1..=12).contains(&month)
        && (1..=days(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    valid.then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

/// Days of a month of the Gregorian calendar.
fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether a text is `+HH:MM` or `-HH:MM`, at most 15 hours from UTC.
fn is_offset(text: &str) -> bool {
    let [b'+' | b'-', h1, h0, b':', m1, m0] = text.as_bytes() else {
        return false;
    };
    let digits = [h1, h0, m1, m0].iter().all(|b| b.is_ascii_digit());
    digits && (*h1 == b'0' || (*h1 == b'1' && *h0 <= b'5')) && *m1 <= b'5'
}

fn location(lists: &Lists) -> Option<Location> {
    let latitude = degrees(
        lists,
        Tag::GPSLatitude,
        Tag::GPSLatitudeRef,
        ("N", "S"),
        90.0,
    )?;
    let longitude = degrees(
        lists,
        Tag::GPSLongitude,
        Tag::GPSLongitudeRef,
        ("E", "W"),
        180.0,
    )?;
    let below = value(lists, Tag::GPSAltitudeRef).and_then(|value| value.get_uint(0)) == Some(1);
    let altitude_m = value(lists, Tag::GPSAltitude)
        .and_then(number)
        // Neither below the deepest trench nor above an aeroplane's reach.
        .map(|metres| if below { -metres } else { metres })
        .filter(|metres| (-12_000.0..=100_000.0).contains(metres));
    Some(Location {
        latitude,
        longitude,
        altitude_m,
    })
}

/// Degrees, minutes and seconds as degrees, positive towards the first of `sides`.
fn degrees(lists: &Lists, tag: Tag, side: Tag, sides: (&str, &str), limit: f64) -> Option<f64> {
    let Value::Rational(parts) = value(lists, tag)? else {
        return None;
    };
    let mut degrees = 0.0;
    for (part, unit) in parts.iter().zip([1.0, 60.0, 3600.0]) {
        // Whole seconds are often left out as 0/0.
        match finite(part) {
            Some(n) => degrees += n / unit,
            None if unit > 1.0 => {}
            None => return None,
        }
    }
    let side = text(lists, side)?;
    let signed = if side.eq_ignore_ascii_case(sides.0) {
        degrees
    } else if side.eq_ignore_ascii_case(sides.1) {
        -degrees
    } else {
        return None;
    };
    (!parts.is_empty() && signed.abs() <= limit).then_some(signed)
}
