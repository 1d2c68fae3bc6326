//! Every script of `painless.json` against what a real engine answered.

use std::path::Path;

use script::{Context, ScriptError, compile};
use serde_json::{Value as Json, json};

use crate::host::Document;

/// Scripts whose answer is ours on purpose, or whose error is said in other words: the answer or the message, and why.
const OURS: [(&str, &str, &str); 21] = [
    (
        "params.b + 1",
        "Cannot apply [+] operation to types [java.lang.Boolean] and [java.lang.Integer].",
        "the engine's own message tells of its caches",
    ),
    (
        "def a = [3,1,2]; a['a']",
        "cannot convert MethodHandle(List,int)int to (Object,String)String",
        "the engine names the statement before",
    ),
    (
        "def x = 1; x[0]",
        "Attempting to address a non-array-like type [java.lang.Integer] as an array.",
        "the engine names the statement before",
    ),
    (
        "def x = null; x[0]",
        "Cannot invoke \"Object.getClass()\" because \"callArgs[0]\" is null",
        "the engine does not know the place",
    ),
    (
        "def l = [1,2]; for (x in l) { l.add(1) } 1",
        "concurrent_modification_exception",
        "the engine names the statement before",
    ),
    (
        "(char)'ab'",
        "cannot cast java.lang.String with length not equal to one to char",
        "the engine does not know the place",
    ),
    ("0x1F", "[31]", "a defect of the engine"),
    (
        "(double)params.s + 1",
        "cannot explicitly cast def [java.lang.String] to double",
        "a defect of the engine: it says byte",
    ),
    (
        "doc['n'].get(5)",
        "Index 5 out of bounds for length 2",
        "the engine tells the length of its buffer",
    ),
    (
        "doc['n'][5]",
        "Index 5 out of bounds for length 2",
        "the engine tells the length of its buffer",
    ),
    (
        "doc['date'].value.getMillis()",
        "[1577934245000]",
        "as Elasticsearch 7 has it",
    ),
    (
        "doc['date'].value.millis",
        "[1577934245000]",
        "as Elasticsearch 7 has it",
    ),
    ("params.size()", "[9]", "the engine adds its own parameters"),
    (
        "String x = null; x.length()",
        "Cannot invoke \"Object.getClass()\" because \"callArgs[0]\" is null",
        "the words are Java's",
    ),
    (
        "List x = null; x.size()",
        "Cannot invoke \"Object.getClass()\" because \"callArgs[0]\" is null",
        "the words are Java's",
    ),
    (
        "Map x = null; x.a",
        "Cannot invoke \"Object.getClass()\" because \"callArgs[0]\" is null",
        "the words are Java's",
    ),
    (
        "params.s === 'str'",
        "[true]",
        "texts have no identity here",
    ),
    (
        "['a': 1, 1: 2, null: 3] + ''",
        "[\"{a=1, 1=2, null=3}\"]",
        "maps keep their order here",
    ),
    (
        "cosineSimilarity(params.q, 'v')",
        "1.0",
        "the spelling of Elasticsearch since 7.6",
    ),
    (
        "cosineSimilarity(params.q, doc['w'])",
        "A document doesn't have a value for a vector field!",
        "Elasticsearch's words",
    ),
    (
        "cosineSimilarity(params.m.l, doc['v'])",
        "The query vector has a different number of dimensions [2] than the document vectors [3].",
        "Elasticsearch's words",
    ),
];

#[test]
fn scripts_answer_as_the_reference_engine_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/painless.json");
    let recorded: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let scripts = recorded["scripts"].as_array().unwrap();
    assert!(scripts.len() > 400, "{}", scripts.len());
    let mut wrong = Vec::new();
    for script in scripts {
        let source = script["source"].as_str().unwrap();
        let context = match script["context"].as_str().unwrap() {
            "score" => Context::Score,
            _ => Context::Field,
        };
        let ours = play(source, context, &recorded["params"]);
        let theirs = match script.get("value") {
            Some(value) => json!({ "value": value }),
            None => json!({ "error": script["error"] }),
        };
        let same = agree(&ours, &theirs);
        if let Some((_, wanted, why)) = OURS.iter().find(|(known, _, _)| *known == source) {
            let error = &ours["error"];
            let answer = match (ours.get("value"), error["cause"].as_str()) {
                (Some(value), _) => value.to_string(),
                (None, Some(cause)) => cause.to_owned(),
                (None, None) => error["type"].as_str().unwrap().to_owned(),
            };
            if same || answer != *wanted {
                wrong.push(format!("{source:?} is listed as ours ({why}), but: {ours}"));
            }
        } else if !same {
            wrong.push(format!("{source:?}\n  ours   {ours}\n  theirs {theirs}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn play(source: &str, context: Context, params: &Json) -> Json {
    let run = || -> Result<Json, ScriptError> {
        let bound = compile(source, context)?.bind(params)?;
        let mut host = Document::new(&bound);
        let mut runner = bound.runner();
        if context == Context::Score {
            return Ok(json!(runner.score(&mut host)?));
        }
        let value = match runner.value(&mut host)? {
            // The engine writes a field's values as a list.
            script::Value::Field(_) => {
                let list = format!("def all = []; for (x in {source}) {{ all.add(x) }} return all");
                return Ok(play(&list, context, params)["value"].clone());
            }
            // The values of a field are a list; an array is one of them.
            value @ script::Value::Array(_) => json!([value.to_json().unwrap()]),
            value => value.to_json().unwrap(),
        };
        Ok(match value {
            Json::Array(values) => Json::Array(values),
            value => json!([value]),
        })
    };
    match run() {
        Ok(value) => json!({ "value": value }),
        Err(error) => {
            let position = error.position.map(|position| {
                json!({"offset": position.offset, "start": position.start, "end": position.end})
            });
            json!({"error": {
                "reason": error.stage.reason(),
                "script_stack": error.stack,
                "script": error.script,
                "position": position,
                "type": error.cause.kind.name(),
                "cause": error.cause.reason,
            }})
        }
    }
}

fn agree(ours: &Json, theirs: &Json) -> bool {
    match (ours, theirs) {
        (Json::Number(ours), Json::Number(theirs)) => {
            let (ours, theirs) = (ours.as_f64().unwrap(), theirs.as_f64().unwrap());
            (ours - theirs).abs() <= 1e-6 * theirs.abs().max(1.0)
        }
        (Json::Array(ours), Json::Array(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs)
                    .all(|(ours, theirs)| agree(ours, theirs))
        }
        (Json::Object(ours), Json::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .all(|(key, value)| theirs.get(key).is_some_and(|theirs| agree(value, theirs)))
        }
        _ => ours == theirs,
    }
}
