//! Fields that hits are sorted by, and nested objects whose values count for what is around them.

use super::segment::{Objects, Values, not_a_number, text_place, turned};
use super::value::{Scale, Summary};
use crate::error::Result;
use crate::search::compile::refused;
use crate::search::shard::Shard;
use crate::snapshot::text_error;
use crate::text::{ID, SEQ_NO};
use crate::values::{DateFormat, ip_key};
use document::{Failure, FieldKind};
use query::{Missing, NestedSort, NumericType, SortMode, SortValue};
use std::borrow::Cow;
use std::sync::Arc;
use tantivy::query::Weight;
use tantivy::{DocId, SegmentReader, TERMINATED};

/// A field of one index.
pub(super) struct FieldSource<'a> {
    pub(super) path: &'a str,
    /// What Elasticsearch calls the sort of values.
    pub(super) type_name: &'static str,
    /// The column's name; none for a field that the mapping does not have.
    pub(super) column: Option<String>,
    /// How numbers are compared and answered; none for strings.
    scale: Option<Scale>,
    /// How the column holds them.
    stored: Option<Scale>,
    /// How dates are read, and written where they are answered as texts.
    pub(super) dates: Option<Dates>,
    /// The least and the greatest number of the field's type, in their order.
    ends: (u64, u64),
    missing: Cow<'a, Missing>,
    /// Whether strings are the keys of addresses of the internet.
    pub(super) addresses: bool,
    mode: Option<SortMode>,
    nested: Option<Nested>,
}

/// The dates of a field.
pub(super) struct Dates {
    pub(super) format: DateFormat,
    /// Whether they are answered in the format.
    pub(super) shown: bool,
}

/// Objects whose values count for the document around them.
struct Nested {
    /// From the outermost objects to those that have the values.
    levels: Vec<Level>,
    documents: Arc<Vec<Vec<DocId>>>,
}

/// Objects of one nested field.
struct Level {
    /// Those that count.
    objects: Box<dyn Weight>,
    /// All of them.
    places: Arc<Vec<Vec<DocId>>>,
}

