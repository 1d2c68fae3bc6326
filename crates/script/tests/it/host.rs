//! One document, as the reference engine had it.

use script::{Cause, Host, Values, VectorCall, VectorFunction};

/// The document of `painless.json`, with the fields of a bound script.
pub(crate) struct Document {
    fields: Vec<String>,
    calls: Vec<VectorCall>,
    keyword: Vec<String>,
    pub(crate) score: f64,
}

const MAPPED: [&str; 9] = ["v", "w", "n", "i", "d", "k", "b", "date", "missing"];
pub(crate) const VECTOR: [f32; 3] = [1.0, 2.0, 3.0];

impl Document {
    pub(crate) fn new(bound: &script::Bound) -> Self {
        Self {
            fields: bound.fields().to_vec(),
            calls: bound.vector_calls().to_vec(),
            keyword: vec!["hello".to_owned()],
            score: 1.0,
        }
    }
}

impl Host for Document {
    fn find(&mut self, name: &str) -> Option<usize> {
        if !MAPPED.contains(&name) {
            return None;
        }
        self.fields.push(name.to_owned());
        Some(self.fields.len() - 1)
    }

    fn values(&mut self, field: usize) -> Result<Values<'_>, Cause> {
        match self.fields[field].as_str() {
            "v" => Ok(Values::Vector(&VECTOR)),
            "w" => Ok(Values::Vector(&[])),
            "n" => Ok(Values::Longs(&[5, 7])),
            "i" => Ok(Values::Longs(&[3])),
            "d" => Ok(Values::Doubles(&[2.5])),
            "k" => Ok(Values::Strings(&self.keyword)),
            "b" => Ok(Values::Booleans(&[true])),
            "date" => Ok(Values::Dates(&[1_577_934_245_000])),
            "missing" => Ok(Values::Longs(&[])),
            name => Err(Cause::no_field(name)),
        }
    }

    fn vector(&mut self, call: usize) -> Result<f64, Cause> {
        let call = &self.calls[call];
        let vector: &[f32] = match self.fields[call.field].as_str() {
            "v" => &VECTOR,
            "w" => return Err(Cause::no_vector()),
            name => return Err(Cause::no_field(name)),
        };
        if call.query.len() != vector.len() {
            return Err(Cause::dimensions(call.query.len(), vector.len()));
        }
        let pairs = || {
            call.query
                .iter()
                .zip(vector)
                .map(|(q, v)| (f64::from(*q), f64::from(*v)))
        };
        let dot: f64 = pairs().map(|(q, v)| q * v).sum();
        let norm = |vector: &[f32]| {
            vector
                .iter()
                .map(|x| f64::from(*x).powi(2))
                .sum::<f64>()
                .sqrt()
        };
        Ok(match call.function {
            VectorFunction::DotProduct => dot,
            VectorFunction::CosineSimilarity => dot / norm(&call.query) / norm(vector),
            VectorFunction::L1Norm => pairs().map(|(q, v)| (q - v).abs()).sum(),
            VectorFunction::L2Norm => pairs().map(|(q, v)| (q - v).powi(2)).sum::<f64>().sqrt(),
            VectorFunction::Hamming => 1.0,
        })
    }

    fn score(&mut self) -> f64 {
        self.score
    }
}
