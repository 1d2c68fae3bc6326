//! Searches by picture and by words.

use crate::IMAGE;
use crate::error::{CatalogError, Result};
use document::{FieldKind, Mapping};
use query::{
    Bool, Knn, MatchType, Operator, Query, QueryString, Retriever, SearchRequest, TrackTotal,
    WeightedRetriever,
};
use std::collections::BTreeSet;
use std::str::FromStr;
use vision::Vocabulary;

/// What is compared of two pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Feature {
    /// What the network sees where the index has embeddings, and what pictures look like.
    #[default]
    Auto,
    /// What the network sees.
    Embedding,
    /// Colours, texture and shape together.
    Looks,
    /// Colours and where they are.
    Color,
    /// Fine structure.
    Texture,
    /// Outlines and where they are.
    Shape,
}

impl Feature {
    /// Every feature that has a vector of its own.
    pub const VECTORS: [Self; 5] = [
        Self::Embedding,
        Self::Looks,
        Self::Color,
        Self::Texture,
        Self::Shape,
    ];
    /// The features that [`Self::Auto`] fuses.
    pub(crate) const FUSED: [Self; 2] = [Self::Embedding, Self::Looks];

    /// How much a feature counts when it is fused: the weight of its cosine.
    ///
    /// Half as much or twice as much of looks finds as well; much more harms where the network is good. `bench/quality.md`
    /// has the figures of 52 Caltech-101 classes, `DESIGN.md` says what else it was chosen on.
    pub(crate) fn weight(self) -> f32 {
        const LOOKS: f32 = 0.12;
        match self {
            Self::Looks => LOOKS,
            _ => 1.0 - LOOKS,
        }
    }

    /// The name, as people type it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Embedding => "embedding",
            Self::Looks => "looks",
            Self::Color => "color",
            Self::Texture => "texture",
            Self::Shape => "shape",
        }
    }
}

impl FromStr for Feature {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let known = [Self::Auto].into_iter().chain(Self::VECTORS);
        known
            .clone()
            .find(|feature| feature.name() == text)
            .ok_or_else(|| {
                let names: Vec<_> = known.map(Self::name).collect();
                format!(
                    "no feature is named {text:?}: expected {}",
                    names.join(", ")
                )
            })
    }
}

/// A picture that a search starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The bytes of a picture file.
    Bytes(Vec<u8>),
    /// A picture that was uploaded, by the SHA-256 of its bytes.
    Upload(String),
    /// A document of an index; it is not among its own hits.
    Document {
        /// The index.
        index: String,
        /// The document's id.
        id: String,
    },
}

/// What is searched for. Without a picture and without words, everything is found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PictureSearch {
    /// A picture that the hits are to resemble.
    pub picture: Option<Source>,
    /// Words that the hits are to be about.
    pub words: Option<String>,
    /// What is compared of pictures.
    pub feature: Feature,
    /// What every hit must match, in the query_string language.
    pub filter: Option<String>,
    /// How many hits are left out at the start.
    pub from: usize,
    /// How many hits are answered.
    pub size: usize,
}

/// A hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its place, counted from 1.
    pub rank: usize,
    /// How well it matches, greater = better. Scores of different searches cannot be compared.
    pub score: f32,
    /// What was found to match: names of features, and `words`.
    pub matched: Vec<String>,
    /// The document.
    pub stored: document::Stored,
    /// Its source.
    pub source: serde_json::Value,
}

/// The fields in which words are sought, with their weights: what people wrote counts more than where a file lies.
const WORD_FIELDS: [(&str, f32); 6] = [
    ("image.title", 3.0),
    ("image.keywords", 3.0),
    ("image.caption", 2.0),
    ("file.name", 2.0),
    ("file.folders", 1.5),
    ("image.camera", 1.0),
];

/// How much lower ranks count when rankings are fused; the value of the paper.
const RANK_CONSTANT: u32 = 60;
/// How many hits of each ranking take part in a fusion, and are counted in a search by picture. It is deeper than people
/// look, so that it is the same for every page of one search, and with it the order.
const WINDOW: usize = 1_000;

