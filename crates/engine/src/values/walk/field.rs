//! The values of mapped fields.

use super::super::json::{Kind, Scalar};
use super::super::leaf::{One, Read, is_number};
use super::super::plan::{FieldPlan, Node, Shape};
use super::super::point;
use super::super::vector::{Refused, Target};
use super::{Result, Walker, preview};
use document::{Cause, Failure, FieldKind, FieldMapping, VectorField};
use serde_json::Value;

impl<'a> Walker<'a> {
    /// Reads the value of a field: one, or an array of them.
    pub(super) fn field(&mut self, field: &'a FieldPlan) -> Result<()> {
        match &field.shape {
            Shape::Scalar => self.scalars(field),
            Shape::Vector(vector) => self.vector(field, vector),
            Shape::Point => self.points(field),
            Shape::Binary => self.binary(),
            Shape::Features => self.features(field),
        }
    }

    fn scalars(&mut self, field: &'a FieldPlan) -> Result<()> {
        let kind = self.reader.peek();
        match self.read(kind)? {
            Kind::Array => {
                let opened = self.reader.open();
                self.read(opened)?;
                let mut first = true;
                while self.next_element(first)? {
                    first = false;
                    self.scalars(field)?;
                }
                Ok(())
            }
            Kind::Object => {
                let skipped = self.reader.skip();
                let (start, end) = self.read(skipped)?;
                let value = preview(self.reader.slice(start, end));
                self.no_object(field, start, &value)
            }
            _ => {
                let at = self.reader.at();
                let scalar = self.reader.scalar();
                let scalar = self.read(scalar)?;
                let innermost = self.frames.len().saturating_sub(1);
                self.put(field, innermost, at, &scalar)?;
                self.copy(field, at, &scalar)
            }
        }
    }

    /// An object where a value was expected; `value` is how it is shown.
    pub(super) fn no_object(&mut self, field: &FieldPlan, start: usize, value: &str) -> Result<()> {
        let Some(reader) = field.leaves.first().and_then(|n| self.plan.readers.get(*n)) else {
            return Ok(());
        };
        let leaf = reader.leaf.clone();
        if self.lenient {
            self.ignore(&leaf.path);
            return Ok(());
        }
        let end = self.reader.at().saturating_sub(1);
        let (line, column) = self.reader.place(start);
        let reason = match &leaf.kind {
            kind if is_number(kind) => "Cannot parse object as number".to_owned(),
            FieldKind::Boolean => "Current token (START_OBJECT) not of boolean type".to_owned(),
            _ => format!("Expected text at {line}:{column} but found START_OBJECT"),
        };
        let cause = Failure::illegal_argument(reason);
        Err(self.refused(end, (&leaf.path, leaf.kind.name()), value, cause))
    }

    /// A value that a field refused.
    pub(super) fn refused(
        &self,
        at: usize,
        (path, kind): (&str, &str),
        value: &str,
        cause: Failure,
    ) -> Failure {
        let id = self.id;
        self.parsing(at, &format!("failed to parse field [{path}] of type [{kind}] in document with id '{id}'. Preview of field's value: '{value}'"))
            .caused_by(cause)
    }

    /// Puts a value into a field and its multi-fields, in the part at `frame`.
    fn put(
        &mut self,
        field: &'a FieldPlan,
        frame: usize,
        at: usize,
        scalar: &Scalar<'_>,
    ) -> Result<()> {
        let plan = self.plan;
        for number in &field.leaves {
            let Some(reader) = plan.readers.get(*number) else {
                continue;
            };
            let leaf = &reader.leaf;
            match reader.read(scalar) {
                Ok(Read::Value(one)) => self.add(frame, *number, &one),
                Ok(Read::Nothing) => {}
                Ok(Read::TooLong) => self.ignore(&leaf.path),
                Err(_) if self.lenient || leaf.options.ignore_malformed => {
                    self.ignore(&leaf.path);
                }
                Err(cause) => {
                    let shown = shown(scalar);
                    return Err(self.refused(at, (&leaf.path, leaf.kind.name()), &shown, cause));
                }
            }
        }
        Ok(())
    }

