//! The comparison of all codes that can be hits.

use super::codes::Codes;
use super::links::DEGREE;
use super::pool::Candidate;
use super::walk::Scratch;
use crate::bitset::BitSet;

/// How many nodes are compared between two questions whether to stop.
const NODES_BETWEEN_STOPS: usize = 4096;

/// Finds, of some slots, the `most` whose codes are nearest to the scratch's gauge, and leaves them in the pool; answers
/// false if the caller said stop. Slots without codes are passed over.
pub(super) fn sweep(
    codes: &Codes,
    slots: &BitSet,
    most: usize,
    scratch: &mut Scratch,
    stop: &dyn Fn() -> bool,
) -> bool {
    let Scratch { gauge, pool, .. } = scratch;
    pool.reset(most);
    let mut slots = slots
        .iter()
        .take_while(|slot| u64::from(*slot) < codes.slots());
    let mut nodes = [0; DEGREE];
    let mut nearness = [0.0; DEGREE];
    let mut until_stop = 0;
    loop {
        let mut count = 0;
        for (place, slot) in nodes.iter_mut().zip(slots.by_ref()) {
            *place = slot;
            count += 1;
        }
        if count == 0 {
            break;
        }
        if until_stop < count {
            if stop() {
                return false;
            }
            until_stop = NODES_BETWEEN_STOPS;
        }
        until_stop -= count;
        gauge.compare(codes, &nodes[..count], &mut nearness[..count]);
        for (node, nearness) in nodes[..count].iter().zip(nearness) {
            if nearness > f32::NEG_INFINITY {
                pool.offer(Candidate::new(*node, nearness));
            }
        }
    }
    true
}
