//! The syntax tree: what a script says, before anything is known of types.

use std::sync::Arc;

/// How deep a tree may be; reading, checking and running it recurse as deep.
pub(crate) const MAX_DEPTH: usize = 400;

/// The name of a type, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypeName {
    /// The name without brackets.
    pub(crate) name: String,
    /// How many pairs of brackets follow.
    pub(crate) dimensions: u8,
    /// Where it stands, in bytes.
    pub(crate) at: usize,
}

/// An expression, and where it starts.
#[derive(Debug, Clone)]
pub(crate) struct Expr {
    /// Where it starts, in bytes: of what follows a dot or a bracket, that dot or bracket.
    pub(crate) at: usize,
    /// How many expressions lie in one another.
    pub(crate) depth: usize,
    /// What it is.
    pub(crate) kind: ExprKind,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub(crate) enum ExprKind {
    Null,
    Bool(bool),
    /// A number as it is written, with the minus before it.
    Number(String),
    Text(Arc<str>),
    /// A variable or a type.
    Name(String),
    /// A function of the script or of its context.
    Call {
        name: String,
        arguments: Vec<Expr>,
    },
    New {
        of: TypeName,
        arguments: Vec<Expr>,
    },
    /// An array with its lengths, or with its values.
    NewArray {
        of: TypeName,
        lengths: Vec<Expr>,
        values: Option<Vec<Expr>>,
    },
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    Member {
        target: Box<Expr>,
        name: String,
        null_safe: bool,
    },
    Method {
        target: Box<Expr>,
        name: String,
        arguments: Vec<Expr>,
        null_safe: bool,
    },
    Index {
        target: Box<Expr>,
        index: Box<Expr>,
    },
    Unary {
        operator: UnaryOperator,
        operand: Box<Expr>,
    },
    Binary {
        operator: Operator,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Cast {
        to: TypeName,
        operand: Box<Expr>,
    },
    InstanceOf {
        operand: Box<Expr>,
        of: TypeName,
    },
    Conditional {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    Elvis {
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `=`, or with an operator `+=` and its like.
    Assign {
        target: Box<Expr>,
        operator: Option<Operator>,
        value: Box<Expr>,
    },
    /// `++` and `--`.
    Step {
        target: Box<Expr>,
        up: bool,
        /// Whether the value is the one from before.
        post: bool,
    },
    /// `x -> …`.
    Lambda {
        parameters: Vec<Parameter>,
        body: Vec<Stmt>,
        /// How many expressions lie in one another in its body.
        depth: usize,
    },
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnaryOperator {
    Not,
    BitNot,
    Plus,
    Minus,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Operator {
    Multiply,
    Divide,
    Remainder,
    Add,
    Subtract,
    ShiftLeft,
    ShiftRight,
    ShiftRightUnsigned,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Same,
    NotSame,
    BitAnd,
    BitXor,
    BitOr,
    And,
    Or,
}

impl Operator {
    /// Returns how it is written.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::ShiftRightUnsigned => ">>>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Same => "===",
            Self::NotSame => "!==",
            Self::BitAnd => "&",
            Self::BitXor => "^",
            Self::BitOr => "|",
            Self::And => "&&",
            Self::Or => "||",
        }
    }

    /// Returns what messages call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Multiply => "multiplication",
            Self::Divide => "division",
            Self::Remainder => "remainder",
            Self::Add => "addition",
            Self::Subtract => "subtraction",
            Self::ShiftLeft => "left shift",
            Self::ShiftRight => "right shift",
            Self::ShiftRightUnsigned => "unsigned shift",
            Self::Less => "less than",
            Self::LessOrEqual => "less than or equals",
            Self::Greater => "greater than",
            Self::GreaterOrEqual => "greater than or equals",
            Self::Equal => "equals",
            Self::NotEqual => "not equals",
            Self::Same => "reference equals",
            Self::NotSame => "reference not equals",
            Self::BitAnd => "bitwise and",
            Self::BitXor => "bitwise xor",
            Self::BitOr => "bitwise or",
            Self::And => "boolean and",
            Self::Or => "boolean or",
        }
    }
}

impl Expr {
    /// Makes an expression and measures it.
    pub(crate) fn new(at: usize, kind: ExprKind) -> Self {
        let depth = 1 + kind.deepest();
        Self { at, depth, kind }
    }
}

impl ExprKind {
    fn deepest(&self) -> usize {
        let all = |list: &[Expr]| list.iter().map(|expr| expr.depth).max().unwrap_or(0);
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Name(_) => 0,
            Self::Lambda { depth, .. } => *depth,
            Self::Call { arguments, .. } | Self::New { arguments, .. } => all(arguments),
            Self::NewArray {
                lengths, values, ..
            } => all(lengths).max(values.as_deref().map_or(0, all)),
            Self::List(elements) => all(elements),
            Self::Map(entries) => entries
                .iter()
                .map(|(key, value)| key.depth.max(value.depth))
                .max()
                .unwrap_or(0),
            Self::Member { target, .. } => target.depth,
            Self::Method {
                target, arguments, ..
            } => target.depth.max(all(arguments)),
            Self::Index { target, index } => target.depth.max(index.depth),
            Self::Unary { operand, .. }
            | Self::Cast { operand, .. }
            | Self::InstanceOf { operand, .. } => operand.depth,
            Self::Binary { left, right, .. } | Self::Elvis { left, right } => {
                left.depth.max(right.depth)
            }
            Self::Conditional {
                condition,
                then,
                otherwise,
            } => condition.depth.max(then.depth).max(otherwise.depth),
            Self::Assign { target, value, .. } => target.depth.max(value.depth),
            Self::Step { target, .. } => target.depth,
        }
    }
}

/// A statement, and where it starts.
#[derive(Debug, Clone)]
pub(crate) struct Stmt {
    /// Where it starts, in bytes.
    pub(crate) at: usize,
    /// What it is.
    pub(crate) kind: StmtKind,
}

/// What a statement is.
#[derive(Debug, Clone)]
pub(crate) enum StmtKind {
    Declare {
        of: TypeName,
        variables: Vec<Variable>,
    },
    Expression(Expr),
    If {
        condition: Expr,
        then: Vec<Stmt>,
        otherwise: Option<Vec<Stmt>>,
    },
    While {
        condition: Expr,
        body: Vec<Stmt>,
    },
    DoWhile {
        body: Vec<Stmt>,
        condition: Expr,
    },
    For {
        first: Option<Box<Stmt>>,
        condition: Option<Expr>,
        after: Option<Expr>,
        body: Vec<Stmt>,
    },
    ForEach {
        /// None in the form `x in list`, whose variable is `def`.
        of: Option<TypeName>,
        name: String,
        over: Expr,
        body: Vec<Stmt>,
    },
    Return(Option<Expr>),
    Throw(Expr),
    Break,
    Continue,
    Try {
        body: Vec<Stmt>,
        catches: Vec<Catch>,
    },
}

/// A variable as it is declared.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) at: usize,
    pub(crate) value: Option<Expr>,
}

/// `catch (Type name) { … }`.
#[derive(Debug, Clone)]
pub(crate) struct Catch {
    pub(crate) of: TypeName,
    pub(crate) name: String,
    pub(crate) at: usize,
    pub(crate) body: Vec<Stmt>,
}

/// A parameter of a function or a lambda.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    /// None where a lambda leaves it out: `def`.
    pub(crate) of: Option<TypeName>,
    pub(crate) name: String,
}

/// A function that a script defines.
#[derive(Debug, Clone)]
pub(crate) struct Function {
    pub(crate) at: usize,
    pub(crate) returns: TypeName,
    pub(crate) name: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Vec<Stmt>,
}

/// A whole script.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    pub(crate) functions: Vec<Function>,
    pub(crate) body: Vec<Stmt>,
    /// Where the source ends, in bytes.
    pub(crate) end: usize,
}
