//! How far a run is, for people.

use crate::output::shown;
use catalog::{Event, Failure};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Without a terminal, a line is written each time so many files were dealt with.
const LINE_EVERY: u64 = 1_000;

/// Shows how far a run is: a bar on a terminal, lines otherwise. It writes to the standard error.
pub(crate) struct Progress {
    what: &'static str,
    quiet: bool,
    bar: Option<ProgressBar>,
    start: Instant,
    files: AtomicU64,
    /// Those that were dealt with before this began.
    before: AtomicU64,
    total: AtomicU64,
    failed: AtomicU64,
}

impl Progress {
    /// Shows progress, or nothing at all where the output is for machines.
    pub(crate) fn new(quiet: bool) -> Self {
        Self::of("files", quiet)
    }

    /// Shows the progress of a run over something else than files.
    pub(crate) fn of(what: &'static str, quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::no_length();
            let style = ProgressStyle::with_template(&format!(
                "{{bar:30}} {{pos}}/{{len}} {what}  {{per_sec}}  {{eta}} left  {{msg}}"
            ));
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        let number = || AtomicU64::new(0);
        Self {
            what,
            quiet,
            bar,
            start: Instant::now(),
            files: number(),
            before: number(),
            total: number(),
            failed: number(),
        }
    }

    /// Says that so many were dealt with before this began.
    pub(crate) fn begin_at(&self, number: u64) {
        self.before.store(number, Ordering::Relaxed);
        self.files.store(number, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.set_position(number);
            bar.reset_eta();
        }
    }

    /// Shows an event of indexing. `lines` says whether lines are written where there is no terminal.
    pub(crate) fn show(&self, event: &Event, lines: bool) {
        match event {
            Event::Counted { files } => {
                self.total.store(*files, Ordering::Relaxed);
                if let Some(bar) = &self.bar {
                    bar.set_length(*files);
                }
            }
            Event::Visited { files } => self.advance(*files, lines),
            Event::Failed(_) => self.fail(1),
            Event::Waiting if lines => {
                eprintln!("another run indexes into the same index: waiting until it is over");
            }
            Event::Waiting | Event::Indexed { .. } => {}
        }
    }

    /// Shows that one of `total` pictures was seen.
    pub(crate) fn seen(&self, total: usize) {
        self.total.store(total as u64, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.set_length(total as u64);
        }
        self.advance(1, true);
    }

    /// Shows that so many more of `total` were dealt with, some of which failed.
    pub(crate) fn moved(&self, total: u64, number: u64, failed: u64) {
        self.total.store(total, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.set_length(total);
        }
        if failed > 0 {
            self.fail(failed);
        }
        self.advance(number, !self.quiet);
    }

    fn fail(&self, number: u64) {
        let failed = self.failed.fetch_add(number, Ordering::Relaxed) + number;
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{failed} failed"));
        }
    }

    fn advance(&self, files: u64, lines: bool) {
        let before = self.files.fetch_add(files, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.inc(files);
        } else if lines && before / LINE_EVERY != (before + files) / LINE_EVERY {
            let own = before + files - self.before.load(Ordering::Relaxed);
            let rate = own as f64 / self.start.elapsed().as_secs_f64().max(1e-3);
            let total = self.total.load(Ordering::Relaxed);
            let failed = self.failed.load(Ordering::Relaxed);
            eprintln!(
                "{}/{total} {}, {rate:.0}/s, {failed} failed",
                before + files,
                self.what
            );
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Lists files that failed, with their reasons.
pub(crate) fn list_failures(failed: &[Failure]) {
    for Failure { path, reason } in failed {
        eprintln!("{}: {}", shown(path), shown(reason));
    }
}