    /// Copies a value into the fields that ask for it.
    fn copy(&mut self, field: &'a FieldPlan, at: usize, scalar: &Scalar<'_>) -> Result<()> {
        for path in &field.copy_to {
            match self.plan.find(path) {
                Some(Node::Field(target)) => {
                    let frame = self.frame_of(target);
                    self.put(target, frame, at, scalar)?;
                }
                Some(Node::Object(_)) if self.lenient => {}
                Some(Node::Object(_)) => {
                    let cause = Failure::illegal_argument(format!(
                        "Cannot copy to field [{path}] since it is mapped as an object"
                    ));
                    return Err(self.failed(at, cause));
                }
                None if self.lenient => {}
                None => {
                    if let Some(suggested) = self.plan.detection.suggest(path, scalar) {
                        self.add_field(path, suggested, at, path)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The innermost open part to which a field belongs.
    fn frame_of(&self, field: &FieldPlan) -> usize {
        let leaf = field.leaves.first().and_then(|n| self.plan.leaves.get(*n));
        let nested = leaf.and_then(|leaf| leaf.nested.as_deref());
        let is_its =
            |frame: &super::Frame| frame.nested.as_ref().map(|(path, _)| path.as_str()) == nested;
        self.frames.iter().rposition(is_its).unwrap_or(0)
    }

    fn vector(&mut self, field: &'a FieldPlan, vector: &'a VectorField) -> Result<()> {
        let kind = self.reader.peek();
        let is_null = self.read(kind)? == Kind::Null;
        // What the program derived counts, whatever the source says.
        if is_null || self.document.vectors.contains_key(&field.path) {
            return self.skip();
        }
        let target = Target {
            path: &field.path,
            id: self.id,
            field: vector,
        };
        let before = self.reader.clone();
        let read = target.read(&mut self.reader);
        let failed = match read {
            Ok(vector_read) => return self.keep(field, vector, vector_read),
            Err(Refused::Malformed(malformed)) => return Err(self.malformed(malformed)),
            Err(Refused::Failed(..)) if self.lenient => {
                self.reader = before;
                self.ignore(&field.path);
                return self.skip();
            }
            Err(Refused::Failed(at, failure)) => (at, failure),
        };
        let (at, failure) = failed;
        Err(match failure.cause {
            Cause::MapperParsing => {
                let reason = format!("Failed to parse mapping: {}", failure.reason);
                Failure::new(Cause::MapperParsing, reason).caused_by(failure)
            }
            _ => self.failed(at, failure),
        })
    }

    fn keep(&mut self, field: &'a FieldPlan, vector: &VectorField, read: Vec<f32>) -> Result<()> {
        let at = self.reader.at().saturating_sub(1);
        if vector.dims == 0 {
            if self.lenient {
                return Ok(());
            }
            // The first vector decides; the document is read once more with what it decided.
            let decided = VectorField {
                dims: u32::try_from(read.len()).unwrap_or(0),
                ..vector.clone()
            };
            let mapping = FieldMapping::from(FieldKind::DenseVector(decided));
            return self.added.dims(&field.path, mapping);
        }
        let Some(number) = field.leaves.first().copied() else {
            return Ok(());
        };
        let innermost = self.frames.len().saturating_sub(1);
        let frame = self.frame(innermost);
        if frame.vectors.iter().any(|(known, _)| *known == number) {
            if self.lenient {
                return Ok(());
            }
            let path = &field.path;
            let cause = Failure::illegal_argument(format!(
                "Field [{path}] of type [dense_vector] doesn't support indexing multiple values for the same field in the same document"
            ));
            return Err(self.failed(at, cause));
        }
        frame.vectors.push((number, read));
        Ok(())
    }

    fn points(&mut self, field: &'a FieldPlan) -> Result<()> {
        let skipped = self.reader.skip();
        let (start, end) = self.read(skipped)?;
        let value: Value = match serde_json::from_slice(self.reader.slice(start, end)) {
            Ok(value) => value,
            Err(error) => {
                return Err(self.failed(start, Failure::new(Cause::Parsing, error.to_string())));
            }
        };
        let mut rest = vec![&value];
        while let Some(value) = rest.pop() {
            let is_point = |values: &[Value]| {
                values
                    .first()
                    .is_some_and(|value| !value.is_array() && !value.is_object())
                    && (values.iter().all(Value::is_number)
                        || values.len() <= 3 && values.iter().all(is_plain_number))
            };
            let (point, in_array) = match value {
                Value::Array(values) if is_point(values) => (point::pair(values), true),
                Value::Array(values) => {
                    rest.extend(values.iter().rev());
                    continue;
                }
                Value::Null => {
                    let null = field.leaves.first().and_then(|n| self.plan.readers.get(*n));
                    match null.and_then(|reader| reader.null_point()) {
                        Some(null) => (point::point(null), false),
                        None => continue,
                    }
                }
                value => (point::point(value), false),
            };
            let point = point.and_then(|point| point::check(point, &field.path));
            self.put_point(field, (start, end), point, in_array)?;
        }
        Ok(())
    }

    fn put_point(
        &mut self,
        field: &'a FieldPlan,
        (start, end): (usize, usize),
        point: std::result::Result<point::Point, Failure>,
        in_array: bool,
    ) -> Result<()> {
        let innermost = self.frames.len().saturating_sub(1);
        let Some(number) = field.leaves.first().copied() else {
            return Ok(());
        };
        let malformed_allowed = self
            .plan
            .leaves
            .get(number)
            .is_some_and(|leaf| leaf.options.ignore_malformed);
        match point {
            Ok(point) => {
                self.add(innermost, number, &One::Point(point));
                Ok(())
            }
            Err(_) if self.lenient || malformed_allowed => {
                self.ignore(&field.path);
                Ok(())
            }
            Err(cause) if in_array => Err(self.failed(end.saturating_sub(1), cause)),
            Err(cause) => {
                let is_object = self.reader.slice(start, end).starts_with(b"{");
                let at = if is_object {
                    end.saturating_sub(1)
                } else {
                    start
                };
                let reason = format!("failed to parse field [{}] of type [geo_point]", field.path);
                Err(self.parsing(at, &reason).caused_by(cause))
            }
        }
    }

    /// Bytes are kept in the source and nowhere else. Beyond Elasticsearch, an object whose `data` holds them is
    /// taken as well.
    fn binary(&mut self) -> Result<()> {
        let skipped = self.reader.skip();
        let (start, end) = self.read(skipped)?;
        let bytes = self.reader.slice(start, end);
        if self.lenient || !bytes.starts_with(b"{") {
            return Ok(());
        }
        let holds_data = serde_json::from_slice::<Value>(bytes)
            .is_ok_and(|value| value.get("data").is_some_and(Value::is_string));
        if holds_data {
            return Ok(());
        }
        // The reader of Elasticsearch loses its place here, and this is what it says then.
        let token = self.reader.token_ahead();
        Err(Failure::illegal_argument(format!(
            "Malformed content, found extra data after parsing: {token}"
        )))
    }
}

fn is_plain_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::String(text) => text.trim().parse::<f64>().is_ok(),
        _ => false,
    }
}

/// A value as messages show it.
fn shown(scalar: &Scalar<'_>) -> String {
    match scalar {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Whole(text) => (*text).to_owned(),
        Scalar::Fraction(text) => preview(text.as_bytes()),
        Scalar::Text(text) => text.clone().into_owned(),
    }
}
