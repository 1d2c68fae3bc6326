//! Vector functions of scripts.

use ann::{Metric, Rows};
use document::{ElementType, VectorField};
use script::{Cause, VectorCall, VectorFunction};
use std::sync::Arc;
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

/// A vector function with its query, over the documents of one segment.
pub(super) struct Compared {
    call: VectorCall,
    field: VectorField,
    rows: Arc<Rows>,
    slots: Option<Column<u64>>,
    /// The values of all documents where most of them are asked for, NaN without a vector.
    all: Option<Vec<f32>>,
}

impl Compared {
    /// Prepares a function; `all` computes it for all documents of the segment at once.
    ///
    /// # Errors
    /// When the query cannot be compared with the field's vectors.
    pub(super) fn new(
        call: VectorCall,
        (field, rows): (VectorField, Arc<Rows>),
        slots: Option<Column<u64>>,
        all: Option<&SegmentReader>,
    ) -> Result<Self, Cause> {
        let dims = field.dims as usize;
        if call.query.len() != dims {
            return Err(Cause::dimensions(call.query.len(), dims));
        }
        if call.function == VectorFunction::Hamming && field.element != ElementType::Byte {
            let reason = "hamming distance is only supported for byte or bit vectors";
            return Err(Cause::argument(reason));
        }
        let mut compared = Self {
            call,
            field,
            rows,
            slots,
            all: None,
        };
        if let Some(segment) = all {
            compared.all = Some(compared.of_all(segment)?);
        }
        Ok(compared)
    }

    /// Computes the function for a document.
    ///
    /// # Errors
    /// When the document has no vector.
    pub(super) fn of(&self, document: DocId) -> Result<f64, Cause> {
        let raw = match &self.all {
            Some(all) => all.get(document as usize).copied().unwrap_or(f32::NAN),
            None => {
                let slots = self.slots.as_ref();
                let slot = slots.and_then(|slots| slots.first(document));
                let slot = slot.ok_or_else(Cause::no_vector)?;
                let raw = self.compare(&[slot as u32])?;
                raw.first().copied().unwrap_or(f32::NAN)
            }
        };
        if raw.is_nan() {
            return Err(Cause::no_vector());
        }
        Ok(match self.call.function {
            VectorFunction::CosineSimilarity
            | VectorFunction::DotProduct
            | VectorFunction::Hamming => f64::from(raw),
            // Distances are kept negated, that of two norms squared.
            VectorFunction::L1Norm => f64::from(-raw),
            VectorFunction::L2Norm => f64::from((-raw).max(0.0)).sqrt(),
        })
    }

    fn of_all(&self, segment: &SegmentReader) -> Result<Vec<f32>, Cause> {
        let mut values = vec![f32::NAN; segment.max_doc() as usize];
        let Some(slots) = &self.slots else {
            return Ok(values);
        };
        let mut documents = Vec::with_capacity(values.len());
        let mut wanted = Vec::with_capacity(values.len());
        for document in segment.doc_ids_alive() {
            if let Some(slot) = slots.first(document) {
                documents.push(document);
                wanted.push(slot as u32);
            }
        }
        let computed = self.compare(&wanted)?;
        for (document, value) in documents.into_iter().zip(computed) {
            if let Some(place) = values.get_mut(document as usize) {
                *place = value;
            }
        }
        Ok(values)
    }

    fn compare(&self, slots: &[u32]) -> Result<Vec<f32>, Cause> {
        let query = &self.call.query;
        let metric = match self.call.function {
            VectorFunction::CosineSimilarity => Metric::Cosine,
            VectorFunction::DotProduct => Metric::Dot,
            VectorFunction::L1Norm => Metric::L1,
            VectorFunction::L2Norm => Metric::L2Squared,
            VectorFunction::Hamming => {
                let row = |slot: &u32| match self.rows.row(*slot) {
                    Some(row) => bits_apart(query, row) as f32,
                    None => f32::NAN,
                };
                return Ok(slots.iter().map(row).collect());
            }
        };
        ann::scan::similarity_of(&self.rows, metric, query, slots)
            .map_err(|error| Cause::argument(format!("field of {} dims: {error}", self.field.dims)))
    }
}

/// Counts the bits that differ in two vectors of bytes.
fn bits_apart(a: &[f32], b: &[f32]) -> u32 {
    let bits = |number: f32| number as i8 as u8;
    let pairs = a.iter().zip(b);
    pairs.map(|(a, b)| (bits(*a) ^ bits(*b)).count_ones()).sum()
}
