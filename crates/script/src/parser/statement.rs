//! Statements.

use super::Parser;
use crate::lexer::{Kind, PRIMITIVES};
use crate::source::Fail;
use crate::syntax::{Catch, Stmt, StmtKind, Variable};

impl Parser<'_> {
    /// Reads a statement with what ends it; `outermost` says that it is not in braces.
    pub(super) fn statement(&mut self, outermost: bool) -> Result<Stmt, Fail> {
        self.nested(|parser| parser.statement_here(outermost))
    }

    fn statement_here(&mut self, outermost: bool) -> Result<Stmt, Fail> {
        let at = self.place();
        let keyword = if self.kind(0) == Some(&Kind::Keyword) {
            self.text(0)
        } else {
            ""
        };
        let kind = match keyword {
            "if" => self.branch(outermost)?,
            "while" => {
                self.at += 1;
                let condition = self.condition()?;
                let body = self.loop_body(outermost)?;
                StmtKind::While { condition, body }
            }
            "for" => self.for_loop(outermost)?,
            "try" => self.try_block()?,
            _ => {
                let statement = self.simple()?;
                self.end_of_statement(outermost, &statement)?;
                return Ok(statement);
            }
        };
        Ok(Stmt { at, kind })
    }

    /// Takes the semicolon, which may be left out before a closing brace and at the end.
    fn end_of_statement(&mut self, outermost: bool, statement: &Stmt) -> Result<(), Fail> {
        if self.eat(";") || self.at_end() && outermost || self.is("}") && !outermost {
            return Ok(());
        }
        // After `int x` the grammar could go on with a value, so that it says less.
        if let StmtKind::Declare { variables, .. } = &statement.kind
            && variables.last().is_some_and(|last| last.value.is_none())
        {
            return Err(self.near());
        }
        Err(self.expected(if outermost {
            "{<EOF>, ';'}"
        } else {
            "{'}', ';'}"
        }))
    }

    /// A statement that a semicolon ends, without it.
    fn simple(&mut self) -> Result<Stmt, Fail> {
        let at = self.place();
        let kind = if self.declaration_follows() {
            self.declaration()?
        } else if self.eat("do") {
            let body = self.block()?;
            if !self.eat("while") {
                return Err(self.expected("'while'"));
            }
            let condition = self.condition()?;
            StmtKind::DoWhile { body, condition }
        } else if self.eat("continue") {
            StmtKind::Continue
        } else if self.eat("break") {
            StmtKind::Break
        } else if self.eat("return") {
            let ends = self.at_end() || self.is(";") || self.is("}");
            StmtKind::Return(if ends { None } else { Some(self.expression()?) })
        } else if self.eat("throw") {
            StmtKind::Throw(self.expression()?)
        } else {
            StmtKind::Expression(self.expression()?)
        };
        Ok(Stmt { at, kind })
    }

    fn declaration_follows(&self) -> bool {
        let primitive = self.kind(0) == Some(&Kind::Keyword)
            && (self.text(0) == "def" || PRIMITIVES.contains(&self.text(0)));
        primitive
            || self
                .type_length(0)
                .is_some_and(|length| self.kind(length) == Some(&Kind::Word))
    }

    fn declaration(&mut self) -> Result<StmtKind, Fail> {
        let of = self.type_name()?;
        let mut variables = Vec::new();
        loop {
            let at = self.place();
            let name = self.word()?;
            let value = if self.eat("=") {
                Some(self.expression()?)
            } else {
                None
            };
            variables.push(Variable { name, at, value });
            if !self.eat(",") {
                return Ok(StmtKind::Declare { of, variables });
            }
        }
    }

    fn condition(&mut self) -> Result<crate::syntax::Expr, Fail> {
        self.need("(")?;
        let condition = self.expression()?;
        self.need(")")?;
        Ok(condition)
    }

    /// `{ … }`.
    pub(super) fn block(&mut self) -> Result<Vec<Stmt>, Fail> {
        self.need("{")?;
        let mut body = Vec::new();
        while !self.eat("}") {
            if self.is(";") {
                return Err(self.near());
            }
            body.push(self.statement(false)?);
        }
        Ok(body)
    }

    /// A block, or one statement.
    fn trailer(&mut self, outermost: bool) -> Result<Vec<Stmt>, Fail> {
        if self.is("{") {
            return self.block();
        }
        Ok(vec![self.statement(outermost)?])
    }

    fn loop_body(&mut self, outermost: bool) -> Result<Vec<Stmt>, Fail> {
        if self.eat(";") {
            return Ok(Vec::new());
        }
        self.trailer(outermost)
    }

    fn branch(&mut self, outermost: bool) -> Result<StmtKind, Fail> {
        self.at += 1;
        let condition = self.condition()?;
        let then = self.trailer(outermost)?;
        let otherwise = if self.eat("else") {
            Some(self.trailer(outermost)?)
        } else {
            None
        };
        Ok(StmtKind::If {
            condition,
            then,
            otherwise,
        })
    }

    fn for_loop(&mut self, outermost: bool) -> Result<StmtKind, Fail> {
        self.at += 1;
        self.need("(")?;
        if self.kind(0) == Some(&Kind::Word) && self.text(1) == "in" {
            let name = self.word()?;
            self.at += 1;
            return self.for_each(None, name, outermost);
        }
        if let Some(length) = self.type_length(0)
            && self.kind(length) == Some(&Kind::Word)
            && self.text(length + 1) == ":"
        {
            let of = Some(self.type_name()?);
            let name = self.word()?;
            self.at += 1;
            return self.for_each(of, name, outermost);
        }
        let at = self.place();
        let first = if self.is(";") {
            None
        } else if self.declaration_follows() {
            let kind = self.declaration()?;
            Some(Box::new(Stmt { at, kind }))
        } else {
            let kind = StmtKind::Expression(self.expression()?);
            Some(Box::new(Stmt { at, kind }))
        };
        self.need(";")?;
        let condition = if self.is(";") {
            None
        } else {
            Some(self.expression()?)
        };
        self.need(";")?;
        let after = if self.is(")") {
            None
        } else {
            Some(self.expression()?)
        };
        self.need(")")?;
        let body = self.loop_body(outermost)?;
        Ok(StmtKind::For {
            first,
            condition,
            after,
            body,
        })
    }

    fn for_each(
        &mut self,
        of: Option<crate::syntax::TypeName>,
        name: String,
        outermost: bool,
    ) -> Result<StmtKind, Fail> {
        let over = self.expression()?;
        self.need(")")?;
        let body = self.trailer(outermost)?;
        Ok(StmtKind::ForEach {
            of,
            name,
            over,
            body,
        })
    }

    fn try_block(&mut self) -> Result<StmtKind, Fail> {
        self.at += 1;
        let body = self.block()?;
        let mut catches = Vec::new();
        while self.eat("catch") {
            self.need("(")?;
            let of = self.type_name()?;
            let at = self.place();
            let name = self.word()?;
            self.need(")")?;
            let body = self.block()?;
            catches.push(Catch { of, name, at, body });
        }
        if catches.is_empty() {
            return Err(self.expected("'catch'"));
        }
        Ok(StmtKind::Try { body, catches })
    }
}
