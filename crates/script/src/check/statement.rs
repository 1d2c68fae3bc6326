//! Statements, and where they go on.

use super::expression::{element_of, not_iterable};
use super::{Checker, Typed, at, fail};
use crate::convert::Cast;
use crate::error::{Cause, CauseKind};
use crate::ir::{Const, Ir, Step};
use crate::source::Fail;
use crate::syntax::{Expr, ExprKind, Operator, Stmt, StmtKind, UnaryOperator, Variable};
use crate::types::{Class, Type};

/// Where a statement goes on, and what is around it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flow {
    /// Whether nothing behind it in its block is reached.
    pub(super) ends: bool,
    /// Whether it leaves the routine on every path.
    pub(super) escapes: bool,
    /// Whether it leaves the loop around it on every path.
    pub(super) leaves_loop: bool,
    pub(super) breaks: bool,
    pub(super) continues: bool,
    /// Given from outside: whether a loop is around it.
    in_loop: bool,
    /// Given from outside: whether it is the routine's last, whose value is returned.
    last: bool,
}

impl Flow {
    /// What is around a routine's body.
    pub(super) fn outermost() -> Self {
        Self {
            last: true,
            ..Self::default()
        }
    }
}

impl Checker {
    /// Checks the statements of a block; `place` is where it starts.
    pub(super) fn block(
        &mut self,
        body: &[Stmt],
        place: usize,
        around: Flow,
    ) -> Result<(Vec<Step>, Flow), Fail> {
        let names = self.enter();
        if let Some(frame) = self.frame() {
            frame.blocks.0 += 1;
            frame.blocks.1 = frame.blocks.1.max(frame.blocks.0);
        }
        let mut steps = Vec::new();
        let mut flow = Flow::default();
        for (number, statement) in body.iter().enumerate() {
            if flow.ends {
                return fail(place, "invalid block: unreachable statement");
            }
            let around = Flow {
                last: around.last && number + 1 == body.len(),
                ..around
            };
            let this = self.statement(statement, around, &mut steps)?;
            flow = Flow {
                breaks: flow.breaks || this.breaks,
                continues: flow.continues || this.continues,
                ..this
            };
        }
        if let Some(frame) = self.frame() {
            frame.blocks.0 -= 1;
        }
        self.leave(names);
        Ok((steps, flow))
    }

