//! Queries: which documents match, and how well.

use serde::{Deserialize, Serialize};

/// A condition on documents, with a score for those that meet it (greater = better).
///
/// Values are strings as people write them; the field's type in the mapping says how they are read.
///
/// A `field` with a `*` in it, in any node, stands for every field of the mapping that fits and can answer the query
/// (`book.*`, `*`); the best field's score counts. A field that the mapping does not have matches nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Query {
    /// Every document; score 1.
    All,
    /// No document.
    None,
    /// Documents with one of these ids; score 1.
    Ids(Vec<String>),
    /// Documents whose field holds exactly this value.
    Term {
        /// Full path of the field.
        field: String,
        /// The value.
        value: String,
    },
    /// Documents whose field holds the words of a text.
    Match {
        /// Full path of the field.
        field: String,
        /// The text, which the field's analyzer takes apart.
        text: String,
        /// Whether one word is enough.
        operator: Operator,
    },
    /// Documents whose field holds the words of a text one after the other.
    MatchPhrase {
        /// Full path of the field.
        field: String,
        /// The text, which the field's analyzer takes apart.
        text: String,
        /// How many places the words may be moved.
        slop: u32,
    },
    /// The words of a text, in several fields.
    MultiMatch {
        /// Fields, or patterns of fields, with their weights; none = every field that holds text or keywords.
        fields: Vec<(String, f32)>,
        /// The text.
        text: String,
        /// Whether one word is enough.
        operator: Operator,
        /// How the fields' scores become one.
        kind: MatchType,
    },
    /// Documents whose field holds a value between two bounds.
    Range {
        /// Full path of the field.
        field: String,
        /// The lower bound.
        lower: Bound,
        /// The upper bound.
        upper: Bound,
    },
    /// Documents that have any value in the field.
    Exists {
        /// Full path of the field, or of an object: then any field below it.
        field: String,
    },
    /// Documents with a term that starts so.
    Prefix {
        /// Full path of the field.
        field: String,
        /// The start of the term.
        value: String,
    },
    /// Documents with a term that fits a pattern: `*` any characters, `?` one, `\` takes the next one as it is.
    Wildcard {
        /// Full path of the field.
        field: String,
        /// The pattern.
        pattern: String,
    },
    /// Documents with a term that differs in at most `distance` letters (Damerau-Levenshtein).
    Fuzzy {
        /// Full path of the field.
        field: String,
        /// The term.
        value: String,
        /// 0 to 2; none = 0 up to 2 letters, 1 up to 5, else 2.
        distance: Option<u8>,
    },
    /// Several queries.
    Bool(Bool),
    /// The best of several queries, plus a share of the others.
    DisMax {
        /// The queries.
        queries: Vec<Query>,
        /// The share of the scores that are not the best, 0 to 1.
        tie_breaker: f32,
    },
    /// A query whose matches all score `score`.
    ConstantScore {
        /// The query.
        query: Box<Query>,
        /// The score.
        score: f32,
    },
    /// A query whose scores are multiplied.
    Boost {
        /// The query.
        query: Box<Query>,
        /// The factor.
        factor: f32,
    },
}

/// Several queries in one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Bool {
    /// All must match; their scores add up.
    pub must: Vec<Query>,
    /// All must match, without a score.
    pub filter: Vec<Query>,
    /// Those that match add their scores.
    pub should: Vec<Query>,
    /// None may match.
    pub must_not: Vec<Query>,
    /// How many of `should` must match; none = 1 when there is no `must` and no `filter`, else 0.
    pub minimum_should_match: Option<u32>,
}

/// Whether one word of a text is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Operator {
    /// One word is enough.
    #[default]
    Or,
    /// Every word must be there.
    And,
}

/// How the scores of several fields become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MatchType {
    /// The best field's score.
    #[default]
    BestFields,
    /// The sum of all fields' scores.
    MostFields,
    /// The text as a phrase, the best field's score.
    Phrase {
        /// How many places the words may be moved.
        slop: u32,
    },
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Bound {
    /// No end.
    #[default]
    Open,
    /// The value belongs to the range.
    Including(String),
    /// The value does not belong to the range.
    Excluding(String),
}

impl Query {
    /// Shows every field that the query names, patterns of fields among them.
    pub fn each_field(&self, see: &mut impl FnMut(&str)) {
        match self {
            Self::All | Self::None | Self::Ids(_) => {}
            Self::Term { field, .. }
            | Self::Match { field, .. }
            | Self::MatchPhrase { field, .. }
            | Self::Range { field, .. }
            | Self::Exists { field }
            | Self::Prefix { field, .. }
            | Self::Wildcard { field, .. }
            | Self::Fuzzy { field, .. } => see(field),
            Self::MultiMatch { fields, .. } => fields.iter().for_each(|(field, _)| see(field)),
            Self::Bool(Bool {
                must,
                filter,
                should,
                must_not,
                ..
            }) => {
                let all = must.iter().chain(filter).chain(should).chain(must_not);
                all.for_each(|query| query.each_field(see));
            }
            Self::DisMax { queries, .. } => queries.iter().for_each(|query| query.each_field(see)),
            Self::ConstantScore { query, .. } | Self::Boost { query, .. } => query.each_field(see),
        }
    }
}
