//! A bucket for each interval of time.

use super::super::context::Context;
use super::bounds::bounds;
use super::values::Intervals;
use crate::json::{Kind, Member, Node};
use crate::reading::{Fault, Read, illegal, in_field, wrong_sort};
use crate::time_value::time_value;
use document::Failure;
use query::{AggregationKind, CalendarUnit, DateHistogram, Interval, TimeBound};

const PARSER: &str = "date_histogram";

/// What is said of a date_histogram alone.
const OWN: [&str; 4] = ["calendar_interval", "fixed_interval", "offset", "time_zone"];

pub(super) fn date_histogram(
    context: &Context<'_>,
    name: &str,
    node: &Node<'_>,
) -> Read<AggregationKind> {
    let reader = context.reader;
    let mut said = Intervals::default();
    let mut interval: Option<(&str, Interval)> = None;
    let mut offset_ms = 0;
    let mut time_zone = None;
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        let key = member.name.as_ref();
        match key {
            "calendar_interval" | "fixed_interval" => {
                let Kind::String(text) = &value.kind else {
                    return Err(wrong_sort(PARSER, key, value));
                };
                let read = match interval {
                    Some((other, _)) if other != key && other != "interval" => Err(illegal(
                        value.at,
                        format!("Cannot use [{key}] with [{other}] configuration option."),
                    )),
                    _ if key == "fixed_interval" => fixed(value, text),
                    _ => calendar(value, text),
                };
                interval = Some((key, in_field(PARSER, key, read)?));
            }
            // What is a length of the calendar was told by its name alone, before 8.
            "interval" => {
                let unknown = Intervals::<TimeBound>::unknown(PARSER, member, &OWN);
                context.refuse_after_seven(unknown.failure);
                let read = match &value.kind {
                    Kind::String(text) => calendar(value, text).or_else(|_| fixed(value, text)),
                    _ => reader.long(value).map(Interval::Fixed),
                };
                let read = in_field(PARSER, key, read)?;
                interval = interval.or(Some((key, read)));
            }
            "offset" => {
                let read = match &value.kind {
                    Kind::String(text) => offset(value, text),
                    _ => reader.long(value),
                };
                offset_ms = in_field(PARSER, key, read)?;
            }
            "time_zone" => {
                let name = context.reader.field_text(PARSER, member)?;
                let read = known_zone(value, &name);
                in_field(PARSER, key, read)?;
                time_zone = Some(name);
            }
            _ => {
                let time = |node: &Node<'_>| match node.kind {
                    Kind::Number(_) => reader.long(node).map(TimeBound::Ms),
                    _ => Ok(TimeBound::Text(reader.text(node)?.into_owned())),
                };
                let bounds = |member: &Member<'_>| bounds(PARSER, &member.name, member, time);
                if !said.take(context, (PARSER, name), member, bounds)? {
                    return Err(Intervals::<TimeBound>::unknown(PARSER, member, &OWN));
                }
            }
        }
    }
    let interval = match interval {
        None => Err("Invalid interval specified, must be non-null and non-empty"),
        Some((_, Interval::Fixed(ms))) if ms <= 0 => {
            Err("Zero or negative time interval not supported")
        }
        Some((_, interval)) => Ok(interval),
    };
    let interval = interval.unwrap_or_else(|reason| {
        context.refuse_later(Failure::illegal_argument(reason));
        Interval::Calendar(CalendarUnit::Day)
    });
    Ok(AggregationKind::DateHistogram(DateHistogram {
        values: said.values.values(node)?,
        interval,
        offset_ms,
        time_zone,
        min_doc_count: said.min_doc_count,
        order: said.order,
        extended_bounds: said.extended_bounds,
        hard_bounds: said.hard_bounds,
        keyed: said.keyed,
        now_ms: context.now_ms,
    }))
}

fn fixed(node: &Node<'_>, text: &str) -> Read<Interval> {
    let ms = time_value("date_histogram.fixedInterval", text);
    ms.map(Interval::Fixed).map_err(|failure| Fault {
        failure,
        at: node.at,
    })
}

fn calendar(node: &Node<'_>, text: &str) -> Read<Interval> {
    let unit = match text {
        "second" | "1s" => CalendarUnit::Second,
        "minute" | "1m" => CalendarUnit::Minute,
        "hour" | "1h" => CalendarUnit::Hour,
        "day" | "1d" => CalendarUnit::Day,
        "week" | "1w" => CalendarUnit::Week,
        "month" | "1M" => CalendarUnit::Month,
        "quarter" | "1q" => CalendarUnit::Quarter,
        "year" | "1y" => CalendarUnit::Year,
        _ => {
            return Err(illegal(
                node.at,
                format!(
                    "The supplied interval [{text}] could not be parsed as a calendar interval."
                ),
            ));
        }
    };
    Ok(Interval::Calendar(unit))
}

/// Reads a length of time with a sign before it.
fn offset(node: &Node<'_>, text: &str) -> Read<i64> {
    let (sign, length) = match text.split_at_checked(1) {
        Some(("-", rest)) => (-1, rest),
        Some(("+", rest)) => (1, rest),
        _ => (1, text),
    };
    let ms = time_value("DateHistogramAggregationBuilder.parseOffset", length);
    ms.map(|ms| sign * ms).map_err(|failure| Fault {
        failure,
        at: node.at,
    })
}
/// Makes sure that there is such a time zone.
pub(super) fn known_zone(node: &Node<'_>, name: &str) -> Read<()> {
    document::time_zone(name)
        .map(|_| ())
        .map_err(|failure| Fault {
            failure: failure.caused_by.map_or_else(
                || Failure::illegal_argument(failure.reason),
                |beneath| *beneath,
            ),
            at: node.at,
        })
}
