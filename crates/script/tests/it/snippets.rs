//! Scripts that image services and tutorials send, against numbers that are computed here.

use script::{Context, Value, compile};
use serde_json::{Value as Json, json};

use crate::host::{Document, VECTOR};

fn score(source: &str, params: &Json) -> f64 {
    let bound = compile(source, Context::Score)
        .unwrap()
        .bind(params)
        .unwrap();
    bound.runner().score(&mut Document::new(&bound)).unwrap()
}

fn close(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
}

const QUERY: [f32; 3] = [0.5, -1.0, 2.25];

fn dot() -> f64 {
    let pairs = QUERY.iter().zip(VECTOR);
    pairs
        .map(|(query, value)| f64::from(*query) * f64::from(value))
        .sum()
}

#[test]
fn the_four_distances_of_the_image_retrieval_service_run() {
    let params = json!({"q": QUERY, "queryVector": QUERY});
    let norm = |vector: &[f32]| {
        vector
            .iter()
            .map(|x| f64::from(*x).powi(2))
            .sum::<f64>()
            .sqrt()
    };
    let cosine = dot() / norm(&QUERY) / norm(&VECTOR);
    let differences = || {
        QUERY
            .iter()
            .zip(VECTOR)
            .map(|(q, v)| f64::from(*q) - f64::from(v))
    };
    let manhattan: f64 = differences().map(f64::abs).sum();
    let euclid = differences()
        .map(|difference| difference.powi(2))
        .sum::<f64>()
        .sqrt();
    for field in ["'v'", "doc['v']", "\"v\"", "doc.v"] {
        close(
            score(
                &format!("cosineSimilarity(params.q, {field}) + 1.0"),
                &params,
            ),
            cosine + 1.0,
        );
        close(
            score(
                &format!("1 / (1 + l1norm(params.queryVector, {field}))"),
                &params,
            ),
            1.0 / (1.0 + manhattan),
        );
        close(
            score(
                &format!("1 / (1 + l2norm(params['queryVector'], {field}))"),
                &params,
            ),
            1.0 / (1.0 + euclid),
        );
        let source = format!(
            "\n          double value = doc['v'].size() == 0 ? 0 : dotProduct(params.q, {field});\n          \
             return sigmoid(1, Math.E, -value);\n        "
        );
        let e = std::f64::consts::E;
        close(score(&source, &params), 1.0 / (1.0 + e.powf(-dot())));
    }
}

#[test]
fn a_document_without_a_vector_is_asked_first() {
    let source = "double value = doc['w'].size() == 0 ? 0 : dotProduct(params.q, doc['w']);\nreturn value + 2;";
    close(score(source, &json!({"q": QUERY})), 2.0);
    close(
        score(
            "doc['w'].empty ? 3 : l2norm(params.q, 'w')",
            &json!({"q": QUERY}),
        ),
        3.0,
    );
}

#[test]
fn vectors_are_read_by_scripts_themselves() {
    let source = "float[] v = doc['v'].vectorValue; def vm = doc['v'].magnitude; double sum = 0;\n\
                  for (int i = 0; i < v.length; i++) { sum += v[i] * params.q[i]; }\n\
                  return sum / vm;";
    let magnitude = f64::from(14.0_f32.sqrt());
    close(score(source, &json!({"q": QUERY})), dot() / magnitude);
    close(score("doc['v'].vectorValue[2]", &json!({})), 3.0);
}

#[test]
fn a_query_that_the_script_makes_is_computed_all_the_same() {
    let params = json!({"q": QUERY, "n": 1.5});
    let made = "dotProduct([params.n, doc['d'].value, 2], 'v')";
    close(score(made, &params), 1.5 + 5.0 + 6.0);
    close(score("hamming('ff0001', 'v')", &json!({})), 1.0);
    for (function, wanted) in [
        ("cosineSimilarity", 8.0 / 14.0_f64.sqrt() / 6.0_f64.sqrt()),
        ("l1norm", 1.0 + 3.0 + 2.0),
        ("l2norm", 14.0_f64.sqrt()),
        (
            "hamming",
            f64::from(
                (2_i32 ^ 1).count_ones() + (-1_i8 ^ 2).count_ones() + (1_i32 ^ 3).count_ones(),
            ),
        ),
    ] {
        // What depends on the document is no constant.
        let query = "[doc['d'].value * 0 + 2, -1, 1]";
        let found = score(&format!("{function}({query}, doc['v'])"), &json!({}));
        let wanted = if function == "cosineSimilarity" {
            (2.0 - 2.0 + 3.0) / 14.0_f64.sqrt() / 6.0_f64.sqrt()
        } else {
            wanted
        };
        close(found, wanted);
    }
}

#[test]
fn scores_and_parameters_meet() {
    close(
        score(
            "_score * params.boost + saturation(doc['n'].value, 5)",
            &json!({"boost": 2}),
        ),
        2.5,
    );
    let random = score("randomScore(42, 'n')", &json!({}));
    assert!((0.0..1.0).contains(&random), "{random}");
    assert!((0.0..1.0).contains(&score("Math.random()", &json!({}))));
}

#[test]
fn a_filter_passes_or_not() {
    let bound = compile(
        "doc['n'].value > params.least && doc['k'].value == 'hello'",
        Context::Filter,
    )
    .unwrap()
    .bind(&json!({"least": 4}))
    .unwrap();
    assert!(bound.runner().matches(&mut Document::new(&bound)).unwrap());
    let error = compile("doc['n'].value + 1; 5", Context::Filter).unwrap_err();
    assert_eq!(
        error.cause.reason.unwrap(),
        "not a statement: result not used from addition operation [+]"
    );
    assert!(compile("1 + 1", Context::Filter).is_err());
    // The score is not there yet.
    assert!(compile("_score > 1", Context::Filter).is_err());
}

#[test]
fn a_field_holds_any_value() {
    let value = |source: &str| {
        let bound = compile(source, Context::Field)
            .unwrap()
            .bind(&json!({"m": {"a": [1]}}))
            .unwrap();
        bound.runner().value(&mut Document::new(&bound)).unwrap()
    };
    assert_eq!(value("params.m").to_json().unwrap(), json!({"a": [1]}));
    assert!(matches!(value("doc['b'].value"), Value::Bool(true)));
    assert_eq!(
        value("doc['date'].value").to_string(),
        "2020-01-02T03:04:05.000Z"
    );
    assert_eq!(value("doc['n'].join('-')").to_string(), "5-7");
}
