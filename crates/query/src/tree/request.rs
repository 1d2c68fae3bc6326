//! Searches and their answers.

use super::{Aggregation, AggregationAnswer, Query, Retriever};
use document::{Failure, Json, Stored};
use serde::{Deserialize, Serialize};

/// What is asked of one or several indices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchRequest {
    /// Where the hits come from.
    pub retriever: Retriever,
    /// The name under which a hit says that it was found by the words of the query; empty = it does not say.
    pub query_name: String,
    /// What every hit must match; applied before the nearest are taken.
    pub filter: Option<Query>,
    /// What every hit must match; applied after aggregations have seen what it keeps out.
    pub post_filter: Option<Query>,
    /// How many hits are left out at the start.
    pub from: usize,
    /// How many hits are answered.
    pub size: usize,
    /// What the hits are sorted by; empty = by score, best first.
    pub sort: Vec<Sort>,
    /// The sort values after which the hits begin; as many as `sort` has entries.
    pub search_after: Option<Vec<SortValue>>,
    /// Hits with a smaller score are left out.
    pub min_score: Option<f32>,
    /// Whether scores are computed though the hits are not sorted by them.
    pub track_scores: bool,
    /// How far matches are counted.
    pub track_total: TrackTotal,
    /// Summaries of everything that matches, by name, in the order in which they are answered.
    pub aggregations: Vec<(String, Aggregation)>,
    /// What is answered of each hit besides its source.
    pub fetch: Fetch,
    /// Searches for the nearest in all indices together, whose hits join those of [`Retriever::Standard`]: a document
    /// that several find has the sum of their scores.
    pub nearest: Vec<super::Knn>,
    /// After how many matches an index is not searched further, 1 or more; none = all are looked at.
    pub terminate_after: Option<u64>,
    /// Whether the hits of some indices are answered when others cannot be searched like that.
    pub partial: bool,
}

impl SearchRequest {
    /// Makes a request for the ten best hits of a retriever.
    pub fn new(retriever: Retriever) -> Self {
        Self {
            retriever,
            query_name: String::new(),
            filter: None,
            post_filter: None,
            from: 0,
            size: 10,
            sort: Vec::new(),
            search_after: None,
            min_score: None,
            track_scores: false,
            track_total: TrackTotal::default(),
            aggregations: Vec::new(),
            fetch: Fetch::default(),
            nearest: Vec::new(),
            terminate_after: None,
            partial: false,
        }
    }
}

impl SearchRequest {
    /// Shows every query of the request and every query within those, so that they can be changed; inner ones first.
    ///
    /// # Errors
    /// The first that `see` answers.
    pub fn each_query_mut<E>(
        &mut self,
        see: &mut impl FnMut(&mut Query) -> Result<(), E>,
    ) -> Result<(), E> {
        self.retriever.each_query_mut(see)?;
        for filter in self.filter.iter_mut().chain(&mut self.post_filter) {
            filter.each_mut(see)?;
        }
        for knn in &mut self.nearest {
            knn.each_query_mut(see)?;
        }
        for sort in &mut self.sort {
            if let SortKey::Field {
                nested: Some(nested),
                ..
            } = &mut sort.key
            {
                nested.each_query_mut(see)?;
            }
        }
        for (_, aggregation) in &mut self.aggregations {
            aggregation.each_query_mut(see)?;
        }
        Ok(())
    }
}

impl NestedSort {
    fn each_query_mut<E>(
        &mut self,
        see: &mut impl FnMut(&mut Query) -> Result<(), E>,
    ) -> Result<(), E> {
        if let Some(filter) = &mut self.filter {
            filter.each_mut(see)?;
        }
        match &mut self.nested {
            Some(nested) => nested.each_query_mut(see),
            None => Ok(()),
        }
    }
}

/// How far matches are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrackTotal {
    /// All of them.
    All,
    /// Up to a number; past it the answer says that there are at least so many.
    UpTo(u64),
    /// Not at all.
    No,
}

impl Default for TrackTotal {
    /// 10,000, as in Elasticsearch.
    fn default() -> Self {
        Self::UpTo(10_000)
    }
}

/// What is answered of each hit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Fetch {
    /// Fields, or patterns of fields, whose values are answered as the mapping reads them.
    pub fields: Vec<FieldFetch>,
    /// Fields, or patterns of fields, whose values are answered from their columns.
    pub docvalue_fields: Vec<FieldFetch>,
    /// Patterns of the fields whose values are answered, of those that the mapping keeps by themselves (`store`).
    pub stored_fields: Vec<String>,
    /// Scripts whose results are answered, by name.
    pub script_fields: Vec<(String, super::Script)>,
    /// Whether hits come without their documents: of [`SearchHit::stored`] only the id, `seq_no` and version are there.
    pub without_documents: bool,
}

/// A field that is answered with each hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFetch {
    /// Full path, or a pattern with `*`.
    pub field: String,
    /// The format of dates and numbers.
    pub format: Option<String>,
    /// Whether a path that names nothing is answered as it is in the source.
    pub include_unmapped: bool,
}

