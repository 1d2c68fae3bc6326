//! From the syntax tree to a checked script: names become slots, types are known, casts are written out.

mod access;
mod assign;
mod calls;
mod expression;
mod operators;
mod scope;
mod statement;

use crate::context::Context;
use crate::convert::{Cast, convert};
use crate::error::{Cause, CauseKind};
use crate::ir::{At, Const, Ir, Routine, Step};
use crate::source::Fail;
use crate::syntax::{Function, Script, TypeName};
use crate::types::{Class, Type};

use scope::Frame;
use statement::Flow;

/// A checked script.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The script itself is the first.
    pub(crate) routines: Vec<Routine>,
    /// Where statements start, in bytes.
    pub(crate) statements: Vec<usize>,
    /// Whether the script changes its parameters, or gives them away as a whole.
    pub(crate) params_escape: bool,
    /// Whether it looks at the query's score.
    pub(crate) uses_score: bool,
}

/// Checks a script.
pub(crate) fn check(script: &Script, context: Context) -> Result<Checked, Fail> {
    let mut checker = Checker {
        context,
        signatures: Vec::new(),
        routines: Vec::new(),
        frames: Vec::new(),
        statements: Vec::new(),
        params_escape: false,
        uses_score: false,
    };
    checker.script(script)
}

struct Checker {
    context: Context,
    signatures: Vec<Signature>,
    /// None while one is checked.
    routines: Vec<Option<Routine>>,
    /// The routine that is checked, and around it those whose lambda it is.
    frames: Vec<Frame>,
    statements: Vec<usize>,
    params_escape: bool,
    uses_score: bool,
}

/// What is known of a function before its body is looked at.
#[derive(Debug, Clone)]
struct Signature {
    name: String,
    parameters: Vec<Type>,
    returns: Type,
    routine: usize,
}

/// A checked expression.
#[derive(Debug)]
struct Typed {
    ty: Type,
    ir: Ir,
    /// Where it starts.
    at: usize,
    /// The place that Java's debugger sees at its end; none where it leaves the one before.
    line: Option<usize>,
    /// A place that was noted after its last instruction: what comes next is taken to be there.
    pending: Option<usize>,
}

impl Typed {
    fn new(ty: Type, ir: Ir, at: usize) -> Self {
        Self {
            ty,
            ir,
            at,
            line: None,
            pending: None,
        }
    }

    fn constant(value: Const, ty: Type, at: usize) -> Self {
        Self::new(ty, Ir::Const(value), at)
    }

    /// Notes the place of its last instruction.
    fn ending(mut self, line: usize) -> Self {
        self.line = Some(line);
        self.pending = None;
        self
    }

    fn as_constant(&self) -> Option<&Const> {
        match &self.ir {
            Ir::Const(value) => Some(value),
            _ => None,
        }
    }
}

/// A place in the form in which instructions keep it; scripts are shorter than 2^32 bytes.
fn at(place: usize) -> At {
    At::try_from(place).unwrap_or(At::MAX)
}

fn fail<T>(place: usize, reason: impl Into<String>) -> Result<T, Fail> {
    Err(Fail::at(place, Cause::argument(reason)))
}

fn cannot_cast(place: usize, from: Type, to: Type) -> Fail {
    Fail::at(
        place,
        Cause::new(
            CauseKind::ClassCast,
            format!("Cannot cast from [{from}] to [{to}]."),
        ),
    )
}

impl Checker {
    fn script(&mut self, script: &Script) -> Result<Checked, Fail> {
        self.routines.push(None);
        for function in &script.functions {
            self.declare(function)?;
        }
        for (at, function) in script.functions.iter().enumerate() {
            let signature = self.signatures[at].clone();
            let routine = self.function(function, &signature)?;
            self.set_routine(signature.routine, routine);
        }
        let returns = self.context.returns();
        let mut frame = Frame::new(returns, true);
        for name in self.context.variables() {
            frame.reserve(name);
        }
        self.frames.push(frame);
        if script.body.is_empty() {
            return fail(
                script.end,
                "invalid function definition: found no statements for function [execute] with [0] parameters",
            );
        }
        let (body, _) = self.block(&script.body, 0, Flow::outermost())?;
        let main = self.finish(body, 0, returns);
        self.set_routine(0, main);
        Ok(Checked {
            routines: std::mem::take(&mut self.routines)
                .into_iter()
                .flatten()
                .collect(),
            statements: std::mem::take(&mut self.statements),
            params_escape: self.params_escape,
            uses_score: self.uses_score,
        })
    }

