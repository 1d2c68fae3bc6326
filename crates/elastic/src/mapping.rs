//! Mappings as clients write and read them.

mod defaults;
mod field;
mod parse;
mod print;
mod template;
mod vector;

pub use defaults::field_defaults;
pub use parse::parse_mapping;
pub use print::{print_field, print_mapping};

use document::{Cause, Failure};

/// Says, as Elasticsearch does, that a mapping as a whole could not be read because of something inside of it.
fn within_mapping(failure: Failure) -> Failure {
    let reason = format!("Failed to parse mapping: {}", failure.reason);
    Failure::new(Cause::MapperParsing, reason).caused_by(failure)
}

fn refused(reason: impl Into<String>) -> Failure {
    Failure::new(Cause::MapperParsing, reason)
}

#[cfg(test)]
mod tests;
