//! How large a mapping may grow.

use super::Mapping;
use crate::{IndexSettings, MappingError};
use std::collections::BTreeSet;

/// How large a mapping and the documents of an index may grow; the default is Elasticsearch's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Fields, multi-fields and objects.
    pub total_fields: usize,
    /// Objects within each other, the document itself counted as one.
    pub depth: usize,
    /// Nested objects of the mapping.
    pub nested_fields: usize,
    /// Nested objects of one document.
    pub nested_objects: usize,
    /// The length of one name, in UTF-16 units.
    pub name_length: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total_fields: 1000,
            depth: 20,
            nested_fields: 50,
            nested_objects: 10_000,
            name_length: usize::MAX,
        }
    }
}

impl Limits {
    /// Reads the limits from an index's settings (`mapping.total_fields.limit`, …).
    pub fn of(settings: &IndexSettings) -> Self {
        let standard = Self::default();
        let limit = |name: &str, standard: usize| {
            let given = settings.number(&format!("mapping.{name}.limit"));
            given
                .and_then(|limit| usize::try_from(limit).ok())
                .unwrap_or(standard)
        };
        Self {
            total_fields: limit("total_fields", standard.total_fields),
            depth: limit("depth", standard.depth),
            nested_fields: limit("nested_fields", standard.nested_fields),
            nested_objects: limit("nested_objects", standard.nested_objects),
            name_length: limit("field_name_length", standard.name_length),
        }
    }
}

impl Mapping {
    /// Counts fields, multi-fields and objects, whether something was said about them or not.
    pub fn count_fields(&self) -> usize {
        let mut objects: BTreeSet<&str> = BTreeSet::new();
        let mut fields = 0;
        for (path, field) in self.fields() {
            fields += 1 + field.fields.len();
            add_around(path, &mut objects);
        }
        for (path, _) in self.objects().filter(|(path, _)| !path.is_empty()) {
            objects.insert(path);
            add_around(path, &mut objects);
        }
        fields + objects.len()
    }

    /// Makes sure that the mapping is within limits.
    ///
    /// # Errors
    /// The first limit that it exceeds.
    pub fn check(&self, limits: &Limits) -> Result<(), MappingError> {
        let exceeded = |reason: String| Err(MappingError::Limit { reason });
        if self.count_fields() > limits.total_fields {
            return exceeded(format!(
                "Limit of total fields [{}] has been exceeded",
                limits.total_fields
            ));
        }
        let nested = self.objects().filter(|(_, object)| object.nested).count();
        if nested > limits.nested_fields {
            return exceeded(format!(
                "Limit of nested fields [{}] has been exceeded",
                limits.nested_fields
            ));
        }
        let paths = self.fields().map(|(path, _)| path);
        for path in paths.chain(self.objects().map(|(path, _)| path)) {
            let depth = path.matches('.').count() + 1;
            if depth > limits.depth {
                let around = path.rsplit_once('.').map_or(path, |(around, _)| around);
                return exceeded(format!(
                    "Limit of mapping depth [{}] has been exceeded due to object field [{around}]",
                    limits.depth
                ));
            }
            let long = path
                .split('.')
                .find(|name| name.encode_utf16().count() > limits.name_length);
            if let Some(name) = long {
                return exceeded(format!(
                    "Field name [{name}] is longer than the limit of [{}] characters",
                    limits.name_length
                ));
            }
        }
        Ok(())
    }
}

fn add_around<'a>(path: &'a str, objects: &mut BTreeSet<&'a str>) {
    for (end, _) in path.match_indices('.') {
        objects.extend(path.get(..end));
    }
}
