//! Objects, nested ones and new ones among them.

use super::super::dynamic::{VECTOR_DIMS, vector};
use super::super::json::{Kind, Malformed};
use super::super::plan::{Node, ObjectPlan};
use super::{Frame, Result, Walker, preview};
use document::{Cause, Dynamic, Failure};
use std::borrow::Cow;
use std::collections::HashSet;

/// Names that belong to every document and are no fields of its source.
const METADATA: [&str; 12] = [
    "_id",
    "_index",
    "_source",
    "_seq_no",
    "_primary_term",
    "_version",
    "_routing",
    "_ignored",
    "_field_names",
    "_nested_path",
    "_type",
    "_tier",
];
/// Objects of more members have their names looked up in a set.
const FEW_MEMBERS: usize = 16;

/// The object whose members are read.
#[derive(Clone)]
pub(super) struct Scope<'p> {
    /// None for an object that the mapping does not have.
    plan: Option<&'p ObjectPlan>,
    path: Cow<'p, str>,
    dynamic: Dynamic,
}

impl<'p> Scope<'p> {
    fn of(plan: &'p ObjectPlan) -> Self {
        Self {
            plan: Some(plan),
            path: Cow::Borrowed(&plan.path),
            dynamic: plan.dynamic,
        }
    }

    fn below(&self, name: &str) -> String {
        match self.path.as_ref() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }

    fn member(&self, name: &str) -> Option<&'p Node> {
        self.plan?.members.get(name)
    }
}

impl<'a> Walker<'a> {
    pub(super) fn members_of_document(&mut self) -> Result<()> {
        let plan: &'a ObjectPlan = &self.plan.root;
        self.members(&Scope::of(plan))
    }

    /// Reads the members of the object that begins next.
    fn members(&mut self, scope: &Scope<'a>) -> Result<()> {
        let opened = self.reader.open();
        self.read(opened)?;
        let mut few: Vec<Cow<'_, str>> = Vec::new();
        let mut many: HashSet<String> = HashSet::new();
        let mut first = true;
        loop {
            let next = self.reader.next_member(first);
            let Some((at, name)) = self.read(next)? else {
                return Ok(());
            };
            first = false;
            let seen = few.contains(&name) || many.contains(name.as_ref());
            if seen && !self.lenient {
                let malformed = Malformed {
                    at: self.reader.at().saturating_sub(1),
                    reason: format!("Duplicate field '{name}'"),
                    is_end: false,
                };
                let cause = self.unreadable(&malformed);
                return Err(self.failed(at, cause));
            }
            self.named(scope, at, &name)?;
            if few.len() < FEW_MEMBERS {
                few.push(name);
            } else {
                many.insert(name.into_owned());
            }
        }
    }

    /// Reads the member with this name, in which dots stand for objects within each other.
    fn named(&mut self, scope: &Scope<'a>, at: usize, name: &str) -> Result<()> {
        if let Some(failure) = self.bad_name(scope, at, name)? {
            if self.lenient {
                return self.skip();
            }
            return Err(failure);
        }
        if !name.contains('.') {
            return self.member(scope, name);
        }
        let depth = self.frames.len();
        let done = self.dotted(scope, at, name.trim_end_matches('.'));
        while self.frames.len() > depth {
            self.close();
        }
        done
    }

    fn dotted(&mut self, scope: &Scope<'a>, at: usize, name: &str) -> Result<()> {
        let mut scope = scope.clone();
        let mut rest = name;
        while let Some((part, after)) = rest.split_once('.') {
            match scope.member(part) {
                Some(Node::Object(inner)) if !inner.enabled => return self.skip(),
                Some(Node::Object(inner)) => {
                    self.enter(inner, at)?;
                    scope = Scope::of(inner);
                }
                Some(Node::Field(field)) => {
                    let skipped = self.reader.skip();
                    let (start, end) = self.read(skipped)?;
                    let value = preview(self.reader.slice(start, end));
                    let shown = format!("{{{}={value}}}", after.replace('.', "={"));
                    let braces = "}".repeat(after.matches('.').count());
                    return self.no_object(field, start, &format!("{shown}{braces}"));
                }
                None => match scope.dynamic {
                    _ if self.lenient => return self.skip(),
                    Dynamic::False | Dynamic::Runtime => return self.skip(),
                    Dynamic::Strict => return Err(self.strict(&scope, at, part)),
                    Dynamic::True => scope = self.new_object(&scope, at, part)?,
                },
            }
            rest = after;
        }
        self.member(&scope, rest)
    }

