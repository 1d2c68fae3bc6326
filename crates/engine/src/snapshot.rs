//! What searches see: an index as it was at one refresh.

use crate::error::{EngineError, Result};
use crate::text::{Fields, ITSELF};
use crate::truth::View;
use ann::{BitSet, Rows};
use document::{Mapping, Stored, VectorField};
use query::Query;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Searcher, Term};

/// The most filters that a snapshot remembers; then the memory starts anew.
const MAX_FILTERS: usize = 64;

/// An index as it was at one refresh: truth, text and vectors belong together, and none of it changes while it lives.
pub(crate) struct Snapshot {
    pub(crate) mapping: Arc<Mapping>,
    pub(crate) fields: Fields,
    pub(crate) searcher: Searcher,
    pub(crate) vectors: BTreeMap<String, VectorView>,
    pub(crate) truth: View,
    /// The index's name.
    pub(crate) name: String,
    /// The index's id in the truth.
    pub(crate) index: u32,
    /// Documents, nested objects not counted.
    count: u64,
    /// Vectors whose slot passes a filter, by the path of their field and the filter.
    filters: Mutex<HashMap<FilterKey, Arc<BitSet>>>,
}

/// The path of a vector field, and a filter as bytes.
type FilterKey = (String, Vec<u8>);

/// The vectors of one field.
pub(crate) struct VectorView {
    pub(crate) field: VectorField,
    /// The vectors, and which of them belong to a document.
    pub(crate) rows: Arc<Rows>,
    pub(crate) documents: OnceLock<SlotMap>,
}

/// From the slot of a vector to its document.
pub(crate) struct SlotMap {
    documents: Vec<Option<DocAddress>>,
}

impl SlotMap {
    pub(crate) fn document(&self, slot: u32) -> Option<DocAddress> {
        self.documents.get(slot as usize).copied().flatten()
    }
}

impl Snapshot {
    /// Puts together what one refresh published.
    pub(crate) fn new(
        (name, index): (&str, u32),
        (mapping, fields): (Arc<Mapping>, Fields),
        searcher: Searcher,
        vectors: BTreeMap<String, VectorView>,
        truth: View,
    ) -> Result<Self> {
        let filters = Mutex::default();
        let count = if mapping.objects().any(|(_, object)| object.nested) {
            let term = Term::from_field_text(fields.nested, ITSELF);
            let itself = TermQuery::new(term, IndexRecordOption::Basic);
            searcher.search(&itself, &Count).map_err(text_error)? as u64
        } else {
            searcher.num_docs()
        };
        Ok(Self {
            count,
            mapping,
            fields,
            searcher,
            vectors,
            truth,
            name: name.to_owned(),
            index,
            filters,
        })
    }

    /// Counts documents; nested objects are none.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Answers the document at an address, as it was when the snapshot was taken.
    pub(crate) fn stored(&self, address: DocAddress) -> Result<Stored> {
        let id = self.id(address)?;
        self.truth.get(self.index, &id)?.ok_or_else(|| {
            let reason = format!("the text index has document {id}, which is not in the truth");
            EngineError::Corrupt {
                path: "text".into(),
                reason,
            }
        })
    }

    /// Answers the id of the document at an address; a nested object has none of its own.
    pub(crate) fn id(&self, address: DocAddress) -> Result<String> {
        let columns = self
            .searcher
            .segment_reader(address.segment_ord)
            .fast_fields();
        let read = || -> tantivy::Result<Option<String>> {
            let Some(ids) = columns.str(crate::text::ID)? else {
                return Ok(None);
            };
            let mut id = String::new();
            let Some(ord) = ids.term_ords(address.doc_id).next() else {
                return Ok(None);
            };
            Ok(ids.ord_to_str(ord, &mut id)?.then_some(id))
        };
        let id = read().map_err(text_error)?;
        id.ok_or_else(|| EngineError::corrupt("text".as_ref(), "a document has no id"))
    }

    /// Answers, for a vector field, the map from slots to documents; it is made at the first question.
    pub(crate) fn slot_map<'a>(&self, path: &str, view: &'a VectorView) -> Result<&'a SlotMap> {
        if let Some(map) = view.documents.get() {
            return Ok(map);
        }
        let mut documents = vec![None; view.rows.live().len() as usize];
        self.each_slot(path, |slot, address| {
            if let Some(place) = documents.get_mut(slot as usize) {
                *place = Some(address);
            }
        })?;
        Ok(view.documents.get_or_init(|| SlotMap { documents }))
    }

    /// Goes through the slots of a vector field, document by document.
    pub(crate) fn each_slot(&self, path: &str, see: impl FnMut(u32, DocAddress)) -> Result<()> {
        match self.fields.get(path) {
            Some(columns) => each_slot(&self.searcher, &columns.name, see).map_err(text_error),
            None => Ok(()),
        }
    }

    /// Answers which slots of a vector field pass a filter, from memory where it was asked before.
    pub(crate) fn filter(
        &self,
        path: &str,
        filter: &Query,
        make: impl FnOnce() -> Result<BitSet>,
    ) -> Result<Arc<BitSet>> {
        let key = (
            path.to_owned(),
            postcard::to_stdvec(filter).expect("a query is plain data"),
        );
        let lock = || self.filters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Ok(known.clone());
        }
        let made = Arc::new(make()?);
        let mut filters = lock();
        if filters.len() >= MAX_FILTERS {
            filters.clear();
        }
        filters.insert(key, made.clone());
        Ok(made)
    }
}

/// Goes through a column of slots, living document by living document.
pub(crate) fn each_slot(
    searcher: &Searcher,
    column: &str,
    mut see: impl FnMut(u32, DocAddress),
) -> tantivy::Result<()> {
    for (ord, segment) in searcher.segment_readers().iter().enumerate() {
        let Some(slots) = segment.fast_fields().column_opt::<u64>(column)? else {
            continue;
        };
        for document in segment.doc_ids_alive() {
            if let Some(slot) = slots.first(document) {
                see(slot as u32, DocAddress::new(ord as u32, document));
            }
        }
    }
    Ok(())
}

pub(crate) fn text_error(source: tantivy::TantivyError) -> EngineError {
    EngineError::Text {
        path: "text".into(),
        source,
    }
}