/// One thing that hits are sorted by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sort {
    /// What.
    pub key: SortKey,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// What hits are sorted by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum SortKey {
    /// How well they match.
    Score,
    /// The order in which they lie in the index.
    Doc,
    /// The values of a field.
    Field {
        /// Full path of the field; `_id` sorts by id, `_seq_no` by the order of writing.
        field: String,
        /// Where documents without a value come.
        missing: Missing,
        /// Which of several values counts; none = the smallest ascending and the greatest descending.
        mode: Option<SortMode>,
        /// The type that a field has that the mapping does not have; none = it is refused.
        unmapped_type: Option<String>,
        /// The format in which sort values of a date are answered and read.
        format: Option<String>,
        /// Which nested objects' values count, for a field inside of one.
        nested: Option<NestedSort>,
        /// As which type numbers are compared and answered; none = the field's own.
        numeric_type: Option<NumericType>,
    },
    /// The number or text that a script computes.
    Script {
        /// The script.
        script: super::Script,
        /// Whether it computes a number rather than a text.
        number: bool,
    },
}

/// Which nested objects' values count in a sort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NestedSort {
    /// Full path of the nested field.
    pub path: String,
    /// Objects that do not match are left out, and what lies within them.
    pub filter: Option<Box<Query>>,
    /// Which objects nested within these count; none = the values are of these objects themselves.
    pub nested: Option<Box<NestedSort>>,
}

/// As which type numbers are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NumericType {
    /// Whole numbers; fractions are cut off.
    Long,
    /// Numbers with a fraction.
    Double,
    /// Milliseconds since 1970.
    Date,
}

/// Where documents without a value come in a sort.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Missing {
    /// After all others.
    #[default]
    Last,
    /// Before all others.
    First,
    /// Where this value comes.
    Value(String),
}

/// Which of several values counts in a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SortMode {
    /// The smallest.
    Min,
    /// The greatest.
    Max,
    /// The sum of numbers.
    Sum,
    /// The mean of numbers.
    Avg,
    /// The median of numbers.
    Median,
}

/// One value that a hit is sorted by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum SortValue {
    /// No value.
    Null,
    /// A whole number; of a date, milliseconds since 1970.
    Long(i64),
    /// A whole number past the range of `Long`.
    UnsignedLong(u64),
    /// A number with a fraction.
    Double(f64),
    /// A text; also of a date that is asked for in a format.
    Text(String),
    /// True or false, as clients give them back; answered as 1 or 0.
    Boolean(bool),
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SearchAnswer {
    /// How many documents match; for a nearest-vector search, how many were found.
    pub total: u64,
    /// Whether there are more than `total`.
    pub total_is_least: bool,
    /// The best score of all matches; none when scores are not computed or nothing matches.
    pub max_score: Option<f32>,
    /// The hits asked for, best first.
    pub hits: Vec<SearchHit>,
    /// The summaries asked for, by name, in the order asked.
    pub aggregations: Vec<(String, AggregationAnswer)>,
    /// Whether an index was not searched to the end; none where nobody asked for that.
    pub terminated_early: Option<bool>,
    /// Into how many shards the settings of the indices split them; here each is one.
    pub shards: u64,
    /// The indices that could not be searched, where others could; their shards count among `shards`.
    pub failed: Vec<FailedIndex>,
}

/// An index that could not be searched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedIndex {
    /// The index.
    pub index: String,
    /// Into how many shards its settings split it.
    pub shards: u64,
    /// Why.
    pub failure: Failure,
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchHit {
    /// The index that it is in.
    pub index: String,
    /// The document as the search saw it.
    pub stored: Stored,
    /// How well it matches, greater = better; none when scores are not computed.
    pub score: Option<f32>,
    /// The names of the searches and queries that found it.
    pub matched: Vec<String>,
    /// What it was sorted by, one value for each entry of the sort; empty when sorted by score alone.
    pub sort: Vec<SortValue>,
    /// The paths of the fields that had values which were left out, sorted.
    pub ignored: Vec<String>,
    /// The values of the fields asked for, by name.
    pub fields: Vec<(String, Vec<Json>)>,
    /// Nested objects that matched, by the name of their inner hits.
    pub inner: Vec<(String, InnerAnswer)>,
}

/// Which nested objects are answered with a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InnerHits {
    /// The name under which they are answered; of a search for the nearest, empty = the path of the nested field.
    pub name: String,
    /// How many are left out at the start.
    pub from: usize,
    /// How many are answered.
    pub size: usize,
    /// What they are sorted by; empty = by score.
    pub sort: Vec<Sort>,
    /// What is answered of each besides its source.
    pub fetch: Fetch,
    /// The `_source` filter in the wire's own form, which the wire layer applies.
    pub source: Json,
    /// Whether the version of the document around is answered with each.
    pub version: bool,
}

/// Nested objects of one document that matched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InnerAnswer {
    /// How many matched.
    pub total: u64,
    /// The best score.
    pub max_score: Option<f32>,
    /// Those asked for, best first.
    pub hits: Vec<InnerHit>,
    /// [`InnerHits::source`], as given.
    pub source_filter: Json,
    /// [`InnerHits::version`], as given.
    pub version: bool,
}

/// One nested object that matched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InnerHit {
    /// The paths of the nested fields around it and its place in each, outermost first, from 0.
    pub places: Vec<(String, usize)>,
    /// How well it matches.
    pub score: Option<f32>,
    /// The object.
    pub source: Json,
    /// The names of the queries that found it.
    pub matched: Vec<String>,
    /// What it was sorted by.
    pub sort: Vec<SortValue>,
    /// The values of the fields asked for, by name.
    pub fields: Vec<(String, Vec<Json>)>,
    /// Objects nested in it that matched, by the name of their inner hits.
    pub inner: Vec<(String, InnerAnswer)>,
}
