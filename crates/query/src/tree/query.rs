//! Queries: which documents match, and how well.

use super::{InnerHits, Knn, MinimumShouldMatch};
use document::{Analyzer, Json};
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
        /// Whether ASCII capitals and small letters are the same.
        case_insensitive: bool,
    },
    /// Documents whose field holds one of these values; score 1.
    Terms {
        /// Full path of the field.
        field: String,
        /// The values.
        values: Vec<String>,
    },
    /// [`Query::Terms`] with values that another document holds, as it was last written; none when it is not there.
    TermsOf {
        /// Full path of the field.
        field: String,
        /// The index that has the document.
        index: String,
        /// The document's id.
        id: String,
        /// The path in its source at which the values lie.
        path: String,
    },
    /// Documents whose field holds the words of a text.
    Match {
        /// Full path of the field.
        field: String,
        /// The text, which the field's analyzer takes apart.
        text: String,
        /// How.
        options: MatchOptions,
    },
    /// Documents whose field holds the words of a text one after the other.
    MatchPhrase {
        /// Full path of the field.
        field: String,
        /// The text, which the field's analyzer takes apart.
        text: String,
        /// How many places the words may be moved.
        slop: u32,
        /// Whether the last word may be the start of one; of at most so many words that start so.
        prefix: Option<u32>,
        /// How: `analyzer` and `zero_terms` count.
        options: MatchOptions,
    },
    /// The words of a text, the last of which may be the start of a word, in any order.
    MatchBoolPrefix {
        /// Full path of the field.
        field: String,
        /// The text, which the field's analyzer takes apart.
        text: String,
        /// How.
        options: MatchOptions,
    },
    /// The words of a text, in several fields.
    MultiMatch {
        /// Fields, or patterns of fields, with their weights; none = every field that holds text or keywords.
        fields: Vec<(String, f32)>,
        /// The text.
        text: String,
        /// How.
        options: MatchOptions,
        /// How the fields' scores become one.
        kind: MatchType,
        /// The share of the scores that are not the best, 0 to 1; none = what the type does by itself.
        tie_breaker: Option<f32>,
    },
    /// Documents whose field holds a value between two bounds.
    Range {
        /// Full path of the field.
        field: String,
        /// The lower bound.
        lower: Bound,
        /// The upper bound.
        upper: Bound,
        /// How dates are read.
        dates: DateReading,
    },
    /// Documents whose field of names with weights has a name; the score is its weight.
    Feature {
        /// Full path of the field.
        field: String,
        /// The name.
        name: String,
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
        /// Whether ASCII capitals and small letters are the same.
        case_insensitive: bool,
        /// Whether the value is folded as the field's analyzer folds words.
        normalized: bool,
    },
    /// Documents with a term that fits a pattern: `*` any characters, `?` one, `\` takes the next one as it is.
    Wildcard {
        /// Full path of the field.
        field: String,
        /// The pattern.
        pattern: String,
        /// Whether ASCII capitals and small letters are the same.
        case_insensitive: bool,
        /// Whether the pattern is folded as the field's analyzer folds words.
        normalized: bool,
    },
    /// Documents with a term that differs in few letters (Damerau-Levenshtein).
    Fuzzy {
        /// Full path of the field.
        field: String,
        /// The term.
        value: String,
        /// How many letters.
        fuzziness: Fuzziness,
        /// Whether the term is folded as the field's analyzer folds words.
        normalized: bool,
    },
    /// A query that matches nothing in an index whose fields cannot answer it, rather than being refused.
    Lenient {
        /// The query.
        query: Box<Query>,
    },
    /// A query on the objects of a nested field: a document matches when one of its objects does.
    Nested {
        /// Full path of the nested field.
        path: String,
        /// The query on the objects.
        query: Box<Query>,
        /// How the objects' scores become the document's.
        score_mode: ScoreMode,
        /// Whether a path that the mapping does not have matches nothing rather than being refused.
        ignore_unmapped: bool,
        /// Which of the objects are answered with the document.
        inner_hits: Option<Box<InnerHits>>,
    },
    /// The nearest vectors: the k nearest of those that the filter lets through match, with their scores.
    Knn(Box<Knn>),
    /// The matches of a query, with the score that a script computes.
    ScriptScore {
        /// The query.
        query: Box<Query>,
        /// The script.
        script: Script,
        /// Matches with a smaller score are left out.
        min_score: Option<f32>,
    },
    /// The matches of a query; the scores of those that another query matches as well are multiplied.
    Boosting {
        /// What has to match.
        positive: Box<Query>,
        /// What lowers the score.
        negative: Box<Query>,
        /// The factor, 0 or more.
        negative_boost: f32,
    },
    /// A query whose matches carry its name.
    Named {
        /// The name.
        name: String,
        /// The query.
        query: Box<Query>,
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
    pub minimum_should_match: Option<MinimumShouldMatch>,
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

/// How the words of a text are sought.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MatchOptions {
    /// Whether one word is enough.
    pub operator: Operator,
    /// How many words must be there, with [`Operator::Or`].
    pub minimum_should_match: Option<MinimumShouldMatch>,
    /// How many letters of each word may differ.
    pub fuzziness: Option<Fuzziness>,
    /// What takes the text apart; none = the field's search analyzer.
    pub analyzer: Option<Analyzer>,
    /// What a text without any word matches.
    pub zero_terms: ZeroTerms,
    /// Whether a text that the field's type cannot be matches nothing rather than being refused.
    pub lenient: bool,
}

