//! Numbers, dates and booleans as text, and back.

use super::decimal::DecimalFormat;
use crate::error::Result;
use crate::values::{DateFormat, date_math, ip_key, ip_text};
use document::{Cause, Failure};
use jiff::tz::TimeZone;

/// How a field's values are written and read.
#[derive(Debug, Clone)]
pub(super) enum Format {
    /// As numbers; answers have no texts beside them.
    Raw,
    Boolean,
    /// Texts are keys of addresses of the internet.
    Addresses,
    Decimal(DecimalFormat),
    Date(Dates),
}

/// How dates are written and read.
#[derive(Debug, Clone)]
pub(super) struct Dates {
    pub(super) format: DateFormat,
    pub(super) zone: TimeZone,
    /// The moment that `now` names.
    pub(super) now_ms: i64,
}

impl Format {
    /// Writes a number; none where answers have no texts.
    pub(super) fn text(&self, number: f64) -> Option<String> {
        match self {
            Self::Raw | Self::Addresses => None,
            Self::Boolean => Some((number != 0.0).to_string()),
            Self::Decimal(format) => Some(format.text(number)),
            Self::Date(dates) => Some(dates.print(number as i64)),
        }
    }

    /// Writes a whole number.
    pub(super) fn whole(&self, number: i64) -> Option<String> {
        match self {
            Self::Decimal(format) => Some(format.whole(number)),
            Self::Date(dates) => Some(dates.print(number)),
            format => format.text(number as f64),
        }
    }

    /// Reads a number as requests write it.
    ///
    /// # Errors
    /// When it is none, in Elasticsearch's words.
    pub(super) fn read(&self, text: &str) -> Result<f64> {
        match self {
            Self::Boolean => Ok(f64::from(u8::from(read_boolean(text)?))),
            Self::Date(dates) => Ok(dates.read(text)? as f64),
            Self::Raw | Self::Addresses | Self::Decimal(_) => read_number(text),
        }
    }

    /// Reads a whole number; a fraction is cut off.
    ///
    /// # Errors
    /// When it is none, in Elasticsearch's words.
    pub(super) fn read_whole(&self, text: &str) -> Result<i64> {
        match self {
            Self::Boolean => Ok(i64::from(read_boolean(text)?)),
            Self::Date(dates) => dates.read(text),
            // Whole numbers are read as such, so that none is lost past 2^53.
            Self::Raw | Self::Addresses | Self::Decimal(_) => match text.parse() {
                Ok(whole) => Ok(whole),
                Err(_) => Ok(read_number(text)? as i64),
            },
        }
    }
}

impl Format {
    /// Answers a text as a column of texts keeps it.
    ///
    /// # Errors
    /// When it is none, in Elasticsearch's words.
    pub(super) fn read_text(&self, text: &str) -> Result<String> {
        match self {
            Self::Addresses => Ok(ip_key(text).map_err(Failure::illegal_argument)?),
            _ => Ok(text.to_owned()),
        }
    }

    /// Answers a text of a column as it is shown.
    pub(super) fn show_text(&self, text: String) -> String {
        match self {
            Self::Addresses => ip_text(&text),
            _ => text,
        }
    }
}

impl Dates {
    pub(super) fn print(&self, ms: i64) -> String {
        self.format.print(ms, &self.zone)
    }

    /// Reads a date, with date math.
    pub(super) fn read(&self, text: &str) -> Result<i64> {
        Ok(date_math(
            &self.format,
            text,
            self.now_ms,
            &self.zone,
            false,
        )?)
    }
}

fn read_boolean(text: &str) -> Result<bool> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        // Numbers stand for booleans where a request has one, as they do in the column.
        text => match text.parse::<f64>() {
            Ok(number) => Ok(number != 0.0),
            Err(_) => Err(Failure::illegal_argument(format!(
                "Cannot parse boolean [{text}], expected either [true] or [false]"
            ))
            .into()),
        },
    }
}

fn read_number(text: &str) -> Result<f64> {
    let trimmed = text.trim();
    let number = match trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed) {
        // Java knows these two by these names alone.
        "NaN" => Some(f64::NAN),
        "Infinity" if trimmed.starts_with('-') => Some(f64::NEG_INFINITY),
        "Infinity" => Some(f64::INFINITY),
        digits if digits.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.') => {
            trimmed.parse().ok()
        }
        _ => None,
    };
    number.ok_or_else(|| {
        let reason = match trimmed {
            "" => "empty String".to_owned(),
            _ => format!("For input string: \"{text}\""),
        };
        Failure::new(Cause::NumberFormat, reason).into()
    })
}
