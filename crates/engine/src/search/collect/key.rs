//! What hits are sorted by, index by index and segment by segment.

use super::Wanted;
use super::segment::{
    Computed, Objects, Part, SegmentBy, SegmentKeys, Values, not_a_number, text_place, turned,
};
use super::value::{Scale, Summary};
use crate::error::Result;
use crate::search::compile::refused;
use crate::search::script::{Documents, Scripted};
use crate::search::shard::Shard;
use crate::snapshot::text_error;
use crate::text::{ID, SEQ_NO};
use document::{Failure, FieldKind};
use query::{Missing, NestedSort, Sort, SortKey, SortMode, SortValue};
use script::Context;
use std::cell::RefCell;
use std::sync::Arc;
use tantivy::query::Weight;
use tantivy::{DocId, SegmentReader, TERMINATED};

/// What the hits of one index are sorted by.
pub(super) struct Keys<'a> {
    by: Vec<By<'a>>,
    after: Option<&'a [SortValue]>,
}

/// One thing that hits are sorted by.
struct By<'a> {
    source: Source<'a>,
    descending: bool,
}

enum Source<'a> {
    Score,
    Doc,
    Index(String),
    /// A script, and whether it computes a number.
    Script(Scripted, bool),
    Field(FieldSource<'a>),
}

struct FieldSource<'a> {
    path: &'a str,
    /// The column's name; none for a field that the mapping does not have.
    column: Option<String>,
    /// How numbers are written; none for strings.
    scale: Option<Scale>,
    /// The least and the greatest number of the field's type, in their order.
    ends: (u64, u64),
    missing: &'a Missing,
    mode: Option<SortMode>,
    nested: Option<Nested>,
}

/// Objects whose values count for the document around them.
struct Nested {
    objects: Box<dyn Weight>,
    documents: Arc<Vec<Vec<DocId>>>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(shard: &Shard<'_>, wanted: &Wanted<'a>) -> Result<Self> {
        let score = Sort {
            key: SortKey::Score,
            descending: true,
        };
        if wanted.sort.is_empty() {
            return Ok(Self {
                by: vec![By {
                    source: Source::Score,
                    descending: score.descending,
                }],
                after: None,
            });
        }
        let by = wanted.sort.iter().map(|sort| {
            let source = match &sort.key {
                SortKey::Score => Source::Score,
                SortKey::Doc => Source::Doc,
                SortKey::Field { field, .. } if field == "_index" => {
                    Source::Index(shard.snapshot.name.clone())
                }
                SortKey::Field {
                    field,
                    missing,
                    mode,
                    unmapped_type,
                    nested,
                    ..
                } => Source::Field(field_source(
                    shard,
                    (field, unmapped_type.as_deref()),
                    (missing, *mode),
                    (nested.as_ref(), wanted.scope),
                )?),
                SortKey::Script { script, number } => {
                    let scripted = Scripted::new(shard.snapshot, script, Context::Field);
                    Source::Script(scripted?, *number)
                }
            };
            Ok(By {
                source,
                descending: sort.descending,
            })
        });
        Ok(Self {
            by: by.collect::<Result<_>>()?,
            after: wanted.search_after,
        })
    }

    /// Opens what a segment's matches are sorted by; `number` is the segment's, and `base` counts the places before it.
    pub(super) fn of_segment(
        &self,
        segment: &SegmentReader,
        (number, base): (u32, u64),
    ) -> Result<SegmentKeys> {
        let open = |by: &By<'a>| -> Result<SegmentBy> {
            let values = match &by.source {
                Source::Score => Values::Score,
                Source::Doc => Values::Doc { base },
                Source::Index(name) => Values::Same(SortValue::Text(name.clone())),
                Source::Script(scripted, is_number) => Values::Script {
                    computed: Box::new(RefCell::new(Computed {
                        runner: scripted.bound.runner(),
                        documents: Documents::new(scripted, segment, false).map_err(text_error)?,
                    })),
                    number: *is_number,
                },
                Source::Field(source) => source.open(segment, number, by.descending)?,
            };
            Ok(SegmentBy {
                values,
                descending: by.descending,
            })
        };
        let by = self.by.iter().map(open).collect::<Result<Vec<_>>>()?;
        let after = match self.after {
            None => None,
            Some(values) => {
                let place = |(by, (source, value)): (&SegmentBy, (&By<'_>, &SortValue))| {
                    by.part_of(value, source.source.name())
                };
                let pairs = by.iter().zip(self.by.iter().zip(values));
                Some(pairs.map(place).collect::<Result<Vec<Part>>>()?)
            }
        };
        Ok(SegmentKeys { by, after })
    }
}

fn field_source<'a>(
    shard: &Shard<'_>,
    (path, unmapped_type): (&'a str, Option<&str>),
    (missing, mode): (&'a Missing, Option<SortMode>),
    (nested, scope): (Option<&'a NestedSort>, Option<&str>),
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
            column: Some(column.to_owned()),
            scale,
            ends: (0, u64::MAX),
            missing,
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
    if nested.is_none() && own != scope {
        let reason = format!(
            "it is mandatory to set the [nested] context on the nested sort field: [{path}]."
        );
        return Err(refused(snapshot, reason));
    }
    let nested = nested.map(|nested| objects(shard, nested)).transpose()?;
    Ok(FieldSource {
        path,
        column: columns.map(|columns| columns.name.clone()),
        scale,
        ends: ends(&kind),
        missing,
        mode,
        nested,
    })
}

fn no_columns(path: &str, kind: &str) -> String {
    format!(
        "Can't load fielddata on [{path}] because fielddata is unsupported on fields of type [{kind}]. Use doc values instead."
    )
}

fn objects(shard: &Shard<'_>, nested: &NestedSort) -> Result<Nested> {
    let query = shard
        .compiler()
        .objects(&nested.path, nested.filter.as_deref())?;
    Ok(Nested {
        objects: shard.weight(&query, false)?,
        documents: shard.snapshot.parts(crate::text::ITSELF)?,
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

impl Source<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Score => "_score",
            Self::Doc => "_doc",
            Self::Index(_) => "_index",
            Self::Script(..) => "_script",
            Self::Field(field) => field.path,
        }
    }
}

impl FieldSource<'_> {
    fn open(&self, segment: &SegmentReader, number: u32, descending: bool) -> Result<Values> {
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
            let missing = match self.missing {
                // Turned round below when the greatest comes first.
                Missing::Last => u64::MAX,
                Missing::First => 0,
                Missing::Value(text) => turned(text_place(column.as_ref(), text)?, descending),
            };
            return Ok(Values::Strings {
                column,
                missing,
                given: match self.missing {
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
        let missing = match self.missing {
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
        let mut scorer = self.objects.scorer(segment, 1.0).map_err(text_error)?;
        let mut found = Vec::new();
        while scorer.doc() != TERMINATED {
            found.push(scorer.doc());
            scorer.advance();
        }
        let documents = self.documents.get(number as usize);
        Ok(Objects {
            found,
            documents: documents.cloned().unwrap_or_default(),
        })
    }
}
