//! Names with weights.

use super::leaf::exactly;
use super::{Compiled, Compiler, Refusal, constant};
use crate::error::Result;
use crate::snapshot::text_error;
use crate::text::Columns;
use crate::values::feature_weight;
use document::FieldKind;
use std::collections::BTreeMap;
use tantivy::Term;
use tantivy::query::BooleanQuery;

impl Compiler<'_> {
    /// Documents that have a name in a field of names with weights; the score is the weight.
    pub(super) fn feature(&self, columns: &Columns, name: &str) -> Result<Compiled> {
        let leaf = &columns.leaf;
        if leaf.kind != FieldKind::RankFeatures {
            return self.refuse(Refusal::Value(format!(
                "[rank_feature] query only works on [rank_feature] fields and [rank_features] fields, not [{}]",
                leaf.kind.name()
            )));
        }
        // A term is a name with one weight, so that there are as many terms as different weights.
        let mut weights: BTreeMap<Vec<u8>, f32> = BTreeMap::new();
        for segment in self.snapshot.searcher.segment_readers() {
            let index = segment.inverted_index(columns.field).map_err(text_error)?;
            let terms = index.terms().range().ge(name.as_bytes());
            let mut terms = terms
                .into_stream()
                .map_err(|error| text_error(error.into()))?;
            while terms.advance() {
                let term = terms.key();
                if !term.starts_with(name.as_bytes()) {
                    break;
                }
                if let Some(weight) = feature_weight(name, term) {
                    weights.insert(term.to_vec(), weight);
                }
            }
        }
        let any = weights.into_iter().map(|(term, weight)| {
            let term = Term::from_field_bytes(columns.field, &term);
            constant(exactly(term), weight)
        });
        Ok(Box::new(BooleanQuery::union(any.collect())))
    }
}
