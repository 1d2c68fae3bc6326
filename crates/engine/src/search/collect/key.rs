//! What hits are sorted by, index by index and segment by segment.

use super::Wanted;
use super::field::{FieldSource, field_source};
use super::segment::{Computed, Part, SegmentBy, SegmentKeys, Values};
use crate::error::Result;
use crate::search::script::{Documents, Scripted};
use crate::search::shard::Shard;
use crate::snapshot::text_error;
use crate::values::{ip_key, ip_text, plain_date};
use document::{Failure, Phase};
use jiff::tz::TimeZone;
use query::{Sort, SortKey, SortValue};
use script::Context;
use std::cell::RefCell;
use tantivy::SegmentReader;

/// What the hits of one index are sorted by.
pub(super) struct Keys<'a> {
    by: Vec<By<'a>>,
    after: Option<Vec<SortValue>>,
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
                    format,
                    nested,
                    numeric_type,
                } => {
                    let mut source = field_source(
                        shard,
                        (field, unmapped_type.as_deref()),
                        (missing, *mode),
                        (nested.as_ref(), wanted.scope),
                        format.as_deref(),
                    )?;
                    source.compare_as(*numeric_type);
                    Source::Field(source)
                }
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
        let by = by.collect::<Result<Vec<_>>>()?;
        let read = |(by, value): (&By<'_>, &SortValue)| by.source.read(value);
        let after = wanted.search_after;
        let after = after.map(|values| by.iter().zip(values).map(read).collect());
        Ok(Self {
            after: after.transpose()?,
            by,
        })
    }

    /// Checks that the values of another index can be compared with these.
    ///
    /// # Errors
    /// In Elasticsearch's words.
    pub(super) fn check(&self, other: &Keys<'_>) -> Result<()> {
        for (own, other) in self.by.iter().zip(&other.by) {
            let (Source::Field(own), Source::Field(other)) = (&own.source, &other.source) else {
                continue;
            };
            // Whole numbers of any length are compared with each other.
            let class = |name: &'static str| if name == "INT" { "LONG" } else { name };
            if class(own.type_name) != class(other.type_name) {
                let path = other.column.as_ref().map_or("__anonymous_", |_| other.path);
                let reason = format!(
                    "Can't sort on field [{path}]; the field has incompatible sort types: [{}] and [{}] across shards!",
                    own.type_name, other.type_name
                );
                let failure = Failure::illegal_argument(reason);
                return Err(failure.in_phase(Phase::Merge).into());
            }
        }
        Ok(())
    }

    /// Writes the values of a hit as they are answered.
    pub(super) fn show(&self, values: &mut [SortValue]) {
        for (by, value) in self.by.iter().zip(values) {
            let Source::Field(source) = &by.source else {
                continue;
            };
            match value {
                SortValue::Long(ms) => {
                    if let Some(dates) = source.dates.as_ref().filter(|dates| dates.shown) {
                        *value = SortValue::Text(dates.format.print(*ms, &TimeZone::UTC));
                    }
                }
                SortValue::Text(key) if source.addresses => *key = ip_text(key),
                _ => {}
            }
        }
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
        let after = match &self.after {
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

impl Source<'_> {
    /// Reads a value that a client gave back.
    fn read(&self, value: &SortValue) -> Result<SortValue> {
        let Self::Field(source) = self else {
            return Ok(value.clone());
        };
        Ok(match (value, &source.dates) {
            (SortValue::Text(text), Some(dates)) => {
                SortValue::Long(plain_date(&dates.format, text, &TimeZone::UTC, false)?)
            }
            (SortValue::Text(text), None) if source.addresses => {
                SortValue::Text(ip_key(text).map_err(Failure::illegal_argument)?)
            }
            (SortValue::Text(text), None) if source.type_name == "LONG" => match text.as_str() {
                "true" => SortValue::Boolean(true),
                "false" => SortValue::Boolean(false),
                _ => value.clone(),
            },
            _ => value.clone(),
        })
    }

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
