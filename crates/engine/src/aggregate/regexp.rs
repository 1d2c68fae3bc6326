//! Lucene's regular expressions, which always fit a text as a whole.

mod parser;

use crate::error::Result;
use document::Failure;

/// The longest expression, as in Elasticsearch.
const MAX_LENGTH: usize = 1000;

/// How many steps one text may take.
const MAX_STEPS: usize = 20_000_000;

/// A regular expression of Lucene, with all of its operators.
#[derive(Debug, Clone)]
pub(super) struct Regexp(Expression);

#[derive(Debug, Clone)]
enum Expression {
    Empty,
    /// Nothing fits.
    Nothing,
    /// Any text.
    Any,
    Letter(char),
    AnyLetter,
    /// Ranges of letters, and whether those outside of them are meant.
    Class(Vec<(char, char)>, bool),
    /// A whole number between two, of so many digits; 0 = of any number.
    Interval {
        first: u64,
        last: u64,
        digits: usize,
    },
    All(Vec<Expression>),
    Either(Vec<Expression>),
    Both(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Repeated {
        what: Box<Expression>,
        least: usize,
        most: usize,
    },
}

impl Regexp {
    /// Reads an expression.
    ///
    /// # Errors
    /// In Lucene's words, when it breaks the rules, or is longer or deeper than is allowed.
    pub(super) fn new(pattern: &str) -> Result<Self> {
        let letters: Vec<char> = pattern.chars().collect();
        if letters.len() > MAX_LENGTH {
            return Err(Failure::illegal_argument(format!(
                "The length of regex [{}] used in the request has exceeded the allowed maximum of [{MAX_LENGTH}]. This \
                 maximum can be set by changing the [index.max_regex_length] index level setting.",
                letters.len()
            ))
            .into());
        }
        Ok(Self(parser::parse(letters)?))
    }

    /// Whether a text fits as a whole.
    ///
    /// # Errors
    /// When finding out takes too long.
    pub(super) fn fits(&self, text: &str) -> Result<bool> {
        let letters: Vec<char> = text.chars().collect();
        let mut run = Run {
            letters: &letters,
            steps: 0,
        };
        let mut starts = vec![false; letters.len() + 1];
        starts[0] = true;
        let ends = run.ends(&self.0, &starts)?;
        Ok(ends[letters.len()])
    }
}

/// One text on which an expression is tried. Places in it are numbered from 0 to its length; a set of places is a flag
/// for each.
struct Run<'a> {
    letters: &'a [char],
    steps: usize,
}

impl Run<'_> {
    /// Answers where an expression may end that begins at one of several places.
    fn ends(&mut self, expression: &Expression, starts: &[bool]) -> Result<Vec<bool>> {
        self.steps += starts.len();
        if self.steps > MAX_STEPS {
            let reason =
                format!("a regular expression takes more than {MAX_STEPS} steps on a term");
            return Err(Failure::illegal_argument(reason).into());
        }
        let length = starts.len();
        let begins = || (0..length).filter(|at| starts[*at]);
        let mut ends = vec![false; length];
        match expression {
            Expression::Empty => return Ok(starts.to_vec()),
            Expression::Nothing => {}
            Expression::Any => {
                if let Some(first) = begins().next() {
                    ends[first..].fill(true);
                }
            }
            Expression::Letter(letter) => {
                begins().for_each(|at| self.step(at, &mut ends, |found| found == *letter));
            }
            Expression::AnyLetter => begins().for_each(|at| self.step(at, &mut ends, |_| true)),
            Expression::Class(ranges, outside) => {
                let within = |found| {
                    ranges
                        .iter()
                        .any(|(first, last)| (*first..=*last).contains(&found))
                };
                begins().for_each(|at| self.step(at, &mut ends, |found| within(found) != *outside));
            }
            Expression::Interval {
                first,
                last,
                digits,
            } => {
                begins().for_each(|at| self.number(at, (*first, *last), *digits, &mut ends));
            }
            Expression::All(parts) => {
                ends.copy_from_slice(starts);
                for part in parts {
                    ends = self.ends(part, &ends)?;
                }
            }
            Expression::Either(parts) => {
                for part in parts {
                    join(&mut ends, &self.ends(part, starts)?);
                }
            }
            Expression::Repeated { what, least, most } => {
                return self.repeated(what, *least, *most, starts);
            }
            // Where these end depends on where they begin, so each beginning is tried by itself.
            Expression::Both(left, right) => {
                for at in begins() {
                    let one = only(at, length);
                    let (left, right) = (self.ends(left, &one)?, self.ends(right, &one)?);
                    (0..length).for_each(|end| ends[end] |= left[end] && right[end]);
                }
            }
            Expression::Not(what) => {
                for at in begins() {
                    let found = self.ends(what, &only(at, length))?;
                    (at..length).for_each(|end| ends[end] |= !found[end]);
                }
            }
        }
        Ok(ends)
    }

    fn step(&self, at: usize, ends: &mut [bool], fits: impl Fn(char) -> bool) {
        if self.letters.get(at).is_some_and(|letter| fits(*letter)) {
            ends[at + 1] = true;
        }
    }

    fn number(&self, start: usize, (first, last): (u64, u64), digits: usize, ends: &mut [bool]) {
        let mut number = 0_u64;
        for (read, letter) in (1..).zip(&self.letters[start..]) {
            let Some(digit) = letter.to_digit(10) else {
                return;
            };
            number = number.saturating_mul(10).saturating_add(u64::from(digit));
            if (digits == 0 || digits == read) && (first..=last).contains(&number) {
                ends[start + read] = true;
            }
        }
    }

    fn repeated(
        &mut self,
        what: &Expression,
        least: usize,
        most: usize,
        starts: &[bool],
    ) -> Result<Vec<bool>> {
        let mut reached = starts.to_vec();
        // Once a round changes nothing, more of them do not either.
        for _ in 0..least {
            let next = self.ends(what, &reached)?;
            if next == reached {
                break;
            }
            reached = next;
        }
        let mut ends = reached.clone();
        for _ in least..most {
            reached = self.ends(what, &reached)?;
            let known = ends.clone();
            join(&mut ends, &reached);
            if ends == known {
                break;
            }
        }
        Ok(ends)
    }
}

fn only(at: usize, length: usize) -> Vec<bool> {
    let mut one = vec![false; length];
    one[at] = true;
    one
}

fn join(ends: &mut [bool], more: &[bool]) {
    ends.iter_mut()
        .zip(more)
        .for_each(|(end, more)| *end |= more);
}

#[cfg(test)]
mod tests;
