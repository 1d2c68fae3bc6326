//! From characters to tokens. Ranges come as one token, because inside them other characters are special.

mod range;

use super::error::QueryStringError;
use crate::Bound;

/// How much of an unexpected token an error repeats, in characters.
const MAX_SHOWN: usize = 30;

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// Its first character, counted from 1.
    pub(super) position: usize,
    /// The character after its last one, counted from 1.
    pub(super) end: usize,
    /// Its characters, cut short for messages.
    pub(super) shown: String,
}

impl Token {
    /// Says that this token cannot stand where it stands.
    pub(super) fn unexpected(&self, expected: &'static str) -> QueryStringError {
        let (position, got) = (self.position, self.shown.clone());
        QueryStringError::Unexpected {
            position,
            expected,
            got,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    Word(Word),
    Quoted(String),
    Range {
        lower: Bound,
        upper: Bound,
    },
    And,
    Or,
    Not,
    Plus,
    Minus,
    /// `+`, `-` or `!` with a space after it.
    LoneOperator,
    Open,
    Close,
    Colon,
    /// `~` and the number that follows it.
    Tilde(String),
    Boost(f32),
    End,
}

/// A word as it was written.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Word {
    /// Its characters, without the backslashes.
    pub(super) text: String,
    /// The pattern that it is, when it has `*` or `?` without a backslash.
    pub(super) pattern: Option<String>,
    /// Whether its first character had a backslash.
    pub(super) starts_escaped: bool,
}

/// Takes a text apart; the last token is always the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, QueryStringError> {
    let mut lexer = Lexer {
        characters: text.chars().collect(),
        next: 0,
    };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_whitespace();
        let start = lexer.next;
        let kind = lexer.token()?;
        let ended = kind == TokenKind::End;
        tokens.push(Token {
            kind,
            position: start + 1,
            end: lexer.next + 1,
            shown: lexer.shown(start, lexer.next),
        });
        if ended {
            return Ok(tokens);
        }
    }
}

struct Lexer {
    characters: Vec<char>,
    next: usize,
}

impl Lexer {
    fn token(&mut self) -> Result<TokenKind, QueryStringError> {
        let Some(first) = self.peek() else {
            return Ok(TokenKind::End);
        };
        match first {
            '(' => Ok(self.take(TokenKind::Open)),
            ')' => Ok(self.take(TokenKind::Close)),
            ':' => Ok(self.take(TokenKind::Colon)),
            '+' => Ok(self.prefix(TokenKind::Plus)),
            '-' => Ok(self.prefix(TokenKind::Minus)),
            '!' => Ok(self.prefix(TokenKind::Not)),
            '"' => self.quoted().map(TokenKind::Quoted),
            '[' | '{' => self.range(first == '['),
            '~' => {
                self.next += 1;
                Ok(TokenKind::Tilde(
                    self.run_until(|c| !(c.is_ascii_digit() || c == '.')),
                ))
            }
            '^' => self.boost(),
            '/' => Err(QueryStringError::Regexp {
                position: self.next + 1,
            }),
            ']' | '}' => {
                let start = self.next;
                Err(self.unexpected(
                    start,
                    start + 1,
                    "a word, a phrase, a range or ( before the end of a range",
                ))
            }
            _ => self.word(),
        }
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.next).copied()
    }

    fn take(&mut self, kind: TokenKind) -> TokenKind {
        self.next += 1;
        kind
    }

    fn prefix(&mut self, kind: TokenKind) -> TokenKind {
        self.next += 1;
        match self.peek() {
            Some(c) if c.is_whitespace() => TokenKind::LoneOperator,
            _ => kind,
        }
    }

    fn skip_whitespace(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next += 1;
        }
    }

    /// Takes the character after a backslash.
    fn escaped(&mut self) -> Result<char, QueryStringError> {
        self.next += 1;
        let Some(character) = self.peek() else {
            return Err(self.unexpected(self.next, self.next, "a character after the backslash"));
        };
        self.next += 1;
        Ok(character)
    }

    fn word(&mut self) -> Result<TokenKind, QueryStringError> {
        let start = self.next;
        let mut word = Word {
            starts_escaped: self.peek() == Some('\\'),
            ..Word::default()
        };
        let mut pattern = String::new();
        let (mut has_wildcard, mut has_escape) = (false, false);
        while let Some(character) = self.peek() {
            match character {
                '\\' => {
                    let literal = self.escaped()?;
                    has_escape = true;
                    word.text.push(literal);
                    if matches!(literal, '*' | '?' | '\\') {
                        pattern.push('\\');
                    }
                    pattern.push(literal);
                    continue;
                }
                '*' | '?' => has_wildcard = true,
                c if ends_word(c) => break,
                _ => {}
            }
            word.text.push(character);
            pattern.push(character);
            self.next += 1;
        }
        debug_assert!(
            self.next > start,
            "every first character of a word belongs to it"
        );
        word.pattern = has_wildcard.then_some(pattern);
        Ok(match word.text.as_str() {
            "AND" | "&&" if !has_escape => TokenKind::And,
            "OR" | "||" if !has_escape => TokenKind::Or,
            "NOT" if !has_escape => TokenKind::Not,
            _ => TokenKind::Word(word),
        })
    }

    fn quoted(&mut self) -> Result<String, QueryStringError> {
        let start = self.next;
        self.next += 1;
        let mut text = String::new();
        loop {
            match self.peek() {
                None => {
                    return Err(QueryStringError::Unclosed {
                        position: start + 1,
                        what: "the quoted text",
                        expected: "\"",
                    });
                }
                Some('"') => {
                    self.next += 1;
                    return Ok(text);
                }
                Some('\\') => text.push(self.escaped()?),
                Some(character) => {
                    text.push(character);
                    self.next += 1;
                }
            }
        }
    }

    fn plain_run(&mut self) -> String {
        self.run_until(ends_word)
    }

    fn run_until(&mut self, ends: impl Fn(char) -> bool) -> String {
        let rest = self.characters.get(self.next..).unwrap_or_default();
        let run: String = rest.iter().take_while(|&&c| !ends(c)).collect();
        self.next += run.chars().count();
        run
    }

    fn boost(&mut self) -> Result<TokenKind, QueryStringError> {
        self.next += 1;
        let start = self.next;
        let number = self.plain_run();
        let plain = number.chars().all(|c| c.is_ascii_digit() || c == '.');
        match number.parse::<f32>() {
            Ok(factor) if plain && factor.is_finite() => Ok(TokenKind::Boost(factor)),
            _ => Err(self.unexpected(start, self.next, "a number such as 2 or 2.5 after ^")),
        }
    }

    fn unexpected(&self, start: usize, end: usize, expected: &'static str) -> QueryStringError {
        QueryStringError::Unexpected {
            position: start + 1,
            expected,
            got: self.shown(start, end),
        }
    }

    /// Gives the characters from `start` to `end` as messages show them.
    fn shown(&self, start: usize, end: usize) -> String {
        let Some(characters) = self.characters.get(start..end).filter(|c| !c.is_empty()) else {
            return match self.characters.get(start) {
                Some(next) => format!("`{next}`"),
                None => "the end of the text".to_owned(),
            };
        };
        let cut: String = (characters.iter().take(MAX_SHOWN))
            .map(|&c| if c.is_control() { ' ' } else { c })
            .collect();
        let dots = if characters.len() > MAX_SHOWN {
            "…"
        } else {
            ""
        };
        format!("`{cut}{dots}`")
    }
}

fn ends_word(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '!' | '(' | ')' | ':' | '^' | '[' | ']' | '"' | '{' | '}' | '~'
        )
}
