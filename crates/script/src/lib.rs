//! The expression part of Painless: parser, checker and interpreter.
//!
//! A script is [`compile`]d once, bound to its parameters ([`Program::bind`]), and run over documents by one
//! [`Runner`] per thread. The crate is pure: documents come in through the [`Host`] trait, and so do vector functions:
//! [`Bound::vector_calls`] lists those whose query is the same for every document, so that the host prepares each once
//! and computes it with its kernels.
//!
//! Types, promotion and messages follow Painless as it runs in Elasticsearch; numbers have Java's types and wrap as
//! Java's do.

mod arithmetic;
mod bind;
mod check;
mod context;
mod convert;
mod date;
mod error;
mod formula;
mod host;
mod ir;
mod lexer;
mod library;
mod parser;
mod program;
mod run;
mod source;
mod syntax;
mod types;
mod value;

pub use context::Context;
pub use error::{Cause, CauseKind, LANG, Position, ScriptError, Stage};
pub use host::{Host, Values, VectorCall, VectorFunction};
pub use program::{Bound, Program, Runner, compile};
pub use value::{Array, Closure, List, Map, Value, java_double, java_float, utf16_length};
