//! How many of several clauses must match, as `minimum_should_match` says it.

use serde::{Deserialize, Serialize};

/// How many of several clauses must match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinimumShouldMatch {
    /// What counts when no condition holds.
    otherwise: Option<Amount>,
    /// What counts with more clauses than the number, sorted by it; the last that holds counts.
    above: Vec<(u32, Amount)>,
}

/// A number of clauses, or a share of them; negative: how many may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Amount {
    Number(i32),
    Percent(i32),
}

impl MinimumShouldMatch {
    /// Makes a fixed number.
    pub fn number(number: u32) -> Self {
        Self {
            otherwise: Some(Amount::Number(i32::try_from(number).unwrap_or(i32::MAX))),
            above: Vec::new(),
        }
    }

    /// Reads `3`, `-2`, `75%`, `-25%`, `3<90%` and several of the last kind separated by spaces.
    ///
    /// # Errors
    /// The part that cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut read = Self {
            otherwise: None,
            above: Vec::new(),
        };
        let text = text.trim();
        if !text.contains('<') {
            read.otherwise = Some(amount(text)?);
            return Ok(read);
        }
        // A space may stand around the sign.
        let joined = text.split('<').map(str::trim).collect::<Vec<_>>().join("<");
        for part in joined.split_whitespace() {
            let (bound, then) = part.split_once('<').ok_or_else(|| part.to_owned())?;
            let bound = bound.trim().parse().map_err(|_| bound.to_owned())?;
            read.above.push((bound, amount(then)?));
        }
        read.above.sort_by_key(|(bound, _)| *bound);
        Ok(read)
    }

    /// Answers how many of `clauses` must match, 0 to `clauses` or more.
    ///
    /// Lucene caps what is computed from percentages and negative numbers at 0 below and lets a plain number be
    /// greater than the number of clauses: then nothing matches.
    pub fn of(&self, clauses: usize) -> usize {
        let holds = |(bound, _): &&(u32, Amount)| clauses > *bound as usize;
        let amount = match self.above.iter().rev().find(holds) {
            Some((_, amount)) => *amount,
            None => match self.otherwise {
                Some(amount) => amount,
                // With conditions alone, all must match where none of them holds.
                None => return clauses,
            },
        };
        let count = i64::try_from(clauses).unwrap_or(i64::MAX);
        let required = match amount {
            Amount::Number(number) if number < 0 => count + i64::from(number),
            Amount::Number(number) => i64::from(number),
            Amount::Percent(percent) => {
                // Cut off towards zero, as an int cast of Java does.
                let share = count.saturating_mul(i64::from(percent)) / 100;
                if percent < 0 { count + share } else { share }
            }
        };
        usize::try_from(required.max(0)).unwrap_or(0)
    }
}

fn amount(text: &str) -> Result<Amount, String> {
    let text = text.trim();
    let read = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse().map(Amount::Percent),
        None => text.parse().map(Amount::Number),
    };
    read.map_err(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_counted_as_lucene_counts_them() {
        let check = |text: &str, clauses: usize, expected: usize| {
            let read = MinimumShouldMatch::parse(text).unwrap();
            assert_eq!(read.of(clauses), expected, "{text} of {clauses}");
        };
        check("2", 3, 2);
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
    }

    #[test]
    fn what_is_no_amount_is_named() {
        for (text, part) in [("", ""), ("x", "x"), ("3<y", "y"), ("a<2", "a")] {
            assert_eq!(MinimumShouldMatch::parse(text), Err(part.to_owned()));
        }
    }
}
