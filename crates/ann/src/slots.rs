//! Which slots are in use, and when a released one can be used again.

use crate::bitset::BitSet;
use crate::error::{Error, Result};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

#[cfg(test)]
mod tests;

/// The number of a row: where one vector value lies.
pub type Slot = u32;

/// The greatest slot; one less than the greatest number, so that the count of slots is a number too.
pub const MAX_SLOT: Slot = u32::MAX - 1;

/// Hands out slots so that none that a living snapshot sees is ever written again.
///
/// A vector value has a slot. An update takes a new slot and releases the old one. What is released
/// stays readable by every snapshot that was published before; it is *retired* by the next
/// [`SlotAllocator::publish`]; [`SlotAllocator::reclaim`] answers it when the oldest living snapshot is of
/// that generation or later, and it is handed out again after [`SlotAllocator::free`]: in between, whoever else
/// knows the slot lets go of it.
#[derive(Debug, Default)]
pub struct SlotAllocator {
    /// The slots that are in use now.
    live: BitSet,
    /// The lowest slot that was never handed out.
    next: Slot,
    /// Slots that no snapshot sees, the lowest first.
    free: BinaryHeap<Reverse<Slot>>,
    /// Released since the last publish.
    released: Vec<Slot>,
    /// Released earlier, with the first generation that does not see them; generations ascend.
    retired: VecDeque<(u64, Vec<Slot>)>,
    /// The generation published last.
    generation: Option<u64>,
    /// The generation reclaimed last.
    reclaimed: u64,
}

/// How many slots there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotCounts {
    /// In use.
    pub live: u32,
    /// Released, and perhaps still seen by a snapshot or known to somebody.
    pub waiting: u32,
    /// Ready to be handed out again.
    pub free: u32,
}

impl SlotAllocator {
    /// Makes an allocator that has handed out nothing.
    pub fn new() -> SlotAllocator {
        SlotAllocator::default()
    }

    /// Makes an allocator for a store that is opened again: `live` is in use, and the other slots
    /// below `rows` are free, for no snapshot has survived; but for those that are still `known` to somebody, which have
    /// to be freed first.
    pub fn restore(live: &BitSet, known: &BitSet, rows: u32) -> SlotAllocator {
        let end = |slots: &BitSet| slots.last().map_or(0, |last| last + 1);
        let next = rows.max(end(live)).max(end(known));
        let mut all_live = live.clone();
        all_live.grow(next);
        let mut free = BitSet::full(next);
        free.and_not(&all_live);
        free.and_not(known);
        SlotAllocator {
            live: all_live,
            next,
            free: free.iter().map(Reverse).collect(),
            ..SlotAllocator::default()
        }
    }

    /// Hands out the lowest free slot, or the next that was never used.
    ///
    /// # Errors
    /// [`Error::NoSlotLeft`] if there is none.
    pub fn allocate(&mut self) -> Result<Slot> {
        let slot = match self.free.pop() {
            Some(Reverse(slot)) => slot,
            None if self.next > MAX_SLOT => return Err(Error::NoSlotLeft { most: MAX_SLOT }),
            None => {
                self.next += 1;
                self.next - 1
            }
        };
        if slot >= self.live.len() {
            // Doubling keeps the cost of growing small for each slot.
            self.live
                .grow((slot + 1).max(self.live.len().saturating_mul(2)));
        }
        self.live.insert(slot);
        Ok(slot)
    }

    /// Releases a slot. Snapshots published so far may go on seeing it.
    ///
    /// # Errors
    /// [`Error::SlotNotInUse`] if it is not in use.
    pub fn release(&mut self, slot: Slot) -> Result<()> {
        if !self.live.remove(slot) {
            return Err(Error::SlotNotInUse { slot });
        }
        self.released.push(slot);
        Ok(())
    }

    /// Says that a snapshot of the slots that are live now is published as `generation`: what was
    /// released before is seen neither by it nor by any later one.
    ///
    /// # Errors
    /// [`Error::Generation`] if it is not greater than the one published last.
    pub fn publish(&mut self, generation: u64) -> Result<()> {
        if let Some(last) = self.generation
            && generation <= last
        {
            return Err(Error::Generation {
                expected: last.saturating_add(1),
                got: generation,
            });
        }
        self.generation = Some(generation);
        if !self.released.is_empty() {
            self.retired
                .push_back((generation, std::mem::take(&mut self.released)));
        }
        Ok(())
    }

    /// Answers the slots that no living snapshot sees any more, once; `oldest_living` is the generation of the oldest of
    /// them, or the one published last where none is held. They are handed out again after [`SlotAllocator::free`].
    ///
    /// # Errors
    /// [`Error::Generation`] if it is less than the one reclaimed last: a snapshot that was dead
    /// cannot live again, and its slots may have been handed out.
    pub fn reclaim(&mut self, oldest_living: u64) -> Result<Vec<Slot>> {
        if oldest_living < self.reclaimed {
            return Err(Error::Generation {
                expected: self.reclaimed,
                got: oldest_living,
            });
        }
        self.reclaimed = oldest_living;
        let mut unseen = Vec::new();
        while let Some((generation, _)) = self.retired.front()
            && *generation <= oldest_living
            && let Some((_, slots)) = self.retired.pop_front()
        {
            unseen.extend(slots);
        }
        Ok(unseen)
    }

    /// Lets slots be handed out again that [`SlotAllocator::reclaim`] has answered, or [`SlotAllocator::restore`] was told
    /// to be known.
    ///
    /// # Errors
    /// [`Error::SlotInUse`] for a slot that is in use; those before it are freed.
    pub fn free(&mut self, slots: impl IntoIterator<Item = Slot>) -> Result<()> {
        for slot in slots {
            if self.live.contains(slot) || slot >= self.next {
                return Err(Error::SlotInUse { slot });
            }
            self.free.push(Reverse(slot));
        }
        Ok(())
    }

    /// Gives the slots in use, as the next snapshot is to see them. Its length is at least
    /// [`SlotAllocator::rows`].
    pub fn live(&self) -> &BitSet {
        &self.live
    }

    /// Gives how many rows a store needs for the slots handed out so far.
    pub fn rows(&self) -> u32 {
        self.next
    }

    /// Counts the slots.
    pub fn counts(&self) -> SlotCounts {
        let live = self.live.count();
        let free = self.free.len() as u32;
        SlotCounts {
            live,
            free,
            waiting: self.next - live - free,
        }
    }
}
