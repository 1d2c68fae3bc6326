//! Ranges of dates, which Elasticsearch reads before it makes a query of anything.

use super::Compiler;
use super::bounds::date_bounds;
use crate::error::Result;
use document::FieldKind;
use query::Query;
use tantivy::Term;

impl Compiler<'_> {
    /// Refuses ranges of dates that cannot be read, wherever in a query they stand; in what can match nothing whatever
    /// an index holds, none is looked at.
    ///
    /// # Errors
    /// The first that cannot be read.
    pub(in crate::search) fn check_dates(&self, query: &Query) -> Result<()> {
        let all = |queries: &[Query]| queries.iter().try_for_each(|query| self.check_dates(query));
        match query {
            Query::Bool(_) if is_nothing_anywhere(query) => Ok(()),
            Query::Bool(clauses) => {
                all(&clauses.must)?;
                all(&clauses.must_not)?;
                all(&clauses.filter)?;
                all(&clauses.should)
            }
            Query::DisMax { queries, .. } => all(queries),
            Query::Boosting {
                positive, negative, ..
            } => {
                self.check_dates(positive)?;
                self.check_dates(negative)
            }
            Query::ConstantScore { query, .. }
            | Query::Boost { query, .. }
            | Query::Nested { query, .. }
            | Query::ScriptScore { query, .. }
            | Query::Named { query, .. } => self.check_dates(query),
            Query::Range {
                field,
                lower,
                upper,
                dates,
            } => {
                let Some(columns) = self.snapshot.fields.get(field) else {
                    return Ok(());
                };
                if columns.leaf.kind == FieldKind::Date && self.has_values(field)? {
                    date_bounds(columns, (lower, upper), dates)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Whether any document has a value in a field.
    pub(super) fn has_values(&self, field: &str) -> Result<bool> {
        let name = Term::from_field_text(self.snapshot.fields.names, field);
        Ok(self.frequency(&name)? > 0)
    }
}

/// Whether a query matches nothing, whatever an index holds and however its fields are mapped.
fn is_nothing_anywhere(query: &Query) -> bool {
    match query {
        Query::None => true,
        Query::Ids(ids) => ids.is_empty(),
        Query::Terms { values, .. } => values.is_empty(),
        Query::Bool(clauses) => {
            let mut required = clauses.must.iter().chain(&clauses.filter);
            let mut excluded = clauses.must_not.iter();
            required.any(is_nothing_anywhere) || excluded.any(|query| *query == Query::All)
        }
        Query::ConstantScore { query, .. }
        | Query::Boost { query, .. }
        | Query::Named { query, .. } => is_nothing_anywhere(query),
        _ => false,
    }
}
