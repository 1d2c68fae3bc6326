//! What goes wrong in a script, in the parts of which Elasticsearch's `script_exception` is made.

use std::fmt;

/// When a script failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// While it was read and checked.
    Compile,
    /// While it ran.
    Runtime,
}

impl Stage {
    /// Returns Elasticsearch's `reason` of the script exception.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Compile => "compile error",
            Self::Runtime => "runtime error",
        }
    }
}

/// What sort of thing went wrong; each has the name that Elasticsearch gives to the Java exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CauseKind {
    /// A division of integers by zero.
    Arithmetic,
    /// An index outside of an array.
    ArrayIndexOutOfBounds,
    /// A value of another type than the one that is needed.
    ClassCast,
    /// A list that was changed while it was walked.
    ConcurrentModification,
    /// Any exception that a script throws by that name.
    Exception,
    /// An argument that makes no sense, and most of what the checker refuses.
    IllegalArgument,
    /// A state that does not allow what was asked: a document without a value.
    IllegalState,
    /// An index outside of a list.
    IndexOutOfBounds,
    /// An array of a negative length.
    NegativeArraySize,
    /// An iterator that has no more elements.
    NoSuchElement,
    /// A null where a value is needed.
    NullPointer,
    /// A text that is no number.
    NumberFormat,
    /// A limit of the interpreter: loop steps, memory.
    Painless,
    /// Any exception that a script throws by that name.
    Runtime,
    /// Functions that call one another too deeply.
    StackOverflow,
    /// An index outside of a text.
    StringIndexOutOfBounds,
    /// Something that the receiver does not do.
    UnsupportedOperation,
    /// A dynamic call whose types do not fit.
    WrongMethodType,
}

impl CauseKind {
    /// Returns the name that stands in `caused_by.type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Arithmetic => "arithmetic_exception",
            Self::ArrayIndexOutOfBounds => "array_index_out_of_bounds_exception",
            Self::ClassCast => "class_cast_exception",
            Self::ConcurrentModification => "concurrent_modification_exception",
            Self::Exception => "exception",
            Self::IllegalArgument => "illegal_argument_exception",
            Self::IllegalState => "illegal_state_exception",
            Self::IndexOutOfBounds => "index_out_of_bounds_exception",
            Self::NegativeArraySize => "negative_array_size_exception",
            Self::NoSuchElement => "no_such_element_exception",
            Self::NullPointer => "null_pointer_exception",
            Self::NumberFormat => "number_format_exception",
            Self::Painless => "painless_error",
            Self::Runtime => "runtime_exception",
            Self::StackOverflow => "stack_overflow_error",
            Self::StringIndexOutOfBounds => "string_index_out_of_bounds_exception",
            Self::UnsupportedOperation => "unsupported_operation_exception",
            Self::WrongMethodType => "wrong_method_type_exception",
        }
    }
}

impl fmt::Display for CauseKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The exception behind a script's failure: `caused_by` on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The sort of exception.
    pub kind: CauseKind,
    /// What it says, in Elasticsearch's words; a few exceptions say nothing.
    pub reason: Option<String>,
}

impl Cause {
    /// Makes a cause of a sort, with what it says.
    pub fn new(kind: CauseKind, reason: impl Into<String>) -> Self {
        Self {
            kind,
            reason: Some(reason.into()),
        }
    }

    /// Makes an illegal argument.
    pub fn argument(reason: impl Into<String>) -> Self {
        Self::new(CauseKind::IllegalArgument, reason)
    }

    /// Makes a failed cast.
    pub(crate) fn cast(reason: impl Into<String>) -> Self {
        Self::new(CauseKind::ClassCast, reason)
    }

    /// Returns what a script gets that reads a value of a document that has none.
    pub fn no_value() -> Self {
        Self::new(
            CauseKind::IllegalState,
            "A document doesn't have a value for a field! Use doc[<field>].size()==0 to check if a document is \
             missing a field!",
        )
    }

    /// Returns what a vector function gets for a document without a vector.
    pub fn no_vector() -> Self {
        Self::argument("A document doesn't have a value for a vector field!")
    }

    /// Returns what a vector function gets for a query of another length than the field's vectors.
    pub fn dimensions(query: usize, field: usize) -> Self {
        Self::argument(format!(
            "The query vector has a different number of dimensions [{query}] than the document vectors [{field}]."
        ))
    }

    /// Returns what a script gets that asks for a field that is not mapped.
    pub fn no_field(name: &str) -> Self {
        Self::argument(format!("No field found for [{name}] in mapping"))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Some(reason) => write!(formatter, "{}: {reason}", self.kind),
            None => write!(formatter, "{}", self.kind),
        }
    }
}

/// Where a script failed, in UTF-16 units from its start, as Java counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The place itself.
    pub offset: usize,
    /// Where the excerpt in the stack begins.
    pub start: usize,
    /// Where the excerpt in the stack ends.
    pub end: usize,
}

/// A failure of a script, with the parts of Elasticsearch's `script_exception`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {cause}", .stage.reason())]
pub struct ScriptError {
    /// When it failed; its [`Stage::reason`] is the exception's `reason`.
    pub stage: Stage,
    /// The exception behind it: `caused_by`.
    pub cause: Cause,
    /// `script_stack`: an excerpt of the source, and below it a line whose caret shows the place.
    pub stack: Vec<String>,
    /// `script`: the source, or the beginning of its first line.
    pub script: String,
    /// `position`; none where the place is not known.
    pub position: Option<Position>,
}

/// The value of `lang` in every script exception.
pub const LANG: &str = "painless";
