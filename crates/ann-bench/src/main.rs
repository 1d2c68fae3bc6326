//! Measures the vector index.
//!
//! A set is a folder with `X.fbin` (the vectors), `Q.fbin` (queries), `gt.ibin` (the exact nearest of each query) and
//! `metric` (`l1`, `l2` or `cos`); the binary files hold the number of rows and of columns as u32, and then the rows. Filters are
//! such a file too, of bytes: the first query has the first filter, and so on, and after the last comes the first again.
#![expect(
    clippy::print_stdout,
    reason = "printing the figures is what it is for"
)]

mod churn;
mod set;
mod time;
mod under_test;

use ann::BitSet;
use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use serde::Deserialize;
use set::{Nearest, Queries, Set};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use under_test::{Asked, By, UnderTest};

#[derive(Parser)]
#[command(version, about)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers questions about recall and speed, a line of JSON each, as other programs that are compared do.
    Worker(Of),
    /// Builds the index, and prints recall and queries per second for some values of ef.
    Curve {
        #[command(flatten)]
        of: Of,
        /// How many candidates a search keeps.
        #[arg(
            long,
            value_delimiter = ',',
            default_value = "10,16,24,32,48,64,96,128,192,256,512"
        )]
        ef: Vec<usize>,
        /// How many neighbours are asked for.
        #[arg(short, default_value_t = 10)]
        k: usize,
    },
    /// Prints how many GB a second one core reads of memory that no cache holds: the best of some rounds.
    Bandwidth,
    /// Replaces every vector, in random order, while another thread searches.
    Churn {
        /// The folder of the set.
        set: PathBuf,
        /// In how many rounds.
        #[arg(long, default_value_t = 20)]
        rounds: usize,
        /// How many candidates searches keep; the first is the searching thread's.
        #[arg(long, value_delimiter = ',', default_value = "16,64")]
        ef: Vec<usize>,
    },
    /// Builds the index with so many threads and with others, in turn, and prints the medians.
    Build {
        /// The folder of the set.
        set: PathBuf,
        /// How many threads; the first are what the others are compared with.
        #[arg(long, value_delimiter = ',', default_value = "1,2")]
        threads: Vec<usize>,
        /// How often each is built.
        #[arg(long, default_value_t = 9)]
        rounds: usize,
    },
}

#[derive(clap::Args)]
struct Of {
    /// The folder of the set.
    set: PathBuf,
    /// Threads that build.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// No edges: searches compare all codes.
    #[arg(long)]
    flat: bool,
}

/// A question to the worker.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    op: Op,
    /// How many candidates a search keeps.
    x: usize,
    /// How many neighbours are asked for.
    #[serde(default = "ten")]
    k: usize,
    /// How many seconds the measuring takes, at least.
    #[serde(default)]
    sec: f64,
    /// How many of the queries are asked, all by default.
    #[serde(default = "all")]
    queries: usize,
    /// Whether every vector is compared, instead of those that the graph leads to.
    #[serde(default)]
    exact: bool,
    /// A file of filters.
    filter: Option<PathBuf>,
    /// A file of exact answers, where they are others than the set's.
    nearest: Option<PathBuf>,
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

fn all() -> usize {
    usize::MAX
}

fn main() -> Result<()> {
    match Args::parse().command {
        Command::Worker(of) => worker(&of),
        Command::Curve { of, ef, k } => curve(&of, &ef, k),
        Command::Bandwidth => bandwidth(),
        Command::Churn { set, rounds, ef } => churn::run(&Set::open(&set)?, rounds, &ef),
        Command::Build {
            set,
            threads,
            rounds,
        } => builds(&set, &threads, rounds),
    }
}

struct Built {
    queries: Queries,
    index: UnderTest,
    /// Processor time, and time, in seconds.
    cpu_s: f64,
    wall_s: f64,
}

fn build(of: &Of) -> Result<Built> {
    // The vectors are given back once they are stored: the memory that is told is the index's.
    let Set { vectors, queries } = Set::open(&of.set)?;
    let (cpu, wall) = (time::of_process()?, Instant::now());
    let index = UnderTest::build(&vectors, queries.metric, (of.threads, of.flat))?;
    let cpu_s = (time::of_process()? - cpu).as_secs_f64();
    let wall_s = wall.elapsed().as_secs_f64();
    eprintln!("built in {cpu_s:.1} s of processor time, {wall_s:.1} s");
    Ok(Built {
        queries,
        index,
        cpu_s,
        wall_s,
    })
}

/// What is read to see how fast memory is: more than caches hold.
const READ_BYTES: usize = 1 << 30;

fn bandwidth() -> Result<()> {
    let memory: Vec<u64> = (0..READ_BYTES as u64 / 8).collect();
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = time::of_thread()?;
        // Sums that do not wait for each other.
        let mut sums = [0u64; 32];
        for numbers in memory.as_chunks::<32>().0 {
            for (sum, number) in sums.iter_mut().zip(numbers) {
                *sum = sum.wrapping_add(*number);
            }
        }
        std::hint::black_box(sums);
        best = best.min(time::of_thread()? - start);
    }
    println!("{:.1}", READ_BYTES as f64 / 1e9 / best.as_secs_f64());
    Ok(())
}

