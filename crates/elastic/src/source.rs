//! Which parts of a document's source are answered: `_source` in all its forms.

use crate::UrlParams;
use crate::json::{JsonWriter, Kind, Member, Node, parse};
use crate::names::fits;
use crate::reading::{Read, Reader, parsing};
use document::Failure;
use serde_json::Value;
use std::borrow::Cow;

/// Which parts of a document's source are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFilter {
    /// Whether the source is answered at all.
    pub enabled: bool,
    /// Paths, or patterns of paths, that are answered with all that is below them; none = all.
    pub includes: Vec<String>,
    /// Paths, or patterns of paths, that are left out with all that is below them.
    pub excludes: Vec<String>,
    /// Whether the fields of vectors are left out; the caller knows which they are and puts them into `excludes`.
    pub exclude_vectors: bool,
}

impl SourceFilter {
    /// The whole source.
    pub fn everything() -> Self {
        Self {
            enabled: true,
            includes: Vec::new(),
            excludes: Vec::new(),
            exclude_vectors: false,
        }
    }

    /// No source.
    pub fn nothing() -> Self {
        Self {
            enabled: false,
            ..Self::everything()
        }
    }

    /// What is answered of a source where these fields are asked for and nothing is said of it.
    pub fn beside_fields(stored_fields: &[String]) -> Self {
        let wanted = stored_fields.iter().any(|name| name == "_source");
        match wanted || stored_fields.is_empty() {
            true => Self::everything(),
            false => Self::nothing(),
        }
    }

    /// Reads the member `_source` of a request's body: true or false, a path, a list of paths, or an object.
    ///
    /// # Errors
    /// When it is nothing of this, or has a member that is not known.
    pub fn parse(value: &Value) -> Result<Self, Failure> {
        let text = value.to_string();
        match parse(text.as_bytes())? {
            Some(node) => Ok(Self::read(Reader::new(text.as_bytes()), &node)?),
            None => Ok(Self::everything()),
        }
    }

    /// Reads `_source`, `_source_includes` and `_source_excludes` of an address; none when it has none of them.
    ///
    /// # Errors
    /// None so far: every text is a path.
    pub fn of_address(params: &UrlParams) -> Result<Option<Self>, Failure> {
        let list = |name| {
            params.text(name).map(|value: &str| {
                let parts = value.split(',').map(str::trim);
                parts
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect()
            })
        };
        let mut filter = Self::everything();
        let mut given = false;
        match params.text("_source") {
            None => {}
            Some("true") => given = true,
            Some("false") => {
                filter.enabled = false;
                given = true;
            }
            Some(_) => {
                filter.includes = list("_source").unwrap_or_default();
                given = true;
            }
        }
        if let Some(includes) = list("_source_includes") {
            filter.includes = includes;
            given = true;
        }
        if let Some(excludes) = list("_source_excludes") {
            filter.excludes = excludes;
            given = true;
        }
        Ok(given.then_some(filter))
    }

    pub(crate) fn read(reader: Reader<'_>, node: &Node<'_>) -> Read<Self> {
        let mut filter = Self::everything();
        match &node.kind {
            Kind::Bool(enabled) => filter.enabled = *enabled,
            Kind::String(path) => filter.includes = vec![path.to_string()],
            Kind::Array(items) => filter.includes = reader.texts(items)?,
            Kind::Object(members) => {
                for member in members {
                    filter.read_member(reader, member)?;
                }
            }
            _ => {
                return Err(parsing(
                    node.at,
                    format!(
                        "Expected one of [VALUE_BOOLEAN, VALUE_STRING, START_ARRAY, START_OBJECT] but found [{}]",
                        node.token()
                    ),
                ));
            }
        }
        Ok(filter)
    }

    fn read_member(&mut self, reader: Reader<'_>, member: &Member<'_>) -> Read<()> {
        let Member { name, value, .. } = member;
        let paths = match &value.kind {
            Kind::Array(items) => {
                let wrong = items
                    .iter()
                    .find(|item| !matches!(item.kind, Kind::String(_)));
                if let Some(wrong) = wrong {
                    return Err(unknown_key(name, wrong));
                }
                reader.texts(items)?
            }
            Kind::String(path) => vec![path.to_string()],
            Kind::Bool(exclude) if name == "exclude_vectors" => {
                self.exclude_vectors = *exclude;
                return Ok(());
            }
            _ => return Err(unknown_key(name, value)),
        };
        match name.as_ref() {
            "includes" | "include" => self.includes = paths,
            "excludes" | "exclude" => self.excludes = paths,
            _ => return Err(unknown_key(name, value)),
        }
        Ok(())
    }

    /// Whether a source is answered as it is.
    pub fn is_all(&self) -> bool {
        self.enabled && self.includes.is_empty() && self.excludes.is_empty()
    }

    /// Answers what is left of a source; none when nothing is asked for.
    pub fn apply(&self, source: Value) -> Option<Value> {
        if !self.enabled {
            return None;
        }
        if self.is_all() {
            return Some(source);
        }
        let left = self
            .apply_text(source.to_string().as_bytes())
            .ok()?
            .into_owned();
        let node = parse(&left).ok()??;
        Some(node.to_value())
    }

