//! Microsoft's DiskANN in memory, as `ann-bench worker` is ours: `diskann-peer BITS worker SET` builds an index with codes of
//! 8, 4, 2 or 1 bits a number, and then answers questions about recall and speed, a line of JSON each (see `peers.py`).
//!
//! The vectors are kept with 16 bits a number beside the codes, and what a search kept is compared with them again.
//! It stores no index, so that it builds one at every start.

use anyhow::{Context as _, Result, bail, ensure};
use diskann::graph::config::{Builder, MaxDegree as GraphDegree};
use diskann::graph::search::Knn;
use diskann::graph::search_output_buffer::IdDistance;
use diskann::graph::{DiskANNIndex, config::PruneKind};
use diskann_inmem::num::{Capacity, MaxDegree};
use diskann_inmem::repr::Quantized;
use diskann_inmem::repr::quantized::scalar::{Metric, Scalar};
use diskann_inmem::repr::quantized::{Backend, Metric as Exact, Rerank};
use diskann_inmem::{Context, Provider, Strategy};
use diskann_quantization::scalar::train::ScalarQuantizationParameters;
use diskann_utils::sampling::medoid::ComputeMedoid;
use diskann_utils::views::rowmajor;
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use std::fs::{read, read_to_string};
use std::io::{BufRead, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

const DEGREE: usize = 32;
const BUILD_LIST: usize = 100;
const ALPHA: f32 = 1.2;
const NOTHING: u32 = u32::MAX;

type Index = DiskANNIndex<Provider<Quantized>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    op: Op,
    /// How many candidates a search keeps.
    x: usize,
    #[serde(default = "ten")]
    k: usize,
    #[serde(default)]
    sec: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Op {
    Recall,
    Time,
}

fn ten() -> usize {
    10
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [bits, command, folder] = arguments.as_slice() else {
        bail!("expected BITS worker SET");
    };
    ensure!(command == "worker", "expected worker, got {command}");
    let folder = Path::new(folder);
    let metric = read_to_string(folder.join("metric"))?;
    let cosine = match metric.trim() {
        "cos" => true,
        "l2" => false,
        other => bail!("the metric is {other}, expected l2 or cos"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let vectors = floats(&folder.join("X.fbin"), cosine)?;
    let queries = floats(&folder.join("Q.fbin"), cosine)?;
    let nearest = Matrix::read(&folder.join("gt.ibin"), u32::from_le_bytes)?;
    let before = resident_mb()? - vectors.megabytes();
    let (cpu, wall) = (processor_time()?, Instant::now());
    let index = build(&runtime, vectors, bits.parse()?)?;
    let hello = serde_json::json!({
        "ok": 1,
        "rss": resident_mb()?,
        "before": before,
        "build_cpu_s": (processor_time()? - cpu).as_secs_f64(),
        "build_s": wall.elapsed().as_secs_f64(),
        "version": format!("diskann-inmem 0.61, {bits} bits"),
    });
    let asked = Asked {
        runtime,
        index,
        queries,
        nearest,
    };
    let mut out = std::io::stdout();
    writeln!(out, "{hello}")?;
    for line in std::io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        let answer = match question.op {
            Op::Recall => serde_json::json!(asked.recall(&question)?),
            Op::Time => serde_json::json!(asked.rates(&question)?),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// Inserts vectors one by one. Vectors of length 1 are compared by their distance, which orders them as the cosine does.
fn build(runtime: &Runtime, vectors: Matrix<f32>, bits: usize) -> Result<Index> {
    let prune = PruneKind::TriangleInequality;
    let graph = Builder::new_with(
        DEGREE,
        GraphDegree::default_slack(),
        BUILD_LIST,
        prune,
        |builder| {
            builder.alpha(ALPHA);
        },
    )
    .build()?;
    let rows = vectors.numbers.len() / vectors.columns;
    let view = rowmajor::Ref::try_from_data(vectors.numbers.as_slice(), rows, vectors.columns)
        .map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let quantizer = ScalarQuantizationParameters::default().train(view);
    let metric = Metric::SquaredL2;
    let codes = match bits {
        1 => Backend::new(Scalar::<1>::new(quantizer, metric)),
        2 => Backend::new(Scalar::<2>::new(quantizer, metric)),
        4 => Backend::new(Scalar::<4>::new(quantizer, metric)),
        8 => Backend::new(Scalar::<8>::new(quantizer, metric)),
        other => bail!("codes have 1, 2, 4 or 8 bits, not {other}"),
    };
    let config = Quantized::config(
        codes,
        Capacity::new(rows),
        MaxDegree::new(graph.max_degree().get()),
        rowmajor::Owned::row_vector(f32::compute_medoid(view).into()),
        Rerank::F16 {
            metric: Exact::SquaredL2,
        },
    )?;
    // Without a number of threads it keeps no scratch space from one search to the next.
    let index = DiskANNIndex::new(graph, Provider::new(config)?, NonZeroUsize::new(1));
    for (row, vector) in (0u32..).zip(vectors.iter()) {
        runtime.block_on(index.insert(&Strategy, &Context, &row, vector))?;
    }
    Ok(index)
}

struct Asked {
    runtime: Runtime,
    index: Index,
    queries: Matrix<f32>,
    nearest: Matrix<u32>,
}

impl Asked {
    /// Searches all queries and hands the rows that are found to `each`.
    fn search(&self, question: &Question, mut each: impl FnMut(usize, &[u32])) -> Result<()> {
        let mut rows = vec![NOTHING; question.k];
        let mut distances = vec![0.0; question.k];
        for (number, query) in self.queries.iter().enumerate() {
            rows.fill(NOTHING);
            let mut found = IdDistance::new(&mut rows, &mut distances);
            let how = Knn::new_default(question.x.max(question.k))?;
            let search = self
                .index
                .search(how, &Strategy, &Context, query, &mut found);
            self.runtime.block_on(search)?;
            each(number, &rows);
        }
        Ok(())
    }

    fn recall(&self, question: &Question) -> Result<f64> {
        let nearest: Vec<&[u32]> = self.nearest.iter().collect();
        ensure!(
            question.k <= self.nearest.columns,
            "{} nearest are known",
            self.nearest.columns
        );
        let (mut right, mut all) = (0usize, 0usize);
        self.search(question, |number, found| {
            let nearest = &nearest[number][..question.k];
            all += nearest.iter().filter(|row| **row != NOTHING).count();
            right += nearest
                .iter()
                .filter(|row| **row != NOTHING && found.contains(row))
                .count();
        })?;
        Ok(right as f64 / all.max(1) as f64)
    }

    /// Queries per second by processor time, the same of the best round, and by the clock.
    fn rates(&self, question: &Question) -> Result<[f64; 3]> {
        let (cpu, wall) = (processor_time()?, Instant::now());
        let (mut rounds, mut best) = (0.0, Duration::MAX);
        while rounds == 0.0 || wall.elapsed().as_secs_f64() < question.sec {
            let start = processor_time()?;
            self.search(question, |_, _| ())?;
            best = best.min(processor_time()? - start);
            rounds += 1.0;
        }
        let count = self.queries.iter().len() as f64;
        let cpu = processor_time()? - cpu;
        Ok([
            count * rounds / cpu.as_secs_f64(),
            count / best.as_secs_f64(),
            count * rounds / wall.elapsed().as_secs_f64(),
        ])
    }
}

struct Matrix<T> {
    columns: usize,
    numbers: Vec<T>,
}

impl<T> Matrix<T> {
    fn read(path: &Path, number: fn([u8; 4]) -> T) -> Result<Self> {
        let bytes = read(path).with_context(|| path.display().to_string())?;
        let (words, _) = bytes.as_chunks::<4>();
        let [rows, columns, numbers @ ..] = words else {
            bail!("{} has no header", path.display());
        };
        let [rows, columns] = [rows, columns].map(|word| u32::from_le_bytes(*word) as usize);
        ensure!(
            columns > 0 && numbers.len() == rows * columns,
            "{} is cut short",
            path.display()
        );
        Ok(Self {
            columns,
            numbers: numbers.iter().map(|word| number(*word)).collect(),
        })
    }

    fn iter(&self) -> impl ExactSizeIterator<Item = &[T]> {
        self.numbers.chunks_exact(self.columns)
    }

    fn megabytes(&self) -> usize {
        (self.numbers.len() * size_of::<T>()) >> 20
    }
}

fn floats(path: &Path, normalised: bool) -> Result<Matrix<f32>> {
    let mut matrix = Matrix::read(path, f32::from_le_bytes)?;
    for vector in matrix.numbers.chunks_exact_mut(matrix.columns) {
        let length = vector
            .iter()
            .map(|number| number * number)
            .sum::<f32>()
            .sqrt();
        if normalised && length > 0.0 {
            vector.iter_mut().for_each(|number| *number /= length);
        }
    }
    Ok(matrix)
}

fn processor_time() -> Result<Duration> {
    Ok(clock_gettime(ClockId::ProcessCPUTime).try_into()?)
}

fn resident_mb() -> Result<usize> {
    let text = read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("status has no VmRSS")?.parse::<usize>()? / 1024)
}
