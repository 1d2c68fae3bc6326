//! From letters to tokens.

use std::sync::Arc;

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// A name that is no keyword.
    Word,
    Keyword,
    /// A name after a dot, keywords among them.
    MemberWord,
    /// A number after a dot: `list.0`.
    MemberNumber,
    Number,
    /// A string, without its quotes and escapes.
    Text(Arc<str>),
    /// An operator or a bracket.
    Mark,
    /// The end of the script.
    End,
    /// What is no token, and why; nothing is read behind it.
    Bad(String),
}

/// A token and where it stands, in bytes.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

const KEYWORDS: [&str; 26] = [
    "if",
    "else",
    "while",
    "do",
    "for",
    "in",
    "continue",
    "break",
    "return",
    "new",
    "try",
    "catch",
    "throw",
    "this",
    "instanceof",
    "true",
    "false",
    "null",
    "def",
    "boolean",
    "byte",
    "short",
    "char",
    "int",
    "long",
    "float",
];

/// The types that every declaration may begin with.
pub(crate) const PRIMITIVES: [&str; 8] = [
    "boolean", "byte", "short", "char", "int", "long", "float", "double",
];

/// Longer marks stand before those that they begin with.
const MARKS: &[&str] = &[
    ">>>=", "<<=", ">>=", ">>>", "===", "!==", "==~", "=~", "==", "!=", "<=", ">=", "&&", "||",
    "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "->", "::", "?.", "?:", "<<", ">>",
    "{", "}", "[", "]", "(", ")", ".", ",", ";", "+", "-", "*", "/", "%", "<", ">", "=", "!", "~",
    "&", "|", "^", "?", ":",
];

/// Reads all tokens; the last one is the end, or what is no token.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { source, at: 0 };
    let mut found: Vec<Token> = Vec::new();
    loop {
        let after_dot = found
            .last()
            .is_some_and(|token| matches!(&source[token.start..token.end], "." | "?."));
        let after_dot = after_dot && found.last().is_some_and(|token| token.kind == Kind::Mark);
        let token = if after_dot {
            lexer.member()
        } else {
            lexer.token()
        };
        let last = matches!(token.kind, Kind::End | Kind::Bad(_));
        found.push(token);
        if last {
            return found;
        }
    }
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or("")
    }

    fn take(&mut self, length: usize, kind: Kind) -> Token {
        let start = self.at;
        self.at += length;
        Token {
            kind,
            start,
            end: self.at,
        }
    }

    fn unexpected(&mut self) -> Token {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        let letter = self.rest().get(..length).unwrap_or("");
        let kind = Kind::Bad(format!("unexpected character [{letter}]."));
        self.take(length, kind)
    }

    /// What follows a dot: no blank may stand between.
    fn member(&mut self) -> Token {
        let rest = self.rest();
        let word = word_length(rest);
        let digits = length_of(rest, |letter| letter.is_ascii_digit());
        if rest.is_empty() {
            self.take(0, Kind::End)
        } else if word > 0 {
            self.take(word, Kind::MemberWord)
        } else if digits > 0 {
            let zero = rest.starts_with('0');
            self.take(if zero { 1 } else { digits }, Kind::MemberNumber)
        } else {
            self.unexpected()
        }
    }

    fn token(&mut self) -> Token {
        self.skip_blanks();
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return self.take(0, Kind::End);
        };
        let word = word_length(rest);
        if word > 0 {
            let name = &rest[..word];
            let keyword = KEYWORDS.contains(&name) || name == "double";
            return self.take(word, if keyword { Kind::Keyword } else { Kind::Word });
        }
        if first.is_ascii_digit() {
            return self.take(number_length(rest), Kind::Number);
        }
        if first == '"' || first == '\'' {
            return self.string(first);
        }
        match MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            Some(mark) => self.take(mark.len(), Kind::Mark),
            None => self.unexpected(),
        }
    }

    /// Skips blanks and comments; a comment that does not end is no comment.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blanks = length_of(rest, |letter| matches!(letter, ' ' | '\t' | '\n' | '\r'));
            let skipped = if blanks > 0 {
                blanks
            } else if rest.starts_with("//") {
                length_of(rest, |letter| !matches!(letter, '\n' | '\r'))
            } else if rest.starts_with("/*") {
                rest.get(2..)
                    .and_then(|inside| inside.find("*/"))
                    .map_or(0, |length| length + 4)
            } else {
                0
            };
            if skipped == 0 {
                return;
            }
            self.at += skipped;
        }
    }

    fn string(&mut self, quote: char) -> Token {
        let mut text = String::new();
        let mut letters = self.rest().char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            if letter == quote {
                return self.take(at + 1, Kind::Text(text.into()));
            }
            if letter != '\\' {
                text.push(letter);
                continue;
            }
            match letters.next() {
                Some((_, escaped)) if escaped == quote || escaped == '\\' => text.push(escaped),
                Some((at, escaped)) => {
                    let length = at + escaped.len_utf8();
                    let so_far = self.rest().get(..length).unwrap_or("");
                    let kind = Kind::Bad(format!(
                        "unexpected character [{so_far}]. The only valid escape sequences in strings starting with \
                         [{quote}] are [\\\\] and [\\{quote}]."
                    ));
                    return self.take(length, kind);
                }
                None => break,
            }
        }
        let rest = self.rest();
        let kind = Kind::Bad(format!("unexpected character [{rest}]."));
        self.take(rest.len(), kind)
    }
}

