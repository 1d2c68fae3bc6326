use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn check(set: &BitSet, oracle: &BTreeSet<u32>) {
    assert_eq!(
        set.iter().collect::<Vec<_>>(),
        oracle.iter().copied().collect::<Vec<_>>()
    );
    assert_eq!(set.count() as usize, oracle.len());
    assert_eq!(set.is_empty(), oracle.is_empty());
    assert_eq!(set.last(), oracle.last().copied());
    let runs: Vec<Range<u32>> = set.runs().collect();
    assert_eq!(
        runs.iter().cloned().flatten().collect::<BTreeSet<_>>(),
        *oracle
    );
    assert!(
        runs.windows(2).all(|pair| pair[0].end < pair[1].start),
        "runs touch: {runs:?}"
    );
    for slot in 0..set.len() + 70 {
        assert_eq!(set.contains(slot), oracle.contains(&slot));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(2), ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_a_tree(
        len in 0u32..300,
        other_len in 0u32..300,
        mine in proptest::collection::vec(0u32..320, 0..200),
        others in proptest::collection::vec(0u32..320, 0..200),
        dense in any::<bool>(),
    ) {
        let mut oracle = BTreeSet::new();
        let mut set = BitSet::new(len);
        if dense {
            set = BitSet::full(len);
            oracle.extend(0..len);
            for slot in &mine {
                prop_assert_eq!(set.remove(*slot), oracle.remove(slot));
            }
        } else {
            for slot in &mine {
                let inserted = *slot < len && oracle.insert(*slot);
                prop_assert_eq!(set.insert(*slot), inserted);
            }
        }
        check(&set, &oracle);

        let other = BitSet::from_slots(other_len, others.iter().copied());
        let other_oracle: BTreeSet<u32> = others.into_iter().filter(|slot| *slot < other_len).collect();
        let mut both = set.clone();
        both.and(&other);
        check(&both, &(&oracle & &other_oracle));
        let mut without = set.clone();
        without.and_not(&other);
        check(&without, &(&oracle - &other_oracle));

        for start in (0..len + 5).step_by(7) {
            for end in (start..len + 70).step_by(5) {
                let all = (start..end).all(|slot| oracle.contains(&slot));
                prop_assert_eq!(set.contains_all(start..end), all, "{:?}", start..end);
            }
        }

        set.grow(len / 2);
        prop_assert_eq!(set.len(), len);
        set.grow(len + 100);
        check(&set, &oracle);
        prop_assert!(set.insert(len + 99));
    }
}
