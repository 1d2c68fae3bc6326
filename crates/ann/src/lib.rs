//! A vector index over slots: row store, slot allocation and exact scan.
//!
//! A vector value lies in a *slot*, a number from 0; nothing here knows documents or fields.

mod bitset;
mod error;
mod slots;

pub use bitset::BitSet;
pub use error::{Error, Result};
pub use slots::{MAX_SLOT, Slot, SlotAllocator, SlotCounts};

/// The greatest number of dims that a store takes.
pub const MAX_DIMS: usize = 65_536;

/// The greatest squared norm that a vector can have: with it, no sum of any metric overflows.
pub const MAX_SQUARED_NORM: f32 = f32::MAX / 8.0;
