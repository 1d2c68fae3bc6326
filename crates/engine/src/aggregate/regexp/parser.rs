//! The grammar of Lucene's regular expressions.

use super::Expression;
use crate::error::{EngineError, Result};
use document::Failure;

/// How deep brackets and complements may lie in each other.
const MAX_DEPTH: usize = 50;

/// Reads an expression.
///
/// # Errors
/// In Lucene's words, when it breaks the rules, or is deeper than is allowed.
pub(super) fn parse(letters: Vec<char>) -> Result<Expression> {
    if letters.is_empty() {
        return Ok(Expression::Empty);
    }
    let mut parser = Parser {
        letters,
        at: 0,
        depth: 0,
    };
    let expression = parser.either()?;
    match parser.at < parser.letters.len() {
        true => Err(parser.fail("end-of-string expected")),
        false => Ok(expression),
    }
}

struct Parser {
    letters: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn fail(&self, reason: &str) -> EngineError {
        Failure::illegal_argument(format!("{reason} at position {}", self.at)).into()
    }

    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn take(&mut self, letter: char) -> bool {
        let taken = self.peek() == Some(letter);
        self.at += usize::from(taken);
        taken
    }

    fn next(&mut self) -> Result<char> {
        let letter = self.peek().ok_or_else(|| {
            EngineError::from(Failure::illegal_argument("unexpected end-of-string"))
        })?;
        self.at += 1;
        Ok(letter)
    }

    fn deeper(&mut self) -> Result<()> {
        self.depth += 1;
        match self.depth > MAX_DEPTH {
            true => Err(self.fail("a regular expression nested too deep")),
            false => Ok(()),
        }
    }