    fn statement(
        &mut self,
        statement: &Stmt,
        around: Flow,
        steps: &mut Vec<Step>,
    ) -> Result<Flow, Fail> {
        let place = statement.at;
        if !matches!(statement.kind, StmtKind::Declare { .. }) {
            self.statements.push(place);
        }
        let leaves = Flow {
            ends: true,
            escapes: true,
            leaves_loop: true,
            ..Flow::default()
        };
        match &statement.kind {
            StmtKind::Declare { of, variables } => {
                for variable in variables {
                    let step = self.declaration(of, variable)?;
                    steps.push(step);
                }
                Ok(Flow::default())
            }
            StmtKind::Expression(expr) => self.expression_statement(expr, around, steps),
            StmtKind::Return(value) => {
                let step = self.return_statement(value.as_ref(), place)?;
                steps.push(step);
                Ok(leaves)
            }
            StmtKind::Throw(value) => {
                let value = self.expr(value, None)?;
                if value.ty != Type::Def
                    && !value.ty.may_become(Type::Class(Class::Exception), false)
                {
                    return Err(super::cannot_cast(
                        value.at,
                        value.ty,
                        Type::Class(Class::Exception),
                    ));
                }
                let line = value.at;
                steps.push(Step::Throw(value.ir, at(line)));
                Ok(leaves)
            }
            StmtKind::Break if around.in_loop => {
                steps.push(Step::Break);
                Ok(Flow {
                    ends: true,
                    leaves_loop: true,
                    breaks: true,
                    ..Flow::default()
                })
            }
            StmtKind::Continue if around.in_loop => {
                steps.push(Step::Continue);
                Ok(Flow {
                    ends: true,
                    continues: true,
                    ..Flow::default()
                })
            }
            StmtKind::Break => fail(place, "invalid break statement: not inside loop"),
            StmtKind::Continue => fail(place, "invalid continue statement: not inside loop"),
            StmtKind::If {
                condition,
                then,
                otherwise,
            } => self.branch(condition, then, otherwise.as_deref(), place, around, steps),
            StmtKind::While { condition, body } => {
                let condition = Some(condition);
                self.any_loop("while", None, condition, None, body, place, steps)
            }
            StmtKind::DoWhile { body, condition } => {
                let condition = Some(condition);
                self.any_loop("do-while", None, condition, None, body, place, steps)
            }
            StmtKind::For {
                first,
                condition,
                after,
                body,
            } => {
                let names = self.enter();
                let flow = self.any_loop(
                    "for",
                    first.as_deref(),
                    condition.as_ref(),
                    after.as_ref(),
                    body,
                    place,
                    steps,
                );
                self.leave(names);
                flow
            }
            StmtKind::ForEach {
                of,
                name,
                over,
                body,
            } => {
                let ty = match of {
                    Some(of) => self.type_of(of)?,
                    None => Type::Def,
                };
                let names = self.enter();
                let flow = self.for_each(ty, name, over, body, place, steps);
                self.leave(names);
                flow
            }
            StmtKind::Try { body, catches } => {
                let (body, mut flow) = self.block(body, place, around)?;
                let mut arms = Vec::new();
                for catch in catches {
                    let class = match self.type_of(&catch.of)? {
                        Type::Class(class) if class.is_a(Class::Exception) => class,
                        other => {
                            return Err(super::cannot_cast(
                                catch.at,
                                other,
                                Type::Class(Class::Exception),
                            ));
                        }
                    };
                    let names = self.enter();
                    let slot = self.define(&catch.name, Type::Class(class), catch.at)?;
                    let (arm, arm_flow) = self.block(&catch.body, catch.at, around)?;
                    self.leave(names);
                    flow = either(flow, arm_flow);
                    arms.push((class, slot, arm));
                }
                steps.push(Step::Try {
                    body,
                    catches: arms,
                });
                Ok(flow)
            }
        }
    }

    fn declaration(
        &mut self,
        of: &crate::syntax::TypeName,
        variable: &Variable,
    ) -> Result<Step, Fail> {
        let ty = Type::named(&of.name).and_then(|ty| ty.array(of.dimensions));
        let Some(ty) = ty.filter(|ty| *ty != Type::Void) else {
            let name = &of.name;
            return fail(
                variable.at,
                format!("invalid declaration: cannot resolve type [{name}]"),
            );
        };
        self.statements.push(variable.at);
        // What it is given does not see it yet.
        let value = match &variable.value {
            Some(value) => self.expr_as(value, ty)?.ir,
            None => Self::nothing(ty),
        };
        let slot = self.define(&variable.name, ty, variable.at)?;
        Ok(Step::Eval(self.store(slot, value, false)))
    }

    fn expression_statement(
        &mut self,
        expr: &Expr,
        around: Flow,
        steps: &mut Vec<Step>,
    ) -> Result<Flow, Fail> {
        let returns = self.frames.last().map_or(Type::Void, |frame| frame.returns);
        let returned = around.last && returns != Type::Void;
        if !returned && let Some(unused) = unused(&expr.kind) {
            return fail(expr.at, format!("not a statement: {unused}"));
        }
        let value = self.expr(expr, None)?;
        if returned && value.ty != Type::Void {
            let value = self.cast(value, returns, false)?;
            steps.push(Step::Return(value.ir));
            return Ok(Flow {
                ends: true,
                escapes: true,
                leaves_loop: true,
                ..Flow::default()
            });
        }
        steps.push(Step::Eval(value.ir));
        Ok(Flow::default())
    }