    fn set_routine(&mut self, at: usize, routine: Routine) {
        if let Some(place) = self.routines.get_mut(at) {
            *place = Some(routine);
        }
    }

    /// Ends the innermost frame.
    fn finish(&mut self, body: Vec<Step>, parameters: usize, returns: Type) -> Routine {
        let frame = self.frames.pop();
        let (slots, writes, depth) = frame.map_or((0, Vec::new(), 0), |frame| {
            (frame.slots, frame.writes, frame.depth + 2 * frame.blocks.1)
        });
        Routine {
            parameters,
            slots,
            body,
            default: Const::of(&returns.default_value()).unwrap_or(Const::Null),
            writes,
            depth,
        }
    }

    fn declare(&mut self, function: &Function) -> Result<(), Fail> {
        let returns = self.type_of(&function.returns)?;
        let mut parameters = Vec::new();
        for parameter in &function.parameters {
            parameters.push(match &parameter.of {
                Some(of) => self.type_of(of)?,
                None => Type::Def,
            });
        }
        let (name, arity) = (&function.name, parameters.len());
        if self.signature(name, arity).is_some() {
            return fail(
                function.at,
                format!("invalid function definition: found duplicate function [{name}/{arity}]."),
            );
        }
        self.signatures.push(Signature {
            name: name.clone(),
            parameters,
            returns,
            routine: self.routines.len(),
        });
        self.routines.push(None);
        Ok(())
    }

    fn signature(&self, name: &str, arity: usize) -> Option<&Signature> {
        self.signatures
            .iter()
            .find(|signature| signature.name == name && signature.parameters.len() == arity)
    }

    fn function(&mut self, function: &Function, signature: &Signature) -> Result<Routine, Fail> {
        let described = format!(
            "for function [{}] with [{}] parameters",
            signature.name,
            signature.parameters.len()
        );
        if function.body.is_empty() {
            return fail(
                function.at,
                format!("invalid function definition: found no statements {described}"),
            );
        }
        self.frames.push(Frame::new(signature.returns, false));
        for (parameter, ty) in function.parameters.iter().zip(&signature.parameters) {
            self.define(&parameter.name, *ty, function.at)?;
        }
        let (body, flow) = self.block(&function.body, function.at, Flow::outermost())?;
        if !flow.escapes && signature.returns != Type::Void {
            return fail(
                function.at,
                format!(
                    "invalid function definition: not all paths provide a return value {described}"
                ),
            );
        }
        Ok(self.finish(body, signature.parameters.len(), signature.returns))
    }

    /// Finds a type by its name.
    fn type_of(&self, name: &TypeName) -> Result<Type, Fail> {
        Type::named(&name.name)
            .and_then(|ty| ty.array(name.dimensions))
            .map_or_else(|| fail(name.at, format!("Not a type [{}].", name.name)), Ok)
    }

    /// Brings an expression to a type.
    fn cast(&self, typed: Typed, to: Type, explicit: bool) -> Result<Typed, Fail> {
        let from = typed.ty;
        if from == to {
            return Ok(typed);
        }
        if !from.may_become(to, explicit) {
            return Err(cannot_cast(typed.at, from, to));
        }
        let place = typed.at;
        let reference = !from.is_primitive();
        if to == Type::Def || to == Type::OBJECT {
            // Nothing happens to an object; the debugger notes the place before what comes next.
            let mut typed = typed;
            typed.ty = to;
            typed.line = Some(place);
            typed.pending = reference.then_some(place);
            return Ok(typed);
        }
        let cast = Cast {
            to,
            explicit,
            from_def: from == Type::Def,
        };
        if from != Type::Def
            && let Some(constant) = typed.as_constant()
        {
            let value = convert(constant.value(), cast).map_err(|cause| Fail::at(place, cause))?;
            if let Some(constant) = Const::of(&value) {
                return Ok(Typed {
                    line: typed.line,
                    ..Typed::constant(constant, to, place)
                });
            }
        }
        // An object of a narrower class is one of the wider.
        if let (Type::Class(from), Type::Class(to_class)) = (from, to)
            && from.is_a(to_class)
        {
            let mut typed = typed;
            typed.ty = to;
            typed.line = Some(place);
            typed.pending = Some(place);
            return Ok(typed);
        }
        let ir = Ir::Cast {
            operand: Box::new(typed.ir),
            cast,
            at: at(place),
        };
        Ok(Typed::new(to, ir, place).ending(place))
    }

    /// Whether a type is a text, so that `+` joins.
    fn is_text(ty: Type) -> bool {
        ty == Type::Class(Class::String)
    }
}
