//! What is asked of a vector index, however it is answered.

use crate::bitset::BitSet;
use kernels::Metric;

/// A search for the nearest rows.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// What near means.
    pub metric: Metric,
    /// The vector to compare with, as long as the rows.
    pub query: &'a [f32],
    /// How many hits are wanted; there are fewer where fewer rows can be hits.
    pub k: usize,
    /// The slots that can be hits; none means all that the snapshot sees. Slots that it does not
    /// see are passed over.
    pub filter: Option<&'a BitSet>,
}
