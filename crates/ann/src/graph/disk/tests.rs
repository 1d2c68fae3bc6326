use super::super::Encoder;
use super::super::repair::tests::repair;
use super::super::tests::{Indexed, Random};
use super::*;
use crate::store::SystemDisk;
use kernels::Metric;
use std::io;
use std::sync::atomic::AtomicU32;
use tempfile::TempDir;

/// A disk that fails after so many operations, and from then on.
#[derive(Debug)]
struct Failing {
    left: AtomicU32,
}

impl Failing {
    fn after(operations: u32) -> Arc<Failing> {
        Arc::new(Failing {
            left: AtomicU32::new(operations),
        })
    }

    fn step(&self) -> io::Result<()> {
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.saturating_sub(1), Ordering::Relaxed);
        if left == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

impl Disk for Failing {
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        match self.step() {
            Ok(()) => SystemDisk.write_at(file, bytes, offset),
            // A part of it reaches the disk.
            Err(error) => SystemDisk
                .write_at(file, &bytes[..bytes.len() / 2], offset)
                .and(Err(error)),
        }
    }

    fn set_len(&self, file: &File, len: u64) -> io::Result<()> {
        self.step()?;
        SystemDisk.set_len(file, len)
    }

    fn flush(&self, _file: &File) -> io::Result<()> {
        self.step()
    }

    fn flush_folder(&self, _folder: &Path) -> io::Result<()> {
        self.step()
    }
}

fn disk() -> Arc<dyn Disk> {
    Failing::after(u32::MAX)
}

fn indexed(metric: Metric, seed: u64) -> (Indexed, Vec<Vec<f32>>) {
    indexed_of(metric, 12, seed)
}

fn indexed_of(metric: Metric, dims: usize, seed: u64) -> (Indexed, Vec<Vec<f32>>) {
    let mut random = Random(seed);
    let mut vectors = random.vectors(1520, dims);
    let queries = vectors.split_off(1500);
    (Indexed::new(metric, vectors), queries)
}

/// Saves a graph and opens it again in its place.
fn reopened(indexed: &mut Indexed) -> (TempDir, GraphFile) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("field");
    let mut file = GraphFile::create(&path, disk()).unwrap();
    file.checkpoint(&indexed.graph, 7).unwrap();
    drop(file);
    let (file, graph) = GraphFile::open(&path, disk()).unwrap();
    indexed.graph = graph;
    (folder, file)
}

/// Lets go of a graph, whose map keeps the file locked.
fn let_go(indexed: &mut Indexed) {
    let encoder = Encoder::learn(12, Metric::Cosine, std::iter::empty(), &|| false).unwrap();
    indexed.graph = Graph::new(encoder).unwrap();
}

#[test]
fn a_graph_that_is_opened_again_answers_as_before() {
    // The longer ones are projected, but for one metric.
    for (metric, dims) in Metric::ALL
        .into_iter()
        .flat_map(|metric| [(metric, 12), (metric, 250)])
    {
        let (mut indexed, queries) = indexed_of(metric, dims, 21);
        let projected = indexed.graph.encoder.axes.is_some();
        assert_eq!(projected, dims == 250 && metric != Metric::L1);
        let answers = |indexed: &Indexed| -> Vec<_> {
            let search = |query: &Vec<f32>| indexed.search(query, 10, 30, None);
            queries.iter().map(search).collect()
        };
        let (before, reach) = (answers(&indexed), indexed.graph.reach());
        let (_folder, file) = reopened(&mut indexed);
        assert_eq!(file.covered(), 7);
        assert!(file.verify().is_empty());
        assert_eq!(answers(&indexed), before);
        assert_eq!(indexed.graph.reach(), reach);
    }
}

