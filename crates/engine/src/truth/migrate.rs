//! Truth stores of earlier formats.
//!
//! Format 1 kept a field as its kind and its multi-fields, those as bare kinds, and nothing of settings.

use super::{INDICES, Truth};
use crate::error::{EngineError, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redb::ReadableTable;
use serde_json::{Map, Value, json};

impl Truth {
    /// Brings a store of format 1 to format 2. What is there already stays, so that it can be done again after it
    /// broke off. `made_ms` is when the store was made, as far as it is known.
    pub(crate) fn migrate(&self, made_ms: i64) -> Result<()> {
        let indices = self.raw_indices()?;
        let batch = self.begin()?;
        for (name, meta) in indices {
            let migrated = migrated(&meta, made_ms).map_err(|reason| {
                let reason =
                    format!("what is kept of index {name} is of no known format: {reason}");
                EngineError::corrupt(self.path(), reason)
            })?;
            batch.put_raw_index(&name, &migrated)?;
        }
        batch.commit()
    }

    fn raw_indices(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let batch = self.begin()?;
        batch.with(|transaction| {
            let table = transaction.open_table(INDICES)?;
            let mut indices = Vec::new();
            for entry in table.iter()? {
                let (name, meta) = entry?;
                indices.push((name.value().to_owned(), meta.value().to_vec()));
            }
            Ok(indices)
        })
    }
}

fn migrated(meta: &[u8], made_ms: i64) -> std::result::Result<Vec<u8>, String> {
    let mut meta: Value = serde_json::from_slice(meta).map_err(|error| error.to_string())?;
    let fields = meta
        .pointer_mut("/mapping/fields")
        .and_then(Value::as_object_mut)
        .ok_or("it has no fields")?;
    for (path, field) in fields.iter_mut() {
        let field = field
            .as_object_mut()
            .ok_or_else(|| format!("field {path} is no object"))?;
        with_options(field);
        let inner = field.get_mut("fields").and_then(Value::as_object_mut);
        for (_, kind) in inner.into_iter().flatten() {
            let is_whole = kind.get("kind").is_some();
            if !is_whole {
                let kind_alone = kind.take();
                *kind = json!({"kind": kind_alone, "options": {}, "fields": {}});
            }
        }
    }
    let settings = meta
        .as_object_mut()
        .ok_or("it is no object")?
        .entry("settings")
        .or_insert_with(|| json!({}));
    let known = settings.get("uuid").and_then(Value::as_str);
    if known.is_none_or(str::is_empty) {
        *settings = json!({"uuid": random_uuid()?, "created_ms": made_ms});
    }
    serde_json::to_vec(&meta).map_err(|error| error.to_string())
}

fn with_options(field: &mut Map<String, Value>) {
    field.entry("options").or_insert_with(|| json!({}));
}

fn random_uuid() -> std::result::Result<String, String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| format!("no random numbers: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
