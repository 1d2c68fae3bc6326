//! What a checked script is: expressions and statements with their variables in numbered slots.

use std::sync::Arc;

use crate::convert::Cast;
use crate::host::VectorFunction;
use crate::library::Method;
use crate::syntax::{Operator, UnaryOperator};
use crate::types::{Class, Type};
use crate::value::Value;

/// A place in the source, in bytes.
pub(crate) type At = u32;

/// A value that is known before the script runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Const {
    Null,
    Bool(bool),
    Byte(i8),
    Short(i16),
    Char(u16),
    Int(i32),
    Long(i64),
    Float(f32),
    Double(f64),
    Text(Arc<str>),
}

impl Const {
    /// Returns the value.
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Byte(value) => Value::Byte(*value),
            Self::Short(value) => Value::Short(*value),
            Self::Char(value) => Value::Char(*value),
            Self::Int(value) => Value::Int(*value),
            Self::Long(value) => Value::Long(*value),
            Self::Float(value) => Value::Float(*value),
            Self::Double(value) => Value::Double(*value),
            Self::Text(value) => Value::Str(value.clone()),
        }
    }

    /// Returns the constant of a value that is no object.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Byte(value) => Self::Byte(*value),
            Value::Short(value) => Self::Short(*value),
            Value::Char(value) => Self::Char(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Long(value) => Self::Long(*value),
            Value::Float(value) => Self::Float(*value),
            Value::Double(value) => Self::Double(*value),
            Value::Str(value) => Self::Text(value.clone()),
            _ => return None,
        })
    }
}

/// An expression.
#[derive(Debug, Clone)]
pub(crate) enum Ir {
    Const(Const),
    /// `params`.
    Params,
    /// A list or map out of the parameters, by its number in the bound script.
    Param(usize),
    /// `doc`.
    Document,
    /// `ctx`.
    Ctx,
    /// `_score`.
    Score,
    Local(usize),
    /// Its value is what was stored.
    SetLocal {
        slot: usize,
        value: Box<Ir>,
        /// Whether its value is the one from before.
        post: bool,
    },
    Unary {
        operator: UnaryOperator,
        operand: Box<Ir>,
        at: At,
    },
    Binary {
        operator: Operator,
        left: Box<Ir>,
        right: Box<Ir>,
        at: At,
    },
    /// `+` where one side is a text.
    Concat {
        left: Box<Ir>,
        right: Box<Ir>,
        at: At,
    },
    And(Box<Ir>, Box<Ir>),
    Or(Box<Ir>, Box<Ir>),
    Cast {
        operand: Box<Ir>,
        cast: Cast,
        at: At,
    },
    /// The result of `+=` and its like, with the type of the number that the slot holds.
    Like {
        operand: Box<Ir>,
        slot: usize,
        at: At,
    },
    InstanceOf {
        operand: Box<Ir>,
        of: Type,
    },
    Conditional(Box<(Ir, Ir, Ir)>),
    Elvis(Box<Ir>, Box<Ir>),
    Member {
        target: Box<Ir>,
        name: Arc<str>,
        /// The methods that read a property of this name, of any class.
        getters: Arc<[&'static Method]>,
        null_safe: bool,
        at: At,
    },
    Index {
        target: Box<Ir>,
        index: Box<Ir>,
        at: At,
    },
    Method {
        target: Box<Ir>,
        call: Arc<MethodCall>,
        arguments: Vec<Ir>,
        null_safe: bool,
        at: At,
    },
    /// A static method or a constructor.
    Static {
        method: &'static Method,
        arguments: Vec<Ir>,
        at: At,
    },
    Math1(fn(f64) -> f64, Box<Ir>),
    Math2(fn(f64, f64) -> f64, Box<Ir>, Box<Ir>),
    /// A function of the script.
    Call {
        function: usize,
        arguments: Vec<Ir>,
        at: At,
    },
    Lambda {
        function: usize,
        /// Slots here, and slots there.
        captures: Vec<(usize, usize)>,
    },
    List(Vec<Ir>),
    Map(Vec<(Ir, Ir)>),
    NewArray {
        of: Type,
        lengths: Vec<Ir>,
        at: At,
    },
    ArrayOf {
        of: Type,
        values: Vec<Ir>,
    },
    /// `target.name = value`, `target[index] = value`, and with an operator `+=` and its like.
    Store(Box<Store>),
    Vector {
        function: VectorFunction,
        query: Box<Ir>,
        field: Box<Ir>,
        at: At,
    },
    /// A vector function whose query and field are known, by its number; the places of the field and of the call.
    VectorCall(usize, At, At),
    /// `doc['f']` for a field with a number.
    Field(usize, At),
    /// `doc['f'].value`: the field's place and the value's.
    FieldValue(usize, At, At),
    /// `doc['f'].size()`: the field's place and the size's.
    FieldSize(usize, At),
    /// `doc['f'].empty`.
    FieldEmpty(usize, At),
}

/// A change of what a list, map, array or object holds.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) target: Ir,
    pub(crate) place: Place,
    /// With the cast of its result; without one the result takes the type of the number from before.
    pub(crate) operator: Option<(Operator, Option<Cast>)>,
    pub(crate) value: Ir,
    /// Whether its value is the one from before.
    pub(crate) post: bool,
    pub(crate) at: At,
    /// Where reading the old value and the operator fail.
    pub(crate) operator_at: At,
}

/// What of an object is changed.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Member(Arc<str>),
    Index(Ir),
}

/// A method by its name, and what it may be: what runs is chosen by the object.
#[derive(Debug)]
pub(crate) struct MethodCall {
    pub(crate) name: Arc<str>,
    pub(crate) methods: Vec<&'static Method>,
}

/// A statement.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Eval(Ir),
    If {
        condition: Ir,
        then: Vec<Step>,
        otherwise: Vec<Step>,
    },
    /// `for`, `while` and `do`.
    Loop {
        /// Whether the condition is asked before the first round.
        ask_first: bool,
        condition: Option<Ir>,
        after: Option<Ir>,
        body: Vec<Step>,
        at: At,
    },
    ForEach {
        slot: usize,
        over: Ir,
        cast: Option<Cast>,
        body: Vec<Step>,
        at: At,
        over_at: At,
    },
    Return(Ir),
    Break,
    Continue,
    Throw(Ir, At),
    Try {
        body: Vec<Step>,
        /// What each catches, and the slot of its variable.
        catches: Vec<(Class, usize, Vec<Step>)>,
    },
}

/// A function, a lambda or the script itself.
#[derive(Debug, Clone)]
pub(crate) struct Routine {
    pub(crate) parameters: usize,
    pub(crate) slots: usize,
    pub(crate) body: Vec<Step>,
    /// What it returns where nothing is said.
    pub(crate) default: Const,
    /// How often each slot is written to.
    pub(crate) writes: Vec<u32>,
    /// How deep its expressions and statements lie in one another.
    pub(crate) depth: usize,
}
