//! What searches see: an index as it was at one refresh.

use crate::error::{EngineError, Result};
use crate::graph::{FieldGraph, Pending};
use crate::text::{Columns, FieldStatistics, Fields, ID, IGNORED, ITSELF, SEQ_NO};
use crate::truth::View;
use ann::{BitSet, Rows};
use document::{GraphStatus, IndexSettings, Mapping, SearchLimits, Stored, VectorField};
use query::Query;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use tantivy::collector::Count;
use tantivy::columnar::StrColumn;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, Searcher, TERMINATED, Term};

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
    /// What the index's settings say of searches.
    pub(crate) settings: Arc<SearchSettings>,
    /// Documents, nested objects not counted.
    count: u64,
    /// Vectors whose slot passes a filter, by the path of their field and the filter.
    filters: Mutex<HashMap<FilterKey, Arc<BitSet>>>,
    /// What scores are made of, by the path of the field.
    statistics: Mutex<HashMap<String, FieldStatistics>>,
    /// The columns of ids, one for each segment, opened at the first question.
    ids: Vec<OnceLock<Option<StrColumn>>>,
    /// The numbers of the segments in the order in which their first documents were written.
    by_age: OnceLock<Vec<u32>>,
    /// The parts that are one kind of nested object, or documents, by segment.
    parts: Mutex<HashMap<String, Arc<Vec<Vec<DocId>>>>>,
}

/// What the settings of an index say of searches. They count from the moment at which they are changed, whatever
/// snapshot a search sees.
pub(crate) struct SearchSettings {
    uuid: String,
    limits: RwLock<SearchLimits>,
    shards: AtomicU64,
}

impl SearchSettings {
    pub(crate) fn new(settings: &IndexSettings) -> Self {
        let read = Self {
            uuid: settings.uuid.clone(),
            limits: RwLock::default(),
            shards: AtomicU64::default(),
        };
        read.set(settings);
        read
    }

    pub(crate) fn set(&self, settings: &IndexSettings) {
        let number = |name: &str| -> Option<u64> {
            match settings.get(name)? {
                Value::String(text) => text.parse().ok(),
                value => value.as_u64(),
            }
        };
        *self.limits.write().unwrap_or_else(PoisonError::into_inner) = SearchLimits::of(settings);
        let shards = number("number_of_shards").unwrap_or(1);
        self.shards.store(shards, Ordering::Relaxed);
    }

    /// The index's random name.
    pub(crate) fn uuid(&self) -> &str {
        &self.uuid
    }

