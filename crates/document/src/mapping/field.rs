//! One field of a mapping.

use super::{FieldOptions, ImageField};
use crate::{Changed, Json, MappingError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A field with its multi-fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldMapping {
    /// How the field is searched.
    pub kind: FieldKind,
    /// What else its mapping says.
    pub options: FieldOptions,
    /// The same values searched in other ways, by name (`keyword`). They have no `fields` of their own.
    pub fields: BTreeMap<String, FieldMapping>,
}

impl FieldMapping {
    /// Adds a multi-field.
    #[must_use]
    pub fn with(mut self, name: &str, kind: FieldKind) -> Self {
        self.fields.insert(name.to_owned(), kind.into());
        self
    }

    pub(super) fn merge(&mut self, path: &str, other: FieldMapping) -> Result<(), MappingError> {
        let mut parameters = self.options.changed(&self.kind, &other.options);
        parameters.extend(self.kind.merge(path, other.kind)?);
        if !parameters.is_empty() {
            return Err(MappingError::OptionConflict {
                field: path.to_owned(),
                parameters,
            });
        }
        self.options = other.options;
        for (name, field) in other.fields {
            match self.fields.get_mut(&name) {
                Some(existing) => existing.merge(&format!("{path}.{name}"), field)?,
                None => {
                    self.fields.insert(name, field);
                }
            }
        }
        Ok(())
    }
}

impl From<FieldKind> for FieldMapping {
    fn from(kind: FieldKind) -> Self {
        Self {
            kind,
            options: FieldOptions::default(),
            fields: BTreeMap::new(),
        }
    }
}

/// How a field is searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// Words, scored by BM25.
    Text(Analyzer),
    /// Exact strings; longer ones than `ignore_above` characters are kept but cannot be searched.
    Keyword {
        /// The length in characters past which a value is not indexed.
        ignore_above: Option<u32>,
    },
    /// Whole numbers of 64 bits, signed.
    Long,
    /// Whole numbers of 32 bits, signed.
    Integer,
    /// Whole numbers of 16 bits, signed.
    Short,
    /// Whole numbers of 8 bits, signed.
    Byte,
    /// Whole numbers of 64 bits without a sign.
    UnsignedLong,
    /// Numbers with a fraction, of 64 bits.
    Double,
    /// Numbers with a fraction, of 32 bits.
    Float,
    /// Numbers with a fraction, of 16 bits.
    HalfFloat,
    /// Numbers with a fraction, kept as whole multiples of 1 / `scaling_factor` (see [`FieldOptions`]).
    ScaledFloat,
    /// True or false.
    Boolean,
    /// Points in time, to the millisecond.
    Date,
    /// Addresses of the internet, of version 4 or 6.
    Ip,
    /// A latitude and a longitude in degrees.
    GeoPoint,
    /// A vector that is compared with others.
    DenseVector(VectorField),
    /// Bytes as base64, kept and not searched.
    Binary,
    /// Names with a weight each, greater than 0, by which queries score (`{"dog": 0.93, "grass": 0.4}`); what pictures
    /// derive has them, mappings cannot name the type yet.
    RankFeatures,
    /// A picture and what is derived from it.
    Image(ImageField),
}

impl FieldKind {
    /// A keyword without a limit of length.
    pub const KEYWORD: Self = Self::Keyword { ignore_above: None };

    /// The type's name as Elasticsearch spells it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Keyword { .. } => "keyword",
            Self::Long => "long",
            Self::Integer => "integer",
            Self::Short => "short",
            Self::Byte => "byte",
            Self::UnsignedLong => "unsigned_long",
            Self::Double => "double",
            Self::Float => "float",
            Self::HalfFloat => "half_float",
            Self::ScaledFloat => "scaled_float",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Ip => "ip",
            Self::GeoPoint => "geo_point",
            Self::DenseVector(_) => "dense_vector",
            Self::Binary => "binary",
            Self::RankFeatures => "rank_features",
            Self::Image(_) => "image",
        }
    }

    /// Takes over what may change, and answers what may not.
    fn merge(&mut self, path: &str, other: FieldKind) -> Result<Vec<Changed>, MappingError> {
        match (&mut *self, other) {
            (Self::Image(existing), Self::Image(asked)) => {
                existing.merge(path, asked).map(|()| Vec::new())
            }
            (Self::DenseVector(existing), Self::DenseVector(asked)) => existing.merge(path, asked),
            // The limit applies to values that come later, so it may change.
            (existing @ Self::Keyword { .. }, asked @ Self::Keyword { .. }) => {
                *existing = asked;
                Ok(Vec::new())
            }
            (Self::Text(existing), Self::Text(asked)) if *existing != asked => Ok(vec![Changed {
                parameter: "analyzer",
                existing: existing.parameter().to_owned(),
                asked: asked.parameter().to_owned(),
            }]),
            (existing, asked) if *existing == asked => Ok(Vec::new()),
            (existing, asked) => Err(MappingError::TypeConflict {
                field: path.to_owned(),
                existing: existing.name().to_owned(),
                asked: asked.name().to_owned(),
            }),
        }
    }
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(analyzer) => write!(f, "text ({})", analyzer.name()),
            Self::DenseVector(vector) => write!(f, "{vector}"),
            kind => f.write_str(kind.name()),
        }
    }
}

