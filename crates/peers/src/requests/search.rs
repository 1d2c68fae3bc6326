//! What stands beside the query of a search.

use super::{Asker, Request};
use serde_json::{Value, json};

impl Asker<'_> {
    /// A search by a query that one family makes.
    pub(super) fn search_by(&mut self, query: impl FnOnce(&mut Self) -> Value) -> Request {
        let query = query(self);
        let mut body = json!({"query": self.perhaps_wrapped(query)});
        self.option(70, &mut body, "size", |asker| {
            json!(*asker.numbers.pick(&[0, 3, 10, 25, 60]))
        });
        if self.numbers.chance(85) {
            body["_source"] = json!(false);
        }
        self.option(5, &mut body, "from", |_| json!(4));
        self.option(5, &mut body, "track_total_hits", |asker| {
            json!(asker.numbers.chance(50))
        });
        self.option(5, &mut body, "sort", |asker| json!([asker.sort_key()]));
        self.option(5, &mut body, "aggs", |asker| json!({"a": asker.metric()}));
        self.option(4, &mut body, "post_filter", |asker| asker.leaf());
        Self::search(body)
    }

    pub(super) fn page(&mut self) -> Request {
        let mut body = json!({"query": self.query(1), "_source": false,
            "from": self.numbers.below(40), "size": self.numbers.below(30)});
        self.option(30, &mut body, "sort", |asker| json!([asker.sort_key()]));
        if self.numbers.chance(25) {
            let (from, size) = (body["from"].take(), body["size"].take());
            if let Some(body) = body.as_object_mut() {
                body.retain(|_, value| !value.is_null());
            }
            return Self::json(
                "POST",
                format!("/{{index}}/_search?from={from}&size={size}"),
                body,
            );
        }
        Self::search(body)
    }

    pub(super) fn min_score(&mut self) -> Request {
        let query = if self.numbers.chance(60) {
            self.match_text()
        } else {
            self.query(1)
        };
        let score = *self.numbers.pick(&[0.5, 1.0, 2.2, 4.0]);
        let mut body = json!({"query": query, "min_score": score, "_source": false});
        self.option(20, &mut body, "aggs", |asker| json!({"a": asker.metric()}));
        self.option(20, &mut body, "sort", |asker| json!([asker.sort_key()]));
        Self::search(body)
    }

    pub(super) fn track_total_hits(&mut self) -> Request {
        let track = self
            .numbers
            .pick(&[json!(true), json!(false), json!(1), json!(100), json!(2000)])
            .clone();
        let mut body = json!({"query": self.query(1), "_source": false, "track_total_hits": track});
        self.option(30, &mut body, "size", |_| json!(0));
        self.option(30, &mut body, "sort", |asker| json!([asker.sort_key()]));
        self.option(15, &mut body, "track_scores", |_| json!(true));
        if self.numbers.chance(15) {
            return Self::json(
                "GET",
                "/{index}/_search?rest_total_hits_as_int=true",
                json!({"query": body["query"]}),
            );
        }
        Self::search(body)
    }

    /// Names of fields as a filter of sources has them.
    fn patterns(&mut self) -> Vec<&'static str> {
        (0..self.numbers.between(1, 3))
            .map(|_| {
                self.one(&[
                    "title",
                    "camera.*",
                    "camera",
                    "c*",
                    "*.kind",
                    "parts",
                    "parts.x",
                    "nowhere",
                    "camera.lens.name",
                    "extra*",
                    "hidden.*",
                    "hidden.a",
                    "parts.marks",
                    "*.label",
                    "links.*",
                    "*",
                ])
            })
            .collect()
    }

    pub(super) fn source_filter(&mut self) -> Value {
        match self.numbers.below(7) {
            0 => json!(true),
            1 => json!(false),
            2 => json!(self.patterns()),
            3 => json!(self.one(&["title", "cam*"])),
            4 => json!({"includes": self.patterns()}),
            5 => json!({"excludes": self.patterns()}),
            _ => json!({"includes": self.patterns(), "excludes": self.patterns()}),
        }
    }

    pub(super) fn source(&mut self) -> Request {
        let mut body = json!({"query": self.leaf(), "size": 8, "_source": self.source_filter()});
        self.option(20, &mut body, "version", |_| json!(true));
        self.option(20, &mut body, "seq_no_primary_term", |_| json!(true));
        if self.numbers.chance(20) {
            let query = body["query"].take();
            let patterns = self.patterns().join(",").replace('*', "%2A");
            let name = self.one(&["_source", "_source_includes", "_source_excludes"]);
            return Self::json(
                "POST",
                format!("/{{index}}/_search?{name}={patterns}"),
                json!({"query": query, "size": 8}),
            );
        }
        Self::search(body)
    }

    pub(super) fn fields(&mut self) -> Request {
        let fields: Vec<Value> = (0..self.numbers.between(1, 4))
            .map(|_| match self.numbers.below(5) {
                0 => json!({"field": "created", "format": self.one(&["yyyy-MM-dd", "epoch_millis", "yyyy"])}),
                1 => json!({"field": "day", "format": "epoch_second"}),
                _ => json!(self.one(&["title", "title.raw", "tag", "short_tag", "count", "weight", "price", "half", "flag", "created", "day",
                    "camera.*", "parts.kind", "parts.*", "spot", "extra*", "nowhere", "body.simple", "tiny", "camera.lens.mm",
                    "level", "stars", "loose", "moment", "everything", "caption", "hidden", "hidden.*", "links.*", "links.to", "parts.marks.*",
                    "parts.marks.label", "searched", "unindexed", "*", "c*"])),
            })
            .collect();
        let mut body = json!({"query": self.leaf(), "size": 8, "_source": false, "fields": fields});
        self.option(10, &mut body, "_source", |asker| asker.source_filter());
        Self::search(body)
    }

    pub(super) fn count(&mut self) -> Request {
        if self.numbers.chance(15) {
            return Self::json("GET", "/{index}/_count", Value::Null);
        }
        if self.numbers.chance(15) {
            let word: String = self
                .word()
                .chars()
                .filter(char::is_ascii_alphabetic)
                .collect();
            return Self::json(
                "GET",
                format!("/{{index}}/_count?q=title:{word}*"),
                Value::Null,
            );
        }
        Self::json("POST", "/{index}/_count", json!({"query": self.query(2)}))
    }

    pub(super) fn msearch(&mut self) -> Request {
        let mut lines = Vec::new();
        for _ in 0..self.numbers.between(1, 4) {
            lines.push(match self.numbers.below(8) {
                0 => json!({"index": "{index}"}),
                1 => json!({"index": ["{index}"]}),
                2 => json!({"index": "nowhere-at-all"}),
                _ => json!({}),
            });
            lines.push(match self.numbers.below(10) {
                0 => json!({"query": {"no_such_query": {}}}),
                1 => json!({"size": 0, "aggs": {"a": self.metric()}}),
                _ => json!({"query": self.query(1), "_source": false, "size": 5}),
            });
        }
        Request {
            is_lines: true,
            lines,
            ..Self::json("POST", "/{index}/_msearch", Value::Null)
        }
    }
}
