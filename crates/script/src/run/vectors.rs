//! Vector functions whose query the script makes while it runs.

use super::{Machine, raise};
use crate::error::{Cause, CauseKind};
use crate::host::{Values, VectorFunction};
use crate::ir::At;
use crate::source::Raise;
use crate::value::{Value, vector_of_hex};

impl Machine<'_> {
    /// Says where a vector function failed: a field that is not mapped fails where it is named.
    #[cold]
    pub(super) fn no_vector(&self, call: usize, cause: Cause, field_at: At, at: At) -> Raise {
        let field = self
            .ready
            .calls
            .get(call)
            .and_then(|call| self.ready.fields.get(call.field));
        let unmapped = field.is_some_and(|field| cause == Cause::no_field(field));
        raise(cause, if unmapped { field_at } else { at })
    }

    pub(super) fn vector_of(
        &mut self,
        function: VectorFunction,
        query: &Value,
        field: &Value,
    ) -> Result<f64, Cause> {
        let query = query_vector(query)?;
        let number = match field {
            Value::Field(number) => *number,
            Value::Str(name) => self.number_of(name).ok_or_else(|| Cause::no_field(name))?,
            other => {
                return Err(Cause::argument(format!(
                    "a vector function takes a field's name or doc['field'], not a {}",
                    other.class_name()
                )));
            }
        };
        match self.host.values(number)? {
            Values::Vector([]) => Err(Cause::no_vector()),
            Values::Vector(vector) if vector.len() != query.len() => {
                Err(Cause::dimensions(query.len(), vector.len()))
            }
            Values::Vector(vector) => Ok(compute(function, &query, vector)),
            _ => Err(Cause::argument(
                "a vector function takes a field of vectors",
            )),
        }
    }
}

fn query_vector(query: &Value) -> Result<Vec<f32>, Cause> {
    let elements = match query {
        Value::List(list) => list.to_vec(),
        Value::Array(array) => array.to_vec(),
        Value::Str(digits) => {
            return vector_of_hex(digits).ok_or_else(|| {
                Cause::argument(format!("invalid hexadecimal query vector [{digits}]"))
            });
        }
        Value::Null => {
            return Err(Cause {
                kind: CauseKind::NullPointer,
                reason: None,
            });
        }
        other => {
            let from = other.class_name();
            return Err(Cause::cast(format!(
                "class {from} cannot be cast to class java.util.List ({from} and java.util.List are in module \
                 java.base of loader 'bootstrap')"
            )));
        }
    };
    elements
        .iter()
        .map(|element| match element.as_f64() {
            Some(number) => Ok(number as f32),
            None => {
                let from = element.class_name();
                Err(Cause::cast(format!(
                    "class {from} cannot be cast to class java.lang.Number ({from} and java.lang.Number are in \
                     module java.base of loader 'bootstrap')"
                )))
            }
        })
        .collect()
}

/// Computes a function of two vectors of one length.
fn compute(function: VectorFunction, query: &[f32], vector: &[f32]) -> f64 {
    let pairs = || {
        query
            .iter()
            .zip(vector)
            .map(|(query, value)| (f64::from(*query), f64::from(*value)))
    };
    let dot = || pairs().map(|(query, value)| query * value).sum::<f64>();
    match function {
        VectorFunction::DotProduct => dot(),
        VectorFunction::CosineSimilarity => {
            let query_squares: f64 = pairs().map(|(query, _)| query * query).sum();
            let squares: f64 = pairs().map(|(_, value)| value * value).sum();
            dot() / (query_squares.sqrt() * squares.sqrt())
        }
        VectorFunction::L1Norm => pairs().map(|(query, value)| (query - value).abs()).sum(),
        VectorFunction::L2Norm => pairs()
            .map(|(query, value)| (query - value).powi(2))
            .sum::<f64>()
            .sqrt(),
        VectorFunction::Hamming => {
            let differing: u32 = query
                .iter()
                .zip(vector)
                .map(|(query, value)| ((*query as i8) ^ (*value as i8)).count_ones())
                .sum();
            f64::from(differing)
        }
    }
}
