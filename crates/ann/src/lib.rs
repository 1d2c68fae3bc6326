//! A vector index over slots: row store, slot allocation, exact scan, and a graph.
//!
//! A vector value lies in a *slot*, a number from 0; nothing here knows documents or fields. What
//! every way of searching shares is kept apart from the ways: [`SlotAllocator`] says which slot is
//! free, [`RowStore`] keeps the rows on disk, [`Rows`] is what a snapshot sees of them, [`Search`] is
//! what is asked and [`Hit`] what is answered. [`scan`] looks at every row; a [`Graph`] at few, by codes of
//! a byte for each number, and [`GraphFile`] keeps it on disk.
//!
//! A similarity is greater for what is nearer, whatever the [`Metric`].

mod bitset;
mod error;
mod graph;
mod nearest;
pub mod scan;
mod search;
mod slots;
mod store;
mod vector;

pub use bitset::BitSet;
pub use error::{Error, Result};
pub use graph::{Encoder, Graph, GraphFile, MAX_GRAPH_DIMS, Reach, Repair};
pub use kernels::Metric;
pub use nearest::Hit;
pub use search::Search;
pub use slots::{MAX_SLOT, Slot, SlotAllocator, SlotCounts};
pub use store::{Disk, MAX_DIMS, Problem, RowStore, Rows, SystemDisk};
pub use vector::MAX_SQUARED_NORM;