/// How text becomes terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Analyzer {
    /// Words by Unicode's rules (UAX #29), lowercased: Elasticsearch's `standard`.
    Standard,
    /// Runs of letters, lowercased.
    Simple,
    /// What stands between white space, as it is.
    Whitespace,
    /// The whole text as one term.
    Keyword,
    /// Runs of letters and digits, lowercased, accents removed: for file names and paths.
    Filename,
}

impl Analyzer {
    /// The name as messages about a changed mapping have it.
    fn parameter(self) -> &'static str {
        match self {
            Self::Standard => "default",
            other => other.name(),
        }
    }

    /// The analyzer's name in a mapping.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Simple => "simple",
            Self::Whitespace => "whitespace",
            Self::Keyword => "keyword",
            Self::Filename => "filename",
        }
    }
}

/// How close two vectors are; each is turned into a score that is greater for nearer vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Similarity {
    /// Cosine of the angle; score (1 + cos) / 2.
    Cosine,
    /// Dot product of vectors of unit length; score (1 + dot) / 2.
    DotProduct,
    /// Dot product of vectors of any length; score 1 / (1 - dot) below 0, else dot + 1.
    MaxInnerProduct,
    /// Euclidean distance d; score 1 / (1 + d²).
    L2Norm,
    /// Manhattan distance d; score 1 / (1 + d).
    L1Norm,
}

impl Similarity {
    /// The name in a mapping.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cosine => "cosine",
            Self::DotProduct => "dot_product",
            Self::MaxInnerProduct => "max_inner_product",
            Self::L2Norm => "l2_norm",
            Self::L1Norm => "l1_norm",
        }
    }
}

/// What made a vector: vectors of different extractors are never compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Extractor {
    /// A name for people, such as `mobilenet_v2` or `color/1`.
    pub name: String,
    /// Changes with anything that changes the vectors: weights, preprocessing, algorithm.
    pub fingerprint: String,
}

impl fmt::Display for Extractor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.fingerprint)
    }
}

/// What the numbers of a vector are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum ElementType {
    /// Numbers of 32 bits with a fraction.
    #[default]
    Float,
    /// Whole numbers, -128 to 127.
    Byte,
}

/// A vector field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VectorField {
    /// Numbers in a vector: 1 to 32,768; 0 until the first vector decides.
    pub dims: u32,
    /// How two vectors are compared.
    pub similarity: Similarity,
    /// What the numbers are.
    #[serde(default)]
    pub element: ElementType,
    /// Whether nearest-vector searches may use it.
    #[serde(default = "yes")]
    pub index: bool,
    /// How clients asked it to be indexed, as given; it can be read back.
    #[serde(default)]
    pub index_options: Option<Json>,
    /// What made the vectors; none for vectors that clients bring.
    pub extractor: Option<Extractor>,
}

fn yes() -> bool {
    true
}

impl VectorField {
    /// Makes the field of vectors with `dims` numbers, 1 to 32,768, for nearest-vector searches by `similarity`.
    pub fn new(dims: u32, similarity: Similarity) -> Self {
        Self {
            dims,
            similarity,
            element: ElementType::Float,
            index: true,
            index_options: None,
            extractor: None,
        }
    }

    /// Answers the `index_options` that Elasticsearch 8.19 chooses where none are asked for; none where it says none.
    pub fn standard_options(&self) -> Option<Json> {
        let chosen = serde_json::json!({ "type": "int8_hnsw", "m": 16, "ef_construction": 100 });
        (self.index && self.element == ElementType::Float).then_some(Json(chosen))
    }

    /// Takes over what may change, and answers what may not. The length may be decided once.
    pub(super) fn merge(
        &mut self,
        path: &str,
        asked: VectorField,
    ) -> Result<Vec<Changed>, MappingError> {
        if let (Some(existing), Some(asked)) = (&self.extractor, &asked.extractor)
            && existing.fingerprint != asked.fingerprint
        {
            return Err(MappingError::ExtractorConflict {
                field: path.to_owned(),
                existing: existing.to_string(),
                asked: asked.to_string(),
            });
        }
        let dims = |dims: u32| match dims {
            0 => "null".to_owned(),
            dims => dims.to_string(),
        };
        // Without an index there is nothing that compares.
        let similarity = |field: &VectorField| {
            let name = field.index.then(|| field.similarity.name());
            name.unwrap_or("null").to_owned()
        };
        let element = |element| match element {
            ElementType::Float => "float".to_owned(),
            ElementType::Byte => "byte".to_owned(),
        };
        let compared = [
            (
                "element_type",
                element(self.element),
                element(asked.element),
            ),
            (
                "dims",
                dims(if self.dims == 0 {
                    asked.dims
                } else {
                    self.dims
                }),
                dims(asked.dims),
            ),
            ("index", self.index.to_string(), asked.index.to_string()),
            ("similarity", similarity(self), similarity(&asked)),
        ];
        let differ = compared
            .into_iter()
            .filter(|(_, existing, asked)| existing != asked);
        let changed: Vec<Changed> = differ
            .map(|(parameter, existing, asked)| Changed {
                parameter,
                existing,
                asked,
            })
            .collect();
        if changed.is_empty() {
            self.dims = asked.dims;
            self.index_options = asked.index_options.or(self.index_options.take());
        }
        Ok(changed)
    }
}

impl fmt::Display for VectorField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "dense_vector of {} dims, {}",
            self.dims,
            self.similarity.name()
        )
    }
}
