//! One text index: its folder, its writer, its commits.

use super::convert::to_tantivy;
use super::directory::SegmentFolder;
use super::fields::{Assignment, Fields};
use crate::disk::Disk;
use crate::error::{EngineError, Result};
use crate::values::Prepared;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tantivy::indexer::{IndexWriterOptions, UserOperation};
use tantivy::store::Compressor;
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher, Term};

/// Memory in which a segment grows before it is written.
const WRITER_BYTES: usize = 48 << 20;

/// What is written with each commit.
#[derive(Serialize, Deserialize)]
struct Payload {
    /// Every write before this seq_no is in the commit.
    covered: u64,
    assignment: Assignment,
}

pub(crate) struct TextIndex {
    pub(crate) fields: Fields,
    /// Every write before this seq_no is in the last commit.
    pub(crate) covered: u64,
    index: Index,
    reader: IndexReader,
    /// Opened by the first write: an open writer costs threads and memory.
    writer: Option<IndexWriter>,
    /// Whether something was written since the last commit.
    uncommitted: bool,
    folder: SegmentFolder,
    path: PathBuf,
}

impl TextIndex {
    /// Opens the index in the folder.
    ///
    /// # Errors
    /// When it is missing or damaged ([`EngineError::Corrupt`]), or cannot be read.
    pub(crate) fn open(path: &Path, disk: &Disk) -> Result<Self> {
        if !path.join("meta.json").exists() {
            return Err(EngineError::corrupt(path, "it has no meta.json"));
        }
        let unsynced = SegmentFolder::was_left_unsynced(path);
        let folder = SegmentFolder::open(path, disk.clone()).map_err(EngineError::io(path))?;
        let damaged = |error: tantivy::TantivyError| EngineError::corrupt(path, error.to_string());
        let index = Index::open(folder.clone()).map_err(damaged)?;
        if unsynced {
            let broken = index.validate_checksum().map_err(damaged)?;
            if let Some(file) = broken.iter().next() {
                return Err(EngineError::corrupt(
                    &path.join(file),
                    "its checksum does not fit",
                ));
            }
        }
        let meta = index.load_metas().map_err(damaged)?;
        let living = meta.segments.iter().map(|segment| {
            let name = segment.id().uuid_string();
            let deletes = segment
                .delete_opstamp()
                .map(|stamp| format!("{name}.{stamp}.del"));
            (name, deletes)
        });
        folder
            .remove_strays(&living.collect())
            .map_err(EngineError::io(path))?;
        let payload = meta.payload.unwrap_or_default();
        let payload: Payload = serde_json::from_str(&payload)
            .map_err(|error| EngineError::corrupt(path, format!("its commit says {error}")))?;
        let fields = Fields::with(payload.assignment);
        if fields.schema != index.schema() {
            return Err(EngineError::corrupt(
                path,
                "its schema is not the one of its commit",
            ));
        }
        Self::over(index, fields, payload.covered, folder, path)
    }

