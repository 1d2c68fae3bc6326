//! How many of several clauses must match, as `minimum_should_match` says it.

use serde::{Deserialize, Serialize};

/// How many of several clauses must match. What is wrong with it is found where it is asked, and only there: Elasticsearch
/// looks at no more of it than the number of clauses makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinimumShouldMatch {
    text: String,
}

/// Why a text does not say how many clauses must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MinimumError {
    /// What should be a whole number.
    Number(String),
    /// Which part of a condition is missing, from 0, and how many there are.
    Missing {
        /// The place of the part.
        place: usize,
        /// How many parts there are.
        parts: usize,
    },
}

impl MinimumShouldMatch {
    /// Makes one of `3`, `-2`, `75%`, `-25%`, `3<90%` or several of the last kind separated by spaces.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// Makes a fixed number.
    pub fn number(number: u32) -> Self {
        Self::new(number.to_string())
    }

    /// Answers how many of `clauses` must match, from 0; more than `clauses` where nothing can match.
    ///
    /// # Errors
    /// Where a part that counts for so many clauses cannot be read.
    pub fn of(&self, clauses: usize) -> Result<usize, MinimumError> {
        let clauses = i32::try_from(clauses).unwrap_or(i32::MAX);
        let text = self.text.trim();
        let required = match text.contains('<') {
            true => conditional(text, clauses)?,
            false => amount(text, clauses)?,
        };
        Ok(usize::try_from(required).unwrap_or(0))
    }
}

/// What the last condition says that holds, in the order in which they are written; all clauses where none does.
fn conditional(text: &str, clauses: i32) -> Result<i32, MinimumError> {
    // A space may stand around the sign.
    let joined = text.split('<').map(str::trim).collect::<Vec<_>>().join("<");
    let mut required = clauses;
    for condition in joined.split(' ') {
        // Java drops what is empty at the end.
        let written = condition.trim_end_matches('<');
        let mut parts = written
            .split('<')
            .filter(|_| !written.is_empty() || condition.is_empty());
        let missing = |place| MinimumError::Missing {
            place,
            parts: place,
        };
        let bound = parts.next().ok_or(missing(0))?;
        if clauses <= whole(bound)? {
            break;
        }
        required = amount(parts.next().ok_or(missing(1))?.trim(), clauses)?;
    }
    Ok(required)
}

/// A number of clauses, or a share of them; negative: how many may be missing. Never less than 0.
fn amount(text: &str, clauses: i32) -> Result<i32, MinimumError> {
    if !text.contains('%') {
        let number = whole(text)?;
        let missing = if number < 0 { clauses } else { 0 };
        return Ok(missing.saturating_add(number).max(0));
    }
    let mut percent = text.chars();
    percent.next_back();
    let percent = whole(percent.as_str())?;
    // Counted in single precision and cut off towards zero, as Java does.
    let share = clauses.wrapping_mul(percent) as f32 * 0.01;
    let missing = if share < 0.0 { clauses } else { 0 };
    Ok(missing.saturating_add(share as i32).max(0))
}

fn whole(text: &str) -> Result<i32, MinimumError> {
    text.parse()
        .map_err(|_| MinimumError::Number(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_counted_as_lucene_counts_them() {
        let check = |text: &str, clauses: usize, expected: usize| {
            let read = MinimumShouldMatch::new(text).of(clauses);
            assert_eq!(read, Ok(expected), "{text} of {clauses}");
        };
        check("2", 3, 2);
        check("+2", 3, 2);
        check("5", 3, 5);
        check("-1", 3, 2);
        check("-5", 3, 0);
        check("75%", 3, 2);
        check("-25%", 3, 3);
        check("-25%", 4, 3);
        check("3<90%", 3, 3);
        check("3<90%", 10, 9);
        check("2<-25% 9<-3", 2, 2);
        check("2<-25% 9<-3", 4, 3);
        check("2<-25% 9<-3", 12, 9);
        check("2 < 1", 3, 1);
        // The first condition that does not hold ends it, whatever comes after.
        check("9<2 1<1", 3, 3);
        check("1<2<3", 3, 2);
        check("2<x", 2, 2);
        check("3<1 2<x", 3, 3);
    }

    #[test]
    fn what_is_no_amount_is_named_where_it_counts() {
        for (text, part) in [
            ("", ""),
            ("x", "x"),
            ("1<y", "y"),
            ("a<2", "a"),
            ("5 %", "5 "),
            ("%%", "%"),
            ("1<2  1<1", ""),
        ] {
            let read = MinimumShouldMatch::new(text).of(3);
            assert_eq!(read, Err(MinimumError::Number(part.to_owned())), "{text}");
        }
        let missing = |place| {
            Err(MinimumError::Missing {
                place,
                parts: place,
            })
        };
        assert_eq!(MinimumShouldMatch::new("2<").of(3), missing(1));
        assert_eq!(MinimumShouldMatch::new("<").of(3), missing(0));
    }
}
