//! Expressions: operators by how tightly they bind, then what follows a value.

use super::Parser;
use crate::error::Cause;
use crate::lexer::{Kind, PRIMITIVES};
use crate::source::Fail;
use crate::syntax::{Expr, ExprKind, Operator, Parameter, Stmt, StmtKind, UnaryOperator};

/// How tightly `instanceof` binds: between comparisons and equality.
const INSTANCE_OF: u8 = 7;

/// An operator with two operands and how tightly it binds, more = tighter.
fn binary_operator(symbol: &str) -> Option<(Operator, u8)> {
    Some(match symbol {
        "*" => (Operator::Multiply, 11),
        "/" => (Operator::Divide, 11),
        "%" => (Operator::Remainder, 11),
        "+" => (Operator::Add, 10),
        "-" => (Operator::Subtract, 10),
        "<<" => (Operator::ShiftLeft, 9),
        ">>" => (Operator::ShiftRight, 9),
        ">>>" => (Operator::ShiftRightUnsigned, 9),
        "<" => (Operator::Less, 8),
        "<=" => (Operator::LessOrEqual, 8),
        ">" => (Operator::Greater, 8),
        ">=" => (Operator::GreaterOrEqual, 8),
        "==" => (Operator::Equal, 6),
        "!=" => (Operator::NotEqual, 6),
        "===" => (Operator::Same, 6),
        "!==" => (Operator::NotSame, 6),
        "&" => (Operator::BitAnd, 5),
        "^" => (Operator::BitXor, 4),
        "|" => (Operator::BitOr, 3),
        "&&" => (Operator::And, 2),
        "||" => (Operator::Or, 1),
        _ => return None,
    })
}

