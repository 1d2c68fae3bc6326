//! Answers of aggregations.

use super::double;
use query::{AggregationAnswer, AggregationResult, Bounds, Bucket, Key, Stats};
use serde_json::{Map, Value, json};

pub(super) fn print(
    answers: &[(String, AggregationAnswer)],
    typed_keys: bool,
) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, answer) in answers {
        let name = match typed_keys {
            true => format!("{}#{name}", answer.type_name),
            false => name.clone(),
        };
        let mut body = Map::new();
        if let Some(meta) = &answer.meta {
            body.insert("meta".to_owned(), meta.0.clone());
        }
        result(&answer.result, typed_keys, &mut body);
        out.insert(name, Value::Object(body));
    }
    out
}

fn result(result: &AggregationResult, typed_keys: bool, out: &mut Map<String, Value>) {
    match result {
        AggregationResult::Buckets {
            buckets,
            keyed,
            other_documents,
        } => {
            if let Some(other) = other_documents {
                out.insert("doc_count_error_upper_bound".to_owned(), 0.into());
                out.insert("sum_other_doc_count".to_owned(), (*other).into());
            }
            let printed = if *keyed {
                let named = buckets
                    .iter()
                    .map(|bucket| (name_of(bucket), bucket_members(bucket, typed_keys, true)));
                Value::Object(named.collect())
            } else {
                buckets
                    .iter()
                    .map(|bucket| bucket_members(bucket, typed_keys, false))
                    .collect()
            };
            out.insert("buckets".to_owned(), printed);
        }
        AggregationResult::Single {
            documents,
            aggregations,
        } => {
            out.insert("doc_count".to_owned(), (*documents).into());
            out.extend(print(aggregations, typed_keys));
        }
        AggregationResult::Value { value, text } => {
            out.insert("value".to_owned(), value.map_or(Value::Null, double));
            if let Some(text) = text {
                out.insert("value_as_string".to_owned(), text.as_str().into());
            }
        }
        AggregationResult::Count(count) => {
            out.insert("value".to_owned(), (*count).into());
        }
        AggregationResult::Stats {
            stats,
            sigma,
            texts,
        } => print_stats(stats, *sigma, texts, out),
    }
}

fn name_of(bucket: &Bucket) -> String {
    match (&bucket.text, &bucket.key) {
        (Some(text), _) | (None, Key::Text(text)) => text.clone(),
        (None, Key::Long(number)) => number.to_string(),
        (None, Key::UnsignedLong(number)) => number.to_string(),
        (None, Key::Double(number)) => double(*number).to_string(),
        (None, Key::None) => String::new(),
    }
}

fn bucket_members(bucket: &Bucket, typed_keys: bool, keyed: bool) -> Value {
    let mut out = Map::new();
    let ranged = bucket.bounds.is_some();
    // A keyed range, and a keyed filter, has its key outside of it.
    if !(keyed && (ranged || matches!(bucket.key, Key::Text(_)))) {
        if let (Some(text), false) = (&bucket.text, ranged) {
            out.insert("key_as_string".to_owned(), text.as_str().into());
        }
        match &bucket.key {
            Key::Text(text) => drop(out.insert("key".to_owned(), text.as_str().into())),
            Key::Long(number) => drop(out.insert("key".to_owned(), (*number).into())),
            Key::UnsignedLong(number) => drop(out.insert("key".to_owned(), (*number).into())),
            Key::Double(number) => drop(out.insert("key".to_owned(), double(*number))),
            Key::None => {}
        }
    }
    if let Some(bounds) = &bucket.bounds {
        print_bounds(bounds, &mut out);
    }
    out.insert("doc_count".to_owned(), bucket.documents.into());
    out.extend(print(&bucket.aggregations, typed_keys));
    Value::Object(out)
}

fn print_bounds(bounds: &Bounds, out: &mut Map<String, Value>) {
    for (name, number, text) in [
        ("from", bounds.from, &bounds.from_text),
        ("to", bounds.to, &bounds.to_text),
    ] {
        if let Some(number) = number {
            out.insert(name.to_owned(), double(number));
            if let Some(text) = text {
                out.insert(format!("{name}_as_string"), text.as_str().into());
            }
        }
    }
}

fn print_stats(
    stats: &Stats,
    sigma: Option<f64>,
    texts: &[(String, String)],
    out: &mut Map<String, Value>,
) {
    let Stats {
        count,
        min,
        max,
        sum,
        sum_of_squares,
    } = *stats;
    let some = |number: f64| {
        if count == 0 {
            Value::Null
        } else {
            double(number)
        }
    };
    let number = count as f64;
    let mean = sum / number;
    out.insert("count".to_owned(), count.into());
    out.insert("min".to_owned(), some(min));
    out.insert("max".to_owned(), some(max));
    out.insert("avg".to_owned(), some(mean));
    out.insert("sum".to_owned(), double(sum));
    let mut bounds_texts = Map::new();
    if let Some(sigma) = sigma {
        // Rounding may bring the difference a little below zero.
        let spread = (sum_of_squares - sum * sum / number).max(0.0);
        let population = spread / number;
        let sampling = spread / (number - 1.0);
        let sampling = if count == 1 { f64::NAN } else { sampling };
        out.insert("sum_of_squares".to_owned(), some(sum_of_squares));
        out.insert("variance".to_owned(), some(population));
        out.insert("variance_population".to_owned(), some(population));
        out.insert("variance_sampling".to_owned(), some(sampling));
        out.insert("std_deviation".to_owned(), some(population.sqrt()));
        out.insert(
            "std_deviation_population".to_owned(),
            some(population.sqrt()),
        );
        out.insert("std_deviation_sampling".to_owned(), some(sampling.sqrt()));
        let bound = |deviation: f64| some(mean + deviation * sigma);
        out.insert(
            "std_deviation_bounds".to_owned(),
            json!({
                "upper": bound(population.sqrt()),
                "lower": bound(-population.sqrt()),
                "upper_population": bound(population.sqrt()),
                "lower_population": bound(-population.sqrt()),
                "upper_sampling": bound(sampling.sqrt()),
                "lower_sampling": bound(-sampling.sqrt()),
            }),
        );
    }
    for (name, text) in texts {
        match name.strip_prefix("std_deviation_bounds.") {
            Some(bound) => drop(bounds_texts.insert(bound.to_owned(), text.as_str().into())),
            None => drop(out.insert(format!("{name}_as_string"), text.as_str().into())),
        }
    }
    if !bounds_texts.is_empty() {
        out.insert(
            "std_deviation_bounds_as_string".to_owned(),
            Value::Object(bounds_texts),
        );
    }
}
