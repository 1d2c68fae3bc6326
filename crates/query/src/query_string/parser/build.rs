//! From parsed clauses to the nodes of a query.

use crate::{
    Bool, Bound, DateReading, Distance, Fuzziness, MatchOptions, MatchType, Operator, Query,
};

/// The field whose values are names of fields that must have a value.
pub(super) const EXISTS: &str = "_exists_";

/// The pattern that every field fits.
const EVERY_FIELD: &str = "*";

/// Whether a clause of a group has to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occurrence {
    Must,
    Should,
    MustNot,
}

/// The clauses of a group.
#[derive(Debug)]
pub(super) struct Clauses {
    default: Operator,
    clauses: Vec<(Occurrence, Query)>,
}

impl Clauses {
    pub(super) fn new(default: Operator) -> Self {
        Self {
            default,
            clauses: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Adds a clause by Lucene's rules; none stands for a lone operator, which still counts as a neighbour.
    ///
    /// `conjunction` is the operator before the clause, `modifier` the `+`, `-` or NOT.
    pub(super) fn add(
        &mut self,
        conjunction: Option<Operator>,
        modifier: Option<Occurrence>,
        query: Option<Query>,
    ) {
        let of_both_sides = match (conjunction, self.default) {
            (Some(Operator::And), _) => Some(Occurrence::Must),
            (Some(Operator::Or), Operator::And) => Some(Occurrence::Should),
            _ => None,
        };
        if let (Some(occurrence), Some((previous, _))) = (of_both_sides, self.clauses.last_mut())
            && *previous != Occurrence::MustNot
        {
            *previous = occurrence;
        }
        let by_default = match self.default {
            Operator::And => Occurrence::Must,
            Operator::Or => Occurrence::Should,
        };
        // Lucene lets an operator win over a `+`, never over a `-`.
        let occurrence = match modifier {
            Some(Occurrence::MustNot) => Occurrence::MustNot,
            _ => of_both_sides.or(modifier).unwrap_or(by_default),
        };
        self.clauses.extend(query.map(|query| (occurrence, query)));
    }

    /// Makes one query of all; none when there are none.
    pub(super) fn into_query(mut self) -> Option<Query> {
        if self.clauses.len() == 1
            && let Some((_, query)) =
                (self.clauses).pop_if(|(occurrence, _)| *occurrence != Occurrence::MustNot)
        {
            return Some(query);
        }
        let mut all = Bool::default();
        for (occurrence, query) in self.clauses {
            match occurrence {
                Occurrence::Must => all.must.push(query),
                Occurrence::Should => all.should.push(query),
                Occurrence::MustNot => all.must_not.push(query),
            }
        }
        if all.must.is_empty() && all.should.is_empty() {
            if all.must_not.is_empty() {
                return None;
            }
            all.filter.push(Query::All);
        }
        Some(Query::Bool(all))
    }
}

/// Multiplies a query's scores.
pub(super) fn boosted(query: Query, factor: Option<f32>) -> Query {
    match factor {
        Some(factor) if factor != 1.0 => Query::Boost {
            query: Box::new(query),
            factor,
        },
        _ => query,
    }
}

/// Makes the queries of single words, phrases and ranges.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaves<'a> {
    /// Where is sought what has no field; none = everywhere.
    pub(super) fields: &'a [(String, f32)],
    /// Whether every word that an analyzer makes of a text has to be there.
    pub(super) operator: Operator,
}

impl Leaves<'_> {
    /// Whether what is sought in a field, or where none is named, is sought in one field alone.
    pub(super) fn is_in_one_field(&self, field: Option<&str>) -> bool {
        match (field, self.fields) {
            (None, [(only, _)]) => !only.contains('*'),
            (field, _) => single(field).is_some(),
        }
    }

