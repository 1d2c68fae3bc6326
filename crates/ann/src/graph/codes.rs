//! Codes of the vectors: what a traversal compares.
#![expect(
    unsafe_code,
    reason = "a slice of codes is sound only if nobody writes there meanwhile"
)]

use super::memory::{EXTENT_ROWS, Memory};
use kernels::{int8, prefetch_slice};
use std::io;
use std::sync::atomic::Ordering;

/// What a row of codes stands for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Scale {
    /// What the codes are multiplied by.
    pub(super) scale: f32,
    /// What codes do not tell and distances need, 0 at least: the vector's exact squared norm, or for the sum of absolute
    /// differences, by how much its numbers were clamped in all.
    pub(super) aside: f32,
}

/// The marks of a slot without codes, and of one whose codes are being written. The bits of a scale are above them.
const VACANT: u64 = 0;
const WRITING: u64 = 1;

/// How much of a row is asked for before anything else; the rest follows while rows before it are compared.
const FIRST_BYTES: usize = 1024;

/// The bit of a slot whose node is removed, beside its scale: the sign of what is aside, which has none.
const REMOVED: u64 = 1 << 31;

/// int8 codes by slot, each row with its [`Scale`].
///
/// A row is written once, while its slot is vacant, and is read only after that; a slot gets vacant again only when
/// nobody can be reading ([`Codes::vacate`] has them alone). The marks see to it.
#[derive(Debug)]
pub(super) struct Codes {
    rows: Memory,
    scales: Memory,
    /// A row of zeros.
    none: Vec<u8>,
}

impl Codes {
    pub(super) fn new(dims: usize) -> Codes {
        Codes {
            rows: Memory::new(int8::row_bytes(dims), EXTENT_ROWS),
            scales: Memory::new(size_of::<u64>(), EXTENT_ROWS),
            none: vec![int8::ZERO; int8::row_bytes(dims)],
        }
    }

    /// Makes sure that there is memory for so many slots.
    pub(super) fn grow(&mut self, slots: u64) -> io::Result<()> {
        self.rows.grow(slots)?;
        self.scales.grow(slots)
    }

    /// Gives for how many slots there is memory.
    pub(super) fn slots(&self) -> u64 {
        self.rows.rows().min(self.scales.rows())
    }

    /// Gives the bytes that are set aside.
    pub(super) fn bytes(&self) -> u64 {
        self.rows.bytes() + self.scales.bytes()
    }

    /// Writes the codes of a vacant slot. Answers false, and writes nothing, if it is not vacant.
    ///
    /// # Panics
    /// If there is no memory for it, or `codes` is not a row.
    pub(super) fn write(&self, slot: u32, codes: &[u8], scale: Scale) -> bool {
        let mark = self.scales.number64(slot);
        let taken = mark.compare_exchange(VACANT, WRITING, Ordering::Acquire, Ordering::Relaxed);
        if taken.is_err() {
            return false;
        }
        // SAFETY: the exchange made this thread the only one that writes the slot, and none reads it before the scale
        // is stored.
        unsafe { self.rows.write(slot, codes) };
        mark.store(pack(scale), Ordering::Release);
        self.rows.touch(slot);
        self.scales.touch(slot);
        true
    }

    /// Gives the codes of a slot; nothing if it is vacant.
    ///
    /// # Panics
    /// If there is no memory for it.
    #[inline(always)]
    pub(super) fn get(&self, slot: u32) -> Option<(&[u8], Scale)> {
        let bits = self.scales.number64(slot).load(Ordering::Acquire);
        if bits <= WRITING {
            return None;
        }
        // SAFETY: the codes were written before the scale was stored (release, acquire), and are not written again
        // before `vacate`, which needs `&mut self` and so outlives no slice.
        Some((unsafe { self.rows.row(slot) }, unpack(bits)))
    }

    /// Gives what is kept beside a slot's codes, as one number; that of a vacant slot while they are being written.
    pub(super) fn bits(&self, slot: u32) -> u64 {
        match self.scales.number64(slot).load(Ordering::Acquire) {
            WRITING => VACANT,
            bits => bits,
        }
    }

    /// Marks the node of a slot as removed. Answers false if it is no node, or removed already.
    pub(super) fn remove(&self, slot: u32) -> bool {
        if u64::from(slot) >= self.slots() {
            return false;
        }
        let mark = self.scales.number64(slot);
        let marked = mark.fetch_update(Ordering::AcqRel, Ordering::Relaxed, |bits| {
            (bits > WRITING && bits & REMOVED == 0).then_some(bits | REMOVED)
        });
        self.scales.touch(slot);
        marked.is_ok()
    }

    /// Whether the node of a slot is removed.
    pub(super) fn is_removed(&self, slot: u32) -> bool {
        self.scales.number64(slot).load(Ordering::Acquire) & REMOVED != 0
    }

    /// Makes a slot vacant.
    pub(super) fn vacate(&mut self, slot: u32) {
        self.scales.number64(slot).store(VACANT, Ordering::Release);
        self.scales.touch(slot);
    }

    /// Gives the memory of the codes and of the scales.
    pub(super) fn memories(&self) -> [&Memory; 2] {
        [&self.rows, &self.scales]
    }

    /// Gives the memory of the codes and of the scales.
    pub(super) fn memories_mut(&mut self) -> [&mut Memory; 2] {
        [&mut self.rows, &mut self.scales]
    }

    /// Asks for a slot's scale and the beginning of its codes to be brought near.
    #[inline(always)]
    pub(super) fn prefetch(&self, slot: u32) {
        prefetch_slice(std::slice::from_ref(self.scales.number64(slot)));
        self.rows.prefetch(slot, FIRST_BYTES);
    }

    /// Asks for all of a slot's codes, also for what was asked for before: what came costs little to ask for again, and where much is
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
        let bits = self.scales.number64(slot).load(Ordering::Acquire);
        (bits > WRITING).then(|| unpack(bits))
    }

    /// Gives a row of codes of zeros.
    pub(super) fn none(&self) -> &[u8] {
        &self.none
    }
}

/// Puts a scale into a number that no mark equals.
fn pack(Scale { scale, aside }: Scale) -> u64 {
    // A scale of 0 goes with codes of zeros, so that any other says the same.
    let scale = scale.max(f32::MIN_POSITIVE);
    // A number that is -0 would look removed.
    u64::from(scale.to_bits()) << 32 | u64::from(aside.abs().to_bits())
}

#[inline(always)]
fn unpack(bits: u64) -> Scale {
    Scale {
        scale: f32::from_bits((bits >> 32) as u32),
        aside: f32::from_bits((bits & !REMOVED) as u32),
    }
}
