//! Whether truth, text and vectors agree.

use crate::error::Result;
use crate::graph::FieldRecall;
use crate::index::Index;
use crate::snapshot::{Snapshot, text_error};
use crate::text::{ITSELF, NESTED, SEQ_NO};
use crate::values::{Part, Plan, retake};
use document::Limits;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Documents compared at a time.
const PAGE: usize = 256;
/// Problems past this many are counted, not listed.
const MAX_LISTED: usize = 100;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CheckReport {
    /// What does not agree, and where. Past a hundred, the last line counts the rest.
    pub problems: Vec<String>,
    /// What was found to be damaged since the check before, and was made again from the truth.
    pub mended: Vec<String>,
    /// What was counted, by index.
    pub counts: BTreeMap<String, IndexCounts>,
    unlisted: u64,
}

/// What was counted in one index.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IndexCounts {
    /// Documents in the truth.
    pub documents: u64,
    /// Documents in the text index.
    pub text: u64,
    /// Vectors that belong to a document, by field.
    pub vectors: BTreeMap<String, u64>,
    /// How many of them are in the field's graph; fields without a graph are not named.
    pub linked: BTreeMap<String, u64>,
}

/// What searches for stored vectors found, by index and field; fields without a graph are searched exactly, and not named.
pub type RecallReport = BTreeMap<String, BTreeMap<String, FieldRecall>>;

/// How many searches are made for a field.
const SEARCHES: usize = 100;

/// Searches for stored vectors, through the graphs and one by one.
pub(crate) fn recall(
    index: &Index,
    k: usize,
    stop: &dyn Fn() -> bool,
) -> Result<BTreeMap<String, FieldRecall>> {
    let snapshot = index.snapshot();
    let mut fields = BTreeMap::new();
    for (path, view) in &snapshot.vectors {
        if let Some(graph) = &view.graph
            && let Some(found) = graph.replay(&view.rows, &view.pending, (k, SEARCHES), stop)?
        {
            fields.insert(path.clone(), found);
        }
    }
    Ok(fields)
}

impl CheckReport {
    fn problem(&mut self, problem: String) {
        if self.problems.len() < MAX_LISTED {
            self.problems.push(problem);
            return;
        }
        self.unlisted += 1;
        self.problems.truncate(MAX_LISTED);
        self.problems.push(format!("and {} more", self.unlisted));
    }
}

/// A document as the text index has it.
struct Indexed {
    seq_no: u64,
    /// Its nested objects in order, itself last.
    parts: Vec<IndexedPart>,
}

struct IndexedPart {
    /// The path of the nested object, or [`ITSELF`].
    nested: String,
    slots: BTreeMap<String, u32>,
}

pub(crate) fn check(index: &Index, report: &mut CheckReport) -> Result<()> {
    let name = index.name.clone();
    for mended in index.take_mended() {
        report.mended.push(format!("index {name}: {mended}"));
    }
    for damage in index.damage()? {
        report.problem(format!("index {name}: {damage}"));
    }
    let snapshot = index.snapshot();
    let mut indexed = indexed_documents(&snapshot, &name, report)?;
    let mut counts = IndexCounts {
        text: snapshot.count(),
        ..IndexCounts::default()
    };
    for (path, view) in &snapshot.vectors {
        counts
            .vectors
            .insert(path.clone(), u64::from(view.rows.live().count()));
        let Some(graph) = &view.graph else {
            continue;
        };
        for damage in graph.damage(&view.rows) {
            report.problem(format!("index {name}: {damage}"));
        }
        let status = graph.status(&view.rows);
        if status.is_built {
            counts.linked.insert(path.clone(), status.linked);
        }
    }
    let plan = Plan::new(&snapshot.mapping, Limits::default());
    let mut after: Option<String> = None;
    loop {
        let page = snapshot
            .truth
            .scan(snapshot.index, after.as_deref(), PAGE)?;
        let Some((last, _)) = page.last() else {
            break;
        };
        after = Some(last.clone());
        for (id, stored) in page {
            counts.documents += 1;
            let found = indexed.remove(&id);
            let problems = match stored {
                Ok(stored) => compare(&snapshot, &plan, &stored, found),
                Err(reason) => vec![format!("the truth is damaged: {reason}")],
            };
            for problem in problems {
                report.problem(format!("index {name}: document {id}: {problem}"));
            }
        }
    }
    for id in indexed.keys() {
        report.problem(format!(
            "index {name}: document {id}: the text index has it, the truth does not"
        ));
    }
    report.counts.insert(name, counts);
    Ok(())
}

