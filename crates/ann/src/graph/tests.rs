use super::*;
use crate::bitset::BitSet;
use crate::nearest::Hit;
use crate::scan;
use crate::search::Search;
use crate::store::{RowStore, Rows};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

/// How many directions the vectors have.
const LATENT: usize = 12;

/// Random numbers from a seed (xorshift).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    /// About normally distributed.
    pub(super) fn number(&mut self) -> f32 {
        let sum: u64 = (0..6).map(|_| self.next() % 2001).sum();
        sum as f32 / 1000.0 - 6.0
    }

    pub(super) fn vector(&mut self, dims: usize) -> Vec<f32> {
        (0..dims).map(|_| self.number()).collect()
    }

    /// Vectors around a few centers that have something in common, with fewer directions than numbers, as embeddings are.
    pub(super) fn vectors(&mut self, count: usize, dims: usize) -> Vec<Vec<f32>> {
        let latent = dims.min(LATENT);
        let common = self.vector(dims);
        let mix: Vec<Vec<f32>> = (0..latent).map(|_| self.vector(dims)).collect();
        let centers: Vec<Vec<f32>> = (0..40).map(|_| self.vector(latent)).collect();
        let mut vectors = Vec::new();
        for _ in 0..count {
            let mut vector = common.clone();
            let center = &centers[self.next() as usize % centers.len()];
            for (number, direction) in center.iter().zip(&mix) {
                let number = number + 0.7 * self.number();
                for (value, part) in vector.iter_mut().zip(direction) {
                    *value += number * part;
                }
            }
            vectors.push(vector);
        }
        vectors
    }
}

pub(super) struct Indexed {
    pub(super) graph: Graph,
    pub(super) rows: Arc<Rows>,
    pub(super) vectors: Vec<Vec<f32>>,
    _store: RowStore,
    _folder: TempDir,
}

impl Indexed {
    pub(super) fn new(metric: Metric, vectors: Vec<Vec<f32>>) -> Indexed {
        let live = BitSet::full(vectors.len() as u32);
        Indexed::with_live(metric, vectors, &live)
    }

    /// Puts all vectors into the graph; the snapshot sees those of `live`.
    pub(super) fn with_live(metric: Metric, vectors: Vec<Vec<f32>>, live: &BitSet) -> Indexed {
        let folder = tempfile::tempdir().unwrap();
        let dims = vectors.first().map_or(1, Vec::len);
        let mut store = RowStore::create(&folder.path().join("rows"), dims).unwrap();
        let slices = vectors.iter().map(Vec::as_slice);
        let graph = Graph::new(Encoder::learn(dims, metric, slices, &|| false).unwrap()).unwrap();
        for (slot, vector) in (0..).zip(&vectors) {
            store.write(slot, vector).unwrap();
            graph.insert(slot, vector).unwrap();
        }
        let rows = store.reader(live).unwrap();
        Indexed {
            graph,
            rows,
            vectors,
            _store: store,
            _folder: folder,
        }
    }

    pub(super) fn search(
        &self,
        query: &[f32],
        k: usize,
        ef: usize,
        filter: Option<&BitSet>,
    ) -> Vec<Hit> {
        let search = self.asked(query, k, filter);
        let hits = self
            .graph
            .search(&self.rows, &search, ef, &|| false)
            .unwrap();
        self.check(&hits, &search);
        hits
    }

    pub(super) fn asked<'a>(
        &self,
        query: &'a [f32],
        k: usize,
        filter: Option<&'a BitSet>,
    ) -> Search<'a> {
        Search {
            metric: self.graph.metric(),
            query,
            k,
            filter,
        }
    }

    /// Checks what has to be true of every answer: as many hits as there can be, in order, of those that can be, with
    /// their exact similarities.
    pub(super) fn check(&self, hits: &[Hit], search: &Search<'_>) {
        let mut can_be = self.rows.live().clone();
        if let Some(filter) = search.filter {
            can_be.and(filter);
        }
        assert_eq!(hits.len(), search.k.min(can_be.count() as usize));
        assert!(hits.iter().all(|hit| can_be.contains(hit.slot)));
        assert!(
            hits.windows(2)
                .all(|pair| pair[0].best_first(&pair[1]).is_lt())
        );
        let slots: Vec<u32> = hits.iter().map(|hit| hit.slot).collect();
        let exact = scan::similarity_of(&self.rows, search.metric, search.query, &slots).unwrap();
        assert!(
            hits.iter()
                .zip(exact)
                .all(|(hit, exact)| hit.similarity == exact)
        );
    }

    /// Answers how many of the `k` nearest of some queries are found, 0 to 1. Those as near as the last are as good.
    pub(super) fn recall(
        &self,
        queries: &[Vec<f32>],
        k: usize,
        ef: usize,
        filter: Option<&BitSet>,
    ) -> f64 {
        let (mut right, mut all) = (0, 0);
        for query in queries {
            let search = self.asked(query, k, filter);
            let exact = scan::search(&self.rows, &search, &|| false).unwrap();
            let Some(last) = exact.last() else { continue };
            let hits = self.search(query, k, ef, filter);
            right += hits
                .iter()
                .filter(|hit| hit.similarity >= last.similarity)
                .count();
            all += exact.len();
        }
        f64::from(right as u32) / f64::from(all as u32)
    }
}

