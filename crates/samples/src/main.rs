//! Draws the sample pictures: `samples FOLDER` fills a folder with about 120 pictures in a dozen
//! kinds, the same ones on every machine, with EXIF and XMP as a camera and an album write them.
//!
//! To add a kind: one file in `scenes` with a `KIND`, and one line in `scenes.rs`.

mod blur;
mod canvas;
mod color;
mod file;
mod kind;
mod layer;
mod metadata;
mod noise;
mod plan;
mod scenery;
mod scenes;
mod terrain;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result};

/// Says that a folder holds all pictures; written last.
const COMPLETE: &str = ".complete";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: samples FOLDER\nDraws the sample pictures into FOLDER.");
        return ExitCode::from(2);
    };
    match fill(Path::new(&folder)) {
        Ok(message) => {
            say(&message);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Draws what is missing in `folder` and returns a line that says what was done.
///
/// # Errors
/// Fails when a picture cannot be written; the others are still drawn, and the next run goes on.
fn fill(folder: &Path) -> Result<String> {
    let pictures = plan::pictures(scenes::KINDS);
    let shown = folder.display();
    let complete = folder.join(COMPLETE);
    if complete.exists() {
        return Ok(format!(
            "{} sample pictures are already in {shown}",
            pictures.len()
        ));
    }
    eprintln!("drawing {} pictures into {shown}", pictures.len());
    fs::create_dir_all(folder).with_context(|| format!("cannot make folder {shown}"))?;

    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(pictures.len());
    let work = || -> Result<usize> {
        let mut drawn = 0;
        let mut failure = None;
        while let Some(picture) = pictures.get(next.fetch_add(1, Ordering::Relaxed)) {
            match file::write(folder, picture) {
                Ok(is_new) => drawn += usize::from(is_new),
                Err(error) => failure = Some(error.context(picture.path.clone())),
            }
        }
        failure.map_or(Ok(drawn), Err)
    };
    let drawn = thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let results = handles.into_iter().map(|handle| match handle.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        // All threads are waited for before the first failure is looked at.
        results
            .collect::<Vec<_>>()
            .into_iter()
            .sum::<Result<usize>>()
    })?;

    fs::write(&complete, "").with_context(|| format!("cannot write {}", complete.display()))?;
    Ok(format!(
        "drew {drawn} of {} sample pictures into {shown}",
        pictures.len()
    ))
}

#[expect(
    clippy::print_stdout,
    reason = "the answer of a command belongs on its standard output"
)]
fn say(message: &str) {
    println!("{message}");
}

#[cfg(test)]
mod tests;
