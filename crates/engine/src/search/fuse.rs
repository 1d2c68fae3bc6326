//! Several rankings made one.

use super::Context;
use super::rank::Candidate;
use super::shard::Place;
use crate::error::Result;
use query::{Retriever, WeightedRetriever};
use std::collections::HashMap;

/// Candidates of several rankings, each once.
#[derive(Default)]
struct Pool {
    candidates: Vec<Candidate>,
    places: HashMap<Place, usize>,
}

impl Pool {
    /// Adds a hit with its share of the score; what it matched is kept together.
    fn add(&mut self, hit: Candidate, score: f32) {
        match self.places.get(&hit.place) {
            Some(place) => {
                let known = &mut self.candidates[*place];
                known.score += score;
                known.matched.extend(hit.matched);
            }
            None => {
                self.places.insert(hit.place, self.candidates.len());
                self.candidates.push(Candidate { score, ..hit });
            }
        }
    }

    fn ranked(mut self) -> Vec<Candidate> {
        let best_first = |a: &Candidate, b: &Candidate| {
            b.score
                .total_cmp(&a.score)
                .then_with(|| a.place.cmp(&b.place))
        };
        self.candidates.sort_unstable_by(best_first);
        self.candidates
    }
}

impl Context<'_> {
    /// Fuses rankings by reciprocal rank.
    pub(super) fn reciprocal_ranks(
        &self,
        retrievers: &[WeightedRetriever],
        rank_constant: u32,
        window: usize,
    ) -> Result<Vec<Candidate>> {
        let mut pool = Pool::default();
        for part in retrievers {
            let ranking = self.retrieve(&part.retriever, window)?;
            for (rank, hit) in (1_u32..).zip(ranking.into_iter().take(window)) {
                pool.add(hit, part.weight / (rank_constant + rank) as f32);
            }
        }
        Ok(pool.ranked())
    }

    /// Adds weighted scores up.
    pub(super) fn weighted_sum(
        &self,
        retrievers: &[WeightedRetriever],
        window: usize,
    ) -> Result<Vec<Candidate>> {
        let mut pool = Pool::default();
        for part in retrievers {
            let exact = matches!(part.retriever, Retriever::Knn(_));
            for hit in self
                .retrieve(&part.retriever, window)?
                .into_iter()
                .take(window)
            {
                let share = if exact { 0.0 } else { part.weight * hit.score };
                pool.add(hit, share);
            }
        }
        // A document that one vector search found is scored by every other as well: its place below their window says
        // nothing about how far below it is.
        let places: Vec<_> = pool.candidates.iter().map(|hit| hit.place).collect();
        for part in retrievers {
            let Retriever::Knn(knn) = &part.retriever else {
                continue;
            };
            let scores = self.knn_scores(knn, &places)?;
            for (hit, score) in pool.candidates.iter_mut().zip(scores) {
                hit.score += part.weight * score.unwrap_or(0.0);
            }
        }
        Ok(pool.ranked())
    }
}
