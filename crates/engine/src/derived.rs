//! What is derived from the truth of one index: its text index and its vectors.
//!
//! Both can be made again at any time. Each says up to which seq_no it holds what was written, and applying a write
//! that is in it already is harmless.

mod vectors;

use crate::error::{EngineError, Result};
use crate::graph::Pending;
use crate::options::Options;
use crate::snapshot::VectorView;
use crate::text::{Fields, Pools, TextIndex};
use crate::values::Prepared;
use document::Leaf;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};
use vectors::{VectorIndex, is_store, rows_place, vector_fields};

/// An extent of the vectors of one field.
#[derive(Debug, Default)]
pub(crate) struct Place {
    path: String,
    extent: u32,
}

/// The slots of the vectors of one part of a document, by the path of their field.
type Slots = BTreeMap<String, u32>;

pub(crate) struct Derived {
    pub(crate) text: TextIndex,
    vectors: BTreeMap<String, VectorIndex>,
    /// Slots of documents written since the last commit, part by part; empty for those deleted.
    pending: HashMap<String, Vec<Slots>>,
    /// The text index as of the last commit.
    committed: Searcher,
    folder: PathBuf,
    options: Options,
    /// What was found to be damaged and made again, until somebody asks.
    mended: Vec<String>,
}

impl Derived {
    /// Opens what is there.
    ///
    /// # Errors
    /// When anything is missing or damaged: then [`Self::create`] and everything is applied again.
    pub(crate) fn open(folder: &Path, leaves: &[Arc<Leaf>], options: &Options) -> Result<Self> {
        let mut text = TextIndex::open(&folder.join("text"), &options.disk)?;
        text.fields
            .assign(leaves)
            .map_err(|_| EngineError::corrupt(folder, "the mapping has outgrown the text index"))?;
        let committed = text.searcher();
        let mut vectors = BTreeMap::new();
        for (path, field) in vector_fields(leaves) {
            let file = rows_place(folder, &path);
            let index = if text.covered == 0 && !is_store(&file) {
                // The field was mapped and nothing was written since.
                VectorIndex::create(&file, field, options)?
            } else {
                VectorIndex::open(&file, (&path, field), (&text.fields, &committed), options)?
            };
            vectors.insert(path, index);
        }
        Ok(Self {
            text,
            vectors,
            pending: HashMap::new(),
            committed,
            folder: folder.to_owned(),
            options: options.clone(),
            mended: Vec::new(),
        })
    }

