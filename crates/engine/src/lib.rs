//! The embedded engine: truth store, text index, vectors, snapshots, recovery, execution of query trees.
//!
//! A data folder holds one truth store (`truth.redb`) and, for each index, what is derived from it
//! (`indices/<id>`): a text index and, per vector field, one file of vectors and one of the graph over them. A write is acknowledged when the truth has it on
//! the disk. A refresh publishes a snapshot in which truth, text and vectors belong together. Opening applies to each
//! derived index what it lacks, and makes it anew when it is missing or damaged.

mod aggregate;
mod check;
mod derived;
mod disk;
mod engine;
mod error;
mod folder;
mod graph;
mod index;
mod linker;
mod options;
mod scripting;
mod search;
mod snapshot;
mod text;
mod truth;
mod values;

pub use check::{CheckReport, IndexCounts, RecallReport};
pub use disk::Disk;
pub use engine::Engine;
pub use error::{EngineError, Result};
pub use folder::FORMAT_VERSION;
pub use graph::FieldRecall;
pub use options::Options;
