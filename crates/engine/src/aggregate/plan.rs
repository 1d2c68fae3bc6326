//! From the trees of `query` to the tree that counts.

use super::cardinality::Cardinality;
use super::columns::Pairs;
use super::date_histogram::Times;
use super::field::{Accepts, Field, Wanted};
use super::filters::{Everything, FilterBuckets, Filtered, Missing};
use super::histogram::Intervals;
use super::metric::{self, Numbers, ValueCount};
use super::nested::{Nested, ReverseNested};
use super::node::{Collect, Node};
use super::order::Order;
use super::ranges::RangeBuckets;
use super::single::Single;
use super::terms::TermsBuckets;
use crate::error::{EngineError, Result};
use crate::snapshot::Snapshot;
use document::Failure;
use query::{Aggregation, AggregationKind, Metric, Values};

/// How deep aggregations may lie in each other.
const MAX_DEPTH: usize = 50;

/// The most aggregations of a request.
const MAX_NODES: usize = 10_000;

/// Makes trees for some indices.
pub(super) struct Planner<'a> {
    snapshots: &'a [&'a Snapshot],
    /// Whether every document matches.
    everything: bool,
    nodes: usize,
}

/// What aggregations look at.
#[derive(Clone, Copy)]
struct Scope<'a> {
    /// The path of nested objects; none = documents themselves.
    nested: Option<&'a str>,
    depth: usize,
}

