use super::super::repair::tests::repair;
use super::super::tests::{Indexed, Random};
use super::super::{Encoder, Graph, GraphFile};
use crate::bitset::BitSet;
use crate::store::SystemDisk;
use kernels::Metric;
use std::sync::Arc;

fn flat(indexed: &Indexed, slots: impl Iterator<Item = u32>) -> Graph {
    let vectors = &indexed.vectors;
    let (dims, metric) = (vectors[0].len(), indexed.graph.metric());
    let sample = vectors.iter().map(Vec::as_slice);
    let graph = Graph::flat(Encoder::learn_whole(dims, metric, sample)).unwrap();
    for slot in slots {
        graph.insert(slot, &vectors[slot as usize]).unwrap();
    }
    graph
}

#[test]
fn codes_alone_find_all_that_is_nearest() {
    for metric in Metric::ALL {
        for dims in [2, 24, 100] {
            let mut random = Random(31);
            let mut vectors = random.vectors(3030, dims);
            let queries = vectors.split_off(3000);
            let mut indexed = Indexed::new(metric, vectors);
            indexed.graph = flat(&indexed, 0..3000);
            let filter = BitSet::from_slots(3000, (0..3000).filter(|slot| slot % 3 == 0));
            for filter in [None, Some(&filter)] {
                let recall = indexed.recall(&queries, 10, 0, filter);
                assert!(recall >= 0.999, "{metric:?} of {dims} dims: {recall}");
            }
            let memory = indexed.graph.memory_bytes();
            assert!(memory <= (1 << 17) * (dims as u64 + 136), "{memory}");
        }
    }
}

#[test]
fn codes_alone_leave_and_are_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("v");
    let mut random = Random(32);
    let mut vectors = random.vectors(2030, 24);
    let queries = vectors.split_off(2000);
    let live = BitSet::from_slots(2000, (0..2000).filter(|slot| slot % 4 > 0));
    let mut indexed = Indexed::with_live(Metric::Cosine, vectors, &live);
    let graph = flat(&indexed, 0..2000);
    for slot in (0..2000).step_by(4) {
        assert!(graph.remove(slot));
    }
    assert_eq!(repair(&graph).count(), 500);
    assert_eq!((graph.nodes(), graph.connect()), (1500, 0));
    let mut file = GraphFile::create(&path, Arc::new(SystemDisk)).unwrap();
    file.checkpoint(&graph, 1).unwrap();
    drop(file);
    let (mut file, opened) = GraphFile::open(&path, Arc::new(SystemDisk)).unwrap();
    assert!(opened.is_flat());
    indexed.graph = opened;
    assert!(indexed.recall(&queries, 10, 0, None) >= 0.999);
    while file.load_step(&indexed.graph).unwrap() {}
    assert!(indexed.recall(&queries, 10, 0, None) >= 0.999);
    for slot in (0..2000).step_by(4) {
        let vector = &indexed.vectors[slot as usize];
        indexed.graph.insert(slot, vector).unwrap();
    }
    assert_eq!(indexed.graph.occupied().count(), 2000);
}
