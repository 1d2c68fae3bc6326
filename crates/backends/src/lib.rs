//! The [`Backend`] trait, and what stands behind it: the embedded engine, or another process that holds the folder.
//!
//! A data folder has one holder: whoever opened it. The holder listens on a socket in the folder, and everybody else
//! who asks for the folder talks to it there. [`Folder`] hides which of the two it is, also when the holder goes away.

mod backend;
mod embedded;
mod error;
mod folder;
mod holder;

pub use backend::{Backend, BulkAnswer};
pub use document::{GraphStatus, IndexStatus};
pub use embedded::Embedded;
pub use engine::{CheckReport, FieldRecall, IndexCounts, RecallReport};
pub use error::{BackendError, Result};
pub use folder::Folder;
