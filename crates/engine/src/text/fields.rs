//! Which `tantivy` field holds which mapped field.
//!
//! `tantivy` fixes its schema when an index is made and Elasticsearch's mappings grow, so the schema is a pool of
//! spare fields of each kind, given out as the mapping asks for them. When a pool is empty the index is made again
//! from the truth with a larger one.

use document::{FieldKind, Leaf};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};

/// How many fields of each kind the schema has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pools {
    text: u32,
    keyword: u32,
    long: u32,
    unsigned: u32,
    double: u32,
    geo: u32,
    slot: u32,
}

impl Pools {
    /// Sizes for which an index of few fields costs nothing to speak of: 500 unused fields with norms take 50 MB per
    /// 100,000 documents, so text, the one kind with norms, starts small.
    pub(crate) const START: Self = Self {
        text: 32,
        keyword: 64,
        long: 64,
        unsigned: 8,
        double: 64,
        geo: 8,
        slot: 16,
    };

    fn size(&mut self, kind: Kind) -> &mut u32 {
        match kind {
            Kind::Text => &mut self.text,
            Kind::Keyword => &mut self.keyword,
            Kind::Long => &mut self.long,
            Kind::Unsigned => &mut self.unsigned,
            Kind::Double => &mut self.double,
            Kind::Geo => &mut self.geo,
            Kind::Slot => &mut self.slot,
        }
    }
}

/// The kinds of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Text,
    Keyword,
    /// Whole numbers, dates as milliseconds since 1970, and false and true as 0 and 1.
    Long,
    /// Whole numbers of 64 bits without a sign.
    Unsigned,
    Double,
    Geo,
    /// The slot of a document's vector.
    Slot,
}

impl Kind {
    fn of(field: &FieldKind) -> Option<Self> {
        match field {
            FieldKind::Text(_) => Some(Self::Text),
            FieldKind::Keyword { .. } | FieldKind::Ip | FieldKind::RankFeatures => {
                Some(Self::Keyword)
            }
            FieldKind::Long
            | FieldKind::Integer
            | FieldKind::Short
            | FieldKind::Byte
            | FieldKind::Date
            | FieldKind::Boolean => Some(Self::Long),
            FieldKind::UnsignedLong => Some(Self::Unsigned),
            FieldKind::Double
            | FieldKind::Float
            | FieldKind::HalfFloat
            | FieldKind::ScaledFloat => Some(Self::Double),
            FieldKind::GeoPoint => Some(Self::Geo),
            FieldKind::DenseVector(_) => Some(Self::Slot),
            FieldKind::Binary | FieldKind::Image(_) => None,
        }
    }

    fn column(self, number: u32) -> String {
        let kind = match self {
            Self::Text => "text",
            Self::Keyword => "keyword",
            Self::Long => "long",
            Self::Unsigned => "unsigned",
            Self::Double => "double",
            Self::Geo => "lat",
            Self::Slot => "slot",
        };
        format!("{kind}{number}")
    }
}

/// The `tantivy` fields of one mapped field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Columns {
    pub(crate) leaf: Leaf,
    /// The field; of a geo_point the latitude.
    pub(crate) field: Field,
    /// The field's name in the schema, by which columns are opened.
    pub(crate) name: String,
    /// The longitude of a geo_point.
    pub(crate) longitude: Option<Field>,
    /// How many terms a document has, of a text: `tantivy` only estimates them once documents were deleted.
    pub(crate) lengths: Option<Field>,
}

/// What is written beside each commit, so that fields are found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Assignment {
    pub(super) pools: Pools,
    pub(super) fields: BTreeMap<String, (Kind, u32)>,
}

/// Which `tantivy` field holds which mapped field.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    /// The document's id; nested objects have none.
    pub(crate) id: Field,
    /// The id of the document to which a part belongs; the document itself has it too.
    pub(crate) root: Field,
    /// The full path of a nested object, or [`ITSELF`] for the document itself.
    pub(crate) nested: Field,
    /// The number of the write that made the document.
    pub(crate) seq_no: Field,
    /// The paths of the fields, and of the objects around them, in which the document or nested object itself has a
    /// value.
    pub(crate) names: Field,
    /// The paths of the fields that had values which were left out.
    pub(crate) ignored: Field,
    assignment: Assignment,
    columns: BTreeMap<String, Columns>,
}

