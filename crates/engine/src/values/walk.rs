//! One pass over a document's source.

mod features;
mod field;
mod object;

use super::dynamic::Additions;
use super::json::{Malformed, Reader};
use super::leaf::One;
use super::number::java_double;
use super::plan::{NestedPlan, Plan};
use super::{FieldValues, Part, Prepared};
use document::{Cause, Document, Failure, Mapping};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A document taken apart, and what it adds to the mapping.
pub(super) struct Walked {
    pub(super) prepared: Prepared,
    /// None when every field is mapped.
    pub(super) added: Option<Mapping>,
}

/// Takes a document apart. A `lenient` walk leaves out what does not fit instead of failing: the document was
/// accepted before, by another mapping or another version.
pub(super) fn walk(plan: &Plan, id: &str, document: &Document, lenient: bool) -> Result<Walked> {
    let mut walker = Walker {
        plan,
        id,
        document,
        reader: Reader::new(&document.source),
        lenient,
        frames: vec![Frame::default()],
        done: Vec::new(),
        added: Additions::default(),
        nested_objects: 0,
    };
    walker.document()?;
    let added = (!walker.added.is_empty()).then_some(walker.added.mapping);
    Ok(Walked {
        prepared: Prepared { parts: walker.done },
        added,
    })
}

struct Walker<'a> {
    plan: &'a Plan,
    id: &'a str,
    document: &'a Document,
    reader: Reader<'a>,
    lenient: bool,
    /// The document itself and the nested objects that are open, innermost last.
    frames: Vec<Frame>,
    done: Vec<Part>,
    added: Additions,
    nested_objects: usize,
}

/// A part of the document that is being read.
#[derive(Default)]
struct Frame {
    nested: Option<(String, u32)>,
    include: NestedPlan,
    /// By the number of the leaf.
    values: Vec<(usize, FieldValues)>,
    vectors: Vec<(usize, Vec<f32>)>,
    ignored: BTreeSet<String>,
    /// How many nested objects of each path there were.
    counts: Vec<(String, u32)>,
}

type Result<T> = std::result::Result<T, Failure>;

