//! What aggregations computed.

use crate::json::{JsonWriter, double_text};
use query::{AggregationAnswer, AggregationResult, Bounds, Bucket, Key, Others, Stats};

/// Writes answers by name; with `typed`, names begin with the type.
pub(super) fn aggregations(
    answers: &[(String, AggregationAnswer)],
    typed: bool,
    out: &mut JsonWriter,
) {
    for (name, answer) in answers {
        if typed {
            out.name(&format!("{}#{name}", answer.type_name));
        } else {
            out.name(name);
        }
        out.object(|out| one(answer, typed, out));
    }
}

fn one(answer: &AggregationAnswer, typed: bool, out: &mut JsonWriter) {
    if let Some(meta) = &answer.meta {
        out.name("meta").value(&meta.0);
    }
    match &answer.result {
        AggregationResult::Single {
            documents,
            aggregations: inner,
        } => {
            out.name("doc_count").whole(*documents);
            aggregations(inner, typed, out);
        }
        AggregationResult::Value { value, text } => {
            number("value", *value, out);
            if let Some(text) = text {
                out.name("value_as_string").string(text);
            }
        }
        AggregationResult::Count(count) => out.name("value").whole(*count),
        AggregationResult::Stats {
            stats: numbers,
            sigma,
            texts,
        } => stats(*numbers, *sigma, texts, out),
        AggregationResult::Buckets {
            buckets,
            keyed,
            others,
        } => {
            if let Some(others) = others {
                out.name("doc_count_error_upper_bound").whole(others.error);
                out.name("sum_other_doc_count").whole(others.documents);
            }
            let form = BucketForm {
                of_queries: answer.type_name == "filters",
                keyed: *keyed,
                error: others.filter(|others| others.in_buckets),
                typed,
            };
            out.name("buckets");
            if *keyed {
                out.object(|out| {
                    for bucket in buckets {
                        let name = name_of(bucket);
                        out.name(&name);
                        out.object(|out| write_bucket(bucket, form, out));
                    }
                });
            } else {
                out.array(|out| {
                    for bucket in buckets {
                        out.object(|out| write_bucket(bucket, form, out));
                    }
                });
            }
        }
    }
}

/// The name of a bucket that is answered by name.
fn name_of(bucket: &Bucket) -> String {
    match (&bucket.text, &bucket.key) {
        (Some(text), _) => text.clone(),
        (None, Key::Text(text)) => text.clone(),
        (None, Key::Long(key)) => key.to_string(),
        (None, Key::UnsignedLong(key)) => key.to_string(),
        (None, Key::Double(key)) => double_text(*key),
        (None, Key::None) => bucket.bounds.as_ref().map(range_name).unwrap_or_default(),
    }
}

/// The name of a range that was given none.
fn range_name(bounds: &Bounds) -> String {
    let end = |text: &Option<String>, number: Option<f64>| match (text, number) {
        (Some(text), _) => text.clone(),
        (None, Some(number)) => double_text(number),
        (None, None) => "*".to_owned(),
    };
    let from = end(&bounds.from_text, bounds.from);
    let to = end(&bounds.to_text, bounds.to);
    format!("{from}-{to}")
}

/// How the buckets of one aggregation are written.
#[derive(Clone, Copy)]
struct BucketForm {
    /// Whether they are of queries.
    of_queries: bool,
    /// Whether they are answered by name.
    keyed: bool,
    /// How far their counts may be off, where each says so.
    error: Option<Others>,
    /// Whether names begin with the type.
    typed: bool,
}

