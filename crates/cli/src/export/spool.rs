//! Vectors on their way from documents to an archive.

use anyhow::Context;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Vectors as they are found, in a file, until it is known in which order they are written.
pub(super) struct Spool {
    path: PathBuf,
    rows: BufWriter<File>,
    order: Vec<Place>,
}

/// Where a row is to go, and what belongs to it.
struct Place {
    /// The number of its document's last write.
    seq_no: u64,
    /// Its place in the file.
    at: u64,
    label: Label,
}

/// What a row is called, as far as it is written.
pub(super) struct Label {
    /// In the archive.
    pub(super) name: Option<String>,
    /// In the file of ids.
    pub(super) id: Option<String>,
}

impl Spool {
    /// Makes the file, which has no name, in a folder.
    pub(super) fn new(folder: &Path) -> anyhow::Result<Self> {
        let rows = tempfile::tempfile_in(folder).with_context(|| folder.display().to_string())?;
        Ok(Self {
            path: folder.to_owned(),
            rows: BufWriter::new(rows),
            order: Vec::new(),
        })
    }

    /// The number of rows in it.
    pub(super) fn len(&self) -> u64 {
        self.order.len() as u64
    }

    pub(super) fn keep(&mut self, seq_no: u64, label: Label, vector: &[f64]) -> anyhow::Result<()> {
        for number in vector {
            let bytes = number.to_le_bytes();
            self.rows
                .write_all(&bytes)
                .with_context(|| self.path.display().to_string())?;
        }
        let at = self.len();
        self.order.push(Place { seq_no, at, label });
        Ok(())
    }

    /// Hands out the vectors in the order in which their documents were last written, so that what was imported comes out
    /// as it came in. Answers whether all of them were taken: it ends where `each` says false.
    pub(super) fn drain(
        mut self,
        dims: usize,
        mut each: impl FnMut(&Label, &[f64]) -> anyhow::Result<bool>,
    ) -> anyhow::Result<bool> {
        let shown = self.path.display().to_string();
        let rows = self
            .rows
            .into_inner()
            .map_err(|error| error.into_error())
            .with_context(|| shown.clone())?;
        self.order
            .sort_unstable_by_key(|place| (place.seq_no, place.at));
        let mut bytes = vec![0; dims * size_of::<f64>()];
        let mut vector = Vec::with_capacity(dims);
        for place in &self.order {
            let start = place.at * bytes.len() as u64;
            rows.read_exact_at(&mut bytes, start)
                .with_context(|| shown.clone())?;
            let (numbers, _) = bytes.as_chunks();
            vector.clear();
            vector.extend(numbers.iter().copied().map(f64::from_le_bytes));
            if !each(&place.label, &vector)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
