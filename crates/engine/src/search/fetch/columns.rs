//! Fields that are answered with a hit, from their columns.

use super::values::own_format;
use crate::aggregate::DecimalFormat;
use crate::error::{EngineError, Result};
use crate::search::compile::fits;
use crate::search::shard::column_error;
use crate::snapshot::{Snapshot, text_error};
use crate::text::{Columns, IGNORED, SEQ_NO};
use crate::values::{DateFormat, ip_text};
use document::{Failure, FieldKind, Json, Leaf};
use jiff::tz::TimeZone;
use query::FieldFetch;
use serde_json::{Value, json};
use tantivy::columnar::StrColumn;
use tantivy::{DocAddress, SegmentReader};

/// Answers the values of a document's columns.
///
/// # Errors
/// When a field has no column that could be answered, or a format is none.
pub(super) fn column_values(
    snapshot: &Snapshot,
    asked: &[FieldFetch],
    address: DocAddress,
) -> Result<Vec<(String, Vec<Json>)>> {
    let mut out: Vec<(String, Vec<Json>)> = Vec::new();
    let segment = snapshot.searcher.segment_reader(address.segment_ord);
    for asked in asked {
        match asked.field.as_str() {
            "_index" => out.push(("_index".to_owned(), vec![json!(snapshot.name).into()])),
            "_id" => {
                let reason = "Fielddata access on the _id field is disallowed, you can re-enable it by updating the dynamic cluster setting: indices.id_field_data.enabled";
                return Err(Failure::illegal_argument(reason).into());
            }
            "_seq_no" => {
                let column = segment.fast_fields().column_opt::<u64>(SEQ_NO);
                let column = column.map_err(text_error)?;
                let number = column.and_then(|column| column.first(address.doc_id));
                out.extend(number.map(|number| ("_seq_no".to_owned(), vec![json!(number).into()])));
            }
            pattern => {
                let fields = snapshot.fields.iter();
                let fitting = fields.filter(|columns| fits(pattern, &columns.leaf.path));
                for columns in fitting {
                    let values = read(snapshot, columns, asked, (segment, address.doc_id))?;
                    if !values.is_empty() {
                        let values = values.into_iter().map(Json).collect();
                        out.push((columns.leaf.path.clone(), values));
                    }
                }
            }
        }
    }
    Ok(out)
}

/// Answers the paths of the fields that had values which were left out, sorted.
pub(super) fn ignored(snapshot: &Snapshot, address: DocAddress) -> Result<Vec<String>> {
    let segment = snapshot.searcher.segment_reader(address.segment_ord);
    match segment.fast_fields().str(IGNORED).map_err(text_error)? {
        Some(column) => texts(&column, address.doc_id),
        None => Ok(Vec::new()),
    }
}

/// Answers the texts of a document's column, each once, sorted.
fn texts(column: &StrColumn, document: u32) -> Result<Vec<String>> {
    let mut ords: Vec<u64> = column.term_ords(document).collect();
    ords.sort_unstable();
    ords.dedup();
    let text = |ord: u64| {
        let mut text = String::new();
        column.ord_to_str(ord, &mut text).map_err(column_error)?;
        Ok(text)
    };
    ords.into_iter().map(text).collect()
}

