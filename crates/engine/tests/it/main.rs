//! The engine through its public functions.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod aggregate;
mod faults;
mod formats;
mod found;
mod graph;
mod growth;
mod merge;
mod model;
mod nested;
mod objects;
mod recovery;
mod scores;
mod scrub;
mod search;
mod several;
mod sorts;
mod support;
mod versions;