impl Walker<'_> {
    fn document(&mut self) -> Result<()> {
        let kind = self.reader.peek();
        if !matches!(kind, Ok(super::json::Kind::Object)) {
            return match kind {
                Err(malformed) if malformed.at < self.document.source.len() => {
                    Err(self.outside(&malformed))
                }
                _ => Err(Failure::new(
                    Cause::DocumentParsing,
                    "Malformed content, must start with an object",
                )),
            };
        }
        self.members_of_document()?;
        if let Err(malformed) = self.reader.end() {
            return Err(match self.reader.peek() {
                Ok(_) => Failure::illegal_argument(format!(
                    "Malformed content, found extra data after parsing: {}",
                    self.reader.token_ahead()
                )),
                Err(_) => self.outside(&malformed),
            });
        }
        self.derived_vectors()?;
        self.close();
        Ok(())
    }

    /// Adds the vectors that the program derived.
    fn derived_vectors(&mut self) -> Result<()> {
        for (path, vector) in &self.document.vectors {
            let number = self
                .plan
                .leaves
                .iter()
                .position(|leaf| leaf.path == *path && leaf.nested.is_none());
            let found = number.and_then(|number| Some((number, self.plan.leaves.get(number)?)));
            let (number, field) = match found.map(|(number, leaf)| (number, &leaf.kind)) {
                Some((number, document::FieldKind::DenseVector(field))) => (number, field),
                _ if self.lenient => continue,
                _ => {
                    return Err(Failure::new(
                        Cause::DocumentParsing,
                        format!("field {path} is given a vector and is not mapped as dense_vector"),
                    ));
                }
            };
            let target = super::vector::Target {
                path,
                id: self.id,
                field,
            };
            match target.check(vector) {
                Ok(()) => self.root().vectors.push((number, vector.clone())),
                Err(_) if self.lenient => {}
                Err(failure) => {
                    let reason = format!("failed to parse: {}", failure.reason);
                    return Err(Failure::new(Cause::DocumentParsing, reason).caused_by(failure));
                }
            }
        }
        Ok(())
    }

    fn root(&mut self) -> &mut Frame {
        self.frame(0)
    }

    fn frame(&mut self, at: usize) -> &mut Frame {
        if self.frames.len() <= at {
            self.frames.resize_with(at + 1, Frame::default);
        }
        &mut self.frames[at]
    }

    /// Finishes the innermost part.
    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let leaf = |number: usize| self.plan.leaves.get(number).map(Arc::clone);
        let values = frame.values.into_iter().filter_map(|(number, mut values)| {
            let leaf = leaf(number)?;
            values.settle(&leaf.kind);
            Some((leaf, values))
        });
        let vectors = frame
            .vectors
            .into_iter()
            .filter_map(|(number, vector)| Some((leaf(number)?.path.clone(), vector)));
        let part = Part {
            nested: frame.nested,
            values: values.collect(),
            vectors: vectors.collect(),
            ignored: frame.ignored,
        };
        self.done.push(part);
    }

    /// Adds a value to a part, and to those around it that ask for it.
    fn add(&mut self, at: usize, number: usize, one: &One) {
        let mut at = at;
        let mut to_root = false;
        loop {
            let frame = self.frame(at);
            frame.push(number, one);
            to_root |= frame.include.include_in_root;
            if at == 0 {
                return;
            }
            if !frame.include.include_in_parent {
                break;
            }
            at -= 1;
        }
        if to_root {
            self.root().push(number, one);
        }
    }

    /// Says that a value of a field was left out; the document says it of its nested objects as well.
    fn ignore(&mut self, path: &str) {
        self.root().ignored.insert(path.to_owned());
    }

    /// Says where something is.
    fn placed(&self, at: usize, reason: &str) -> String {
        let (line, column) = self.reader.place(at);
        format!("[{line}:{column}] {reason}")
    }

    fn parsing(&self, at: usize, reason: &str) -> Failure {
        Failure::new(Cause::DocumentParsing, self.placed(at, reason))
    }

    /// A failure that is told once as a whole and once as its cause.
    fn failed(&self, at: usize, cause: Failure) -> Failure {
        self.parsing(at, &format!("failed to parse: {}", cause.reason))
            .caused_by(cause)
    }

    /// What is wrong with the text of the document, with what its reader says beneath.
    fn malformed(&self, malformed: Malformed) -> Failure {
        let cause = self.unreadable(&malformed);
        self.failed(malformed.at, cause)
    }

    /// What is wrong with the text before or behind the document.
    fn outside(&self, malformed: &Malformed) -> Failure {
        let cause = self.unreadable(malformed);
        self.parsing(malformed.at, &cause.reason).caused_by(cause)
    }

    fn unreadable(&self, malformed: &Malformed) -> Failure {
        let (cause, beneath) = match malformed.is_end {
            true => (Cause::ContentEnd, Cause::JsonEnd),
            false => (Cause::ContentParsing, Cause::JsonParsing),
        };
        let reason = self.placed(malformed.at, &malformed.reason);
        let beneath = Failure::new(beneath, malformed.reason.as_str());
        Failure::new(cause, reason).caused_by(beneath)
    }

    fn read<T>(&self, result: std::result::Result<T, Malformed>) -> Result<T> {
        result.map_err(|malformed| self.malformed(malformed))
    }
}

impl Frame {
    fn push(&mut self, number: usize, one: &One) {
        let known = self.values.iter_mut().rfind(|(known, _)| *known == number);
        match known {
            Some((_, values)) => values.push(one),
            None => self.values.push((number, FieldValues::of(one))),
        }
    }
}

/// A value as Elasticsearch shows it in messages: text as it is, objects as Java prints them.
fn preview(bytes: &[u8]) -> String {
    /// Longer values are cut; nobody reads on.
    const MAX_BYTES: usize = 40_000;
    let shown = match serde_json::from_slice(bytes) {
        Ok(value) => java(&value),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    };
    match shown.char_indices().find(|(at, _)| *at > MAX_BYTES) {
        Some((end, _)) => shown.get(..end).unwrap_or_default().to_owned(),
        None => shown,
    }
}

fn java(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            java_double(number.as_f64().unwrap_or_default())
        }
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(java).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{name}={}", java(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        value => value.to_string(),
    }
}