impl From<Operator> for MatchOptions {
    fn from(operator: Operator) -> Self {
        Self {
            operator,
            ..Self::default()
        }
    }
}

/// What a text without any word matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ZeroTerms {
    /// Nothing.
    #[default]
    None,
    /// Everything.
    All,
}

/// How many letters may differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fuzziness {
    /// How many letters at most.
    pub distance: Distance,
    /// How many letters at the start must be the same.
    pub prefix_length: u32,
    /// The most terms that are tried.
    pub max_expansions: u32,
    /// Whether two letters in the wrong order count as one difference.
    pub transpositions: bool,
}

impl Default for Fuzziness {
    fn default() -> Self {
        Self {
            distance: Distance::default(),
            prefix_length: 0,
            max_expansions: 50,
            transpositions: true,
        }
    }
}

/// A number of letters that may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Distance {
    /// So many, 0 to 2.
    Letters(u8),
    /// None in words shorter than `low` letters, 1 in words shorter than `high`, else 2.
    Auto {
        /// The length from which one may differ; usually 3.
        low: u32,
        /// The length from which two may differ; usually 6.
        high: u32,
    },
}

impl Default for Distance {
    fn default() -> Self {
        Self::Auto { low: 3, high: 6 }
    }
}

impl Distance {
    /// Answers how many letters of a word of `length` characters may differ.
    pub fn of(self, length: usize) -> u8 {
        match self {
            Self::Letters(letters) => letters,
            Self::Auto { low, .. } if length < low as usize => 0,
            Self::Auto { high, .. } if length < high as usize => 1,
            Self::Auto { .. } => 2,
        }
    }
}

/// How the scores of several fields become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MatchType {
    /// The best field's score.
    #[default]
    BestFields,
    /// The sum of all fields' scores.
    MostFields,
    /// Each word in any of the fields, as if they were one.
    CrossFields,
    /// The text as a phrase, the best field's score.
    Phrase {
        /// How many places the words may be moved.
        slop: u32,
    },
    /// The text as a phrase whose last word may be the start of one, the best field's score.
    PhrasePrefix {
        /// How many places the words may be moved.
        slop: u32,
        /// The most words that are tried for the last one.
        max_expansions: u32,
    },
    /// The words, the last of which may be the start of one, the best field's score.
    BoolPrefix,
}

/// How the scores of a document's nested objects become its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ScoreMode {
    /// Their mean.
    #[default]
    Avg,
    /// The greatest.
    Max,
    /// The smallest.
    Min,
    /// Their sum.
    Sum,
    /// 0.
    None,
}

/// How dates of a range are read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DateReading {
    /// The formats, separated by `||`; none = the field's.
    pub format: Option<String>,
    /// The zone of dates without one: an offset (`+02:00`) or a name (`Europe/Paris`); none = UTC.
    pub time_zone: Option<String>,
    /// The moment that `now` names, in milliseconds since 1970.
    pub now_ms: i64,
}

/// A script and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Script {
    /// The source, in the Painless subset of crate `script`.
    pub source: String,
    /// A JSON object.
    pub params: Json,
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
            | Self::Terms { field, .. }
            | Self::TermsOf { field, .. }
            | Self::Match { field, .. }
            | Self::MatchPhrase { field, .. }
            | Self::MatchBoolPrefix { field, .. }
            | Self::Range { field, .. }
            | Self::Exists { field }
            | Self::Feature { field, .. }
            | Self::Prefix { field, .. }
            | Self::Wildcard { field, .. }
            | Self::Fuzzy { field, .. } => see(field),
            Self::Knn(knn) => see(&knn.field),
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
            Self::Boosting {
                positive, negative, ..
            } => {
                positive.each_field(see);
                negative.each_field(see);
            }
            Self::ConstantScore { query, .. }
            | Self::Boost { query, .. }
            | Self::Nested { query, .. }
            | Self::Lenient { query }
            | Self::ScriptScore { query, .. }
            | Self::Named { query, .. } => query.each_field(see),
        }
    }

    /// Shows the query and every query within, so that they can be changed; inner ones first.
    ///
    /// # Errors
    /// The first that `see` answers.
    pub fn each_mut<E>(
        &mut self,
        see: &mut impl FnMut(&mut Query) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Knn(knn) => knn.each_query_mut(see)?,
            Self::Bool(Bool {
                must,
                filter,
                should,
                must_not,
                ..
            }) => {
                let mut all = must.iter_mut().chain(filter).chain(should).chain(must_not);
                all.try_for_each(|query| query.each_mut(see))?;
            }
            Self::DisMax { queries, .. } => {
                let mut queries = queries.iter_mut();
                queries.try_for_each(|query| query.each_mut(see))?;
            }
            Self::Boosting {
                positive, negative, ..
            } => {
                positive.each_mut(see)?;
                negative.each_mut(see)?;
            }
            Self::ConstantScore { query, .. }
            | Self::Boost { query, .. }
            | Self::Nested { query, .. }
            | Self::Lenient { query }
            | Self::ScriptScore { query, .. }
            | Self::Named { query, .. } => query.each_mut(see)?,
            _ => {}
        }
        see(self)
    }
}