fn read(
    snapshot: &Snapshot,
    columns: &Columns,
    asked: &FieldFetch,
    (segment, document): (&SegmentReader, u32),
) -> Result<Vec<Value>> {
    let leaf = &columns.leaf;
    let fast = segment.fast_fields();
    let shown = ShownColumn::new(leaf, asked.format.as_deref())?;
    let refuse =
        |reason: String| Err::<Vec<Value>, EngineError>(Failure::illegal_argument(reason).into());
    if !leaf.options.doc_values && !matches!(leaf.kind, FieldKind::Text(_)) {
        return refuse(format!(
            "Can't load fielddata on [{}] because fielddata is unsupported on fields of type [{}]. Use doc values instead.",
            leaf.path,
            leaf.kind.name()
        ));
    }
    match &leaf.kind {
        FieldKind::Text(_) => refuse(format!(
            "Fielddata is disabled on [{0}] in [{1}]. Text fields are not optimised for operations that require \
             per-document field data like aggregations and sorting, so these operations are disabled by default. \
             Please use a keyword field instead. Alternatively, set fielddata=true on [{0}] in order to load field \
             data by uninverting the inverted index. Note that this can use significant memory.",
            leaf.path, snapshot.name
        )),
        FieldKind::Keyword { .. } => {
            let Some(column) = fast.str(&columns.name).map_err(text_error)? else {
                return Ok(Vec::new());
            };
            let texts = texts(&column, document)?;
            Ok(texts.into_iter().map(Value::String).collect())
        }
        FieldKind::Ip => {
            let Some(column) = fast.str(&columns.name).map_err(text_error)? else {
                return Ok(Vec::new());
            };
            let keys = texts(&column, document)?.into_iter();
            Ok(keys.map(|key| Value::String(ip_text(&key))).collect())
        }
        FieldKind::Double | FieldKind::Float | FieldKind::HalfFloat | FieldKind::ScaledFloat => {
            let column = fast.column_opt::<f64>(&columns.name).map_err(text_error)?;
            let mut values: Vec<f64> = column
                .iter()
                .flat_map(|column| column.values_for_doc(document))
                .collect();
            values.sort_unstable_by(f64::total_cmp);
            Ok(values
                .into_iter()
                .map(|value| shown.double(value))
                .collect())
        }
        FieldKind::GeoPoint => {
            let latitude = fast.column_opt::<f64>(&columns.name).map_err(text_error)?;
            let longitude = match columns.longitude {
                Some(field) => {
                    let name = segment.schema().get_field_name(field);
                    fast.column_opt::<f64>(name).map_err(text_error)?
                }
                None => None,
            };
            let Some((latitude, longitude)) = latitude.zip(longitude) else {
                return Ok(Vec::new());
            };
            let points = latitude
                .values_for_doc(document)
                .zip(longitude.values_for_doc(document));
            Ok(points
                .map(|(latitude, longitude)| {
                    let (latitude, longitude) = (kept(latitude, 180.0), kept(longitude, 360.0));
                    json!(format!("{latitude:?}, {longitude:?}"))
                })
                .collect())
        }
        FieldKind::DenseVector(_) => {
            let column = fast.column_opt::<u64>(&columns.name).map_err(text_error)?;
            let slot = column.and_then(|column| column.first(document));
            let view = snapshot.vectors.get(&leaf.path);
            let row = slot.zip(view).and_then(|(slot, view)| {
                let row = view.rows.row(slot as u32)?;
                Some(json!(row))
            });
            Ok(row.into_iter().collect())
        }
        FieldKind::UnsignedLong => {
            let column = fast.u64_lenient(&columns.name).map_err(text_error)?;
            let values = column
                .iter()
                .flat_map(|(column, _)| column.values_for_doc(document));
            Ok(values.map(|value| shown.unsigned(value)).collect())
        }
        kind => {
            let column = fast.column_opt::<i64>(&columns.name).map_err(text_error)?;
            let mut values: Vec<i64> = column
                .iter()
                .flat_map(|column| column.values_for_doc(document))
                .collect();
            values.sort_unstable();
            let show = |value: i64| match kind {
                FieldKind::Boolean => json!(value != 0),
                _ => shown.whole(value),
            };
            Ok(values.into_iter().map(show).collect())
        }
    }
}

/// A coordinate as Lucene keeps it: cut off to one of 2^32 steps of the `whole` span around 0.
fn kept(degrees: f64, whole: f64) -> f64 {
    let step = whole / 4_294_967_296.0;
    let last = f64::from(i32::MAX);
    (degrees / step).floor().min(last) * step
}

/// How the values of a column are shown.
enum ShownColumn {
    Plain,
    Dates(DateFormat),
    Decimal(DecimalFormat),
}

impl ShownColumn {
    /// Shows dates and numbers in a format where one is given.
    fn new(leaf: &Leaf, format: Option<&str>) -> Result<Self> {
        match (&leaf.kind, format) {
            (FieldKind::Date, format) => {
                let format = format.unwrap_or_else(|| own_format(leaf));
                Ok(Self::Dates(DateFormat::parse(format)?))
            }
            (_, None) => Ok(Self::Plain),
            (
                FieldKind::Boolean
                | FieldKind::Keyword { .. }
                | FieldKind::Ip
                | FieldKind::GeoPoint
                | FieldKind::DenseVector(_),
                Some(_),
            ) => Err(Failure::illegal_argument(format!(
                "Field [{}] of type [{}] does not support custom formats",
                leaf.path,
                leaf.kind.name()
            ))
            .into()),
            (_, Some(format)) => Ok(Self::Decimal(DecimalFormat::new(format)?)),
        }
    }

    fn whole(&self, value: i64) -> Value {
        match self {
            Self::Plain => json!(value),
            Self::Dates(format) => Value::String(format.print(value, &TimeZone::UTC)),
            Self::Decimal(format) => Value::String(format.whole(value)),
        }
    }

    fn unsigned(&self, value: u64) -> Value {
        match (self, i64::try_from(value)) {
            (Self::Decimal(_), Ok(value)) => self.whole(value),
            (Self::Decimal(format), Err(_)) => Value::String(format.text(value as f64)),
            _ => json!(value),
        }
    }

    fn double(&self, value: f64) -> Value {
        match self {
            Self::Decimal(format) => Value::String(format.text(value)),
            _ => json!(value),
        }
    }
}
