//! The program `peers`.
#![expect(clippy::print_stdout, reason = "what it finds is what it prints")]

use clap::{Parser, Subcommand, ValueEnum};
use peers::{Differ, Engine, FAMILIES, Load, Shape, differ, load, malformed};
use std::process::ExitCode;

/// Compares servers that speak Elasticsearch's API.
#[derive(Parser)]
struct Flags {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes the same random corpus to two servers, asks both the same random requests and prints where they differ.
    Differ {
        /// The server that is right.
        #[arg(long)]
        left: String,
        /// The server that is tried.
        #[arg(long)]
        right: String,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[arg(long, default_value_t = 3000)]
        documents: usize,
        #[arg(long, default_value_t = 300)]
        requests: usize,
        /// Asks this family alone.
        #[arg(long, value_parser = FAMILIES)]
        family: Option<String>,
        /// Leaves vector fields out, which not every server knows.
        #[arg(long)]
        without_vectors: bool,
        /// Leaves the indices where they are.
        #[arg(long)]
        keep: bool,
    },
    /// Sends requests that cannot be served, and prints which of them the server does not refuse as it should.
    Malformed {
        #[arg(long)]
        url: String,
        /// Prints the others as well.
        #[arg(long)]
        all: bool,
        /// Sends also what a real engine did not survive.
        #[arg(long)]
        fatal: bool,
    },
    /// Measures bulk and searches; prints results as lines of JSON.
    Load {
        #[arg(long)]
        url: String,
        #[arg(long)]
        engine: Kind,
        #[arg(long, default_value_t = 10_000)]
        documents: usize,
        #[arg(long, default_value_t = 512)]
        dims: usize,
        /// Numbers of clients that ask at the same time.
        #[arg(long, value_delimiter = ',', default_values_t = [1, 8])]
        clients: Vec<usize>,
        /// Requests of each measurement.
        #[arg(long, default_value_t = 1000)]
        requests: usize,
        /// The server's process, to read its processor time.
        #[arg(long)]
        pid: Option<u32>,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Elasticsearch,
    Opensearch,
    Eidetic,
}

fn main() -> ExitCode {
    match run(Flags::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("peers: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Runs a command; false when it found what should not be.
fn run(command: Command) -> anyhow::Result<bool> {
    match command {
        Command::Differ {
            left,
            right,
            seed,
            documents,
            requests,
            family,
            without_vectors,
            keep,
        } => {
            println!("seed {seed}");
            let shape = Shape {
                documents,
                vectors: !without_vectors,
            };
            let report = differ(&Differ {
                left,
                right,
                seed,
                shape,
                requests,
                family,
                keep,
            })?;
            print!("{report}");
            Ok(report.disagreements.is_empty())
        }
        Command::Malformed { url, all, fatal } => {
            let outcomes = malformed(&url, fatal)?;
            for outcome in outcomes
                .iter()
                .filter(|outcome| all || outcome.wrong.is_some())
            {
                println!("{outcome}");
            }
            let wrong = outcomes
                .iter()
                .filter(|outcome| outcome.wrong.is_some())
                .count();
            println!(
                "{} sent, {wrong} not refused as they should be",
                outcomes.len()
            );
            Ok(wrong == 0)
        }
        Command::Load {
            url,
            engine,
            documents,
            dims,
            clients,
            requests,
            pid,
            seed,
        } => {
            let engine = match engine {
                Kind::Elasticsearch => Engine::Elasticsearch,
                Kind::Opensearch => Engine::Opensearch,
                Kind::Eidetic => Engine::Eidetic,
            };
            if clients.contains(&0) {
                anyhow::bail!("clients: expected 1 or more, got 0");
            }
            let options = Load {
                url,
                engine,
                documents,
                dims,
                clients,
                requests,
                pid,
                seed,
            };
            load(&options, |line| println!("{line}"))?;
            Ok(true)
        }
    }
}
