//! The vectors of one field, in their rows.

use crate::disk::Disk;
use crate::error::Result;
use crate::snapshot::{each_slot, text_error};
use crate::text::Fields;
use ann::{BitSet, RowStore, SlotAllocator};
use document::{FieldKind, Leaf, VectorField};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::Searcher;

pub(super) struct VectorIndex {
    pub(super) field: VectorField,
    pub(super) store: RowStore,
    pub(super) slots: SlotAllocator,
}

impl VectorIndex {
    pub(super) fn create(file: &Path, field: VectorField, disk: &Disk) -> Result<Self> {
        let store = RowStore::create_on(file, field.dims as usize, Arc::new(disk.clone()))?;
        Ok(Self {
            field,
            store,
            slots: SlotAllocator::new(),
        })
    }

    /// Opens the vectors, and learns from the text index which slots are taken.
    pub(super) fn open(
        file: &Path,
        (path, field): (&str, VectorField),
        (fields, searcher): (&Fields, &Searcher),
        disk: &Disk,
    ) -> Result<Self> {
        let store = RowStore::open_on(file, field.dims as usize, Arc::new(disk.clone()))?;
        let mut taken = Vec::new();
        if let Some(columns) = fields.get(path) {
            each_slot(searcher, &columns.name, |slot, _| taken.push(slot)).map_err(text_error)?;
        }
        let end = taken.iter().max().map_or(0, |slot| slot + 1);
        let slots = SlotAllocator::restore(&BitSet::from_slots(end, taken), store.rows());
        Ok(Self {
            field,
            store,
            slots,
        })
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