    pub(super) fn words(&self, field: Option<&str>, text: &str) -> Query {
        let (options, text) = (self.operator.into(), text.to_owned());
        match single(field) {
            Some(field) => Query::Match {
                field,
                text,
                options,
            },
            None => Query::MultiMatch {
                fields: self.several(field),
                text,
                options,
                kind: MatchType::BestFields,
                tie_breaker: None,
            },
        }
    }

    pub(super) fn phrase(&self, field: Option<&str>, text: &str, slop: u32) -> Query {
        let (options, text) = (MatchOptions::from(self.operator), text.to_owned());
        match single(field) {
            Some(field) => Query::MatchPhrase {
                field,
                text,
                slop,
                prefix: None,
                options,
            },
            None => Query::MultiMatch {
                fields: self.several(field),
                text,
                options,
                kind: MatchType::Phrase { slop },
                tie_breaker: None,
            },
        }
    }

    pub(super) fn fuzzy(&self, field: Option<&str>, value: &str, distance: Option<u8>) -> Query {
        self.each_field(field, |field| Query::Fuzzy {
            field,
            value: value.to_owned(),
            fuzziness: Fuzziness {
                distance: distance.map_or(Distance::default(), Distance::Letters),
                ..Fuzziness::default()
            },
            normalized: true,
        })
    }

    pub(super) fn wildcard(&self, field: Option<&str>, pattern: &str) -> Query {
        if pattern.chars().all(|c| c == '*') {
            return self.exists(field);
        }
        match prefix(pattern) {
            Some(value) => self.each_field(field, |field| Query::Prefix {
                field,
                value: value.clone(),
                case_insensitive: false,
                normalized: true,
            }),
            None => self.each_field(field, |field| {
                let pattern = pattern.to_owned();
                Query::Wildcard {
                    field,
                    pattern,
                    case_insensitive: false,
                    normalized: true,
                }
            }),
        }
    }

    pub(super) fn range(&self, field: Option<&str>, lower: &Bound, upper: &Bound) -> Query {
        if *lower == Bound::Open && *upper == Bound::Open {
            return self.exists(field);
        }
        let (lower, upper) = (lower.clone(), upper.clone());
        self.each_field(field, |field| Query::Range {
            field,
            lower: lower.clone(),
            upper: upper.clone(),
            dates: DateReading::default(),
        })
    }

    /// Any value in the field; in whatever field there is, every document.
    fn exists(&self, field: Option<&str>) -> Query {
        self.each_field(field, |field| match field.as_str() {
            EVERY_FIELD => Query::All,
            _ => Query::Exists { field },
        })
    }

    /// Gives the fields for a query that searches several at once; none = every field.
    fn several(&self, field: Option<&str>) -> Vec<(String, f32)> {
        match field {
            None => self.fields.to_vec(),
            Some(EVERY_FIELD) => Vec::new(),
            Some(pattern) => vec![(pattern.to_owned(), 1.0)],
        }
    }

    /// Makes a query for the field, or one for each default field, of which the best counts.
    fn each_field(&self, field: Option<&str>, make: impl Fn(String) -> Query) -> Query {
        if let Some(field) = field {
            return make(field.to_owned());
        }
        let mut queries: Vec<Query> = (self.fields.iter())
            .map(|(field, weight)| boosted(make(field.clone()), Some(*weight)))
            .collect();
        match queries.len() {
            0 => make(EVERY_FIELD.to_owned()),
            1 => queries.remove(0),
            _ => Query::DisMax {
                queries,
                tie_breaker: 0.0,
            },
        }
    }
}

/// Gives the field, when it is one and no pattern of several.
fn single(field: Option<&str>) -> Option<String> {
    field
        .filter(|field| !field.contains('*'))
        .map(str::to_owned)
}

/// Gives what stands before the `*` of a pattern whose last character is its only wildcard.
fn prefix(pattern: &str) -> Option<String> {
    let mut value = String::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => value.extend(characters.next()),
            '*' if characters.as_str().is_empty() => return Some(value),
            '*' | '?' => return None,
            other => value.push(other),
        }
    }
    None
}
