//! Queries for values between two bounds.

use super::super::context::Context;
use super::common::{Common, no_field, seen, unsupported};
use crate::json::{Kind, Member, Node};
use crate::reading::{Fault, Read, illegal, parsing};
use document::time_zone;
use query::{Bound, Query};
use std::borrow::Cow;

/// What a range says of one of its ends.
#[derive(Default)]
struct End {
    value: Option<String>,
    is_number: bool,
    excluding: bool,
}

impl End {
    fn bound(self) -> Bound {
        match self.value {
            None => Bound::Open,
            Some(value) if self.excluding => Bound::Excluding(value),
            Some(value) => Bound::Including(value),
        }
    }

    fn set(&mut self, node: &Node<'_>, excluding: Option<bool>) -> Read<()> {
        self.value = match &node.kind {
            Kind::Object(members) => return Err(bound_of(node, members)),
            // Each token is taken for the bound, and the last one stays.
            Kind::Array(items) => {
                for item in items {
                    self.set(item, excluding)?;
                }
                Some("]".to_owned())
            }
            _ => node.value_text(),
        };
        self.is_number = matches!(node.kind, Kind::Number(_));
        if let Some(excluding) = excluding {
            self.excluding = excluding;
        }
        Ok(())
    }
}

/// The fault of a bound that is an object, whose members are taken for those of the range.
fn bound_of(node: &Node<'_>, members: &[Member<'_>]) -> Fault {
    match members.first() {
        Some(first) => unsupported("range", first),
        None => parsing(
            node.end,
            "[range] query does not support an empty object as a bound",
        ),
    }
}

pub(super) fn range(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    let mut found: Option<Cow<'_, Member<'_>>> = None;
    for member in seen(node) {
        if member.value.members().is_none() {
            return Err(unsupported("range", &member));
        }
        if let Some(first) = found {
            return Err(parsing(
                member.value.at,
                format!(
                    "[range] query doesn't support multiple fields, found [{}] and [{}]",
                    first.name, member.name
                ),
            ));
        }
        found = Some(member);
    }
    let Some(field) = found.filter(|field| !field.name.is_empty()) else {
        return Err(no_field(node));
    };
    let (mut lower, mut upper) = (End::default(), End::default());
    let mut dates = context.dates();
    for member in field.value.members().unwrap_or_default() {
        let value = &member.value;
        match member.name.as_ref() {
            "from" => lower.set(value, None)?,
            "to" => upper.set(value, None)?,
            "gt" => lower.set(value, Some(true))?,
            "gte" => lower.set(value, Some(false))?,
            "lt" => upper.set(value, Some(true))?,
            "lte" => upper.set(value, Some(false))?,
            "include_lower" => lower.excluding = !context.reader.bool(value)?,
            "include_upper" => upper.excluding = !context.reader.bool(value)?,
            "time_zone" => {
                let name = context.reader.text(value)?.into_owned();
                time_zone(&name).map_err(|failure| Fault {
                    failure,
                    at: value.at,
                })?;
                dates.time_zone = Some(name);
            }
            "format" => dates.format = Some(context.reader.text(value)?.into_owned()),
            // Fields hold single values, so it is all the same how ranges lie to each other.
            "relation" => {
                let relation = context.reader.text(value)?;
                let known = ["intersects", "contains", "within"];
                if !known.contains(&relation.to_lowercase().as_str()) {
                    return Err(illegal(
                        value.at,
                        format!("{relation} is not a valid relation"),
                    ));
                }
            }
            _ if common.take(context, member)? => {}
            _ => return Err(unsupported("range", member)),
        }
    }
    // A number among the bounds of dates says that they are milliseconds, where no format says otherwise.
    if dates.format.is_none() && (lower.is_number || upper.is_number) {
        dates.format = Some("epoch_millis".to_owned());
    }
    let query = Query::Range {
        field: field.name.to_string(),
        lower: lower.bound(),
        upper: upper.bound(),
        dates,
    };
    common.give("range", node, query)
}
