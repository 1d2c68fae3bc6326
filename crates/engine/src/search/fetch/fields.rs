//! Fields that are answered with a hit, as the mapping reads them from the source.

use super::source::{below, collect, flattened, leaves};
use super::values::Shown;
use crate::error::Result;
use crate::search::compile::fits;
use crate::snapshot::Snapshot;
use document::{Failure, FieldKind, Json, Leaf, Mapping};
use query::FieldFetch;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Which fields are answered, worked out for one index once.
pub(super) struct FieldReader<'a> {
    mapping: &'a Mapping,
    /// Each field with how it is shown.
    fields: Vec<Shown>,
    /// Where the values of a field stand into which others are copied, by its name.
    copied: BTreeMap<String, Vec<String>>,
    /// Patterns of what the mapping does not have.
    unmapped: Vec<&'a str>,
}

impl<'a> FieldReader<'a> {
    /// Finds the fields of an index.
    ///
    /// # Errors
    /// When a field cannot be shown in the format asked for.
    pub(super) fn new(snapshot: &'a Snapshot, asked: &'a [FieldFetch]) -> Result<Self> {
        let mut fields: Vec<Shown> = Vec::new();
        if !asked.is_empty() {
            for leaf in snapshot.mapping.leaves() {
                // What was asked for last says how it is shown.
                let fitting = asked.iter().rfind(|asked| fits(&asked.field, &leaf.path));
                if let Some(asked) = fitting.filter(|_| !is_image(&leaf)) {
                    fields.push(shown(leaf, asked)?);
                }
            }
        }
        let mut copied: BTreeMap<String, Vec<String>> = BTreeMap::new();
        if !fields.is_empty() {
            for leaf in snapshot.mapping.leaves() {
                for into in &leaf.options.copy_to {
                    let own = || vec![into.clone()];
                    let from = copied.entry(into.clone()).or_insert_with(own);
                    from.push(leaf.source.clone());
                }
            }
            for sources in copied.values_mut() {
                sources.sort_by_key(|source| place_in_set(source));
            }
        }
        let unmapped = asked.iter().filter(|asked| asked.include_unmapped);
        Ok(Self {
            mapping: &snapshot.mapping,
            fields,
            copied,
            unmapped: unmapped.map(|asked| asked.field.as_str()).collect(),
        })
    }

