//! Buckets by the bucket around them and their key.

use crate::error::{EngineError, Result};
use document::{Cause, Failure};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

/// The bucket of the aggregations at the top: all that matches.
pub(super) const EVERYTHING: u32 = 0;

/// A bucket that fills a gap: what is inside of it answers as over no documents of no index.
pub(super) const GAP: u32 = u32::MAX;

/// A bucket of a value that nothing has: what is inside of it answers as over no documents.
pub(super) const EMPTY: u32 = u32::MAX - 1;

/// Answers the number of the bucket with a place inside of a bucket that has so many of them.
pub(super) fn inner_bucket(owner: u32, width: u32, place: u32) -> u32 {
    match owner {
        GAP | EMPTY => owner,
        owner => owner.saturating_mul(width).saturating_add(place),
    }
}

/// The most buckets that one aggregation keeps while it counts; about 50 bytes each.
const MAX_KEPT: usize = 8 << 20;

/// Keys below this are looked up by place where one bucket is around them all, such as numbers of texts.
const MAX_PLACES: usize = 1 << 16;

/// A place whose key has no bucket yet.
const NO_BUCKET: u32 = u32::MAX;

/// A bucket that is to be sorted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Its number, or [`GAP`] or [`EMPTY`].
    pub(super) number: u32,
    pub(super) key: u64,
    pub(super) documents: u64,
}

/// Buckets of one aggregation, numbered from 0 in the order in which they were met.
#[derive(Default)]
pub(super) struct Buckets {
    numbers: HashMap<(u32, u64), u32, Mixed>,
    /// Numbers of small keys inside of the bucket of everything, by key.
    places: Vec<u32>,
    owners: Vec<u32>,
    keys: Vec<u64>,
    counts: Vec<u64>,
    /// Numbers sorted by owner and key, and where each owner's begin.
    sorted: Vec<u32>,
    starts: Vec<u32>,
}

impl Buckets {
    /// Answers the number of the bucket with a key inside of bucket `owner`.
    #[inline]
    pub(super) fn number(&mut self, owner: u32, key: u64) -> Result<u32> {
        let next = self.keys.len() as u32;
        let number = match usize::try_from(key) {
            Ok(place) if owner == EVERYTHING && place < MAX_PLACES => {
                if place >= self.places.len() {
                    self.places.resize(place + 1, NO_BUCKET);
                }
                let number = &mut self.places[place];
                if *number == NO_BUCKET {
                    *number = next;
                }
                *number
            }
            _ => *self.numbers.entry((owner, key)).or_insert(next),
        };
        if number == next {
            if next as usize >= MAX_KEPT {
                return Err(too_many_kept(MAX_KEPT));
            }
            self.owners.push(owner);
            self.keys.push(key);
            self.counts.push(0);
        }
        Ok(number)
    }

    /// Counts a document.
    #[inline]
    pub(super) fn count(&mut self, number: u32) {
        self.counts[number as usize] += 1;
    }

    /// How many buckets there are.
    pub(super) fn len(&self) -> u32 {
        self.keys.len() as u32
    }

    pub(super) fn key(&self, number: u32) -> u64 {
        self.keys[number as usize]
    }

    /// Documents in a bucket.
    pub(super) fn documents(&self, number: u32) -> u64 {
        match self.counts.get(number as usize) {
            Some(documents) => *documents,
            None => 0,
        }
    }

    /// Sorts the buckets, after which [`Self::of`] answers.
    pub(super) fn finish(&mut self) {
        self.sorted = (0..self.len()).collect();
        let (owners, keys) = (&self.owners, &self.keys);
        self.sorted
            .sort_unstable_by_key(|number| (owners[*number as usize], keys[*number as usize]));
        let end = self
            .owners
            .iter()
            .max()
            .map_or(0, |owner| *owner as usize + 1);
        self.starts = vec![0; end + 1];
        for owner in owners {
            self.starts[*owner as usize + 1] += 1;
        }
        for owner in 0..end {
            self.starts[owner + 1] += self.starts[owner];
        }
        self.numbers = HashMap::default();
        self.places = Vec::new();
    }

    /// The buckets inside of a bucket, by key, ready to be sorted.
    pub(super) fn candidates(&self, owner: u32) -> Vec<Candidate> {
        let candidate = |number: &u32| Candidate {
            number: *number,
            key: self.key(*number),
            documents: self.documents(*number),
        };
        self.of(owner).iter().map(candidate).collect()
    }

    /// The numbers of the buckets inside of a bucket, by key.
    pub(super) fn of(&self, owner: u32) -> &[u32] {
        let at = |place: usize| self.starts.get(place).map(|start| *start as usize);
        match (at(owner as usize), at((owner as usize).saturating_add(1))) {
            (Some(start), Some(end)) => &self.sorted[start..end],
            _ => &[],
        }
    }
}

/// A failure of an aggregation that would keep more buckets than memory is given.
pub(super) fn too_many_kept(limit: usize) -> EngineError {
    let reason = format!(
        "Trying to keep more than [{limit}] buckets at once. Ask for fewer levels, or for fields with fewer values."
    );
    Failure::new(Cause::TooManyBuckets, reason).into()
}

/// Counts documents by bucket, growing as buckets come.
#[derive(Default)]
pub(super) struct Counts(Vec<u64>);

impl Counts {
    /// Makes room for so many buckets.
    pub(super) fn grow(&mut self, buckets: u32) -> Result<()> {
        let buckets = buckets as usize;
        if buckets > MAX_KEPT {
            return Err(too_many_kept(MAX_KEPT));
        }
        if self.0.len() < buckets {
            self.0.resize(buckets, 0);
        }
        Ok(())
    }

    #[inline]
    pub(super) fn count(&mut self, bucket: u32) {
        self.0[bucket as usize] += 1;
    }

    pub(super) fn get(&self, bucket: u32) -> u64 {
        self.0.get(bucket as usize).copied().unwrap_or(0)
    }
}

/// Hashes numbers by multiplication. The seed is drawn anew for each table, so that keys chosen to collide do not.
#[derive(Clone)]
pub(super) struct Mixed(u64);

impl Default for Mixed {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0))
    }
}

impl BuildHasher for Mixed {
    type Hasher = Mixer;

    fn build_hasher(&self) -> Mixer {
        Mixer(self.0)
    }
}

pub(super) struct Mixer(u64);

impl Mixer {
    #[inline]
    fn mix(&mut self, number: u64) {
        let wide = u128::from(self.0 ^ number) * 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835;
        self.0 = (wide as u64) ^ ((wide >> 64) as u64);
    }
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
        self.mix(bytes.len() as u64);
    }

    #[inline]
    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number));
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}
