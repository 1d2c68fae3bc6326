//! The order of hits.

use super::{Asker, Request};
use crate::corpus::{DATES, NUMBERS, number};
use serde_json::{Value, json};

/// Keyword fields whose values are single or several.
const SORTED_KEYWORDS: [&str; 5] = ["tag", "place", "title.raw", "camera.make", "rare"];

impl Asker<'_> {
    /// One key of a sort.
    pub(super) fn sort_key(&mut self) -> Value {
        match self.numbers.below(14) {
            12 => {
                let mut sort =
                    self.sort_options("parts.marks.v", &["min", "max", "sum", "avg"], |_| {
                        json!(1.5)
                    });
                sort["parts.marks.v"]["nested"] = if self.numbers.chance(50) {
                    json!({"path": "parts.marks"})
                } else {
                    json!({"path": "parts", "filter": self.part_query(), "nested": {"path": "parts.marks", "filter": self.mark_query()}})
                };
                sort
            }
            13 => {
                let mut sort = self.sort_options("parts.kind", &["min", "max"], |_| json!("m"));
                sort["parts.kind"]["nested"] =
                    json!({"path": "parts", "filter": self.part_query()});
                sort
            }
            0 => json!("_score"),
            1 => json!({"_score": {"order": self.one(&["asc", "desc"])}}),
            2 => json!(self.one(&NUMBERS)),
            3 => json!({self.one(&DATES): self.one(&["asc", "desc"])}),
            4..6 => {
                let field = self.one(&SORTED_KEYWORDS);
                self.sort_options(field, &["min", "max"], |_| json!("m"))
            }
            6 => {
                let mut sort =
                    self.sort_options("parts.n", &["min", "max", "sum", "avg"], |_| json!(3));
                let filter = self.part_query();
                let filtered = self.numbers.chance(50);
                sort["parts.n"]["nested"] = if filtered {
                    json!({"path": "parts", "filter": filter})
                } else {
                    json!({"path": "parts"})
                };
                sort
            }
            7 => {
                let field = self.one(&DATES);
                let mut sort = self.sort_options(field, &["min", "max"], |_| json!("_last"));
                self.option(30, &mut sort[field], "format", |_| json!("yyyy-MM-dd"));
                sort
            }
            8 => {
                json!({"nowhere": {"unmapped_type": self.one(&["long", "keyword", "date"]), "order": "desc"}})
            }
            9 => self.sort_options("flag", &["min", "max"], |_| json!("_first")),
            _ => {
                let field = self.one(&NUMBERS);
                self.sort_options(field, &["min", "max", "sum", "avg", "median"], |asker| {
                    number(&mut asker.numbers, field)
                })
            }
        }
    }

    fn sort_options(
        &mut self,
        field: &str,
        modes: &[&str],
        missing: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let mut options = json!({});
        self.option(80, &mut options, "order", |asker| {
            json!(asker.one(&["asc", "desc"]))
        });
        self.option(40, &mut options, "mode", |asker| json!(asker.one(modes)));
        if self.numbers.chance(40) {
            options["missing"] = if self.numbers.chance(70) {
                json!(self.one(&["_first", "_last"]))
            } else {
                missing(self)
            };
        }
        json!({ field: options })
    }

    pub(super) fn sorted(&mut self) -> Request {
        let keys: Vec<Value> = (0..self.numbers.between(1, 3))
            .map(|_| self.sort_key())
            .collect();
        let mut body = json!({"query": self.query(1), "sort": keys, "_source": false});
        self.option(60, &mut body, "size", |asker| {
            json!(*asker.numbers.pick(&[3, 20, 100]))
        });
        self.option(15, &mut body, "track_scores", |_| json!(true));
        if self.numbers.chance(10) {
            body["sort"] = self
                .numbers
                .pick(&[
                    json!("count"),
                    json!({"count": "desc"}),
                    json!(["place", "count"]),
                ])
                .clone();
        }
        if self.numbers.chance(10) {
            return Self::json(
                "POST",
                "/{index}/_search?sort=place:desc,count",
                json!({"query": body["query"]}),
            );
        }
        Self::search(body)
    }

    pub(super) fn search_after(&mut self) -> Request {
        let (sort, after) = match self.numbers.below(7) {
            0 => (
                json!([{"count": "asc"}, {"size": "desc"}]),
                json!([self.numbers.below(300), self.numbers.below(4000)]),
            ),
            1 => (
                json!([{"created": "desc"}]),
                json!([self.numbers.between(1_514_764_800_000, 1_735_689_600_000)]),
            ),
            2 => (
                json!([{"place": "asc"}, {"weight": "asc"}]),
                json!([
                    self.one(&["Lisbon", "A", "lisbon"]),
                    self.numbers.normal() * 10.0
                ]),
            ),
            3 => (
                json!(["_score", {"count": {"order": "desc", "missing": 0}}]),
                json!([self.numbers.unit() * 4.0, 10]),
            ),
            4 => (
                json!([{"place": {"order": "desc", "missing": "_first"}}]),
                json!([null]),
            ),
            5 => (
                json!([{"created": {"order": "asc", "format": "yyyy-MM-dd"}}]),
                json!(["2021-03-04"]),
            ),
            _ => (
                json!([{"price": "desc"}, {"rank": "asc"}]),
                json!([self.numbers.unit() * 100.0, self.numbers.below(20)]),
            ),
        };
        let mut body =
            json!({"query": self.query(1), "sort": sort, "search_after": after, "_source": false});
        self.option(60, &mut body, "size", |asker| {
            json!(*asker.numbers.pick(&[3, 20, 100]))
        });
        Self::search(body)
    }
}