    /// How far searches may reach.
    pub(crate) fn limits(&self) -> SearchLimits {
        *self.limits.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Into how many shards Elasticsearch would have split the index; here there is one.
    pub(crate) fn shards(&self) -> u64 {
        self.shards.load(Ordering::Relaxed)
    }
}

/// The path of a vector field, and a filter as bytes.
type FilterKey = (String, Vec<u8>);

/// The vectors of one field.
pub(crate) struct VectorView {
    pub(crate) field: VectorField,
    /// The vectors, and which of them belong to a document.
    pub(crate) rows: Arc<Rows>,
    /// None where vectors are always compared one by one.
    pub(crate) graph: Option<Arc<FieldGraph>>,
    /// Which of the vectors are not in the graph yet.
    pub(crate) pending: Pending,
    pub(crate) documents: OnceLock<SlotMap>,
}

impl VectorView {
    /// Finds the `k` nearest vectors, best first, or as many as can be hits; `candidates` are looked at on the way, where
    /// there is a graph.
    pub(crate) fn search(
        &self,
        search: &ann::Search<'_>,
        candidates: usize,
        stop: &dyn Fn() -> bool,
    ) -> Result<Vec<ann::Hit>> {
        match &self.graph {
            Some(graph) => graph.search(&self.rows, search, candidates, &self.pending, stop),
            None => Ok(ann::scan::search(&self.rows, search, stop)?),
        }
    }
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
        settings: Arc<SearchSettings>,
    ) -> Result<Self> {
        let ids = searcher.segment_readers().iter();
        let ids = ids.map(|_| OnceLock::new()).collect();
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
            settings,
            by_age: OnceLock::new(),
            filters: Mutex::default(),
            statistics: Mutex::default(),
            ids,
            parts: Mutex::default(),
        })
    }

    /// Answers the numbers of the segments in the order in which their first documents were written: the order in which
    /// equals are answered, for segments are numbered by chance.
    pub(crate) fn by_age(&self) -> Result<&[u32]> {
        if let Some(known) = self.by_age.get() {
            return Ok(known);
        }
        let mut ages = Vec::new();
        for (number, segment) in (0..).zip(self.searcher.segment_readers()) {
            let column = segment.fast_fields().column_opt::<u64>(SEQ_NO);
            let column = column.map_err(text_error)?;
            ages.push((column.map_or(0, |column| column.min_value()), number));
        }
        ages.sort_unstable();
        let order = ages.into_iter().map(|(_, number)| number).collect();
        Ok(self.by_age.get_or_init(|| order))
    }

    /// Says how far the graphs of the vector fields are.
    pub(crate) fn graphs(&self) -> BTreeMap<String, GraphStatus> {
        let graphs = self.vectors.iter().filter_map(|(path, view)| {
            let graph = view.graph.as_ref()?;
            Some((path.clone(), graph.status(&view.rows)))
        });
        graphs.collect()
    }

    /// Counts documents; nested objects are none.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Answers the document at an address, as it was when the snapshot was taken.
    pub(crate) fn stored(&self, address: DocAddress) -> Result<Stored> {
        let id = self.id(address)?;
        let stored = self.truth.get(self.index, &id)?;
        stored.ok_or_else(|| not_in_truth(&id))
    }

    /// Answers what is known of the document at an address, without the document itself.
    pub(crate) fn without_document(&self, address: DocAddress) -> Result<Stored> {
        let id = self.id(address)?;
        let stored = self.truth.without_document(self.index, &id)?;
        stored.ok_or_else(|| not_in_truth(&id))
    }

    /// Answers the id of the document at an address; a nested object has none of its own.
    pub(crate) fn id(&self, address: DocAddress) -> Result<String> {
        let damaged = || EngineError::corrupt("text".as_ref(), "a document has no id");
        let place = self.ids.get(address.segment_ord as usize);
        let place = place.ok_or_else(damaged)?;
        let column = match place.get() {
            Some(column) => column,
            None => {
                let segment = self.searcher.segment_reader(address.segment_ord);
                let column = segment.fast_fields().str(ID).map_err(text_error)?;
                place.get_or_init(|| column)
            }
        };
        let column = column.as_ref().ok_or_else(damaged)?;
        let ord = column.ords().first(address.doc_id).ok_or_else(damaged)?;
        let mut id = String::new();
        match column.ord_to_str(ord, &mut id) {
            Ok(true) => Ok(id),
            Ok(false) => Err(damaged()),
            Err(error) => Err(text_error(error.into())),
        }
    }

    /// Whether the index has nested objects, which are hidden from every query but the nested ones.
    pub(crate) fn has_nested(&self) -> bool {
        self.mapping.objects().any(|(_, object)| object.nested)
    }

    /// Answers what the scores of a text field are made of; it is counted at the first question.
    pub(crate) fn text_statistics(&self, columns: &Columns) -> Result<FieldStatistics> {
        self.counted(&columns.leaf.path, || match columns.lengths {
            Some(lengths) => FieldStatistics::of_text(&self.searcher, lengths),
            None => Ok(FieldStatistics::default()),
        })
    }

    /// Answers what the scores of a field with exact values are made of, out of a column of them.
    pub(crate) fn value_statistics(&self, columns: &Columns) -> Result<FieldStatistics> {
        self.counted(&columns.leaf.path, || {
            FieldStatistics::of_values(&self.searcher, &columns.name)
        })
    }

    /// Answers what the scores of fields whose values were left out are made of.
    pub(crate) fn left_out_statistics(&self) -> Result<FieldStatistics> {
        self.counted(IGNORED, || {
            FieldStatistics::of_values(&self.searcher, IGNORED)
        })
    }

    /// Counts the documents whose boolean field holds a value, deleted ones among them.
    pub(crate) fn value_frequency(&self, columns: &Columns, value: bool) -> Result<u64> {
        let count = || -> tantivy::Result<u64> {
            let mut documents = 0;
            for segment in self.searcher.segment_readers() {
                let Some(column) = segment.fast_fields().column_opt::<i64>(&columns.name)? else {
                    continue;
                };
                let has = |document: &DocId| {
                    let mut values = column.values_for_doc(*document);
                    values.any(|found| found == i64::from(value))
                };
                documents += (0..segment.max_doc()).filter(has).count() as u64;
            }
            Ok(documents)
        };
        let key = format!("{}\0{value}", columns.leaf.path);
        let counted = self.counted(&key, || {
            Ok(FieldStatistics {
                documents: count()?,
                terms: 0,
            })
        })?;
        Ok(counted.documents)
    }

    fn counted(
        &self,
        path: &str,
        count: impl FnOnce() -> tantivy::Result<FieldStatistics>,
    ) -> Result<FieldStatistics> {
        let lock = || {
            self.statistics
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(known) = lock().get(path) {
            return Ok(*known);
        }
        let counted = count().map_err(text_error)?;
        lock().insert(path.to_owned(), counted);
        Ok(counted)
    }

    /// Answers, segment by segment, the places of one kind of nested object, or of documents for [`ITSELF`], deleted
    /// ones among them.
    pub(crate) fn parts(&self, kind: &str) -> Result<Arc<Vec<Vec<DocId>>>> {
        let lock = || self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(kind) {
            return Ok(known.clone());
        }
        let term = Term::from_field_text(self.fields.nested, kind);
        let find = || -> tantivy::Result<Vec<Vec<DocId>>> {
            let mut found = Vec::new();
            for segment in self.searcher.segment_readers() {
                let index = segment.inverted_index(self.fields.nested)?;
                let mut places = Vec::new();
                if let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? {
                    while postings.doc() != TERMINATED {
                        places.push(postings.doc());
                        postings.advance();
                    }
                }
                found.push(places);
            }
            Ok(found)
        };
        let found = Arc::new(find().map_err(text_error)?);
        lock().insert(kind.to_owned(), found.clone());
        Ok(found)
    }

    /// Answers the documents of a segment, ascending: no nested objects and nothing deleted.
    pub(crate) fn documents(&self, segment: usize) -> Result<Vec<DocId>> {
        let Some(reader) = self.searcher.segment_readers().get(segment) else {
            return Ok(Vec::new());
        };
        if !self.has_nested() {
            return Ok(reader.doc_ids_alive().collect());
        }
        let alive = reader.alive_bitset();
        let parts = self.parts(ITSELF)?;
        let own = parts.get(segment).into_iter().flatten().copied();
        Ok(own
            .filter(|document| alive.is_none_or(|alive| alive.is_alive(*document)))
            .collect())
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

fn not_in_truth(id: &str) -> EngineError {
    let reason = format!("the text index has document {id}, which is not in the truth");
    EngineError::corrupt("text".as_ref(), reason)
}

pub(crate) fn text_error(source: tantivy::TantivyError) -> EngineError {
    EngineError::text("text".as_ref())(source)
}
