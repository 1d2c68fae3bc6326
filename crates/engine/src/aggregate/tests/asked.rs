//! Aggregations as clients write them.

use query::{
    Aggregation, AggregationKind, Bool, Bound, BucketKey, BucketOrder, CalendarUnit, DateHistogram,
    DateReading, Filters, Histogram, Interval, Metric, Query, RangeBucket, Ranges, Terms,
    TermsFilter, TimeBound, Values,
};
use serde_json::{Map, Value};

/// The moment that `now` names: 2024-06-01.
const NOW_MS: i64 = 1_717_200_000_000;

pub(super) fn aggregations(wire: &Value) -> Vec<(String, Aggregation)> {
    let Some(wire) = wire.as_object() else {
        return Vec::new();
    };
    wire.iter()
        .map(|(name, body)| (name.clone(), aggregation(body)))
        .collect()
}

fn aggregation(body: &Value) -> Aggregation {
    let body = body.as_object().unwrap();
    let (name, options) = body
        .iter()
        .find(|(name, _)| !matches!(name.as_str(), "aggs" | "meta"))
        .unwrap();
    Aggregation {
        kind: kind(name, options),
        aggregations: body.get("aggs").map(aggregations).unwrap_or_default(),
        meta: body.get("meta").cloned().map(Into::into),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    }
}

fn values(options: &Value) -> Values {
    Values {
        field: options["field"].as_str().unwrap_or_default().to_owned(),
        missing: text(&options["missing"]),
        format: text(&options["format"]),
        value_type: None,
    }
}