    /// Makes everything anew, empty, in place of what is there.
    pub(crate) fn create(folder: &Path, leaves: &[Arc<Leaf>], options: &Options) -> Result<Self> {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(EngineError::io(folder)(error));
            }
            _ => {}
        }
        fs::create_dir_all(folder).map_err(EngineError::io(folder))?;
        let mut fields = Fields::new(Pools::START);
        while let Err(pools) = fields.assign(leaves) {
            fields = Fields::new(pools);
        }
        let text = TextIndex::create(&folder.join("text"), fields, &options.disk)?;
        let mut vectors = BTreeMap::new();
        for (path, field) in vector_fields(leaves) {
            let index = VectorIndex::create(&rows_place(folder, &path), field, options)?;
            vectors.insert(path, index);
        }
        let committed = text.searcher();
        Ok(Self {
            text,
            vectors,
            pending: HashMap::new(),
            committed,
            folder: folder.to_owned(),
            options: options.clone(),
            mended: Vec::new(),
        })
    }

    /// Every write before this seq_no is in all that is derived, as far as it was brought to the disk.
    pub(crate) fn covered(&self) -> u64 {
        let vectors = self.vectors.values().map(|index| index.store.covered());
        vectors
            .min()
            .map_or(self.text.covered, |covered| covered.min(self.text.covered))
    }

    /// Gives the fields of a grown mapping their place. False when the text index is too small for them, and
    /// everything has to be made anew.
    pub(crate) fn grow(&mut self, leaves: &[Arc<Leaf>]) -> Result<bool> {
        if self.text.fields.assign(leaves).is_err() {
            return Ok(false);
        }
        for (path, field) in vector_fields(leaves) {
            if !self.vectors.contains_key(&path) {
                let file = rows_place(&self.folder, &path);
                self.vectors
                    .insert(path, VectorIndex::create(&file, field, &self.options)?);
            }
        }
        Ok(true)
    }

    /// Puts a document in place of the one with its id.
    pub(crate) fn put(&mut self, id: &str, seq_no: u64, prepared: &Prepared) -> Result<()> {
        self.release(id)?;
        let mut slots = Vec::with_capacity(prepared.parts.len());
        for part in &prepared.parts {
            let mut own = Slots::new();
            for path in part.vectors.keys() {
                if let Some(index) = self.vectors.get_mut(path) {
                    own.insert(path.clone(), index.slots.allocate()?);
                }
            }
            slots.push(own);
        }
        // Remembered before anything is written, so that a failure leaves no slot behind.
        self.pending.insert(id.to_owned(), slots.clone());
        for (part, slots) in prepared.parts.iter().zip(&slots) {
            for (path, vector) in &part.vectors {
                if let Some((index, slot)) = self.vectors.get_mut(path).zip(slots.get(path)) {
                    index.store.write(*slot, vector)?;
                }
            }
        }
        self.text.put(id, seq_no, prepared, &slots)
    }

    /// Removes a document.
    pub(crate) fn delete(&mut self, id: &str) -> Result<()> {
        self.release(id)?;
        self.pending.insert(id.to_owned(), Vec::new());
        self.text.delete(id)
    }

    /// Gives the slots of a document back.
    fn release(&mut self, id: &str) -> Result<()> {
        let slots = match self.pending.remove(id) {
            Some(slots) => slots,
            None => self.committed_slots(id)?,
        };
        self.release_slots(&slots)
    }

    fn release_slots(&mut self, slots: &[Slots]) -> Result<()> {
        for (path, slot) in slots.iter().flatten() {
            if let Some(index) = self.vectors.get_mut(path) {
                // After a rewind the slots of the last commit may have been given back already.
                if index.slots.live().contains(*slot) {
                    index.slots.release(*slot)?;
                }
            }
        }
        Ok(())
    }

    /// Forgets everything applied since the last commit, after a failure in the middle of it. What came after
    /// [`TextIndex::covered`] has to be applied again.
    pub(crate) fn rewind(&mut self) -> Result<()> {
        let pending: Vec<Slots> = self.pending.drain().flat_map(|(_, slots)| slots).collect();
        self.release_slots(&pending)?;
        self.text.rewind();
        Ok(())
    }

    fn committed_slots(&self, id: &str) -> Result<Vec<Slots>> {
        let find = || -> tantivy::Result<Vec<Slots>> {
            let mut parts = Vec::new();
            let term = Term::from_field_text(self.text.fields.root, id);
            let query = TermQuery::new(term, IndexRecordOption::Basic);
            let found = self
                .committed
                .search(&query, &tantivy::collector::DocSetCollector)?;
            for address in found {
                let segment = self.committed.segment_reader(address.segment_ord);
                let mut slots = Slots::new();
                for path in self.vectors.keys() {
                    let Some(columns) = self.text.fields.get(path) else {
                        continue;
                    };
                    let column = segment.fast_fields().column_opt::<u64>(&columns.name)?;
                    if let Some(slot) = column.and_then(|column| column.first(address.doc_id)) {
                        slots.insert(path.clone(), slot as u32);
                    }
                }
                parts.push(slots);
            }
            Ok(parts)
        };
        find().map_err(EngineError::text(&self.folder))
    }

    /// Makes everything applied findable. Slots freed before are given out again once every snapshot older than
    /// `generation` is gone; `oldest` is the oldest that lives.
    pub(crate) fn commit(&mut self, covered: u64, generation: u64, oldest: u64) -> Result<()> {
        // Opening a folder to which nothing was written since leaves its files as they are.
        if self.text.needs_commit(covered) {
            self.text.commit(covered)?;
            self.committed = self.text.searcher();
        }
        self.pending.clear();
        for index in self.vectors.values_mut() {
            index.slots.publish(generation)?;
            index.reclaim(oldest)?;
        }
        Ok(())
    }

    /// Brings what is committed into at most `max_segments` segments, without what was deleted.
    pub(crate) fn merge(&mut self, max_segments: usize) -> Result<()> {
        self.text.merge(max_segments)?;
        self.committed = self.text.searcher();
        Ok(())
    }

    pub(crate) fn searcher(&self) -> Searcher {
        self.committed.clone()
    }

    /// Answers the vectors as they are now.
    pub(crate) fn views(&mut self) -> Result<BTreeMap<String, VectorView>> {
        let mut views = BTreeMap::new();
        for (path, index) in &mut self.vectors {
            let rows = index.store.reader(index.slots.live())?;
            let field = index.field.clone();
            views.insert(
                path.clone(),
                VectorView {
                    field,
                    rows,
                    graph: index.graph.clone(),
                    pending: Pending::default(),
                    documents: OnceLock::new(),
                },
            );
        }
        Ok(views)
    }

    /// Brings everything committed to the disk.
    pub(crate) fn checkpoint(&mut self) -> Result<()> {
        for index in self.vectors.values_mut() {
            index.store.checkpoint(self.text.covered)?;
        }
        self.text.sync()
    }

    /// Remembers that what was derived before was damaged.
    pub(crate) fn has_mended(&mut self, what: &EngineError) {
        self.mended
            .push(format!("{what}; what is derived is made again"));
    }

    /// Takes over what another one, in whose place this is, has not told yet.
    pub(crate) fn tell_for(&mut self, other: &mut Self) {
        self.mended.extend(other.take_mended());
    }

    /// Answers, once, what was found to be damaged and was made again.
    pub(crate) fn take_mended(&mut self) -> Vec<String> {
        let mut mended = std::mem::take(&mut self.mended);
        for index in self.vectors.values() {
            mended.extend(index.graph.iter().flat_map(|graph| graph.take_mended()));
        }
        mended
    }

    /// Names the places whose checksums do not fit. What was written since the last checkpoint has none yet.
    pub(crate) fn damage(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for file in self.text.broken_files()? {
            found.push(format!("{}: its checksum does not fit", file.display()));
        }
        for index in self.vectors.values() {
            let problems = index.store.verify();
            found.extend(problems.iter().map(|problem| problem.error.to_string()));
        }
        Ok(found)
    }

    /// Verifies the extent of vectors at a place, or the first one after it, as far as it was not written since the last
    /// checkpoint. Answers what is wrong with it and the place after it; none where no extent is left.
    pub(crate) fn verify_from(&self, place: &Place) -> Option<(Option<EngineError>, Place)> {
        let from = (Bound::Included(place.path.as_str()), Bound::Unbounded);
        let mut fields = self.vectors.range::<str, _>(from);
        let (path, index, extent) = fields.find_map(|(path, index)| {
            let extent = match *path == place.path {
                true => place.extent,
                false => 0,
            };
            (extent < index.store.verifiable()).then_some((path, index, extent))
        })?;
        let problem = index.store.verify_extent(extent);
        let next = Place {
            path: path.clone(),
            extent: extent + 1,
        };
        Some((problem.map(|problem| problem.error.into()), next))
    }

    /// Brings the graphs to the disk, so that nothing is inserted again when they are opened.
    pub(crate) fn save_graphs(&self) -> Result<()> {
        let graphs = self
            .vectors
            .values()
            .filter_map(|index| index.graph.as_ref());
        graphs.map(|graph| graph.save()).fold(Ok(()), Result::and)
    }

    /// Gives threads and memory of writing back. Nothing is written to the folder afterwards.
    pub(crate) fn close(&mut self) -> Result<()> {
        for index in self.vectors.values() {
            if let Some(graph) = &index.graph {
                graph.close();
            }
        }
        self.text.close_writer()
    }
}
