//! What buckets are sorted by.

use super::buckets::Candidate;
use super::node::{Node, Shape};
use crate::error::{EngineError, Result};
use document::{Cause, Failure, Phase};
use query::{BucketKey, BucketOrder};
use std::cmp::Ordering;

/// What buckets are sorted by, first to last; the key decides at last.
pub(super) struct Order {
    by: Vec<(By, bool)>,
    /// Why buckets cannot be sorted so, where that is told only when there are some to sort.
    refusal: Option<Failure>,
}

enum By {
    Count,
    Key,
    /// A number of the aggregation that lies at the end of a path of places in [`Node::inside`].
    Number {
        path: Vec<usize>,
        name: String,
    },
}

const ENDS: &str = "Buckets can only be sorted on a sub-aggregator path that is built out of zero or more single-bucket \
                    aggregations within the path and a final single-bucket or a metrics aggregation at the path end.";

impl Order {
    /// Finds what is named among the aggregations inside.
    ///
    /// # Errors
    /// In Elasticsearch's words, when there is no such aggregation or buckets cannot be sorted by it.
    pub(super) fn new(order: &[BucketOrder], inside: &[Node]) -> Result<Self> {
        let mut by = Vec::with_capacity(order.len() + 1);
        for order in order {
            let key = match &order.key {
                BucketKey::Count => By::Count,
                BucketKey::Key => By::Key,
                BucketKey::Metric { path, value } => find(path, value, inside)?,
            };
            by.push((key, order.descending));
        }
        if !by.iter().any(|(by, _)| matches!(by, By::Key)) {
            by.push((By::Key, false));
        }
        Ok(Self { by, refusal: None })
    }

    /// Finds what is named among the aggregations inside, as [`Order::new`] does, but tells that there is no such thing
    /// only when [`Order::check`] asks, in the words of Elasticsearch's node that merges what its shards answer.
    pub(super) fn late(order: &[BucketOrder], inside: &[Node]) -> Self {
        Self::new(order, inside).unwrap_or_else(|_| {
            let mut metrics = order.iter().filter_map(|order| match &order.key {
                BucketKey::Metric { path, value } => late_refusal(path, value, inside),
                BucketKey::Count | BucketKey::Key => None,
            });
            Self {
                by: vec![(By::Key, false)],
                refusal: metrics.next(),
            }
        })
    }

    /// Makes sure that buckets can be sorted so.
    ///
    /// # Errors
    /// When they cannot, in Elasticsearch's words.
    pub(super) fn check(&self) -> Result<()> {
        match &self.refusal {
            None => Ok(()),
            Some(failure) => Err(failure.clone().into()),
        }
    }

    /// Whether keys alone decide.
    pub(super) fn is_by_key(&self) -> bool {
        matches!(self.by.first(), Some((By::Key, _)))
    }

    /// Whether those with the most documents come first.
    pub(super) fn is_most_first(&self) -> bool {
        matches!(self.by.first(), Some((By::Count, true)))
    }

    /// Sorts buckets, and keeps the first ones.
    ///
    /// What is no number (the mean of nothing) is the greatest, as in Elasticsearch's answers; but when there are too
    /// many buckets it goes first, as Elasticsearch's shards have it.
    pub(super) fn sort(
        &self,
        candidates: &mut Vec<Candidate>,
        inside: &[Node],
        limit: usize,
        compare_keys: impl Fn(u64, u64) -> Ordering,
    ) {
        let numbers: Vec<Vec<f64>> = self
            .by
            .iter()
            .map(|(by, _)| match by {
                By::Number { path, name } => {
                    let number =
                        |candidate: &Candidate| number(inside, path, name, candidate.number);
                    candidates.iter().map(number).collect()
                }
                By::Count | By::Key => Vec::new(),
            })
            .collect();
        let compare = |left: &u32, right: &u32, choosing: bool| {
            let (a, b) = (candidates[*left as usize], candidates[*right as usize]);
            for ((by, descending), numbers) in self.by.iter().zip(&numbers) {
                let ordering = match by {
                    By::Count => a.documents.cmp(&b.documents),
                    By::Key => compare_keys(a.key, b.key),
                    By::Number { .. } => {
                        let (a, b) = (numbers[*left as usize], numbers[*right as usize]);
                        if choosing && a.is_nan() != b.is_nan() {
                            return a.is_nan().cmp(&b.is_nan());
                        }
                        compare_numbers(a, b)
                    }
                };
                let ordering = match descending {
                    true => ordering.reverse(),
                    false => ordering,
                };
                if ordering != Ordering::Equal {
                    return ordering;
                }
            }
            Ordering::Equal
        };
        let mut places: Vec<u32> = (0..candidates.len() as u32).collect();
        if limit < places.len() && limit > 0 {
            places.select_nth_unstable_by(limit, |left, right| compare(left, right, true));
        }
        places.truncate(limit);
        places.sort_unstable_by(|left, right| compare(left, right, false));
        *candidates = places
            .into_iter()
            .map(|place| candidates[place as usize])
            .collect();
    }
}

/// Compares numbers as Java does: what is no number is the greatest, and 0 is greater than -0.
fn compare_numbers(left: f64, right: f64) -> Ordering {
    match (left.is_nan(), right.is_nan()) {
        (false, false) => left.total_cmp(&right),
        (left, right) => left.cmp(&right),
    }
}

