//! A bucket for each value.

use super::super::context::Context;
use super::values::{KNOWN, Said, by, min_doc_count, order};
use crate::json::{Kind, Member, Node};
use crate::reading::{Read, fault, illegal, in_field, unknown_field, wrong_sort};
use document::{Cause, Failure};
use query::{AggregationKind, BucketKey, Terms, TermsFilter};

pub(super) fn terms(context: &Context<'_>, name: &str, node: &Node<'_>) -> Read<AggregationKind> {
    const PARSER: &str = "terms";
    let known = [
        "size",
        "shard_size",
        "min_doc_count",
        "shard_min_doc_count",
        "show_term_doc_count_error",
        "order",
        "collect_mode",
        "execution_hint",
        "include",
        "exclude",
    ];
    let mut said = Said::default();
    let mut size = 10;
    let mut shard_size = None;
    let (mut least, mut shard_least) = (1, 0);
    let mut show_error = false;
    let mut orders = vec![by(BucketKey::Count, true), by(BucketKey::Key, false)];
    let (mut include, mut exclude) = (None, None);
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        let key = member.name.as_ref();
        match key {
            "size" => size = positive(context, PARSER, name, "size", member)?,
            "shard_size" => {
                shard_size = Some(positive(context, PARSER, name, "shardSize", member)?);
            }
            "min_doc_count" => least = min_doc_count(context, PARSER, name, member)?,
            "shard_min_doc_count" => {
                shard_least = min_doc_count(context, PARSER, name, member)?;
            }
            "show_term_doc_count_error" => {
                show_error = context.reader.field_bool(PARSER, member)?;
            }
            "order" => orders = order(context, PARSER, member)?,
            "collect_mode" => {
                let text = context.reader.field_text(PARSER, member)?;
                if !["depth_first", "breadth_first"].contains(&text.as_ref()) {
                    let reason = format!("no [{key}] found for value [{text}]");
                    return in_field(PARSER, key, Err(fault(value.at, Cause::Parse, reason)));
                }
            }
            "execution_hint" => {
                let text = context.reader.field_text(PARSER, member)?;
                if !["map", "global_ordinals"].contains(&text.as_ref()) {
                    context.refuse_later(Failure::illegal_argument(format!(
                        "Unknown `execution_hint`: [{text}], expected any of [map, global_ordinals]"
                    )));
                }
            }
            "include" | "exclude"
                if !matches!(
                    value.kind,
                    Kind::String(_) | Kind::Array(_) | Kind::Object(_)
                ) =>
            {
                return Err(wrong_sort(PARSER, key, value));
            }
            "include" => include = Some(in_field(PARSER, key, filter(context, value, true))?),
            "exclude" => exclude = Some(in_field(PARSER, key, filter(context, value, false))?),
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
    Ok(AggregationKind::Terms(Terms {
        values: said.values(node)?,
        size,
        shard_size,
        min_doc_count: least,
        shard_min_doc_count: shard_least,
        show_error,
        order: orders,
        include,
        exclude,
    }))
}

fn positive(
    context: &Context<'_>,
    parser: &str,
    name: &str,
    what: &str,
    member: &Member<'_>,
) -> Read<usize> {
    let node = &member.value;
    let size = context.reader.field_int(parser, member)?;
    let read = match usize::try_from(size) {
        Ok(size) if size > 0 => Ok(size),
        _ => Err(illegal(
            node.at,
            format!("[{what}] must be greater than 0. Found [{size}] in [{name}]"),
        )),
    };
    in_field(parser, &member.name, read)
}

/// Reads which values make buckets, or make none.
fn filter(context: &Context<'_>, node: &Node<'_>, include: bool) -> Read<TermsFilter> {
    match &node.kind {
        Kind::String(pattern) => Ok(TermsFilter::Pattern(pattern.to_string())),
        Kind::Array(items) => Ok(TermsFilter::Values(context.reader.texts(items)?)),
        Kind::Object(_) if include => partition(context, node),
        _ => {
            let name = if include { "include" } else { "exclude" };
            Err(illegal(
                node.at,
                format!("Unrecognized token for an {name} [{}]", node.token()),
            ))
        }
    }
}

fn partition(context: &Context<'_>, node: &Node<'_>) -> Read<TermsFilter> {
    let (mut partition, mut partitions) = (None, None);
    for member in node.members().unwrap_or_default() {
        let number = || context.reader.int(&member.value);
        match member.name.as_ref() {
            "partition" => partition = Some(number()?),
            "num_partitions" => partitions = Some(number()?),
            other => {
                let reason = format!("Unknown parameter in Include/Exclude clause: {other}");
                return Err(fault(member.value.at, Cause::Parse, reason));
            }
        }
    }
    let needed = |number: Option<i32>, name: &str| {
        number.ok_or_else(|| {
            illegal(
                node.end,
                format!("Missing [{name}] parameter for partition-based include"),
            )
        })
    };
    let partition = needed(partition, "partition")?;
    let partitions = needed(partitions, "num_partitions")?;
    match (u32::try_from(partition), u32::try_from(partitions)) {
        (Ok(partition), Ok(partitions)) if partition < partitions => Ok(TermsFilter::Partition {
            partition,
            partitions,
        }),
        _ => Err(illegal(
            node.end,
            format!(
                "Partition must be >= 0 and < [num_partitions], got [{partition}] of [{partitions}]"
            ),
        )),
    }
}