    fn either(&mut self) -> Result<Expression> {
        self.deeper()?;
        let mut parts = vec![self.both()?];
        while self.take('|') {
            parts.push(self.both()?);
        }
        self.depth -= 1;
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Expression::Either(parts),
        })
    }

    fn both(&mut self) -> Result<Expression> {
        let mut found = self.all()?;
        while self.take('&') {
            found = Expression::Both(Box::new(found), Box::new(self.all()?));
        }
        Ok(found)
    }

    fn all(&mut self) -> Result<Expression> {
        let mut parts = vec![self.repeated()?];
        while self
            .peek()
            .is_some_and(|letter| !matches!(letter, ')' | '|' | '&'))
        {
            parts.push(self.repeated()?);
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Expression::All(parts),
        })
    }

    fn repeated(&mut self) -> Result<Expression> {
        let mut found = self.complement()?;
        let before = self.depth;
        while let Some(letter) = self.peek() {
            let (least, most) = match letter {
                '?' => (0, 1),
                '*' => (0, usize::MAX),
                '+' => (1, usize::MAX),
                '{' => (0, 0),
                _ => break,
            };
            self.at += 1;
            self.deeper()?;
            let (least, most) = match letter {
                '{' => self.counts()?,
                _ => (least, most),
            };
            found = Expression::Repeated {
                what: Box::new(found),
                least,
                most,
            };
        }
        self.depth = before;
        Ok(found)
    }

    fn counts(&mut self) -> Result<(usize, usize)> {
        let least = self.count()?;
        let most = match self.take(',') {
            false => least,
            true if self.peek() == Some('}') => usize::MAX,
            true => self.count()?,
        };
        if !self.take('}') {
            return Err(self.fail("expected '}'"));
        }
        match least > most {
            true => Err(Failure::illegal_argument(format!(
                "invalid repetition range(out of order): {least}..{most}"
            ))
            .into()),
            false => Ok((least, most)),
        }
    }

    fn count(&mut self) -> Result<usize> {
        let start = self.at;
        while self.peek().is_some_and(|letter| letter.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.letters[start..self.at].iter().collect();
        digits.parse().map_err(|_| self.fail("integer expected"))
    }

    fn complement(&mut self) -> Result<Expression> {
        if !self.take('~') {
            return self.class();
        }
        self.deeper()?;
        let what = self.complement()?;
        self.depth -= 1;
        Ok(Expression::Not(Box::new(what)))
    }

    fn class(&mut self) -> Result<Expression> {
        if !self.take('[') {
            return self.simple();
        }
        let outside = self.take('^');
        let mut ranges = Vec::new();
        loop {
            self.take_range(&mut ranges)?;
            if self.peek().is_none_or(|letter| letter == ']') {
                break;
            }
        }
        match self.take(']') {
            true => Ok(Expression::Class(ranges, outside)),
            false => Err(self.fail("expected ']'")),
        }
    }

    fn take_range(&mut self, ranges: &mut Vec<(char, char)>) -> Result<()> {
        if self.peek() == Some('\\')
            && let Some((known, false)) = self
                .letters
                .get(self.at + 1)
                .and_then(|letter| shorthand(*letter))
        {
            self.at += 2;
            ranges.extend_from_slice(known);
            return Ok(());
        }
        let first = self.letter()?;
        let last = match self.take('-') {
            true => self.letter()?,
            false => first,
        };
        if first > last {
            return Err(Failure::illegal_argument(format!(
                "invalid range: from ({}) cannot be > to ({})",
                first as u32, last as u32
            ))
            .into());
        }
        ranges.push((first, last));
        Ok(())
    }

    fn letter(&mut self) -> Result<char> {
        match self.take('\\') {
            true => self.escaped(),
            false => self.next(),
        }
    }

    /// Takes a letter after a `\`, which stands for itself unless it could be a class.
    fn escaped(&mut self) -> Result<char> {
        let letter = self.next()?;
        match letter.is_ascii_alphabetic() {
            true => Err(Failure::illegal_argument(format!(
                "invalid character class \\{}",
                letter as u32
            ))
            .into()),
            false => Ok(letter),
        }
    }

    fn simple(&mut self) -> Result<Expression> {
        match self.next()? {
            '.' => Ok(Expression::AnyLetter),
            '#' => Ok(Expression::Nothing),
            '@' => Ok(Expression::Any),
            '"' => {
                let rest = &self.letters[self.at..];
                let Some(length) = rest.iter().position(|letter| *letter == '"') else {
                    return Err(self.fail("expected '\"'"));
                };
                let letters = rest[..length].iter().copied().map(Expression::Letter);
                let quoted = Expression::All(letters.collect());
                self.at += length + 1;
                Ok(quoted)
            }
            '(' if self.take(')') => Ok(Expression::Empty),
            '(' => {
                let inner = self.either()?;
                match self.take(')') {
                    true => Ok(inner),
                    false => Err(self.fail("expected ')'")),
                }
            }
            '<' => self.interval(),
            '\\' => match self.peek().and_then(shorthand) {
                Some((ranges, outside)) => {
                    self.at += 1;
                    Ok(Expression::Class(ranges.to_vec(), outside))
                }
                None => self.escaped().map(Expression::Letter),
            },
            letter => Ok(Expression::Letter(letter)),
        }
    }

    fn interval(&mut self) -> Result<Expression> {
        let rest = &self.letters[self.at..];
        let Some(length) = rest.iter().position(|letter| *letter == '>') else {
            return Err(self.fail("expected '>'"));
        };
        let text: String = rest[..length].iter().collect();
        if !text.contains('-') {
            let reason = format!("'{text}' not found");
            return Err(Failure::illegal_argument(reason).into());
        }
        let bounds = text.split_once('-').and_then(|(first, last)| {
            let numbers: (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
            let digits = if first.len() == last.len() {
                first.len()
            } else {
                0
            };
            Some((numbers.0.min(numbers.1), numbers.0.max(numbers.1), digits))
        });
        let Some((first, last, digits)) = bounds else {
            return Err(self.fail("interval syntax error"));
        };
        self.at += length + 1;
        Ok(Expression::Interval {
            first,
            last,
            digits,
        })
    }
}

/// What `\d` and the like stand for, and whether what lies outside is meant.
fn shorthand(letter: char) -> Option<(&'static [(char, char)], bool)> {
    const DIGITS: &[(char, char)] = &[('0', '9')];
    const SPACES: &[(char, char)] = &[('\t', '\n'), ('\r', '\r'), (' ', ' ')];
    const WORDS: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
    match letter {
        'd' => Some((DIGITS, false)),
        'D' => Some((DIGITS, true)),
        's' => Some((SPACES, false)),
        'S' => Some((SPACES, true)),
        'w' => Some((WORDS, false)),
        'W' => Some((WORDS, true)),
        _ => None,
    }
}
