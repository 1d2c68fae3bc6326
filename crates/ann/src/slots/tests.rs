use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
enum Step {
    Allocate,
    /// Releases the n-th slot in use, modulo their number.
    Release(usize),
    Publish,
    Reclaim,
    /// Frees the n-th slot that was reclaimed, modulo their number.
    Free(usize),
    /// Drops the n-th living snapshot, modulo their number.
    Drop(usize),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Allocate),
        5 => any::<usize>().prop_map(Step::Release),
        2 => Just(Step::Publish),
        2 => Just(Step::Reclaim),
        3 => any::<usize>().prop_map(Step::Free),
        2 => any::<usize>().prop_map(Step::Drop),
        1 => Just(Step::Reopen),
    ]
}

/// The naive model: every snapshot is a whole set.
#[derive(Default)]
struct Model {
    live: BTreeSet<Slot>,
    snapshots: Vec<(u64, BTreeSet<Slot>)>,
    /// Reclaimed, and not freed yet.
    known: BTreeSet<Slot>,
    /// What the next reader would be given: the snapshot published last.
    generation: u64,
}

impl Model {
    fn is_seen(&self, slot: Slot) -> bool {
        self.live.contains(&slot)
            || self.known.contains(&slot)
            || self.snapshots.iter().any(|(_, seen)| seen.contains(&slot))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: proptest::test_runner::RngSeed::Fixed(3), ..ProptestConfig::default() })]

    #[test]
    fn no_slot_that_a_living_snapshot_sees_is_handed_out(steps in proptest::collection::vec(step(), 1..200)) {
        let mut allocator = SlotAllocator::new();
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Allocate => {
                    let slot = allocator.allocate().unwrap();
                    prop_assert!(!model.is_seen(slot), "slot {} is still seen", slot);
                    model.live.insert(slot);
                }
                Step::Release(n) => {
                    if let Some(slot) = model.live.iter().nth(n % model.live.len().max(1)).copied() {
                        allocator.release(slot).unwrap();
                        prop_assert!(allocator.release(slot).is_err());
                        model.live.remove(&slot);
                    }
                }
                Step::Publish => {
                    model.generation += 1;
                    allocator.publish(model.generation).unwrap();
                    prop_assert!(allocator.publish(model.generation).is_err());
                    model.snapshots.push((model.generation, model.live.clone()));
                }
                Step::Reclaim => {
                    let oldest = model.snapshots.iter().map(|(generation, _)| *generation).min();
                    for slot in allocator.reclaim(oldest.unwrap_or(model.generation)).unwrap() {
                        prop_assert!(!model.is_seen(slot), "slot {} is reclaimed", slot);
                        model.known.insert(slot);
                    }
                }
                Step::Free(n) => {
                    if let Some(slot) = model.known.iter().nth(n % model.known.len().max(1)).copied() {
                        allocator.free([slot]).unwrap();
                        model.known.remove(&slot);
                    }
                    if let Some(slot) = model.live.first() {
                        prop_assert!(allocator.free([*slot]).is_err());
                    }
                }
                Step::Drop(n) => {
                    // The newest snapshot is what readers are given, so it always lives.
                    if model.snapshots.len() > 1 {
                        let n = n % (model.snapshots.len() - 1);
                        model.snapshots.remove(n);
                    }
                }
                Step::Reopen => {
                    let rows = allocator.rows();
                    let known = BitSet::from_slots(rows, model.known.iter().copied());
                    allocator = SlotAllocator::restore(&allocator.live().clone(), &known, rows);
                    model.snapshots.clear();
                    model.generation = 0;
                }
            }
            prop_assert_eq!(allocator.live().iter().collect::<BTreeSet<_>>(), model.live.clone());
            let counts = allocator.counts();
            prop_assert_eq!(counts.live as usize, model.live.len());
            prop_assert_eq!(counts.live + counts.waiting + counts.free, allocator.rows());
        }
        // Once no snapshot is held, nothing waits for ever and no slot is lost.
        allocator.publish(1 << 40).unwrap();
        let unseen = allocator.reclaim(1 << 40).unwrap();
        allocator.free(unseen.into_iter().chain(model.known)).unwrap();
        prop_assert_eq!(allocator.counts().waiting, 0);
        let rows = allocator.rows();
        for _ in 0..allocator.counts().free {
            prop_assert!(allocator.allocate().unwrap() < rows);
        }
        prop_assert_eq!(allocator.allocate().unwrap(), rows);
    }
}

