//! Term statistics as Lucene counts them.

use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query, Weight};
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

/// A query on one field whose scores count only the documents that have the field, as Lucene does; `tantivy` counts
/// all of them.
#[derive(Debug)]
pub(crate) struct WithStatistics {
    query: Box<dyn Query>,
    documents: u64,
}

impl WithStatistics {
    /// `names` is the field that holds the paths of a document's fields; `path` is the one that `query` searches.
    pub(crate) fn new(
        query: Box<dyn Query>,
        searcher: &Searcher,
        names: Field,
        path: &str,
    ) -> tantivy::Result<Self> {
        let documents = searcher.doc_freq(&Term::from_field_text(names, path))?;
        Ok(Self { query, documents })
    }
}

impl Clone for WithStatistics {
    fn clone(&self) -> Self {
        Self {
            query: self.query.box_clone(),
            documents: self.documents,
        }
    }
}

impl Query for WithStatistics {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        match scoring {
            EnableScoring::Enabled { searcher, .. } => {
                let provider = FieldStatistics {
                    searcher,
                    documents: self.documents,
                };
                let scoring = EnableScoring::enabled_from_statistics_provider(&provider, searcher);
                self.query.weight(scoring)
            }
            disabled @ EnableScoring::Disabled { .. } => self.query.weight(disabled),
        }
    }
}

struct FieldStatistics<'a> {
    searcher: &'a Searcher,
    documents: u64,
}

impl Bm25StatisticsProvider for FieldStatistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.searcher.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searcher.doc_freq(term)
    }
}
