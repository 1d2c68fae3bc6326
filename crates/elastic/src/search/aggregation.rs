//! Aggregations as bodies bring them.

mod bounds;
mod bucket;
mod date_histogram;
mod histogram;
mod metric;
mod range;
mod terms;
mod values;

use super::context::Context;
use crate::json::{Kind, Member};
use crate::reading::{Fault, Read, illegal, not_served, parsing};
use crate::suggest::did_you_mean;
use document::{Cause, Failure};
use query::{Aggregation, AggregationKind, BucketKey};

/// Aggregations that are served.
const SERVED: [&str; 19] = [
    "avg",
    "cardinality",
    "date_histogram",
    "date_range",
    "extended_stats",
    "filter",
    "filters",
    "global",
    "histogram",
    "max",
    "min",
    "missing",
    "nested",
    "range",
    "reverse_nested",
    "stats",
    "sum",
    "terms",
    "value_count",
];

/// Aggregations that Elasticsearch has and that are not served yet.
const LATER: [&str; 46] = [
    "adjacency_matrix",
    "auto_date_histogram",
    "avg_bucket",
    "boxplot",
    "bucket_count_ks_test",
    "bucket_script",
    "bucket_selector",
    "bucket_sort",
    "categorize_text",
    "change_point",
    "composite",
    "cumulative_cardinality",
    "cumulative_sum",
    "derivative",
    "diversified_sampler",
    "extended_stats_bucket",
    "frequent_item_sets",
    "geo_bounds",
    "geo_centroid",
    "geo_distance",
    "geohash_grid",
    "geotile_grid",
    "ip_prefix",
    "ip_range",
    "matrix_stats",
    "max_bucket",
    "median_absolute_deviation",
    "min_bucket",
    "moving_fn",
    "multi_terms",
    "normalize",
    "percentile_ranks",
    "percentiles",
    "percentiles_bucket",
    "random_sampler",
    "rare_terms",
    "rate",
    "sampler",
    "scripted_metric",
    "serial_diff",
    "significant_terms",
    "significant_text",
    "stats_bucket",
    "string_stats",
    "sum_bucket",
    "top_hits",
];

/// Sorts buckets by their keys where clients of 7 say so in a word of their own, `_term` or `_time`.
pub(super) fn order_as_seven(aggregations: &mut [(String, Aggregation)]) {
    for (_, aggregation) in aggregations {
        let order = match &mut aggregation.kind {
            AggregationKind::Terms(terms) => &mut terms.order,
            AggregationKind::Histogram(histogram) => &mut histogram.order,
            AggregationKind::DateHistogram(histogram) => &mut histogram.order,
            _ => &mut Vec::new(),
        };
        for order in order {
            let BucketKey::Metric { path, value } = &order.key else {
                continue;
            };
            let is_old = matches!(path.as_slice(), [name] if name == "_term" || name == "_time");
            if is_old && value.is_empty() {
                order.key = BucketKey::Key;
            }
        }
        order_as_seven(&mut aggregation.aggregations);
    }
}

/// Reads aggregations by name.
pub(super) fn aggregations(
    context: &Context<'_>,
    members: &[Member<'_>],
) -> Read<Vec<(String, Aggregation)>> {
    members
        .iter()
        .map(|member| {
            if member.name.is_empty() || member.name.contains(['[', ']', '>']) {
                return Err(parsing(
                    member.at,
                    format!(
                        "Invalid aggregation name [{}]. Aggregation names can contain any character except '[', ']', and '>'",
                        member.name
                    ),
                ));
            }
            Ok((member.name.to_string(), aggregation(context, member)?))
        })
        .collect()
}

fn aggregation(context: &Context<'_>, definition: &Member<'_>) -> Read<Aggregation> {
    let name = definition.name.as_ref();
    let node = &definition.value;
    let Some(members) = node.members() else {
        return Err(parsing(
            node.at,
            format!(
                "Aggregation definition for [{name} starts with a [{}], expected a [START_OBJECT].",
                node.token()
            ),
        ));
    };
    let mut kind: Option<(&str, AggregationKind)> = None;
    let mut inner: Option<Vec<(String, Aggregation)>> = None;
    let mut meta = None;
    for member in members {
        let value = &member.value;
        let Kind::Object(inner_members) = &value.kind else {
            return Err(parsing(
                value.at,
                format!(
                    "Expected [START_OBJECT] under [{}], but got a [{}] in [{name}]",
                    member.name,
                    value.token()
                ),
            ));
        };
        match (member.name.as_ref(), &kind) {
            ("meta", _) => meta = Some(value.to_value().into()),
            ("aggs" | "aggregations", _) if inner.is_some() => {
                return Err(parsing(
                    value.at,
                    format!("Found two sub aggregation definitions under [{name}]"),
                ));
            }
            ("aggs" | "aggregations", _) => {
                let read = || aggregations(context, inner_members);
                inner = Some(context.deeper_aggregations(value, read)?);
            }
            (second, Some((first, _))) => {
                return Err(parsing(
                    value.at,
                    format!(
                        "Found two aggregation type definitions in [{name}]: [{first}] and [{second}]"
                    ),
                ));
            }
            (type_name, None) => kind = Some((type_name, read_kind(context, name, member)?)),
        }
    }
    let Some((type_name, kind)) = kind else {
        return Err(parsing(
            node.end,
            format!("Missing definition for aggregation [{name}]"),
        ));
    };
    let inner = inner.unwrap_or_default();
    if matches!(kind, AggregationKind::Metric { .. }) && !inner.is_empty() {
        return Err(illegal(
            node.end,
            format!("Aggregator [{name}] of type [{type_name}] cannot accept sub-aggregations"),
        ));
    }
    Ok(Aggregation {
        kind,
        aggregations: inner,
        meta,
    })
}

fn read_kind(context: &Context<'_>, name: &str, member: &Member<'_>) -> Read<AggregationKind> {
    let node = &member.value;
    match member.name.as_ref() {
        "terms" => terms::terms(context, name, node),
        "histogram" => histogram::histogram(context, name, node),
        "date_histogram" => date_histogram::date_histogram(context, name, node),
        kind @ ("range" | "date_range") => range::ranges(context, name, kind, node),
        "global" => bucket::global(name, node),
        "filter" => bucket::filter(context, node),
        "filters" => bucket::filters(context, name, node),
        "missing" => bucket::missing(context, node),
        "nested" => bucket::nested(name, node),
        "reverse_nested" => bucket::reverse_nested(name, node),
        kind if metric::is_metric(kind) => metric::metric(context, name, kind, node),
        kind if LATER.contains(&kind) => {
            Err(not_served(node.at, &format!("aggregation type [{kind}]")))
        }
        kind => {
            let (line, column) = node.at;
            let suggestion = did_you_mean(kind, SERVED.iter().chain(&LATER).copied());
            let fault = parsing(
                node.at,
                format!("Unknown aggregation type [{kind}]{suggestion}"),
            );
            let cause = Failure::new(
                Cause::NamedObjectNotFound,
                format!("[{line}:{column}] unknown field [{kind}]"),
            );
            Err(Fault {
                failure: fault.failure.caused_by(cause),
                ..fault
            })
        }
    }
}
