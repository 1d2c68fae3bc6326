//! `eidetic import`.

use crate::args::{ArchiveArgs, ImportArgs};
use crate::progress::Progress;
use crate::{DONE, PARTLY, folder, output, stop};
use anyhow::{Context, bail};
use archives::{Name, Number, Reader, Row};
use backends::Backend;
use document::{
    Condition, ErrorKind, FieldKind, Mapping, Operation, Outcome, Similarity, VectorField, Vectors,
    Write,
};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// The most numbers that Elasticsearch takes in a vector.
const MAX_DIMS: usize = 4_096;
/// Bytes of JSON in a batch, about, and bytes that a number takes there.
const BATCH_BYTES: usize = 8 << 20;
const NUMBER_BYTES: usize = 20;
/// The most documents in a batch, which is one sync of the disk.
const BATCH_ROWS: usize = 500;

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
    name: String,
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
    // A file that cannot be read makes neither a folder nor an index.
    let mut archive =
        tokio::task::block_in_place(|| archives::open(&args.file, &args.archive.datasets()))?;
    let dims = archive.shape().dims;
    if dims > MAX_DIMS {
        bail!(
            "{} holds vectors of {dims} dims, a field takes at most {MAX_DIMS}",
            args.file.display()
        );
    }
    let stop = stop::flag();
    let progress = Progress::of("rows", args.json);
    let summary = folder::within(&data, async |catalog| {
        let import = Import {
            backend: catalog.backend(),
            args: &args,
            name_field: args.archive.name_field(),
            progress: &progress,
            stop: &stop,
        };
        import.run(archive.as_mut()).await
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

struct Import<'a> {
    backend: &'a dyn Backend,
    args: &'a ImportArgs,
    name_field: &'a str,
    progress: &'a Progress,
    stop: &'a AtomicBool,
}

impl Import<'_> {
    async fn run(&self, archive: &mut dyn Reader) -> anyhow::Result<Summary> {
        let start = Instant::now();
        let index = &self.args.archive.index;
        let shape = archive.shape();
        self.map(shape.dims as u32).await?;
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
        let mut ids = Ids::default();
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
            self.write(rows, first, archive.number(), &mut ids, &mut summary)
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

    /// Sees to it that the index exists and has both fields.
    async fn map(&self, dims: u32) -> anyhow::Result<()> {
        let ArchiveArgs { index, field, .. } = &self.args.archive;
        let asked = |similarity: Option<Similarity>| {
            let similarity = similarity.unwrap_or(Similarity::Cosine);
            FieldKind::DenseVector(VectorField::new(dims, similarity))
        };
        let mut fresh = Mapping::new();
        fresh.insert(field, asked(self.args.similarity).into())?;
        fresh.insert(self.name_field, FieldKind::KEYWORD.into())?;
        let existing = match self.backend.mapping(index).await {
            Ok(mapping) => mapping,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(self.backend.create_index(index, fresh.into()).await?);
            }
            Err(error) => return Err(error.into()),
        };
        let leaf = existing
            .leaves()
            .into_iter()
            .find(|leaf| leaf.path == *field);
        let mut added = Mapping::new();
        match leaf.map(|leaf| leaf.kind) {
            None => added.insert(field, asked(self.args.similarity).into())?,
            Some(FieldKind::DenseVector(VectorField {
                extractor: Some(extractor),
                ..
            })) => bail!(
                "field {field} of index {index} holds vectors made by {extractor}, which cannot be compared with those \
                 of an archive"
            ),
            // The first vector decides about the dims of a field that has none.
            Some(FieldKind::DenseVector(there))
                if (there.dims == dims || there.dims == 0)
                    && self.args.similarity.unwrap_or(there.similarity) == there.similarity => {}
            Some(there) => bail!(
                "field {field} of index {index} is mapped as {there} and cannot become {}",
                asked(self.args.similarity)
            ),
        }
        match existing.get(self.name_field).map(|field| &field.kind) {
            Some(FieldKind::Keyword { .. } | FieldKind::Text(_)) => {}
            _ => added.insert(self.name_field, FieldKind::KEYWORD.into())?,
        }
        if added.fields().next().is_some() {
            self.backend.put_mapping(index, added).await?;
        }
        Ok(())
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
            match self.source(&name, &vector, number) {
                Ok((name, source)) => {
                    writes.push(Write {
                        id: ids.of(&name),
                        operation: Operation::Index(document::Document::new(
                            &source,
                            Vectors::new(),
                        )?),
                        condition: Condition::Always,
                    });
                    sent.push((row, name));
                }
                Err(reason) => summary.failed.push(RowFailure {
                    row,
                    name: shown(name),
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
                    name,
                    reason: error.failure.to_string(),
                }),
            }
        }
        summary.failed.sort_by_key(|failure| failure.row);
        Ok(())
    }

    /// The document of a row and its name, or why there is none.
    fn source(
        &self,
        name: &Name,
        vector: &[f64],
        number: Number,
    ) -> Result<(String, Map<String, Value>), String> {
        let name = match name {
            Name::Text(name) if name.is_empty() => return Err("the name is empty".to_owned()),
            Name::Text(name) => name.clone(),
            Name::NotUtf8(_) => return Err("the name is no UTF-8".to_owned()),
        };
        // Vectors are kept in 32 bits.
        let bad = |number: &f64| !(*number as f32).is_finite();
        if let Some(at) = vector.iter().position(bad) {
            let number = vector.get(at).copied().unwrap_or(f64::NAN);
            return Err(format!("number {at} of the vector is {number}"));
        }
        let number = |value: &f64| match number {
            Number::Whole => Value::from(*value as i64),
            Number::F32 | Number::F64 => Value::from(*value),
        };
        let vector = vector.iter().map(number).collect();
        let source = Map::from_iter([
            (self.args.archive.field.clone(), Value::Array(vector)),
            (self.name_field.to_owned(), Value::String(name.clone())),
        ]);
        Ok((name, source))
    }
}

/// Gives out ids: the name, and for names that come again the name with `#2`, `#3`, …, so that importing the same archive
/// again meets the same documents.
#[derive(Default)]
struct Ids {
    /// The ids given out, and the number to try next behind each.
    next: HashMap<String, u64>,
}

impl Ids {
    fn of(&mut self, name: &str) -> String {
        let Some(mut number) = self.next.get(name).copied() else {
            self.next.insert(name.to_owned(), 2);
            return name.to_owned();
        };
        let id = loop {
            let id = format!("{name}#{number}");
            number += 1;
            if !self.next.contains_key(&id) {
                break id;
            }
        };
        self.next.insert(name.to_owned(), number);
        self.next.insert(id.clone(), 2);
        id
    }
}

fn shown(name: Name) -> String {
    match name {
        Name::Text(name) | Name::NotUtf8(name) => name,
    }
}

fn tell(summary: &Summary) {
    for RowFailure { row, name, reason } in &summary.failed {
        let [name, reason] = [name, reason].map(|text| output::shown(text));
        eprintln!("row {row} ({name}): {reason}");
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

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn names_that_come_again_get_ids_of_their_own() {
        let names = ["a", "b", "a", "a", "a#2", "a", "a#2", "b#2", "b"];
        let mut ids = Ids::default();
        let given: Vec<String> = names.iter().map(|name| ids.of(name)).collect();
        let expected = [
            "a", "b", "a#2", "a#3", "a#2#2", "a#4", "a#2#3", "b#2", "b#3",
        ];
        assert_eq!(given, expected);
    }
}