/// The name of the column of ids.
pub(crate) const ID: &str = "_id";
/// The name of the column of seq_nos.
pub(crate) const SEQ_NO: &str = "_seq_no";
/// The name of the field that says to which document a part belongs.
const ROOT: &str = "_root";
/// The name of the column that says which nested object a part is.
pub(crate) const NESTED: &str = "_nested";
/// The name of the column of fields whose values were left out.
pub(crate) const IGNORED: &str = "_ignored";
/// What [`NESTED`] says of the document itself.
pub(crate) const ITSELF: &str = ".";

impl Fields {
    pub(crate) fn new(pools: Pools) -> Self {
        Self::with(Assignment {
            pools,
            fields: BTreeMap::new(),
        })
    }

    pub(super) fn with(assignment: Assignment) -> Self {
        let mut builder = Schema::builder();
        let id = builder.add_text_field(ID, keyword(true));
        let seq_no = builder.add_u64_field(SEQ_NO, FAST);
        let root = builder.add_text_field(ROOT, keyword(false));
        let nested = builder.add_text_field(NESTED, keyword(true));
        let names = builder.add_text_field("_field_names", keyword(false));
        let ignored = builder.add_text_field(IGNORED, keyword(true));
        add_pools(&mut builder, assignment.pools);
        let schema = builder.build();
        Self {
            schema,
            id,
            root,
            nested,
            seq_no,
            names,
            ignored,
            assignment,
            columns: BTreeMap::new(),
        }
    }

    pub(super) fn assignment(&self) -> &Assignment {
        &self.assignment
    }

    /// Gives every leaf its field.
    ///
    /// # Errors
    /// When a pool is too small: the pools with which every leaf would get one.
    pub(crate) fn assign(&mut self, leaves: &[Arc<Leaf>]) -> Result<(), Pools> {
        let mut pools = self.assignment.pools;
        let mut too_small = false;
        for leaf in leaves {
            let Some(kind) = Kind::of(&leaf.kind) else {
                continue;
            };
            let number = match self.assignment.fields.get(&leaf.path) {
                Some((_, number)) => *number,
                None => {
                    let used = self
                        .assignment
                        .fields
                        .values()
                        .filter(|(k, _)| *k == kind)
                        .count();
                    let number = used as u32;
                    self.assignment
                        .fields
                        .insert(leaf.path.clone(), (kind, number));
                    number
                }
            };
            if number >= *self.assignment.pools.size(kind) {
                too_small = true;
                while number >= *pools.size(kind) {
                    *pools.size(kind) *= 2;
                }
                continue;
            }
            let name = kind.column(number);
            let find = |name: &str| {
                self.schema
                    .get_field(name)
                    .expect("the schema has every field of its pools")
            };
            let columns = Columns {
                field: find(&name),
                longitude: (kind == Kind::Geo).then(|| find(&format!("lon{number}"))),
                lengths: (kind == Kind::Text).then(|| find(&lengths(number))),
                name,
                leaf: Leaf::clone(leaf),
            };
            self.columns.insert(columns.leaf.path.clone(), columns);
        }
        if too_small { Err(pools) } else { Ok(()) }
    }

    /// Answers the columns of a field.
    pub(crate) fn get(&self, path: &str) -> Option<&Columns> {
        self.columns.get(path)
    }

    /// Lists all fields that have columns, sorted by path.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Columns> {
        self.columns.values()
    }
}

/// The name of the column of a text's lengths.
fn lengths(number: u32) -> String {
    format!("terms{number}")
}

fn add_pools(builder: &mut SchemaBuilder, pools: Pools) {
    let text = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(true),
    );
    let number = NumericOptions::default().set_fast();
    let numbers = |count: u32| 0..count;
    for n in numbers(pools.text) {
        builder.add_text_field(&Kind::Text.column(n), text.clone());
        builder.add_u64_field(&lengths(n), number.clone());
    }
    for n in numbers(pools.keyword) {
        builder.add_text_field(&Kind::Keyword.column(n), keyword(true));
    }
    for n in numbers(pools.long) {
        builder.add_i64_field(&Kind::Long.column(n), number.clone());
    }
    for n in numbers(pools.unsigned) {
        builder.add_u64_field(&Kind::Unsigned.column(n), number.clone());
    }
    for n in numbers(pools.double) {
        builder.add_f64_field(&Kind::Double.column(n), number.clone());
    }
    for n in numbers(pools.geo) {
        builder.add_f64_field(&Kind::Geo.column(n), number.clone());
        builder.add_f64_field(&format!("lon{n}"), number.clone());
    }
    for n in numbers(pools.slot) {
        builder.add_u64_field(&Kind::Slot.column(n), number.clone());
    }
}

fn keyword(column: bool) -> TextOptions {
    let options = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    if column {
        options.set_fast("raw")
    } else {
        options
    }
}
