//! Places in a script's source, and the excerpts that errors show.

use std::sync::Arc;

use crate::error::{Cause, Position, ScriptError, Stage};
use crate::value::utf16_length;

/// What is wrong with a script that is being read or checked, and where, in bytes.
#[derive(Debug)]
pub(crate) struct Fail {
    pub(crate) at: usize,
    pub(crate) cause: Cause,
}

impl Fail {
    pub(crate) fn at(at: usize, cause: Cause) -> Self {
        Self { at, cause }
    }
}

/// What went wrong while a script ran, and where, in bytes; some causes have no place.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) at: Option<usize>,
    pub(crate) cause: Cause,
}

/// A fault on its way up; boxed, since it is rare and results are many.
pub(crate) type Raise = Box<Fault>;

impl From<Cause> for Raise {
    fn from(cause: Cause) -> Self {
        Box::new(Fault { at: None, cause })
    }
}

/// How much of the source an error of the compiler shows on each side, in UTF-16 units.
const AROUND: usize = 25;

/// The longest beginning of a source that stands for it.
const MAX_NAME: usize = 256;

/// A script's source and where its statements start.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    text: Arc<str>,
    /// In bytes, ascending.
    statements: Vec<usize>,
}

impl Source {
    /// Makes a source of its text and the places of its statements, in bytes.
    pub(crate) fn new(text: &str, mut statements: Vec<usize>) -> Self {
        statements.sort_unstable();
        Self {
            text: text.into(),
            statements,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The error of a script that could not be compiled: 25 letters around the place.
    pub(crate) fn compile_error(&self, fail: Fail) -> ScriptError {
        let units: Vec<u16> = self.text.encode_utf16().collect();
        let offset = self.units_before(fail.at).min(units.len());
        let start = offset.saturating_sub(AROUND);
        let end = (offset + AROUND).min(units.len());
        let (before, after) = (
            if start > 0 { "... " } else { "" },
            if end < units.len() { " ..." } else { "" },
        );
        let shown = String::from_utf16_lossy(units.get(start..end).unwrap_or(&[]));
        let blanks = " ".repeat(before.len() + offset - start);
        ScriptError {
            stage: Stage::Compile,
            cause: fail.cause,
            stack: vec![
                format!("{before}{shown}{after}"),
                format!("{blanks}^---- HERE"),
            ],
            script: self.text.to_string(),
            position: Some(Position { offset, start, end }),
        }
    }

    /// The error of a script that failed while it ran: the statement around the place.
    pub(crate) fn runtime_error(&self, fault: Fault) -> ScriptError {
        let Some(at) = fault.at else {
            return ScriptError {
                stage: Stage::Runtime,
                cause: fault.cause,
                stack: vec!["<<< unknown portion of script >>>".to_owned()],
                script: self.name(),
                position: None,
            };
        };
        let next = self.statements.partition_point(|start| *start <= at);
        let first = next
            .checked_sub(1)
            .and_then(|last| self.statements.get(last))
            .copied()
            .unwrap_or(0);
        let last = self
            .statements
            .get(next)
            .copied()
            .unwrap_or(self.text.len());
        let shown = self.text.get(first..last).unwrap_or("");
        let start = self.units_before(first);
        let offset = self.units_before(at);
        let blanks = " ".repeat(offset.saturating_sub(start));
        ScriptError {
            stage: Stage::Runtime,
            cause: fault.cause,
            stack: vec![shown.to_owned(), format!("{blanks}^---- HERE")],
            script: self.name(),
            position: Some(Position {
                offset,
                start,
                end: self.units_before(last),
            }),
        }
    }

    /// How many UTF-16 units stand before a byte.
    fn units_before(&self, at: usize) -> usize {
        self.text
            .get(..at)
            .map_or_else(|| utf16_length(&self.text), utf16_length)
    }

    /// The source, or as much of its first line as stands for it.
    fn name(&self) -> String {
        let line = self.text.find(['\n', '\r']).unwrap_or(self.text.len());
        let line = self.text.get(..line).unwrap_or("");
        let name: String = line.chars().take(MAX_NAME).collect();
        if name.len() == self.text.len() {
            name
        } else {
            format!("{name} ...")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_script_is_cut_around_the_place() {
        let text = "0123456789012345678901234567890123456789012345678901234567890123456789";
        let error = Source::new(text, vec![]).compile_error(Fail::at(30, Cause::argument("no")));
        assert_eq!(
            error.stack,
            [
                "... 56789012345678901234567890123456789012345678901234 ...",
                "                             ^---- HERE"
            ]
        );
        let position = error.position.unwrap();
        assert_eq!((position.offset, position.start, position.end), (30, 5, 55));
    }

    #[test]
    fn places_are_counted_as_java_counts_letters() {
        let text = "'𝕏'; a;\nb";
        let fault = Fault {
            at: Some(text.find('b').unwrap()),
            cause: Cause::argument("no"),
        };
        let error = Source::new(text, vec![0, 8, 11]).runtime_error(fault);
        assert_eq!(error.stack, ["b", "^---- HERE"]);
        let position = error.position.unwrap();
        assert_eq!((position.offset, position.start, position.end), (9, 9, 10));
        assert_eq!(error.script, "'𝕏'; a; ...");
    }
}