/// The vectors of the picture that a search starts from, with the fingerprint of what made each.
pub(crate) type QueryVectors = Vec<(Feature, Vec<f32>, String)>;

/// Names the features that a search compares in an index.
pub(crate) fn features_of(mapping: &Mapping, feature: Feature) -> Result<Vec<Feature>> {
    let has = |feature: &Feature| {
        mapping
            .image()
            .is_some_and(|(_, image)| image.vectors.contains_key(feature.name()))
    };
    let wanted: &[Feature] = match &feature {
        Feature::Auto => &Feature::FUSED,
        one => std::slice::from_ref(one),
    };
    let found: Vec<Feature> = wanted.iter().copied().filter(has).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let wanted: Vec<_> = wanted.iter().map(|feature| feature.name()).collect();
    let names: Vec<_> = Feature::VECTORS
        .into_iter()
        .filter(has)
        .map(Feature::name)
        .collect();
    Err(CatalogError::Invalid(format!(
        "the index has no {}; it has {}",
        wanted.join(" and no "),
        if names.is_empty() {
            "no pictures".to_owned()
        } else {
            names.join(", ")
        }
    )))
}

/// Builds the request for a search whose picture, if it has one, was turned into vectors.
pub(crate) fn request(
    search: &PictureSearch,
    mapping: &Mapping,
    vectors: QueryVectors,
    excluded: Option<String>,
) -> Result<SearchRequest> {
    let end = search.from.saturating_add(search.size);
    let picture = picture_retriever(vectors, end);
    let words = search
        .words
        .as_deref()
        .filter(|words| !words.trim().is_empty());
    let words = words.map(|words| Retriever::Standard(words_query(words)));
    let retriever = match (picture, words) {
        (Some(picture), Some(words)) => {
            let part = |retriever| WeightedRetriever {
                retriever,
                weight: 1.0,
            };
            Retriever::Rrf {
                retrievers: vec![part(picture), part(words)],
                rank_constant: RANK_CONSTANT,
                window: WINDOW.max(end),
            }
        }
        (Some(retriever), None) | (None, Some(retriever)) => retriever,
        (None, None) => Retriever::Standard(Query::All),
    };
    let filter = search
        .filter
        .as_deref()
        .filter(|text| !text.trim().is_empty());
    let filter = filter.map(|text| parse_filter(text, mapping)).transpose()?;
    let excluded = excluded.map(|id| {
        let must_not = vec![Query::Ids(vec![id])];
        Query::Bool(Bool {
            must_not,
            ..Bool::default()
        })
    });
    let filter = match (filter, excluded) {
        (Some(filter), Some(excluded)) => Some(Query::Bool(Bool {
            filter: vec![filter, excluded],
            ..Bool::default()
        })),
        (filter, excluded) => filter.or(excluded),
    };
    Ok(SearchRequest {
        filter,
        from: search.from,
        size: search.size,
        track_total: TrackTotal::All,
        ..SearchRequest::new(retriever)
    })
}

fn picture_retriever(vectors: QueryVectors, end: usize) -> Option<Retriever> {
    let part = |(feature, vector, fingerprint): (Feature, Vec<f32>, String)| {
        let name = feature.name();
        WeightedRetriever {
            retriever: Retriever::Knn(Knn {
                fingerprint: Some(fingerprint),
                name: name.to_owned(),
                ..Knn::new(&format!("{IMAGE}.{name}"), vector, WINDOW.max(end))
            }),
            weight: feature.weight(),
        }
    };
    let mut parts: Vec<WeightedRetriever> = vectors.into_iter().map(part).collect();
    match parts.len() {
        0 => None,
        1 => parts.pop().map(|part| part.retriever),
        _ => Some(Retriever::Linear {
            retrievers: parts,
            window: WINDOW.max(end),
        }),
    }
}