#[test]
fn the_lowest_free_slot_comes_first_and_only_after_its_readers() {
    let mut allocator = SlotAllocator::new();
    for slot in 0..4 {
        assert_eq!(allocator.allocate().unwrap(), slot);
    }
    allocator.publish(1).unwrap();
    allocator.release(2).unwrap();
    allocator.release(0).unwrap();
    assert_eq!(allocator.reclaim(1).unwrap(), []);
    assert_eq!(
        allocator.allocate().unwrap(),
        4,
        "generation 1 still sees slots 0 and 2"
    );
    allocator.publish(2).unwrap();
    assert_eq!(allocator.reclaim(1).unwrap(), []);
    assert_eq!(allocator.allocate().unwrap(), 5, "generation 1 still lives");
    assert_eq!(allocator.reclaim(2).unwrap(), [2, 0]);
    assert_eq!(allocator.counts().waiting, 2, "somebody may know them");
    allocator.free([2, 0]).unwrap();
    assert_eq!(
        allocator.counts(),
        SlotCounts {
            live: 4,
            waiting: 0,
            free: 2
        }
    );
    assert_eq!(allocator.allocate().unwrap(), 0);
    assert_eq!(allocator.allocate().unwrap(), 2);
    assert_eq!(allocator.allocate().unwrap(), 6);
    let error = allocator.reclaim(1).unwrap_err().to_string();
    assert_eq!(error, "expected generation 2 or later, got 1");
    for slot in [0, 7] {
        let error = allocator.free([slot]).unwrap_err().to_string();
        let expected = format!("slot {slot} is freed but in use, or was never handed out");
        assert_eq!(error, expected);
    }
}

#[test]
fn the_slots_run_out_with_an_error() {
    let mut allocator = SlotAllocator {
        next: MAX_SLOT,
        ..SlotAllocator::default()
    };
    // A set of all the slots would take half a gigabyte; the error alone is looked at.
    allocator.next += 1;
    assert!(matches!(
        allocator.allocate(),
        Err(Error::NoSlotLeft { most: MAX_SLOT })
    ));
}

#[test]
fn restoring_frees_the_slots_that_are_not_live() {
    let live = BitSet::from_slots(10, [1, 4]);
    let mut allocator = SlotAllocator::restore(&live, &BitSet::default(), 6);
    assert_eq!(
        allocator.counts(),
        SlotCounts {
            live: 2,
            waiting: 0,
            free: 4
        }
    );
    let slots: Vec<Slot> = (0..5).map(|_| allocator.allocate().unwrap()).collect();
    assert_eq!(slots, [0, 2, 3, 5, 6]);
    // A live slot past the rows counts as a row, so that it is not handed out.
    let allocator = SlotAllocator::restore(&BitSet::from_slots(10, [8]), &BitSet::default(), 3);
    assert_eq!(allocator.rows(), 9);
    // So does one that is known, and it waits.
    let mut allocator = SlotAllocator::restore(
        &BitSet::from_slots(3, [0]),
        &BitSet::from_slots(9, [2, 5]),
        3,
    );
    let slots: Vec<Slot> = (0..5).map(|_| allocator.allocate().unwrap()).collect();
    assert_eq!(slots, [1, 3, 4, 6, 7]);
    allocator.free([5]).unwrap();
    assert_eq!(allocator.allocate().unwrap(), 5);
}
