//! From documents to their nested objects and back.
//!
//! The parts of a document lie together in its segment: each nested object before the object around it, the document
//! itself last.

use super::columns::Pairs;
use super::node::Segment;
use super::single::Choose;
use crate::error::{EngineError, Result};
use crate::snapshot::text_error;
use crate::text::{ITSELF, NESTED};
use tantivy::columnar::{ColumnIndex, StrColumn};

/// Chooses the nested objects at a path.
pub(super) struct Nested {
    /// The path of the objects around; none = the documents themselves.
    scope: Option<String>,
    path: String,
    parts: Parts,
}

impl Nested {
    pub(super) fn new(scope: Option<&str>, path: &str) -> Self {
        Self {
            scope: scope.map(str::to_owned),
            path: path.to_owned(),
            parts: Parts::default(),
        }
    }
}

impl Choose for Nested {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        self.parts = Parts::open(segment, &self.path, self.scope.as_deref())?;
        Ok(())
    }

    fn choose(&mut self, pairs: &Pairs, mut take: impl FnMut(u32, u32)) {
        if !self.parts.is_there() {
            return;
        }
        let mut found = Vec::new();
        let mut around = None;
        for (owner, doc) in pairs.iter() {
            if around != Some(doc) {
                found.clear();
                self.parts.inside(doc, &mut found);
                around = Some(doc);
            }
            found.iter().for_each(|part| take(owner, *part));
        }
    }

    fn type_name(&self) -> &'static str {
        "nested"
    }
}

/// Chooses what lies around nested objects, each once.
pub(super) struct ReverseNested {
    /// The path to go back to; none = the documents themselves.
    path: Option<String>,
    parts: Parts,
    /// By the bucket around, the last part that was counted and one more; 0 = none of the segment.
    last: Vec<u32>,
}

impl ReverseNested {
    pub(super) fn new(path: Option<&str>) -> Self {
        Self {
            path: path.map(str::to_owned),
            parts: Parts::default(),
            last: Vec::new(),
        }
    }
}

impl Choose for ReverseNested {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        self.parts = Parts::open(segment, self.path.as_deref().unwrap_or(ITSELF), None)?;
        self.last.fill(0);
        Ok(())
    }

    fn choose(&mut self, pairs: &Pairs, mut take: impl FnMut(u32, u32)) {
        if self.last.len() < pairs.buckets as usize {
            self.last.resize(pairs.buckets as usize, 0);
        }
        for (owner, doc) in pairs.iter() {
            let Some(around) = self.parts.around(doc) else {
                continue;
            };
            let last = &mut self.last[owner as usize];
            if *last != around + 1 {
                *last = around + 1;
                take(owner, around);
            }
        }
    }

    fn type_name(&self) -> &'static str {
        "reverse_nested"
    }
}

/// The parts of documents in one segment, and which nested object each is.
#[derive(Default)]
struct Parts {
    paths: Option<StrColumn>,
    /// How many parts the segment has.
    end: u32,
    /// The ordinal of the path that is sought; none when the segment has no such part.
    wanted: Option<u64>,
    /// By ordinal, whether a path lies inside of the scope.
    within: Vec<bool>,
}

impl Parts {
    fn open(segment: &Segment<'_>, wanted: &str, scope: Option<&str>) -> Result<Self> {
        let paths = segment
            .reader
            .fast_fields()
            .str(NESTED)
            .map_err(text_error)?;
        let Some(paths) = paths else {
            return Ok(Self::default());
        };
        if matches!(paths.ords().index, ColumnIndex::Multivalued(_)) {
            let reason = "a part is two nested objects at once";
            return Err(EngineError::corrupt("text".as_ref(), reason));
        }
        let mut parts = Self {
            end: segment.reader.max_doc(),
            wanted: None,
            within: Vec::new(),
            paths: None,
        };
        let ordinals: Vec<u64> = (0..paths.num_terms() as u64).collect();
        let mut ordinal = 0;
        paths
            .dictionary()
            .sorted_ords_to_term_cb(&ordinals, |path| {
                if path == wanted.as_bytes() {
                    parts.wanted = Some(ordinal);
                }
                parts.within.push(is_within(path, scope));
                ordinal += 1;
            })
            .map_err(|error| text_error(error.into()))?;
        parts.paths = Some(paths);
        Ok(parts)
    }

    fn is_there(&self) -> bool {
        self.wanted.is_some()
    }

    fn path(&self, part: u32) -> Option<u64> {
        self.paths.as_ref()?.ords().first(part)
    }

    /// Finds the wanted objects inside of a part, in order.
    fn inside(&self, part: u32, out: &mut Vec<u32>) {
        for below in (0..part).rev() {
            let Some(path) = self.path(below) else {
                break;
            };
            if !self.within.get(path as usize).is_some_and(|within| *within) {
                break;
            }
            if Some(path) == self.wanted {
                out.push(below);
            }
        }
        out.reverse();
    }

    /// Finds the wanted part around a nested object; a part that is wanted itself is its own.
    fn around(&self, part: u32) -> Option<u32> {
        self.wanted?;
        (part..self.end).find(|above| self.path(*above) == self.wanted)
    }
}

/// Whether a path lies inside of another one; inside of documents lies everything but they.
fn is_within(path: &[u8], scope: Option<&str>) -> bool {
    match scope {
        None => path != ITSELF.as_bytes(),
        Some(scope) => path
            .strip_prefix(scope.as_bytes())
            .is_some_and(|rest| rest.starts_with(b".")),
    }
}
