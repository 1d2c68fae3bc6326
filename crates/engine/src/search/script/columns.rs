//! The documents of a segment as scripts see them.

use super::Scripted;
use super::vectors::Compared;
use crate::scripting::unreadable;
use crate::snapshot::text_error;
use crate::text::Columns;
use crate::values::ip_text;
use ann::Rows;
use document::FieldKind;
use script::{Cause, Host, Values};
use std::sync::Arc;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

/// The documents of a segment; it stands on one of them at a time.
pub(in crate::search) struct Documents {
    scripted: Scripted,
    segment: SegmentReader,
    fields: Vec<Result<Field, Cause>>,
    calls: Vec<Result<Compared, Cause>>,
    document: DocId,
    score: f64,
}

/// A field's column, and the values of the document that was asked for last.
enum Field {
    Longs(Option<Column<i64>>, Vec<i64>),
    Unsigned(Option<Column<u64>>, Vec<i64>),
    Dates(Option<Column<i64>>, Vec<i64>),
    Doubles(Option<Column<f64>>, Vec<f64>),
    Booleans(Option<Column<i64>>, Vec<bool>),
    Strings(Option<StrColumn>, Vec<String>),
    Addresses(Option<StrColumn>, Vec<String>),
    Points(Option<(Column<f64>, Column<f64>)>, Vec<(f64, f64)>),
    Vector(Option<Column<u64>>, Arc<Rows>),
}

impl Documents {
    /// Opens what a script reads; `dense` says that it is run over most of the documents.
    ///
    /// # Errors
    /// When a column cannot be opened.
    pub(in crate::search) fn new(
        scripted: &Scripted,
        segment: &SegmentReader,
        dense: bool,
    ) -> tantivy::Result<Self> {
        let mut documents = Self {
            scripted: scripted.clone(),
            segment: segment.clone(),
            fields: Vec::new(),
            calls: Vec::new(),
            document: 0,
            score: 0.0,
        };
        for name in scripted.bound.fields() {
            let field = documents.open(name)?;
            documents.fields.push(field);
        }
        for call in scripted.bound.vector_calls() {
            let field = scripted.bound.fields().get(call.field);
            let name = field.map_or("", String::as_str);
            let prepared = match (
                scripted.snapshot.fields.get(name),
                scripted.snapshot.vectors.get(name),
            ) {
                (Some(columns), Some(view)) => {
                    let slots = segment.fast_fields().column_opt::<u64>(&columns.name)?;
                    let vectors = (view.field.clone(), view.rows.clone());
                    Compared::new(call.clone(), vectors, slots, dense.then_some(segment))
                }
                (Some(columns), None) => Err(Cause::argument(format!(
                    "field [{name}] of type [{}] has no vectors",
                    columns.leaf.kind.name()
                ))),
                (None, _) => Err(Cause::no_field(name)),
            };
            documents.calls.push(prepared);
        }
        Ok(documents)
    }

    /// Goes to a document with its score.
    pub(in crate::search) fn stand_on(&mut self, document: DocId, score: f32) {
        self.document = document;
        self.score = f64::from(score);
    }

    fn open(&self, name: &str) -> tantivy::Result<Result<Field, Cause>> {
        let snapshot = &self.scripted.snapshot;
        let Some(columns) = snapshot.fields.get(name) else {
            return Ok(Err(Cause::no_field(name)));
        };
        let fast = self.segment.fast_fields();
        let column = &columns.name;
        Ok(Ok(match &columns.leaf.kind {
            FieldKind::Text(_) => return Ok(Err(no_fielddata(columns, &snapshot.name))),
            FieldKind::Long | FieldKind::Integer | FieldKind::Short | FieldKind::Byte => {
                Field::Longs(fast.column_opt(column)?, Vec::new())
            }
            FieldKind::UnsignedLong => Field::Unsigned(
                fast.u64_lenient(column)?.map(|(column, _)| column),
                Vec::new(),
            ),
            FieldKind::Date => Field::Dates(fast.column_opt(column)?, Vec::new()),
            FieldKind::Double
            | FieldKind::Float
            | FieldKind::HalfFloat
            | FieldKind::ScaledFloat => Field::Doubles(fast.column_opt(column)?, Vec::new()),
            FieldKind::Boolean => Field::Booleans(fast.column_opt(column)?, Vec::new()),
            FieldKind::Keyword { .. } => Field::Strings(fast.str(column)?, Vec::new()),
            FieldKind::Ip => Field::Addresses(fast.str(column)?, Vec::new()),
            FieldKind::GeoPoint => {
                let latitude = fast.column_opt(column)?;
                let longitude = match columns.longitude {
                    Some(field) => {
                        let name = self.segment.schema().get_field_name(field);
                        fast.column_opt(name)?
                    }
                    None => None,
                };
                Field::Points(latitude.zip(longitude), Vec::new())
            }
            FieldKind::DenseVector(_) => match snapshot.vectors.get(name) {
                Some(view) => Field::Vector(fast.column_opt(column)?, view.rows.clone()),
                None => return Ok(Err(Cause::no_field(name))),
            },
            FieldKind::Binary | FieldKind::RankFeatures | FieldKind::Image(_) => {
                return Ok(Err(Cause::no_field(name)));
            }
        }))
    }
}

