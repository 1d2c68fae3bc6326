//! The field whose values an aggregation works on, in each of the indices.

use super::columns::{Class, Column};
use super::decimal::DecimalFormat;
use super::format::{Dates, Format};
use super::node::Segment;
use crate::error::Result;
use crate::snapshot::Snapshot;
use crate::text::SEQ_NO;
use crate::values::{DateFormat, half, time_zone};
use document::{Failure, FieldKind};
use jiff::tz::TimeZone;
use query::{ValueType, Values};

/// A field and how its values are written.
pub(super) struct Field {
    /// By the number of the index.
    sources: Vec<Option<Source>>,
    /// What the values are, over all indices: numbers with a fraction where any of them has one; none when no index has
    /// the field.
    pub(super) class: Option<Class>,
    pub(super) format: Format,
    pub(super) precision: Precision,
    /// The value of documents without one, as it was given.
    pub(super) missing: Option<String>,
}

/// Where an index has a field.
#[derive(Debug, Clone)]
enum Source {
    Column {
        name: String,
        class: Class,
    },
    /// The same text for every document.
    Constant(String),
}

/// How exactly numbers with a fraction are kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Precision {
    Exact,
    Float,
    HalfFloat,
    Scaled(f64),
}

impl Precision {
    /// Answers a number as it is kept.
    pub(super) fn of(self, number: f64) -> f64 {
        match self {
            Self::Exact => number,
            Self::Float => f64::from(number as f32),
            Self::HalfFloat => half(number as f32),
            Self::Scaled(_) if !number.is_finite() => number,
            Self::Scaled(factor) => (number * factor).round() / factor,
        }
    }
}

/// What an aggregation can work on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accepts {
    /// Numbers, dates and booleans.
    Numbers,
    /// Texts too.
    Keys,
    /// Everything that has values.
    Anything,
}

/// What is asked of a field.
pub(super) struct Wanted<'a> {
    pub(super) values: &'a Values,
    /// The aggregation's name and type, for errors.
    pub(super) aggregation: (&'a str, &'a str),
    pub(super) accepts: Accepts,
    /// Whether values are dates where no index has the field.
    pub(super) dates: bool,
    pub(super) time_zone: Option<&'a str>,
    pub(super) now_ms: i64,
}

impl Field {
    /// Looks a field up.
    ///
    /// # Errors
    /// In Elasticsearch's words, when its type has no values for the aggregation, or the format does not fit.
    pub(super) fn new(wanted: &Wanted<'_>, snapshots: &[&Snapshot]) -> Result<Self> {
        let mut sources = Vec::with_capacity(snapshots.len());
        let mut first: Option<(&Snapshot, FieldKind)> = None;
        let mut class = None;
        for snapshot in snapshots {
            let Some((source, kind)) = find(wanted, snapshot)? else {
                sources.push(None);
                continue;
            };
            let found = match &source {
                Source::Constant(_) => Class::Strings,
                // Numbers of writes fill no more than what a long holds.
                Source::Column { .. } if wanted.values.field == "_seq_no" => Class::Longs,
                Source::Column { class, .. } => *class,
            };
            class = Some(match class {
                None => found,
                Some(known) => joined(known, found, wanted)?,
            });
            first.get_or_insert((*snapshot, kind));
            sources.push(Some(source));
        }
        let (format, precision) = match &first {
            Some((snapshot, kind)) => (
                format(wanted, snapshot, kind)?,
                precision(wanted, snapshot, kind),
            ),
            None => {
                class = wanted.values.value_type.map(class_of);
                (unmapped(wanted)?, Precision::Exact)
            }
        };
        Ok(Self {
            sources,
            class,
            format,
            precision,
            missing: wanted.values.missing.clone(),
        })
    }

    /// Opens the column in a segment. A field that is the same for all documents of the index is answered as text.
    pub(super) fn open(&self, segment: &Segment<'_>) -> Result<(Column, Option<&str>)> {
        match self.sources.get(segment.number).and_then(Option::as_ref) {
            None => Ok((Column::Empty, None)),
            Some(Source::Constant(text)) => Ok((Column::Empty, Some(text))),
            Some(Source::Column { name, class }) => {
                Ok((Column::open(segment.reader, name, *class)?, None))
            }
        }
    }

