//! From tokens to the syntax tree.

mod expression;
mod statement;

use crate::error::{Cause, CauseKind};
use crate::lexer::{Kind, PRIMITIVES, Token, tokens};
use crate::source::Fail;
use crate::syntax::{Expr, ExprKind, Function, MAX_DEPTH, Parameter, Script, TypeName};
use crate::types::is_type_name;

/// How long a script may be, in UTF-16 units; Painless draws the same line.
const MAX_LENGTH: usize = 65_535;

/// How deep statements and expressions may lie in one another while they are read.
const MAX_NESTING: usize = 250;

/// Reads a script.
pub(crate) fn parse(source: &str) -> Result<Script, Fail> {
    let length = crate::value::utf16_length(source);
    if length > MAX_LENGTH {
        return Err(Fail::at(
            0,
            Cause::argument(format!(
                "Scripts may be no longer than {MAX_LENGTH} characters. The passed in script is {length} characters. \
                 Consider using a plugin if a script longer than this length is a requirement."
            )),
        ));
    }
    let mut parser = Parser {
        source,
        tokens: tokens(source),
        at: 0,
        nesting: 0,
        deepest: 0,
    };
    parser.script()
}

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    at: usize,
    nesting: usize,
    /// The depth of the deepest expression so far, within the lambda that is read.
    deepest: usize,
}

impl<'a> Parser<'a> {
    fn script(&mut self) -> Result<Script, Fail> {
        let mut functions = Vec::new();
        while self.function_follows() {
            functions.push(self.function()?);
        }
        let mut body = Vec::new();
        while !self.at_end() {
            let first = body.is_empty() && functions.is_empty();
            if !first && (self.is("{") || self.is("}") || self.is(";") || self.is(")")) {
                return Err(self.expected("<EOF>"));
            }
            body.push(self.statement(true)?);
        }
        Ok(Script {
            functions,
            body,
            end: self.source.len(),
        })
    }

    /// Whether `type name (` follows.
    fn function_follows(&self) -> bool {
        self.type_length(0).is_some_and(|length| {
            self.kind(length) == Some(&Kind::Word) && self.text(length + 1) == "("
        })
    }

    fn function(&mut self) -> Result<Function, Fail> {
        let returns = self.type_name()?;
        let name = self.word()?;
        self.need("(")?;
        let mut parameters = Vec::new();
        while !self.is(")") {
            if !parameters.is_empty() {
                self.need(",")?;
            }
            let of = Some(self.type_name()?);
            let name = self.word()?;
            parameters.push(Parameter { of, name });
        }
        self.need(")")?;
        let body = self.block()?;
        Ok(Function {
            at: returns.at,
            returns,
            name,
            parameters,
            body,
        })
    }

    // Looking at tokens.

    fn token(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    fn kind(&self, ahead: usize) -> Option<&Kind> {
        self.token(ahead).map(|token| &token.kind)
    }

    fn text(&self, ahead: usize) -> &'a str {
        self.token(ahead)
            .and_then(|token| self.source.get(token.start..token.end))
            .unwrap_or("")
    }

    /// Where the next token starts.
    fn place(&self) -> usize {
        self.token(0).map_or(self.source.len(), |token| token.start)
    }

    fn at_end(&self) -> bool {
        matches!(self.kind(0), None | Some(Kind::End))
    }

    fn is(&self, text: &str) -> bool {
        matches!(self.kind(0), Some(Kind::Mark | Kind::Keyword)) && self.text(0) == text
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.is(text);
        if found {
            self.at += 1;
        }
        found
    }

    fn word(&mut self) -> Result<String, Fail> {
        if self.kind(0) != Some(&Kind::Word) {
            return Err(self.near());
        }
        let word = self.text(0).to_owned();
        self.at += 1;
        Ok(word)
    }

    /// Takes a mark that must stand here.
    fn need(&mut self, text: &str) -> Result<(), Fail> {
        if self.eat(text) {
            return Ok(());
        }
        Err(self.expected(&format!("'{text}'")))
    }

