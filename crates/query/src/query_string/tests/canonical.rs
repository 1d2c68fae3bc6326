//! Queries written back as text: one form for each, with every operator as `+` or `-`.

use crate::{Bound, Distance, MatchType, Query};
use std::fmt::Write;

/// Writes a query so that parsing the text with the default reader gives the query again.
pub(super) fn canonical(query: &Query) -> String {
    let text = clause(query);
    match query {
        Query::Bool(_) => text[1..text.len() - 1].to_owned(),
        _ => text,
    }
}

fn clause(query: &Query) -> String {
    match query {
        Query::None => String::new(),
        Query::All => "*:*".to_owned(),
        Query::Match { field, text, .. } => of(field, &word(text)),
        Query::MatchPhrase {
            field, text, slop, ..
        } => of(field, &phrase(text, *slop)),
        Query::MultiMatch {
            fields, text, kind, ..
        } => {
            let text = match kind {
                MatchType::Phrase { slop } => phrase(text, *slop),
                _ => word(text),
            };
            match fields.as_slice() {
                [] => text,
                [(field, weight)] if *weight == 1.0 => of(field, &text),
                other => panic!("no text says {other:?}"),
            }
        }
        Query::Range {
            field,
            lower,
            upper,
            ..
        } => {
            let open = if matches!(lower, Bound::Including(_)) {
                '['
            } else {
                '{'
            };
            let close = if matches!(upper, Bound::Including(_)) {
                ']'
            } else {
                '}'
            };
            of(
                field,
                &format!("{open}{} TO {}{close}", bound(lower), bound(upper)),
            )
        }
        Query::Exists { field } => of("_exists_", &word(field)),
        Query::Prefix { field, value, .. } => of(field, &format!("{}*", word(value))),
        Query::Wildcard { field, pattern, .. } => of(field, &wildcard(pattern)),
        Query::Fuzzy {
            field,
            value,
            fuzziness,
            normalized: _,
        } => {
            let distance = match fuzziness.distance {
                Distance::Letters(letters) => letters.to_string(),
                Distance::Auto { .. } => String::new(),
            };
            of(field, &format!("{}~{distance}", word(value)))
        }
        Query::Boost { query, factor } => match query.as_ref() {
            Query::Boost { .. } => format!("({})^{factor}", clause(query)),
            _ => format!("{}^{factor}", clause(query)),
        },
        Query::Bool(all) => {
            if all.must.is_empty() && all.should.is_empty() {
                assert_eq!(all.filter, [Query::All], "a group that prohibits only");
            } else {
                assert_eq!(all.filter, [], "a group with clauses that may match");
            }
            let must = all.must.iter().map(|query| format!("+{}", clause(query)));
            let should = all.should.iter().map(clause);
            let must_not = all
                .must_not
                .iter()
                .map(|query| format!("-{}", clause(query)));
            let clauses: Vec<String> = must.chain(should).chain(must_not).collect();
            format!("({})", clauses.join(" "))
        }
        other => panic!("no text says {other:?}"),
    }
}

/// Puts the field before a value; every field is the default.
fn of(field: &str, value: &str) -> String {
    match field {
        "*" => value.to_owned(),
        "_exists_" => format!("_exists_:{value}"),
        _ => format!("{}:{value}", word(field)),
    }
}

fn word(text: &str) -> String {
    if matches!(text, "AND" | "OR" | "NOT") {
        return format!("\\{text}");
    }
    let mut escaped = String::new();
    for character in text.chars() {
        push_escaped(&mut escaped, character);
    }
    escaped
}

fn wildcard(pattern: &str) -> String {
    let mut escaped = String::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => push_escaped(&mut escaped, characters.next().unwrap()),
            '*' | '?' => escaped.push(character),
            other => push_escaped(&mut escaped, other),
        }
    }
    escaped
}

fn push_escaped(text: &mut String, character: char) {
    if !character.is_alphanumeric() {
        text.push('\\');
    }
    text.push(character);
}

fn phrase(text: &str, slop: u32) -> String {
    let mut quoted = quoted(text);
    if slop > 0 {
        write!(quoted, "~{slop}").unwrap();
    }
    quoted
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Open => "*".to_owned(),
        Bound::Including(value) | Bound::Excluding(value) => quoted(value),
    }
}