/// Finds a field of an index.
///
/// # Errors
/// When hits cannot be sorted by it, in Elasticsearch's words.
pub(super) fn field_source<'a>(
    shard: &Shard<'_>,
    (path, unmapped_type): (&'a str, Option<&str>),
    (missing, mode): (&'a Missing, Option<SortMode>),
    (nested, scope): (Option<&'a NestedSort>, Option<&str>),
    format: Option<&str>,
) -> Result<FieldSource<'a>> {
    let snapshot = shard.snapshot;
    let own = match path {
        "_id" => Some((ID, None)),
        "_seq_no" => Some((SEQ_NO, Some(Scale::Unsigned))),
        _ => None,
    };
    if let Some((column, scale)) = own {
        return Ok(FieldSource {
            path,
            type_name: if scale.is_some() { "LONG" } else { "STRING" },
            column: Some(column.to_owned()),
            scale,
            stored: scale,
            dates: None,
            ends: (0, u64::MAX),
            missing: Cow::Borrowed(missing),
            addresses: false,
            mode,
            nested: None,
        });
    }
    let columns = snapshot.fields.get(path);
    let kind = match (columns, unmapped_type) {
        (Some(columns), _) => columns.leaf.kind.clone(),
        (None, Some(name)) => unmapped(name)?,
        (None, None) => {
            let is_binary = snapshot.mapping.get(path).is_some();
            let reason = match is_binary {
                false => {
                    let reason = format!("No mapping found for [{path}] in order to sort on");
                    return Err(refused(snapshot, reason));
                }
                true => no_columns(path, "binary"),
            };
            return Err(Failure::illegal_argument(reason).into());
        }
    };
    let refusal = match &kind {
        FieldKind::Text(_) => Some(format!(
            "Fielddata is disabled on [{path}] in [{}]. Text fields are not optimised for operations that require \
             per-document field data like aggregations and sorting, so these operations are disabled by default. \
             Please use a keyword field instead. Alternatively, set fielddata=true on [{path}] in order to load \
             field data by uninverting the inverted index. Note that this can use significant memory.",
            snapshot.name
        )),
        FieldKind::DenseVector(_) => Some(format!(
            "Field [{path}] of type [dense_vector] doesn't support sort"
        )),
        FieldKind::GeoPoint => Some(
            "can't sort on geo_point or point field without using specific sorting feature, like geo_distance"
                .to_owned(),
        ),
        kind if columns.is_some_and(|columns| !columns.leaf.options.doc_values) => {
            Some(no_columns(path, kind.name()))
        }
        _ => None,
    };
    if let Some(reason) = refusal {
        return Err(Failure::illegal_argument(reason).into());
    }
    let scale = Scale::of(&kind);
    let sums = matches!(mode, Some(SortMode::Sum | SortMode::Avg | SortMode::Median));
    if scale.is_none() && sums {
        let reason = "we only support AVG, MEDIAN and SUM on number based fields";
        return Err(refused(snapshot, reason));
    }
    let own = columns.map_or(scope, |columns| columns.leaf.nested.as_deref());
    // A field within the objects that are sorted has no values of their own.
    let is_within = scope.zip(own).is_some_and(|(scope, own)| {
        let rest = own.strip_prefix(scope);
        rest.is_some_and(|rest| rest.starts_with('.'))
    });
    if nested.is_none() && own != scope && !is_within {
        let reason = format!(
            "it is mandatory to set the [nested] context on the nested sort field: [{path}]."
        );
        return Err(refused(snapshot, reason));
    }
    let nested = nested.map(|nested| objects(shard, nested, scope));
    let nested = nested.transpose()?;
    let own_format = columns.and_then(|columns| columns.leaf.options.format.as_deref());
    Ok(FieldSource {
        path,
        type_name: type_name(&kind),
        column: columns.map(|columns| columns.name.clone()),
        scale,
        stored: scale,
        dates: dates(path, &kind, (format, own_format))?,
        ends: ends(&kind),
        missing: match missing {
            Missing::Value(text) if kind == FieldKind::Ip => {
                let key = ip_key(text).map_err(Failure::illegal_argument)?;
                Cow::Owned(Missing::Value(key))
            }
            missing => Cow::Borrowed(missing),
        },
        addresses: kind == FieldKind::Ip,
        mode,
        nested,
    })
}

fn no_columns(path: &str, kind: &str) -> String {
    format!(
        "Can't load fielddata on [{path}] because fielddata is unsupported on fields of type [{kind}]. Use doc values instead."
    )
}

/// How the dates of a field are read and answered; none for what holds no dates.
fn dates(
    path: &str,
    kind: &FieldKind,
    (given, own): (Option<&str>, Option<&str>),
) -> Result<Option<Dates>> {
    let refusal = match (kind, given) {
        (FieldKind::Date, _) => {
            let format = given.or(own).unwrap_or(DateFormat::DEFAULT);
            return Ok(Some(Dates {
                format: DateFormat::parse(format)?,
                shown: given.is_some(),
            }));
        }
        (_, None) => return Ok(None),
        (FieldKind::Keyword { .. } | FieldKind::Boolean | FieldKind::Ip, Some(_)) => format!(
            "Field [{path}] of type [{}] does not support custom formats",
            kind.name()
        ),
        (_, Some(_)) => "require a date_time formatter; got [decimal]".to_owned(),
    };
    Err(Failure::illegal_argument(refusal).into())
}

/// What Elasticsearch calls the sort of values that a field has.
fn type_name(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Integer | FieldKind::Short | FieldKind::Byte => "INT",
        FieldKind::Float | FieldKind::HalfFloat => "FLOAT",
        FieldKind::Double | FieldKind::ScaledFloat => "DOUBLE",
        FieldKind::Keyword { .. } | FieldKind::Ip => "STRING",
        _ => "LONG",
    }
}

/// The objects whose values count for the documents, or for the objects of `scope` around them.
fn objects(shard: &Shard<'_>, nested: &NestedSort, scope: Option<&str>) -> Result<Nested> {
    let mut levels = Vec::new();
    let mut next = Some(nested);
    while let Some(nested) = next {
        let compiler = shard.compiler();
        let objects = compiler.objects(&nested.path, nested.filter.as_deref())?;
        levels.push(Level {
            objects: shard.weight(&objects, false)?,
            places: shard.snapshot.parts(&nested.path)?,
        });
        next = nested.nested.as_deref();
    }
    Ok(Nested {
        levels,
        documents: shard.snapshot.parts(scope.unwrap_or(crate::text::ITSELF))?,
    })
}

fn unmapped(name: &str) -> Result<FieldKind> {
    let kinds = [
        FieldKind::KEYWORD,
        FieldKind::Long,
        FieldKind::Integer,
        FieldKind::Short,
        FieldKind::Byte,
        FieldKind::UnsignedLong,
        FieldKind::Double,
        FieldKind::Float,
        FieldKind::HalfFloat,
        FieldKind::ScaledFloat,
        FieldKind::Boolean,
        FieldKind::Date,
        FieldKind::Ip,
    ];
    let found = kinds.into_iter().find(|kind| kind.name() == name);
    found.ok_or_else(|| {
        Failure::illegal_argument(format!("No mapper found for type [{name}]")).into()
    })
}