#[test]
fn the_nearest_are_found_whatever_the_metric_and_the_dims() {
    for metric in Metric::ALL {
        for (dims, least) in [(2, 0.95), (7, 0.99), (64, 0.97), (513, 0.97)] {
            let mut random = Random(42 + dims as u64);
            let mut vectors = random.vectors(3100, dims);
            let queries = vectors.split_off(3000);
            let indexed = Indexed::new(metric, vectors);
            let recall = indexed.recall(&queries, 10, 64, None);
            assert!(recall >= least, "{metric:?} of {dims} dims: {recall}");
            let recall = indexed.recall(&queries[..20], 100, 200, None);
            assert!(
                recall >= least,
                "100 by {metric:?} of {dims} dims: {recall}"
            );
        }
    }
}

#[test]
fn fewer_nodes_may_be_expanded_than_hits_are_wanted() {
    let indexed = Indexed::new(Metric::L2Squared, Random(71).vectors(6000, 40));
    let queries = Random(72).vectors(40, 40);
    let recalls = [20, 100].map(|ef| indexed.recall(&queries, 100, ef, None));
    assert!(recalls[0] > 0.5 && recalls[0] < recalls[1], "{recalls:?}");
    assert!(recalls[1] > 0.95, "{recalls:?}");
}

#[test]
fn the_nearest_that_pass_a_filter_are_found_and_never_too_few() {
    // The longer ones are projected.
    for (metric, dims) in [
        (Metric::L2Squared, 32),
        (Metric::L1, 32),
        (Metric::Cosine, 250),
    ] {
        filtered(metric, dims);
    }
}

fn filtered(metric: Metric, dims: usize) {
    let mut random = Random(7);
    let mut vectors = random.vectors(6060, dims);
    let queries = vectors.split_off(6000);
    let indexed = Indexed::new(metric, vectors);
    for percent in [90, 50, 10, 2] {
        let chosen = (0..6000).filter(|_| random.next() % 100 < percent);
        let filter = BitSet::from_slots(6000, chosen.collect::<Vec<_>>());
        let recall = indexed.recall(&queries, 10, 40, Some(&filter));
        assert!(recall >= 0.95, "{metric:?}, {percent} %: {recall}");
    }
    // Those that pass are the farthest from the query, or the nearest.
    for query in &queries[..20] {
        let all = indexed.asked(query, 6000, None);
        let all = scan::search(&indexed.rows, &all, &|| false).unwrap();
        for part in [&all[5000..], &all[..1000], &all[2000..2600]] {
            let filter = BitSet::from_slots(6000, part.iter().map(|hit| hit.slot));
            let recall = indexed.recall(std::slice::from_ref(query), 10, 40, Some(&filter));
            assert!(recall >= 0.9, "{metric:?}: {recall}");
        }
    }
    for slots in [vec![], vec![5], (0..300).collect(), vec![7000]] {
        let filter = BitSet::from_slots(8000, slots);
        indexed.search(&queries[0], 10, 10, Some(&filter));
    }
}

#[test]
fn rows_that_a_snapshot_does_not_see_are_not_found() {
    let mut random = Random(8);
    let vectors = random.vectors(4000, 16);
    for keep in [97, 60, 3] {
        let live = BitSet::from_slots(4000, (0..4000).filter(|slot| slot % 100 < keep));
        let indexed = Indexed::with_live(Metric::Cosine, vectors.clone(), &live);
        let queries = random.vectors(30, 16);
        let recall = indexed.recall(&queries, 10, 64, None);
        assert!(recall >= 0.95, "{keep} %: {recall}");
    }
}