/// Each word in its best field, and what the words name among what networks say that pictures show; the scores add up.
/// What matches says so: `words`, or `tag` and the tag's name.
fn words_query(words: &str) -> Query {
    let fields: Vec<(String, f32)> = WORD_FIELDS
        .iter()
        .map(|(field, weight)| ((*field).to_owned(), *weight))
        .collect();
    let word = |word: &str| Query::MultiMatch {
        fields: fields.clone(),
        text: word.to_owned(),
        // A run of ideographs is one word to people and several terms to the index.
        options: Operator::And.into(),
        kind: MatchType::BestFields,
        tie_breaker: None,
    };
    let should = words.split_whitespace().take(MAX_WORDS).map(word).collect();
    let in_texts = Query::Named {
        name: "words".to_owned(),
        query: Box::new(any(should)),
    };
    let tags = tags_in(words).into_iter().take(MAX_WORDS).map(|names| {
        let mut meanings: Vec<Query> = names.into_iter().map(tag).collect();
        match meanings.len() {
            1 => meanings.swap_remove(0),
            // A word that means several things counts once.
            _ => Query::DisMax {
                queries: meanings,
                tie_breaker: 0.0,
            },
        }
    });
    any([in_texts].into_iter().chain(tags).collect())
}

fn tag(name: String) -> Query {
    let confidence = Query::Feature {
        field: format!("{IMAGE}.confidence"),
        name: name.clone(),
    };
    Query::Named {
        name: format!("tag {name}"),
        query: Box::new(Query::Boost {
            query: Box::new(confidence),
            factor: TAG_WEIGHT,
        }),
    }
}

fn any(should: Vec<Query>) -> Query {
    Query::Bool(Bool {
        should,
        ..Bool::default()
    })
}

/// The tags that a text names, several where a word may mean several: those of the vocabulary, and every other word as it
/// is, for networks with labels of their own.
fn tags_in(words: &str) -> Vec<Vec<String>> {
    let found = Vocabulary::imagenet().find(words);
    let mut rest = words.to_owned();
    for term in found.iter().rev() {
        rest.replace_range(term.place.clone(), " ");
    }
    let known = found
        .into_iter()
        .map(|term| term.names.into_iter().map(str::to_owned).collect());
    let others = rest
        .split_whitespace()
        .map(|word| vec![word.to_lowercase()]);
    let mut tags: Vec<Vec<String>> = Vec::new();
    for names in known.chain(others) {
        if !tags.contains(&names) {
            tags.push(names);
        }
    }
    tags
}

/// What a tag that is certain counts: less than a keyword of people's own, of which the score is about 10.
const TAG_WEIGHT: f32 = 6.0;

/// Words past this many are not sought.
const MAX_WORDS: usize = 64;

/// Reads a filter, and makes sure that the index has every field that it names.
fn parse_filter(text: &str, mapping: &Mapping) -> Result<Query> {
    let language = QueryString {
        default_fields: WORD_FIELDS
            .iter()
            .map(|(field, _)| ((*field).to_owned(), 1.0))
            .collect(),
        default_operator: Operator::And,
        // A word may be in another field than the next.
        whole_texts: false,
    };
    let query = language
        .parse(text)
        .map_err(|source| CatalogError::Filter {
            text: text.to_owned(),
            source,
        })?;
    let mut known: BTreeSet<String> = BTreeSet::new();
    for leaf in mapping.leaves() {
        for (end, _) in leaf.path.match_indices('.') {
            known.insert(leaf.path[..end].to_owned());
        }
        if !matches!(leaf.kind, FieldKind::Binary) {
            known.insert(leaf.path);
        }
    }
    let mut unknown = None;
    query.each_field(&mut |field| {
        if !field.contains('*') && !known.contains(field) {
            unknown.get_or_insert_with(|| field.to_owned());
        }
    });
    match unknown {
        None => Ok(query),
        Some(field) => {
            let tail = field.rsplit('.').next().unwrap_or(&field);
            let near: Vec<&str> = known
                .iter()
                .filter(|name| name.rsplit('.').next() == Some(tail))
                .map(String::as_str)
                .collect();
            let hint = if near.is_empty() {
                let names: Vec<&str> = known
                    .iter()
                    .filter(|name| name.contains('.'))
                    .map(String::as_str)
                    .collect();
                format!("the index has {}", names.join(", "))
            } else {
                format!("did you mean {}?", near.join(" or "))
            };
            Err(CatalogError::Invalid(format!(
                "no field is named {field}: {hint}"
            )))
        }
    }
}

#[cfg(test)]
mod tests;
