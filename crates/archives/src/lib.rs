//! Archives of vectors: files of named vectors, read and written in pieces.
//!
//! [`open`] tells an archive's format by its content, [`create`] by the file's name. Whoever imports or exports sees a
//! [`Reader`] or a [`Writer`] and never a format; a format is a variant of [`Format`] with its reader and its writer.
//!
//! Vectors are rows × dims, row-major. Memory is taken for a few rows at a time, whatever a file claims to hold.

mod archive;
mod error;
mod format;
mod hdf5;

pub use archive::{Datasets, Name, Number, Reader, Row, Shape, Writer};
pub use error::{ArchiveError, Result};
pub use format::{Format, create, open};