    /// Makes an empty index in the folder, in place of what is there.
    pub(crate) fn create(path: &Path, fields: Fields, disk: &Disk) -> Result<Self> {
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(EngineError::io(path)(error));
            }
            _ => {}
        }
        let folder = SegmentFolder::open(path, disk.clone()).map_err(EngineError::io(path))?;
        let settings = IndexSettings {
            docstore_compression: Compressor::None,
            ..IndexSettings::default()
        };
        let index = Index::create(folder.clone(), fields.schema.clone(), settings)
            .map_err(EngineError::text(path))?;
        let mut text = Self::over(index, fields, 0, folder, path)?;
        text.commit(0)?;
        Ok(text)
    }

    fn over(
        index: Index,
        fields: Fields,
        covered: u64,
        folder: SegmentFolder,
        path: &Path,
    ) -> Result<Self> {
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error| EngineError::corrupt(path, error.to_string()))?;
        let path = path.to_owned();
        Ok(Self {
            fields,
            covered,
            index,
            reader,
            writer: None,
            uncommitted: false,
            folder,
            path,
        })
    }

    fn error(&self, source: tantivy::TantivyError) -> EngineError {
        EngineError::text(&self.path)(source)
    }

    fn writer(&mut self) -> Result<&mut IndexWriter> {
        if self.writer.is_none() {
            let options = IndexWriterOptions::builder()
                .memory_budget_per_thread(WRITER_BYTES)
                .num_worker_threads(1)
                .num_merge_threads(1)
                .build();
            let writer = self
                .index
                .writer_with_options(options)
                .map_err(|source| self.error(source))?;
            self.writer = Some(writer);
        }
        Ok(self.writer.as_mut().expect("it was just opened"))
    }

    /// Puts a document in place of the one with its id. `slots` holds, part by part, the slots of the vectors by the
    /// path of their field.
    pub(crate) fn put(
        &mut self,
        id: &str,
        seq_no: u64,
        prepared: &Prepared,
        slots: &[BTreeMap<String, u32>],
    ) -> Result<()> {
        // Given as one run, the parts come to lie side by side in one segment, and merges keep them so.
        let mut run = vec![UserOperation::Delete(Term::from_field_text(
            self.fields.root,
            id,
        ))];
        for (part, slots) in prepared.parts.iter().zip(slots) {
            let part = to_tantivy(&self.fields, id, seq_no, part, slots);
            run.push(UserOperation::Add(part));
        }
        self.uncommitted = true;
        let added = self.writer()?.run(run);
        added.map(|_| ()).map_err(|source| {
            let cause = self.cause_of_end();
            self.error(cause.unwrap_or(source))
        })
    }

    /// Why the writer's thread ended, which what is given to it afterwards does not say. The writer is of no use any
    /// more: [`Self::rewind`] comes next.
    fn cause_of_end(&mut self) -> Option<tantivy::TantivyError> {
        self.writer.as_mut()?.prepare_commit().err()
    }

    /// Removes the document with this id.
    pub(crate) fn delete(&mut self, id: &str) -> Result<()> {
        let term = Term::from_field_text(self.fields.root, id);
        self.uncommitted = true;
        self.writer()?.delete_term(term);
        Ok(())
    }

    /// Whether a commit up to `covered` would change anything.
    pub(crate) fn needs_commit(&self, covered: u64) -> bool {
        self.uncommitted || self.covered != covered
    }

    /// Makes every write before `covered` findable. It is durable after [`Self::sync`].
    pub(crate) fn commit(&mut self, covered: u64) -> Result<()> {
        let payload = Payload {
            covered,
            assignment: self.fields.assignment().clone(),
        };
        let payload = serde_json::to_string(&payload).expect("a payload is JSON");
        let committed = (|| {
            let mut commit = self.writer()?.prepare_commit()?;
            commit.set_payload(&payload);
            commit.commit()?;
            self.reader.reload()?;
            Ok(())
        })();
        match committed {
            Ok(()) => {
                self.covered = covered;
                self.uncommitted = false;
                Ok(())
            }
            Err(Failure::Engine(error)) => Err(error),
            Err(Failure::Text(source)) => Err(self.error(source)),
        }
    }

    /// Forgets everything since the last commit.
    pub(crate) fn rewind(&mut self) {
        self.writer = None;
        self.uncommitted = false;
    }

    pub(crate) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Merges committed segments until at most `max_segments` are left; a single one is merged as well when
    /// documents of it were deleted.
    pub(crate) fn merge(&mut self, max_segments: usize) -> Result<()> {
        let mut segments = self
            .index
            .searchable_segment_metas()
            .map_err(|source| self.error(source))?;
        let deleted = segments.iter().any(|segment| segment.has_deletes());
        if segments.is_empty() || (segments.len() <= max_segments && !deleted) {
            return Ok(());
        }
        // The smallest are merged into one.
        segments.sort_by_key(tantivy::SegmentMeta::num_docs);
        let surplus = match deleted {
            true => segments.len(),
            false => segments.len() - max_segments.max(1) + 1,
        };
        let ids: Vec<_> = segments[..surplus].iter().map(|meta| meta.id()).collect();
        let merged = self.writer()?.merge(&ids).wait();
        merged.map_err(|source| self.error(source))?;
        self.reader.reload().map_err(|source| self.error(source))
    }

    /// Whether everything committed is on the disk.
    pub(crate) fn is_synced(&self) -> bool {
        self.folder.is_synced()
    }

    /// Brings everything committed to the disk.
    pub(crate) fn sync(&self) -> Result<()> {
        self.folder.sync().map_err(EngineError::io(&self.path))
    }

    /// Lists the files whose checksums do not fit.
    pub(crate) fn broken_files(&self) -> Result<Vec<PathBuf>> {
        let broken = self
            .index
            .validate_checksum()
            .map_err(|source| self.error(source))?;
        Ok(broken
            .into_iter()
            .map(|file| self.path.join(file))
            .collect())
    }

    /// Waits for merges to end and gives the writer back.
    pub(crate) fn close_writer(&mut self) -> Result<()> {
        match self.writer.take() {
            Some(writer) => writer
                .wait_merging_threads()
                .map_err(|source| self.error(source)),
            None => Ok(()),
        }
    }
}

enum Failure {
    Engine(EngineError),
    Text(tantivy::TantivyError),
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<tantivy::TantivyError> for Failure {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Text(error)
    }
}
