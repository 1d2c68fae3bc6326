//! The program as people and scripts run it: its commands, what they write and how they end.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]
#![expect(
    clippy::print_stdout,
    reason = "a test that is skipped says so where scripts/test.sh looks for it"
)]

mod architecture;
mod asks;
mod bulk_kill;
mod caltech;
mod check;
mod conformance;
mod connection;
mod embedding;
mod eval;
mod files;
mod full_disk;
mod graph_kill;
mod holder;
mod import;
mod index;
mod kill;
mod names;
mod pictures;
mod program;
mod rights;
mod search;
mod vectors;