fn assignment(symbol: &str) -> Option<Option<Operator>> {
    Some(match symbol {
        "=" => None,
        ">>>=" => Some(Operator::ShiftRightUnsigned),
        "+=" | "-=" | "*=" | "/=" | "%=" | "&=" | "|=" | "^=" | "<<=" | ">>=" => {
            let (operator, _) = binary_operator(symbol.strip_suffix('=')?)?;
            Some(operator)
        }
        _ => return None,
    })
}

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Result<Expr, Fail> {
        self.nested(Self::expression_here)
    }

    fn expression_here(&mut self) -> Result<Expr, Fail> {
        if self.lambda_follows() {
            return self.lambda();
        }
        let left = self.elvis()?;
        let at = left.at;
        if self.eat("?") {
            let then = self.expression()?;
            self.need(":")?;
            let otherwise = self.expression()?;
            return self.make(
                at,
                ExprKind::Conditional {
                    condition: Box::new(left),
                    then: Box::new(then),
                    otherwise: Box::new(otherwise),
                },
            );
        }
        let mark = self.kind(0) == Some(&Kind::Mark);
        if let Some(operator) = assignment(self.text(0)).filter(|_| mark) {
            self.at += 1;
            let value = self.expression()?;
            return self.make(
                at,
                ExprKind::Assign {
                    target: Box::new(left),
                    operator,
                    value: Box::new(value),
                },
            );
        }
        Ok(left)
    }

    fn elvis(&mut self) -> Result<Expr, Fail> {
        let left = self.binary(0)?;
        if !self.eat("?:") {
            return Ok(left);
        }
        let at = left.at;
        let right = self.nested(Self::elvis)?;
        self.make(
            at,
            ExprKind::Elvis {
                left: Box::new(left),
                right: Box::new(right),
            },
        )
    }

    /// Reads operators that bind tighter than `loosest`.
    fn binary(&mut self, loosest: u8) -> Result<Expr, Fail> {
        let mut left = self.unary()?;
        loop {
            let at = left.at;
            if self.is("instanceof") && INSTANCE_OF > loosest {
                self.at += 1;
                let of = self.type_name()?;
                let operand = Box::new(left);
                left = self.make(at, ExprKind::InstanceOf { operand, of })?;
                continue;
            }
            let mark = self.kind(0) == Some(&Kind::Mark);
            let Some((operator, binds)) = binary_operator(self.text(0)).filter(|_| mark) else {
                return Ok(left);
            };
            if binds <= loosest {
                return Ok(left);
            }
            self.at += 1;
            let right = self.nested(|parser| parser.binary(binds))?;
            left = self.make(
                at,
                ExprKind::Binary {
                    operator,
                    left: Box::new(left),
                    right: Box::new(right),
                },
            )?;
        }
    }

    fn unary(&mut self) -> Result<Expr, Fail> {
        self.nested(Self::unary_here)
    }

    fn unary_here(&mut self) -> Result<Expr, Fail> {
        let at = self.place();
        for up in [true, false] {
            if self.eat(if up { "++" } else { "--" }) {
                let target = Box::new(self.chain()?);
                let post = false;
                return self.make(at, ExprKind::Step { target, up, post });
            }
        }
        if self.is("-") && self.kind(1) == Some(&Kind::Number) {
            // The minus belongs to the number, so that the least of all can be written.
            let end = self.text(2);
            if !matches!(end, "." | "?." | "[" | "++" | "--") {
                let number = format!("-{}", self.text(1));
                self.at += 2;
                return self.make(at, ExprKind::Number(number));
            }
        }
        let operator = match self.text(0) {
            _ if self.kind(0) != Some(&Kind::Mark) => None,
            "!" => Some(UnaryOperator::Not),
            "~" => Some(UnaryOperator::BitNot),
            "+" => Some(UnaryOperator::Plus),
            "-" => Some(UnaryOperator::Minus),
            _ => None,
        };
        if let Some(operator) = operator {
            self.at += 1;
            let operand = Box::new(self.unary()?);
            return self.make(at, ExprKind::Unary { operator, operand });
        }
        if self.is("(") && (self.primitive_cast_follows() || self.reference_cast_follows()) {
            self.at += 1;
            let to = self.type_name()?;
            self.close(")")?;
            let operand = Box::new(self.unary()?);
            return self.make(at, ExprKind::Cast { to, operand });
        }
        let target = self.chain()?;
        for up in [true, false] {
            if self.eat(if up { "++" } else { "--" }) {
                let at = target.at;
                let target = Box::new(target);
                let post = true;
                return self.make(at, ExprKind::Step { target, up, post });
            }
        }
        Ok(target)
    }

    fn primitive_cast_follows(&self) -> bool {
        (self.text(1) == "def" || PRIMITIVES.contains(&self.text(1))) && self.text(2) == ")"
    }

    /// A value, and the dots and brackets that follow it.
    fn chain(&mut self) -> Result<Expr, Fail> {
        let mut target = self.primary()?;
        loop {
            let at = self.place();
            if self.is(".") || self.is("?.") {
                let null_safe = self.is("?.");
                self.at += 1;
                let name = match self.kind(0) {
                    Some(Kind::MemberWord | Kind::MemberNumber) => self.text(0).to_owned(),
                    _ => return Err(self.near()),
                };
                self.at += 1;
                let target_box = Box::new(target);
                let kind = if self.is("(") {
                    ExprKind::Method {
                        target: target_box,
                        name,
                        arguments: self.arguments()?,
                        null_safe,
                    }
                } else {
                    ExprKind::Member {
                        target: target_box,
                        name,
                        null_safe,
                    }
                };
                target = self.make(at, kind)?;
            } else if self.is("[") {
                self.at += 1;
                let index = Box::new(self.expression()?);
                self.close("]")?;
                let target_box = Box::new(target);
                target = self.make(
                    at,
                    ExprKind::Index {
                        target: target_box,
                        index,
                    },
                )?;
            } else {
                return Ok(target);
            }
        }
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, Fail> {
        self.close("(")?;
        self.list_until(")")
    }

    /// Expressions with commas between them, up to what closes the list.
    fn list_until(&mut self, closing: &str) -> Result<Vec<Expr>, Fail> {
        let mut found = Vec::new();
        while !self.eat(closing) {
            if !found.is_empty() {
                self.close(",")?;
            }
            found.push(self.expression()?);
        }
        Ok(found)
    }

    fn primary(&mut self) -> Result<Expr, Fail> {
        let at = self.place();
        let text = self.text(0);
        match self.kind(0).cloned() {
            Some(Kind::Number) => {
                self.at += 1;
                self.make(at, ExprKind::Number(text.to_owned()))
            }
            Some(Kind::Text(text)) => {
                self.at += 1;
                self.make(at, ExprKind::Text(text))
            }
            Some(Kind::Word) => {
                self.at += 1;
                let name = text.to_owned();
                if self.is("(") {
                    let arguments = self.arguments()?;
                    return self.make(at, ExprKind::Call { name, arguments });
                }
                self.make(at, ExprKind::Name(name))
            }
            Some(Kind::Keyword) => {
                let kind = match text {
                    "true" => ExprKind::Bool(true),
                    "false" => ExprKind::Bool(false),
                    "null" => ExprKind::Null,
                    "new" => return self.construction(at),
                    _ => return Err(self.near()),
                };
                self.at += 1;
                self.make(at, kind)
            }
            Some(Kind::Mark) if text == "(" => {
                self.at += 1;
                let inner = self.expression()?;
                self.close(")")?;
                Ok(inner)
            }
            Some(Kind::Mark) if text == "[" => self.list_or_map(at),
            _ => Err(self.near()),
        }
    }

    fn list_or_map(&mut self, at: usize) -> Result<Expr, Fail> {
        self.at += 1;
        if self.is(":") && self.text(1) == "]" {
            self.at += 2;
            return self.make(at, ExprKind::Map(Vec::new()));
        }
        if self.eat("]") {
            return self.make(at, ExprKind::List(Vec::new()));
        }
        let first = self.expression()?;
        if self.eat(":") {
            let mut entries = vec![(first, self.expression()?)];
            while !self.eat("]") {
                self.close(",")?;
                let key = self.expression()?;
                self.close(":")?;
                entries.push((key, self.expression()?));
            }
            return self.make(at, ExprKind::Map(entries));
        }
        let mut elements = vec![first];
        while !self.eat("]") {
            self.close(",")?;
            elements.push(self.expression()?);
        }
        self.make(at, ExprKind::List(elements))
    }

    /// `new Type(…)`, `new int[5]`, `new int[] {1, 2}`.
    fn construction(&mut self, at: usize) -> Result<Expr, Fail> {
        self.at += 1;
        let mut of = self.type_name()?;
        if of.dimensions > 0 {
            self.need("{")?;
            let values = Some(self.list_until("}")?);
            let lengths = Vec::new();
            return self.make(
                at,
                ExprKind::NewArray {
                    of,
                    lengths,
                    values,
                },
            );
        }
        if self.is("[") {
            let mut lengths = Vec::new();
            while self.is("[") && lengths.len() < 8 {
                self.at += 1;
                lengths.push(self.expression()?);
                self.close("]")?;
                of.dimensions += 1;
            }
            let values = None;
            return self.make(
                at,
                ExprKind::NewArray {
                    of,
                    lengths,
                    values,
                },
            );
        }
        let arguments = self.arguments()?;
        self.make(at, ExprKind::New { of, arguments })
    }

    /// Whether `x ->` or `(x, y) ->` follows.
    fn lambda_follows(&self) -> bool {
        if self.kind(0) == Some(&Kind::Word) {
            return self.text(1) == "->";
        }
        if !self.is("(") {
            return false;
        }
        let mut ahead = 1;
        while matches!(self.kind(ahead), Some(Kind::Word)) || self.text(ahead) == "," {
            ahead += 1;
        }
        self.text(ahead) == ")" && self.text(ahead + 1) == "->"
    }

    fn lambda(&mut self) -> Result<Expr, Fail> {
        let at = self.place();
        if self.nesting < 2 || self.at == 0 {
            // A lambda is an argument; the grammar knows it nowhere else.
            self.at += 1;
            return Err(self.near());
        }
        let mut parameters = Vec::new();
        if self.eat("(") {
            while !self.eat(")") {
                if !parameters.is_empty() {
                    self.close(",")?;
                }
                let name = self.word()?;
                parameters.push(Parameter { of: None, name });
            }
        } else {
            let name = self.word()?;
            parameters.push(Parameter { of: None, name });
        }
        self.need("->")?;
        let around = std::mem::take(&mut self.deepest);
        let body = if self.is("{") {
            self.block()?
        } else {
            let value = self.expression()?;
            vec![Stmt {
                at: value.at,
                kind: StmtKind::Return(Some(value)),
            }]
        };
        if parameters.len() > 8 {
            return Err(Fail::at(
                at,
                Cause::argument("a lambda may have at most 8 parameters"),
            ));
        }
        let depth = std::mem::replace(&mut self.deepest, around) + 1;
        self.make(
            at,
            ExprKind::Lambda {
                parameters,
                body,
                depth,
            },
        )
    }
}
