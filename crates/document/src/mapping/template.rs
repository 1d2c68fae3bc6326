//! Dynamic templates: how fields are mapped that documents bring.

use super::{FieldMapping, ObjectMapping};
use crate::{Json, fits};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a value in a document looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ValueKind {
    /// An object.
    Object,
    /// A string that looks like nothing else.
    String,
    /// A whole number.
    Long,
    /// A number with a fraction.
    Double,
    /// True or false.
    Boolean,
    /// A string that looks like a date.
    Date,
    /// Bytes; no value in JSON looks like them.
    Binary,
}

/// What a field becomes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TemplateTarget {
    /// A field that holds values.
    Field(Box<FieldMapping>),
    /// An object.
    Object(ObjectMapping),
}

/// How fields are mapped that documents bring and that fit it. Patterns are names in which `*` stands for any
/// characters.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DynamicTemplate {
    /// Its name.
    pub name: String,
    /// As the client gave it.
    pub given: Json,
    /// Patterns of names, one of which has to fit; empty = every name fits.
    pub names: Vec<String>,
    /// Patterns of names, none of which may fit.
    pub other_names: Vec<String>,
    /// Patterns of full paths, one of which has to fit; empty = every path fits.
    pub paths: Vec<String>,
    /// Patterns of full paths, none of which may fit.
    pub other_paths: Vec<String>,
    /// What fields become, by what their values look like; others do not fit.
    pub targets: BTreeMap<ValueKind, TemplateTarget>,
}

impl DynamicTemplate {
    /// Answers what a field at a full path becomes; none where the template does not fit it.
    pub fn target(&self, path: &str, kind: ValueKind) -> Option<TemplateTarget> {
        let target = self.targets.get(&kind)?;
        let name = path.rsplit('.').next().unwrap_or(path);
        let one_of = |patterns: &[String], text: &str| patterns.iter().any(|p| fits(p, text));
        let does_fit = (self.names.is_empty() || one_of(&self.names, name))
            && !one_of(&self.other_names, name)
            && (self.paths.is_empty() || one_of(&self.paths, path))
            && !one_of(&self.other_paths, path);
        does_fit.then(|| target.named(name))
    }
}

impl TemplateTarget {
    /// Puts a field's name where `{name}` stands for it.
    fn named(&self, name: &str) -> Self {
        let Ok(mut value) = serde_json::to_value(self) else {
            return self.clone();
        };
        replace(&mut value, name);
        serde_json::from_value(value).unwrap_or_else(|_| self.clone())
    }
}

fn replace(value: &mut Value, name: &str) {
    match value {
        Value::String(text) if text.contains("{name}") => *text = text.replace("{name}", name),
        Value::Array(values) => values.iter_mut().for_each(|value| replace(value, name)),
        Value::Object(members) => members.values_mut().for_each(|value| replace(value, name)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FieldKind;

    #[test]
    fn fields_fit_by_name_path_and_kind() {
        let mut field = FieldMapping::from(FieldKind::KEYWORD);
        field.options.copy_to = vec!["all_{name}".to_owned()];
        let template = DynamicTemplate {
            names: vec!["*_id".to_owned()],
            other_paths: vec!["not.*".to_owned()],
            targets: [(
                ValueKind::String,
                TemplateTarget::Field(Box::new(field.clone())),
            )]
            .into(),
            ..DynamicTemplate::default()
        };
        field.options.copy_to = vec!["all_user_id".to_owned()];
        let expected = Some(TemplateTarget::Field(Box::new(field)));
        let target = |path: &str, kind| template.target(path, kind);
        assert_eq!(target("user_id", ValueKind::String), expected);
        assert_eq!(target("a.user_id", ValueKind::String), expected);
        assert_eq!(target("not.user_id", ValueKind::String), None);
        assert_eq!(target("user", ValueKind::String), None);
        assert_eq!(target("user_id", ValueKind::Long), None);
    }
}
