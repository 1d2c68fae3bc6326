//! A row as the source of a document.

use archives::{Name, Number};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// The fields that a row's parts go into.
pub(super) struct Fields<'a> {
    pub(super) vectors: &'a str,
    /// None in archives without names.
    pub(super) names: Option<&'a str>,
}

impl Fields<'_> {
    /// The document of a row, or why there is none.
    pub(super) fn source<'a>(
        &'a self,
        name: Option<&'a Name>,
        vector: &'a [f64],
        number: Number,
    ) -> Result<Source<'a>, String> {
        let name = match name {
            None => None,
            Some(Name::Text(name)) if name.is_empty() => return Err("the name is empty".to_owned()),
            Some(Name::Text(name)) => Some(name.as_str()),
            Some(Name::NotUtf8(_)) => return Err("the name is no UTF-8".to_owned()),
        };
        // Vectors are kept in 32 bits.
        let bad = |(_, number): &(usize, &f64)| !(**number as f32).is_finite();
        if let Some((at, number)) = vector.iter().enumerate().find(bad) {
            return Err(format!("number {at} of the vector is {number}"));
        }
        Ok(Source {
            vector: (self.vectors, Numbers(vector, number)),
            name: self.names.zip(name),
        })
    }
}

/// The source of a document: fields and their values.
pub(super) struct Source<'a> {
    vector: (&'a str, Numbers<'a>),
    name: Option<(&'a str, &'a str)>,
}

/// The numbers of a vector, written with all their digits.
struct Numbers<'a>(&'a [f64], Number);

impl Serialize for Source<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(self.vector.0, &self.vector.1)?;
        if let Some((field, name)) = self.name {
            map.serialize_entry(field, name)?;
        }
        map.end()
    }
}

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut numbers = serializer.serialize_seq(Some(self.0.len()))?;
        for number in self.0 {
            match self.1 {
                Number::Whole => numbers.serialize_element(&(*number as i64))?,
                Number::F32 | Number::F64 => numbers.serialize_element(number)?,
            }
        }
        numbers.end()
    }
}

/// A name for people.
pub(super) fn shown(name: Name) -> String {
    match name {
        Name::Text(name) | Name::NotUtf8(name) => name,
    }
}
