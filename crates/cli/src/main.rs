//! The binary `eidetic`: flags to resolved options, one file per command, progress.

mod args;
mod check;
mod distance;
mod eval;
mod export;
mod folder;
mod import;
mod index;
mod linked;
mod output;
mod progress;
mod search;
mod serve;
mod stop;

use args::{Args, Command};
use clap::Parser;
use std::process::ExitCode;

/// Everything went well: something was found, all files were indexed, everything agrees.
const DONE: u8 = 0;
/// The command did its work, and there is something to tell: files that failed, nothing found, problems.
const PARTLY: u8 = 1;
/// The command could not do its work.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("eidetic: no threads can be started: {error}");
            return ExitCode::from(FAILED);
        }
    };
    let done = runtime.block_on(run(args));
    // A blocked read of the standard input is not waited for.
    runtime.shutdown_background();
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::from(DONE),
        Err(error) => {
            eprintln!("eidetic: {}", told(&error));
            ExitCode::from(FAILED)
        }
    }
}

/// An error and what caused it. Many errors say their cause themselves, and it is not said twice.
fn told(error: &anyhow::Error) -> String {
    let mut message = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !message.contains(&cause) {
            message = format!("{message}: {cause}");
        }
    }
    message
}

async fn run(args: Args) -> anyhow::Result<u8> {
    let data = args.data;
    match args.command {
        Command::Index(options) => index::run(folder::resolve(data)?, options).await,
        Command::Search(options) => search::run(folder::resolve(data)?, options).await,
        Command::Serve(options) => serve::run(folder::resolve(data)?, options).await,
        Command::Eval(options) => eval::run(options).await,
        Command::Import(options) => import::run(folder::resolve(data)?, options).await,
        Command::Export(options) => export::run(folder::resolve(data)?, options).await,
        Command::Check(options) => check::run(folder::resolve(data)?, options).await,
    }
}