    /// Takes a mark that ends something which other tokens could go on with.
    fn close(&mut self, text: &str) -> Result<(), Fail> {
        if self.eat(text) {
            return Ok(());
        }
        Err(self.near())
    }

    // Types.

    /// How many tokens a type takes that starts so far ahead, if one does.
    fn type_length(&self, ahead: usize) -> Option<usize> {
        let primitive = self.kind(ahead) == Some(&Kind::Keyword)
            && (self.text(ahead) == "def" || PRIMITIVES.contains(&self.text(ahead)));
        let mut end = match self.kind(ahead)? {
            Kind::Word => ahead + 1,
            _ if primitive => ahead + 1,
            _ => return None,
        };
        while !primitive && self.text(end) == "." && self.kind(end + 1) == Some(&Kind::MemberWord) {
            end += 2;
        }
        while self.text(end) == "[" && self.text(end + 1) == "]" {
            end += 2;
        }
        Some(end - ahead)
    }

    fn type_name(&mut self) -> Result<TypeName, Fail> {
        let Some(length) = self.type_length(0) else {
            return Err(self.near());
        };
        let at = self.place();
        let mut name = String::new();
        let mut dimensions = 0;
        for _ in 0..length {
            match self.text(0) {
                "[" => dimensions += 1,
                "]" => {}
                part => name.push_str(part),
            }
            self.at += 1;
        }
        if dimensions > 8 {
            return Err(Fail::at(
                at,
                Cause::argument("an array may have at most 8 dimensions"),
            ));
        }
        Ok(TypeName {
            name,
            dimensions,
            at,
        })
    }

    // Failing.

    /// What ANTLR says where no rule goes on.
    fn near(&self) -> Fail {
        let token = self.token(0);
        if let Some(Kind::Bad(message)) = self.kind(0) {
            return Fail::at(self.place(), Cause::argument(message.clone()));
        }
        let reason = if token.is_none() || self.at_end() {
            "unexpected end of script.".to_owned()
        } else {
            format!("invalid sequence of tokens near ['{}'].", self.text(0))
        };
        Fail::at(self.place(), Cause::new(CauseKind::IllegalArgument, reason))
    }

    /// What ANTLR says where one token, or one of a few, must stand.
    fn expected(&self, tokens: &str) -> Fail {
        if let Some(Kind::Bad(_)) = self.kind(0) {
            return self.near();
        }
        let found = if self.at_end() { "<EOF>" } else { self.text(0) };
        Fail::at(
            self.place(),
            Cause::argument(format!(
                "unexpected token ['{found}'] was expecting one of [{tokens}]."
            )),
        )
    }

    fn too_deep(&self) -> Fail {
        Fail::at(
            self.place(),
            Cause::argument("the script is nested too deeply"),
        )
    }

    /// Makes an expression that is not too deep.
    fn make(&mut self, at: usize, kind: ExprKind) -> Result<Expr, Fail> {
        let expr = Expr::new(at, kind);
        self.deepest = self.deepest.max(expr.depth);
        if expr.depth > MAX_DEPTH {
            return Err(self.too_deep());
        }
        Ok(expr)
    }

    /// Reads one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fail>) -> Result<T, Fail> {
        if self.nesting >= MAX_NESTING {
            return Err(self.too_deep());
        }
        self.nesting += 1;
        let result = read(self);
        self.nesting -= 1;
        result
    }

    /// Whether `( Type )` follows and then what a cast to a class may stand before.
    fn reference_cast_follows(&self) -> bool {
        let Some(length) = self.type_length(1) else {
            return false;
        };
        let array = self.text(length) == "]";
        let class = self.kind(1) == Some(&Kind::Word) && is_type_name(self.text(1));
        (array || class)
            && self.text(1 + length) == ")"
            && match self.kind(2 + length) {
                Some(Kind::Word | Kind::Number | Kind::Text(_)) => true,
                Some(Kind::Keyword) => {
                    matches!(self.text(2 + length), "true" | "false" | "null" | "new")
                }
                Some(Kind::Mark) => matches!(self.text(2 + length), "(" | "[" | "!" | "~"),
                _ => false,
            }
    }
}

#[cfg(test)]
mod tests;