fn no_fielddata(columns: &Columns, index: &str) -> Cause {
    let path = &columns.leaf.path;
    Cause::argument(format!(
        "Fielddata is disabled on [{path}] in [{index}]. Text fields are not optimised for operations that require \
         per-document field data like aggregations and sorting, so these operations are disabled by default. \
         Please use a keyword field instead. Alternatively, set fielddata=true on [{path}] in order to load field \
         data by uninverting the inverted index. Note that this can use significant memory."
    ))
}

impl Host for Documents {
    fn find(&mut self, name: &str) -> Option<usize> {
        self.scripted.snapshot.fields.get(name)?;
        let field = self.open(name);
        let field = field.unwrap_or_else(|error| Err(unreadable(&text_error(error))));
        self.fields.push(field);
        Some(self.fields.len() - 1)
    }

    fn values(&mut self, field: usize) -> Result<Values<'_>, Cause> {
        let document = self.document;
        let field = self.fields.get_mut(field);
        let field = field.ok_or_else(|| Cause::no_field(""))?;
        let field = field.as_mut().map_err(|cause| cause.clone())?;
        Ok(match field {
            Field::Longs(column, values) => Values::Longs(fill(column, document, values)),
            Field::Dates(column, values) => Values::Dates(fill(column, document, values)),
            Field::Unsigned(column, values) => {
                values.clear();
                if let Some(column) = column {
                    values.extend(column.values_for_doc(document).map(|value| value as i64));
                }
                Values::Longs(values)
            }
            Field::Doubles(column, values) => {
                values.clear();
                if let Some(column) = column {
                    values.extend(column.values_for_doc(document));
                    values.sort_unstable_by(f64::total_cmp);
                }
                Values::Doubles(values)
            }
            Field::Booleans(column, values) => {
                values.clear();
                if let Some(column) = column {
                    values.extend(column.values_for_doc(document).map(|value| value != 0));
                    values.sort_unstable();
                }
                Values::Booleans(values)
            }
            Field::Strings(column, values) => {
                fill_texts(column, document, values)?;
                Values::Strings(values)
            }
            Field::Addresses(column, values) => {
                fill_texts(column, document, values)?;
                for value in values.iter_mut() {
                    *value = ip_text(value);
                }
                Values::Strings(values)
            }
            Field::Points(columns, values) => {
                values.clear();
                if let Some((latitude, longitude)) = columns {
                    let latitudes = latitude.values_for_doc(document);
                    values.extend(latitudes.zip(longitude.values_for_doc(document)));
                }
                Values::Points(values)
            }
            Field::Vector(slots, rows) => {
                let slot = slots.as_ref().and_then(|slots| slots.first(document));
                let row = slot.and_then(|slot| rows.row(slot as u32));
                Values::Vector(row.unwrap_or_default())
            }
        })
    }

    fn vector(&mut self, call: usize) -> Result<f64, Cause> {
        match self.calls.get(call) {
            Some(Ok(compared)) => compared.of(self.document),
            Some(Err(cause)) => Err(cause.clone()),
            None => Err(Cause::no_field("")),
        }
    }

    fn score(&mut self) -> f64 {
        self.score
    }
}

fn fill<'a>(column: &Option<Column<i64>>, document: DocId, values: &'a mut Vec<i64>) -> &'a [i64] {
    values.clear();
    if let Some(column) = column {
        values.extend(column.values_for_doc(document));
        values.sort_unstable();
    }
    values
}

/// Reads the texts of a document, each once, sorted.
fn fill_texts(
    column: &Option<StrColumn>,
    document: DocId,
    values: &mut Vec<String>,
) -> Result<(), Cause> {
    values.clear();
    let Some(column) = column else {
        return Ok(());
    };
    let mut ords: Vec<u64> = column.term_ords(document).collect();
    ords.sort_unstable();
    ords.dedup();
    for ord in ords {
        let mut text = String::new();
        let read = column.ord_to_str(ord, &mut text);
        read.map_err(|error| unreadable(&text_error(error.into())))?;
        values.push(text);
    }
    Ok(())
}
