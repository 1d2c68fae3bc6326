//! Edges of the graph: each node's neighbours.

use super::memory::Memory;
use kernels::prefetch_slice;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many neighbours a node has at most. A row of them is two lines of memory.
pub(super) const DEGREE: usize = 32;

/// How many locks the nodes share.
const LOCKS: usize = 1024;

/// The neighbours of every node, nearest first where nobody has added to them since they were chosen.
///
/// Readers need no lock: a list that is being written holds neighbours of before and after. Writers lock the node.
#[derive(Debug)]
pub(super) struct Links {
    /// A neighbour plus one; 0 where there are no more.
    rows: Memory,
    locks: Vec<Mutex<()>>,
}

/// The list of a node, and the right to write it.
pub(super) struct Locked<'a> {
    links: &'a Links,
    node: u32,
    /// All nodes are below.
    end: u64,
    _lock: MutexGuard<'a, ()>,
}

impl Links {
    /// Makes memory for no lists yet, which grows by so many.
    pub(super) fn new(extent_rows: usize) -> Links {
        Links {
            rows: Memory::new(DEGREE * size_of::<u32>(), extent_rows),
            locks: (0..LOCKS).map(|_| Mutex::default()).collect(),
        }
    }

    /// Makes sure that there is memory for so many nodes.
    pub(super) fn grow(&mut self, nodes: u64) -> io::Result<()> {
        self.rows.grow(nodes)
    }

    /// Gives for how many nodes there is memory.
    pub(super) fn nodes(&self) -> u64 {
        self.rows.rows()
    }

    /// Gives the bytes that are set aside.
    pub(super) fn bytes(&self) -> u64 {
        self.rows.bytes()
    }

    /// Gives the neighbours of a node that are below `end`, [`DEGREE`] at most. Only a damaged file has others.
    #[inline(always)]
    pub(super) fn of(&self, node: u32, end: u64) -> impl Iterator<Item = u32> {
        self.rows
            .numbers32(node)
            .iter()
            // What was written before a neighbour was linked is read after it.
            .map(|link| link.load(Ordering::Acquire))
            .take_while(|link| *link != 0)
            .filter(move |link| u64::from(*link) <= end)
            .map(|link| link - 1)
    }

    /// Gives the memory of the lists.
    pub(super) fn memory(&self) -> &Memory {
        &self.rows
    }

    /// Gives the memory of the lists.
    pub(super) fn memory_mut(&mut self) -> &mut Memory {
        &mut self.rows
    }

    /// Asks for a node's neighbours to be brought near.
    #[inline(always)]
    pub(super) fn prefetch(&self, node: u32) {
        prefetch_slice(self.rows.numbers32(node));
    }

    /// Locks a node's neighbours. One thread locks one node at a time, for nodes share locks.
    pub(super) fn lock(&self, node: u32, end: u64) -> Locked<'_> {
        let lock = &self.locks[node as usize % LOCKS];
        Locked {
            links: self,
            node,
            end,
            _lock: lock.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

impl Locked<'_> {
    /// Copies the neighbours, and answers how many there are.
    pub(super) fn neighbours(&self, to: &mut [u32; DEGREE]) -> usize {
        copy(self.links.of(self.node, self.end), to)
    }

    /// Writes the neighbours, [`DEGREE`] at most; more are left out.
    pub(super) fn write(&self, neighbours: impl IntoIterator<Item = u32>) {
        let mut neighbours = neighbours.into_iter();
        for place in self.links.rows.numbers32(self.node) {
            let link = neighbours.next().map_or(0, |neighbour| neighbour + 1);
            place.store(link, Ordering::Release);
        }
        self.links.rows.touch(self.node);
    }
}

/// Copies nodes, [`DEGREE`] at most, and answers how many there are.
#[inline(always)]
pub(super) fn copy(nodes: impl Iterator<Item = u32>, to: &mut [u32; DEGREE]) -> usize {
    let mut count = 0;
    for (place, node) in to.iter_mut().zip(nodes) {
        *place = node;
        count += 1;
    }
    count
}
