//! `eidetic export`.

mod spool;
mod target;
mod value;

use crate::args::{ArchiveArgs, ExportArgs, Float};
use crate::progress::Progress;
use crate::{DONE, PARTLY, distance, folder, output, stop};
use anyhow::{Context, anyhow, bail};
use archives::{Contents, IdWriter, Number};
use backends::Backend;
use document::{FieldKind, Leaf, Stored, VectorField};
use serde::Serialize;
use spool::{Label, Spool};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use target::Target;

/// Documents that are read at once.
const BATCH: usize = 100;

/// What became of an index's documents.
#[derive(Debug, Serialize)]
struct Summary {
    index: String,
    field: String,
    exported: u64,
    /// Documents that have no vector in the field.
    without: u64,
    failed: Vec<DocumentFailure>,
    seconds: f64,
}

/// A document whose vector cannot be exported.
#[derive(Debug, Serialize)]
struct DocumentFailure {
    id: String,
    reason: String,
}

pub(crate) async fn run(data: PathBuf, args: ExportArgs) -> anyhow::Result<u8> {
    let target = Target::of(&args)?;
    folder::must_exist(&data)?;
    let progress = Progress::of("documents", args.json);
    let asked = stop::asked();
    let stop = Arc::new(AtomicBool::new(false));
    let set = stop.clone();
    tokio::spawn(async move {
        asked.await;
        set.store(true, Ordering::Relaxed);
    });
    let summary = folder::within(&data, async |catalog| {
        let export = Export {
            backend: catalog.backend(),
            args: &args,
            target: &target,
            progress: &progress,
            stop: &stop,
        };
        export.run().await
    })
    .await;
    progress.finish();
    let Some(summary) = summary? else {
        eprintln!("stopped: {} was not written", args.file.display());
        return Ok(PARTLY);
    };
    if args.json {
        output::json(&summary)?;
    } else {
        tell(&summary);
    }
    let complete = summary.failed.is_empty() && summary.exported > 0;
    Ok(if complete { DONE } else { PARTLY })
}

struct Export<'a> {
    backend: &'a dyn Backend,
    args: &'a ExportArgs,
    target: &'a Target<'a>,
    progress: &'a Progress,
    stop: &'a AtomicBool,
}