    /// Reads the fields that the mapping keeps by themselves, of those that fit one of the patterns.
    ///
    /// # Errors
    /// When the mapping's own format of a date is none.
    pub(super) fn stored(mapping: &'a Mapping, patterns: &[String]) -> Result<Self> {
        let is_stored = |leaf: &Leaf| {
            let store = leaf.options.accepted.get("store");
            let is_stored = store.is_some_and(|Json(store)| *store == true || *store == "true");
            is_stored && patterns.iter().any(|pattern| fits(pattern, &leaf.path))
        };
        let fields: Vec<Leaf> = match patterns {
            [] => Vec::new(),
            _ => mapping.leaves().into_iter().filter(is_stored).collect(),
        };
        let shown = fields.into_iter().map(|leaf| Shown::new(leaf, None));
        Ok(Self {
            mapping,
            fields: shown.collect::<std::result::Result<_, _>>()?,
            copied: BTreeMap::new(),
            unmapped: Vec::new(),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.unmapped.is_empty()
    }

    /// Answers the values of a document.
    pub(super) fn read(&self, source: &Value) -> Vec<(String, Vec<Json>)> {
        let read = self.within(source, None);
        let read = read.into_iter().map(|(path, value)| {
            let values = match value {
                Value::Array(values) => values,
                value => vec![value],
            };
            (path, values.into_iter().map(Json).collect())
        });
        read.collect()
    }

    /// Answers the values of a nested object at its places, below the names of the nested fields around it.
    pub(super) fn read_object(
        &self,
        object: &Value,
        places: &[(String, usize)],
    ) -> Vec<(String, Vec<Json>)> {
        let mut paths = places.iter().map(|(path, _)| path.as_str()).rev();
        let Some(mut path) = paths.next() else {
            return Vec::new();
        };
        let mut read = self.within(object, Some(path));
        if read.is_empty() {
            return Vec::new();
        }
        for around in paths {
            let mut outer = Map::new();
            let name = below(path, Some(around)).to_owned();
            outer.insert(name, Value::Array(vec![Value::Object(read)]));
            (read, path) = (outer, around);
        }
        vec![(path.to_owned(), vec![Json(Value::Object(read))])]
    }

    /// Answers the values of one object by the names that they have from there.
    fn within(&self, object: &Value, around: Option<&str>) -> Map<String, Value> {
        let mut out = Map::new();
        let mut known = BTreeSet::new();
        for shown in &self.fields {
            let leaf = shown.leaf();
            if leaf.nested.as_deref() != around {
                continue;
            }
            let mut found = Vec::new();
            match self.copied.get(&leaf.path) {
                None => collect(object, below(&leaf.source, around), &mut found),
                Some(sources) => {
                    for source in sources {
                        collect(object, below(source, around), &mut found);
                    }
                }
            }
            known.insert(leaf.source.as_str());
            if found.is_empty() {
                continue;
            }
            let values = shown.values(&found);
            if !values.is_empty() {
                out.insert(below(&leaf.path, around).to_owned(), Value::Array(values));
            }
        }
        for path in self.objects_in(around) {
            let mut found = Vec::new();
            collect(object, below(path, around), &mut found);
            let objects = flattened(&found, false).into_iter();
            let objects = objects.map(|object| self.within(object, Some(path)));
            let objects: Vec<Value> = objects
                .filter(|object| !object.is_empty())
                .map(Value::Object)
                .collect();
            if !objects.is_empty() {
                out.insert(below(path, around).to_owned(), Value::Array(objects));
            }
        }
        if !self.unmapped.is_empty() && around.is_none() {
            self.add_unmapped(object, &mut out);
        }
        out
    }

    /// The nested fields right within an object.
    fn objects_in(&self, around: Option<&str>) -> impl Iterator<Item = &str> {
        let around = around.map(str::to_owned);
        let nested = self.mapping.objects().filter(|(_, object)| object.nested);
        nested.filter_map(move |(path, _)| {
            (self.mapping.nested_path(path) == around.as_deref()).then_some(path)
        })
    }

    fn add_unmapped(&self, source: &Value, out: &mut Map<String, Value>) {
        let mut found = Vec::new();
        leaves(source, "", &mut found);
        for (path, value) in found {
            let is_asked = self.unmapped.iter().any(|pattern| fits(pattern, &path));
            if !is_asked || self.mapping.get(&path).is_some() {
                continue;
            }
            let values = out.entry(path).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(values) = values {
                values.push(value.clone());
            }
        }
    }
}

/// Where Java's sets keep a text while they are small, which is the order in which Elasticsearch shows what was copied.
fn place_in_set(text: &str) -> u32 {
    let hash = text.encode_utf16().fold(0_u32, |hash, unit| {
        hash.wrapping_mul(31).wrapping_add(u32::from(unit))
    });
    (hash ^ (hash >> 16)) & 15
}

/// How a field is shown that was asked for.
fn shown(leaf: Leaf, asked: &FieldFetch) -> Result<Shown> {
    let path = leaf.path.clone();
    let refused = |failure: Failure| {
        let which = match asked.field == path {
            true => String::new(),
            false => format!(" which matched [{}]", asked.field),
        };
        let reason = format!("error fetching [{path}]{which}: {}", failure.reason);
        Failure::illegal_argument(reason).caused_by(failure)
    };
    Ok(Shown::new(leaf, asked.format.as_deref()).map_err(refused)?)
}

/// A picture itself is no value; what is derived from it is.
fn is_image(leaf: &Leaf) -> bool {
    matches!(leaf.kind, FieldKind::Image(_))
}