#[test]
fn a_graph_is_brought_into_memory_while_it_changes() {
    let (mut indexed, queries) = indexed(Metric::Cosine, 28);
    let (folder, mut file) = reopened(&mut indexed);
    let answer = |indexed: &Indexed| indexed.search(&queries[0], 10, 30, None);
    let before = answer(&indexed);
    let mut steps = 0;
    while file.load_step(&indexed.graph).unwrap() {
        // What changes in between is not lost.
        if steps == 3 {
            for slot in 0..100 {
                indexed.graph.remove(slot);
            }
        }
        steps += 1;
        file.checkpoint(&indexed.graph, 8).unwrap();
    }
    assert!(steps > 5, "{steps}");
    assert!(!file.load_step(&indexed.graph).unwrap());
    assert_eq!(answer(&indexed), before);
    assert_eq!(
        indexed
            .graph
            .begin_repair()
            .map(|repair| indexed.graph.end_repair(repair).count()),
        Some(100)
    );
    // Nothing is mapped any more: the file can be opened as soon as it is let go.
    file.checkpoint(&indexed.graph, 9).unwrap();
    let reach = indexed.graph.reach();
    drop(file);
    let (mut file, graph) = GraphFile::open(&folder.path().join("field"), disk()).unwrap();
    assert_eq!((graph.reach(), reach.nodes), (reach, 1400));

    // Damage is found before it gets into memory.
    let data = folder.path().join("field.graph");
    let mut bytes = std::fs::read(&data).unwrap();
    bytes.iter_mut().for_each(|byte| *byte ^= 1);
    std::fs::write(&data, bytes).unwrap();
    assert!(file.load_step(&graph).unwrap_err().calls_for_rebuild());
}

#[test]
fn a_checkpoint_writes_what_changed_and_an_opened_graph_goes_on() {
    let (mut indexed, queries) = indexed(Metric::L1, 22);
    let (folder, mut file) = reopened(&mut indexed);
    let size = || {
        std::fs::metadata(folder.path().join("field.graph"))
            .unwrap()
            .len()
    };
    let before = size();
    // Nothing changed, so nothing is written but the manifest.
    file.checkpoint(&indexed.graph, 8).unwrap();
    assert_eq!((size(), file.covered()), (before, 8));
    for round in 0..4 {
        for slot in (round * 300)..(round * 300 + 300) {
            indexed.graph.remove(slot);
        }
        file.checkpoint(&indexed.graph, 9).unwrap();
        assert_eq!(repair(&indexed.graph).count(), 300);
        for slot in (round * 300)..(round * 300 + 300) {
            indexed
                .graph
                .insert(slot, &indexed.vectors[slot as usize])
                .unwrap();
        }
        file.checkpoint(&indexed.graph, 10).unwrap();
    }
    // What is replaced is written where there is room: the map's, the last checkpoint's and the next.
    assert!(size() <= 3 * before, "{} after {before}", size());
    let reach = indexed.graph.reach();
    assert_eq!((reach.nodes, reach.dangling), (1500, 0));
    drop(file);
    let_go(&mut indexed);
    let (file, graph) = GraphFile::open(&folder.path().join("field"), disk()).unwrap();
    indexed.graph = graph;
    assert_eq!((file.covered(), indexed.graph.reach()), (10, reach));
    let recall = indexed.recall(&queries, 10, 40, None);
    assert!(recall >= 0.97, "{recall}");
}

#[test]
fn a_checkpoint_that_fails_leaves_the_one_before_it_and_can_be_tried_again() {
    let mut failed = 0;
    for operations in 0.. {
        let (indexed, queries) = indexed(Metric::Cosine, 23);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("field");
        let mut file = GraphFile::create(&path, disk()).unwrap();
        file.checkpoint(&indexed.graph, 1).unwrap();
        for slot in 0..200 {
            indexed.graph.remove(slot);
        }
        repair(&indexed.graph);
        file.disk = Failing::after(operations);
        let written = file.checkpoint(&indexed.graph, 2);
        file.disk = disk();
        if let Err(error) = &written {
            assert!(error.is_disk_full(), "{error}");
            failed += 1;
        }
        // As after a crash.
        drop(file);
        let (mut file, graph) = GraphFile::open(&path, disk()).unwrap();
        assert!(file.verify().is_empty());
        let renamed = file.covered() == 2;
        assert!(renamed || written.is_err(), "{operations}");
        assert_eq!(graph.reach().nodes, if renamed { 1300 } else { 1500 });
        assert_eq!(graph.reach().dangling, 0);
        // It goes on from there.
        file.checkpoint(&graph, 3).unwrap();
        indexed.search(&queries[0], 10, 20, None);
        if written.is_ok() {
            break;
        }
    }
    assert!(failed > 5, "{failed}");
}