    /// What is wrong with a name.
    fn bad_name(&mut self, scope: &Scope<'a>, at: usize, name: &str) -> Result<Option<Failure>> {
        let illegal = |walker: &Self, reason: String| {
            Ok(Some(walker.failed(at, Failure::illegal_argument(reason))))
        };
        if name.is_empty() {
            return illegal(self, "field name cannot be an empty string".to_owned());
        }
        if name.chars().all(char::is_whitespace) {
            let reason = format!("Field name cannot contain only whitespace: [{name}]");
            return Ok(Some(self.parsing(at, &reason)));
        }
        let trimmed = name.trim_end_matches('.');
        if name.contains('.') && trimmed.split('.').any(|part| part.trim().is_empty()) {
            return illegal(
                self,
                format!("field name cannot contain only whitespace: ['{name}']"),
            );
        }
        if scope.path.is_empty() && name.starts_with('_') && METADATA.contains(&name) {
            let kind = self.reader.peek();
            self.read(kind)?;
            let at = self.reader.at();
            let skipped = self.reader.clone().skip();
            let (start, end) = self.read(skipped)?;
            let cause = self.parsing(at, &format!("Field [{name}] is a metadata field and cannot be added inside a document. Use the index API request parameters."));
            let value = preview(self.reader.slice(start, end));
            return Ok(Some(self.refused(at, (name, name), &value, cause)));
        }
        Ok(None)
    }

    fn member(&mut self, scope: &Scope<'a>, name: &str) -> Result<()> {
        match scope.member(name) {
            Some(Node::Field(field)) => self.field(field),
            Some(Node::Object(inner)) => self.object(inner, Some(name)),
            None => match scope.dynamic {
                _ if self.lenient => self.skip(),
                Dynamic::False | Dynamic::Runtime => self.skip(),
                Dynamic::Strict => {
                    let kind = self.reader.peek();
                    self.read(kind)?;
                    Err(self.strict(scope, self.reader.at(), name))
                }
                Dynamic::True => self.unmapped(scope, name),
            },
        }
    }

    pub(super) fn skip(&mut self) -> Result<()> {
        let skipped = self.reader.skip();
        self.read(skipped).map(drop)
    }

    fn strict(&self, scope: &Scope<'a>, at: usize, name: &str) -> Failure {
        let within = match scope.path.as_ref() {
            "" => "_doc",
            path => path,
        };
        let reason = self.placed(
            at,
            &format!(
                "mapping set to strict, dynamic introduction of [{name}] within [{within}] is not allowed"
            ),
        );
        Failure::new(Cause::StrictDynamicMapping, reason)
    }

    /// Reads what is mapped as an object: one, or an array of them. `name` is its own, none within an array.
    fn object(&mut self, plan: &'a ObjectPlan, name: Option<&str>) -> Result<()> {
        let kind = self.reader.peek();
        let kind = self.read(kind)?;
        let at = self.reader.at();
        if !plan.enabled {
            return self.skip();
        }
        match kind {
            Kind::Null => self.skip(),
            Kind::Object => {
                self.enter(plan, at)?;
                self.members(&Scope::of(plan))?;
                if plan.nested.is_some() {
                    self.close();
                }
                Ok(())
            }
            Kind::Array => {
                let opened = self.reader.open();
                self.read(opened)?;
                let mut first = true;
                while self.next_element(first)? {
                    first = false;
                    self.object(plan, None)?;
                }
                Ok(())
            }
            _ if plan.derived || self.lenient => self.skip(),
            _ => {
                let path = &plan.path;
                let name = name.unwrap_or("null");
                Err(self.parsing(at, &format!("object mapping for [{path}] tried to parse field [{name}] as object, but found a concrete value")))
            }
        }
    }

    pub(super) fn next_element(&mut self, first: bool) -> Result<bool> {
        let next = self.reader.next_element(first);
        self.read(next)
    }

