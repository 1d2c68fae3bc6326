//! Mappings: which fields an index has and how each is searched.

mod field;
mod image;
mod limits;
mod object;
mod options;
mod template;

pub use field::{
    Analyzer, ElementType, Extractor, FieldKind, FieldMapping, Similarity, VectorField,
};
pub use image::{ImageField, OnError};
pub use limits::Limits;
pub use object::{Dynamic, ObjectMapping};
pub use options::FieldOptions;
pub use template::{DynamicTemplate, TemplateTarget, ValueKind};

use crate::{Cause, Failure, Json, MappingError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The fields of an index, by full dotted path (`file.name`).
///
/// A mapping only grows: fields are added, never removed or changed, while the index lives.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Mapping {
    fields: BTreeMap<String, FieldMapping>,
    /// Objects about which something was said, by full path; the empty path is the document itself.
    #[serde(default)]
    objects: BTreeMap<String, ObjectMapping>,
    /// What clients said at the top of the mapping and is kept to be read back (`_meta`, `_source`, …).
    #[serde(default)]
    pub top: BTreeMap<String, Json>,
    /// How fields are mapped that documents bring, the first that fits; none where nothing was said.
    #[serde(default)]
    pub templates: Option<Vec<DynamicTemplate>>,
    /// The name of the one type, where a client from before types went gave one.
    #[serde(default)]
    pub kind: Option<String>,
}

impl Mapping {
    /// Makes an empty mapping.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field, or checks that it is there as given.
    ///
    /// # Errors
    /// When the name is not valid, or the field has another type or extractor.
    pub fn insert(&mut self, path: &str, field: FieldMapping) -> Result<(), MappingError> {
        check_name(path)?;
        match self.fields.get_mut(path) {
            Some(existing) => existing.merge(path, field),
            None => {
                self.check_place(path)?;
                self.fields.insert(path.to_owned(), field);
                Ok(())
            }
        }
    }

    /// Adds a field and answers the mapping, for mappings written out in code.
    ///
    /// # Panics
    /// When the field contradicts one added before: a defect of the calling code.
    #[must_use]
    pub fn with(mut self, path: &str, field: impl Into<FieldMapping>) -> Self {
        if let Err(error) = self.insert(path, field.into()) {
            panic!("a mapping written out in code contradicts itself: {error}");
        }
        self
    }

    /// Adds every field of another mapping; changes nothing when one of them contradicts this one.
    ///
    /// # Errors
    /// When a name is not valid, or a field has another type or extractor.
    pub fn merge(&mut self, other: Mapping) -> Result<(), MappingError> {
        let mut merged = self.clone();
        for (path, field) in other.fields {
            merged.insert(&path, field)?;
        }
        for (path, object) in other.objects {
            merged.insert_object(&path, object)?;
        }
        merged.top.extend(other.top);
        merged.templates = other.templates.or(merged.templates);
        merged.kind = merged.kind.or(other.kind);
        *self = merged;
        Ok(())
    }

    /// Answers the field as it was mapped, without looking into multi-fields and image fields.
    pub fn get(&self, path: &str) -> Option<&FieldMapping> {
        self.fields.get(path)
    }