fn kind(name: &str, options: &Value) -> AggregationKind {
    let min_doc_count = |default| options["min_doc_count"].as_u64().unwrap_or(default);
    let keyed = options["keyed"] == true;
    let time_zone = text(&options["time_zone"]);
    let metric = |metric| AggregationKind::Metric {
        metric,
        values: values(options),
    };
    match name {
        "terms" => AggregationKind::Terms(Terms {
            values: values(options),
            size: options["size"].as_u64().unwrap_or(10) as usize,
            shard_size: None,
            min_doc_count: min_doc_count(1),
            shard_min_doc_count: 0,
            show_error: false,
            order: order(&options["order"], BucketKey::Count, true),
            include: filter(&options["include"]),
            exclude: filter(&options["exclude"]),
        }),
        "histogram" => AggregationKind::Histogram(Histogram {
            values: values(options),
            interval: options["interval"].as_f64().unwrap(),
            offset: options["offset"].as_f64().unwrap_or(0.0),
            min_doc_count: min_doc_count(0),
            order: order(&options["order"], BucketKey::Key, false),
            extended_bounds: numbers(&options["extended_bounds"]),
            hard_bounds: numbers(&options["hard_bounds"]),
            keyed,
        }),
        "date_histogram" => AggregationKind::DateHistogram(DateHistogram {
            values: values(options),
            interval: interval(options),
            offset_ms: options["offset"].as_str().map_or(0, span_ms),
            time_zone,
            min_doc_count: min_doc_count(0),
            order: order(&options["order"], BucketKey::Key, false),
            extended_bounds: dates(&options["extended_bounds"]),
            hard_bounds: dates(&options["hard_bounds"]),
            keyed,
            now_ms: NOW_MS,
        }),
        "range" | "date_range" => {
            let range = |range: &Value| RangeBucket {
                key: text(&range["key"]),
                from: text(&range["from"]),
                to: text(&range["to"]),
            };
            let ranges = Ranges {
                values: values(options),
                ranges: options["ranges"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(range)
                    .collect(),
                keyed,
                time_zone,
                now_ms: NOW_MS,
            };
            match name {
                "range" => AggregationKind::Range(ranges),
                _ => AggregationKind::DateRange(ranges),
            }
        }
        "filter" => AggregationKind::Filter(query(options)),
        "filters" => AggregationKind::Filters(filters(options)),
        "missing" => AggregationKind::Missing {
            field: options["field"].as_str().unwrap().to_owned(),
            missing: None,
        },
        "nested" => AggregationKind::Nested {
            path: options["path"].as_str().unwrap().to_owned(),
        },
        "reverse_nested" => AggregationKind::ReverseNested {
            path: text(&options["path"]),
        },
        "min" => metric(Metric::Min),
        "max" => metric(Metric::Max),
        "avg" => metric(Metric::Avg),
        "sum" => metric(Metric::Sum),
        "value_count" => metric(Metric::ValueCount),
        "stats" => metric(Metric::Stats),
        "extended_stats" => metric(Metric::ExtendedStats {
            sigma: options["sigma"].as_f64().unwrap_or(2.0),
        }),
        "cardinality" => metric(Metric::Cardinality {
            precision_threshold: 3000,
        }),
        other => panic!("aggregation {other}"),
    }
}

fn order(order: &Value, default: BucketKey, descending: bool) -> Vec<BucketOrder> {
    let one = |order: &Map<String, Value>| {
        let (key, direction) = order.iter().next().unwrap();
        BucketOrder {
            key: match key.as_str() {
                "_count" => BucketKey::Count,
                "_key" => BucketKey::Key,
                path => {
                    let mut path: Vec<String> = path.split('>').map(str::to_owned).collect();
                    let last = path.pop().unwrap();
                    let (name, value) = last.split_once('.').unwrap_or((&last, ""));
                    path.push(name.to_owned());
                    BucketKey::Metric {
                        path,
                        value: value.to_owned(),
                    }
                }
            },
            descending: direction == "desc",
        }
    };
    match order {
        Value::Null => vec![BucketOrder {
            key: default,
            descending,
        }],
        Value::Array(orders) => orders
            .iter()
            .map(|order| one(order.as_object().unwrap()))
            .collect(),
        order => vec![one(order.as_object().unwrap())],
    }
}

fn filter(filter: &Value) -> Option<TermsFilter> {
    match filter {
        Value::Null => None,
        Value::String(pattern) => Some(TermsFilter::Pattern(pattern.clone())),
        Value::Array(values) => Some(TermsFilter::Values(
            values.iter().filter_map(text).collect(),
        )),
        part => Some(TermsFilter::Partition {
            partition: part["partition"].as_u64().unwrap() as u32,
            partitions: part["num_partitions"].as_u64().unwrap() as u32,
        }),
    }
}

fn numbers(bounds: &Value) -> Option<(Option<f64>, Option<f64>)> {
    bounds
        .as_object()
        .map(|_| (bounds["min"].as_f64(), bounds["max"].as_f64()))
}

fn dates(bounds: &Value) -> Option<(Option<TimeBound>, Option<TimeBound>)> {
    let time = |bound: &Value| match bound.as_i64() {
        Some(ms) => Some(TimeBound::Ms(ms)),
        None => text(bound).map(TimeBound::Text),
    };
    bounds
        .as_object()
        .map(|_| (time(&bounds["min"]), time(&bounds["max"])))
}

fn interval(options: &Value) -> Interval {
    if let Some(fixed) = options["fixed_interval"].as_str() {
        return Interval::Fixed(span_ms(fixed));
    }
    Interval::Calendar(match options["calendar_interval"].as_str().unwrap() {
        "second" => CalendarUnit::Second,
        "minute" => CalendarUnit::Minute,
        "hour" => CalendarUnit::Hour,
        "day" => CalendarUnit::Day,
        "week" => CalendarUnit::Week,
        "month" => CalendarUnit::Month,
        "quarter" => CalendarUnit::Quarter,
        "year" => CalendarUnit::Year,
        other => panic!("interval {other}"),
    })
}

fn span_ms(span: &str) -> i64 {
    let digits = span.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = match &span[digits.len()..] {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        other => panic!("unit {other}"),
    };
    digits.parse::<i64>().unwrap() * unit
}

fn filters(options: &Value) -> Filters {
    let wire = &options["filters"];
    let filters: Vec<(String, Query)> = match wire {
        Value::Array(queries) => queries
            .iter()
            .map(|wire| (String::new(), query(wire)))
            .collect(),
        named => named
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, wire)| (name.clone(), query(wire)))
            .collect(),
    };
    let other = text(&options["other_bucket_key"]);
    let other = other.or((options["other_bucket"] == true).then(|| "_other_".to_owned()));
    Filters {
        filters,
        named: wire.is_object() && options["keyed"] != false,
        other,
    }
}

/// The few queries that the recorded requests have.
pub(super) fn query(wire: &Value) -> Query {
    let Some((name, body)) = wire.as_object().and_then(|wire| wire.iter().next()) else {
        return Query::All;
    };
    let field = || body.as_object().unwrap().iter().next().unwrap();
    match name.as_str() {
        "match_all" => Query::All,
        "match_none" => Query::None,
        "term" => Query::Term {
            field: field().0.clone(),
            value: text(field().1).unwrap(),
            case_insensitive: false,
        },
        "range" => {
            let (field, bounds) = field();
            let bound = |including: &str, excluding: &str| match (
                text(&bounds[including]),
                text(&bounds[excluding]),
            ) {
                (Some(bound), _) => Bound::Including(bound),
                (None, Some(bound)) => Bound::Excluding(bound),
                (None, None) => Bound::Open,
            };
            Query::Range {
                field: field.clone(),
                lower: bound("gte", "gt"),
                upper: bound("lte", "lt"),
                dates: DateReading::default(),
            }
        }
        "bool" => Query::Bool(Bool {
            must_not: vec![query(&body["must_not"])],
            ..Bool::default()
        }),
        other => Query::ConstantScore {
            query: Box::new(Query::Ids(vec![other.to_owned()])),
            score: 0.0,
        },
    }
}
