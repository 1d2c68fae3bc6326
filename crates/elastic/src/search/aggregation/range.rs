//! A bucket for each range of numbers or dates.

use super::super::context::Context;
use super::date_histogram::known_zone;
use super::values::{KNOWN, Said};
use crate::json::{Kind, Node};
use crate::reading::{
    Read, after, content, in_field, number_format, objects, unknown_field, wrong_sort,
};
use document::Failure;
use query::{AggregationKind, RangeBucket, Ranges};

pub(super) fn ranges(
    context: &Context<'_>,
    name: &str,
    parser: &str,
    node: &Node<'_>,
) -> Read<AggregationKind> {
    let dates = parser == "date_range";
    let known: &[&str] = if dates {
        &["ranges", "keyed", "time_zone"]
    } else {
        &["ranges", "keyed"]
    };
    let mut said = Said::default();
    let mut buckets = Vec::new();
    let mut keyed = false;
    let mut time_zone = None;
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        let key = member.name.as_ref();
        match (key, &value.kind) {
            ("ranges", Kind::Array(items)) => {
                for item in in_field(parser, key, objects(items))? {
                    buckets.push(in_field(parser, key, range(context, item))?);
                }
            }
            ("ranges", Kind::Object(_)) => {
                buckets.push(in_field(parser, key, range(context, value))?);
            }
            ("ranges", _) => return Err(wrong_sort(parser, key, value)),
            ("keyed", _) => keyed = context.reader.field_bool(parser, member)?,
            ("time_zone", _) if dates => {
                let name = context.reader.field_text(parser, member)?;
                in_field(parser, "time_zone", known_zone(&member.value, &name))?;
                time_zone = Some(name);
            }
            _ if said.take(context, parser, member)? => {}
            _ => return Err(unknown_field(parser, member, &[&KNOWN[..], known].concat())),
        }
    }
    let values = said.values(node)?;
    if buckets.is_empty() {
        context.refuse_later(Failure::illegal_argument(format!(
            "No [ranges] specified for the [{name}] aggregation"
        )));
    }
    if !dates {
        check_and_sort(context, &mut buckets);
    }
    let ranges = Ranges {
        values,
        ranges: buckets,
        keyed,
        time_zone,
        now_ms: context.now_ms,
    };
    Ok(if dates {
        AggregationKind::DateRange(ranges)
    } else {
        AggregationKind::Range(ranges)
    })
}

/// Puts ranges of numbers in the order in which they are answered: by lower, then by upper bound.
fn check_and_sort(context: &Context<'_>, buckets: &mut [RangeBucket]) {
    let number = |bound: &Option<String>, open: f64| match bound {
        None => open,
        Some(text) => text.trim().parse().unwrap_or_else(|_| {
            context.refuse_later(number_format(text));
            open
        }),
    };
    buckets.sort_by(|a, b| {
        let from =
            number(&a.from, f64::NEG_INFINITY).total_cmp(&number(&b.from, f64::NEG_INFINITY));
        from.then_with(|| number(&a.to, f64::INFINITY).total_cmp(&number(&b.to, f64::INFINITY)))
    });
    // Sorting looks at no single one.
    if let [only] = buckets {
        number(&only.from, f64::NEG_INFINITY);
        number(&only.to, f64::INFINITY);
    }
}

fn range(context: &Context<'_>, item: &Node<'_>) -> Read<RangeBucket> {
    // Ranges of dates are read by a parser of the same name.
    const PARSER: &str = "range";
    let Some(members) = item.members() else {
        return Err(content(
            after(item),
            &format!("[{PARSER}] Expected START_OBJECT but was: END_ARRAY"),
        ));
    };
    let mut bucket = RangeBucket {
        key: None,
        from: None,
        to: None,
    };
    for member in members {
        let name = member.name.as_ref();
        let slot = match name {
            "key" => &mut bucket.key,
            "from" => &mut bucket.from,
            "to" => &mut bucket.to,
            _ => return Err(unknown_field(PARSER, member, &["key", "from", "to"])),
        };
        let fits = match &member.value.kind {
            Kind::String(_) | Kind::Number(_) => true,
            Kind::Null => name != "key",
            _ => false,
        };
        if !fits {
            return Err(wrong_sort(PARSER, name, &member.value));
        }
        let text = in_field(PARSER, name, context.reader.text_or_null(&member.value))?;
        *slot = text.map(|text| text.into_owned());
    }
    Ok(bucket)
}