    /// Opens a part when an object is nested.
    fn enter(&mut self, plan: &'a ObjectPlan, at: usize) -> Result<()> {
        let Some(include) = plan.nested else {
            return Ok(());
        };
        self.nested_objects += 1;
        let limit = self.plan.limits.nested_objects;
        if self.nested_objects > limit && !self.lenient {
            return Err(self.parsing(at, &format!("The number of nested documents has exceeded the allowed limit of [{limit}]. This limit can be set by changing the [index.mapping.nested_objects.limit] index level setting.")));
        }
        let around = self.frames.len().saturating_sub(1);
        let counts = &mut self.frame(around).counts;
        let place = match counts.iter_mut().find(|(path, _)| *path == plan.path) {
            Some((_, count)) => {
                *count += 1;
                *count - 1
            }
            None => {
                counts.push((plan.path.clone(), 1));
                0
            }
        };
        self.frames.push(Frame {
            nested: Some((plan.path.clone(), place)),
            include,
            ..Frame::default()
        });
        Ok(())
    }

    /// Adds an object to the mapping.
    fn new_object(&mut self, scope: &Scope<'a>, at: usize, name: &str) -> Result<Scope<'a>> {
        self.check_name_length(name)?;
        let path = scope.below(name);
        let limit = self.plan.limits.depth;
        if path.split('.').count() >= limit {
            let reason = format!(
                "Limit of mapping depth [{limit}] has been exceeded due to object field [{path}]"
            );
            return Err(self.failed(at, Failure::illegal_argument(reason)));
        }
        let object = self.plan.detection.object(&path);
        // What lies below an object that is not looked into brings no fields.
        let dynamic = match object.enabled {
            true => object.dynamic.unwrap_or(scope.dynamic),
            false => Dynamic::False,
        };
        self.added.object(&path, object)?;
        self.check_room(at)?;
        Ok(Scope {
            plan: None,
            path: Cow::Owned(path),
            dynamic,
        })
    }

    fn check_name_length(&self, name: &str) -> Result<()> {
        let limit = self.plan.limits.name_length;
        if name.encode_utf16().count() <= limit {
            return Ok(());
        }
        Err(Failure::illegal_argument(format!(
            "Field name [{name}] is longer than the limit of [{limit}] characters"
        )))
    }

    fn check_room(&self, at: usize) -> Result<()> {
        self.added
            .check(self.plan.total_fields, &self.plan.limits)
            .map_err(|failure| self.failed(at, failure))
    }

    /// Reads what the mapping does not have, and adds what it suggests.
    fn unmapped(&mut self, scope: &Scope<'a>, name: &str) -> Result<()> {
        let kind = self.reader.peek();
        let kind = self.read(kind)?;
        let at = self.reader.at();
        match kind {
            Kind::Object => {
                let inner = self.new_object(scope, at, name)?;
                self.members(&inner)
            }
            Kind::Array => {
                let path = scope.below(name);
                let is_free = !self.plan.detection.maps_fractions(&path);
                if let Some(dims) = self.fractions_ahead().filter(|_| is_free) {
                    self.add_field(&scope.below(name), vector(dims), at, name)?;
                    return self.skip();
                }
                let opened = self.reader.open();
                self.read(opened)?;
                let mut first = true;
                while self.next_element(first)? {
                    first = false;
                    self.unmapped(scope, name)?;
                }
                Ok(())
            }
            _ => {
                let scalar = self.reader.scalar();
                let scalar = self.read(scalar)?;
                let path = scope.below(name);
                match self.plan.detection.suggest(&path, &scalar) {
                    Some(field) => self.add_field(&path, field, at, name),
                    None => Ok(()),
                }
            }
        }
    }

    pub(super) fn add_field(
        &mut self,
        path: &str,
        field: document::FieldMapping,
        at: usize,
        name: &str,
    ) -> Result<()> {
        self.check_name_length(name)?;
        self.added.field(path, field)?;
        self.check_room(at)
    }

    /// How many numbers the array that begins next has, when it is one of fractions only and as long as vectors are.
    fn fractions_ahead(&self) -> Option<usize> {
        let mut ahead = self.reader.clone();
        ahead.open().ok()?;
        let mut count = 0;
        while ahead.next_element(count == 0).ok()? {
            let is_fraction = ahead.peek().ok()? == Kind::Number && !ahead.number().ok()?.1;
            if !is_fraction || count == *VECTOR_DIMS.end() {
                return None;
            }
            count += 1;
        }
        VECTOR_DIMS.contains(&count).then_some(count)
    }
}