fn indexed_documents(
    snapshot: &Snapshot,
    name: &str,
    report: &mut CheckReport,
) -> Result<HashMap<String, Indexed>> {
    let mut slots: HashMap<_, BTreeMap<String, u32>> = HashMap::new();
    for path in snapshot.vectors.keys() {
        snapshot.each_slot(path, |slot, address| {
            slots.entry(address).or_default().insert(path.clone(), slot);
        })?;
    }
    let mut indexed = HashMap::new();
    for (ord, segment) in snapshot.searcher.segment_readers().iter().enumerate() {
        let seq_nos = segment.fast_fields().u64(SEQ_NO).map_err(text_error)?;
        let paths = segment.fast_fields().str(NESTED).map_err(text_error)?;
        let mut parts = Vec::new();
        for document in segment.doc_ids_alive() {
            let address = tantivy::DocAddress::new(ord as u32, document);
            let mut nested = String::new();
            if let Some(paths) = &paths
                && let Some(ord) = paths.term_ords(document).next()
            {
                paths
                    .ord_to_str(ord, &mut nested)
                    .map_err(|error| text_error(error.into()))?;
            }
            let is_document = nested == ITSELF;
            let slots = slots.remove(&address).unwrap_or_default();
            parts.push(IndexedPart { nested, slots });
            if !is_document {
                continue;
            }
            let id = snapshot.id(address)?;
            let found = Indexed {
                seq_no: seq_nos.first(document).unwrap_or(u64::MAX),
                parts: std::mem::take(&mut parts),
            };
            if indexed.insert(id.clone(), found).is_some() {
                report.problem(format!(
                    "index {name}: document {id}: the text index has it twice"
                ));
            }
        }
        if !parts.is_empty() {
            report.problem(format!(
                "index {name}: {} nested objects belong to no document",
                parts.len()
            ));
        }
    }
    Ok(indexed)
}

fn compare(
    snapshot: &Snapshot,
    plan: &Plan,
    stored: &document::Stored,
    indexed: Option<Indexed>,
) -> Vec<String> {
    let Some(indexed) = indexed else {
        return vec!["the truth has it, the text index does not".to_owned()];
    };
    let mut problems = Vec::new();
    if indexed.seq_no != stored.seq_no {
        problems.push(format!(
            "the text index has it as of seq_no {}, the truth as of {}",
            indexed.seq_no, stored.seq_no
        ));
    }
    let prepared = match retake(plan, &stored.id, &stored.document) {
        Ok(prepared) => prepared,
        Err(failure) => {
            problems.push(failure.to_string());
            return problems;
        }
    };
    if prepared.parts.len() != indexed.parts.len() {
        problems.push(format!(
            "the text index has {} nested objects of it, the truth {}",
            indexed.parts.len() - 1,
            prepared.parts.len() - 1
        ));
        return problems;
    }
    for (part, indexed) in prepared.parts.iter().zip(&indexed.parts) {
        compare_part(snapshot, part, indexed, &mut problems);
    }
    problems
}

fn compare_part(
    snapshot: &Snapshot,
    part: &Part,
    indexed: &IndexedPart,
    problems: &mut Vec<String>,
) {
    let expected = part.nested.as_ref().map_or(ITSELF, |(path, _)| path);
    if indexed.nested != expected {
        problems.push(format!(
            "the text index has a part {:?} of it where the truth has {expected:?}",
            indexed.nested
        ));
    }
    let slots = &indexed.slots;
    for (path, vector) in &part.vectors {
        let row = slots
            .get(path)
            .and_then(|slot| snapshot.vectors.get(path)?.rows.row(*slot));
        match row {
            None => problems.push(format!(
                "field {path}: its vector is not in the vector index"
            )),
            Some(row) if row != vector.as_slice() => {
                problems.push(format!("field {path}: the vector index has another vector"));
            }
            Some(_) => {}
        }
    }
    for path in slots
        .keys()
        .filter(|path| !part.vectors.contains_key(*path))
    {
        problems.push(format!(
            "field {path}: the vector index has a vector, the truth has none"
        ));
    }
}
