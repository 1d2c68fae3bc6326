//! Plays scenarios to an engine from the command line: `conformance play --url URL --engine ENGINE FILES`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use conformance::{Engine, Options, play};

/// Plays requests to a search engine and compares its answers.
#[derive(Debug, Parser)]
enum Command {
    /// Plays scenarios and says which do not hold; ends with 1 where one does not, and with 2 where none could be played.
    Play {
        /// Where the engine listens.
        #[arg(long, default_value = "http://127.0.0.1:9200")]
        url: String,
        /// Which engine it is: elasticsearch-8, opensearch-3 or eidetic.
        #[arg(long, default_value = "eidetic")]
        engine: Engine,
        /// Play only scenarios whose name contains this.
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
        /// Files of scenarios.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

fn main() -> ExitCode {
    let Command::Play {
        url,
        engine,
        only,
        files,
    } = Command::parse();
    let options = Options {
        url,
        engine,
        only,
        files,
    };
    match play(&options) {
        Ok(report) => {
            let written = writeln!(std::io::stdout(), "{report}");
            // Whoever closed the pipe wants no more lines; the exit code still tells.
            ExitCode::from(u8::from(written.is_err() || !report.failures.is_empty()))
        }
        Err(error) => {
            eprintln!("conformance: {error}");
            ExitCode::from(2)
        }
    }
}
