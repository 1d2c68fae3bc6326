//! Calls: methods, functions, constructors, lambdas.

use std::sync::Arc;

use super::scope::Frame;
use super::statement::Flow;
use super::{Checker, Typed, at, fail};
use crate::context::Context;
use crate::host::VectorFunction;
use crate::ir::{Ir, MethodCall};
use crate::library::{Body, Method, context_function, member_method, methods_named, static_method};
use crate::source::Fail;
use crate::syntax::{Expr, ExprKind, Parameter, Stmt, TypeName};
use crate::types::{Class, Type};

impl Checker {
    pub(super) fn method(
        &mut self,
        target: &Expr,
        name: &str,
        arguments: &[Expr],
        null_safe: bool,
        place: usize,
    ) -> Result<Typed, Fail> {
        let arity = arguments.len();
        if let Some(class) = self.class(target) {
            let Some(method) = static_method(class, name, arity).filter(|_| name != "new") else {
                return fail(
                    place,
                    format!(
                        "static method [{}, {name}/{arity}] not found",
                        class.full_name()
                    ),
                );
            };
            return self.static_call(method, arguments, place);
        }
        let target = self.target_of_method(target, name)?;
        let missing = |ty: Type| {
            let ty = ty.to_string();
            fail(
                place,
                format!("member method [{ty}, {name}/{arity}] not found"),
            )
        };
        let (methods, parameters, ty) = match target.ty {
            Type::Def => (methods_named(name, arity), None, Type::Def),
            Type::Class(class) => {
                let Some(method) = member_method(class, name, arity) else {
                    return missing(target.ty);
                };
                // What it really is may do it in its own way.
                (
                    methods_named(name, arity),
                    Some(method.parameters),
                    method.returns,
                )
            }
            other => return missing(other),
        };
        if null_safe && ty.is_primitive() {
            return fail(place, "Result of null safe operator must be nullable");
        }
        let mut line = place;
        let mut checked = Vec::with_capacity(arity);
        for (argument_at, argument) in arguments.iter().enumerate() {
            let wanted = parameters.and_then(|parameters| parameters.get(argument_at));
            let argument = match wanted {
                Some(wanted) => self.expr_as(argument, *wanted)?,
                None => self.expr(argument, None)?,
            };
            line = argument.line.unwrap_or(line);
            checked.push(argument.ir);
        }
        let ir = Ir::Method {
            target: Box::new(target.ir),
            call: Arc::new(MethodCall {
                name: Arc::from(name),
                methods,
            }),
            arguments: checked,
            null_safe,
            at: at(line),
        };
        Ok(Typed::new(ty, ir, place).ending(line))
    }

    /// What a method is called on; methods that change the parameters, or give parts of them all away, are noted.
    fn target_of_method(&mut self, target: &Expr, name: &str) -> Result<Typed, Fail> {
        const LOOKS: [&str; 5] = ["get", "getOrDefault", "containsKey", "size", "isEmpty"];
        if LOOKS.contains(&name) {
            self.target(target)
        } else {
            self.expr(target, None)
        }
    }

    fn static_call(
        &mut self,
        method: &'static Method,
        arguments: &[Expr],
        place: usize,
    ) -> Result<Typed, Fail> {
        let mut line = place;
        let mut checked = Vec::with_capacity(arguments.len());
        for (argument, wanted) in arguments.iter().zip(method.parameters) {
            let argument = self.expr_as(argument, *wanted)?;
            line = argument.line.unwrap_or(line);
            checked.push(argument.ir);
        }
        Ok(Typed::new(method.returns, called(method, checked, line), place).ending(line))
    }

    pub(super) fn construct(
        &mut self,
        of: &TypeName,
        arguments: &[Expr],
        place: usize,
    ) -> Result<Typed, Fail> {
        let Some(class) = Class::named(&of.name) else {
            return fail(place, format!("Not a type [{}].", of.name));
        };
        let arity = arguments.len();
        match static_method(class, "new", arity) {
            Some(method) => self.static_call(method, arguments, place),
            // Exceptions need not say anything.
            None if arity == 0 && class.is_a(Class::Exception) => {
                let silent = [Expr::new(place, ExprKind::Null)];
                match static_method(class, "new", 1) {
                    Some(method) => self.static_call(method, &silent, place),
                    None => no_constructor(class, arity, place),
                }
            }
            None => no_constructor(class, arity, place),
        }
    }

