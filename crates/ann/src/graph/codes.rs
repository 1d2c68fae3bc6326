//! Codes of the vectors: what a traversal compares.
#![expect(
    unsafe_code,
    reason = "a slice of codes is sound only if nobody writes there meanwhile"
)]

use super::memory::{EXTENT_ROWS, Memory};
use kernels::int8;
use std::io;
use std::sync::atomic::Ordering;

/// What a row of codes stands for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Scale {
    /// What the codes are multiplied by.
    pub(super) scale: f32,
    /// What codes do not tell and distances need, 0 at least: the vector's exact squared norm, or that of its projection with what
    /// counts of the rest; for the sum of absolute differences, by how much its numbers were clamped in all.
    pub(super) aside: f32,
}

/// The marks of a slot without codes, and of one whose codes are being written. The bits of a scale are above them.
const VACANT: u64 = 0;
const WRITING: u64 = 1;

/// How much of a row is asked for before anything else; the rest follows while rows before it are compared.
const FIRST_BYTES: usize = 1024;

/// How many bytes of a row its mark and [`Scale`] take, at the end.
const SCALE_BYTES: usize = size_of::<u64>();

/// How many slots a number says of whether their nodes are removed.
const SLOTS_OF_NUMBER: u32 = u64::BITS;

/// int8 codes by slot, each row with its [`Scale`], so that both come from memory at once.
///
/// A row is written once, while its slot is vacant, and is read only after that; a slot gets vacant again only when
/// nobody can be reading ([`Codes::vacate`] has them alone). The marks see to it.
#[derive(Debug)]
pub(super) struct Codes {
    rows: Memory,
    /// How much of a row is compared.
    compared: usize,
    /// A bit for each slot.
    removed: Memory,
    /// A row of zeros, of a vacant slot.
    none: Vec<u8>,
}

impl Codes {
    /// Makes codes for no slots yet, of so many numbers each. Differences of codes need rows that hold nothing else as far
    /// as they are compared.
    pub(super) fn new(width: usize, are_subtracted: bool) -> Codes {
        let compared = compared_bytes(width, are_subtracted);
        let bytes = match are_subtracted {
            true => int8::row_bytes(compared + SCALE_BYTES),
            false => compared,
        };
        let mut none = vec![int8::ZERO; bytes];
        none[bytes - SCALE_BYTES..].copy_from_slice(&VACANT.to_le_bytes());
        Codes {
            rows: Memory::new(bytes, EXTENT_ROWS),
            compared,
            removed: Memory::new(size_of::<u64>(), EXTENT_ROWS / SLOTS_OF_NUMBER as usize),
            none,
        }
    }

    /// Makes sure that there is memory for so many slots.
    pub(super) fn grow(&mut self, slots: u64) -> io::Result<()> {
        self.rows.grow(slots)?;
        self.removed
            .grow(slots.div_ceil(u64::from(SLOTS_OF_NUMBER)))
    }

    /// Gives for how many slots there is memory.
    pub(super) fn slots(&self) -> u64 {
        let removed = self.removed.rows() * u64::from(SLOTS_OF_NUMBER);
        self.rows.rows().min(removed)
    }

    /// Gives the bytes that are set aside.
    pub(super) fn bytes(&self) -> u64 {
        self.rows.bytes() + self.removed.bytes()
    }

    /// Writes the codes of a vacant slot. Answers false, and writes nothing, if it is not vacant.
    ///
    /// # Panics
    /// If there is no memory for it, or `codes` is not as long as what is compared.
    pub(super) fn write(&self, slot: u32, codes: &[u8], scale: Scale) -> bool {
        assert_eq!(codes.len(), self.compared);
        let mark = self.rows.last64(slot);
        let taken = mark.compare_exchange(VACANT, WRITING, Ordering::Acquire, Ordering::Relaxed);
        if taken.is_err() {
            return false;
        }
        let before = &codes[..codes.len().min(self.none.len() - SCALE_BYTES)];
        // SAFETY: the exchange made this thread the only one that writes the slot, and none reads it before the scale
        // is stored. The mark is not written by this.
        unsafe { self.rows.write(slot, before) };
        // A copy of the memory that was made in between may have the bit and not the codes.
        self.set_removed(slot, false);
        mark.store(pack(scale), Ordering::Release);
        self.rows.touch(slot);
        true
    }

    /// Gives the codes of a slot, as long as what is compared; nothing if it is vacant. What comes after the codes of the
    /// vector is not to be looked at.
    ///
    /// # Panics
    /// If there is no memory for it.
    #[inline(always)]
    pub(super) fn get(&self, slot: u32) -> Option<(&[u8], Scale)> {
        let scale = self.scale(slot)?;
        // SAFETY: the row was written before the scale was stored (release, acquire), and neither is written again
        // before `vacate`, which needs `&mut self` and so outlives no slice.
        let row = unsafe { self.rows.row(slot) };
        Some((&row[..self.compared], scale))
    }

