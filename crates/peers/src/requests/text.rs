//! Queries of analysed text.

use super::Asker;
use crate::corpus::{KEYWORDS, NUMBERS, TEXTS, number};
use serde_json::{Value, json};

impl Asker<'_> {
    /// A few words as a person types them.
    pub(super) fn words(&mut self, most: i64) -> String {
        let count = self.numbers.between(1, most) as usize;
        if self.numbers.chance(10) {
            return self.words.mistyped(&mut self.numbers);
        }
        self.words.text(&mut self.numbers, count)
    }

    fn operator(&mut self, options: &mut Value) {
        self.option(30, options, "operator", |asker| {
            json!(asker.one(&["and", "or", "AND", "OR"]))
        });
        self.option(20, options, "minimum_should_match", Self::minimum);
    }

    pub(super) fn minimum(&mut self) -> Value {
        self.numbers
            .pick(&[
                json!(1),
                json!("2"),
                json!("75%"),
                json!("-1"),
                json!("-25%"),
                json!("2<75%"),
                json!(0),
                json!("1<-1 3<50%"),
            ])
            .clone()
    }

    fn fuzziness(&mut self, options: &mut Value) {
        self.option(20, options, "fuzziness", |asker| {
            asker
                .numbers
                .pick(&[json!("AUTO"), json!(1), json!("2")])
                .clone()
        });
        if options.get("fuzziness").is_some() {
            self.option(30, options, "prefix_length", |_| json!(1));
            self.option(20, options, "fuzzy_transpositions", |_| json!(false));
        }
    }

    pub(super) fn match_text(&mut self) -> Value {
        let (field, value) = match self.numbers.below(10) {
            0 => self.field_and_value(),
            1 => (self.one(&KEYWORDS), json!(self.words(2))),
            _ => (self.one(&TEXTS), json!(self.words(4))),
        };
        if self.numbers.chance(30) {
            return json!({"match": {field: value}});
        }
        let mut options = json!({ "query": value });
        self.operator(&mut options);
        if TEXTS.contains(&field) {
            self.fuzziness(&mut options);
            self.option(10, &mut options, "analyzer", |asker| {
                json!(asker.one(&["standard", "simple", "whitespace", "keyword"]))
            });
        }
        self.option(10, &mut options, "zero_terms_query", |asker| {
            json!(asker.one(&["all", "none"]))
        });
        self.option(10, &mut options, "lenient", |_| json!(true));
        self.boost(&mut options);
        json!({"match": {field: options}})
    }

    pub(super) fn match_phrase(&mut self) -> Value {
        let (field, text) = (self.one(&TEXTS), self.words(3));
        if self.numbers.chance(40) {
            return json!({"match_phrase": {field: text}});
        }
        let mut options = json!({ "query": text });
        self.option(60, &mut options, "slop", |asker| {
            json!(*asker.numbers.pick(&[0, 1, 2, 5, 20]))
        });
        self.option(10, &mut options, "analyzer", |_| json!("whitespace"));
        self.boost(&mut options);
        json!({"match_phrase": {field: options}})
    }

    /// Fields for a query of several, some with boosts.
    pub(super) fn several_fields(&mut self) -> Vec<String> {
        let mut fields = Vec::new();
        for _ in 0..self.numbers.between(1, 3) {
            let field = if self.numbers.chance(85) {
                self.one(&TEXTS)
            } else {
                self.one(&["tag", "place", "title*", "camera.*"])
            };
            let boost = if self.numbers.chance(25) { "^2.5" } else { "" };
            if !fields.iter().any(|known: &String| known.starts_with(field)) {
                fields.push(format!("{field}{boost}"));
            }
        }
        fields
    }

    pub(super) fn multi_match(&mut self) -> Value {
        let kind = self.one(&[
            "best_fields",
            "most_fields",
            "cross_fields",
            "phrase",
            "phrase_prefix",
            "bool_prefix",
        ]);
        let mut options = json!({"query": self.words(3), "fields": self.several_fields()});
        if self.numbers.chance(8) {
            return json!({"multi_match": {"query": self.words(2)}});
        }
        self.option(90, &mut options, "type", |_| json!(kind));
        let kind = options["type"].as_str().unwrap_or("best_fields").to_owned();
        self.option(30, &mut options, "tie_breaker", |asker| {
            json!(*asker.numbers.pick(&[0.3, 0.0, 1.0]))
        });
        match kind.as_str() {
            "best_fields" | "most_fields" => {
                self.operator(&mut options);
                self.fuzziness(&mut options);
            }
            "phrase" => self.option(40, &mut options, "slop", |_| json!(2)),
            "phrase_prefix" => self.option(40, &mut options, "max_expansions", |_| json!(500)),
            _ => self.operator(&mut options),
        }
        if self.numbers.chance(5) {
            let field = self.one(&NUMBERS);
            options["query"] = number(&mut self.numbers, field);
            options["fields"] = json!([field, "title"]);
            options["type"] = json!("best_fields");
            options["lenient"] = json!(true);
            if let Some(options) = options.as_object_mut() {
                options.remove("fuzziness");
                options.remove("fuzzy_transpositions");
                options.remove("prefix_length");
            }
        }
        self.boost(&mut options);
        json!({ "multi_match": options })
    }
}
