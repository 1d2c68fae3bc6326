//! A bucket for each interval of a number.

use super::super::context::Context;
use super::bounds::bounds;
use super::values::{KNOWN, Said, by, min_doc_count, order};
use crate::json::{Member, Node, double_text};
use crate::reading::{Read, illegal, in_field, unknown_field};
use document::Failure;
use query::{AggregationKind, BucketKey, Histogram};

const PARSER: &str = "histogram";

pub(super) fn histogram(
    context: &Context<'_>,
    name: &str,
    node: &Node<'_>,
) -> Read<AggregationKind> {
    let known = [
        "interval",
        "offset",
        "min_doc_count",
        "order",
        "extended_bounds",
        "hard_bounds",
        "keyed",
    ];
    let reader = context.reader;
    let mut said = Said::default();
    let mut interval = None;
    let mut offset = 0.0;
    let mut least = 0;
    let mut orders = vec![by(BucketKey::Key, false)];
    let (mut extended, mut hard) = (None, None);
    let mut keyed = false;
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        let key = member.name.as_ref();
        match key {
            "interval" => {
                let read = reader.double(value).and_then(|width| {
                    if width > 0.0 && width.is_finite() {
                        return Ok(width);
                    }
                    Err(illegal(
                        value.at,
                        format!("[interval] must be >0 for histogram aggregation [{name}]"),
                    ))
                });
                interval = Some(in_field(PARSER, key, read)?);
            }
            "offset" => offset = context.reader.field_double(PARSER, member)?,
            "min_doc_count" => least = min_doc_count(context, PARSER, name, member)?,
            "order" => orders = order(context, PARSER, member)?,
            "keyed" => keyed = context.reader.field_bool(PARSER, member)?,
            "extended_bounds" => extended = Some(double_bounds(context, member)?),
            "hard_bounds" => hard = Some(double_bounds(context, member)?),
            _ if said.take(context, PARSER, member)? => {}
            _ => {
                return Err(unknown_field(
                    PARSER,
                    member,
                    &[&KNOWN[..], &known].concat(),
                ));
            }
        }
    }
    let interval = interval.unwrap_or_else(|| {
        context.refuse_later(Failure::illegal_argument(
            "interval must be positive, got: 0.0",
        ));
        1.0
    });
    Ok(AggregationKind::Histogram(Histogram {
        values: said.values(node)?,
        interval,
        // Buckets repeat, so an offset counts only as far as it goes past whole intervals.
        offset: offset.rem_euclid(interval),
        min_doc_count: least,
        order: orders,
        extended_bounds: extended,
        hard_bounds: hard,
        keyed,
    }))
}

fn double_bounds(context: &Context<'_>, member: &Member<'_>) -> Read<(Option<f64>, Option<f64>)> {
    let read = bounds(PARSER, "double_bounds", member, |node| {
        context.reader.double(node)
    })?;
    if let (Some(min), Some(max)) = read
        && max < min
    {
        let wrong = illegal(
            member.value.end,
            format!(
                "max bound [{}] must be greater than min bound [{}]",
                double_text(max),
                double_text(min)
            ),
        );
        return in_field(PARSER, &member.name, Err(wrong));
    }
    Ok(read)
}
