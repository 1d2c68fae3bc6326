//! The comparison of all codes that can be hits.

use super::codes::Codes;
use super::pool::Candidate;
use super::walk::Scratch;
use crate::bitset::BitSet;

/// How many nodes are compared at a time. Larger batches wait between each other.
const BATCH: usize = 8;

/// How many bytes of codes are asked for ahead of them, so that memory never waits, and in how many nodes at most: more push each other out.
const BYTES_AHEAD: usize = 6144;
const MOST_AHEAD: usize = 32;

/// How many nodes are compared between two questions whether to stop.
const NODES_BETWEEN_STOPS: usize = 4096;

/// Finds, of some slots, the `most` whose codes are nearest to the scratch's gauge, in any order; nothing if the
/// caller said stop. Slots without codes are passed over.
pub(super) fn sweep(
    codes: &Codes,
    slots: &BitSet,
    most: usize,
    scratch: &Scratch,
    stop: &dyn Fn() -> bool,
) -> Option<Vec<Candidate>> {
    let mut slots = slots
        .iter()
        .take_while(|slot| u64::from(*slot) < codes.slots());
    let at_once = BATCH + (BYTES_AHEAD / codes.none().len()).clamp(BATCH, MOST_AHEAD);
    let mut ahead = Vec::with_capacity(at_once);
    let mut nodes = [0; BATCH];
    let mut nearness = [0.0; BATCH];
    let mut until_stop = 0;
    let mut found = Vec::new();
    let mut least = f32::NEG_INFINITY;
    loop {
        while ahead.len() < at_once
            && let Some(slot) = slots.next()
        {
            codes.prefetch(slot);
            ahead.push(slot);
        }
        let count = ahead.len().min(BATCH);
        for (place, slot) in nodes.iter_mut().zip(ahead.drain(..count)) {
            *place = slot;
        }
        if count == 0 {
            break;
        }
        if until_stop < count {
            if stop() {
                return None;
            }
            until_stop = NODES_BETWEEN_STOPS;
        }
        until_stop -= count;
        let nodes = &nodes[..count];
        scratch
            .gauge
            .compare_asking::<BATCH>(codes, nodes, nodes, &mut nearness[..count]);
        let compared = nodes.iter().zip(&nearness);
        let near = compared.filter(|(_, nearness)| **nearness > least);
        found.extend(near.map(|(node, nearness)| Candidate::new(*node, *nearness)));
        // Twice as many as are kept are let in before some are let go, so that each is looked at about twice.
        if found.len() / 2 >= most {
            least = nearest_first(&mut found, most).unwrap_or(least);
        }
    }
    nearest_first(&mut found, most);
    Some(found)
}

/// Lets go of all but the nearest; answers the nearness of the last of them if there were more.
fn nearest_first(found: &mut Vec<Candidate>, most: usize) -> Option<f32> {
    if found.len() <= most {
        return None;
    }
    found.select_nth_unstable_by(most - 1, |a, b| b.nearness().total_cmp(&a.nearness()));
    found.truncate(most);
    found.last().map(|last| last.nearness())
}

#[cfg(test)]
mod tests;
