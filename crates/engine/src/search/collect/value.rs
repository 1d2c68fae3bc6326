//! Sort values: how they are compared, and how they lie in columns.

use document::FieldKind;
use query::SortValue;
use std::cmp::Ordering;

/// Compares two values that are not null; numbers of any type with each other, and before texts.
pub(super) fn compare(a: &SortValue, b: &SortValue) -> Ordering {
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => return a.cmp(&b),
        _ => {
            if let (Some(a), Some(b)) = (number(a), number(b)) {
                return a.total_cmp(&b);
            }
        }
    }
    match (a, b) {
        (SortValue::Text(a), SortValue::Text(b)) => a.cmp(b),
        (SortValue::Text(_), _) => Ordering::Greater,
        (_, SortValue::Text(_)) => Ordering::Less,
        _ => Ordering::Equal,
    }
}

fn whole(value: &SortValue) -> Option<i128> {
    match value {
        SortValue::Long(number) => Some(i128::from(*number)),
        SortValue::UnsignedLong(number) => Some(i128::from(*number)),
        SortValue::Boolean(value) => Some(i128::from(*value)),
        _ => None,
    }
}

fn number(value: &SortValue) -> Option<f64> {
    match value {
        SortValue::Double(number) => Some(*number),
        SortValue::Long(number) => Some(*number as f64),
        SortValue::UnsignedLong(number) => Some(*number as f64),
        SortValue::Boolean(value) => Some(f64::from(u8::from(*value))),
        _ => None,
    }
}

/// How the values of a column are written as numbers of 64 bits in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// Whole numbers with a sign.
    Long,
    /// Whole numbers without a sign.
    Unsigned,
    /// Numbers with a fraction.
    Double,
    /// Numbers with a fraction that have 32 bits; answered with as few digits as name them.
    Float,
}

impl Scale {
    /// How a field's values are written; none for a field that does not hold numbers.
    pub(super) fn of(kind: &FieldKind) -> Option<Self> {
        match kind {
            FieldKind::Long
            | FieldKind::Integer
            | FieldKind::Short
            | FieldKind::Byte
            | FieldKind::Boolean
            | FieldKind::Date => Some(Self::Long),
            FieldKind::UnsignedLong => Some(Self::Unsigned),
            FieldKind::Double | FieldKind::ScaledFloat => Some(Self::Double),
            FieldKind::Float | FieldKind::HalfFloat => Some(Self::Float),
            _ => None,
        }
    }

    /// Answers the number behind a place in the order.
    pub(super) fn value(self, place: u64) -> SortValue {
        match self {
            Self::Long => SortValue::Long(tantivy::u64_to_i64(place)),
            Self::Unsigned => SortValue::UnsignedLong(place),
            Self::Double => SortValue::Double(tantivy::u64_to_f64(place)),
            Self::Float => SortValue::Double(shortest(tantivy::u64_to_f64(place) as f32)),
        }
    }

    /// Answers the place of a number in the order; none for a value that is no such number.
    pub(super) fn place(self, value: &SortValue) -> Option<u64> {
        match self {
            Self::Long => Some(tantivy::i64_to_u64(match value {
                SortValue::Double(number) => *number as i64,
                SortValue::Text(text) => text.parse().ok()?,
                other => i64::try_from(whole(other)?).ok()?,
            })),
            Self::Unsigned => match value {
                SortValue::Double(number) => Some(*number as u64),
                SortValue::Text(text) => text.parse().ok(),
                other => u64::try_from(whole(other)?).ok(),
            },
            Self::Double | Self::Float => {
                let number = match value {
                    SortValue::Text(text) => match text.as_str() {
                        "Infinity" => f64::INFINITY,
                        "-Infinity" => f64::NEG_INFINITY,
                        text => text.parse().ok()?,
                    },
                    other => number(other)?,
                };
                let number = match self {
                    Self::Float => f64::from(number as f32),
                    _ => number,
                };
                Some(tantivy::f64_to_u64(number))
            }
        }
    }

    /// Answers the place of a number in the order of another scale.
    pub(super) fn turned(self, place: u64, other: Self) -> u64 {
        match (self, other) {
            (own, other) if own == other => place,
            (Self::Long | Self::Unsigned, Self::Double | Self::Float) => {
                tantivy::f64_to_u64(match self {
                    Self::Unsigned => place as f64,
                    _ => tantivy::u64_to_i64(place) as f64,
                })
            }
            (Self::Double | Self::Float, Self::Long) => {
                tantivy::i64_to_u64(tantivy::u64_to_f64(place) as i64)
            }
            (Self::Unsigned, Self::Long) => {
                tantivy::i64_to_u64(i64::try_from(place).unwrap_or(i64::MAX))
            }
            // Both hold doubles; fields are never compared as numbers without a sign.
            _ => place,
        }
    }

    /// Answers one number of several: their sum, mean or median.
    pub(super) fn summed(self, places: &mut [u64], summary: Summary) -> u64 {
        places.sort_unstable();
        let middle = places.len() / 2;
        match self {
            Self::Long | Self::Unsigned => {
                let number = |place: u64| match self {
                    Self::Long => i128::from(tantivy::u64_to_i64(place)),
                    _ => i128::from(place),
                };
                let sum: i128 = places.iter().map(|place| number(*place)).sum();
                let rounded = |number: f64| (number + 0.5).floor() as i128;
                let result = match summary {
                    Summary::Sum => sum,
                    Summary::Avg => rounded(sum as f64 / places.len() as f64),
                    Summary::Median if places.len().is_multiple_of(2) => {
                        let (low, high) = (number(places[middle - 1]), number(places[middle]));
                        rounded((low as f64 + high as f64) / 2.0)
                    }
                    Summary::Median => number(places[middle]),
                };
                match self {
                    Self::Long => tantivy::i64_to_u64(result as i64),
                    _ => result as u64,
                }
            }
            Self::Double | Self::Float => {
                let numbers = places.iter().map(|place| tantivy::u64_to_f64(*place));
                let sum: f64 = numbers.sum();
                let result = match summary {
                    Summary::Sum => sum,
                    Summary::Avg => sum / places.len() as f64,
                    Summary::Median if places.len().is_multiple_of(2) => {
                        let number = |at: usize| tantivy::u64_to_f64(places[at]);
                        (number(middle - 1) + number(middle)) / 2.0
                    }
                    Summary::Median => tantivy::u64_to_f64(places[middle]),
                };
                tantivy::f64_to_u64(result)
            }
        }
    }
}

/// One number of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Summary {
    Sum,
    Avg,
    Median,
}

/// Answers the double with as few digits as name a float.
pub(in crate::search) fn shortest(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::from(number))
}