    /// Gives all of a slot's row as it is to be on the disk: that of a vacant slot while codes are being written.
    pub(super) fn row(&self, slot: u32) -> &[u8] {
        match self.scale(slot) {
            // SAFETY: as in `get`.
            Some(_) => unsafe { self.rows.row(slot) },
            None => &self.none,
        }
    }

    /// Marks the node of a slot as removed. Answers false if it is no node, or removed already.
    pub(super) fn remove(&self, slot: u32) -> bool {
        if u64::from(slot) >= self.slots() || self.scale(slot).is_none() {
            return false;
        }
        !self.set_removed(slot, true)
    }

    /// Sets whether the node of a slot is removed; answers whether it was.
    fn set_removed(&self, slot: u32, is_removed: bool) -> bool {
        let (number, bit) = place_of(slot);
        let word = self.removed.last64(number);
        let before = match is_removed {
            true => word.fetch_or(bit, Ordering::AcqRel),
            // Hardly ever is there something to clear.
            false if word.load(Ordering::Acquire) & bit == 0 => return false,
            false => word.fetch_and(!bit, Ordering::AcqRel),
        };
        self.removed.touch(number);
        before & bit != 0
    }

    /// Whether the node of a slot is removed.
    pub(super) fn is_removed(&self, slot: u32) -> bool {
        let (number, bit) = place_of(slot);
        self.removed.last64(number).load(Ordering::Acquire) & bit != 0
    }

    /// Makes a slot vacant.
    pub(super) fn vacate(&mut self, slot: u32) {
        self.rows.last64(slot).store(VACANT, Ordering::Release);
        self.rows.touch(slot);
        self.set_removed(slot, false);
    }

    /// Gives the memory of the rows, and of what is removed.
    pub(super) fn memories(&self) -> [&Memory; 2] {
        [&self.rows, &self.removed]
    }

    /// Gives the memory of the rows, and of what is removed.
    pub(super) fn memories_mut(&mut self) -> [&mut Memory; 2] {
        [&mut self.rows, &mut self.removed]
    }

    /// Asks for the beginning of a slot's row to be brought near.
    #[inline(always)]
    pub(super) fn prefetch(&self, slot: u32) {
        self.rows.prefetch(slot, FIRST_BYTES);
    }

    /// Whether [`Codes::prefetch`] asks for all of a row.
    #[inline(always)]
    pub(super) fn are_short(&self) -> bool {
        self.none.len() <= FIRST_BYTES
    }

    /// Asks for all of a slot's row, also for what was asked for before: what came costs little to ask for again, and where much is
    /// asked for at once some is forgotten.
    #[inline(always)]
    pub(super) fn prefetch_row(&self, slot: u32) {
        self.rows.prefetch(slot, usize::MAX);
    }

    /// Gives what is kept beside a slot's codes; nothing if it is vacant.
    ///
    /// # Panics
    /// If there is no memory for it.
    #[inline(always)]
    pub(super) fn scale(&self, slot: u32) -> Option<Scale> {
        let bits = self.rows.last64(slot).load(Ordering::Acquire);
        (bits > WRITING).then(|| unpack(bits))
    }

    /// Gives a row of codes of zeros.
    pub(super) fn none(&self) -> &[u8] {
        &self.none[..self.compared]
    }
}

/// Gives the number that says whether the node of a slot is removed, and which of its bits.
fn place_of(slot: u32) -> (u32, u64) {
    (slot / SLOTS_OF_NUMBER, 1 << (slot % SLOTS_OF_NUMBER))
}

/// Gives the bytes of a row as far as they are compared. Where they are multiplied, they have what is beside the codes within them:
/// it is multiplied by 0.
pub(super) fn compared_bytes(width: usize, are_subtracted: bool) -> usize {
    match are_subtracted {
        true => int8::row_bytes(width),
        false => int8::row_bytes(width + SCALE_BYTES),
    }
}

/// Puts a scale into a number that no mark equals.
fn pack(Scale { scale, aside }: Scale) -> u64 {
    // A scale of 0 goes with codes of zeros, so that any other says the same.
    let scale = scale.max(f32::MIN_POSITIVE);
    u64::from(scale.to_bits()) << 32 | u64::from(aside.to_bits())
}

#[inline(always)]
fn unpack(bits: u64) -> Scale {
    Scale {
        scale: f32::from_bits((bits >> 32) as u32),
        aside: f32::from_bits(bits as u32),
    }
}
