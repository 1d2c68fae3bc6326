use super::super::Encoder;
use super::super::links::DEGREE;
use super::super::tests::{Indexed, Random};
use super::*;
use kernels::Metric;
use proptest::prelude::*;

/// Takes all removed nodes out, a few nodes at a time.
pub(in crate::graph) fn repair(graph: &Graph) -> BitSet {
    let Some(mut repair) = graph.begin_repair() else {
        return BitSet::default();
    };
    assert!(graph.begin_repair().is_none());
    while graph.repair_step(&mut repair, 100) {}
    graph.end_repair(repair)
}

fn empty(dims: usize) -> Graph {
    let encoder = Encoder::learn(dims, Metric::L2Squared, std::iter::empty(), &|| false).unwrap();
    Graph::new(encoder).unwrap()
}

#[test]
fn a_graph_whose_nodes_are_all_replaced_finds_as_before() {
    for metric in [Metric::Cosine, Metric::L1] {
        replaced(metric);
    }
}

fn replaced(metric: Metric) {
    let mut random = Random(15);
    let mut vectors = random.vectors(3040, 24);
    let queries = vectors.split_off(3000);
    let mut indexed = Indexed::new(metric, vectors);
    let before = indexed.recall(&queries, 10, 24, None);
    // Each slot leaves once, a part in each round, and its vector comes back in a slot that is free.
    let mut order: Vec<u32> = (0..3000).collect();
    for at in (1..3000).rev() {
        order.swap(at, random.next() as usize % (at + 1));
    }
    let mut where_now: Vec<u32> = (0..3000).collect();
    let mut free: Vec<u32> = (3000..3150).collect();
    for part in order.chunks(150) {
        for vector in part {
            let slot = free.pop().unwrap();
            assert!(indexed.graph.remove(where_now[*vector as usize]));
            indexed
                .graph
                .insert(slot, &indexed.vectors[*vector as usize])
                .unwrap();
            where_now[*vector as usize] = slot;
        }
        assert_eq!(indexed.graph.removed(), 150);
        let vacant = repair(&indexed.graph);
        assert_eq!((vacant.count(), indexed.graph.removed()), (150, 0));
        free.extend(vacant.iter());
    }
    let mut replaced = Vec::new();
    replaced.resize(3150, vec![0.0; 24]);
    for (vector, slot) in indexed.vectors.iter().zip(&where_now) {
        replaced[*slot as usize].clone_from(vector);
    }
    let live = BitSet::from_slots(3150, where_now);
    let stored = Indexed::with_live(metric, replaced, &live);
    indexed.rows = stored.rows.clone();
    let after = indexed.recall(&queries, 10, 24, None);
    assert!(after >= before - 0.01, "{before} became {after}");
    let reach = indexed.graph.reach();
    assert_eq!((reach.nodes, reach.dangling), (3000, 0));
    assert!(reach.reached >= 2995, "{reach:?}");
}

#[test]
fn a_graph_can_be_emptied_and_filled_again() {
    let indexed = Indexed::new(Metric::L2Squared, Random(16).vectors(2000, 8));
    for slot in 0..2000 {
        assert!(indexed.graph.remove(slot));
        assert!(!indexed.graph.remove(slot));
    }
    assert!(!indexed.graph.remove(2000) && !indexed.graph.remove(u32::MAX));
    assert_eq!(repair(&indexed.graph).count(), 2000);
    assert_eq!(indexed.graph.nodes(), 0);
    assert!(indexed.graph.begin_repair().is_none());
    for (slot, vector) in (0..).zip(&indexed.vectors) {
        indexed.graph.insert(slot, vector).unwrap();
    }
    let reach = indexed.graph.reach();
    assert_eq!((reach.nodes, reach.dangling), (2000, 0));
    let recall = indexed.recall(&indexed.vectors[..30], 10, 64, None);
    assert!(recall >= 0.99, "{recall}");
}

#[test]
fn what_is_inserted_where_all_are_removed_is_linked_before_and_after_the_repair() {
    let mut random = Random(29);
    let mut vectors = random.vectors(2040, 12);
    let queries = vectors.split_off(2000);
    let graph = empty(12);
    for (slot, vector) in (0..1000).zip(&vectors) {
        graph.insert(slot, vector).unwrap();
    }
    for slot in 0..1000 {
        graph.remove(slot);
    }
    let live = BitSet::from_slots(2000, 1000..2000);
    let mut indexed = Indexed::with_live(Metric::L2Squared, vectors, &live);
    for slot in 1000..2000 {
        graph.insert(slot, &indexed.vectors[slot as usize]).unwrap();
    }
    indexed.graph = graph;
    // Removed nodes lead to them until then.
    let before = indexed.graph.reach();
    assert!(before.reached >= 1995, "{before:?}");
    assert_eq!(repair(&indexed.graph).count(), 1000);
    let reach = indexed.graph.reach();
    assert_eq!(
        (reach.nodes, reach.reached, reach.dangling),
        (1000, 1000, 0)
    );
    let recall = indexed.recall(&queries, 10, 64, None);
    assert!(recall >= 0.97, "{recall}");
}

