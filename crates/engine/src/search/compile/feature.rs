//! Names with weights.

use super::leaf::exactly;
use super::{Compiled, Compiler, Refusal, constant};
use crate::error::Result;
use crate::text::Columns;
use crate::values::feature_weight;
use document::FieldKind;
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
        let terms = self.starting_with(columns, name, usize::MAX)?;
        let any = terms.into_iter().filter_map(|term| {
            let weight = feature_weight(name, term.value().as_str()?)?;
            Some(constant(exactly(term), weight))
        });
        Ok(Box::new(BooleanQuery::union(any.collect())))
    }
}
