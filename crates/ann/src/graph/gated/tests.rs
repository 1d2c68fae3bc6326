use super::super::tests::{Indexed, Random};
use super::super::through::walk_through;
use super::*;
use crate::bitset::BitSet;
use crate::scan;
use kernels::Metric;

const NODES: u32 = 8000;
const K: usize = 10;

/// Asks for the nearest that pass a filter; answers how the traversal ended and how many of them it kept.
fn walked(
    indexed: &Indexed,
    query: &[f32],
    filter: &BitSet,
    (ef, budget): (usize, usize),
) -> (Outcome, usize) {
    let graph = &indexed.graph;
    let can_be = |slot| filter.contains(slot);
    graph.with_scratch(|scratch| {
        let own = graph.encode(query, &mut scratch.room, &mut scratch.codes);
        scratch.gauge.set(&scratch.codes, own, graph.searched_by());
        let state = graph.read();
        state.descend(ef, scratch);
        let wanted = Wanted {
            can_be: &can_be,
            share: f64::from(filter.count()) / f64::from(NODES),
            k: K,
            width: (ef, ef),
            budget,
        };
        let outcome = walk_gated(&state.codes, &state.levels[0], &wanted, scratch, &|| false);
        (outcome, right(indexed, query, filter, scratch))
    })
}

/// Counts those of the nearest that are in the pool, in which nothing is twice and all can be a hit.
fn right(indexed: &Indexed, query: &[f32], filter: &BitSet, scratch: &Scratch) -> usize {
    let exact = scan::search(
        &indexed.rows,
        &indexed.asked(query, K, Some(filter)),
        &|| false,
    );
    let candidates = scratch.pool.candidates();
    let mut nodes: Vec<u32> = candidates.iter().map(|found| found.node()).collect();
    assert!(nodes.iter().all(|node| filter.contains(*node)));
    nodes.sort_unstable();
    assert!(nodes.is_sorted_by(|a, b| a < b));
    let exact = exact.unwrap();
    exact.iter().filter(|hit| nodes.contains(&hit.slot)).count()
}

fn indexed(metric: Metric) -> (Indexed, Vec<Vec<f32>>) {
    let mut vectors = Random(31).vectors(NODES as usize + 40, 24);
    let queries = vectors.split_off(NODES as usize);
    (Indexed::new(metric, vectors), queries)
}

/// The slots from the `first` nearest to a vector to the `last`.
fn ring(indexed: &Indexed, vector: &[f32], first: usize, last: usize) -> BitSet {
    let all = indexed.asked(vector, NODES as usize, None);
    let all = scan::search(&indexed.rows, &all, &|| false).unwrap();
    BitSet::from_slots(NODES, all[first..last].iter().map(|hit| hit.slot))
}

#[test]
fn filters_that_pass_vectors_everywhere_let_the_nearest_be_found() {
    let (indexed, queries) = indexed(Metric::L2Squared);
    let mut random = Random(32);
    for percent in [50, 20, 10, 5] {
        let chosen = (0..NODES).filter(|_| random.next() % 100 < percent);
        let filter = BitSet::from_slots(NODES, chosen.collect::<Vec<_>>());
        let mut found = 0;
        for query in &queries {
            let (outcome, right) = walked(&indexed, query, &filter, (30, usize::MAX));
            assert_eq!(outcome, Outcome::Done);
            found += right;
        }
        let recall = found as f64 / (queries.len() * K) as f64;
        assert!(recall >= 0.95, "{percent} %: {recall}");
    }
}

#[test]
fn filters_elsewhere_are_searched_where_they_are_or_given_up() {
    let (indexed, queries) = indexed(Metric::L1);
    let (mut done, mut found) = (0, 0);
    for (query, other) in queries.iter().zip(queries.iter().rev()) {
        let filter = ring(&indexed, other, 0, 800);
        let (outcome, right) = walked(&indexed, query, &filter, (30, usize::MAX));
        if outcome == Outcome::Done {
            done += 1;
            found += right;
        }
        // Of the farthest none is much nearer than the others.
        let filter = ring(&indexed, query, 6000, 8000);
        let (outcome, _) = walked(&indexed, query, &filter, (30, usize::MAX));
        assert_eq!(outcome, Outcome::InVain);
    }
    let recall = found as f64 / (done * K) as f64;
    assert!(done > 0 && recall >= 0.9, "{recall} of {done}");
}

#[test]
fn a_traversal_ends_where_it_may_not_compare_more_and_where_too_few_pass() {
    let (indexed, queries) = indexed(Metric::Cosine);
    let tenth = BitSet::from_slots(NODES, (0..NODES).step_by(10));
    let (outcome, _) = walked(&indexed, &queries[0], &tenth, (30, 50));
    assert_eq!(outcome, Outcome::InVain);
    for slots in [vec![], vec![7], (0..K as u32 - 1).collect()] {
        let few = BitSet::from_slots(NODES, slots);
        let (outcome, _) = walked(&indexed, &queries[0], &few, (30, usize::MAX));
        assert_eq!(outcome, Outcome::InVain);
    }
}

#[test]
fn passing_through_what_cannot_be_a_hit_finds_the_nearest_or_says_that_it_does_not() {
    let (indexed, queries) = indexed(Metric::Dot);
    let graph = &indexed.graph;
    let half = BitSet::from_slots(NODES, (0..NODES).filter(|slot| slot % 2 == 0));
    let mut found = 0;
    for query in &queries {
        let through = |filter: &BitSet, most, stop: bool| {
            let can_be = |slot| filter.contains(slot);
            graph.with_scratch(|scratch| {
                let own = graph.encode(query, &mut scratch.room, &mut scratch.codes);
                scratch.gauge.set(&scratch.codes, own, graph.searched_by());
                let state = graph.read();
                state.descend(20, scratch);
                let level = &state.levels[0];
                let width = (20, most);
                let outcome = walk_through(&state.codes, level, width, &can_be, scratch, &|| stop);
                (outcome, right(&indexed, query, filter, scratch))
            })
        };
        let (outcome, right) = through(&half, 160, false);
        assert_eq!(outcome, Outcome::Done);
        found += right;
        let far = ring(&indexed, query, 4000, 8000);
        assert_eq!(through(&far, 160, false).0, Outcome::InVain);
        assert_eq!(through(&far, 1000, true).0, Outcome::Stopped);
    }
    let recall = found as f64 / (queries.len() * K) as f64;
    assert!(recall >= 0.95, "{recall}");
}
