//! Measures the vector index.
//!
//! A set is a folder with `X.fbin` (the vectors), `Q.fbin` (queries), `gt.ibin` (the exact nearest of each query) and
//! `metric` (`l2` or `cos`); the binary files hold the number of rows and of columns as u32, and then the rows.
#![expect(
    clippy::print_stdout,
    reason = "printing the figures is what it is for"
)]

mod set;
mod time;
mod under_test;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use serde::Deserialize;
use set::Set;
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use under_test::UnderTest;

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
}

#[derive(clap::Args)]
struct Of {
    /// The folder of the set.
    set: PathBuf,
    /// Threads that build.
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
enum Question {
    Recall { x: usize },
    Time { x: usize, sec: f64 },
}

fn main() -> Result<()> {
    match Args::parse().command {
        Command::Worker(of) => worker(&of),
        Command::Curve { of, ef, k } => curve(&of, &ef, k),
    }
}

fn build(of: &Of) -> Result<(Set, UnderTest)> {
    let set = Set::open(&of.set)?;
    let (cpu, wall) = (time::of_process()?, Instant::now());
    let index = UnderTest::build(&set, of.threads)?;
    eprintln!(
        "built in {:.1} s of processor time, {:.1} s",
        (time::of_process()? - cpu).as_secs_f64(),
        wall.elapsed().as_secs_f64()
    );
    Ok((set, index))
}

fn curve(of: &Of, efs: &[usize], k: usize) -> Result<()> {
    let (set, index) = build(of)?;
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
        let recall = index.recall(&set, k, *ef)?;
        let [rate, ..] = rates(&set, &index, k, *ef, 1.0)?;
        println!("{ef:6}   {recall:.4}  {rate:9.0}");
    }
    Ok(())
}

fn worker(of: &Of) -> Result<()> {
    let (set, index) = build(of)?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{}",
        serde_json::json!({"ok": 1, "rss": time::resident_mb()?})
    )?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let question: Question =
            serde_json::from_str(&line).with_context(|| format!("cannot read {line}"))?;
        let answer = match question {
            Question::Recall { x } => serde_json::json!(index.recall(&set, 10, x)?),
            Question::Time { x, sec } => serde_json::json!(rates(&set, &index, 10, x, sec)?),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// Searches all queries again and again for so many seconds. Answers queries per second by processor time, the same of
/// the best round, and by the clock.
fn rates(set: &Set, index: &UnderTest, k: usize, ef: usize, seconds: f64) -> Result<[f64; 3]> {
    let (cpu, wall) = (time::of_thread()?, Instant::now());
    let (mut rounds, mut best) = (0.0, Duration::MAX);
    while rounds == 0.0 || wall.elapsed().as_secs_f64() < seconds {
        let start = time::of_thread()?;
        index.search_all(set, k, ef)?;
        best = best.min(time::of_thread()? - start);
        rounds += 1.0;
    }
    let queries = set.queries.rows() as f64;
    let cpu = (time::of_thread()? - cpu).as_secs_f64();
    Ok([
        queries * rounds / cpu,
        queries / best.as_secs_f64(),
        queries * rounds / wall.elapsed().as_secs_f64(),
    ])
}
