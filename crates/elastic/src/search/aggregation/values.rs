//! What many aggregations share: the field whose values they work on, and the order of their buckets.

use super::super::context::Context;
use crate::json::{Kind, Member, Node};
use crate::reading::{
    Fault, Read, fault, illegal, in_field, not_served, parsing, unknown_field, wrong_sort,
};
use document::Cause;
use query::{BucketKey, BucketOrder, ValueType, Values};

/// Names that belong to the values.
pub(super) const KNOWN: [&str; 5] = ["field", "missing", "script", "value_type", "format"];

/// What is said of the values of an aggregation.
#[derive(Default)]
pub(super) struct Said {
    field: Option<String>,
    missing: Option<String>,
    format: Option<String>,
    value_type: Option<ValueType>,
}

impl Said {
    /// Takes a member if it says something of the values; answers whether it does.
    pub(super) fn take(
        &mut self,
        context: &Context<'_>,
        parser: &str,
        member: &Member<'_>,
    ) -> Read<bool> {
        let value = &member.value;
        let name = member.name.as_ref();
        match name {
            "field" | "format" => {
                let Kind::String(text) = &value.kind else {
                    return Err(wrong_sort(parser, name, value));
                };
                let slot = if name == "field" {
                    &mut self.field
                } else {
                    &mut self.format
                };
                *slot = Some(text.to_string());
            }
            "missing" => match value.value_text() {
                Some(text) => self.missing = Some(text),
                None => return Err(wrong_sort(parser, name, value)),
            },
            "script" => {
                return Err(not_served(
                    value.at,
                    &format!("[script] of aggregation [{parser}]"),
                ));
            }
            "value_type" => {
                let text = context.reader.field_text(parser, member)?;
                let read = value_type(parser, value, &text);
                self.value_type = Some(in_field(parser, name, read)?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The values, of a field that must have been named.
    pub(super) fn values(self, node: &Node<'_>) -> Read<Values> {
        match self.field {
            Some(field) => Ok(Values {
                field,
                missing: self.missing,
                format: self.format,
                value_type: self.value_type,
            }),
            None => Err(illegal(
                node.end,
                "Required one of fields [field, script], but none were specified.",
            )),
        }
    }
}

fn value_type(parser: &str, node: &Node<'_>, name: &str) -> Read<ValueType> {
    match name {
        "string" => Ok(ValueType::Text),
        "double" | "float" => Ok(ValueType::Double),
        "number" | "numeric" | "long" | "integer" | "short" | "byte" => Ok(ValueType::Long),
        "date" => Ok(ValueType::Date),
        "boolean" => Ok(ValueType::Boolean),
        "ip" => Err(not_served(
            node.at,
            &format!("[value_type: {name}] of aggregation [{parser}]"),
        )),
        _ => Err(illegal(node.at, format!("Unknown value type [{name}]"))),
    }
}

/// What histograms of numbers and of time say alike; `B` is a bound.
pub(super) struct Intervals<B> {
    pub(super) values: Said,
    pub(super) min_doc_count: u64,
    pub(super) order: Vec<BucketOrder>,
    pub(super) extended_bounds: Option<(Option<B>, Option<B>)>,
    pub(super) hard_bounds: Option<(Option<B>, Option<B>)>,
    pub(super) keyed: bool,
}

impl<B> Default for Intervals<B> {
    fn default() -> Self {
        Self {
            values: Said::default(),
            min_doc_count: 0,
            order: vec![by(BucketKey::Key, false)],
            extended_bounds: None,
            hard_bounds: None,
            keyed: false,
        }
    }
}

impl<B> Intervals<B> {
    /// Names of what is taken here, besides those of the values.
    pub(super) const KNOWN: [&str; 5] = [
        "min_doc_count",
        "order",
        "extended_bounds",
        "hard_bounds",
        "keyed",
    ];

    /// Takes a member if it is one of these; answers whether it is. `bounds` reads a pair of bounds.
    pub(super) fn take(
        &mut self,
        context: &Context<'_>,
        (parser, name): (&str, &str),
        member: &Member<'_>,
        bounds: impl Fn(&Member<'_>) -> Read<(Option<B>, Option<B>)>,
    ) -> Read<bool> {
        match member.name.as_ref() {
            "min_doc_count" => {
                self.min_doc_count = min_doc_count(context, parser, name, member)?;
            }
            "order" => self.order = order(context, parser, member)?,
            "keyed" => self.keyed = context.reader.field_bool(parser, member)?,
            "extended_bounds" => self.extended_bounds = Some(bounds(member)?),
            "hard_bounds" => self.hard_bounds = Some(bounds(member)?),
            _ => return self.values.take(context, parser, member),
        }
        Ok(true)
    }

    /// Makes the fault of a member that nobody took; `own` are the names that the parser takes itself.
    pub(super) fn unknown(parser: &str, member: &Member<'_>, own: &[&str]) -> Fault {
        unknown_field(parser, member, &[&KNOWN[..], own, &Self::KNOWN].concat())
    }
}

/// Reads how few documents a bucket may have.
pub(super) fn min_doc_count(
    context: &Context<'_>,
    parser: &str,
    name: &str,
    member: &Member<'_>,
) -> Read<u64> {
    let count = context.reader.field_long(parser, member)?;
    in_field(parser, &member.name, least(&member.value, name, count))
}

fn least(node: &Node<'_>, name: &str, count: i64) -> Read<u64> {
    u64::try_from(count).map_err(|_| {
        illegal(
            node.at,
            format!(
                "[minDocCount] must be greater than or equal to 0. Found [{count}] in [{name}]"
            ),
        )
    })
}

/// Reads what buckets are sorted by; where nothing else tells two apart, their keys do.
pub(super) fn order(
    context: &Context<'_>,
    parser: &str,
    member: &Member<'_>,
) -> Read<Vec<BucketOrder>> {
    match member.value.kind {
        Kind::Array(_) | Kind::Object(_) => {
            in_field(parser, &member.name, orders(context, &member.value))
        }
        _ => Err(wrong_sort(parser, &member.name, &member.value)),
    }
}

fn orders(context: &Context<'_>, node: &Node<'_>) -> Read<Vec<BucketOrder>> {
    let mut orders = Vec::new();
    match &node.kind {
        Kind::Array(items) if items.is_empty() => {
            let reason = "Index 0 out of bounds for length 0";
            return Err(fault(node.end, Cause::IndexOutOfBounds, reason));
        }
        Kind::Array(items) => {
            for item in items {
                one_order(context, item, &mut orders)?;
            }
        }
        _ => one_order(context, node, &mut orders)?,
    }
    if !orders.iter().any(|order| order.key == BucketKey::Key) {
        orders.push(by(BucketKey::Key, false));
    }
    Ok(orders)
}

/// Makes one thing that buckets are sorted by.
pub(super) fn by(key: BucketKey, descending: bool) -> BucketOrder {
    BucketOrder { key, descending }
}

fn one_order(context: &Context<'_>, node: &Node<'_>, orders: &mut Vec<BucketOrder>) -> Read<()> {
    let members = match node.members() {
        Some(members) if !members.is_empty() => members,
        _ => {
            return Err(parsing(
                node.end,
                "Must specify at least one field for [order]",
            ));
        }
    };
    for member in members {
        let direction = context.reader.text(&member.value)?;
        let descending = match direction.to_lowercase().as_str() {
            "asc" => false,
            "desc" => true,
            _ => {
                return Err(parsing(
                    member.value.at,
                    format!("Unknown order direction [{direction}]"),
                ));
            }
        };
        orders.push(by(bucket_key(&member.name), descending));
    }
    Ok(())
}

/// Reads `_count`, `_key`, or a path to a summary's number: `a>b.max`, `a>b[max]`.
fn bucket_key(text: &str) -> BucketKey {
    match text {
        "_count" => return BucketKey::Count,
        "_key" => return BucketKey::Key,
        _ => {}
    }
    let mut path: Vec<String> = text.split('>').map(|part| part.trim().to_owned()).collect();
    let last = path.pop().unwrap_or_default();
    let bracketed = last.strip_suffix(']').and_then(|open| open.split_once('['));
    let value = match bracketed.or_else(|| last.rsplit_once('.')) {
        Some((name, value)) => {
            path.push(name.to_owned());
            value.to_owned()
        }
        // The number of documents of the summary before it.
        None if last == "_count" && !path.is_empty() => last,
        None => {
            path.push(last);
            String::new()
        }
    };
    BucketKey::Metric { path, value }
}
