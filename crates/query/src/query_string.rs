//! The `query_string` language: what people type into a search box, turned into a [`Query`].
//!
//! The language is the one of Elasticsearch's reference page "Query string query", which is Lucene's classic one:
//!
//! | text | meaning |
//! |---|---|
//! | `quick "brown fox"` | words and phrases in the default fields |
//! | `"fox quick"~5` | a phrase whose words may be moved by 5 places |
//! | `title:quick`, `title:"a phrase"`, `title:(a OR b)` | the same in one field |
//! | `book.\*:quick`, `\*:quick` | in every field that fits the pattern, in every field |
//! | `_exists_:title`, `title:*`, `*:*` | has a value, has a value, every document |
//! | `qu?ck`, `bro*` | wildcards; a `*` at the end alone makes a prefix |
//! | `quikc~`, `quikc~1` | up to so many typing errors, 0 to 2 |
//! | `[1 TO 5]`, `{a TO b}`, `[1 TO 5}`, `[10 TO *]` | ranges: `[ ]` with the bound, `{ }` without it, `*` no end |
//! | `age:>10`, `>=`, `<`, `<=` | ranges with one end; only after a field |
//! | `quick^2.5`, `"a b"^2`, `(a b)^4` | counts more or less |
//! | `+a`, `-a` | must be there, must not be there |
//! | `a AND b`, `a && b`, `a OR b`, `a \|\| b`, `NOT a`, `!a` | operators |
//! | `\:` | the character after the backslash, whatever it is |
//!
//! **Operators have no precedence**, as in Lucene: AND makes the clauses on both sides required, NOT makes the next
//! one prohibited, OR leaves its neighbours as they are. `a OR b AND c` is therefore `a +b +c`: `a` only adds to the
//! score. With the default operator AND a clause is required unless an OR stands beside it. A group whose clauses are
//! all prohibited matches every other document.
//!
//! **An empty text**, or one of whitespace alone, matches nothing; the reference page says so. A lone `+`, `-` or `!`
//! between spaces is left out: an analyzer would make nothing of it.
//!
//! **Words side by side** are clauses of their own, or one text ([`QueryString::whole_texts`]). Where operators stand
//! beside them in a search of one field, each is a clause of its own in any case, as Lucene has it.
//!
//! **Where it differs from Elasticsearch.** Regular expressions are refused. A slash inside a word is a character like any other (there it starts a regular
//! expression). An escaped `<` or `>` is that character. A wildcard in a field's name needs no backslash.

mod error;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;

pub use error::QueryStringError;

use crate::{Operator, Query};

/// The longest text, in bytes of UTF-8.
const MAX_BYTES: usize = 32 * 1024;

/// How a text is read: where words without a field are sought, and what stands between two of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QueryString {
    /// The fields, or patterns of fields, in which words without a field are sought, with their weights (0 or more);
    /// none = every field that holds text or keywords.
    pub default_fields: Vec<(String, f32)>,
    /// Whether clauses without an operator between them are all required.
    pub default_operator: Operator,
    /// Whether words side by side are one text for which every field is asked, as Elasticsearch has it; else each word
    /// is a clause of its own and may be in another field.
    pub whole_texts: bool,
}

impl QueryString {
    /// Reads a text as a query.
    ///
    /// The text may be up to 32 KiB long, hold 1,024 clauses and nest 100 parentheses.
    ///
    /// # Errors
    /// When the text breaks the rules of the language, holds a regular expression, or is over a limit. Each error
    /// but the one about the length says at which character.
    pub fn parse(&self, text: &str) -> Result<Query, QueryStringError> {
        if text.len() > MAX_BYTES {
            return Err(QueryStringError::TooLong {
                limit: MAX_BYTES,
                got: text.len(),
            });
        }
        let tokens = lexer::tokens(text)?;
        parser::parse(tokens, self)
    }
}