    /// Lists the fields as they were mapped, sorted by path.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &FieldMapping)> {
        self.fields
            .iter()
            .map(|(path, field)| (path.as_str(), field))
    }

    /// Says something about an object, or checks that it is so.
    ///
    /// # Errors
    /// When the name is not valid, or the path is a field, or a nested object would become a plain one or the reverse.
    pub fn insert_object(&mut self, path: &str, object: ObjectMapping) -> Result<(), MappingError> {
        if !path.is_empty() {
            check_name(path)?;
            if self.fields.contains_key(path) {
                return Err(not_an_object(path));
            }
            self.check_around(path)?;
        }
        match self.objects.get_mut(path) {
            Some(existing) => existing.merge(path, object),
            None => {
                self.objects.insert(path.to_owned(), object);
                Ok(())
            }
        }
    }

    /// Makes sure that a new field would neither be an object nor lie within a field.
    fn check_place(&self, path: &str) -> Result<(), MappingError> {
        let below = format!("{path}.");
        let has_members = |map_has: Option<&String>| map_has.is_some_and(|p| p.starts_with(&below));
        let field = self.fields.range(below.clone()..).next().map(|(p, _)| p);
        let object = self.objects.range(below.clone()..).next().map(|(p, _)| p);
        if self.objects.contains_key(path) || has_members(field) || has_members(object) {
            return Err(not_an_object(path));
        }
        self.check_around(path)
    }

    /// Makes sure that no field stands where a path has an object. What lies below an image field is the program's.
    fn check_around(&self, path: &str) -> Result<(), MappingError> {
        for (end, _) in path.match_indices('.') {
            let around = path.get(..end).unwrap_or_default();
            let field = self.fields.get(around);
            if field.is_some_and(|field| !matches!(field.kind, FieldKind::Image(_))) {
                return Err(not_an_object(around));
            }
        }
        Ok(())
    }

    /// Answers what was said about an object; the empty path is the document itself.
    pub fn object(&self, path: &str) -> Option<&ObjectMapping> {
        self.objects.get(path)
    }

    /// Lists the objects about which something was said, sorted by path.
    pub fn objects(&self) -> impl Iterator<Item = (&str, &ObjectMapping)> {
        self.objects
            .iter()
            .map(|(path, object)| (path.as_str(), object))
    }

    /// Whether each document needs a routing: `_routing` is `{"required": true}`.
    pub fn requires_routing(&self) -> bool {
        let routing = self.top.get("_routing");
        routing.is_some_and(|routing| routing.0["required"] == true)
    }

    /// Refuses what comes without a routing where one is needed.
    ///
    /// # Errors
    /// When it does.
    pub fn check_routing(
        &self,
        index: &str,
        id: &str,
        routing: Option<&str>,
    ) -> Result<(), Failure> {
        if routing.is_some() || !self.requires_routing() {
            return Ok(());
        }
        let reason = format!("routing is required for [{index}]/[{id}]");
        Err(Failure::new(Cause::RoutingMissing, reason).in_index(index))
    }

    /// Answers the path of the innermost nested object around a path; none when it belongs to the document itself.
    pub fn nested_path(&self, path: &str) -> Option<&str> {
        let around = self.objects().filter(|(object, mapping)| {
            mapping.nested
                && path
                    .strip_prefix(object)
                    .is_some_and(|rest| rest.starts_with('.'))
        });
        around
            .map(|(object, _)| object)
            .max_by_key(|object| object.len())
    }

    /// Lists every field that can be searched: mapped fields, multi-fields (`file.name.keyword`) and what is
    /// derived from image fields (`image.width`).
    pub fn leaves(&self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        for (path, field) in &self.fields {
            match &field.kind {
                FieldKind::Image(image) => image.leaves(path, &mut leaves),
                kind => leaves.push(Leaf {
                    options: field.options.clone(),
                    ..Leaf::new(path, path, kind.clone())
                }),
            }
            for (name, field) in &field.fields {
                leaves.push(Leaf {
                    options: field.options.clone(),
                    ..Leaf::new(&format!("{path}.{name}"), path, field.kind.clone())
                });
            }
        }
        for leaf in &mut leaves {
            leaf.nested = self.nested_path(&leaf.source).map(str::to_owned);
        }
        leaves
    }

    /// Answers the one image field, if the mapping has any: its path and settings.
    pub fn image(&self) -> Option<(&str, &ImageField)> {
        self.fields
            .iter()
            .find_map(|(path, field)| match &field.kind {
                FieldKind::Image(image) => Some((path.as_str(), image)),
                _ => None,
            })
    }
}

/// A field that can be searched.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// The name by which it is searched.
    pub path: String,
    /// The path in the source whose values it holds.
    pub source: String,
    /// How it is searched.
    pub kind: FieldKind,
    /// What else its mapping says.
    pub options: FieldOptions,
    /// The path of the innermost nested object that it belongs to; none when it belongs to the document itself.
    pub nested: Option<String>,
}

impl Leaf {
    fn new(path: &str, source: &str, kind: FieldKind) -> Self {
        Self {
            path: path.to_owned(),
            source: source.to_owned(),
            kind,
            options: FieldOptions::default(),
            nested: None,
        }
    }
}

/// Names that no field can have.
const METADATA: [&str; 8] = [
    "_id",
    "_index",
    "_source",
    "_seq_no",
    "_version",
    "_routing",
    "_ignored",
    "_field_names",
];

fn not_an_object(path: &str) -> MappingError {
    MappingError::NoObject {
        path: path.to_owned(),
    }
}

fn check_name(path: &str) -> Result<(), MappingError> {
    let reason = if path.is_empty() {
        "it is empty"
    } else if path.len() > 512 {
        "it is longer than 512 bytes"
    } else if path.split('.').any(|part| part.trim().is_empty()) {
        "a part between dots is empty"
    } else if METADATA.contains(&path) {
        "it is the name of what every document has"
    } else {
        return Ok(());
    };
    Err(MappingError::BadName {
        name: path.to_owned(),
        reason,
    })
}

#[cfg(test)]
mod tests;
