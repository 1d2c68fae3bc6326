//! Archives of vectors: files of vectors, with their names where the format has names, read and written in pieces.
//!
//! [`open`] tells an archive's format by its name and its content, [`create`] writes any [`Format`]. Whoever imports or
//! exports sees a [`Reader`] or a [`Writer`] and never a format; a format is a file below this one and a line in
//! `format.rs`. Ids of rows that have no names are in a file of their own ([`IdReader`], [`IdWriter`]).
//!
//! Vectors are rows × dims. Memory is taken for a few rows at a time, whatever a file claims to hold.

mod archive;
mod bigann;
mod codec;
mod dense;
mod element;
mod error;
mod format;
mod hdf5;
mod ids;
mod npy;
mod source;
mod texmex;

pub use archive::{Contents, Datasets, Name, Number, Reader, Row, Shape, Writer};
pub use error::{ArchiveError, Result};
pub use format::{Format, create, open};
pub use ids::{IdReader, IdWriter};
