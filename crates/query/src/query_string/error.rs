//! What can be wrong with a query string, and where.

/// How many characters of a line [`QueryStringError::caret`] shows on each side of the place.
const CARET_CONTEXT: usize = 60;

/// A text that is no query string. Positions count characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryStringError {
    /// Something stands where it cannot stand.
    #[error("query string: expected {expected}, got {got} at character {position}")]
    Unexpected {
        /// Where it stands.
        position: usize,
        /// What could stand there.
        expected: &'static str,
        /// What stands there.
        got: String,
    },
    /// A quoted phrase or a range without an end.
    #[error(
        "query string: {what} that starts at character {position} has no end; expected {expected}"
    )]
    Unclosed {
        /// Where it starts.
        position: usize,
        /// What has no end.
        what: &'static str,
        /// What would end it.
        expected: &'static str,
    },
    /// A regular expression.
    #[error(
        "query string: regular expressions are not supported, got one at character {position}; \
         a slash that starts a word is written \\/"
    )]
    Regexp {
        /// Where its slash stands.
        position: usize,
    },
    /// A number of typing errors that is none of 0, 1 and 2.
    #[error(
        "query string: expected 0, 1 or 2 typing errors after ~, got {got} at character {position}"
    )]
    Fuzziness {
        /// Where its `~` stands.
        position: usize,
        /// The number as it was written.
        got: String,
    },
    /// Parentheses inside parentheses, too many times.
    #[error(
        "query string: expected at most {limit} nested parentheses, got more at character {position}"
    )]
    TooDeep {
        /// Where the one too many stands.
        position: usize,
        /// How many may be nested.
        limit: usize,
    },
    /// Too many words, phrases and ranges.
    #[error("query string: expected at most {limit} clauses, got more at character {position}")]
    TooManyClauses {
        /// Where the one too many stands.
        position: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A text that is too long.
    #[error("query string: expected at most {limit} bytes, got {got}")]
    TooLong {
        /// How long it may be, in bytes.
        limit: usize,
        /// How long it is, in bytes.
        got: usize,
    },
}

impl QueryStringError {
    /// Tells at which character the error is, counted from 1; none when it is about the whole text.
    pub fn position(&self) -> Option<usize> {
        match self {
            Self::Unexpected { position, .. }
            | Self::Unclosed { position, .. }
            | Self::Regexp { position }
            | Self::Fuzziness { position, .. }
            | Self::TooDeep { position, .. }
            | Self::TooManyClauses { position, .. } => Some(*position),
            Self::TooLong { .. } => None,
        }
    }

    /// Draws the line of `text` in which the error is and, below it, a caret under the character; empty when the
    /// error is about the whole text.
    ///
    /// `text` is the one that was parsed. A long line is cut to 60 characters on each side; control characters
    /// become spaces, so that the caret stands right in a font of equal widths.
    pub fn caret(&self, text: &str) -> String {
        let Some(position) = self.position() else {
            return String::new();
        };
        let before = position.saturating_sub(1);
        let characters: Vec<char> = text.chars().collect();
        let place = before.min(characters.len());
        let (left, right) = characters.split_at(place);
        let line_start = left
            .iter()
            .rposition(|&c| c == '\n')
            .map_or(0, |newline| newline + 1);
        let start = line_start.max(place.saturating_sub(CARET_CONTEXT));
        let line: String = (left.iter().skip(start))
            .chain(right.iter().take_while(|&&c| c != '\n').take(CARET_CONTEXT))
            .map(|&c| if c.is_control() { ' ' } else { c })
            .collect();
        format!(
            "{line}\n{caret:>width$}",
            caret = '^',
            width = place - start + 1
        )
    }
}
