//! Numbers over the values of a field.

use super::super::context::Context;
use super::values::{KNOWN, Said};
use crate::json::{Node, double_text};
use crate::reading::{Read, illegal, in_field, unknown_field};
use query::{AggregationKind, Metric};

/// Up to so many different values are counted exactly where nothing else is said.
const PRECISION_THRESHOLD: u32 = 3000;

/// More than this is not counted exactly, whatever is said.
const MAX_PRECISION_THRESHOLD: u32 = 40_000;

/// Whether a type's name is one of a metric.
pub(super) fn is_metric(kind: &str) -> bool {
    by_name(kind).is_some()
}

fn by_name(kind: &str) -> Option<Metric> {
    Some(match kind {
        "min" => Metric::Min,
        "max" => Metric::Max,
        "avg" => Metric::Avg,
        "sum" => Metric::Sum,
        "value_count" => Metric::ValueCount,
        "stats" => Metric::Stats,
        "extended_stats" => Metric::ExtendedStats { sigma: 2.0 },
        "cardinality" => Metric::Cardinality {
            precision_threshold: PRECISION_THRESHOLD,
        },
        _ => return None,
    })
}

pub(super) fn metric(
    context: &Context<'_>,
    name: &str,
    kind: &str,
    node: &Node<'_>,
) -> Read<AggregationKind> {
    let mut metric = by_name(kind).unwrap_or(Metric::ValueCount);
    let mut said = Said::default();
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        match (member.name.as_ref(), &mut metric) {
            (key @ "sigma", Metric::ExtendedStats { sigma }) => {
                let read = context.reader.double(value).and_then(|sigma| {
                    if sigma >= 0.0 {
                        return Ok(sigma);
                    }
                    Err(illegal(
                        value.at,
                        format!(
                            "[sigma] must be greater than or equal to 0. Found [{}] in [{name}]",
                            double_text(sigma)
                        ),
                    ))
                });
                *sigma = in_field(kind, key, read)?;
            }
            (
                key @ "precision_threshold",
                Metric::Cardinality {
                    precision_threshold,
                },
            ) => {
                let read = context.reader.long(value).and_then(|threshold| {
                    u64::try_from(threshold).map_err(|_| {
                        illegal(
                            value.at,
                            format!("[precisionThreshold] must be greater than or equal to 0. Found [{threshold}] in [{name}]"),
                        )
                    })
                });
                let threshold = in_field(kind, key, read)?;
                *precision_threshold = u32::try_from(threshold)
                    .unwrap_or(MAX_PRECISION_THRESHOLD)
                    .min(MAX_PRECISION_THRESHOLD);
            }
            // A hint how to count, which changes nothing of the count.
            ("execution_hint", Metric::Cardinality { .. }) => {
                context.reader.field_text(kind, member)?;
            }
            _ if said.take(context, kind, member)? => {}
            _ => return Err(unknown_field(kind, member, &KNOWN)),
        }
    }
    let values = said.values(node)?;
    Ok(AggregationKind::Metric { metric, values })
}
