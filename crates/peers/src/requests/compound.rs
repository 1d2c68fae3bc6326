//! Queries with queries in them.

use super::Asker;
use crate::corpus::PART_DIMS;
use crate::corpus::vector;
use serde_json::{Value, json};

impl Asker<'_> {
    /// Any query; `depth` says how many levels of queries it may still have in it.
    pub(super) fn query(&mut self, depth: usize) -> Value {
        if depth == 0 || self.numbers.chance(55) {
            return self.leaf();
        }
        match self.numbers.below(8) {
            0..3 => self.bool(depth),
            3 => self.constant_score(depth),
            4 => self.dis_max(depth),
            5 => self.boosting(depth),
            6 => self.nested(),
            _ => self.query_string(),
        }
    }

    /// A query, now and then inside another.
    pub(super) fn perhaps_wrapped(&mut self, query: Value) -> Value {
        match self.numbers.below(20) {
            0 => json!({"constant_score": {"filter": query, "boost": 1.5}}),
            1 => {
                let (other, must) = (self.leaf(), self.one(&["must", "filter", "must_not"]));
                json!({"bool": {must: [query], "should": [other]}})
            }
            2 => {
                let other = self.leaf();
                json!({"dis_max": {"queries": [query, other], "tie_breaker": 0.2}})
            }
            3 => {
                let other = self.leaf();
                json!({"boosting": {"positive": query, "negative": other, "negative_boost": 0.3}})
            }
            4 | 5 => {
                let other = self.leaf();
                json!({"bool": {"must": [query, other]}})
            }
            _ => query,
        }
    }

    pub(super) fn bool(&mut self, depth: usize) -> Value {
        let mut options = json!({});
        for (name, percent) in [
            ("must", 50),
            ("filter", 40),
            ("should", 60),
            ("must_not", 25),
        ] {
            if self.numbers.chance(percent) {
                let queries: Vec<Value> = (0..self.numbers.between(1, 3))
                    .map(|_| self.query(depth.saturating_sub(1)))
                    .collect();
                options[name] = match <[Value; 1]>::try_from(queries) {
                    // One query may stand without its brackets.
                    Ok([query]) if self.numbers.chance(50) => query,
                    Ok(query) => json!(query),
                    Err(queries) => json!(queries),
                };
            }
        }
        self.option(20, &mut options, "minimum_should_match", Self::minimum);
        self.boost(&mut options);
        json!({ "bool": options })
    }

    pub(super) fn constant_score(&mut self, depth: usize) -> Value {
        let mut options = json!({"filter": self.query(depth)});
        self.boost(&mut options);
        json!({ "constant_score": options })
    }

    pub(super) fn dis_max(&mut self, depth: usize) -> Value {
        let queries: Vec<Value> = (0..self.numbers.between(1, 4))
            .map(|_| self.query(depth.saturating_sub(1)))
            .collect();
        let mut options = json!({ "queries": queries });
        self.option(50, &mut options, "tie_breaker", |asker| {
            json!(*asker.numbers.pick(&[0.0, 0.3, 1.0]))
        });
        self.boost(&mut options);
        json!({ "dis_max": options })
    }

    pub(super) fn boosting(&mut self, depth: usize) -> Value {
        let mut options = json!({
            "positive": self.query(depth.saturating_sub(1)),
            "negative": self.query(0),
            "negative_boost": *self.numbers.pick(&[0.2, 0.5, 0.0, 1.0]),
        });
        self.boost(&mut options);
        json!({ "boosting": options })
    }

    /// A query of the nested parts' fields.
    pub(super) fn part_query(&mut self) -> Value {
        match self.numbers.below(11) {
            9 => json!({"nested": {"path": "parts.marks", "query": self.mark_query(),
                "score_mode": self.one(&["avg", "sum", "min", "max", "none"])}}),
            10 => {
                let (first, second) = (self.numbers.unit(), self.words(2));
                json!({"bool": {"should": [{"range": {"parts.x": {"gt": first}}}, {"match": {"parts.name": second}},
                    {"nested": {"path": "parts.marks", "query": self.mark_query()}}], "minimum_should_match": 2}})
            }
            0 => json!({"match": {"parts.name": self.words(3)}}),
            1 => json!({"match": {"parts.name": {"query": self.words(2), "operator": "and"}}}),
            2 => json!({"term": {"parts.kind": self.one(&["face", "sky", "tree", "none"])}}),
            3 => json!({"range": {"parts.x": {"gte": self.numbers.unit(), "lt": 0.9}}}),
            4 => json!({"range": {"parts.n": {"gt": self.numbers.below(6)}}}),
            5 => json!({"exists": {"field": self.one(&["parts.n", "parts.kind", "parts.vec"])}}),
            6 => json!({"range": {"parts.taken": {"gte": self.date_value("taken")}}}),
            7 => {
                let (first, second) = (
                    self.one(&["must", "should", "filter"]),
                    self.one(&["must_not", "should", "must"]),
                );
                json!({"bool": {first: [json!({"term": {"parts.kind": "face"}})],
                    if first == second { "must_not" } else { second }: [{"match": {"parts.name": self.words(2)}}]}})
            }
            _ => json!({"match_all": {}}),
        }
    }

    pub(super) fn nested(&mut self) -> Value {
        let query = if self.vectors && self.numbers.chance(8) {
            json!({"knn": {"field": "parts.vec", "query_vector": vector(&mut self.numbers, PART_DIMS), "k": 5, "num_candidates": 50}})
        } else {
            self.part_query()
        };
        let (path, query) = match self.numbers.below(8) {
            0 => ("parts.marks", self.mark_query()),
            1 => ("links", self.link_query()),
            _ => ("parts", query),
        };
        let mut options = json!({"path": path, "query": query});
        self.option(60, &mut options, "score_mode", |asker| {
            json!(asker.one(&["avg", "sum", "min", "max", "none"]))
        });
        self.option(10, &mut options, "ignore_unmapped", |_| json!(true));
        self.boost(&mut options);
        json!({ "nested": options })
    }

    pub(super) fn nested_with_inner_hits(&mut self) -> Value {
        let mut inner = json!({});
        self.option(60, &mut inner, "size", |asker| {
            json!(*asker.numbers.pick(&[1, 2, 5, 10]))
        });
        self.option(15, &mut inner, "from", |_| json!(1));
        self.option(30, &mut inner, "name", |_| json!("found"));
        self.option(25, &mut inner, "sort", |asker| {
            asker
                .numbers
                .pick(&[
                    json!([{"parts.x": "desc"}]),
                    json!(["_score", {"parts.n": {"order": "asc", "missing": "_first"}}]),
                ])
                .clone()
        });
        self.option(30, &mut inner, "_source", |asker| {
            asker
                .numbers
                .pick(&[
                    json!(false),
                    json!(["parts.kind"]),
                    json!({"excludes": ["parts.vec"]}),
                ])
                .clone()
        });
        self.option(20, &mut inner, "fields", |_| {
            json!(["parts.kind", "parts.n"])
        });
        let (path, inside) = if self.numbers.chance(15) {
            if let Some(inner) = inner.as_object_mut() {
                inner.retain(|name, _| ["name", "size", "from"].contains(&name.as_str()));
            }
            let path = self.one(&["links", "parts.marks"]);
            let inside = match path {
                "links" => self.link_query(),
                _ => self.mark_query(),
            };
            (path, inside)
        } else {
            ("parts", self.part_query())
        };
        let mut query = json!({"path": path, "query": inside, "inner_hits": inner});
        self.option(60, &mut query, "score_mode", |asker| {
            json!(asker.one(&["avg", "sum", "min", "max", "none"]))
        });
        let query = json!({ "nested": query });
        if self.numbers.chance(30) {
            let other = self.leaf();
            return json!({"bool": {"must": [query], "should": [other]}});
        }
        query
    }
}
