//! Aggregations, with others in them.

use super::{Asker, Request};
use crate::corpus::{DATES, NUMBERS, number};
use serde_json::{Value, json};

/// Fields whose values make buckets.
const BUCKETED: [&str; 11] = [
    "tag",
    "place",
    "title.raw",
    "camera.make",
    "flag",
    "rank",
    "tiny",
    "camera.iso",
    "short_tag",
    "level",
    "stars",
];

impl Asker<'_> {
    /// A search of aggregations that one family makes.
    pub(super) fn aggregated(
        &mut self,
        aggregation: impl Fn(&mut Self, usize) -> Value,
    ) -> Request {
        let mut body = json!({"size": 0, "aggs": {"first": aggregation(self, 2)}});
        self.option(30, &mut body["aggs"], "second", |asker| {
            aggregation(asker, 1)
        });
        self.option(50, &mut body, "query", |asker| asker.query(1));
        self.option(10, &mut body, "size", |_| json!(2));
        body["_source"] = json!(false);
        if self.numbers.chance(10) {
            let aggregations = body["aggs"].take();
            body["aggregations"] = aggregations;
            if let Some(body) = body.as_object_mut() {
                body.remove("aggs");
            }
        }
        Self::search(body)
    }

    /// Puts aggregations into one that makes buckets; `depth` says how many levels there may be.
    pub(super) fn with_others(&mut self, mut aggregation: Value, depth: usize) -> Value {
        if depth == 0 || self.numbers.chance(35) {
            return aggregation;
        }
        let mut others = json!({"inner": self.any_aggregation(depth - 1)});
        self.option(40, &mut others, "other", |asker| asker.metric());
        aggregation["aggs"] = others;
        aggregation
    }

    fn any_aggregation(&mut self, depth: usize) -> Value {
        match self.numbers.below(12) {
            0..2 => self.terms_buckets(depth),
            2 => self.histogram(depth),
            3 => self.date_histogram(depth),
            4 => self.range_buckets(depth),
            5 => self.filters(depth),
            _ => self.metric(),
        }
    }

    pub(super) fn terms_buckets(&mut self, depth: usize) -> Value {
        let field = match self.numbers.below(10) {
            0 => self.one(&["count", "weight", "price", "half", "size"]),
            1 => self.one(&DATES),
            _ => self.one(&BUCKETED),
        };
        let mut options = json!({ "field": field });
        self.option(40, &mut options, "size", |asker| {
            json!(*asker.numbers.pick(&[1, 3, 50, 1000]))
        });
        let by_metric = self.numbers.chance(15);
        if by_metric {
            options["order"] = json!({"m": self.one(&["asc", "desc"])});
        } else {
            self.option(30, &mut options, "order", |asker| {
                let order = [
                    json!({"_key": "asc"}),
                    json!({"_key": "desc"}),
                    json!({"_count": "asc"}),
                    json!([{"_count": "desc"}, {"_key": "desc"}]),
                ];
                asker.numbers.pick(&order).clone()
            });
        }
        self.option(15, &mut options, "min_doc_count", |asker| {
            json!(*asker.numbers.pick(&[0, 2, 20]))
        });
        if ["tag", "place", "camera.make", "short_tag"].contains(&field) {
            self.option(15, &mut options, "missing", |_| json!("none"));
            self.option(10, &mut options, "include", |asker| {
                asker
                    .numbers
                    .pick(&[json!(["Lisbon", "Canon", "the"]), json!("[A-Mt].*")])
                    .clone()
            });
            self.option(10, &mut options, "exclude", |_| json!(["Oslo", "and"]));
        } else if ["rank", "tiny", "camera.iso", "count"].contains(&field) {
            self.option(15, &mut options, "missing", |_| json!(7));
        }
        self.option(10, &mut options, "show_term_doc_count_error", |_| {
            json!(true)
        });
        let mut made = self.with_others(json!({ "terms": options }), depth);
        if by_metric {
            let metric = self.one(&["avg", "sum", "max", "min", "value_count"]);
            made["aggs"]["m"] = json!({metric: {"field": self.one(&["count", "size", "weight"])}});
            if self.numbers.chance(30) {
                let number = self.one(&["max", "avg", "sum", "min", "count"]);
                made["terms"]["order"] = json!([{format!("m.{number}"): "desc"}, {"_key": "asc"}]);
                made["aggs"]["m"] = json!({"stats": {"field": "count"}});
            } else if self.numbers.chance(20) {
                made["terms"]["order"] = json!({"f>n": "desc"});
                made["aggs"] = json!({"f": {"filter": {"exists": {"field": "place"}}, "aggs": {"n": {"sum": {"field": "rank"}}}}});
            }
        }
        self.option(5, &mut made, "meta", |_| json!({"of": "terms"}));
        made
    }

    pub(super) fn histogram(&mut self, depth: usize) -> Value {
        let (field, interval) = *self.numbers.pick(&[
            ("count", 50.0),
            ("size", 500.0),
            ("price", 12.5),
            ("weight", 7.0),
            ("half", 0.5),
            ("rank", 5.0),
            ("tiny", 3.0),
        ]);
        let mut options = json!({"field": field, "interval": interval});
        self.option(25, &mut options, "offset", |asker| {
            json!(interval * *asker.numbers.pick(&[0.5, 0.2, -0.3]))
        });
        self.option(30, &mut options, "min_doc_count", |asker| {
            json!(*asker.numbers.pick(&[0, 1, 5]))
        });
        self.option(15, &mut options, "missing", |_| json!(3));
        self.option(15, &mut options, "keyed", |_| json!(true));
        self.option(15, &mut options, "order", |asker| {
            asker
                .numbers
                .pick(&[json!({"_key": "desc"}), json!({"_count": "desc"})])
                .clone()
        });
        match self.numbers.below(10) {
            0 if options.get("min_doc_count").is_none_or(|least| least == 0) => {
                options["extended_bounds"] =
                    json!({"min": -20.0 * interval, "max": 30.0 * interval});
            }
            1 => options["hard_bounds"] = json!({"min": interval, "max": 4.0 * interval}),
            _ => {}
        }
        self.with_others(json!({ "histogram": options }), depth)
    }

    pub(super) fn date_histogram(&mut self, depth: usize) -> Value {
        let mut options = json!({"field": self.one(&DATES)});
        if self.numbers.chance(12) {
            return self.days_and_hours();
        }
        if self.numbers.chance(60) {
            options["calendar_interval"] =
                json!(self.one(&["year", "quarter", "month", "1M", "1y", "week", "1q", "1w"]));
        } else {
            options["fixed_interval"] = json!(self.one(&["30d", "7d", "90d", "2400h", "400d"]));
        }
        self.option(25, &mut options, "time_zone", |asker| {
            json!(asker.one(&[
                "+02:00",
                "Europe/Lisbon",
                "America/New_York",
                "Asia/Kolkata"
            ]))
        });
        self.option(20, &mut options, "offset", |asker| {
            json!(asker.one(&["+6h", "-1d", "3h"]))
        });
        self.option(25, &mut options, "format", |asker| {
            json!(asker.one(&["yyyy-MM-dd", "yyyy-MM", "epoch_second"]))
        });
        self.option(30, &mut options, "min_doc_count", |asker| {
            json!(*asker.numbers.pick(&[0, 1, 5]))
        });
        self.option(15, &mut options, "keyed", |_| json!(true));
        self.option(10, &mut options, "missing", |_| json!("2019-01-01"));
        self.option(15, &mut options, "order", |asker| {
            asker
                .numbers
                .pick(&[json!({"_key": "desc"}), json!({"_count": "desc"})])
                .clone()
        });
        self.with_others(json!({ "date_histogram": options }), depth)
    }

    /// Short intervals in a few weeks around a change of clocks.
    fn days_and_hours(&mut self) -> Value {
        let interval = self.one(&["day", "1d", "hour", "1h"]);
        let mut options = json!({"field": "created", "calendar_interval": interval, "min_doc_count": self.numbers.below(2)});
        self.option(70, &mut options, "time_zone", |asker| {
            json!(asker.one(&[
                "Europe/Lisbon",
                "America/New_York",
                "+05:30",
                "Australia/Lord_Howe"
            ]))
        });
        self.option(20, &mut options, "offset", |asker| {
            json!(asker.one(&["+6h", "-90m"]))
        });
        let (from, to) = *self.numbers.pick(&[
            ("2020-03-20", "2020-04-10"),
            ("2021-10-20", "2021-11-12"),
            ("2019-03-01", "2019-03-15"),
        ]);
        json!({
            "filter": {"range": {"created": {"gte": from, "lt": to}}},
            "aggs": {"times": {"date_histogram": options}},
        })
    }

    pub(super) fn range_buckets(&mut self, depth: usize) -> Value {
        let field = self.one(&NUMBERS);
        let ranges: Vec<Value> = (0..self.numbers.between(1, 4))
            .map(|_| {
                let mut range = json!({});
                self.option(70, &mut range, "from", |asker| {
                    number(&mut asker.numbers, field)
                });
                if range.get("from").is_none() || self.numbers.chance(50) {
                    range["to"] = number(&mut self.numbers, field);
                }
                self.option(20, &mut range, "key", |asker| {
                    json!(asker.one(&["low", "high", "some"]))
                });
                range
            })
            .collect();
        let mut options = json!({"field": field, "ranges": ranges});
        self.option(20, &mut options, "keyed", |_| json!(true));
        self.option(15, &mut options, "missing", |_| json!(1));
        self.with_others(json!({ "range": options }), depth)
    }

    /// Filters, and what lacks a value: of a field that is mapped, for below others Elasticsearch puts what lacks any other
    /// into the wrong bucket.
    pub(super) fn filters(&mut self, depth: usize) -> Value {
        let made = match self.numbers.below(5) {
            0 => json!({"filter": self.query(1)}),
            1 => {
                json!({"missing": {"field": self.one(&["rare", "count", "place", "created", "camera.make", "flag"])}})
            }
            2 => json!({"filters": {"filters": [self.leaf(), self.leaf()]}}),
            3 => {
                json!({"filters": {"filters": {"one": self.leaf(), "two": self.query(1)}, "other_bucket_key": "rest"}})
            }
            _ => {
                json!({"filters": {"other_bucket": self.numbers.chance(70), "filters": {"b": self.leaf(), "a": self.leaf()}}})
            }
        };
        self.with_others(made, depth)
    }

    pub(super) fn nested_buckets(&mut self, depth: usize) -> Value {
        let mut inner = match self.numbers.below(6) {
            0 => json!({"terms": {"field": "parts.kind"}}),
            1 => json!({"histogram": {"field": "parts.x", "interval": 0.25}}),
            2 => json!({"filter": self.part_query()}),
            3 => {
                json!({"range": {"field": "parts.n", "ranges": [{"to": 3}, {"from": 3, "to": 6}, {"from": 6}]}})
            }
            4 => json!({"date_histogram": {"field": "parts.taken", "calendar_interval": "year"}}),
            _ => json!({"terms": {"field": "parts.n", "size": 4}}),
        };
        self.option(70, &mut inner, "aggs", |asker| {
            let mut back = json!({"reverse_nested": {}});
            asker.option(
                70,
                &mut back,
                "aggs",
                |asker| json!({"up": asker.above_parts(depth)}),
            );
            let metric = asker.one(&["avg", "stats", "max", "value_count"]);
            json!({"back": back, "x": {metric: {"field": asker.one(&["parts.x", "parts.n"])}}})
        });
        json!({"nested": {"path": "parts"}, "aggs": {"parts": inner, "m": {"value_count": {"field": "parts.kind"}}}})
    }

    /// What stands below `reverse_nested`. No filters: Elasticsearch reads them forwards alone, and documents come there in
    /// any order, so that it counts otherwise each time.
    fn above_parts(&mut self, depth: usize) -> Value {
        let made = match self.numbers.below(5) {
            0 => json!({"terms": {"field": self.one(&BUCKETED)}}),
            1 => json!({"histogram": {"field": "count", "interval": 100}}),
            2 => json!({"date_histogram": {"field": "created", "calendar_interval": "year"}}),
            _ => self.metric(),
        };
        let is_metric = !["terms", "histogram", "date_histogram"]
            .iter()
            .any(|name| made.get(name).is_some());
        if is_metric || depth == 0 {
            return made;
        }
        let mut made = made;
        self.option(30, &mut made, "aggs", |asker| json!({"m": asker.metric()}));
        made
    }

    /// An aggregation that makes no buckets.
    pub(super) fn metric(&mut self) -> Value {
        let kind = self.one(&[
            "min",
            "max",
            "avg",
            "sum",
            "stats",
            "extended_stats",
            "value_count",
            "cardinality",
        ]);
        let field = match kind {
            "value_count" if self.numbers.chance(60) => {
                self.one(&["tag", "place", "created", "flag", "title.raw"])
            }
            // Of fields with few values: Elasticsearch counts hashes, two of thousands of which are often the same.
            "cardinality" => self.one(&[
                "tag",
                "place",
                "flag",
                "short_tag",
                "rank",
                "tiny",
                "camera.iso",
                "camera.make",
                "half",
            ]),
            "min" | "max" | "avg" | "stats" if self.numbers.chance(15) => {
                self.one(&["created", "day", "flag"])
            }
            _ => self.one(&NUMBERS),
        };
        let mut options = json!({ "field": field });
        if NUMBERS.contains(&field) {
            self.option(20, &mut options, "missing", |_| json!(5));
        }
        match kind {
            "extended_stats" => self.option(30, &mut options, "sigma", |_| json!(1.5)),
            "cardinality" => options["precision_threshold"] = json!(10_000),
            _ => {}
        }
        json!({ kind: options })
    }
}
