//! Answers as Elasticsearch writes them, with the names of their types.

use query::{AggregationAnswer, AggregationResult, Bounds, Bucket, Key, Stats};
use serde_json::{Map, Value, json};

pub(super) fn rendered(answers: &[(String, AggregationAnswer)]) -> Value {
    Value::Object(members(answers))
}

fn members(answers: &[(String, AggregationAnswer)]) -> Map<String, Value> {
    let one = |(name, answer): &(String, AggregationAnswer)| {
        let mut body = result(&answer.result);
        if let Some(meta) = &answer.meta {
            body["meta"] = meta.0.clone();
        }
        (format!("{}#{name}", answer.type_name), body)
    };
    answers.iter().map(one).collect()
}

fn result(result: &AggregationResult) -> Value {
    match result {
        AggregationResult::Single {
            documents,
            aggregations,
        } => {
            let mut body = members(aggregations);
            body.insert("doc_count".to_owned(), json!(documents));
            Value::Object(body)
        }
        AggregationResult::Value { value, text } => {
            let mut body = json!({"value": value});
            if let Some(text) = text {
                body["value_as_string"] = json!(text);
            }
            body
        }
        AggregationResult::Count(count) => json!({"value": count}),
        AggregationResult::Stats {
            stats,
            sigma,
            texts,
        } => statistics(stats, *sigma, texts),
        AggregationResult::Buckets {
            buckets,
            keyed,
            others,
        } => {
            let mut body = match keyed {
                true => json!({"buckets": buckets.iter().map(named).collect::<Map<_, _>>()}),
                false => json!({"buckets": buckets.iter().map(bucket).collect::<Vec<_>>()}),
            };
            if let Some(others) = others {
                body["sum_other_doc_count"] = json!(others.documents);
                body["doc_count_error_upper_bound"] = json!(others.error);
            }
            body
        }
    }
}

fn bucket(bucket: &Bucket) -> Value {
    let mut body = members(&bucket.aggregations);
    body.insert("doc_count".to_owned(), json!(bucket.documents));
    let key = match &bucket.key {
        Key::Text(text) => json!(text),
        Key::Long(number) => json!(number),
        Key::UnsignedLong(number) => json!(number),
        Key::Double(number) => json!(number),
        Key::None => Value::Null,
    };
    if !key.is_null() {
        body.insert("key".to_owned(), key);
    }
    if let Some(text) = &bucket.text {
        body.insert("key_as_string".to_owned(), json!(text));
    }
    if let Some(Bounds {
        from,
        to,
        from_text,
        to_text,
    }) = &bucket.bounds
    {
        for (name, bound) in [("from", from), ("to", to)] {
            if let Some(bound) = bound {
                body.insert(name.to_owned(), number(*bound));
            }
        }
        for (name, text) in [("from_as_string", from_text), ("to_as_string", to_text)] {
            if let Some(text) = text {
                body.insert(name.to_owned(), json!(text));
            }
        }
    }
    Value::Object(body)
}

fn named(one: &Bucket) -> (String, Value) {
    let mut body = bucket(one);
    let name = match (&one.text, &one.key) {
        (Some(text), _) => text.clone(),
        (None, Key::Double(number)) => crate::aggregate::decimal::java_double(*number),
        (None, Key::Text(text)) => {
            body.as_object_mut().unwrap().remove("key");
            text.clone()
        }
        (None, key) => panic!("{key:?} names no bucket"),
    };
    (name, body)
}

fn number(number: f64) -> Value {
    if number.is_nan() {
        json!("NaN")
    } else {
        json!(number)
    }
}

fn statistics(stats: &Stats, sigma: Option<f64>, texts: &[(String, String)]) -> Value {
    let some = stats.count > 0;
    let own = |value: f64| if some { number(value) } else { Value::Null };
    let count = stats.count as f64;
    let mut body = json!({
        "count": stats.count,
        "min": own(stats.min),
        "max": own(stats.max),
        "avg": own(stats.sum / count),
        "sum": stats.sum,
    });
    if let Some(sigma) = sigma {
        let squares = stats.sum_of_squares - stats.sum * stats.sum / count;
        let (population, sampling) = (squares / count, squares / (count - 1.0));
        let (mean, wide, wide_sampling) = (
            stats.sum / count,
            population.sqrt() * sigma,
            sampling.sqrt() * sigma,
        );
        body["sum_of_squares"] = own(stats.sum_of_squares);
        body["variance"] = own(population);
        body["variance_population"] = own(population);
        body["variance_sampling"] = own(sampling);
        body["std_deviation"] = own(population.sqrt());
        body["std_deviation_population"] = own(population.sqrt());
        body["std_deviation_sampling"] = own(sampling.sqrt());
        body["std_deviation_bounds"] = json!({
            "upper": own(mean + wide), "lower": own(mean - wide),
            "upper_population": own(mean + wide), "lower_population": own(mean - wide),
            "upper_sampling": own(mean + wide_sampling), "lower_sampling": own(mean - wide_sampling),
        });
    }
    for (name, text) in texts {
        match name.strip_prefix("std_deviation_bounds.") {
            Some(bound) => body["std_deviation_bounds_as_string"][bound] = json!(text),
            None => body[format!("{name}_as_string")] = json!(text),
        }
    }
    body
}