fn write_bucket(bucket: &Bucket, form: BucketForm, out: &mut JsonWriter) {
    match (&bucket.bounds, &bucket.key) {
        (Some(bounds), _) => {
            if !form.keyed {
                out.name("key").string(&name_of(bucket));
            }
            bound("from", bounds.from, bounds.from_text.as_deref(), out);
            bound("to", bounds.to, bounds.to_text.as_deref(), out);
        }
        (None, Key::None) => {}
        (None, _) if form.of_queries && form.keyed => {}
        (None, key) => {
            out.name("key");
            match key {
                Key::Text(text) => out.string(text),
                Key::Long(number) => out.whole(*number),
                Key::UnsignedLong(number) => out.whole(*number),
                Key::Double(number) => out.double(*number),
                Key::None => out.null(),
            }
            if let Some(text) = &bucket.text {
                out.name("key_as_string").string(text);
            }
        }
    }
    out.name("doc_count").whole(bucket.documents);
    if let Some(others) = form.error {
        out.name("doc_count_error_upper_bound").whole(others.error);
    }
    aggregations(&bucket.aggregations, form.typed, out);
}

fn bound(name: &str, value: Option<f64>, text: Option<&str>, out: &mut JsonWriter) {
    let Some(value) = value else {
        return;
    };
    out.name(name).double(value);
    if let Some(text) = text {
        out.name(&format!("{name}_as_string"));
        format_text(text, out);
    }
}

/// Writes a number's text; those of truth values are no strings here.
fn format_text(text: &str, out: &mut JsonWriter) {
    match text {
        "true" => out.bool(true),
        "false" => out.bool(false),
        text => out.string(text),
    }
}

fn number(name: &str, value: Option<f64>, out: &mut JsonWriter) {
    out.name(name);
    match value {
        Some(value) => out.double(value),
        None => out.null(),
    }
}

fn stats(stats: Stats, sigma: Option<f64>, texts: &[(String, String)], out: &mut JsonWriter) {
    const PLAIN: [&str; 4] = ["min", "max", "avg", "sum"];
    const BOUNDS: &str = "std_deviation_bounds";
    let some = |value: f64| (stats.count > 0).then_some(value);
    let count = stats.count as f64;
    let average = stats.sum / count;
    out.name("count").whole(stats.count);
    number("min", some(stats.min), out);
    number("max", some(stats.max), out);
    number("avg", some(average), out);
    number("sum", Some(stats.sum), out);
    let text = |name: &str| {
        let found = texts.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.as_str())
    };
    let as_string = |name: &str, out: &mut JsonWriter| {
        if let Some(text) = text(name) {
            out.name(&format!("{name}_as_string"));
            // Deviations are strings whatever they are of.
            match name.starts_with("std_") {
                true => out.string(text),
                false => format_text(text, out),
            }
        }
    };
    for name in PLAIN {
        as_string(name, out);
    }
    let Some(sigma) = sigma else {
        return;
    };
    let spread = stats.sum_of_squares - stats.sum * stats.sum / count;
    let population = (spread / count).max(0.0);
    // One value alone says nothing of what it was taken from.
    let sampling = match stats.count {
        1 => f64::NAN,
        _ => (spread / (count - 1.0)).max(0.0),
    };
    let deviations = [
        ("sum_of_squares", stats.sum_of_squares),
        ("variance", population),
        ("variance_population", population),
        ("variance_sampling", sampling),
        ("std_deviation", population.sqrt()),
        ("std_deviation_population", population.sqrt()),
        ("std_deviation_sampling", sampling.sqrt()),
    ];
    for (name, value) in deviations {
        number(name, some(value), out);
    }
    let bounds = [
        ("upper", population.sqrt() * sigma),
        ("lower", -population.sqrt() * sigma),
        ("upper_population", population.sqrt() * sigma),
        ("lower_population", -population.sqrt() * sigma),
        ("upper_sampling", sampling.sqrt() * sigma),
        ("lower_sampling", -sampling.sqrt() * sigma),
    ];
    out.name(BOUNDS).object(|out| {
        for (name, away) in bounds {
            number(name, some(average + away), out);
        }
    });
    for (name, _) in deviations {
        as_string(name, out);
    }
    let bound_texts = bounds.map(|(name, _)| (name, text(&format!("{BOUNDS}.{name}"))));
    if bound_texts.iter().any(|(_, text)| text.is_some()) {
        out.name(&format!("{BOUNDS}_as_string")).object(|out| {
            for (name, text) in bound_texts {
                if let Some(text) = text {
                    out.name(name).string(text);
                }
            }
        });
    }
}
