//! What a bound script tells its host, and what it keeps between documents.

use script::{Bound, Context, VectorCall, VectorFunction, compile};
use serde_json::{Value as Json, json};

use crate::host::Document;

fn bind(source: &str, params: &Json) -> Bound {
    compile(source, Context::Score)
        .unwrap()
        .bind(params)
        .unwrap()
}

#[test]
fn fields_and_vector_functions_are_numbered_once() {
    let bound = bind(
        "def q = params.q; double s = cosineSimilarity(params.q, 'v') + doc['n'].value;\n\
         if (doc.containsKey('k')) { s += dotProduct(q, doc['v']) + cosineSimilarity(q, doc['v']); }\n\
         return s + doc[params.field].value + l2norm(params.nested.list[1], params['name']);",
        &json!({"q": [1, 2, 3], "field": "d", "name": "w", "nested": {"list": [0, [4, 5]]}}),
    );
    assert_eq!(bound.fields(), ["v", "n", "d", "w"]);
    let call = |function, query: &[f32], field| VectorCall {
        function,
        query: query.to_vec(),
        field,
    };
    assert_eq!(
        bound.vector_calls(),
        [
            call(VectorFunction::CosineSimilarity, &[1.0, 2.0, 3.0], 0),
            call(VectorFunction::DotProduct, &[1.0, 2.0, 3.0], 0),
            call(VectorFunction::L2Norm, &[4.0, 5.0], 3),
        ]
    );
}

#[test]
fn a_query_of_hexadecimal_digits_is_bytes() {
    let bound = bind("hamming(params.q, 'v')", &json!({"q": "ff7F01"}));
    assert_eq!(bound.vector_calls()[0].query, [-1.0, 127.0, 1.0]);
}

#[test]
fn a_query_that_changes_is_not_numbered() {
    for source in [
        "def q = params.q; q = params.r; cosineSimilarity(q, 'v')",
        "def q = params.q; q.add(1); cosineSimilarity(params.q, 'v')",
        "params.q = params.r; cosineSimilarity(params.q, 'v')",
        "cosineSimilarity([1, 2, doc['n'].value], 'v')",
    ] {
        let bound = bind(source, &json!({"q": [1, 2, 3], "r": [3, 2, 1]}));
        assert_eq!(bound.vector_calls(), [], "{source}");
    }
}

#[test]
fn what_a_script_changes_of_its_parameters_it_sees_changed() {
    for (source, wanted) in [
        ("params.x = 7; return params.x", 7.0),
        ("def m = params.m; m.a = 9; return params.m.a", 9.0),
        ("params.m.l.add(5); return params.m.l[2]", 5.0),
        ("for (e in params.l) { e.a = 3 } return params.l[0].a", 3.0),
        ("params.put('x', 4); params.get('x')", 4.0),
    ] {
        let bound = bind(
            source,
            &json!({"x": 5, "m": {"a": 1, "l": [1, 2]}, "l": [{"a": 1}]}),
        );
        let found = bound.runner().score(&mut Document::new(&bound)).unwrap();
        assert_eq!(found, wanted, "{source}");
    }
}

#[test]
fn one_runner_runs_over_many_documents_and_each_thread_has_its_own() {
    fn goes_anywhere<T: Send + Sync>(_: &T) {}
    let bound = bind(
        "double s = _score; for (x in params.l) { s += x } return s",
        &json!({"l": [1, 2]}),
    );
    goes_anywhere(&bound);
    goes_anywhere(&bound.runner());
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let bound = bound.clone();
            std::thread::spawn(move || {
                let mut runner = bound.runner();
                let mut host = Document::new(&bound);
                for number in 0..1000 {
                    host.score = f64::from(number);
                    assert_eq!(runner.score(&mut host).unwrap(), f64::from(number) + 3.0);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_score_is_asked_for_only_where_the_script_looks_at_it() {
    assert!(bind("_score + 1", &Json::Null).uses_score());
    assert!(!bind("1 + 1", &Json::Null).uses_score());
}

#[test]
fn parameters_are_an_object() {
    let program = compile("1", Context::Score).unwrap();
    let error = program.bind(&json!([1])).unwrap_err();
    assert_eq!(error.cause.reason.unwrap(), "[params] must be an object");
}

#[test]
fn names_that_the_script_makes_are_found() {
    let bound = bind(
        "double s = 0; for (f in ['n', 'i']) { s += doc[f].value } s",
        &Json::Null,
    );
    assert!(bound.fields().is_empty());
    assert_eq!(
        bound.runner().score(&mut Document::new(&bound)).unwrap(),
        8.0
    );
    let bound = bind(
        "double s = 0; for (f in ['n', 'no']) { s += doc[f].value } s",
        &Json::Null,
    );
    let error = bound
        .runner()
        .score(&mut Document::new(&bound))
        .unwrap_err();
    assert_eq!(
        error.cause.reason.unwrap(),
        "No field found for [no] in mapping"
    );
}

#[test]
fn a_formula_scores_what_the_script_is_worth() {
    let vector = "cosineSimilarity(params.q, 'v')";
    let numbers = ["1", "2.5", "params.a", "params.n", "_score", vector];
    let values = ["doc['i'].value", "doc['d'].value", "doc['n'].value"];
    let failing = [
        "doc['missing'].value",
        "doc['k'].value",
        "doc['date'].value",
        "doc['no'].value",
        "dotProduct(params.q, 'w')",
        "dotProduct(params.short, 'v')",
    ];
    let operands = || numbers.iter().chain(&values).chain(&failing);
    let mut sources = Vec::new();
    for left in operands() {
        sources.push(format!("-({left}) + 1"));
        sources.push(format!("Math.log({left}) * 2"));
        sources.push(format!("saturation({left}, 3) / _score"));
        sources.push((*left).to_owned());
        for right in operands() {
            for operator in ["+", "-", "*", "/", "%"] {
                sources.push(format!("{left} {operator} {right}"));
                sources.push(format!("(1.5 - {left} {operator} {right}) * 7L"));
                sources.push(format!("{left} {operator} {right} / 2"));
            }
        }
    }
    let params = json!({"q": [1, 2, 4], "short": [1], "a": 0.25, "n": 3});
    for source in &sources {
        // Some cannot be read, which is not what this is about.
        let Ok(program) = compile(source, Context::Score) else {
            continue;
        };
        let bound = program.bind(&params).unwrap();
        let score = bound.runner().score(&mut Document::new(&bound));
        let value = bound.runner().value(&mut Document::new(&bound));
        let value = value.map(|value| value.as_f64().unwrap());
        let bits = |result: Result<f64, script::ScriptError>| match result {
            Ok(number) => Ok(number.to_bits()),
            Err(error) => Err(format!("{error:?}")),
        };
        assert_eq!(bits(score), bits(value), "{source}");
    }
}