    fn return_statement(&mut self, value: Option<&Expr>, place: usize) -> Result<Step, Fail> {
        let returns = self.frames.last().map_or(Type::Void, |frame| frame.returns);
        let Some(value) = value else {
            if returns == Type::Void {
                return Ok(Step::Return(Ir::Const(Const::Null)));
            }
            return Err(Fail::at(
                place,
                Cause::new(
                    CauseKind::ClassCast,
                    format!("cannot cast from [{returns}] to [void]"),
                ),
            ));
        };
        let value = self.expr(value, (returns != Type::Void).then_some(returns))?;
        Ok(Step::Return(self.cast(value, returns, false)?.ir))
    }

    fn branch(
        &mut self,
        condition: &Expr,
        then: &[Stmt],
        otherwise: Option<&[Stmt]>,
        place: usize,
        around: Flow,
        steps: &mut Vec<Step>,
    ) -> Result<Flow, Fail> {
        let condition = self.expr_as(condition, Type::Boolean)?;
        if condition.as_constant().is_some() || then.is_empty() {
            return fail(place, "extraneous if block");
        }
        if otherwise.is_some_and(<[Stmt]>::is_empty) {
            return fail(place, "extraneous else block");
        }
        let (then, then_flow) = self.block(then, place, around)?;
        let (otherwise, flow) = match otherwise {
            Some(otherwise) => {
                let (otherwise, otherwise_flow) = self.block(otherwise, place, around)?;
                (otherwise, either(then_flow, otherwise_flow))
            }
            None => (Vec::new(), either(then_flow, Flow::default())),
        };
        steps.push(Step::If {
            condition: condition.ir,
            then,
            otherwise,
        });
        Ok(flow)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a loop")]
    fn any_loop(
        &mut self,
        kind: &str,
        first: Option<&Stmt>,
        condition: Option<&Expr>,
        after: Option<&Expr>,
        body: &[Stmt],
        place: usize,
        steps: &mut Vec<Step>,
    ) -> Result<Flow, Fail> {
        let ask_first = kind != "do-while";
        let inside = Flow {
            in_loop: true,
            ..Flow::default()
        };
        if let Some(first) = first {
            match &first.kind {
                StmtKind::Expression(expr) => {
                    let value = self.expr(expr, None)?;
                    steps.push(Step::Eval(value.ir));
                }
                _ => {
                    self.statement(first, inside, steps)?;
                }
            }
        }
        // In `do … while` the body comes before the condition.
        let early_body = if ask_first {
            None
        } else {
            if body.is_empty() {
                return fail(place, "extraneous do-while loop");
            }
            Some(self.block(body, place, inside)?)
        };
        let condition = match condition {
            Some(condition) => Some(self.expr_as(condition, Type::Boolean)?),
            None => None,
        };
        let always = match condition.as_ref().and_then(Typed::as_constant) {
            Some(Const::Bool(false)) => return fail(place, format!("extraneous {kind} loop")),
            Some(Const::Bool(true)) => true,
            _ => condition.is_none(),
        };
        if always && body.is_empty() && kind == "while" {
            return fail(place, "no paths escape from while loop");
        }
        let after = match after {
            Some(after) => Some(self.expr(after, None)?.ir),
            None => None,
        };
        let (body, flow) = match early_body {
            Some(found) => found,
            None => self.block(body, place, inside)?,
        };
        if flow.leaves_loop && !flow.continues {
            return fail(place, format!("extraneous {kind} loop"));
        }
        let forever = always && !flow.breaks && !body.is_empty();
        steps.push(Step::Loop {
            ask_first,
            condition: condition.filter(|_| !always).map(|condition| condition.ir),
            after,
            body,
            at: at(place),
        });
        Ok(Flow {
            ends: forever,
            escapes: forever,
            ..Flow::default()
        })
    }

    fn for_each(
        &mut self,
        ty: Type,
        name: &str,
        over: &Expr,
        body: &[Stmt],
        place: usize,
        steps: &mut Vec<Step>,
    ) -> Result<Flow, Fail> {
        let over = self.expr(over, None)?;
        let slot = self.define_as(name, ty, place, true)?;
        if body.is_empty() {
            return fail(place, "extraneous foreach loop");
        }
        let inside = Flow {
            in_loop: true,
            ..Flow::default()
        };
        let (body, flow) = self.block(body, place, inside)?;
        if flow.leaves_loop && !flow.continues {
            return fail(place, "extraneous foreach loop");
        }
        let Some(element) = element_of(over.ty) else {
            return Err(not_iterable(place, over.ty));
        };
        let cast = (ty != element && ty != Type::Def).then_some(Cast {
            to: ty,
            explicit: true,
            from_def: element == Type::Def,
        });
        // A slot that a loop fills is never a constant.
        if let Some(writes) = self.frame().and_then(|frame| frame.writes.get_mut(slot)) {
            *writes += 2;
        }
        let over_at = over.line.unwrap_or(over.at);
        steps.push(Step::ForEach {
            slot,
            over: over.ir,
            cast,
            body,
            at: at(place),
            over_at: at(over_at),
        });
        Ok(Flow::default())
    }
}

/// Where two paths go on, of which one is taken.
fn either(left: Flow, right: Flow) -> Flow {
    Flow {
        ends: left.ends && right.ends,
        escapes: left.escapes && right.escapes,
        leaves_loop: left.leaves_loop && right.leaves_loop,
        breaks: left.breaks || right.breaks,
        continues: left.continues || right.continues,
        ..Flow::default()
    }
}

/// Why an expression is no statement: it does nothing.
fn unused(kind: &ExprKind) -> Option<String> {
    Some(match kind {
        ExprKind::Assign { .. }
        | ExprKind::Step { .. }
        | ExprKind::Call { .. }
        | ExprKind::Method { .. }
        | ExprKind::New { .. } => return None,
        ExprKind::Null => "null constant not used".to_owned(),
        ExprKind::Bool(value) => format!("boolean constant [{value}] not used"),
        ExprKind::Number(text) => format!("numeric constant [{text}] not used"),
        ExprKind::Text(text) => format!("string constant [{text}] not used"),
        ExprKind::Name(name) => match Class::named(name) {
            Some(class) => format!("static type [{}] not used", class.full_name()),
            None => format!("variable [{name}] not used"),
        },
        ExprKind::NewArray { .. } => "result not used from new array".to_owned(),
        ExprKind::List(_) => "result not used from list initializer".to_owned(),
        ExprKind::Map(_) => "result not used from map initializer".to_owned(),
        ExprKind::Member { .. } => "result of dot operator [.] not used".to_owned(),
        ExprKind::Index { .. } => "result of brace operator not used".to_owned(),
        ExprKind::Unary { operator, .. } => {
            let (name, symbol) = match operator {
                UnaryOperator::Not => ("boolean not", "!"),
                UnaryOperator::BitNot => ("bitwise not", "~"),
                UnaryOperator::Plus => ("addition", "+"),
                UnaryOperator::Minus => ("subtraction", "-"),
            };
            format!("result not used from {name} operation [{symbol}]")
        }
        ExprKind::Binary { operator, .. } => {
            let (name, symbol) = (operator.name(), operator.symbol());
            debug_assert!(*operator != Operator::And || symbol == "&&");
            format!("result not used from {name} operation [{symbol}]")
        }
        ExprKind::Cast { to, .. } => {
            format!(
                "result not used from explicit cast with target type [{}]",
                to.name
            )
        }
        ExprKind::InstanceOf { of, .. } => {
            format!(
                "result not used from instanceof with target type [{}]",
                of.name
            )
        }
        ExprKind::Conditional { .. } => {
            "result not used from conditional operation [?:]".to_owned()
        }
        ExprKind::Elvis { .. } => "result not used from elvis operation [?:]".to_owned(),
        ExprKind::Lambda { .. } => "lambda not used".to_owned(),
    })
}
