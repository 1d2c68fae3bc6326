//! From a document's values to what is indexed of it.

use super::analysis::analyze;
use super::fields::{Columns, Fields, ITSELF};
use crate::values::{FieldValues, Part};
use document::{Analyzer, FieldKind};
use std::collections::{BTreeMap, BTreeSet};
use tantivy::TantivyDocument;
use tantivy::tokenizer::{PreTokenizedString, Token};

/// Makes what is indexed of one part. `slots` holds the slot of each of its vectors by the path of its field.
pub(super) fn to_tantivy(
    fields: &Fields,
    id: &str,
    seq_no: u64,
    prepared: &Part,
    slots: &BTreeMap<String, u32>,
) -> TantivyDocument {
    let mut out = TantivyDocument::new();
    out.add_text(fields.root, id);
    match &prepared.nested {
        Some((path, _)) => out.add_text(fields.nested, path),
        None => {
            out.add_text(fields.nested, ITSELF);
            out.add_text(fields.id, id);
            out.add_u64(fields.seq_no, seq_no);
        }
    }
    let mut names = BTreeSet::new();
    for (leaf, values) in &prepared.values {
        let is_text = matches!(leaf.kind, FieldKind::Text(_));
        let is_searched = leaf.options.index || leaf.options.doc_values && !is_text;
        if let Some(columns) = fields.get(&leaf.path).filter(|_| is_searched) {
            add_names(&leaf.path, &mut names);
            add_values(columns, values, &mut out);
        }
    }
    for (path, slot) in slots {
        if let Some(columns) = fields.get(path) {
            add_names(path, &mut names);
            out.add_u64(columns.field, u64::from(*slot));
        }
    }
    for name in names {
        out.add_text(fields.names, name);
    }
    for path in &prepared.ignored {
        out.add_text(fields.ignored, path);
    }
    out
}

fn add_values(columns: &Columns, values: &FieldValues, out: &mut TantivyDocument) {
    let field = columns.field;
    match values {
        FieldValues::Strings(values) => match columns.leaf.kind {
            FieldKind::Text(analyzer) => {
                let text = tokenized(analyzer, values);
                if let Some(lengths) = columns.lengths {
                    out.add_u64(lengths, text.tokens.len() as u64);
                }
                out.add_pre_tokenized_text(field, text);
            }
            _ => values.iter().for_each(|value| out.add_text(field, value)),
        },
        FieldValues::Longs(values) => {
            values.iter().for_each(|value| out.add_i64(field, *value));
        }
        FieldValues::Unsigned(values) => {
            values.iter().for_each(|value| out.add_u64(field, *value));
        }
        FieldValues::Doubles(values) => {
            values.iter().for_each(|value| out.add_f64(field, *value));
        }
        FieldValues::Booleans(values) => {
            let numbers = values.iter().map(|value| i64::from(*value));
            numbers.for_each(|value| out.add_i64(field, value));
        }
        FieldValues::Points(values) => {
            for (latitude, longitude) in values {
                out.add_f64(field, *latitude);
                if let Some(field) = columns.longitude {
                    out.add_f64(field, *longitude);
                }
            }
        }
    }
}

/// Adds a path and the paths of the objects around it.
fn add_names<'a>(path: &'a str, names: &mut BTreeSet<&'a str>) {
    names.insert(path);
    for (end, _) in path.match_indices('.') {
        names.insert(&path[..end]);
    }
}

fn tokenized(analyzer: Analyzer, values: &[String]) -> PreTokenizedString {
    let tokens = analyze(analyzer, values.iter().map(String::as_str))
        .into_iter()
        .map(|token| Token {
            position: token.position,
            text: token.text,
            position_length: 1,
            ..Token::default()
        })
        .collect();
    // The text itself is not stored: the truth has it.
    PreTokenizedString {
        text: String::new(),
        tokens,
    }
}
