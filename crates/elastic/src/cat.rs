//! `_cat`: tables for people, or the same as JSON.

use crate::UrlParams;
use crate::names::fits;
use document::Failure;
use serde_json::{Map, Value};

/// A table: the names of its columns, and its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The columns: full name, other names, and whether it is shown without being asked for.
    pub columns: Vec<Column>,
    /// A text for each column of each row.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Other names by which it can be asked for.
    pub aliases: &'static [&'static str],
    /// Whether it is shown without being asked for.
    pub shown: bool,
    /// Whether it holds numbers, which stand at the right.
    pub number: bool,
}

/// The parameters that [`Table::print`] reads.
pub const CAT_PARAMS: [&str; 8] = ["v", "h", "s", "format", "help", "bytes", "time", "local"];

/// How a table is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Printed {
    /// As text.
    Text(String),
    /// As JSON.
    Json(Value),
}

impl Table {
    /// Writes the table as the address's parameters ask: `h` columns, `s` order, `v` with a head line, `format`.
    ///
    /// # Errors
    /// When a parameter is not allowed.
    pub fn print(mut self, params: &UrlParams, accepts_json: bool) -> Result<Printed, Failure> {
        if params.flag("help", false)? {
            let lines = self
                .columns
                .iter()
                .map(|column| format!("{} | {} | \n", column.name, column.aliases.join(",")));
            return Ok(Printed::Text(lines.collect()));
        }
        if let Some(order) = params.text("s") {
            self.sort(order)?;
        }
        let chosen = self.chosen(params.text("h"));
        let as_json = match params.text("format") {
            None => accepts_json,
            Some("json") => true,
            Some("text" | "txt") => false,
            Some(other) => {
                return Err(Failure::illegal_argument(format!(
                    "format [{other}] is not supported, expected text or json"
                )));
            }
        };
        if as_json {
            let rows = self.rows.iter().map(|row| {
                let cells = chosen.iter().filter_map(|(name, place)| {
                    Some((name.clone(), Value::String(row.get(*place)?.clone())))
                });
                Value::Object(cells.collect::<Map<_, _>>())
            });
            return Ok(Printed::Json(Value::Array(rows.collect())));
        }
        Ok(Printed::Text(self.lines(&chosen, params.flag("v", false)?)))
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.name == name || column.aliases.contains(&name))
    }

    /// The columns asked for, under the names by which they were asked for.
    fn chosen(&self, asked: Option<&str>) -> Vec<(String, usize)> {
        let Some(asked) = asked else {
            let shown = self.columns.iter().enumerate();
            return shown
                .filter(|(_, column)| column.shown)
                .map(|(place, column)| (column.name.to_owned(), place))
                .collect();
        };
        let mut chosen = Vec::new();
        for name in asked.split(',').map(str::trim) {
            if name.contains('*') {
                let fitting = self.columns.iter().enumerate();
                chosen.extend(
                    fitting
                        .filter(|(_, column)| fits(name, column.name))
                        .map(|(place, column)| (column.name.to_owned(), place)),
                );
            } else if let Some(place) = self.place(name) {
                chosen.push((name.to_owned(), place));
            }
        }
        chosen
    }

    fn sort(&mut self, order: &str) -> Result<(), Failure> {
        for part in order.split(',').rev() {
            let (name, descending) = match part.trim().split_once(':') {
                Some((name, "desc")) => (name, true),
                Some((name, "asc")) => (name, false),
                Some((_, other)) => {
                    return Err(Failure::illegal_argument(format!(
                        "expected asc or desc as the order of [{part}], got [{other}]"
                    )));
                }
                None => (part.trim(), false),
            };
            let place = self.place(name).ok_or_else(|| {
                Failure::illegal_argument(format!("Unable to sort by unknown sort key `{name}`"))
            })?;
            let number = self.columns.get(place).is_some_and(|column| column.number);
            let text = |row: &[String]| row.get(place).cloned().unwrap_or_default();
            self.rows.sort_by(|a, b| {
                let (a, b) = (text(a), text(b));
                let order = match (a.parse::<f64>(), b.parse::<f64>()) {
                    (Ok(a), Ok(b)) if number => a.total_cmp(&b),
                    _ => a.cmp(&b),
                };
                if descending { order.reverse() } else { order }
            });
        }
        Ok(())
    }

    fn lines(&self, chosen: &[(String, usize)], head: bool) -> String {
        let mut rows: Vec<Vec<&str>> = Vec::new();
        if head {
            rows.push(chosen.iter().map(|(name, _)| name.as_str()).collect());
        }
        for row in &self.rows {
            let cells = chosen
                .iter()
                .map(|(_, place)| row.get(*place).map_or("", String::as_str));
            rows.push(cells.collect());
        }
        let width = |at: usize| {
            let cells = rows.iter().filter_map(|row| row.get(at));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..chosen.len()).map(width).collect();
        let mut out = String::new();
        for row in &rows {
            let last = row.len().saturating_sub(1);
            for (at, cell) in row.iter().enumerate() {
                let number = chosen
                    .get(at)
                    .and_then(|(_, place)| self.columns.get(*place))
                    .is_some_and(|column| column.number);
                let width = widths.get(at).copied().unwrap_or(0);
                match (number, at == last) {
                    (true, _) => out.push_str(&format!("{cell:>width$}")),
                    (false, true) => out.push_str(cell),
                    (false, false) => out.push_str(&format!("{cell:<width$}")),
                }
                if at != last {
                    out.push(' ');
                }
            }
            out.push('\n');
        }
        out
    }
}

/// A number of bytes as people read it: `417b`, `4.9kb`.
pub fn bytes_text(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kb", "mb", "gb", "tb", "pb"];
    if bytes < 1024 {
        return format!("{bytes}b");
    }
    let mut size = bytes as f64 / 1024.0;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    // Cut off after one digit, as Elasticsearch does.
    let cut = (size * 10.0).floor() / 10.0;
    format!("{cut}{}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn table() -> Table {
        let column = |name, aliases, number| Column {
            name,
            aliases,
            shown: true,
            number,
        };
        Table {
            columns: vec![
                column("index", &["i"], false),
                column("docs.count", &["dc"], true),
            ],
            rows: vec![
                vec!["a".to_owned(), "10".to_owned()],
                vec!["long".to_owned(), "9".to_owned()],
            ],
        }
    }

    fn printed(parameters: &[(&str, &str)]) -> Printed {
        let values = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let params = UrlParams::new("/_cat", values.collect());
        table().print(&params, false).unwrap()
    }

    #[test]
    fn tables_are_lined_up() {
        let text = |parameters: &[(&str, &str)]| match printed(parameters) {
            Printed::Text(text) => text,
            Printed::Json(json) => panic!("{json}"),
        };
        assert_eq!(text(&[]), "a    10\nlong  9\n");
        assert_eq!(
            text(&[("v", "")]),
            "index docs.count\na             10\nlong           9\n"
        );
        assert_eq!(text(&[("h", "dc"), ("s", "dc")]), " 9\n10\n");
        assert_eq!(text(&[("h", "i"), ("s", "i:desc")]), "long\na\n");
        assert_eq!(
            printed(&[("format", "json"), ("h", "i")]),
            Printed::Json(json!([{"i": "a"}, {"i": "long"}]))
        );
    }

    #[test]
    fn sizes_are_cut_after_one_digit() {
        assert_eq!(bytes_text(417), "417b");
        assert_eq!(bytes_text(5058), "4.9kb");
        assert_eq!(bytes_text(1 << 20), "1mb");
    }
}
