//! What can go wrong in a vector index.

use kernels::Metric;
use std::io;
use std::path::{Path, PathBuf};

/// The result of an operation on a vector index.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an operation on a vector index failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A vector has another length than the store.
    #[error("expected a vector of {expected} numbers, got {got}")]
    VectorDims {
        /// The store's dims.
        expected: usize,
        /// The vector's length.
        got: usize,
    },
    /// A vector holds an infinity or a value that is not a number.
    #[error("number {position} of the vector is {value}, which is not finite")]
    NotFinite {
        /// Where in the vector, counted from 0.
        position: usize,
        /// The value.
        value: f32,
    },
    /// A vector is so long that distances to it would overflow.
    #[error("the squared norm of the vector is {got:e}, expected at most {most:e}")]
    TooLarge {
        /// The greatest squared norm, [`crate::MAX_SQUARED_NORM`].
        most: f32,
        /// The vector's squared norm.
        got: f32,
    },
    /// A store cannot have this many dims.
    #[error("expected 1 to {most} dims, got {got}")]
    BadDims {
        /// The greatest number, [`crate::MAX_DIMS`].
        most: usize,
        /// What was asked for.
        got: usize,
    },
    /// A slot is released that nothing holds.
    #[error("slot {slot} is released but not in use")]
    SlotNotInUse {
        /// The slot.
        slot: u32,
    },
    /// A slot is freed that is in use, or was never handed out.
    #[error("slot {slot} is freed but in use, or was never handed out")]
    SlotInUse {
        /// The slot.
        slot: u32,
    },
    /// A slot is written that a living snapshot sees.
    #[error("slot {slot} is written but a living snapshot sees it")]
    SlotVisible {
        /// The slot.
        slot: u32,
    },
    /// A graph is searched by another metric than it was made for.
    #[error("the graph is for the metric {}, it is searched by {}", .made_for.name(), .asked.name())]
    OtherMetric {
        /// The graph's.
        made_for: Metric,
        /// The search's.
        asked: Metric,
    },
    /// A slot is too great for a graph.
    #[error("slot {slot} is added to a graph, whose greatest can be {most}")]
    SlotTooGreat {
        /// The slot.
        slot: u32,
        /// The greatest that can be.
        most: u32,
    },
    /// A slot is added to a graph that has it.
    #[error("slot {slot} is added to a graph that has it already")]
    SlotInGraph {
        /// The slot.
        slot: u32,
    },
    /// The operating system gives no memory.
    #[error("there is no memory for more vectors: {source}")]
    Memory {
        /// What it says.
        source: io::Error,
    },
    /// A slot is asked for that the snapshot does not see.
    #[error("slot {slot} is asked for but the snapshot of {rows} rows does not see it")]
    SlotNotVisible {
        /// The slot.
        slot: u32,
        /// How many rows the store held when the snapshot was taken.
        rows: u32,
    },
    /// All 2³² − 1 slots are in use.
    #[error("every slot up to {most} is in use or still seen by a snapshot")]
    NoSlotLeft {
        /// The greatest slot.
        most: u32,
    },
    /// A generation is published or reclaimed out of order.
    #[error("expected generation {expected} or later, got {got}")]
    Generation {
        /// The earliest that makes sense.
        expected: u64,
        /// What was given.
        got: u64,
    },
    /// The caller said stop.
    #[error("it was stopped before it was done")]
    Stopped,
    /// A file of the store is not there.
    #[error("{} is missing", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A file of the store was made by another version of this program.
    #[error("{} has format version {got}, expected {expected}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version that this program reads.
        expected: u32,
        /// The file's version.
        got: u32,
    },
    /// A store holds vectors of another length than the field now has.
    #[error("{} holds vectors of {got} numbers, expected {expected}", path.display())]
    Dims {
        /// The file.
        path: PathBuf,
        /// The field's dims.
        expected: usize,
        /// The store's dims.
        got: usize,
    },
    /// A file of the store makes no sense: a checksum, a magic number or a length is wrong.
    #[error("{} is damaged at offset {offset}: {what}, expected {expected}, got {got}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where in the file, in bytes.
        offset: u64,
        /// What was looked at.
        what: &'static str,
        /// What it should be.
        expected: String,
        /// What it is.
        got: String,
    },
    /// An earlier flush to disk failed, after which nobody knows what the disk holds.
    #[error("{} can take no checkpoint because an earlier flush failed; open or rebuild it", path.display())]
    FlushFailed {
        /// The file.
        path: PathBuf,
    },
    /// Another store, or a view of one, has the file open.
    #[error("{} is in use by another store or by a reader of one", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl Error {
    /// Says whether a store that fails to open like this can be had again by making it anew from the
    /// truth, as opposed to a failure that would meet the new store too.
    pub fn calls_for_rebuild(&self) -> bool {
        matches!(
            self,
            Error::Missing { .. }
                | Error::Version { .. }
                | Error::Dims { .. }
                | Error::Damaged { .. }
                | Error::FlushFailed { .. }
        )
    }

    /// Says whether the disk is full; writing goes on once there is space again.
    pub fn is_disk_full(&self) -> bool {
        let Error::Io { source, .. } = self else {
            return false;
        };
        matches!(
            source.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
        )
    }

    /// Puts the path and what was tried to an error of the operating system.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
        move |source| Error::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
}
