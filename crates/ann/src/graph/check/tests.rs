use super::super::tests::Random;
use super::super::{Encoder, Graph};
use kernels::Metric;

#[test]
fn a_graph_knows_which_slots_and_vectors_it_has() {
    let metrics = [Metric::Cosine, Metric::L2Squared, Metric::Dot];
    // The longer ones are projected.
    for (metric, dims) in metrics
        .into_iter()
        .flat_map(|metric| [(metric, 33), (metric, 250)])
    {
        let mut vectors = Random(5).vectors(1100, dims);
        let sample = vectors.iter().map(Vec::as_slice);
        let graph = Graph::new(Encoder::learn(dims, metric, sample, &|| false).unwrap()).unwrap();
        assert_eq!(graph.encoder.axes.is_some(), dims == 250);
        vectors.truncate(60);
        assert!(graph.occupied().is_empty());
        for (slot, vector) in (0..).step_by(3).zip(&vectors) {
            graph.insert(slot, vector).unwrap();
        }
        graph.remove(9);
        let occupied: Vec<u32> = graph.occupied().iter().collect();
        assert_eq!(occupied, (0..180).step_by(3).collect::<Vec<u32>>());
        for (number, vector) in vectors.iter().enumerate() {
            let slot = number as u32 * 3;
            assert!(
                graph.holds(slot, vector).unwrap(),
                "{metric:?}: slot {slot}"
            );
            let other = &vectors[(number + 1) % vectors.len()];
            assert!(
                !graph.holds(slot, other).unwrap(),
                "{metric:?}: slot {slot}"
            );
            assert!(!graph.holds(slot + 1, vector).unwrap());
            assert!(!graph.holds(1 << 30, vector).unwrap());
        }
        assert!(graph.holds(0, &[1.0]).is_err());
        let repair = graph.begin_repair().unwrap();
        graph.end_repair(repair);
        assert!(!graph.occupied().contains(9));
        assert!(!graph.holds(9, &vectors[3]).unwrap());
    }
}
