//! The graph index: each vector is a node, linked to near ones in different directions.
//!
//! A flat graph as in DiskANN/Vamana (Subramanya et al., 2019) holds all nodes. Every 32nd node is also in a coarser
//! level, every 32nd of those in one coarser still, and so on, as in HNSW (Malkov and Yashunin, 2016): a search comes
//! from there to where its nearest nodes are. Traversals compare int8 codes; what they find is compared exactly, with the
//! stored vectors, before it is answered.
//!
//! Nodes are numbered by the slots of their vectors. Nodes are inserted while others search.

mod axes;
mod check;
mod codes;
mod connect;
mod disk;
mod encoder;
mod gated;
mod gauge;
mod insert;
mod level;
mod links;
mod manifest;
mod memory;
mod pool;
mod prune;
mod repair;
mod search;
mod sweep;
mod through;
mod visited;
mod walk;

use crate::error::{Error, Result};
pub use check::Reach;
use codes::{Codes, Scale};
pub use disk::GraphFile;
pub use encoder::Encoder;
use encoder::Room;
use gauge::{Gauge, Measure};
use kernels::Metric;
use level::Level;
pub use repair::Repair;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};
use walk::Scratch;

/// The greatest number of dims of a graph's vectors.
pub const MAX_GRAPH_DIMS: usize = 4096;

/// How many levels there are: enough for 2³⁰ nodes with a coarsest level of a thousand.
const LEVELS: usize = 5;

/// One of so many nodes of a level is in the next coarser one, as a power of two.
const COARSER_SHIFT: u32 = 5;

/// A graph over the vectors of a field.
#[derive(Debug)]
pub struct Graph {
    dims: usize,
    encoder: Encoder,
    /// Whether there are no edges: searches compare all codes.
    is_flat: bool,
    /// Readers search and insert; growing has it alone.
    state: RwLock<State>,
    /// The bits of the greatest squared norm, for dot products.
    longest: AtomicU32,
    scratches: Mutex<Vec<Scratch>>,
    /// Held while nodes leave, and while none may.
    leaving: Mutex<()>,
}

#[derive(Debug)]
struct State {
    codes: Codes,
    nodes: AtomicU32,
    /// How many of the nodes are removed.
    removed: AtomicU32,
    /// Whether they are being taken out.
    repairing: bool,
    /// The finest first.
    levels: Vec<Level>,
}

impl Graph {
    /// Makes a graph without nodes for vectors of as many dims as those that `encoder` has learnt from.
    ///
    /// # Errors
    /// [`Error::BadDims`] if there are no dims or more than [`MAX_GRAPH_DIMS`].
    pub fn new(encoder: Encoder) -> Result<Graph> {
        Graph::made(encoder, false)
    }

    /// Makes a graph that never has edges: a node takes nothing but its codes, and a search compares the codes of all that
    /// can be hits, four times as fast as their vectors, and then exactly those that can be among the nearest.
    ///
    /// # Errors
    /// As [`Graph::new`].
    pub fn flat(encoder: Encoder) -> Result<Graph> {
        Graph::made(encoder, true)
    }

    fn made(encoder: Encoder, is_flat: bool) -> Result<Graph> {
        let dims = encoder.dims();
        if dims == 0 || dims > MAX_GRAPH_DIMS {
            return Err(Error::BadDims {
                most: MAX_GRAPH_DIMS,
                got: dims,
            });
        }
        let coarse = (1..LEVELS).map(|_| Level::coarse());
        Ok(Graph {
            dims,
            is_flat,
            state: RwLock::new(State {
                codes: encoder.codes(),
                nodes: AtomicU32::new(0),
                removed: AtomicU32::new(0),
                repairing: false,
                levels: std::iter::once(Level::finest()).chain(coarse).collect(),
            }),
            encoder,
            longest: AtomicU32::new(0),
            scratches: Mutex::default(),
            leaving: Mutex::default(),
        })
    }

    /// Gives the numbers of a vector.
    pub fn dims(&self) -> usize {
        self.dims
    }

    /// Gives what near means.
    pub fn metric(&self) -> Metric {
        self.encoder.metric
    }

    /// Whether there are no edges, by [`Graph::flat`].
    pub fn is_flat(&self) -> bool {
        self.is_flat
    }

    /// Counts the nodes, with those that are removed and still in the graph.
    pub fn nodes(&self) -> u32 {
        self.read().nodes()
    }

    /// Gives the bytes set aside for codes and edges.
    pub fn memory_bytes(&self) -> u64 {
        let state = self.read();
        let levels: u64 = state.levels.iter().map(Level::bytes).sum();
        state.codes.bytes() + levels
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what a traversal needs, and leaves it for the next one.
    fn with_scratch<T>(&self, run: impl FnOnce(&mut Scratch) -> T) -> T {
        let scratches = || {
            self.scratches
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        let kept = scratches().pop();
        let mut scratch = kept.unwrap_or_else(|| Scratch {
            gauge: Gauge::new(&self.encoder),
            other: Gauge::new(&self.encoder),
            room: self.encoder.room(),
            codes: vec![0; self.encoder.compared_bytes()],
            pool: pool::Pool::default(),
            open: BinaryHeap::new(),
            seeds: Vec::new(),
            visited: visited::Visited::default(),
        });
        let answer = run(&mut scratch);
        scratches().push(scratch);
        answer
    }

    /// Whether this graph's codes tell vectors like those of a sample of a few thousand apart. If they do not, because the
    /// vectors are others than those that its encoder has learnt from, one that is made anew finds more.
    ///
    /// # Errors
    /// [`Error::Stopped`] once `stop` says so; [`Error::Memory`] if there is none.
    pub fn suits<'a>(
        &self,
        sample: impl Iterator<Item = &'a [f32]>,
        stop: &dyn Fn() -> bool,
    ) -> Result<bool> {
        let sample: Vec<&[f32]> = sample.collect();
        self.encoder.suits(&sample, stop)
    }

    /// Writes the codes of a vector, as nodes have them; `room` is overwritten.
    fn encode(&self, vector: &[f32], room: &mut Room, codes: &mut [u8]) -> Scale {
        self.encoder.encode(vector, room, codes)
    }

    /// What nodes are linked by.
    fn linked_by(&self) -> Measure {
        match self.metric() {
            Metric::Dot => Measure::Lifted {
                norm_squared: f32::from_bits(self.longest.load(Ordering::Relaxed)),
            },
            Metric::L1 => Measure::L1,
            Metric::L2Squared | Metric::Cosine => Measure::L2,
        }
    }

    /// What queries search by.
    fn searched_by(&self) -> Measure {
        match self.metric() {
            Metric::Dot => Measure::Dot,
            Metric::L1 => Measure::L1,
            Metric::L2Squared | Metric::Cosine => Measure::L2,
        }
    }
}

impl State {
    fn nodes(&self) -> u32 {
        self.nodes.load(Ordering::Relaxed)
    }
}

/// Gives how many levels a node is in beyond the finest: a number that its slot alone decides.
fn coarser_levels(slot: u32) -> usize {
    // The finalizer of MurmurHash3 by Austin Appleby.
    let mut hash = slot;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^= hash >> 16;
    ((hash.trailing_zeros() / COARSER_SHIFT) as usize).min(LEVELS - 1)
}

#[cfg(test)]
mod tests;
