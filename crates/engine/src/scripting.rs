//! Failures of scripts as their receivers need them.

use crate::error::EngineError;
use document::{Cause, Failure, ScriptTrace};
use script::{CauseKind, ScriptError};

/// Tells what is wrong with a script, and where.
pub(crate) fn failed(error: ScriptError) -> Failure {
    let cause = match error.cause.kind {
        CauseKind::Arithmetic => Cause::Arithmetic,
        CauseKind::ClassCast | CauseKind::WrongMethodType => Cause::ClassCast,
        CauseKind::ArrayIndexOutOfBounds
        | CauseKind::IndexOutOfBounds
        | CauseKind::StringIndexOutOfBounds => Cause::IndexOutOfBounds,
        CauseKind::NullPointer => Cause::NullPointer,
        CauseKind::NumberFormat => Cause::NumberFormat,
        CauseKind::IllegalState | CauseKind::NoSuchElement => Cause::IllegalState,
        _ => Cause::IllegalArgument,
    };
    let reason = error.cause.reason.unwrap_or_default();
    let place = |position: script::Position| (position.offset, position.start, position.end);
    Failure::new(Cause::Script, error.stage.reason())
        .caused_by(Failure::new(cause, reason))
        .in_script(ScriptTrace {
            script: error.script,
            stack: error.stack,
            position: error.position.map(place),
        })
}

/// Tells a failure of the index to a script that reads it.
pub(crate) fn unreadable(error: &EngineError) -> script::Cause {
    script::Cause::new(CauseKind::IllegalState, error.to_string())
}