fn number(inside: &[Node], path: &[usize], name: &str, bucket: u32) -> f64 {
    let mut nodes = inside;
    for (at, step) in path.iter().enumerate() {
        let node = &nodes[*step];
        if at + 1 == path.len() {
            return node.collect.number(bucket, name);
        }
        // What has a single bucket numbers it as the bucket around it.
        nodes = &node.inside;
    }
    f64::NAN
}

/// The path to a number as requests write it.
fn whole_path(path: &[String], value: &str) -> String {
    match value {
        "" => path.join(">"),
        value => format!("{}.{value}", path.join(">")),
    }
}

/// Says why there is no such number to sort by; none where there is.
fn late_refusal(path: &[String], value: &str, inside: &[Node]) -> Option<Failure> {
    let found = find(path, value, inside).err()?;
    let mut nodes = inside;
    let mut last: Option<&Node> = None;
    let mut missing = None;
    for name in path {
        match nodes.iter().find(|node| node.name == *name) {
            Some(node) => (last, nodes) = (Some(node), &node.inside),
            None => {
                missing = Some(name);
                break;
            }
        }
    }
    let reason = match (missing, last) {
        (Some(name), _) => format!("Cannot find aggregation named [{name}]"),
        (None, None) => return Some(found.into_failure()),
        (None, Some(node)) => {
            let name = &node.name;
            match node.collect.shape() {
                Shape::Value => format!(
                    "Unknown value key [{value}] for single-value metric aggregation [{name}]. Either use [value] as \
                     key or drop the key all together"
                ),
                Shape::Stats { .. } if value.is_empty() => {
                    "Missing value key in [null] which refers to a multi-value metric aggregation"
                        .to_owned()
                }
                Shape::Stats { .. } => return Some(found.into_failure()),
                Shape::Buckets | Shape::Single => {
                    format!(
                        "Can't sort a [{}] aggregation [{name}]",
                        node.collect.type_name()
                    )
                }
            }
        }
    };
    let path = whole_path(path, value);
    let whole = format!("Invalid aggregation order path [{path}]. {reason}");
    let failure = Failure::illegal_argument(whole).caused_by(Failure::illegal_argument(reason));
    Some(failure.in_phase(Phase::Merge))
}

fn find(path: &[String], value: &str, inside: &[Node]) -> Result<By> {
    let whole = whole_path(path, value);
    let refuse = |reason: String| -> EngineError {
        let path = format!("Invalid aggregation order path [{whole}]. {reason}");
        Failure::new(Cause::AggregationPath, path)
            .caused_by(Failure::illegal_argument(reason))
            .into()
    };
    let mut places = Vec::with_capacity(path.len());
    let mut nodes = inside;
    for (at, name) in path.iter().enumerate() {
        let Some(place) = nodes.iter().position(|node| node.name == *name) else {
            return Err(refuse(format!(
                "The provided aggregation [{name}] either does not exist, or is a pipeline aggregation and cannot be \
                 used to sort the buckets."
            )));
        };
        let node = &nodes[place];
        places.push(place);
        if at + 1 < path.len() {
            if node.collect.shape() != Shape::Single {
                return Err(refuse(format!("{ENDS} [{name}] is not single-bucket.")));
            }
            nodes = &node.inside;
            continue;
        }
        match node.collect.shape() {
            Shape::Buckets => return Err(refuse(ENDS.to_owned())),
            Shape::Single if !matches!(value, "" | "doc_count") => {
                return Err(refuse(ENDS.to_owned()));
            }
            Shape::Value if !matches!(value, "" | "value") => {
                return Err(refuse(format!(
                    "Ordering on a single-value metrics aggregation can only be done on its value. Either drop the key \
                     (a la \"{name}\") or change it to \"value\" (a la \"{name}.value\")"
                )));
            }
            Shape::Stats { extended } => check_name(name, value, extended, refuse)?,
            Shape::Single | Shape::Value => {}
        }
    }
    Ok(By::Number {
        path: places,
        name: value.to_owned(),
    })
}

fn check_name(
    name: &str,
    value: &str,
    extended: bool,
    refuse: impl Fn(String) -> EngineError,
) -> Result<()> {
    const PLAIN: [&str; 5] = ["count", "min", "max", "avg", "sum"];
    const EXTENDED: [&str; 9] = [
        "sum_of_squares",
        "variance",
        "variance_population",
        "variance_sampling",
        "std_deviation",
        "std_deviation_population",
        "std_deviation_sampling",
        "std_upper",
        "std_lower",
    ];
    match value {
        "" => Err(refuse(
            "When ordering on a multi-value metrics aggregation a metric name must be specified."
                .to_owned(),
        )),
        value if PLAIN.contains(&value) || (extended && EXTENDED.contains(&value)) => Ok(()),
        "std_upper_population"
        | "std_lower_population"
        | "std_upper_sampling"
        | "std_lower_sampling"
            if extended =>
        {
            let reason = format!("Unknown value [{value}] in common stats aggregation");
            Err(Failure::illegal_argument(reason).into())
        }
        value => Err(refuse(format!(
            "Unknown metric name [{value}] on multi-value metrics aggregation [{name}]"
        ))),
    }
}
