//! Sets of slots, one bit each.

use std::ops::Range;

#[cfg(test)]
mod tests;

const WORD_BITS: u32 = u64::BITS;

/// A set of slots below a fixed length.
///
/// A slot at or past the length is never in the set; that is also how sets of different lengths
/// meet in [`BitSet::and`] and [`BitSet::and_not`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BitSet {
    /// Bits at or past `len` are always 0.
    words: Vec<u64>,
    len: u32,
    /// How many bits are 1: every search asks.
    count: u32,
}

impl BitSet {
    /// Makes an empty set for slots below `len`.
    pub fn new(len: u32) -> BitSet {
        BitSet {
            words: vec![0; words_for(len)],
            len,
            count: 0,
        }
    }

    /// Makes the set of all slots below `len`.
    pub fn full(len: u32) -> BitSet {
        let mut set = BitSet {
            words: vec![u64::MAX; words_for(len)],
            len,
            count: len,
        };
        set.clear_past_len();
        set
    }

    /// Makes a set out of slots, leaving out those at or past `len`.
    pub fn from_slots(len: u32, slots: impl IntoIterator<Item = u32>) -> BitSet {
        let mut set = BitSet::new(len);
        for slot in slots {
            set.insert(slot);
        }
        set
    }

    /// Gives the length: every slot of the set is below it.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Says whether no slot is in the set.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Makes room for slots below `len`; a set that has it stays as it is.
    pub fn grow(&mut self, len: u32) {
        if len > self.len {
            self.words.resize(words_for(len), 0);
            self.len = len;
        }
    }

    /// Counts the slots of the set.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Says whether a slot is in the set.
    pub fn contains(&self, slot: u32) -> bool {
        let (word, bit) = place(slot);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Says whether every slot of a range is in the set.
    pub fn contains_all(&self, range: Range<u32>) -> bool {
        if range.is_empty() {
            return true;
        }
        let (first, first_bit) = place(range.start);
        let (last, last_bit) = place(range.end - 1);
        let Some(words) = self.words.get(first..=last) else {
            return false;
        };
        // Only the words of the range are looked at: a search asks this for every run of rows.
        words.iter().zip(first..).all(|(word, index)| {
            let mut asked = u64::MAX;
            if index == first {
                asked &= !(first_bit - 1);
            }
            if index == last {
                asked &= last_bit | (last_bit - 1);
            }
            word & asked == asked
        })
    }

    /// Puts a slot into the set; says whether it was not in it and is below the length.
    pub fn insert(&mut self, slot: u32) -> bool {
        if slot >= self.len {
            return false;
        }
        let (word, bit) = place(slot);
        let Some(word) = self.words.get_mut(word) else {
            return false;
        };
        let absent = *word & bit == 0;
        *word |= bit;
        self.count += u32::from(absent);
        absent
    }

    /// Takes a slot out of the set; says whether it was in it.
    pub fn remove(&mut self, slot: u32) -> bool {
        let (word, bit) = place(slot);
        let Some(word) = self.words.get_mut(word) else {
            return false;
        };
        let present = *word & bit != 0;
        *word &= !bit;
        self.count -= u32::from(present);
        present
    }

    /// Keeps the slots that are in `other` too.
    pub fn and(&mut self, other: &BitSet) {
        let others = other.words.iter().copied().chain(std::iter::repeat(0));
        self.count = 0;
        for (word, other) in self.words.iter_mut().zip(others) {
            *word &= other;
            self.count += word.count_ones();
        }
    }

    /// Keeps the slots that are not in `other`.
    pub fn and_not(&mut self, other: &BitSet) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            self.count -= (*word & other).count_ones();
            *word &= !other;
        }
    }

    /// Gives the greatest slot of the set.
    pub fn last(&self) -> Option<u32> {
        let word = self.words.iter().rposition(|word| *word != 0)?;
        let highest = WORD_BITS - 1 - self.words[word].leading_zeros();
        Some(word as u32 * WORD_BITS + highest)
    }

    /// Lists the slots of the set, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(index as u32 * WORD_BITS + bit)
            })
        })
    }

    /// Lists the longest ranges of neighbouring slots of the set, in ascending order.
    pub fn runs(&self) -> impl Iterator<Item = Range<u32>> + '_ {
        let mut from = 0;
        std::iter::from_fn(move || {
            let start = self.next_present(from)?;
            let end = self.next_absent(start);
            from = end;
            Some(start..end)
        })
    }

    /// Finds the first slot of the set at or after `from`.
    fn next_present(&self, from: u32) -> Option<u32> {
        self.first_word_with(from, |word| word)
    }

    /// Finds the first slot at or after `from` that is not in the set; the length, if none below it.
    fn next_absent(&self, from: u32) -> u32 {
        self.first_word_with(from, |word| !word)
            .map_or(self.len, |slot| slot.min(self.len))
            .max(from)
    }

    /// Finds the first bit at or after `from` that is 1 in what `look` makes of the words.
    fn first_word_with(&self, from: u32, look: impl Fn(u64) -> u64) -> Option<u32> {
        let (first, bit) = place(from);
        let at_or_after = !(bit - 1);
        let words = self.words.iter().enumerate().skip(first);
        words
            .map(|(index, word)| {
                let seen = look(*word);
                (
                    index,
                    if index == first {
                        seen & at_or_after
                    } else {
                        seen
                    },
                )
            })
            .find(|(_, seen)| *seen != 0)
            // A bit of the last word can lie past u32::MAX only where no slot does.
            .map(|(index, seen)| (index as u32 * WORD_BITS).saturating_add(seen.trailing_zeros()))
    }

    fn clear_past_len(&mut self) {
        let past = self.len % WORD_BITS;
        if past != 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << past) - 1;
        }
    }
}

fn words_for(len: u32) -> usize {
    len.div_ceil(WORD_BITS) as usize
}

/// Gives the word of a slot and its bit in it.
fn place(slot: u32) -> (usize, u64) {
    ((slot / WORD_BITS) as usize, 1 << (slot % WORD_BITS))
}
