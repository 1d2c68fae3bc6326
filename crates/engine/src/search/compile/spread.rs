//! One query of several fields, of which some stand for others.

use super::{Compiler, fits};
use query::Query;
use std::collections::BTreeMap;

/// A query of one field, with its weight, and whether it matches nothing where it does not fit.
struct InField<'a> {
    field: &'a str,
    weight: f32,
    lenient: bool,
    query: &'a Query,
}

impl Compiler<'_> {
    /// The queries of a list of which each is of one field, with those of a pattern once for each field that fits; the
    /// weights of a field that is met twice are multiplied. None where the list has no patterns.
    pub(super) fn spread(&self, queries: &[Query]) -> Option<Vec<Query>> {
        let parts = queries.iter().map(|query| part(query, 1.0, false));
        let parts: Vec<InField<'_>> = parts.collect::<Option<_>>()?;
        if !parts.iter().any(|part| part.field.contains('*')) {
            return None;
        }
        let mut spread: BTreeMap<&str, InField<'_>> = BTreeMap::new();
        for part in &parts {
            let fields: Vec<&str> = match part.field.contains('*') {
                false => vec![part.field],
                true => {
                    let every = self.every_field().map(|columns| columns.leaf.path.as_str());
                    every.filter(|path| fits(part.field, path)).collect()
                }
            };
            for field in fields {
                let known = spread.entry(field).or_insert(InField {
                    field,
                    weight: 1.0,
                    ..*part
                });
                known.weight *= part.weight;
            }
        }
        Some(spread.into_values().map(InField::whole).collect())
    }
}

fn part(query: &Query, weight: f32, lenient: bool) -> Option<InField<'_>> {
    match query {
        Query::Boost { query, factor } => part(query, weight * factor, lenient),
        Query::Lenient { query } => part(query, weight, true),
        Query::Prefix { field, .. }
        | Query::Wildcard { field, .. }
        | Query::Fuzzy { field, .. }
        | Query::Range { field, .. } => Some(InField {
            field,
            weight,
            lenient,
            query,
        }),
        _ => None,
    }
}

impl InField<'_> {
    fn whole(self) -> Query {
        let mut query = self.query.clone();
        if let Query::Prefix { field, .. }
        | Query::Wildcard { field, .. }
        | Query::Fuzzy { field, .. }
        | Query::Range { field, .. } = &mut query
        {
            self.field.clone_into(field);
        }
        if self.lenient {
            query = Query::Lenient {
                query: Box::new(query),
            };
        }
        match self.weight {
            1.0 => query,
            factor => Query::Boost {
                query: Box::new(query),
                factor,
            },
        }
    }
}