    /// Whether values are texts.
    pub(super) fn is_text(&self) -> bool {
        self.class == Some(Class::Strings)
    }

    /// The number that stands for the values of documents without one.
    ///
    /// # Errors
    /// When what was given is no number.
    pub(super) fn missing_number(&self) -> Result<Option<f64>> {
        self.missing
            .as_deref()
            .map(|text| self.format.read(text))
            .transpose()
    }
}

/// Finds the column of an index; none when it does not have the field.
fn find(wanted: &Wanted<'_>, snapshot: &Snapshot) -> Result<Option<(Source, FieldKind)>> {
    let path = wanted.values.field.as_str();
    let refuse = |reason: String| {
        Err(Failure::illegal_argument(reason)
            .in_index(&snapshot.name)
            .into())
    };
    let (name, kind) = wanted.aggregation;
    let unsupported = |field_type: &str| {
        refuse(format!(
            "Field [{path}] of type [{field_type}] is not supported for aggregation [{kind}]"
        ))
    };
    let no_columns = |field_type: &str| {
        refuse(format!(
            "Can't load fielddata on [{path}] because fielddata is unsupported on fields of type [{field_type}]. Use \
             doc values instead."
        ))
    };
    match path {
        "_id" => {
            return refuse(
                "Fielddata access on the _id field is disallowed, you can re-enable it by updating the dynamic cluster \
                 setting: indices.id_field_data.enabled"
                    .to_owned(),
            );
        }
        "_index" if wanted.accepts == Accepts::Numbers => return unsupported("_index"),
        "_index" => {
            let source = Source::Constant(snapshot.name.clone());
            return Ok(Some((source, FieldKind::KEYWORD)));
        }
        "_seq_no" => {
            let source = Source::Column {
                name: SEQ_NO.to_owned(),
                class: Class::Unsigned,
            };
            return Ok(Some((source, FieldKind::Long)));
        }
        "_version" | "_primary_term" | "_source" | "_routing" => return unsupported(path),
        _ => {}
    }
    let Some(columns) = snapshot.fields.get(path) else {
        return match snapshot.mapping.get(path).map(|field| &field.kind) {
            Some(FieldKind::Binary) => no_columns("binary"),
            _ => Ok(None),
        };
    };
    let leaf = &columns.leaf;
    if let (FieldKind::Keyword { .. } | FieldKind::Ip, Some(value_type)) =
        (&leaf.kind, wanted.values.value_type)
        && value_type != ValueType::Text
    {
        return refuse(format!(
            "Field type [{}] is incompatible with specified value_type [{}]",
            leaf.kind.name(),
            described(value_type)
        ));
    }
    if let FieldKind::Text(_) = leaf.kind {
        return refuse(format!(
            "Fielddata is disabled on [{path}] in [{}]. Text fields are not optimised for operations that require \
             per-document field data like aggregations and sorting, so these operations are disabled by default. \
             Please use a keyword field instead. Alternatively, set fielddata=true on [{path}] in order to load field \
             data by uninverting the inverted index. Note that this can use significant memory.",
            snapshot.name
        ));
    }
    if !leaf.options.doc_values || leaf.kind == FieldKind::RankFeatures {
        return no_columns(leaf.kind.name());
    }
    let class = match (&leaf.kind, wanted.accepts) {
        (FieldKind::DenseVector(_), Accepts::Numbers) => return unsupported("dense_vector"),
        (FieldKind::DenseVector(_), _) if kind == "cardinality" => {
            return refuse(format!(
                "Cardinality aggregation [{name}] does not support vector fields"
            ));
        }
        (FieldKind::DenseVector(_), _) => {
            return refuse(
                "String representation of doc values for vector fields is not supported".to_owned(),
            );
        }
        (kind @ (FieldKind::Keyword { .. } | FieldKind::Ip), Accepts::Numbers) => {
            return unsupported(kind.name());
        }
        (FieldKind::Keyword { .. } | FieldKind::Ip, _) => Class::Strings,
        (FieldKind::GeoPoint, Accepts::Anything) => Class::Doubles,
        (FieldKind::GeoPoint, _) => return unsupported("geo_point"),
        (FieldKind::UnsignedLong, _) => Class::Unsigned,
        (
            FieldKind::Double | FieldKind::Float | FieldKind::HalfFloat | FieldKind::ScaledFloat,
            _,
        ) => Class::Doubles,
        _ => Class::Longs,
    };
    let source = Source::Column {
        name: columns.name.clone(),
        class,
    };
    Ok(Some((source, leaf.kind.clone())))
}