fn length_of(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

fn word_length(text: &str) -> usize {
    if text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return 0;
    }
    length_of(text, |letter| {
        letter.is_ascii_alphanumeric() || letter == '_'
    })
}

/// How long a number is that starts with a digit: with a fraction, an exponent and the letter of its type.
fn number_length(text: &str) -> usize {
    let digit = |letter: char| letter.is_ascii_digit();
    if text.starts_with("0x") || text.starts_with("0X") {
        let digits = length_of(&text[2..], |letter| letter.is_ascii_hexdigit());
        if digits > 0 {
            let long = text[2 + digits..].starts_with(['l', 'L']);
            return 2 + digits + usize::from(long);
        }
    }
    let octal = length_of(&text[1..], |letter| matches!(letter, '0'..='7'));
    if text.starts_with('0') && octal > 0 {
        let long = text[1 + octal..].starts_with(['l', 'L']);
        return 1 + octal + usize::from(long);
    }
    let mut length = if text.starts_with('0') {
        1
    } else {
        length_of(text, digit)
    };
    let mut decimal = false;
    if let Some(fraction) = text[length..].strip_prefix('.') {
        let digits = length_of(fraction, digit);
        if digits > 0 {
            (length, decimal) = (length + 1 + digits, true);
        }
    }
    if let Some(exponent) = text[length..].strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let digits = length_of(&exponent[sign..], digit);
        if digits > 0 {
            (length, decimal) = (length + 1 + sign + digits, true);
        }
    }
    let suffix = text[length..].chars().next();
    let typed = matches!(suffix, Some('f' | 'F' | 'd' | 'D'))
        || (!decimal && matches!(suffix, Some('l' | 'L')));
    length + usize::from(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<&str> {
        tokens(source)
            .iter()
            .map(|token| &source[token.start..token.end])
            .collect()
    }

    #[test]
    fn marks_numbers_and_members_are_told_apart() {
        assert_eq!(
            words("a>>>=1.5e-3f+list.0.x?.if//c\n/* d */'q\\''"),
            [
                "a", ">>>=", "1.5e-3f", "+", "list", ".", "0", ".", "x", "?.", "if", "'q\\''", ""
            ]
        );
        assert_eq!(
            words("017 08 0x1FL 1.foo 5L"),
            ["017", "0", "8", "0x1FL", "1", ".", "foo", "5L", ""]
        );
    }

    #[test]
    fn what_is_no_token_says_so() {
        for (source, message) in [
            ("é", "unexpected character [é]."),
            ("doc.['n']", "unexpected character [[]."),
            ("'abc", "unexpected character ['abc]."),
            ("\"", "unexpected character [\"]."),
        ] {
            let last = tokens(source).pop().unwrap();
            assert_eq!(last.kind, Kind::Bad(message.to_owned()));
        }
    }
}
