//! A level of the graph: some of the nodes, and the edges between them.

use super::COARSER_SHIFT;
use super::links::{DEGREE, Links, Locked, copy};
use super::memory::{EXTENT_ROWS, Memory};
use super::visited::Visited;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};

/// Nodes and their edges. The finest level has all nodes; each coarser one has every 32nd of the one below.
#[derive(Debug)]
pub(super) struct Level {
    links: Links,
    /// All nodes are below.
    end: u64,
    /// Where the lists of the nodes lie, plus one; none for the finest level, in which a list lies at its node's slot.
    places: Option<Memory>,
    /// How many lists there are, in a coarse level.
    lists: AtomicU32,
    /// Where a traversal of this level alone begins, plus one; 0 while it is empty.
    entry: AtomicU32,
}

impl Level {
    pub(super) fn finest() -> Level {
        Level::new(Links::new(EXTENT_ROWS), None)
    }

    pub(super) fn coarse() -> Level {
        let places = Memory::new(size_of::<u32>(), EXTENT_ROWS);
        Level::new(Links::new(EXTENT_ROWS >> COARSER_SHIFT), Some(places))
    }

    fn new(links: Links, places: Option<Memory>) -> Level {
        Level {
            links,
            end: 0,
            places,
            lists: AtomicU32::new(0),
            entry: AtomicU32::new(0),
        }
    }

    /// Makes sure that there is memory for so many slots, of which `nodes` are of this level.
    pub(super) fn grow(&mut self, slots: u64, nodes: u64) -> io::Result<()> {
        if let Some(places) = &mut self.places {
            places.grow(slots)?;
        }
        self.links.grow(nodes)?;
        self.end = slots;
        Ok(())
    }

    /// Whether there is memory for so many slots, of which `nodes` are of this level.
    pub(super) fn has_room(&self, slots: u64, nodes: u64) -> bool {
        let places = self.places.as_ref();
        self.links.nodes() >= nodes && places.is_none_or(|places| places.rows() >= slots)
    }

    /// Gives the bytes that are set aside.
    pub(super) fn bytes(&self) -> u64 {
        self.links.bytes() + self.places.as_ref().map_or(0, Memory::bytes)
    }

    /// Gives how many lists there are, in a coarse level.
    pub(super) fn lists(&self) -> u64 {
        u64::from(self.lists.load(Ordering::Relaxed))
    }

    /// Gives where a traversal begins that knows nothing better.
    pub(super) fn entry(&self) -> Option<u32> {
        self.entry.load(Ordering::Acquire).checked_sub(1)
    }

    /// Makes a node the entry, if there is none. Answers whether it was made the entry.
    pub(super) fn enter(&self, node: u32) -> bool {
        let entered = self
            .entry
            .compare_exchange(0, node + 1, Ordering::AcqRel, Ordering::Relaxed);
        entered.is_ok()
    }

    /// Makes a level whose memory was read what it was: in a graph of so many slots, with an entry, and with so many
    /// lists, in a coarse level.
    pub(super) fn restore(&mut self, slots: u64, entry: Option<u32>, lists: u32) {
        self.end = slots;
        self.set_entry(entry);
        *self.lists.get_mut() = lists;
    }

    /// Gives the memory of the lists, and of where they lie.
    pub(super) fn memories(&self) -> impl Iterator<Item = &Memory> {
        std::iter::once(self.links.memory()).chain(&self.places)
    }

    /// Gives the memory of the lists, and of where they lie.
    pub(super) fn memories_mut(&mut self) -> impl Iterator<Item = &mut Memory> {
        std::iter::once(self.links.memory_mut()).chain(&mut self.places)
    }

    /// Makes a node the entry, or none.
    pub(super) fn set_entry(&mut self, node: Option<u32>) {
        *self.entry.get_mut() = node.map_or(0, |node| node + 1);
    }

    /// Gives a new node of a coarse level a list; one whose slot had a node before has its list.
    pub(super) fn place(&self, node: u32) {
        if let (Some(places), None) = (&self.places, self.list(node)) {
            let list = self.lists.fetch_add(1, Ordering::Relaxed);
            places.numbers32(node)[0].store(list + 1, Ordering::Release);
            places.touch(node);
        }
    }

    /// Gives the neighbours of a node, [`DEGREE`] at most; nothing for a node that is not of this level.
    #[inline(always)]
    fn around(&self, node: u32) -> Option<impl Iterator<Item = u32>> {
        let list = self.list(node)?;
        Some(self.links.of(list, self.end))
    }

    /// Copies the neighbours of a node, and answers how many there are.
    #[inline(always)]
    pub(super) fn neighbours(&self, node: u32, to: &mut [u32; DEGREE]) -> usize {
        self.around(node).map_or(0, |nodes| copy(nodes, to))
    }

    /// Copies those neighbours of a node that were not visited before, and takes them as visited; answers how many there are.
    #[inline(always)]
    pub(super) fn visit_around(
        &self,
        node: u32,
        visited: &mut Visited,
        to: &mut [u32; DEGREE],
    ) -> usize {
        self.around(node)
            .map_or(0, |nodes| visited.insert_each(nodes, to))
    }

    /// Asks for a node's neighbours to be brought near.
    #[inline(always)]
    pub(super) fn prefetch(&self, node: u32) {
        if let Some(list) = self.list(node) {
            self.links.prefetch(list);
        }
    }

    /// Locks a node's neighbours; nothing for a node that is not of this level.
    pub(super) fn lock(&self, node: u32) -> Option<Locked<'_>> {
        Some(self.links.lock(self.list(node)?, self.end))
    }

    /// Gives where the list of a node lies.
    #[inline(always)]
    fn list(&self, node: u32) -> Option<u32> {
        match &self.places {
            None => Some(node),
            Some(places) => {
                let list = places.numbers32(node)[0].load(Ordering::Acquire);
                // Only a damaged file has lists for which there is no memory.
                list.checked_sub(1)
                    .filter(|list| u64::from(*list) < self.links.nodes())
            }
        }
    }
}
