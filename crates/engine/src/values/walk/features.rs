//! The values of fields of names with weights.

use super::super::feature::feature_term;
use super::super::leaf::One;
use super::super::plan::FieldPlan;
use super::{Result, Walker, preview};
use document::Failure;
use serde_json::Value;

impl<'a> Walker<'a> {
    /// Reads an object of names and weights, or an array of such objects.
    pub(super) fn features(&mut self, field: &'a FieldPlan) -> Result<()> {
        let skipped = self.reader.skip();
        let (start, end) = self.read(skipped)?;
        let text = self.reader.slice(start, end);
        let Some(number) = field.leaves.first().copied() else {
            return Ok(());
        };
        let refused = match serde_json::from_slice(text) {
            Ok(value) => match terms(&value) {
                Ok(terms) => {
                    let innermost = self.frames.len().saturating_sub(1);
                    for term in terms {
                        self.add(innermost, number, &One::String(term));
                    }
                    return Ok(());
                }
                Err(reason) => reason,
            },
            Err(error) => error.to_string(),
        };
        if self.lenient {
            self.ignore(&field.path);
            return Ok(());
        }
        let of = (field.path.as_str(), "rank_features");
        let cause = Failure::illegal_argument(refused);
        Err(self.refused(start, of, &preview(text), cause))
    }
}

fn terms(value: &Value) -> std::result::Result<Vec<String>, String> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(values) => {
            let terms: std::result::Result<Vec<_>, _> = values.iter().map(terms).collect();
            Ok(terms?.concat())
        }
        Value::Object(weights) => weights
            .iter()
            .filter(|(_, weight)| !weight.is_null())
            .map(|(name, weight)| {
                let number = weight.as_f64().map(|weight| weight as f32);
                number
                    .and_then(|weight| feature_term(name, weight))
                    .ok_or_else(|| {
                        format!(
                            "[rank_features] fields take hashes that map a feature to a strictly positive float, but got {weight} for feature {name}"
                        )
                    })
            })
            .collect(),
        other => Err(format!(
            "[rank_features] fields must be json objects, expected a START_OBJECT but got: {other}"
        )),
    }
}