#[test]
fn what_failed_to_be_written_is_written_the_next_time() {
    for operations in 0..4 {
        let (indexed, _) = indexed(Metric::L2Squared, 24);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("field");
        let mut file = GraphFile::create(&path, disk()).unwrap();
        file.disk = Failing::after(operations);
        file.checkpoint(&indexed.graph, 1).unwrap_err();
        file.disk = disk();
        file.checkpoint(&indexed.graph, 2).unwrap();
        drop(file);
        let (file, graph) = GraphFile::open(&path, disk()).unwrap();
        assert!(file.verify().is_empty());
        assert_eq!((graph.reach(), file.covered()), (indexed.graph.reach(), 2));
    }
}

#[test]
fn damage_is_named_and_never_ends_the_program() {
    let (mut indexed, queries) = indexed(Metric::L1, 25);
    let (folder, file) = reopened(&mut indexed);
    drop(file);
    let_go(&mut indexed);
    let path = folder.path().join("field");
    let manifest = folder.path().join("field.graph-manifest");
    let data = folder.path().join("field.graph");
    let (good_manifest, good_data) = (
        std::fs::read(&manifest).unwrap(),
        std::fs::read(&data).unwrap(),
    );
    let opened = || GraphFile::open(&path, disk()).map(|(file, graph)| (file.verify(), graph));

    // Every byte of the manifest counts, and so does its end.
    for at in (0..good_manifest.len()).step_by(3) {
        let mut bad = good_manifest.clone();
        bad[at] ^= 0x10;
        std::fs::write(&manifest, &bad).unwrap();
        let error = opened().unwrap_err();
        assert!(error.calls_for_rebuild(), "byte {at}: {error}");
        std::fs::write(&manifest, &good_manifest[..at]).unwrap();
        assert!(opened().unwrap_err().calls_for_rebuild());
    }
    std::fs::remove_file(&manifest).unwrap();
    assert!(matches!(opened(), Err(Error::Missing { .. })));
    std::fs::write(&manifest, &good_manifest).unwrap();

    // A file that is too short.
    std::fs::write(&data, &good_data[..good_data.len() - 1]).unwrap();
    assert!(
        opened()
            .unwrap_err()
            .to_string()
            .contains("place of an extent")
    );
    // Changed bytes are found by who looks, and searches answer something.
    let mut random = Random(26);
    for _ in 0..8 {
        let mut bad = good_data.clone();
        for _ in 0..20_000 {
            let at = random.next() as usize % bad.len();
            bad[at] = random.next() as u8;
        }
        std::fs::write(&data, &bad).unwrap();
        let_go(&mut indexed);
        let (problems, graph) = opened().unwrap();
        assert!(problems.iter().any(Error::calls_for_rebuild));
        indexed.graph = graph;
        for query in &queries {
            let search = indexed.asked(query, 10, None);
            indexed
                .graph
                .search(&indexed.rows, &search, 30, &|| false)
                .unwrap();
        }
    }
}

#[test]
fn one_program_has_the_file_at_a_time() {
    let (mut indexed, _) = indexed(Metric::Cosine, 27);
    let (folder, file) = reopened(&mut indexed);
    let path = folder.path().join("field");
    let in_use = |error| matches!(error, Error::InUse { .. });
    assert!(in_use(
        GraphFile::open(&path, disk()).map(|_| ()).unwrap_err()
    ));
    assert!(in_use(
        GraphFile::create(&path, disk()).map(|_| ()).unwrap_err()
    ));
    drop(file);
    // The graph has it mapped.
    assert!(in_use(
        GraphFile::create(&path, disk()).map(|_| ()).unwrap_err()
    ));
    indexed.search(&[1.0; 12], 10, 20, None);
    let_go(&mut indexed);
    GraphFile::create(&path, disk()).unwrap();
    assert!(matches!(
        GraphFile::open(&path, disk()),
        Err(Error::Missing { .. })
    ));
}