/// The numbers that stand for documents without a value when those come first or last.
fn ends(kind: &FieldKind) -> (u64, u64) {
    let longs = |low: i64, high: i64| (tantivy::i64_to_u64(low), tantivy::i64_to_u64(high));
    match kind {
        FieldKind::Integer | FieldKind::Short | FieldKind::Byte => {
            longs(i32::MIN.into(), i32::MAX.into())
        }
        FieldKind::Double | FieldKind::Float | FieldKind::HalfFloat | FieldKind::ScaledFloat => (
            tantivy::f64_to_u64(f64::NEG_INFINITY),
            tantivy::f64_to_u64(f64::INFINITY),
        ),
        FieldKind::UnsignedLong => (0, u64::MAX),
        _ => longs(i64::MIN, i64::MAX),
    }
}

impl FieldSource<'_> {
    pub(super) fn open(
        &self,
        segment: &SegmentReader,
        number: u32,
        descending: bool,
    ) -> Result<Values> {
        let columns = segment.fast_fields();
        let objects = match &self.nested {
            None => None,
            Some(nested) => Some(nested.open(segment, number)?),
        };
        let Some(scale) = self.scale else {
            let column = match &self.column {
                Some(name) => columns.str(name).map_err(text_error)?,
                None => None,
            };
            let missing = match self.missing.as_ref() {
                // Turned round below when the greatest comes first.
                Missing::Last => u64::MAX,
                Missing::First => 0,
                Missing::Value(text) => turned(text_place(column.as_ref(), text)?, descending),
            };
            return Ok(Values::Strings {
                column,
                missing,
                given: match self.missing.as_ref() {
                    Missing::Value(text) => Some(text.clone()),
                    _ => None,
                },
                greatest: self.takes_greatest(descending),
                objects,
            });
        };
        let column = match &self.column {
            Some(name) => columns.u64_lenient(name).map_err(text_error)?,
            None => None,
        };
        let (low, high) = self.ends;
        let missing = match self.missing.as_ref() {
            Missing::Last if descending => low,
            Missing::Last => high,
            Missing::First if descending => high,
            Missing::First => low,
            Missing::Value(text) => scale
                .place(&SortValue::Text(text.clone()))
                .ok_or_else(|| not_a_number(text))?,
        };
        Ok(Values::Numbers {
            // The column knows how its numbers are written.
            column: column.map(|(column, _)| column),
            scale,
            stored: self.stored.unwrap_or(scale),
            missing,
            greatest: self.takes_greatest(descending),
            summary: match self.mode {
                Some(SortMode::Sum) => Some(Summary::Sum),
                Some(SortMode::Avg) => Some(Summary::Avg),
                Some(SortMode::Median) => Some(Summary::Median),
                _ => None,
            },
            objects,
        })
    }

    /// Compares numbers as another type than the field's own.
    pub(super) fn compare_as(&mut self, wanted: Option<NumericType>) {
        let (scale, name, kind) = match (self.scale, wanted) {
            (None, _) | (_, None) => return,
            (_, Some(NumericType::Double)) => (Scale::Double, "DOUBLE", FieldKind::Double),
            (_, Some(NumericType::Long | NumericType::Date)) => {
                (Scale::Long, "LONG", FieldKind::Long)
            }
        };
        self.scale = Some(scale);
        self.type_name = name;
        self.ends = ends(&kind);
    }

    fn takes_greatest(&self, descending: bool) -> bool {
        match self.mode {
            Some(SortMode::Max) => true,
            Some(SortMode::Min) => false,
            _ => descending,
        }
    }
}

impl Nested {
    fn open(&self, segment: &SegmentReader, number: u32) -> Result<Objects> {
        let mut around: Option<(Vec<DocId>, &[DocId])> = None;
        for level in &self.levels {
            let mut scorer = level.objects.scorer(segment, 1.0).map_err(text_error)?;
            let mut found = Vec::new();
            while scorer.doc() != TERMINATED {
                let object = scorer.doc();
                // An object lies right before the one around it.
                let counts = around.as_ref().is_none_or(|(counting, places)| {
                    let at = places.partition_point(|place| *place < object);
                    let outer = places.get(at);
                    outer.is_some_and(|outer| counting.binary_search(outer).is_ok())
                });
                if counts {
                    found.push(object);
                }
                scorer.advance();
            }
            let places = level.places.get(number as usize);
            around = Some((found, places.map_or(&[], Vec::as_slice)));
        }
        let found = around.map_or(Vec::new(), |(found, _)| found);
        let documents = self.documents.get(number as usize);
        Ok(Objects {
            found,
            documents: documents.cloned().unwrap_or_default(),
        })
    }
}
