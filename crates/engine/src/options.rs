//! What a data folder is opened with.

use crate::disk::Disk;

/// From how many vectors on a field has a graph: fewer are compared one by one in about a millisecond.
const GRAPHS_FROM: u32 = 10_000;

/// What a data folder is opened with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The disk below it.
    pub disk: Disk,
    /// From how many vectors on a field has a graph, 10,000 by default.
    pub graphs_from: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            disk: Disk::default(),
            graphs_from: GRAPHS_FROM,
        }
    }
}

impl From<Disk> for Options {
    fn from(disk: Disk) -> Self {
        Self {
            disk,
            ..Self::default()
        }
    }
}