#[test]
fn nodes_to_which_no_path_leads_are_linked_again() {
    let mut random = Random(19);
    let indexed = Indexed::new(Metric::L2Squared, random.vectors(3000, 24));
    let lost = BitSet::from_slots(3000, (0..200).map(|_| random.next() as u32 % 3000));
    {
        // No edge leads to them any more, but for those of coarse levels.
        let state = indexed.graph.read();
        for node in 0..3000 {
            let locked = state.levels[0].lock(node).unwrap();
            let mut nodes = [0; DEGREE];
            let count = locked.neighbours(&mut nodes);
            locked.write(
                nodes[..count]
                    .iter()
                    .copied()
                    .filter(|node| !lost.contains(*node)),
            );
        }
    }
    let before = indexed.graph.reach();
    assert!(before.reached < 2900, "{before:?}");
    let linked = indexed.graph.connect();
    assert!(
        linked > 0 && u64::from(linked) <= 3000 - before.reached,
        "{linked}"
    );
    assert_eq!(indexed.graph.reach().reached, 3000);
    assert_eq!(indexed.graph.connect(), 0);
    for slot in lost.iter() {
        let hits = indexed.search(&indexed.vectors[slot as usize], 1, 64, None);
        assert_eq!(hits[0].slot, slot);
    }
}

/// What can happen to a graph.
#[derive(Debug, Clone)]
enum Operation {
    Insert(u32),
    Remove(u32),
    Begin,
    Step(u32),
    End,
    Search(usize),
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        8 => (0u32..700).prop_map(Operation::Insert),
        5 => (0u32..700).prop_map(Operation::Remove),
        1 => Just(Operation::Begin),
        2 => (1u32..400).prop_map(Operation::Step),
        1 => Just(Operation::End),
        1 => (1usize..20).prop_map(Operation::Search),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, rng_seed: proptest::test_runner::RngSeed::Fixed(17), ..ProptestConfig::default() })]

    #[test]
    fn a_graph_agrees_with_a_set_of_slots(operations in proptest::collection::vec(operation(), 100..3000)) {
        let vectors = Random(18).vectors(700, 6);
        let stored = Indexed::new(Metric::L2Squared, vectors.clone());
        let graph = empty(6);
        // Slots in use, and slots that are removed but not out of the graph.
        let (mut live, mut removed) = (BitSet::new(700), BitSet::new(700));
        let mut repair: Option<(Repair, BitSet)> = None;
        for operation in operations {
            match operation {
                Operation::Insert(slot) => {
                    let inserted = graph.insert(slot, &vectors[slot as usize]).is_ok();
                    prop_assert_eq!(inserted, !live.contains(slot) && !removed.contains(slot));
                    if inserted {
                        live.insert(slot);
                    }
                }
                Operation::Remove(slot) => {
                    prop_assert_eq!(graph.remove(slot), live.remove(slot));
                    if !live.contains(slot) && graph.nodes() > live.count() + removed.count() {
                        removed.insert(slot);
                    }
                }
                Operation::Begin => {
                    let may = repair.is_none() && removed.count() > 0;
                    let begun = graph.begin_repair();
                    prop_assert_eq!(begun.is_some(), may);
                    if let Some(begun) = begun {
                        repair = Some((begun, removed.clone()));
                    }
                }
                Operation::Step(nodes) => {
                    if let Some((repair, _)) = &mut repair {
                        graph.repair_step(repair, nodes);
                    }
                }
                Operation::End => {
                    if let Some((repair, taken)) = repair.take() {
                        let vacant = graph.end_repair(repair);
                        prop_assert!(vacant.iter().eq(taken.iter()));
                        removed.and_not(&vacant);
                    }
                }
                Operation::Search(k) => {
                    let search = stored.asked(&vectors[k], k, Some(&live));
                    let hits = graph.search(&stored.rows, &search, 30, &|| false).unwrap();
                    stored.check(&hits, &search);
                }
            }
            prop_assert_eq!(graph.nodes(), live.count() + removed.count());
            prop_assert_eq!(graph.removed(), removed.count());
        }
        let reach = graph.reach();
        prop_assert_eq!(reach.dangling, 0);
        prop_assert_eq!(reach.nodes, u64::from(live.count() + removed.count()));
    }
}