#[test]
fn equal_vectors_zeros_and_extreme_norms_give_as_many_hits_as_there_are() {
    let mut random = Random(9);
    let equal = vec![vec![1.0, 2.0, 3.0]; 700];
    let zeros = vec![vec![0.0; 3]; 700];
    let mut huge = random.vectors(700, 3);
    for (number, vector) in huge.iter_mut().enumerate() {
        let factor = [1e17, 1e-20, 1.0, 1e-38][number % 4];
        vector.iter_mut().for_each(|value| *value *= factor);
    }
    for metric in Metric::ALL {
        for vectors in [&equal, &zeros, &huge] {
            let indexed = Indexed::new(metric, vectors.clone());
            for query in [vec![1.0, 2.0, 3.0], vec![0.0; 3], vec![-1e18, 0.0, 1e18]] {
                for k in [0, 1, 10, 699, 700, 2000] {
                    indexed.search(&query, k, 10, None);
                }
            }
        }
    }
}

#[test]
fn an_empty_graph_and_one_of_a_single_vector_answer() {
    for metric in Metric::ALL {
        let indexed = Indexed::new(metric, vec![]);
        assert!(indexed.search(&[1.0], 3, 10, None).is_empty());
        let indexed = Indexed::new(metric, vec![vec![2.0, 1.0]]);
        assert_eq!(indexed.search(&[1.0, 1.0], 3, 10, None).len(), 1);
    }
}

#[test]
fn rows_as_far_as_each_other_are_all_compared() {
    // Codes cannot tell which of them is nearer.
    let mut random = Random(20);
    let vectors: Vec<Vec<f32>> = (0..4000)
        .map(|_| {
            let mut vector = vec![10.0; 8];
            vector[0] += 1e-4 * random.number();
            vector
        })
        .collect();
    let indexed = Indexed::new(Metric::L2Squared, vectors);
    let filter = BitSet::from_slots(4000, (0..4000).filter(|slot| slot % 2 == 0));
    let recall = indexed.recall(&[vec![-10.0; 8], vec![0.0; 8]], 10, 10, Some(&filter));
    assert!(recall >= 0.9, "{recall}");
}

#[test]
fn every_node_can_be_reached() {
    for metric in Metric::ALL {
        let indexed = Indexed::new(metric, Random(10).vectors(5000, 24));
        let reach = indexed.graph.reach();
        assert_eq!(reach.nodes, 5000);
        assert!(reach.reached >= 4995, "{metric:?}: {reach:?}");
        let fair = 5000 * 8..=5000 * 32;
        assert!(fair.contains(&reach.edges), "{metric:?}: {reach:?}");
    }
}

#[test]
fn a_center_that_vectors_have_left_costs_no_hits() {
    let mut random = Random(33);
    for metric in Metric::ALL {
        let mut vectors = random.vectors(1510, 12);
        let queries = vectors.split_off(1500);
        let mut indexed = Indexed::new(metric, vectors);
        let once: Vec<Vec<f32>> = indexed
            .vectors
            .iter()
            .map(|vector| vector.iter().map(|number| number / 50.0 + 9.0).collect())
            .collect();
        let encoder =
            Encoder::learn(12, metric, once.iter().map(Vec::as_slice), &|| false).unwrap();
        indexed.graph = Graph::new(encoder).unwrap();
        for (slot, vector) in (0..).zip(&indexed.vectors) {
            indexed.graph.insert(slot, vector).unwrap();
        }
        for query in &queries {
            let half = BitSet::from_slots(1500, (0..1500).step_by(2));
            indexed.search(query, 10, 20, None);
            indexed.search(query, 10, 20, Some(&half));
        }
        let recall = indexed.recall(&queries, 10, 200, None);
        assert!(recall >= 0.9, "{metric:?}: {recall}");
    }
}

