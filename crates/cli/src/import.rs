//! `eidetic import`.

mod field;
mod ids;
mod row;

use crate::args::ImportArgs;
use crate::progress::Progress;
use crate::{DONE, PARTLY, folder, linked, output, stop};
use anyhow::{Context, anyhow, bail};
use archives::{ArchiveError, Number, Reader, Row};
use backends::Backend;
use document::{Condition, Document, Operation, Outcome, Vectors, Write};
use field::Field;
use ids::Ids;
use row::{Fields, shown};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// The most numbers that a field takes in a vector.
const MAX_DIMS: usize = 32_768;
/// Bytes of JSON in a batch, about, and bytes that a number takes there.
const BATCH_BYTES: usize = 8 << 20;
const NUMBER_BYTES: usize = 20;
/// The most documents in a batch, which is one sync of the disk.
const BATCH_ROWS: usize = 4_000;

/// What became of an archive's rows.
#[derive(Debug, Serialize)]
struct Summary {
    index: String,
    field: String,
    /// Documents that were not there before.
    created: u64,
    /// Documents that were replaced.
    updated: u64,
    failed: Vec<RowFailure>,
    seconds: f64,
    #[serde(skip)]
    stopped: bool,
}

/// A row that is no document.
#[derive(Debug, Serialize)]
struct RowFailure {
    /// From 0.
    row: u64,
    /// None in archives without names.
    name: Option<String>,
    reason: String,
}

pub(crate) async fn run(data: PathBuf, args: ImportArgs) -> anyhow::Result<u8> {
    let field = &args.archive.field;
    let inside = |inner: &str, outer: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let name_field = args.archive.name_field();
    if inside(name_field, field) || inside(field, name_field) {
        bail!("vectors and names need a field each, got {field} and {name_field}");
    }
    // Files that cannot be read make neither a folder nor an index.
    let (mut archive, mut ids) = tokio::task::block_in_place(|| open(&args))?;
    let field = Field::of(&args, archive.as_ref())?;
    let stop = stop::flag();
    let progress = Progress::of("rows", args.json);
    let summary = folder::within(&data, async |catalog| {
        let import = Import {
            backend: catalog.backend(),
            args: &args,
            fields: Fields {
                vectors: &args.archive.field,
                names: archive.has_names().then_some(name_field),
            },
            progress: &progress,
            stop: &stop,
        };
        field.map(catalog.backend()).await?;
        let summary = import.run(archive.as_mut(), &mut ids).await?;
        progress.finish();
        linked::wait(catalog.backend(), &summary.index, args.json, &stop).await?;
        Ok(summary)
    })
    .await;
    progress.finish();
    let summary = summary?;
    if args.json {
        output::json(&summary)?;
    } else {
        tell(&summary);
    }
    let complete = summary.failed.is_empty() && !summary.stopped;
    let any = summary.created + summary.updated > 0;
    Ok(if complete && any { DONE } else { PARTLY })
}

/// Opens the archive and the file of ids, and checks what can be known before any row is read.
fn open(args: &ImportArgs) -> anyhow::Result<(Box<dyn Reader>, Ids)> {
    let file = args.file.display();
    let datasets = args.archive.datasets();
    let archive = archives::open(&args.file, args.archive.format, &datasets);
    let archive = archive.map_err(|error| match error {
        ArchiveError::Ending { .. } => anyhow!("{error}; --format says it for any name"),
        error => error.into(),
    })?;
    let shape = archive.shape();
    if shape.dims > MAX_DIMS {
        bail!(
            "{file} holds vectors of {} dims, a field takes at most {MAX_DIMS}",
            shape.dims
        );
    }
    if let Some(field) = &args.archive.name_field
        && !archive.has_names()
    {
        bail!("{file} holds no names for --name-field {field}");
    }
    let ids = Ids::open(args.ids.as_deref(), archive.as_ref())?;
    Ok((archive, ids))
}

struct Import<'a> {
    backend: &'a dyn Backend,
    args: &'a ImportArgs,
    fields: Fields<'a>,
    progress: &'a Progress,
    stop: &'a AtomicBool,
}

impl Import<'_> {
    async fn run(&self, archive: &mut dyn Reader, ids: &mut Ids) -> anyhow::Result<Summary> {
        let start = Instant::now();
        let index = &self.args.archive.index;
        let shape = archive.shape();
        let mut summary = Summary {
            index: index.clone(),
            field: self.args.archive.field.clone(),
            created: 0,
            updated: 0,
            failed: Vec::new(),
            seconds: 0.0,
            stopped: false,
        };
        let batch = (BATCH_BYTES / (shape.dims * NUMBER_BYTES)).clamp(1, BATCH_ROWS);
        let mut first = 0;
        loop {
            summary.stopped = self.stop.load(Ordering::Relaxed);
            if summary.stopped {
                break;
            }
            let failed_before = summary.failed.len();
            let written = |what: String| format!("{what} (rows before row {first} are written)");
            let rows = tokio::task::block_in_place(|| archive.read(batch))
                .with_context(|| written("reading broke off".to_owned()))?;
            if rows.is_empty() {
                break;
            }
            let read = rows.len() as u64;
            self.write(rows, first, archive.number(), ids, &mut summary)
                .await
                .with_context(|| written(format!("writing to {index} broke off")))?;
            first += read;
            let failed = (summary.failed.len() - failed_before) as u64;
            self.progress.moved(shape.rows, read, failed);
        }
        self.backend.refresh(index).await?;
        summary.seconds = (start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        Ok(summary)
    }

    async fn write(
        &self,
        rows: Vec<Row>,
        first: u64,
        number: Number,
        ids: &mut Ids,
        summary: &mut Summary,
    ) -> anyhow::Result<()> {
        let mut writes = Vec::with_capacity(rows.len());
        let mut sent = Vec::with_capacity(rows.len());
        for (row, Row { name, vector }) in (first..).zip(rows) {
            let id = ids.of(row, name.as_ref())?;
            match self.fields.source(name.as_ref(), &vector, number) {
                Ok(source) => {
                    writes.push(Write {
                        id,
                        operation: Operation::Index(Document::new(&source, Vectors::new())?),
                        condition: Condition::Always,
                    });
                    sent.push((row, name));
                }
                Err(reason) => summary.failed.push(RowFailure {
                    row,
                    name: name.map(shown),
                    reason,
                }),
            }
        }
        if writes.is_empty() {
            return Ok(());
        }
        let answers = self.backend.bulk(&self.args.archive.index, writes).await?;
        for ((row, name), answer) in sent.into_iter().zip(answers) {
            match answer.map(|answer| answer.outcome) {
                Ok(Outcome::Created) => summary.created += 1,
                Ok(_) => summary.updated += 1,
                Err(error) => summary.failed.push(RowFailure {
                    row,
                    name: name.map(shown),
                    reason: error.failure.to_string(),
                }),
            }
        }
        summary.failed.sort_by_key(|failure| failure.row);
        Ok(())
    }
}

fn tell(summary: &Summary) {
    for RowFailure { row, name, reason } in &summary.failed {
        let name = name
            .as_ref()
            .map(|name| format!(" ({})", output::shown(name)));
        let name = name.unwrap_or_default();
        eprintln!("row {row}{name}: {}", output::shown(reason));
    }
    let mut parts = vec![format!("{} created", summary.created)];
    for (number, what) in [
        (summary.updated, "updated"),
        (summary.failed.len() as u64, "failed"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    let stopped = if summary.stopped {
        "; stopped, run it again to go on"
    } else {
        ""
    };
    eprintln!("{} in {:.1} s{stopped}", parts.join(", "), summary.seconds);
}
