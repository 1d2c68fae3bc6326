//! Objects of a mapping.

use crate::MappingError;
use serde::{Deserialize, Serialize};

/// What happens to a field that the mapping does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Dynamic {
    /// It is added, with the type that its value suggests.
    #[default]
    True,
    /// It is kept and not searched.
    False,
    /// The document is refused.
    Strict,
    /// It is kept and not searched; Elasticsearch makes it a runtime field.
    Runtime,
}

/// What was said about an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectMapping {
    /// Whether each object of an array is searched by itself.
    pub nested: bool,
    /// What happens to new fields below it; none = as around it.
    pub dynamic: Option<Dynamic>,
    /// Whether what is below it is searched at all.
    pub enabled: bool,
    /// Whether fields of a nested object are searched as the surrounding object's as well.
    pub include_in_parent: bool,
    /// Whether fields of a nested object are searched as the document's as well.
    pub include_in_root: bool,
}

impl Default for ObjectMapping {
    fn default() -> Self {
        Self {
            nested: false,
            dynamic: None,
            enabled: true,
            include_in_parent: false,
            include_in_root: false,
        }
    }
}

impl ObjectMapping {
    pub(super) fn merge(&mut self, path: &str, asked: ObjectMapping) -> Result<(), MappingError> {
        let path = path.to_owned();
        if self.nested != asked.nested {
            return Err(MappingError::NotNested { path });
        }
        let fixed = [
            ("enabled", self.enabled != asked.enabled),
            (
                "include_in_parent",
                self.include_in_parent != asked.include_in_parent,
            ),
            (
                "include_in_root",
                self.include_in_root != asked.include_in_root,
            ),
        ];
        if let Some((parameter, _)) = fixed.into_iter().find(|(_, differs)| *differs) {
            return Err(MappingError::ObjectOption { path, parameter });
        }
        self.dynamic = asked.dynamic.or(self.dynamic);
        Ok(())
    }
}
