//! How documents are taken apart, worked out from a mapping once.

use super::dates::DateFormat;
use super::dynamic::Detection;
use super::leaf::LeafReader;
use document::{Dynamic, FieldKind, FieldMapping, Leaf, Limits, Mapping, VectorField};
use std::collections::HashMap;
use std::sync::Arc;

/// How documents of a mapping are taken apart.
pub(crate) struct Plan {
    pub(crate) leaves: Vec<Arc<Leaf>>,
    pub(super) readers: Vec<LeafReader>,
    pub(super) root: ObjectPlan,
    pub(super) detection: Detection,
    pub(super) limits: Limits,
    /// Fields and objects, as the limit of fields counts them.
    pub(super) total_fields: usize,
}

/// An object of the mapping.
#[derive(Default)]
pub(super) struct ObjectPlan {
    pub(super) path: String,
    pub(super) nested: Option<NestedPlan>,
    pub(super) dynamic: Dynamic,
    pub(super) enabled: bool,
    /// Whether it is an image field, below which only what was derived from the picture counts.
    pub(super) derived: bool,
    pub(super) members: HashMap<String, Node>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct NestedPlan {
    pub(super) include_in_parent: bool,
    pub(super) include_in_root: bool,
}

pub(super) enum Node {
    Object(ObjectPlan),
    Field(FieldPlan),
}

/// A place in the source whose values are searched.
pub(super) struct FieldPlan {
    pub(super) path: String,
    /// The numbers of its leaves: itself first, then its multi-fields.
    pub(super) leaves: Vec<usize>,
    pub(super) shape: Shape,
    pub(super) copy_to: Vec<String>,
}

/// How the values of a field are written.
pub(super) enum Shape {
    Scalar,
    Point,
    Vector(VectorField),
    Binary,
    Features,
}

impl Plan {
    pub(crate) fn new(mapping: &Mapping, limits: Limits) -> Self {
        let mut plan = Self {
            leaves: Vec::new(),
            readers: Vec::new(),
            root: ObjectPlan {
                enabled: true,
                ..ObjectPlan::default()
            },
            detection: Detection::new(mapping),
            limits,
            total_fields: mapping.count_fields(),
        };
        for leaf in mapping.leaves() {
            let field = mapping
                .get(&leaf.path)
                .or_else(|| mapping.get(&leaf.source));
            let source = leaf.source.clone();
            let number = plan.leaves.len();
            let leaf = Arc::new(leaf);
            plan.readers.push(LeafReader::new(leaf.clone()));
            plan.leaves.push(leaf.clone());
            let place = place(&mut plan.root, &source, mapping);
            if let Some(place) = place {
                add(place, &leaf, number, field);
            }
        }
        for (path, _) in mapping.objects() {
            if !path.is_empty() {
                // The last name does not matter: the objects around it are made.
                place(&mut plan.root, &format!("{path}.x"), mapping);
            }
        }
        plan.root.dynamic = dynamic_of(mapping, "", Dynamic::default());
        plan
    }

    /// Finds what is mapped at a full path.
    pub(super) fn find(&self, path: &str) -> Option<&Node> {
        let mut object = &self.root;
        let mut parts = path.split('.').peekable();
        loop {
            let node = object.members.get(parts.next()?)?;
            match node {
                node if parts.peek().is_none() => return Some(node),
                Node::Object(inner) => object = inner,
                Node::Field(_) => return None,
            }
        }
    }
}

fn dynamic_of(mapping: &Mapping, path: &str, around: Dynamic) -> Dynamic {
    mapping
        .object(path)
        .and_then(|object| object.dynamic)
        .unwrap_or(around)
}

/// Finds or makes the objects around a path: the innermost one, and the path's last name. None where a field stands
/// in the way.
fn place<'a, 'p>(
    root: &'a mut ObjectPlan,
    path: &'p str,
    mapping: &Mapping,
) -> Option<(&'a mut ObjectPlan, &'p str)> {
    let mut object = root;
    object.dynamic = dynamic_of(mapping, "", Dynamic::default());
    let mut start = 0;
    for (end, _) in path.match_indices('.') {
        let name = path.get(start..end)?;
        let full = path.get(..end)?;
        let around = object.dynamic;
        let node = object.members.entry(name.to_owned()).or_insert_with(|| {
            let said = mapping.object(full);
            let derived = mapping
                .get(full)
                .is_some_and(|field| matches!(field.kind, FieldKind::Image(_)));
            Node::Object(ObjectPlan {
                path: full.to_owned(),
                nested: said.filter(|said| said.nested).map(|said| NestedPlan {
                    include_in_parent: said.include_in_parent,
                    include_in_root: said.include_in_root,
                }),
                dynamic: match derived {
                    true => Dynamic::False,
                    false => dynamic_of(mapping, full, around),
                },
                enabled: said.is_none_or(|said| said.enabled),
                derived,
                members: HashMap::new(),
            })
        });
        object = match node {
            Node::Object(inner) => inner,
            Node::Field(_) => return None,
        };
        start = end + 1;
    }
    Some((object, path.get(start..)?))
}

fn add(
    (object, name): (&mut ObjectPlan, &str),
    leaf: &Arc<Leaf>,
    number: usize,
    field: Option<&FieldMapping>,
) {
    let node = object.members.entry(name.to_owned()).or_insert_with(|| {
        let kind = field.map_or(&leaf.kind, |field| match field.kind {
            FieldKind::Image(_) => &leaf.kind,
            ref kind => kind,
        });
        Node::Field(FieldPlan {
            path: leaf.source.clone(),
            leaves: Vec::new(),
            shape: match kind {
                FieldKind::GeoPoint => Shape::Point,
                FieldKind::DenseVector(vector) => Shape::Vector(vector.clone()),
                FieldKind::Binary => Shape::Binary,
                FieldKind::RankFeatures => Shape::Features,
                _ => Shape::Scalar,
            },
            copy_to: field.map_or_else(Vec::new, |field| field.options.copy_to.clone()),
        })
    });
    if let Node::Field(plan) = node {
        plan.leaves.push(number);
    }
}

/// Answers the formats of a date field; those of the default where its mapping names none that work.
pub(super) fn date_format(leaf: &Leaf) -> DateFormat {
    let given = leaf.options.format.as_deref();
    given
        .and_then(|format| DateFormat::parse(format).ok())
        .unwrap_or_default()
}
