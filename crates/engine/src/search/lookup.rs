//! Values that queries take from documents.

use super::fetch::values_at;
use crate::error::{EngineError, Result};
use document::Stored;
use query::{Query, SearchRequest};
use serde_json::Value;

/// Puts the values of documents into the queries that take theirs from there; `get` answers a document of an index.
///
/// # Errors
/// When an index does not exist or a document is damaged.
pub(crate) fn resolve(
    request: &mut SearchRequest,
    get: impl Fn(&str, &str) -> Result<Option<Stored>>,
) -> Result<()> {
    request.each_query_mut(&mut |query| {
        let Query::TermsOf {
            field,
            index,
            id,
            path,
        } = query
        else {
            return Ok(());
        };
        let mut values = Vec::new();
        if let Some(stored) = get(index, id)? {
            let source = stored.document.value().map_err(|error| {
                EngineError::corrupt("truth".as_ref(), format!("{id}: {error}"))
            })?;
            values.extend(values_at(&source, path).into_iter().filter_map(text));
        }
        *query = Query::Terms {
            field: std::mem::take(field),
            values,
        };
        Ok(())
    })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
