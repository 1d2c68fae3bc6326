//! The vectors of one field: their rows, and the graph over them.

use crate::error::Result;
use crate::graph::{FieldGraph, wants_graph};
use crate::options::Options;
use crate::snapshot::{each_slot, text_error};
use crate::text::Fields;
use ann::{BitSet, GraphFile, RowStore, SlotAllocator};
use document::{FieldKind, Leaf, VectorField};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::Searcher;

pub(super) struct VectorIndex {
    pub(super) field: VectorField,
    pub(super) store: RowStore,
    pub(super) slots: SlotAllocator,
    /// None where vectors are always compared one by one.
    pub(super) graph: Option<Arc<FieldGraph>>,
}

impl VectorIndex {
    pub(super) fn create(file: &Path, field: VectorField, options: &Options) -> Result<Self> {
        let disk = Arc::new(options.disk.clone());
        let store = RowStore::create_on(file, field.dims as usize, disk.clone())?;
        GraphFile::remove(file, disk)?;
        let graph = wants_graph(&field).then(|| FieldGraph::none(file, &field, options));
        Ok(Self {
            field,
            store,
            slots: SlotAllocator::new(),
            graph: graph.map(Arc::new),
        })
    }

    /// Opens vectors and graph, and learns from the text index which slots are taken.
    pub(super) fn open(
        file: &Path,
        (path, field): (&str, VectorField),
        (fields, searcher): (&Fields, &Searcher),
        options: &Options,
    ) -> Result<Self> {
        let disk = Arc::new(options.disk.clone());
        let store = RowStore::open_on(file, field.dims as usize, disk)?;
        let mut taken = Vec::new();
        if let Some(columns) = fields.get(path) {
            each_slot(searcher, &columns.name, |slot, _| taken.push(slot)).map_err(text_error)?;
        }
        let end = taken.iter().max().map_or(0, |slot| slot + 1);
        let live = BitSet::from_slots(end, taken);
        let graph = match wants_graph(&field) {
            true => Some(FieldGraph::open(file, &field, options)?),
            false => {
                // One from before the mapping changed would no longer follow the slots.
                if GraphFile::is_at(file) {
                    GraphFile::remove(file, Arc::new(options.disk.clone()))?;
                }
                None
            }
        };
        let known = graph.as_ref().map(|graph| graph.restore(&live));
        let slots = SlotAllocator::restore(&live, &known.unwrap_or_default(), store.rows());
        Ok(Self {
            field,
            store,
            slots,
            graph: graph.map(Arc::new),
        })
    }

    /// Lets the slots be handed out again that nobody knows any more; `oldest` is the oldest generation that lives.
    pub(super) fn reclaim(&mut self, oldest: u64) -> Result<()> {
        let unseen = self.slots.reclaim(oldest)?;
        let free = match &self.graph {
            Some(graph) => graph.leave(unseen),
            None => unseen,
        };
        Ok(self.slots.free(free)?)
    }
}

/// Lists the vector fields whose vectors have a length.
pub(super) fn vector_fields(leaves: &[Arc<Leaf>]) -> Vec<(String, VectorField)> {
    leaves
        .iter()
        .filter_map(|leaf| match &leaf.kind {
            // Without a length there is no vector yet either.
            FieldKind::DenseVector(field) if field.dims > 0 => {
                Some((leaf.path.clone(), field.clone()))
            }
            _ => None,
        })
        .collect()
}

/// Whether there are rows at a place.
pub(super) fn is_store(file: &Path) -> bool {
    file.with_extension("manifest").exists()
}

/// The place of a field's vectors, without an ending. Letters that a file name cannot hold everywhere are written as `%` and two digits.
pub(super) fn rows_place(folder: &Path, path: &str) -> PathBuf {
    let mut name = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' => name.push(char::from(byte)),
            other => name.push_str(&format!("%{other:02x}")),
        }
    }
    // Long names are told apart by a checksum.
    if name.len() > 100 {
        name.truncate(100);
        name.push_str(&format!("%{:08x}", crc32fast::hash(path.as_bytes())));
    }
    folder.join(name)
}
