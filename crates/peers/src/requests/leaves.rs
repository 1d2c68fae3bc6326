//! Queries of terms and values.

use super::Asker;
use crate::corpus::{DATES, KEYWORDS, NUMBERS, TEXTS, VECTORS, number};
use serde_json::{Value, json};

impl Asker<'_> {
    pub(super) fn match_all(&mut self) -> Value {
        let mut options = json!({});
        self.boost(&mut options);
        if self.numbers.chance(85) {
            json!({ "match_all": options })
        } else {
            json!({ "match_none": options })
        }
    }

    /// Any query without queries in it.
    pub(super) fn leaf(&mut self) -> Value {
        match self.numbers.below(17) {
            0..3 => self.match_text(),
            3 => self.match_phrase(),
            4 => self.multi_match(),
            5..7 => self.term(),
            7 => self.terms(),
            8 => self.ids(),
            9..12 => self.range(),
            12 => self.exists(),
            13 => self.prefix(),
            14 => self.wildcard(),
            15 => self.fuzzy(),
            _ => self.match_all(),
        }
    }

    /// A field of any kind that has terms, and a value that it may have.
    pub(super) fn field_and_value(&mut self) -> (&'static str, Value) {
        match self.numbers.below(10) {
            0..4 => {
                let field = self.one(&KEYWORDS);
                (field, self.keyword_value(field))
            }
            4..6 => (self.one(&TEXTS), json!(self.word())),
            6..8 => {
                let field = self.one(&NUMBERS);
                (field, number(&mut self.numbers, field))
            }
            8 => (
                "flag",
                self.numbers
                    .pick(&[json!(true), json!(false), json!("true")])
                    .clone(),
            ),
            _ => {
                let field = self.one(&DATES);
                (field, self.date_value(field))
            }
        }
    }

    fn keyword_value(&mut self, field: &str) -> Value {
        match field {
            "place" => json!(self.one(&[
                "Lisbon",
                "lisbon",
                "New York",
                "Oslo",
                "",
                "Kyōto",
                "Aix-en-Provence"
            ])),
            "level" => json!(self.one(&["low", "high", "unknown", "none"])),
            "camera.make" => json!(self.one(&["Canon", "Leica", "canon", "ACME & Söhne"])),
            _ => json!(self.word()),
        }
    }

    pub(super) fn date_value(&mut self, field: &str) -> Value {
        let (year, month) = (
            self.numbers.between(2017, 2025),
            self.numbers.between(1, 12),
        );
        match (field, self.numbers.below(6)) {
            ("day", 0) => json!(self.numbers.between(1_500_000_000, 1_700_000_000)),
            ("day", _) => json!(format!("{year}-{month:02}-01")),
            ("moment", 0..2) => json!(self.numbers.between(1_514_764_800_000, 1_735_689_600_000)),
            ("moment", 2..6) => json!(format!("11/{month:02}/{year} 08:15")),
            (_, 0) => json!(self.numbers.between(1_514_764_800_000, 1_735_689_600_000)),
            (_, 1) => json!(format!("{year}")),
            (_, 2) => json!(format!("{year}-{month:02}")),
            (_, 3) => json!(format!("{year}-{month:02}-15T12:30:00Z")),
            (_, 4) => json!(format!("{year}-{month:02}-15T12:30:00+05:30")),
            _ => json!(format!(
                "{year}-{month:02}-15||{}",
                self.one(&["+1M", "-1y/d", "/M", "+3d/y"])
            )),
        }
    }

    pub(super) fn term(&mut self) -> Value {
        let (field, value) = self.field_and_value();
        if self.numbers.chance(40) {
            return json!({"term": {field: value}});
        }
        let mut options = json!({ "value": value });
        self.boost(&mut options);
        if KEYWORDS.contains(&field) {
            self.option(30, &mut options, "case_insensitive", |asker| {
                json!(asker.numbers.chance(80))
            });
        }
        json!({"term": {field: options}})
    }

    pub(super) fn terms(&mut self) -> Value {
        let (field, first) = self.field_and_value();
        let mut values = vec![first];
        for _ in 0..self.numbers.below(5) {
            values.push(match field {
                "flag" => json!(false),
                _ if KEYWORDS.contains(&field) => self.keyword_value(field),
                _ if NUMBERS.contains(&field) => number(&mut self.numbers, field),
                _ if DATES.contains(&field) => self.date_value(field),
                _ => json!(self.word()),
            });
        }
        let mut options = json!({ field: values });
        self.boost(&mut options);
        json!({ "terms": options })
    }

    pub(super) fn ids(&mut self) -> Value {
        let ids: Vec<String> = (0..self.numbers.below(12)).map(|_| self.id()).collect();
        let mut options = json!({ "values": ids });
        self.boost(&mut options);
        json!({ "ids": options })
    }

    pub(super) fn range(&mut self) -> Value {
        let mut options = json!({});
        let field = match self.numbers.below(12) {
            0..6 => self.one(&NUMBERS),
            6..10 => self.one(&DATES),
            10 => self.one(&["flag", "title", "note"]),
            _ => self.one(&KEYWORDS),
        };
        if DATES.contains(&field) && self.numbers.chance(40) {
            return self.range_of_dates(field);
        }
        let value = |asker: &mut Self| match field {
            _ if NUMBERS.contains(&field) && asker.numbers.chance(15) => {
                json!(asker.numbers.between(-2, 30) as f64 + 0.5)
            }
            _ if NUMBERS.contains(&field) => number(&mut asker.numbers, field),
            _ if DATES.contains(&field) => asker.date_value(field),
            "flag" => json!(asker.numbers.chance(50)),
            _ => json!(asker.word()),
        };
        match self.numbers.below(12) {
            0 => {
                options["from"] = value(self);
                options["to"] = value(self);
                self.option(50, &mut options, "include_lower", |asker| {
                    json!(asker.numbers.chance(50))
                });
                self.option(50, &mut options, "include_upper", |asker| {
                    json!(asker.numbers.chance(50))
                });
            }
            1 => options["gte"] = Value::Null,
            _ => {
                let (lower, upper) = (self.one(&["gt", "gte"]), self.one(&["lt", "lte"]));
                self.option(70, &mut options, lower, value);
                self.option(70, &mut options, upper, value);
            }
        }
        if field == "created" {
            self.option(15, &mut options, "time_zone", |asker| {
                json!(asker.one(&["+02:00", "Europe/Lisbon", "UTC"]))
            });
        }
        if NUMBERS.contains(&field) {
            self.option(10, &mut options, "relation", |_| json!("intersects"));
        }
        self.boost(&mut options);
        json!({"range": {field: options}})
    }

    /// A range of dates with what dates alone have: a format of their own, zones, and moments near now, rounded so that
    /// both sides mean the same.
    fn range_of_dates(&mut self, field: &str) -> Value {
        let mut options = json!({});
        let (lower, upper) = (self.one(&["gt", "gte"]), self.one(&["lt", "lte"]));
        let zone = |asker: &mut Self| {
            json!(asker.one(&[
                "+02:00",
                "-03:30",
                "Europe/Lisbon",
                "America/New_York",
                "UTC",
                "Z"
            ]))
        };
        match self.numbers.below(4) {
            0 => {
                let (format, first, second) = *self.numbers.pick(&[
                    ("dd/MM/yyyy", "15/03/2019", "01/11/2022"),
                    ("yyyy", "2019", "2023"),
                    ("yyyy-MM||dd.MM.yyyy", "2018-07", "24.12.2021"),
                    ("epoch_second", "1546300800", "1640995200"),
                    ("yyyy-MM-dd'T'HH:mm", "2020-02-29T10:30", "2021-06-01T00:00"),
                ]);
                options["format"] = json!(format);
                options[lower] = json!(first);
                self.option(70, &mut options, upper, |_| json!(second));
            }
            1 => {
                options[lower] =
                    json!(self.one(&["now-6y/y", "now-90M/M", "now-2600d/d", "now/y"]));
                self.option(60, &mut options, upper, |asker| {
                    json!(asker.one(&["now/y", "now-2y/y", "now+1y/y", "now/M"]))
                });
            }
            2 => {
                let day = format!(
                    "{}-0{}-1",
                    self.numbers.between(2018, 2023),
                    self.numbers.between(1, 9)
                );
                options[lower] = json!(format!(
                    "{day}5||{}",
                    self.one(&["/M", "-1M/M", "+2y/d", "/w", "-10d"])
                ));
                self.option(50, &mut options, upper, |asker| {
                    json!(format!(
                        "{day}7||{}",
                        asker.one(&["+1y", "/y", "+6M/M", "+1w/w"])
                    ))
                });
            }
            _ => {
                let day = format!(
                    "{}-0{}-11",
                    self.numbers.between(2018, 2023),
                    self.numbers.between(1, 9)
                );
                options[lower] = json!(day);
                self.option(60, &mut options, upper, |_| json!("2022-03-01"));
            }
        }
        self.option(35, &mut options, "time_zone", zone);
        self.boost(&mut options);
        json!({"range": {field: options}})
    }

    /// Documents that have a value. Not of `*`: which of its own fields Elasticsearch then refuses hangs on hashes.
    pub(super) fn exists(&mut self) -> Value {
        let mut fields = [&TEXTS[..], &KEYWORDS, &NUMBERS, &DATES].concat();
        fields.extend([
            "flag",
            "spot",
            "blob",
            "camera",
            "camera.lens",
            "nowhere",
            "parts",
            "parts.kind",
            "parts.marks",
            "links",
            "links.w",
            "hidden",
            "hidden.a",
            "serial",
            "cam*",
        ]);
        if self.vectors {
            fields.extend(VECTORS.map(|(name, _, _)| name));
        }
        let mut options = json!({"field": self.one(&fields)});
        self.boost(&mut options);
        json!({ "exists": options })
    }

    /// The start of a word.
    fn start(&mut self) -> String {
        let letters = self.numbers.between(1, 3) as usize;
        self.word().chars().take(letters).collect()
    }

    fn field_of_terms(&mut self) -> &'static str {
        if self.numbers.chance(60) {
            self.one(&KEYWORDS)
        } else {
            self.one(&TEXTS)
        }
    }

    pub(super) fn prefix(&mut self) -> Value {
        let (field, start) = (self.field_of_terms(), self.start());
        let start = if self.numbers.chance(15) {
            start.to_uppercase()
        } else {
            start
        };
        if self.numbers.chance(40) {
            return json!({"prefix": {field: start}});
        }
        let mut options = json!({ "value": start });
        self.boost(&mut options);
        self.option(30, &mut options, "case_insensitive", |asker| {
            json!(asker.numbers.chance(80))
        });
        self.option(10, &mut options, "rewrite", |asker| {
            json!(asker.one(&["constant_score", "constant_score_boolean"]))
        });
        json!({"prefix": {field: options}})
    }

    pub(super) fn wildcard(&mut self) -> Value {
        let (field, start, word) = (self.field_of_terms(), self.start(), self.word());
        let pattern = match self.numbers.below(7) {
            0 => "*".to_owned(),
            1 => format!("*{start}"),
            2 => format!("{start}?*"),
            3 => word
                .chars()
                .enumerate()
                .map(|(at, letter)| if at == 1 { '?' } else { letter })
                .collect(),
            4 => format!("*{start}*"),
            5 => format!("{start}*\\*"),
            _ => format!("{start}*"),
        };
        let mut options = json!({ self.one(&["value", "value", "wildcard"]): pattern });
        self.boost(&mut options);
        self.option(20, &mut options, "case_insensitive", |_| json!(true));
        json!({"wildcard": {field: options}})
    }

    pub(super) fn fuzzy(&mut self) -> Value {
        let field = self.field_of_terms();
        let value = self.words.mistyped(&mut self.numbers);
        if self.numbers.chance(30) {
            return json!({"fuzzy": {field: value}});
        }
        let mut options = json!({ "value": value });
        self.option(60, &mut options, "fuzziness", |asker| {
            asker
                .numbers
                .pick(&[
                    json!("AUTO"),
                    json!(1),
                    json!(2),
                    json!("0"),
                    json!("AUTO:2,4"),
                ])
                .clone()
        });
        self.option(30, &mut options, "prefix_length", |asker| {
            json!(asker.numbers.below(3))
        });
        self.option(30, &mut options, "transpositions", |asker| {
            json!(asker.numbers.chance(50))
        });
        self.option(15, &mut options, "max_expansions", |_| json!(100));
        self.boost(&mut options);
        json!({"fuzzy": {field: options}})
    }
}
