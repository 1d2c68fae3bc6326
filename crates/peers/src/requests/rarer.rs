//! Requests with what few programs send.

use super::{Asker, Request};
use crate::corpus::{DATES, KEYWORDS, NUMBERS, TEXTS};
use serde_json::{Value, json};

impl Asker<'_> {
    /// The start of what a person types.
    pub(super) fn match_prefix(&mut self) -> Value {
        let (kind, field) = (
            self.one(&["match_phrase_prefix", "match_bool_prefix"]),
            self.one(&TEXTS),
        );
        let text = self.words(3);
        let letters = text.chars().count();
        let text: String = text
            .chars()
            .take(letters.saturating_sub(1).max(1))
            .collect();
        if self.numbers.chance(40) {
            return json!({kind: {field: text}});
        }
        let mut options = json!({ "query": text });
        if kind == "match_phrase_prefix" {
            self.option(50, &mut options, "slop", |asker| {
                json!(asker.numbers.below(4))
            });
            self.option(40, &mut options, "max_expansions", |asker| {
                json!(*asker.numbers.pick(&[0, 1, 3, 200]))
            });
        } else {
            self.option(40, &mut options, "operator", |asker| {
                json!(asker.one(&["and", "or"]))
            });
            self.option(40, &mut options, "minimum_should_match", Self::minimum);
            self.option(20, &mut options, "fuzziness", |_| json!("AUTO"));
        }
        self.option(20, &mut options, "analyzer", |asker| {
            json!(asker.one(&["whitespace", "simple"]))
        });
        self.boost(&mut options);
        json!({kind: {field: options}})
    }

    /// Queries with names: which of them match is answered.
    pub(super) fn named(&mut self) -> Request {
        let mut names = ["one", "two", "three", "four"].into_iter();
        let mut named = |asker: &mut Self| {
            let mut query = asker.leaf();
            name(&mut query, names.next().unwrap_or("more"));
            query
        };
        let clauses = [
            ("should", json!([named(self), named(self)])),
            (
                self.one(&["must", "filter", "must_not", "should_too"]),
                named(self),
            ),
        ];
        let mut bool = json!({});
        for (place, clause) in clauses {
            if place != "should_too" {
                bool[place] = clause;
            }
        }
        self.option(50, &mut bool, "_name", |_| json!("whole"));
        let query = match self.numbers.below(5) {
            0 => json!({"constant_score": {"filter": {"bool": bool}, "_name": "outer"}}),
            1 => {
                let mut part = self.part_query();
                name(&mut part, "inside");
                json!({"bool": {"should": [{"bool": bool},
                    {"nested": {"path": "parts", "query": part, "_name": "nested", "inner_hits": {"_source": false}}}]}})
            }
            _ => json!({ "bool": bool }),
        };
        Self::search(json!({"query": query, "_source": false, "size": 15}))
    }

    /// Values that another document has.
    pub(super) fn terms_lookup(&mut self) -> Value {
        let (field, path) = *self.numbers.pick(&[
            ("tag", "tag"),
            ("tag", "short_tag"),
            ("place", "place"),
            ("count", "count"),
            ("rank", "parts.n"),
            ("camera.make", "camera.make"),
            ("title", "tag"),
            ("level", "level"),
            ("tag", "nowhere"),
        ]);
        let mut lookup = json!({"index": "{index}", "id": self.id(), "path": path});
        self.option(5, &mut lookup, "index", |_| json!("nowhere-at-all"));
        json!({"terms": {field: lookup}})
    }

    /// A search whose query stands in the address.
    pub(super) fn by_address(&mut self) -> Request {
        let word: String = self
            .word()
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect();
        let query = match self.numbers.below(6) {
            0 => format!("title:{word}"),
            1 => format!("count:%5B10%20TO%20{}%5D", self.numbers.between(20, 500)),
            2 => format!("place:Lisbon%20OR%20tag:{word}"),
            3 => format!("%2Btitle:the%20-body:{word}"),
            4 => format!("{word}*"),
            _ => format!("{word}%20and"),
        };
        let mut path = format!("/{{index}}/_search?q={query}");
        for (percent, option) in [
            (30, ["&df=title", "&df=body", "&df=tag"]),
            (
                25,
                [
                    "&default_operator=AND",
                    "&default_operator=or",
                    "&lenient=true",
                ],
            ),
            (40, ["&size=5", "&from=3", "&size=0"]),
            (
                25,
                [
                    "&sort=serial",
                    "&sort=count:desc,serial:asc",
                    "&sort=_score,serial",
                ],
            ),
            (
                25,
                [
                    "&track_total_hits=10",
                    "&track_scores=true",
                    "&version=true",
                ],
            ),
            (
                10,
                [
                    "&analyze_wildcard=true",
                    "&analyzer=simple",
                    "&seq_no_primary_term=true",
                ],
            ),
            (
                15,
                [
                    "&timeout=30s",
                    "&docvalue_fields=count,tag",
                    "&terminate_after=100000",
                ],
            ),
        ] {
            if self.numbers.chance(percent) {
                path += self.one(&option);
            }
        }
        path += "&_source=false";
        Self::json("GET", path, Value::Null)
    }

    /// A page after a place in an order in which nothing ties.
    pub(super) fn walk(&mut self) -> Request {
        let serial = self.numbers.below(self.documents);
        let order = self.one(&["asc", "desc"]);
        let (sort, after) = match self.numbers.below(6) {
            0 => (json!([{"serial": order}]), json!([serial])),
            1 => (
                json!([{"count": {"order": order, "missing": "_first"}}, {"serial": "asc"}]),
                json!([self.numbers.below(40), serial]),
            ),
            2 => (
                json!([{"place": {"order": order}}, {"serial": {"order": "desc"}}]),
                json!([self.one(&["Lisbon", "Oslo", ""]), serial]),
            ),
            3 => (
                json!([{"level": {"order": order, "missing": "_last"}}, "serial"]),
                json!([null, serial]),
            ),
            4 => (
                json!([{"price": {"order": order, "mode": "avg"}}, {"serial": order}]),
                json!([(self.numbers.unit() * 10_000.0).round() / 100.0, serial]),
            ),
            _ => (
                json!([{"flag": order}, {"rank": {"order": "asc", "missing": 7}}, {"serial": "asc"}]),
                json!([self.numbers.chance(50), self.numbers.below(20), serial]),
            ),
        };
        Self::search(
            json!({"query": self.query(1), "sort": sort, "search_after": after, "_source": false,
            "size": *self.numbers.pick(&[1, 10, 50])}),
        )
    }

    /// Values as columns have them.
    pub(super) fn docvalue_fields(&mut self) -> Request {
        let fields: Vec<Value> = (0..self.numbers.between(1, 4))
            .map(|_| match self.numbers.below(6) {
                0 => json!({"field": self.one(&DATES), "format": self.one(&["yyyy-MM-dd", "epoch_millis", "dd.MM.yyyy"])}),
                1 => json!({"field": self.one(&["count", "weight"]), "format": self.one(&["0.0", "#.00", "000"])}),
                2 => json!(self.one(&DATES)),
                3 => json!(self.one(&KEYWORDS)),
                4 => json!(self.one(&["flag", "spot", "cam*", "nowhere", "title", "parts.kind", "links.to", "serial", "t*"])),
                _ => json!(self.one(&NUMBERS)),
            })
            .collect();
        let body =
            json!({"query": self.leaf(), "size": 8, "_source": false, "docvalue_fields": fields});
        Self::search(body)
    }

    /// Histograms between bounds.
    pub(super) fn bounded(&mut self, depth: usize) -> Value {
        let field = self.one(&["created", "extra_date"]);
        let (interval, value) = *self.numbers.pick(&[
            ("calendar_interval", "month"),
            ("calendar_interval", "year"),
            ("calendar_interval", "week"),
            ("fixed_interval", "30d"),
            ("fixed_interval", "100d"),
        ]);
        let mut options = json!({"field": field, interval: value});
        let bounds = self
            .numbers
            .pick(&[
                json!({"min": "2016-03-01", "max": "2026-08-01"}),
                json!({"min": "2020-01-01", "max": "2021-06-30"}),
                json!({"min": "2019-05-05||/M", "max": "2022-01-01"}),
                json!({"min": 1_550_000_000_000_i64, "max": 1_650_000_000_000_i64}),
                json!({"min": "2019-01-15"}),
                json!({"max": "2022-01-15"}),
            ])
            .clone();
        options[self.one(&["extended_bounds", "hard_bounds"])] = bounds;
        self.option(30, &mut options, "time_zone", |asker| {
            json!(asker.one(&["+05:30", "Europe/Lisbon"]))
        });
        self.option(20, &mut options, "offset", |asker| {
            json!(asker.one(&["+1d", "-6h"]))
        });
        self.option(25, &mut options, "keyed", |_| json!(true));
        self.option(25, &mut options, "format", |asker| {
            json!(asker.one(&["yyyy-MM-dd", "yyyy/MM"]))
        });
        self.option(20, &mut options, "order", |asker| {
            asker
                .numbers
                .pick(&[
                    json!({"_key": "desc"}),
                    json!([{"_count": "desc"}, {"_key": "asc"}]),
                ])
                .clone()
        });
        self.with_others(json!({ "date_histogram": options }), depth)
    }

    /// A query of the marks, which lie in the nested parts.
    pub(super) fn mark_query(&mut self) -> Value {
        match self.numbers.below(5) {
            0 => json!({"term": {"parts.marks.label": self.one(&["good", "bad", "odd"])}}),
            1 => json!({"range": {"parts.marks.v": {"gte": self.numbers.below(5)}}}),
            2 => json!({"match": {"parts.marks.said": self.words(2)}}),
            3 => json!({"bool": {"must": [{"match": {"parts.marks.said": self.words(3)}}],
                "must_not": [{"term": {"parts.marks.label": "bad"}}]}}),
            _ => json!({"match_all": {}}),
        }
    }

    /// A query of the links, whose fields their documents have as well.
    pub(super) fn link_query(&mut self) -> Value {
        match self.numbers.below(3) {
            0 => json!({"term": {"links.to": self.word()}}),
            1 => json!({"range": {"links.w": {"gt": self.numbers.between(-3, 8)}}}),
            _ => json!({"exists": {"field": "links.to"}}),
        }
    }

    /// Buckets of what lies in two levels of nested objects, and back.
    pub(super) fn deep_buckets(&mut self, depth: usize) -> Value {
        let back = |asker: &mut Self| {
            let mut back = match asker.numbers.below(3) {
                0 => {
                    json!({"reverse_nested": {"path": "parts"}, "aggs": {"up": {"terms": {"field": "parts.kind"}}}})
                }
                1 => json!({"reverse_nested": {}, "aggs": {"up": {"terms": {"field": "place"}}}}),
                _ => json!({"reverse_nested": {}}),
            };
            asker.option(
                30,
                &mut back["aggs"],
                "sum",
                |asker| json!({asker.one(&["sum", "avg", "value_count"]): {"field": "serial"}}),
            );
            back
        };
        let marks = match self.numbers.below(4) {
            0 => json!({"terms": {"field": "parts.marks.label"}}),
            1 => json!({"histogram": {"field": "parts.marks.v", "interval": 0.5}}),
            2 => json!({"filter": self.mark_query()}),
            _ => {
                json!({"range": {"field": "parts.marks.v", "ranges": [{"to": 2}, {"from": 1, "to": 4}]}})
            }
        };
        let mut marks = marks;
        self.option(
            70,
            &mut marks,
            "aggs",
            |asker| json!({"back": back(asker), "s": {"stats": {"field": "parts.marks.v"}}}),
        );
        match self.numbers.below(5) {
            0 => json!({"nested": {"path": "parts.marks"}, "aggs": {"marks": marks}}),
            1 => {
                json!({"nested": {"path": "links"}, "aggs": {"to": {"terms": {"field": "links.to"},
                "aggs": {"w": {"avg": {"field": "links.w"}}, "back": {"reverse_nested": {}, "aggs": {"m": self.metric()}}}}}})
            }
            2 => {
                let inner = json!({"nested": {"path": "parts"}, "aggs": {"marks": {"nested": {"path": "parts.marks"}, "aggs": {"marks": marks}}}});
                let mut made = self.terms_buckets(0);
                made["aggs"]["parts"] = inner;
                made
            }
            3 => self.with_others(json!({"terms": {"field": "links.to", "size": 5}}), depth),
            _ => {
                json!({"nested": {"path": "parts"}, "aggs": {"kinds": {"terms": {"field": "parts.kind"},
                "aggs": {"marks": {"nested": {"path": "parts.marks"}, "aggs": {"marks": marks}}}}}})
            }
        }
    }
}

/// Gives a query a name, in its options where it has them beside a field.
fn name(query: &mut Value, name: &str) {
    let Some((kind, options)) = query
        .as_object_mut()
        .and_then(|query| query.iter_mut().next())
    else {
        return;
    };
    let by_field = [
        "match",
        "match_phrase",
        "term",
        "range",
        "prefix",
        "wildcard",
        "fuzzy",
    ];
    let options = match by_field.contains(&kind.as_str()) {
        true => options
            .as_object_mut()
            .and_then(|fields| fields.values_mut().next()),
        false => Some(options),
    };
    if let Some(options) = options.filter(|options| options.is_object()) {
        options["_name"] = json!(name);
    }
}