impl Export<'_> {
    /// Exports everything, or answers none where it was stopped.
    async fn run(&self) -> anyhow::Result<Option<Summary>> {
        let start = Instant::now();
        let ArchiveArgs { index, field, .. } = &self.args.archive;
        let (leaf, vector) = self.field().await?;
        let statuses = self.backend.indices().await?;
        let total = statuses
            .iter()
            .find(|status| status.name == *index)
            .map_or(0, |status| status.documents);
        let mut summary = Summary {
            index: index.clone(),
            field: field.clone(),
            exported: 0,
            without: 0,
            failed: Vec::new(),
            seconds: 0.0,
        };
        let mut spool = Spool::new(&self.target.folder())?;
        let mut after: Option<String> = None;
        loop {
            if self.stopped() {
                return Ok(None);
            }
            let page = self.backend.scan(index, after.as_deref(), BATCH).await?;
            let Some(last) = page.last() else {
                break;
            };
            after = Some(last.id.clone());
            let (read, failed) = (page.len() as u64, summary.failed.len());
            for stored in page {
                match value::vector_of(&stored, &leaf, &vector) {
                    Ok(Some(_)) if !self.has_line(&stored.id) => {
                        let reason =
                            "its id cannot be a line of a file of ids, HDF5 takes it as a name";
                        summary.failed.push(DocumentFailure {
                            id: stored.id,
                            reason: reason.to_owned(),
                        });
                    }
                    Ok(Some(numbers)) => {
                        spool.keep(stored.seq_no, self.label(stored), &numbers)?;
                    }
                    Ok(None) => summary.without += 1,
                    Err(error) => summary.failed.push(DocumentFailure {
                        id: stored.id,
                        reason: error.to_string(),
                    }),
                }
            }
            let failed = (summary.failed.len() - failed) as u64;
            self.progress.moved(total, read, failed);
        }
        summary.exported = spool.len();
        let write = || self.write(spool, &vector);
        if summary.exported > 0 && !tokio::task::block_in_place(write)? {
            return Ok(None);
        }
        summary.seconds = (start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        Ok(Some(summary))
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether a document can be in the file of ids, where there is one.
    fn has_line(&self, id: &str) -> bool {
        self.target.ids.is_none() || IdWriter::holds(id)
    }

    /// What a document's row is called, as far as it is written.
    fn label(&self, stored: Stored) -> Label {
        let named = self.target.format.has_names();
        Label {
            name: named.then(|| value::name_of(&stored, self.args.archive.name_field())),
            id: self.target.ids.is_some().then_some(stored.id),
        }
    }

    /// The field whose vectors are exported, and what vectors they are.
    async fn field(&self) -> anyhow::Result<(Leaf, VectorField)> {
        let ArchiveArgs {
            index,
            field,
            name_field,
            ..
        } = &self.args.archive;
        let mapping = self.backend.mapping(index).await?;
        let leaves = mapping.leaves();
        if let Some(name) = name_field
            && !leaves.iter().any(|leaf| leaf.path == *name)
        {
            bail!("index {index} has no field {name}");
        }
        let is_vector = |leaf: &&Leaf| matches!(leaf.kind, FieldKind::DenseVector(_));
        let vectors: Vec<&str> = leaves
            .iter()
            .filter(is_vector)
            .map(|leaf| leaf.path.as_str())
            .collect();
        let there = match vectors[..] {
            [] => "it has no vectors".to_owned(),
            _ => format!("vectors are in {}", vectors.join(", ")),
        };
        let leaf = leaves.iter().find(|leaf| leaf.path == *field);
        let leaf = leaf.ok_or_else(|| anyhow!("index {index} has no field {field}: {there}"))?;
        let FieldKind::DenseVector(vector) = &leaf.kind else {
            bail!(
                "field {field} of index {index} is mapped as {}: {there}",
                leaf.kind
            );
        };
        if leaf.nested.is_some() {
            bail!(
                "field {field} of index {index} lies in a nested object, whose vectors are not exported"
            );
        }
        Ok((leaf.clone(), vector.clone()))
    }

    /// Writes the files beside the places where they are to be, and puts them there; answers false where it was stopped.
    fn write(&self, spool: Spool, field: &VectorField) -> anyhow::Result<bool> {
        let Target {
            path, format, ids, ..
        } = self.target;
        let contents = Contents {
            dims: field.dims as usize,
            number: self.args.float.map(|float| match float {
                Float::Float32 => Number::F32,
                Float::Float64 => Number::F64,
            }),
            distance: distance::word(field.similarity),
        };
        let (archive, file) = target::start(path)?;
        let datasets = self.args.archive.datasets();
        let mut rows = archives::create(*format, path, file, contents, &datasets)?;
        let mut lines = match ids {
            Some(path) => {
                let (new, file) = target::start(path)?;
                Some((new, path, IdWriter::create(path, file)))
            }
            None => None,
        };
        let whole = spool.drain(contents.dims, |label, vector| {
            if self.stopped() {
                return Ok(false);
            }
            let name = label.name.as_deref().unwrap_or_default();
            rows.write(name, vector).with_context(|| {
                let document = label.id.as_deref().unwrap_or(name);
                format!(
                    "the vector of {document} does not fit into {}",
                    path.display()
                )
            })?;
            if let (Some((_, _, lines)), Some(id)) = (&mut lines, &label.id) {
                lines.write(id)?;
            }
            Ok(true)
        })?;
        if !whole {
            return Ok(false);
        }
        rows.finish()?;
        // Vectors are not there before their ids are.
        if let Some((new, path, lines)) = lines {
            lines.finish()?;
            self.target.place(new, path)?;
        }
        self.target.place(archive, path)?;
        Ok(true)
    }
}

fn tell(summary: &Summary) {
    for DocumentFailure { id, reason } in &summary.failed {
        eprintln!("{}: {}", output::shown(id), output::shown(reason));
    }
    let mut parts = vec![format!("{} exported", summary.exported)];
    for (number, what) in [
        (summary.without, "without a vector"),
        (summary.failed.len() as u64, "failed"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    let nothing = if summary.exported == 0 {
        "; nothing was written"
    } else {
        ""
    };
    eprintln!("{} in {:.1} s{nothing}", parts.join(", "), summary.seconds);
}
