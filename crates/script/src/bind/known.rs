//! What is known of the parameters: JSON to constants, numbered lists and maps, and query vectors.

use serde_json::Value as Json;

use super::Binder;
use crate::host::{VectorCall, VectorFunction};
use crate::ir::{Const, Ir};
use crate::value::{Value, vector_of_hex};

impl Binder {
    /// The constant of a map's value in the parameters, null for a key that is not there.
    pub(super) fn value_of(&mut self, number: usize, key: &str) -> Option<Ir> {
        match self.constants.get(number)? {
            Json::Object(entries) => {
                let part = entries.get(key).cloned().unwrap_or(Json::Null);
                self.part(number, key.to_owned(), part)
            }
            _ => None,
        }
    }

    /// The constant of a list's element in the parameters; none outside of the list, which fails when it is reached.
    pub(super) fn element_of(&mut self, number: usize, at: i32) -> Option<Ir> {
        match self.constants.get(number)? {
            Json::Array(elements) => {
                let part = elements.get(usize::try_from(at).ok()?)?.clone();
                self.part(number, at.to_string(), part)
            }
            _ => None,
        }
    }

    fn part(&mut self, of: usize, key: String, part: Json) -> Option<Ir> {
        if !part.is_array() && !part.is_object() {
            return Const::of(&Value::from_json(&part)).map(Ir::Const);
        }
        let next = self.constants.len();
        let number = *self.paths.entry((of, key)).or_insert(next);
        if number == next {
            self.constants.push(part);
        }
        Some(Ir::Param(number))
    }

    /// Numbers a vector function if its query and its field are known.
    pub(super) fn vector_call(
        &mut self,
        function: VectorFunction,
        query: &Ir,
        field: &Ir,
    ) -> Option<usize> {
        let query: Vec<f32> = match query {
            Ir::Const(Const::Text(digits)) => vector_of_hex(digits)?,
            Ir::Param(number) => match self.constants.get(*number)? {
                Json::Array(elements) => elements
                    .iter()
                    .map(|element| element.as_f64().map(|number| number as f32))
                    .collect::<Option<_>>()?,
                _ => return None,
            },
            _ => return None,
        };
        let field = match field {
            Ir::Const(Const::Text(name)) => self.field(name),
            Ir::Field(field, _) => *field,
            _ => return None,
        };
        let call = VectorCall {
            function,
            query,
            field,
        };
        // The same call may stand in a script twice, once for each branch.
        if let Some(known) = self.calls.iter().position(|known| *known == call) {
            return Some(known);
        }
        self.calls.push(call);
        Some(self.calls.len() - 1)
    }
}
