//! Nearest vectors.

use super::{Asker, Request};
use crate::corpus::{PART_DIMS, VECTORS, unit_vector, vector};
use serde_json::{Value, json};

impl Asker<'_> {
    /// A vector field and a vector that it takes.
    pub(super) fn field_and_vector(&mut self) -> (&'static str, Value) {
        let (field, dims, bytes) = *self.numbers.pick(&VECTORS);
        let vector = if bytes {
            (0..dims).map(|_| self.numbers.between(-128, 127)).collect()
        } else if field == "v_dot" {
            unit_vector(&mut self.numbers, dims).into()
        } else {
            vector(&mut self.numbers, dims).into()
        };
        (field, vector)
    }

    /// What `knn` takes, both as a query and beside one.
    fn nearest(&mut self) -> Value {
        let (field, vector) = self.field_and_vector();
        let k = *self.numbers.pick(&[1, 3, 10, 25]);
        let mut options = json!({"field": field, "query_vector": vector});
        self.option(70, &mut options, "k", |_| json!(k));
        self.option(70, &mut options, "num_candidates", |_| json!(k + 40));
        self.option(35, &mut options, "filter", |asker| {
            if asker.numbers.chance(60) {
                asker.leaf()
            } else {
                json!([asker.leaf(), asker.leaf()])
            }
        });
        self.option(25, &mut options, "similarity", |asker| match field {
            "v_cosine" | "v_byte_cosine" | "v_dot" => json!(*asker.numbers.pick(&[0.1, 0.3, 0.5])),
            "v_l2" => json!(*asker.numbers.pick(&[3.0, 4.0, 5.0])),
            "v_byte_l2" => json!(*asker.numbers.pick(&[300.0, 400.0])),
            _ => json!(*asker.numbers.pick(&[-1.0, 4.0, 8.0])),
        });
        self.boost(&mut options);
        options
    }

    pub(super) fn knn_query(&mut self) -> Value {
        json!({"knn": self.nearest()})
    }

    pub(super) fn knn(&mut self) -> Request {
        let mut body = json!({"knn": self.nearest(), "_source": false});
        self.option(60, &mut body, "size", |asker| {
            json!(*asker.numbers.pick(&[3, 10, 30]))
        });
        self.option(40, &mut body, "query", |asker| asker.query(1));
        self.option(10, &mut body, "from", |_| json!(2));
        self.option(10, &mut body, "min_score", |_| json!(0.6));
        self.option(15, &mut body, "aggs", |_| json!({"places": {"terms": {"field": "place"}}, "sum": {"sum": {"field": "count"}}}));
        self.option(
            10,
            &mut body,
            "sort",
            |_| json!([{"count": {"order": "desc", "missing": 0}}, "_score"]),
        );
        Self::search(body)
    }

    pub(super) fn knn_several(&mut self) -> Request {
        let several: Vec<Value> = (0..self.numbers.between(1, 3))
            .map(|_| self.nearest())
            .collect();
        let mut body = json!({"knn": several, "_source": false, "size": 20});
        self.option(40, &mut body, "query", |asker| asker.query(1));
        Self::search(body)
    }

    pub(super) fn knn_nested(&mut self) -> Request {
        let k = *self.numbers.pick(&[1, 5, 15]);
        let mut knn = json!({"field": "parts.vec", "query_vector": vector(&mut self.numbers, PART_DIMS), "k": k, "num_candidates": 60});
        self.option(40, &mut knn, "inner_hits", |asker| {
            asker
                .numbers
                .pick(&[
                    json!({}),
                    json!({"size": 1, "_source": false}),
                    json!({"fields": ["parts.kind"], "_source": false}),
                ])
                .clone()
        });
        self.option(30, &mut knn, "filter", |asker| {
            if asker.numbers.chance(60) {
                asker.leaf()
            } else {
                asker.part_query()
            }
        });
        self.option(20, &mut knn, "similarity", |_| json!(0.4));
        self.boost(&mut knn);
        let mut body = json!({"knn": knn, "_source": false});
        self.option(25, &mut body, "query", |asker| asker.leaf());
        Self::search(body)
    }
}
