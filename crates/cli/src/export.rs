//! `eidetic export`.

use crate::args::{ArchiveArgs, ExportArgs, Float};
use crate::progress::Progress;
use crate::{DONE, PARTLY, folder, output, stop};
use anyhow::{Context, anyhow, bail};
use archives::{Format, Number};
use backends::Backend;
use document::{FieldKind, Leaf, Stored};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fs::{File, Permissions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Instant;

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
    let format = Format::of_name(&args.file)?;
    if !args.overwrite && args.file.try_exists()? {
        bail!(
            "{} exists already: --overwrite replaces it",
            args.file.display()
        );
    }
    folder::must_exist(&data)?;
    let progress = Progress::of("documents", args.json);
    let stop = stop::asked();
    let summary = folder::within(&data, async |catalog| {
        let export = Export {
            backend: catalog.backend(),
            args: &args,
            format,
            progress: &progress,
        };
        tokio::select! {
            summary = export.run() => summary.map(Some),
            () = stop => Ok(None),
        }
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
    format: Format,
    progress: &'a Progress,
}

/// Vectors as they are found, in a file, until it is known in which order they are written.
struct Spool {
    path: PathBuf,
    rows: BufWriter<File>,
    /// Where each is to go: the number of its document's last write, its place in the file, and its name.
    order: Vec<(u64, u64, String)>,
}

impl Export<'_> {
    async fn run(&self) -> anyhow::Result<Summary> {
        let start = Instant::now();
        let ArchiveArgs { index, field, .. } = &self.args.archive;
        let (leaf, dims) = self.field().await?;
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
        let folder = parent(&self.args.file);
        let io = || folder.display().to_string();
        let rows = tempfile::tempfile_in(&folder).with_context(io)?;
        let mut spool = Spool {
            path: folder.clone(),
            rows: BufWriter::new(rows),
            order: Vec::new(),
        };
        let mut after: Option<String> = None;
        loop {
            let page = self.backend.scan(index, after.as_deref(), BATCH).await?;
            let Some(last) = page.last() else {
                break;
            };
            after = Some(last.id.clone());
            let (read, failed) = (page.len() as u64, summary.failed.len());
            for stored in page {
                match vector_of(&stored, &leaf, dims) {
                    Ok(Some(vector)) => {
                        let name = name_of(&stored, self.args.archive.name_field());
                        spool.keep(stored.seq_no, name, &vector)?;
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
        summary.exported = spool.order.len() as u64;
        if summary.exported > 0 {
            tokio::task::block_in_place(|| self.write(spool, dims, &folder))?;
        }
        summary.seconds = (start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        Ok(summary)
    }

    /// The field whose vectors are exported, and their dims.
    async fn field(&self) -> anyhow::Result<(Leaf, usize)> {
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
        Ok((leaf.clone(), vector.dims as usize))
    }

    /// Writes the archive beside the place where it is to be, and puts it there.
    fn write(&self, spool: Spool, dims: usize, folder: &Path) -> anyhow::Result<()> {
        let path = &self.args.file;
        let number = match self.args.float {
            Float::Float32 => Number::F32,
            Float::Float64 => Number::F64,
        };
        // As open to others as any file that is made.
        let new = tempfile::Builder::new()
            .prefix(".eidetic-")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)
            .with_context(|| folder.display().to_string())?;
        let file = new
            .as_file()
            .try_clone()
            .with_context(|| path.display().to_string())?;
        let datasets = self.args.archive.datasets();
        let mut writer = archives::create(self.format, path, file, dims, number, &datasets)?;
        spool.drain(dims, |name, vector| writer.write(name, vector))?;
        writer.finish()?;
        let placed = if self.args.overwrite {
            new.persist(path)
        } else {
            new.persist_noclobber(path)
        };
        placed.map_err(|error| anyhow!("{}: {}", path.display(), error.error))?;
        Ok(())
    }
}

impl Spool {
    fn keep(&mut self, seq_no: u64, name: String, vector: &[f64]) -> anyhow::Result<()> {
        for number in vector {
            let bytes = number.to_le_bytes();
            self.rows
                .write_all(&bytes)
                .with_context(|| self.path.display().to_string())?;
        }
        let place = self.order.len() as u64;
        self.order.push((seq_no, place, name));
        Ok(())
    }

    /// Hands out the vectors in the order in which their documents were last written, so that what was imported comes out
    /// as it came in.
    fn drain(
        mut self,
        dims: usize,
        mut each: impl FnMut(&str, &[f64]) -> archives::Result<()>,
    ) -> anyhow::Result<()> {
        let shown = self.path.display().to_string();
        let rows = self
            .rows
            .into_inner()
            .map_err(|error| error.into_error())
            .with_context(|| shown.clone())?;
        self.order.sort_unstable();
        let mut bytes = vec![0; dims * size_of::<f64>()];
        let mut vector = Vec::with_capacity(dims);
        for (_, place, name) in self.order {
            let start = place * bytes.len() as u64;
            rows.read_exact_at(&mut bytes, start)
                .with_context(|| shown.clone())?;
            let (numbers, _) = bytes.as_chunks();
            vector.clear();
            vector.extend(numbers.iter().copied().map(f64::from_le_bytes));
            each(&name, &vector)?;
        }
        Ok(())
    }
}

/// The folder of a file.
fn parent(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A document's vector: what was derived from it, or the array in its source.
fn vector_of(stored: &Stored, leaf: &Leaf, dims: usize) -> anyhow::Result<Option<Vec<f64>>> {
    let vector = match stored.document.vectors.get(&leaf.path) {
        Some(vector) => vector.iter().copied().map(f64::from).collect(),
        None => match in_source(&stored.document.source, &leaf.source) {
            Some(found) if found.get() != "null" => numbers(found)
                .with_context(|| format!("field {} holds no array of numbers", leaf.path))?,
            _ => return Ok(None),
        },
    };
    if vector.len() != dims {
        let got = vector.len();
        bail!("field {} holds {got} numbers, expected {dims}", leaf.path);
    }
    Ok(Some(vector))
}

/// Numbers as they were written: JSON's reader may be off by the last bit, which `parse` is not.
fn numbers(value: &RawValue) -> anyhow::Result<Vec<f64>> {
    let members: Vec<&RawValue> = serde_json::from_str(value.get())?;
    members
        .into_iter()
        .map(|member| Ok(member.get().parse()?))
        .collect()
}

/// A document's name: the first text in the field, or its id.
fn name_of(stored: &Stored, field: &str) -> String {
    let text = |found: &RawValue| -> Option<String> {
        match serde_json::from_str(found.get()).ok()? {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Array(texts) => texts
                .into_iter()
                .find_map(|text| text.as_str().map(str::to_owned)),
            _ => None,
        }
    };
    in_source(&stored.document.source, field)
        .and_then(text)
        .unwrap_or_else(|| stored.id.clone())
}

/// The value at a path, through names that hold dots themselves.
fn in_source<'a>(source: &'a [u8], path: &str) -> Option<&'a RawValue> {
    let source: &RawValue = serde_json::from_slice(source).ok()?;
    at(source, path)
}

fn at<'a>(value: &'a RawValue, path: &str) -> Option<&'a RawValue> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(value.get()).ok()?;
    members.into_iter().find_map(|(name, member)| {
        let rest = path.strip_prefix(&name)?;
        if rest.is_empty() {
            return Some(member);
        }
        at(member, rest.strip_prefix('.')?)
    })
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
