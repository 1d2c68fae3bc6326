//! A bucket for each interval of a number.

use super::super::context::Context;
use super::bounds::bounds;
use super::values::Intervals;
use crate::json::{Member, Node, double_text};
use crate::reading::{Fault, Read, illegal, in_field};
use document::{Cause, Failure};
use query::{AggregationKind, Histogram};

const PARSER: &str = "histogram";

pub(super) fn histogram(
    context: &Context<'_>,
    name: &str,
    node: &Node<'_>,
) -> Read<AggregationKind> {
    let mut said = Intervals::default();
    let mut interval = None;
    let mut offset = 0.0;
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        let key = member.name.as_ref();
        let taken = match key {
            "interval" => {
                let read = context.reader.double(value).and_then(|width| {
                    if width > 0.0 && width.is_finite() {
                        return Ok(width);
                    }
                    Err(illegal(
                        value.at,
                        format!("[interval] must be >0 for histogram aggregation [{name}]"),
                    ))
                });
                interval = Some(in_field(PARSER, key, read)?);
                true
            }
            "offset" => {
                offset = context.reader.field_double(PARSER, member)?;
                true
            }
            _ => {
                let bounds = |member: &Member<'_>| double_bounds(context, member);
                said.take(context, (PARSER, name), member, bounds)?
            }
        };
        if !taken {
            let own = ["interval", "offset"];
            return Err(Intervals::<f64>::unknown(PARSER, member, &own));
        }
    }
    let interval = interval.unwrap_or_else(|| {
        context.refuse_later(Failure::illegal_argument(
            "interval must be positive, got: 0.0",
        ));
        1.0
    });
    Ok(AggregationKind::Histogram(Histogram {
        values: said.values.values(node)?,
        interval,
        offset,
        min_doc_count: said.min_doc_count,
        order: said.order,
        extended_bounds: said.extended_bounds,
        hard_bounds: said.hard_bounds,
        keyed: said.keyed,
    }))
}

fn double_bounds(context: &Context<'_>, member: &Member<'_>) -> Read<(Option<f64>, Option<f64>)> {
    let read = bounds(PARSER, "double_bounds", member, |node| {
        context.reader.double(node)
    })?;
    if let (Some(min), Some(max)) = read
        && max < min
    {
        // The parser makes the bounds when the second of them is there.
        let members = member.value.members().unwrap_or_default();
        let last = members.last().unwrap_or(member);
        let reason = format!(
            "max bound [{}] must be greater than min bound [{}]",
            double_text(max),
            double_text(min)
        );
        let made = Failure::illegal_argument(
            "Cannot instantiate an object of org.elasticsearch.search.aggregations.bucket.histogram.DoubleBounds",
        );
        let built = Failure::new(
            Cause::ContentParsing,
            "Failed to build [double_bounds] after last required field arrived",
        );
        let wrong = Fault {
            failure: built.caused_by(made.caused_by(Failure::illegal_argument(reason))),
            at: last.value.at,
        };
        let in_bounds = in_field("double_bounds", &last.name, Err(wrong));
        return in_field(PARSER, &member.name, in_bounds);
    }
    Ok(read)
}
