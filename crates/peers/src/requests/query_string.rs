//! The query_string language.

use super::Asker;
use crate::corpus::{KEYWORDS, TEXTS};
use serde_json::{Value, json};

impl Asker<'_> {
    pub(super) fn query_string(&mut self) -> Value {
        let mut options = json!({"query": self.expression(2)});
        match self.numbers.below(9) {
            8 => {}
            0 | 4 => options["default_field"] = json!(self.one(&["title", "body", "place", "t*"])),
            1 | 2 | 5 | 6 => options["fields"] = json!(self.several_fields()),
            _ => options["default_field"] = json!("title"),
        }
        self.option(25, &mut options, "default_operator", |asker| {
            json!(asker.one(&["AND", "or"]))
        });
        self.option(15, &mut options, "lenient", |_| json!(true));
        self.option(10, &mut options, "phrase_slop", |_| json!(2));
        self.option(10, &mut options, "minimum_should_match", Self::minimum);
        self.option(10, &mut options, "analyze_wildcard", |_| json!(true));
        self.option(10, &mut options, "type", |asker| {
            json!(asker.one(&["best_fields", "most_fields", "cross_fields"]))
        });
        self.option(10, &mut options, "tie_breaker", |_| json!(0.4));
        self.boost(&mut options);
        json!({ "query_string": options })
    }

    fn expression(&mut self, depth: usize) -> String {
        let count = self.numbers.between(1, 3);
        let mut text = String::new();
        for at in 0..count {
            if at > 0 {
                text += self.one(&[" ", " ", " AND ", " OR ", " && ", " || "]);
            }
            text += self.one(&["", "", "", "", "", "+", "-", "NOT ", "!"]);
            text += &self.clause(depth);
        }
        text
    }

    fn clause(&mut self, depth: usize) -> String {
        if depth > 0 && self.numbers.chance(20) {
            let inner = self.expression(depth - 1);
            let field = self.one(&["", "", "title:", "body:"]);
            let boost = self.one(&["", "", "^2"]);
            return format!("{field}({inner}){boost}");
        }
        let letters: String = self
            .word()
            .chars()
            .filter(|letter| letter.is_alphabetic())
            .collect();
        let word = if letters.is_empty() {
            "sunset".to_owned()
        } else {
            letters
        };
        let start: String = word.chars().take(2).collect();
        let field = match self.numbers.below(3) {
            0 => format!("{}:", self.one(&TEXTS)),
            1 => format!("{}:", self.one(&KEYWORDS)),
            _ => String::new(),
        };
        match self.numbers.below(14) {
            0 => format!("{field}\"{word} {}\"", self.one(&["the", "and", "sunset"])),
            1 => format!(
                "{field}\"{word} {}\"~{}",
                self.one(&["the", "and"]),
                self.numbers.between(1, 9)
            ),
            2 => format!("{field}{start}*"),
            3 => format!(
                "{field}?{}*",
                word.chars().skip(1).take(1).collect::<String>()
            ),
            4 => format!("{field}{word}~{}", self.one(&["", "1", "2"])),
            5 => format!(
                "count:[{} TO {}]",
                self.numbers.between(0, 300),
                self.numbers.between(100, 900)
            ),
            6 => format!(
                "weight:{{{} TO {}]",
                self.numbers.between(-30, 0),
                self.numbers.between(0, 30)
            ),
            7 => format!(
                "{}:{}{}",
                self.one(&["size", "price", "camera.iso"]),
                self.one(&[">", ">=", "<", "<="]),
                self.numbers.between(0, 500)
            ),
            8 => format!(
                "created:[{}-01-01 TO {}]",
                self.numbers.between(2018, 2022),
                self.one(&["*", "2023-05-01", "now"])
            ),
            9 => format!(
                "_exists_:{}",
                self.one(&["rare", "count", "title", "parts.kind", "extra"])
            ),
            10 => format!("{field}{word}^{}", self.one(&["2", "0.5", "3.25"])),
            11 => format!("flag:{}", self.one(&["true", "false"])),
            12 => format!(
                "place:{}",
                self.one(&["New\\ York", "\"New York\"", "Aix\\-en\\-Provence", "L*"])
            ),
            _ => format!("{field}{word}"),
        }
    }
}
