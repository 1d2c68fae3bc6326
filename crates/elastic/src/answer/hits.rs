//! Hits, and nested objects among them.

use super::AnswerForm;
use crate::SourceFilter;
use crate::json::JsonWriter;
use document::{Failure, Json, PRIMARY_TERM};
use query::{InnerAnswer, InnerHit, SearchAnswer, SearchHit, SortValue};

/// The one type that documents have.
const TYPE: &str = "_doc";

/// The document that nested objects belong to.
#[derive(Clone, Copy)]
struct Around<'a> {
    index: &'a str,
    id: &'a str,
    version: u64,
}

impl AnswerForm {
    pub(super) fn hits(&self, answer: &SearchAnswer, out: &mut JsonWriter) -> Result<(), Failure> {
        match (self.total, self.total_as_int) {
            (false, false) => {}
            (false, true) => out.name("total").whole(-1),
            _ => self.total(answer.total, answer.total_is_least, out),
        }
        max_score(answer.max_score, out);
        each(out, &answer.hits, |out, hit| self.hit(hit, out))
    }

    fn total(&self, total: u64, is_least: bool, out: &mut JsonWriter) {
        out.name("total");
        if self.total_as_int {
            return out.whole(total);
        }
        out.object(|out| {
            out.name("value").whole(total);
            out.name("relation")
                .string(if is_least { "gte" } else { "eq" });
        });
    }

    fn identity(&self, around: Around<'_>, out: &mut JsonWriter) {
        out.name("_index").string(around.index);
        if self.typed {
            out.name("_type").string(TYPE);
        }
        if self.identity {
            out.name("_id").string(around.id);
        }
    }

    fn hit(&self, hit: &SearchHit, out: &mut JsonWriter) -> Result<(), Failure> {
        let around = Around {
            index: &hit.index,
            id: &hit.stored.id,
            version: hit.stored.version,
        };
        self.identity(around, out);
        if self.version {
            out.name("_version").whole(hit.stored.version);
        }
        if self.seq_no_primary_term {
            out.name("_seq_no").whole(hit.stored.seq_no);
            out.name("_primary_term").whole(PRIMARY_TERM);
        }
        score(hit.score, out);
        if let Some(routing) = &hit.stored.document.routing {
            out.name("_routing").string(routing);
        }
        if !hit.ignored.is_empty() {
            out.name("_ignored").array(|out| {
                hit.ignored.iter().for_each(|path| out.string(path));
            });
        }
        if self.source.enabled && self.identity {
            let source = self.source.apply_text(&hit.stored.document.source)?;
            out.name("_source").raw(&source);
        }
        fields(&hit.fields, out);
        sort(&hit.sort, out);
        matched(&hit.matched, out);
        self.inner_hits(around, &hit.inner, out)
    }

    fn inner_hits(
        &self,
        around: Around<'_>,
        inner: &[(String, InnerAnswer)],
        out: &mut JsonWriter,
    ) -> Result<(), Failure> {
        if inner.is_empty() {
            return Ok(());
        }
        let mut done = Ok(());
        out.name("inner_hits").object(|out| {
            for (name, answer) in inner {
                out.name(name).object(|out| {
                    out.name("hits").object(|out| {
                        self.total(answer.total, false, out);
                        max_score(answer.max_score, out);
                        let written = each(out, &answer.hits, |out, hit| {
                            self.inner_hit(around, hit, answer, out)
                        });
                        if written.is_err() {
                            done = written;
                        }
                    });
                });
            }
        });
        done
    }

    fn inner_hit(
        &self,
        around: Around<'_>,
        hit: &InnerHit,
        answer: &InnerAnswer,
        out: &mut JsonWriter,
    ) -> Result<(), Failure> {
        self.identity(around, out);
        places("", &hit.places, out);
        if answer.version {
            out.name("_version").whole(around.version);
        }
        score(hit.score, out);
        let filter = match &answer.source_filter.0 {
            serde_json::Value::Null => SourceFilter::everything(),
            given => SourceFilter::parse(given)?,
        };
        if filter.enabled {
            let source = hit.source.0.to_string().into_bytes();
            let path = hit.places.last().map_or("", |(path, _)| path);
            out.name("_source");
            if filter.is_all() {
                out.raw(&source);
            } else {
                out.raw(&filter.apply_below(path, &source)?);
            }
        }
        fields(&hit.fields, out);
        sort(&hit.sort, out);
        matched(&hit.matched, out);
        self.inner_hits(around, &hit.inner, out)
    }
}

/// Writes a list of objects, up to the first that cannot be written.
fn each<T>(
    out: &mut JsonWriter,
    hits: &[T],
    write: impl Fn(&mut JsonWriter, &T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut done = Ok(());
    out.name("hits").array(|out| {
        for hit in hits {
            out.object(|out| done = write(out, hit));
            if done.is_err() {
                return;
            }
        }
    });
    done
}

fn max_score(score: Option<f32>, out: &mut JsonWriter) {
    out.name("max_score");
    match score {
        Some(score) => out.float(score),
        None => out.null(),
    }
}

fn score(score: Option<f32>, out: &mut JsonWriter) {
    out.name("_score");
    match score {
        Some(score) => out.float(score),
        None => out.null(),
    }
}

fn fields(fields: &[(String, Vec<Json>)], out: &mut JsonWriter) {
    if fields.is_empty() {
        return;
    }
    out.name("fields").object(|out| {
        for (name, values) in fields {
            out.name(name).array(|out| {
                values.iter().for_each(|value| out.value(&value.0));
            });
        }
    });
}

fn matched(names: &[String], out: &mut JsonWriter) {
    if !names.is_empty() {
        out.name("matched_queries").array(|out| {
            names.iter().for_each(|name| out.string(name));
        });
    }
}

fn sort(values: &[SortValue], out: &mut JsonWriter) {
    if values.is_empty() {
        return;
    }
    out.name("sort").array(|out| {
        for value in values {
            match value {
                SortValue::Null => out.null(),
                SortValue::Long(value) => out.whole(*value),
                SortValue::UnsignedLong(value) => out.whole(*value),
                SortValue::Double(value) => out.double(*value),
                SortValue::Text(text) => out.string(text),
                SortValue::Boolean(value) => out.whole(u8::from(*value)),
            }
        }
    });
}

/// Writes where a nested object lies; each path is said as it goes on from the one around it.
fn places(around: &str, places: &[(String, usize)], out: &mut JsonWriter) {
    let Some(((path, offset), inner)) = places.split_first() else {
        return;
    };
    let below = path.strip_prefix(around).unwrap_or(path);
    out.name("_nested").object(|out| {
        out.name("field")
            .string(below.strip_prefix('.').unwrap_or(below));
        out.name("offset")
            .whole(u64::try_from(*offset).unwrap_or(u64::MAX));
        self::places(path, inner, out);
    });
}