#[test]
fn threads_insert_and_search_at_the_same_time() {
    let mut random = Random(11);
    let mut vectors = random.vectors(6040, 24);
    let queries = vectors.split_off(6000);
    let mut indexed = Indexed::new(Metric::L2Squared, vectors.clone());
    let slices = vectors.iter().map(Vec::as_slice);
    let encoder = Encoder::learn(24, Metric::L2Squared, slices, &|| false).unwrap();
    indexed.graph = Graph::new(encoder).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (indexed, vectors) = (&indexed, &vectors);
        let inserting = [0, 1, 2].map(|part| {
            scope.spawn(move || {
                for slot in (part..6000).step_by(3) {
                    indexed.graph.insert(slot, &vectors[slot as usize]).unwrap();
                }
            })
        });
        let (queries, done) = (&queries, &done);
        let searching = scope.spawn(move || {
            while !done.load(Ordering::Relaxed) {
                for query in queries {
                    // What is not a node yet is found by no path, and the answer is full all the same.
                    let search = indexed.asked(query, 10, None);
                    indexed
                        .graph
                        .search(&indexed.rows, &search, 20, &|| false)
                        .unwrap();
                }
            }
        });
        for inserting in inserting {
            inserting.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        searching.join().unwrap();
    });
    assert_eq!(indexed.graph.nodes(), 6000);
    let recall = indexed.recall(&queries, 10, 64, None);
    assert!(recall >= 0.97, "{recall}");
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let message = |error: Error| error.to_string();
    let new = |dims: usize, metric| {
        let encoder = Encoder::learn(dims, metric, std::iter::empty(), &|| false).unwrap();
        Graph::new(encoder).map(|_| ()).unwrap_err()
    };
    assert_eq!(
        message(new(0, Metric::Dot)),
        "expected 1 to 4096 dims, got 0"
    );
    assert_eq!(
        message(new(4097, Metric::Dot)),
        "expected 1 to 4096 dims, got 4097"
    );

    let indexed = Indexed::new(Metric::Dot, Random(12).vectors(300, 4));
    let insert = |slot, vector: &[f32]| message(indexed.graph.insert(slot, vector).unwrap_err());
    assert_eq!(
        insert(3, &[0.0; 4]),
        "slot 3 is added to a graph that has it already"
    );
    assert_eq!(
        insert(1 << 31, &[0.0; 4]),
        "slot 2147483648 is added to a graph, whose greatest can be 2147483647"
    );
    assert_eq!(
        insert(300, &[0.0; 3]),
        "expected a vector of 4 numbers, got 3"
    );
    assert!(insert(300, &[0.0, f32::NAN, 0.0, 0.0]).starts_with("number 1 of the vector is NaN"));
    assert_eq!(indexed.graph.nodes(), 300);

    let search = |query: &[f32]| {
        let search = indexed.asked(query, 3, None);
        let found = indexed.graph.search(&indexed.rows, &search, 10, &|| false);
        message(found.unwrap_err())
    };
    let other = Search {
        metric: Metric::Cosine,
        ..indexed.asked(&[0.0; 4], 3, None)
    };
    let found = indexed.graph.search(&indexed.rows, &other, 10, &|| false);
    assert_eq!(
        message(found.unwrap_err()),
        "the graph is for the metric dot, it is searched by cosine"
    );
    assert_eq!(search(&[1.0]), "expected a vector of 4 numbers, got 1");
    assert!(search(&[f32::INFINITY, 0.0, 0.0, 0.0]).starts_with("number 0 of the vector is inf"));
}

#[test]
fn a_search_that_takes_long_can_be_stopped() {
    let indexed = Indexed::new(Metric::L2Squared, Random(13).vectors(3000, 8));
    let filter = BitSet::from_slots(3000, (0..3000).filter(|slot| slot % 8 == 0));
    let search = indexed.asked(&indexed.vectors[0], 100, Some(&filter));
    let stopped = indexed.graph.search(&indexed.rows, &search, 100, &|| true);
    assert!(matches!(stopped, Err(Error::Stopped)));
    // Without a filter only a search that keeps many candidates takes long.
    let search = indexed.asked(&indexed.vectors[0], 10, None);
    let stopped = |ef| indexed.graph.search(&indexed.rows, &search, ef, &|| true);
    assert!(matches!(stopped(1000), Err(Error::Stopped)));
    assert_eq!(stopped(200).unwrap().len(), 10);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, rng_seed: proptest::test_runner::RngSeed::Fixed(14), ..ProptestConfig::default() })]

    #[test]
    fn any_vectors_any_filter_and_any_k_give_a_sound_answer(
        dims in prop_oneof![Just(1usize), Just(2), Just(3), Just(7), Just(64), Just(513), Just(4096)],
        count in 1usize..900,
        distinct in 1usize..900,
        share in 0u64..101,
        k in 0usize..40,
        ef in 0usize..80,
        metric in 0usize..4,
        seed in 1u64..u64::MAX,
    ) {
        let mut random = Random(seed);
        let count = if dims == 4096 { count / 4 + 1 } else { count };
        let some = random.vectors(distinct.min(count), dims);
        let vectors: Vec<Vec<f32>> = (0..count).map(|i| some[i % some.len()].clone()).collect();
        let indexed = Indexed::new(Metric::ALL[metric], vectors);
        let chosen = (0..count as u32).filter(|_| random.next() % 100 < share);
        let filter = BitSet::from_slots(count as u32, chosen.collect::<Vec<_>>());
        let query = random.vector(dims);
        indexed.search(&query, k, ef, None);
        indexed.search(&query, k, ef, Some(&filter));
    }
}
