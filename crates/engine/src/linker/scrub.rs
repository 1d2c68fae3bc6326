//! Reading again what is stored, so that damage is found before somebody asks for what it hit.

use crate::derived::Place;
use crate::error::Result;
use crate::index::Index;
use crate::truth::Truth;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long it rests between two rounds.
const REST: Duration = Duration::from_secs(24 * 60 * 60);

/// Round after round, with a rest after each.
#[derive(Default)]
pub(super) struct Scrub {
    round: Round,
    /// When the last round ended, while it rests.
    ended: Option<Instant>,
}

impl Scrub {
    /// Verifies an extent, unless it rests.
    ///
    /// # Errors
    /// As [`Round::step`].
    pub(super) fn turn(
        &mut self,
        indices: &[Arc<Index>],
        truth: &Truth,
        now: Instant,
    ) -> Result<()> {
        if self.rests(now) {
            return Ok(());
        }
        self.ended = None;
        if !self.round.step(indices, truth)? {
            *self = Self {
                round: Round::default(),
                ended: Some(now),
            };
        }
        Ok(())
    }

    fn rests(&self, now: Instant) -> bool {
        self.ended
            .is_some_and(|ended| now.duration_since(ended) < REST)
    }
}

/// How far it was once gone through the vectors of all indices.
#[derive(Default)]
pub(crate) struct Round {
    /// Indices with lesser ids are done. One that is made meanwhile has a greater id than all others.
    index: u32,
    place: Place,
}

impl Round {
    /// Verifies the next extent; where it is damaged, what is derived of its index is made again. Answers whether the round
    /// goes on.
    ///
    /// # Errors
    /// When it could not be made again; the next step is about another index.
    pub(crate) fn step(&mut self, indices: &[Arc<Index>], truth: &Truth) -> Result<bool> {
        let left = indices.iter().filter(|index| index.id >= self.index);
        let Some(index) = left.min_by_key(|index| index.id) else {
            return Ok(false);
        };
        if index.id > self.index {
            *self = Self::at(index.id);
        }
        match index.scrub(truth, &self.place) {
            Ok(Some(next)) => self.place = next,
            Ok(None) => *self = Self::at(index.id + 1),
            Err(error) => {
                *self = Self::at(index.id + 1);
                return Err(error);
            }
        }
        Ok(true)
    }

    /// A round before the first extent of an index.
    fn at(index: u32) -> Self {
        Self {
            index,
            place: Place::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Disk;

    #[test]
    fn a_round_begins_again_after_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let truth = Truth::open(&folder.path().join("truth.redb"), &Disk::default()).unwrap();
        let mut scrub = Scrub::default();
        let hours = |hours: u64| Duration::from_secs(hours * 60 * 60);
        let start = Instant::now();
        assert!(!scrub.rests(start));
        scrub.turn(&[], &truth, start).unwrap();
        assert!(scrub.rests(start + hours(23)));
        scrub.turn(&[], &truth, start + hours(23)).unwrap();
        assert!(!scrub.rests(start + hours(24)));
        scrub.turn(&[], &truth, start + hours(24)).unwrap();
        assert!(scrub.rests(start + hours(47)));
    }
}