    /// Leaves out of a source, the text of a JSON object, what is not answered. Numbers keep their digits.
    ///
    /// # Errors
    /// When the source is no JSON.
    pub fn apply_text<'s>(&self, source: &'s [u8]) -> Result<Cow<'s, [u8]>, Failure> {
        if self.includes.is_empty() && self.excludes.is_empty() {
            return Ok(Cow::Borrowed(source));
        }
        self.apply_below("", source).map(Cow::Owned)
    }

    /// Leaves out of an object that lies at a path in its document what is not answered; paths begin at the document.
    pub(crate) fn apply_below(&self, path: &str, object: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut out = JsonWriter::new();
        let node = parse(object)?;
        let members = node.as_ref().and_then(Node::members).unwrap_or_default();
        let mut whole = self.includes.is_empty();
        let mut excluded = false;
        // What is said of the objects around holds for what is in them.
        if !path.is_empty() {
            whole = whole || self.includes(path, "");
            excluded = self.excludes(path);
        }
        out.object(|out| {
            let kept = match excluded {
                true => Vec::new(),
                false => self.members(members, path, whole),
            };
            for (name, value) in &kept {
                out.name(name).node(value);
            }
        });
        Ok(out.finish())
    }

    /// Patterns among the excludes change how all patterns are understood, as they do in Elasticsearch: then `*`
    /// goes over dots, and objects that lose everything stay as empty ones.
    fn whole_paths(&self) -> bool {
        self.excludes.iter().any(|path| path.contains('*'))
    }

    fn members<'n, 'a>(
        &self,
        members: &'n [Member<'a>],
        around: &str,
        whole: bool,
    ) -> Vec<(&'n str, Node<'a>)> {
        let mut kept = Vec::new();
        for member in members {
            let path = match around {
                "" => member.name.to_string(),
                around => format!("{around}.{}", member.name),
            };
            if self.excludes(&path) {
                continue;
            }
            let whole = whole || self.includes(&path, around);
            if let Some(value) = self.value(&member.value, &path, whole, false) {
                kept.push((member.name.as_ref(), value));
            }
        }
        kept
    }

    /// What is left of a value; `whole` = it is among what is answered, as far as nothing of it is left out.
    fn value<'a>(&self, node: &Node<'a>, path: &str, whole: bool, item: bool) -> Option<Node<'a>> {
        if whole && self.excludes.is_empty() {
            return Some(node.clone());
        }
        // What was empty from the start stays where it is wanted.
        let stays = |was_empty: bool| whole && (was_empty || (self.whole_paths() && !item));
        let kind = match &node.kind {
            Kind::Object(members) => {
                let kept = self.members(members, path, whole);
                if kept.is_empty() && !stays(members.is_empty()) {
                    return None;
                }
                let kept = kept.into_iter().map(|(name, value)| Member {
                    name: Cow::Owned(name.to_owned()),
                    at: node.at,
                    value,
                });
                Kind::Object(kept.collect())
            }
            Kind::Array(items) => {
                let kept: Vec<Node<'a>> = items
                    .iter()
                    .filter_map(|item| self.value(item, path, whole, true))
                    .collect();
                if kept.is_empty() && !stays(items.is_empty()) {
                    return None;
                }
                Kind::Array(kept)
            }
            _ if whole => return Some(node.clone()),
            _ => return None,
        };
        Some(Node { kind, ..*node })
    }

    fn excludes(&self, path: &str) -> bool {
        let over_dots = self.whole_paths();
        self.excludes
            .iter()
            .any(|pattern| fits_itself_or_above(pattern, path, over_dots))
    }

    fn includes(&self, path: &str, around: &str) -> bool {
        if self.whole_paths() {
            return self
                .includes
                .iter()
                .any(|pattern| fits_itself_or_above(pattern, path, true));
        }
        let parts: Vec<&str> = path.split('.').collect();
        let known = match around {
            "" => 0,
            around => around.split('.').count(),
        };
        self.includes.iter().any(|pattern| {
            let pattern: Vec<&str> = pattern.split('.').collect();
            (known + 1..=parts.len())
                .any(|length| parts_fit(&pattern, parts.get(..length).unwrap_or_default()))
        })
    }
}

fn unknown_key(name: &str, value: &Node<'_>) -> crate::reading::Fault {
    let token = value.token();
    parsing(value.at, format!("Unknown key for a {token} in [{name}]."))
}

/// Whether a pattern fits a path, or what lies around it.
fn fits_itself_or_above(pattern: &str, path: &str, over_dots: bool) -> bool {
    let fits_one = |path: &str| {
        if over_dots {
            fits(pattern, path)
        } else {
            pattern == path
        }
    };
    fits_one(path)
        || path
            .match_indices('.')
            .any(|(dot, _)| path.get(..dot).is_some_and(fits_one))
}

/// Whether patterns of the parts of a path fit them one by one; `**` stands for any number of parts.
fn parts_fit(pattern: &[&str], parts: &[&str]) -> bool {
    // Whether the patterns before each place fit the parts that were seen.
    let mut places = vec![false; pattern.len() + 1];
    let mut reached = true;
    for (at, place) in places.iter_mut().enumerate() {
        *place = reached;
        reached = reached && pattern.get(at) == Some(&"**");
    }
    for part in parts {
        let before = std::mem::take(&mut places);
        places = vec![false; pattern.len() + 1];
        for (at, one) in pattern.iter().enumerate() {
            let stays = *one == "**";
            let was = before.get(at).copied().unwrap_or_default();
            if let Some(place) = places.get_mut(at) {
                *place |= was && stays;
            }
            let here = places.get(at).copied().unwrap_or_default();
            if let Some(next) = places.get_mut(at + 1) {
                *next = if stays { here } else { was && fits(one, part) };
            }
        }
    }
    places.last().copied().unwrap_or_default()
}

/// What a JSON value begins with, as Elasticsearch names it.
pub(crate) fn token(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "START_OBJECT",
        Value::Array(_) => "START_ARRAY",
        Value::String(_) => "VALUE_STRING",
        Value::Number(_) => "VALUE_NUMBER",
        Value::Bool(_) => "VALUE_BOOLEAN",
        Value::Null => "VALUE_NULL",
    }
}

#[cfg(test)]
mod tests;