    pub(super) fn call(
        &mut self,
        name: &str,
        arguments: &[Expr],
        place: usize,
    ) -> Result<Typed, Fail> {
        let arity = arguments.len();
        if let Some(signature) = self.signature(name, arity).cloned() {
            let mut line = place;
            let mut checked = Vec::with_capacity(arity);
            for (argument, wanted) in arguments.iter().zip(&signature.parameters) {
                let argument = self.expr_as(argument, *wanted)?;
                line = argument.line.unwrap_or(line);
                checked.push(argument.ir);
            }
            let ir = Ir::Call {
                function: signature.routine,
                arguments: checked,
                at: at(line),
            };
            return Ok(Typed::new(signature.returns, ir, place).ending(line));
        }
        if self.context == Context::Score {
            if let (Some(function), [query, field]) = (vector_function(name), arguments) {
                return self.vector(function, query, field, place);
            }
            if let ("randomScore", [seed, field]) = (name, arguments) {
                return self.random_score(seed, field, place);
            }
            if let Some(method) = context_function(name, arity) {
                return self.static_call(method, arguments, place);
            }
        }
        fail(
            place,
            format!("Unknown call [{name}] with [{arity}] arguments."),
        )
    }

    fn vector(
        &mut self,
        function: VectorFunction,
        query: &Expr,
        field: &Expr,
        place: usize,
    ) -> Result<Typed, Fail> {
        let query = self.expr_as(query, Type::Def)?;
        let field = self.expr_as(field, Type::Def)?;
        // What is given as the field becomes an object first, and the debugger notes its place.
        let line = field.line.unwrap_or(field.at);
        let ir = Ir::Vector {
            function,
            query: Box::new(query.ir),
            field: Box::new(field.ir),
            at: at(line),
        };
        Ok(Typed::new(Type::Double, ir, place).ending(line))
    }

    /// `randomScore(seed, 'field')` hashes the field's value.
    fn random_score(&mut self, seed: &Expr, field: &Expr, place: usize) -> Result<Typed, Fail> {
        let seed = self.expr_as(seed, Type::Int)?;
        let field = self.expr_as(field, Type::STRING)?;
        let values = Ir::Index {
            target: Box::new(Ir::Document),
            index: Box::new(field.ir),
            at: at(place),
        };
        let value = Ir::Member {
            target: Box::new(values),
            name: Arc::from("value"),
            getters: Arc::new([]),
            null_safe: false,
            at: at(place),
        };
        match context_function("randomScore", 2) {
            Some(method) => {
                let ir = called(method, vec![seed.ir, value], place);
                Ok(Typed::new(Type::Double, ir, place).ending(place))
            }
            None => fail(place, "Unknown call [randomScore] with [2] arguments."),
        }
    }

    pub(super) fn lambda(
        &mut self,
        parameters: &[Parameter],
        body: &[Stmt],
        place: usize,
    ) -> Result<Typed, Fail> {
        let routine = self.routines.len();
        self.routines.push(None);
        let mut frame = Frame::new(Type::Def, false);
        frame.is_lambda = true;
        self.frames.push(frame);
        for parameter in parameters {
            self.define(&parameter.name, Type::Def, place)?;
        }
        let (body, _) = self.block(body, place, Flow::outermost())?;
        let captures = self
            .frame()
            .map(|frame| std::mem::take(&mut frame.captures))
            .unwrap_or_default();
        let depth = self.frames.last().map_or(0, |frame| frame.depth);
        let finished = self.finish(body, parameters.len(), Type::Def);
        self.set_routine(routine, finished);
        if let Some(frame) = self.frame() {
            frame.depth = frame.depth.max(depth);
        }
        let ir = Ir::Lambda {
            function: routine,
            captures,
        };
        Ok(Typed::new(Type::Class(Class::Function), ir, place))
    }
}

/// The instruction that calls a method of a class.
fn called(method: &'static Method, mut arguments: Vec<Ir>, line: usize) -> Ir {
    match (method.body, arguments.len()) {
        (Body::Math1(run), 1) => match arguments.pop() {
            Some(argument) => Ir::Math1(run, Box::new(argument)),
            None => Ir::Const(crate::ir::Const::Null),
        },
        (Body::Math2(run), 2) => match (arguments.pop(), arguments.pop()) {
            (Some(second), Some(first)) => Ir::Math2(run, Box::new(first), Box::new(second)),
            _ => Ir::Const(crate::ir::Const::Null),
        },
        _ => Ir::Static {
            method,
            arguments,
            at: at(line),
        },
    }
}

fn no_constructor<T>(class: Class, arity: usize, place: usize) -> Result<T, Fail> {
    fail(
        place,
        format!(
            "constructor [{}, <init>/{arity}] not found",
            class.full_name()
        ),
    )
}

fn vector_function(name: &str) -> Option<VectorFunction> {
    Some(match name {
        "cosineSimilarity" => VectorFunction::CosineSimilarity,
        "dotProduct" => VectorFunction::DotProduct,
        "l1norm" => VectorFunction::L1Norm,
        "l2norm" => VectorFunction::L2Norm,
        "hamming" => VectorFunction::Hamming,
        _ => return None,
    })
}