fn builds(set: &Path, threads: &[usize], rounds: usize) -> Result<()> {
    let mut took = vec![[Vec::new(), Vec::new()]; threads.len()];
    for _ in 0..rounds {
        for (threads, [wall, cpu]) in threads.iter().zip(&mut took) {
            let built = build(&Of {
                set: set.to_owned(),
                threads: *threads,
                flat: false,
            })?;
            wall.push(built.wall_s);
            cpu.push(built.cpu_s);
        }
    }
    println!("threads   seconds   of processors   times as fast");
    let mut first = None;
    for (threads, [wall, cpu]) in threads.iter().zip(&mut took) {
        let (wall_s, cpu_s) = (median(wall)?, median(cpu)?);
        let first = *first.get_or_insert(wall_s);
        println!(
            "{threads:7}   {wall_s:7.1}   {cpu_s:13.1}   {:13.2}",
            first / wall_s
        );
    }
    Ok(())
}

/// Gives the middle one; of an even number the greater of two.
fn median(numbers: &mut [f64]) -> Result<f64> {
    numbers.sort_unstable_by(f64::total_cmp);
    let middle = numbers.get(numbers.len() / 2).copied();
    middle.context("nothing was measured: how many rounds?")
}

fn curve(of: &Of, efs: &[usize], k: usize) -> Result<()> {
    let Built { queries, index, .. } = build(of)?;
    println!(
        "{:.0} bytes a vector of codes and edges",
        index.bytes_per_vector()
    );
    let reach = index.reach();
    println!(
        "{} of {} nodes can be reached, {:.1} edges a node",
        reach.reached,
        reach.nodes,
        reach.edges as f64 / reach.nodes as f64
    );
    println!("    ef   recall  queries/s");
    for ef in efs {
        let asked = Asked {
            by: By::Graph { ef: *ef },
            k,
            queries: all(),
            filters: &[],
        };
        let recall = queries
            .nearest
            .recall(k, &index.search_all(&queries, &asked)?)?;
        let [rate, ..] = rates(&queries, &index, &asked, 1.0)?;
        println!("{ef:6}   {recall:.4}  {rate:9.0}");
    }
    Ok(())
}

fn worker(of: &Of) -> Result<()> {
    let built = build(of)?;
    let mut out = std::io::stdout();
    let hello = serde_json::json!({
        "ok": 1,
        "rss": time::resident_mb()?,
        "least": 10,
        "build_cpu_s": built.cpu_s,
        "build_s": built.wall_s,
        "bytes_per_vector": built.index.bytes_per_vector(),
    });
    writeln!(out, "{hello}")?;
    let mut filters = Filters::default();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let answer = answer(&built, &mut filters, &line).with_context(|| line.clone())?;
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// The filters that were asked for last.
#[derive(Default)]
struct Filters {
    path: Option<PathBuf>,
    filters: Vec<BitSet>,
}

impl Filters {
    fn read(&mut self, path: Option<PathBuf>, vectors: u32) -> Result<&[BitSet]> {
        if path != self.path {
            self.filters = match &path {
                Some(path) => set::read_filters(path, vectors)?,
                None => Vec::new(),
            };
            self.path = path;
        }
        Ok(&self.filters)
    }
}

fn answer(built: &Built, filters: &mut Filters, line: &str) -> Result<serde_json::Value> {
    let Built { queries, index, .. } = built;
    let question: Question = serde_json::from_str(line)?;
    let asked = Asked {
        by: match question.exact {
            true => By::Scan,
            false => By::Graph { ef: question.x },
        },
        k: question.k,
        queries: question.queries,
        filters: filters.read(question.filter, index.vectors())?,
    };
    Ok(match question.op {
        Op::Recall => {
            let found = index.search_all(queries, &asked)?;
            let recall = match question.nearest {
                Some(path) => Nearest::read(&path)?.recall(asked.k, &found)?,
                None => queries.nearest.recall(asked.k, &found)?,
            };
            serde_json::json!(recall)
        }
        Op::Time => serde_json::json!(rates(queries, index, &asked, question.sec)?),
    })
}

/// Searches the queries again and again for so many seconds. Answers queries per second by processor time, the same of
/// the best round, and by the clock.
fn rates(
    queries: &Queries,
    index: &UnderTest,
    asked: &Asked<'_>,
    seconds: f64,
) -> Result<[f64; 3]> {
    let (cpu, wall) = (time::of_thread()?, Instant::now());
    let (mut rounds, mut best) = (0.0, Duration::MAX);
    while rounds == 0.0 || wall.elapsed().as_secs_f64() < seconds {
        let start = time::of_thread()?;
        index.search_all(queries, asked)?;
        best = best.min(time::of_thread()? - start);
        rounds += 1.0;
    }
    let count = queries.vectors.rows().min(asked.queries) as f64;
    let cpu = (time::of_thread()? - cpu).as_secs_f64();
    Ok([
        count * rounds / cpu,
        count / best.as_secs_f64(),
        count * rounds / wall.elapsed().as_secs_f64(),
    ])
}