impl<'a> Planner<'a> {
    pub(super) fn new(snapshots: &'a [&'a Snapshot], everything: bool) -> Self {
        Self {
            snapshots,
            everything,
            nodes: 0,
        }
    }

    /// Makes the tree of aggregations over documents.
    ///
    /// # Errors
    /// When one does not fit the fields of an index, or there are too many.
    pub(super) fn plan(&mut self, aggregations: &[(String, Aggregation)]) -> Result<Vec<Node>> {
        self.nodes(
            aggregations,
            Scope {
                nested: None,
                depth: 1,
            },
        )
    }

    fn nodes(
        &mut self,
        aggregations: &[(String, Aggregation)],
        scope: Scope<'_>,
    ) -> Result<Vec<Node>> {
        if aggregations.is_empty() {
            return Ok(Vec::new());
        }
        self.nodes += aggregations.len();
        if scope.depth > MAX_DEPTH || self.nodes > MAX_NODES {
            let reason = format!(
                "a request has at most {MAX_NODES} aggregations, nested at most {MAX_DEPTH} deep"
            );
            return Err(Failure::illegal_argument(reason).into());
        }
        let node =
            |(name, aggregation): &(String, Aggregation)| self.node(name, aggregation, scope);
        aggregations.iter().map(node).collect()
    }

    fn node(&mut self, name: &str, aggregation: &Aggregation, scope: Scope<'_>) -> Result<Node> {
        let kind = &aggregation.kind;
        let nested = match kind {
            AggregationKind::Nested { path } => Some(path.as_str()),
            AggregationKind::ReverseNested { path } => {
                self.check_reverse(name, path.as_deref(), scope.nested)?;
                path.as_deref()
            }
            AggregationKind::Metric { metric, .. } if !aggregation.aggregations.is_empty() => {
                return Err(Failure::illegal_argument(format!(
                    "Aggregator [{name}] of type [{}] cannot accept sub-aggregations",
                    metric::name(*metric)
                ))
                .into());
            }
            _ => scope.nested,
        };
        let is_global = |(_, inner): &&(String, Aggregation)| inner.kind == AggregationKind::Global;
        if let Some((inner, _)) = aggregation.aggregations.iter().find(is_global) {
            return Err(Failure::illegal_argument(format!(
                "Aggregation [{name}] cannot have a global sub-aggregation [{inner}]. Global aggregations can only be \
                 defined as top level aggregations"
            ))
            .into());
        }
        let below = Scope {
            nested,
            depth: scope.depth + 1,
        };
        let inside = self.nodes(&aggregation.aggregations, below)?;
        Ok(Node {
            name: name.to_owned(),
            meta: aggregation.meta.clone(),
            collect: self.collect(name, kind, scope, &inside)?,
            pairs: Pairs::default(),
            inside,
        })
    }

    fn collect(
        &self,
        name: &str,
        kind: &AggregationKind,
        scope: Scope<'_>,
        inside: &[Node],
    ) -> Result<Box<dyn Collect>> {
        let look = |values: &Values, kind: &'static str, accepts: Accepts| {
            let wanted = Wanted {
                values,
                aggregation: (name, kind),
                accepts,
                dates: false,
                time_zone: None,
                now_ms: 0,
            };
            Field::new(&wanted, self.snapshots)
        };
        Ok(match kind {
            AggregationKind::Terms(terms) => {
                let field = look(&terms.values, "terms", Accepts::Keys)?;
                // Over all documents, Elasticsearch counts texts without looking at what they are sorted by.
                let is_late = self.everything && scope.depth == 1 && field.is_text();
                let order = match is_late {
                    true => Order::late(&terms.order, inside),
                    false => Order::new(&terms.order, inside)?,
                };
                Box::new(TermsBuckets::new(name, terms, field, order)?)
            }
            AggregationKind::Histogram(histogram) => {
                let field = look(&histogram.values, "histogram", Accepts::Numbers)?;
                Box::new(Intervals::new(histogram, field, inside)?)
            }
            AggregationKind::DateHistogram(histogram) => {
                let wanted = Wanted {
                    values: &histogram.values,
                    aggregation: (name, "date_histogram"),
                    accepts: Accepts::Numbers,
                    dates: true,
                    time_zone: histogram.time_zone.as_deref(),
                    now_ms: histogram.now_ms,
                };
                let field = Field::new(&wanted, self.snapshots)?;
                Box::new(Times::new(name, histogram, field, inside)?)
            }
            AggregationKind::Range(ranges) | AggregationKind::DateRange(ranges) => {
                let dates = matches!(kind, AggregationKind::DateRange(_));
                let type_name = if dates { "date_range" } else { "range" };
                let wanted = Wanted {
                    values: &ranges.values,
                    aggregation: (name, type_name),
                    accepts: Accepts::Numbers,
                    dates,
                    time_zone: ranges.time_zone.as_deref(),
                    now_ms: ranges.now_ms,
                };
                let field = Field::new(&wanted, self.snapshots)?;
                Box::new(RangeBuckets::new(name, ranges, field, type_name)?)
            }
            AggregationKind::Global => Box::new(Single::new(Everything)),
            AggregationKind::Filter(query) => {
                Box::new(Single::new(Filtered::new(query.clone(), scope.nested)))
            }
            AggregationKind::Filters(filters) => {
                Box::new(FilterBuckets::new(filters, scope.nested))
            }
            AggregationKind::Missing { field, missing } => {
                let values = Values {
                    field: field.clone(),
                    missing: missing.clone(),
                    format: None,
                    value_type: None,
                };
                let field = look(&values, "missing", Accepts::Anything)?;
                Box::new(Single::new(Missing::new(field)))
            }
            AggregationKind::Nested { path } => {
                Box::new(Single::new(Nested::new(scope.nested, path)))
            }
            AggregationKind::ReverseNested { path } => {
                Box::new(Single::new(ReverseNested::new(path.as_deref())))
            }
            AggregationKind::Metric { metric, values } => match metric {
                Metric::ValueCount => Box::new(ValueCount::new(look(
                    values,
                    metric::name(*metric),
                    Accepts::Anything,
                )?)),
                Metric::Cardinality { .. } => Box::new(Cardinality::new(look(
                    values,
                    metric::name(*metric),
                    Accepts::Keys,
                )?)?),
                _ => {
                    let field = look(values, metric::name(*metric), Accepts::Numbers)?;
                    Box::new(Numbers::new(field, *metric)?)
                }
            },
        })
    }

    /// Makes sure that there is a way back from nested objects to a path.
    fn check_reverse(&self, name: &str, path: Option<&str>, scope: Option<&str>) -> Result<()> {
        let refuse = |reason: String| -> Result<()> {
            Err(EngineError::from(Failure::illegal_argument(reason)))
        };
        let Some(scope) = scope else {
            return refuse(format!(
                "Reverse nested aggregation [{name}] can only be used inside a [nested] aggregation"
            ));
        };
        let Some(path) = path else {
            return Ok(());
        };
        let is_nested = self.snapshots.iter().any(|snapshot| {
            snapshot
                .mapping
                .object(path)
                .is_some_and(|object| object.nested)
        });
        let is_around = scope
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        match is_nested && is_around {
            true => Ok(()),
            false => refuse(format!(
                "Reverse nested path [{path}] is not a parent of the current nested scope [{scope}]"
            )),
        }
    }
}
