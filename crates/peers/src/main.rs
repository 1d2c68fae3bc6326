//! The program `peers`.
#![expect(clippy::print_stdout, reason = "what it finds is what it prints")]

use clap::{Parser, Subcommand};
use peers::{Differ, FAMILIES, Shape, differ};
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
    }
}