/// A type of values as Elasticsearch names it.
fn described(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::Text => "string",
        ValueType::Long => "byte|short|integer|long",
        ValueType::Double => "float|double",
        ValueType::Date => "date",
        ValueType::Boolean => "boolean",
    }
}

/// What values are that are of one class in one index and of another in the next.
fn joined(left: Class, right: Class, wanted: &Wanted<'_>) -> Result<Class> {
    match (left, right) {
        (left, right) if left == right => Ok(left),
        (Class::Strings, _) | (_, Class::Strings) if wanted.aggregation.1 == "terms" => {
            let (name, _) = wanted.aggregation;
            Err(Failure::illegal_argument(format!(
                "Merging/Reducing the aggregations failed when computing the aggregation [{name}] because the field \
                 you gave in the aggregation query existed as two different types in two different indices"
            ))
            .into())
        }
        _ => Ok(Class::Doubles),
    }
}

fn format(wanted: &Wanted<'_>, snapshot: &Snapshot, kind: &FieldKind) -> Result<Format> {
    let given = wanted.values.format.as_deref();
    let fixed = |format| match given {
        None => Ok(format),
        Some(_) => Err(Failure::illegal_argument(format!(
            "Field [{}] of type [{}] does not support custom formats",
            wanted.values.field,
            kind.name()
        ))
        .in_index(&snapshot.name)
        .into()),
    };
    match kind {
        FieldKind::Date => {
            let own = snapshot
                .fields
                .get(&wanted.values.field)
                .and_then(|columns| columns.leaf.options.format.as_deref());
            dates(wanted, given.or(own))
        }
        FieldKind::Boolean => fixed(Format::Boolean),
        FieldKind::Keyword { .. } | FieldKind::GeoPoint => fixed(Format::Raw),
        FieldKind::Ip => fixed(Format::Addresses),
        _ => decimal(given),
    }
}

fn unmapped(wanted: &Wanted<'_>) -> Result<Format> {
    let given = wanted.values.format.as_deref();
    match wanted.values.value_type {
        Some(ValueType::Date) => dates(wanted, given),
        Some(ValueType::Boolean) => Ok(Format::Boolean),
        _ if wanted.dates => dates(wanted, given),
        _ => decimal(given),
    }
}

fn class_of(value_type: ValueType) -> Class {
    match value_type {
        ValueType::Text => Class::Strings,
        ValueType::Double => Class::Doubles,
        ValueType::Long | ValueType::Date | ValueType::Boolean => Class::Longs,
    }
}

fn decimal(pattern: Option<&str>) -> Result<Format> {
    Ok(match pattern {
        None => Format::Raw,
        Some(pattern) => Format::Decimal(DecimalFormat::new(pattern)?),
    })
}

fn dates(wanted: &Wanted<'_>, format: Option<&str>) -> Result<Format> {
    let zone = match wanted.time_zone {
        None => TimeZone::UTC,
        Some(name) => time_zone(name)?,
    };
    Ok(Format::Date(Dates {
        format: DateFormat::parse(format.unwrap_or(DateFormat::DEFAULT))?,
        zone,
        now_ms: wanted.now_ms,
    }))
}

fn precision(wanted: &Wanted<'_>, snapshot: &Snapshot, kind: &FieldKind) -> Precision {
    match kind {
        FieldKind::Float => Precision::Float,
        FieldKind::HalfFloat => Precision::HalfFloat,
        FieldKind::ScaledFloat => {
            let columns = snapshot.fields.get(&wanted.values.field);
            let factor = columns.and_then(|columns| columns.leaf.options.scaling_factor);
            factor.map_or(Precision::Exact, Precision::Scaled)
        }
        _ => Precision::Exact,
    }
}
