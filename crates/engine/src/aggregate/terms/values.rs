//! Every number of a column, matched or not.

use crate::aggregate::columns::Column;
use tantivy::columnar::Column as Stored;

/// A number of a column.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    Long(i64),
    Unsigned(u64),
    Double(f64),
}

impl Value {
    pub(super) fn long(self) -> i64 {
        match self {
            Self::Long(value) => value,
            Self::Unsigned(value) => value as i64,
            Self::Double(value) => value as i64,
        }
    }

    pub(super) fn unsigned(self) -> u64 {
        match self {
            Self::Long(value) => value as u64,
            Self::Unsigned(value) => value,
            Self::Double(value) => value as u64,
        }
    }

    pub(super) fn double(self) -> f64 {
        match self {
            Self::Long(value) => value as f64,
            Self::Unsigned(value) => value as f64,
            Self::Double(value) => value,
        }
    }
}

/// Goes through every number of a column.
pub(super) fn each_value(column: &Column, mut see: impl FnMut(Value)) {
    match column {
        Column::Empty | Column::Strings(_) => {}
        Column::Longs(Stored { values, .. }) => {
            values.iter().for_each(|value| see(Value::Long(value)))
        }
        Column::Unsigned(Stored { values, .. }) => {
            values.iter().for_each(|value| see(Value::Unsigned(value)));
        }
        Column::Doubles(Stored { values, .. }) => {
            values.iter().for_each(|value| see(Value::Double(value)));
        }
    }
}
