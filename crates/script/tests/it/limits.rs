//! Scripts that ask for too much, and scripts that are no scripts.

use proptest::prelude::*;
use script::{CauseKind, Context, ScriptError, Value, compile};
use serde_json::json;

use crate::host::Document;

fn run(source: &str) -> Result<Value, ScriptError> {
    let bound = compile(source, Context::Field)?.bind(&json!({"x": 5, "l": [1, 2]}))?;
    bound.runner().value(&mut Document::new(&bound))
}

#[test]
fn loops_end() {
    for source in [
        "for (;;) { }",
        "int i = 0; while (i >= 0) { i = 1 - i }",
        "int i = 0; do { i++ } while (true);",
        "for (int i = 0; i < 2000; i++) { for (int j = 0; j < 2000; j++) { def x = 1; } } 1",
        "while (true) { try { throw new Exception('again') } catch (Exception e) { def x = e; } }",
    ] {
        let error = run(source).unwrap_err();
        assert_eq!(error.cause.kind, CauseKind::Painless, "{source}: {error}");
    }
    assert_eq!(
        run("int i = 0; while (i < 999999) { i++ } i")
            .unwrap()
            .as_i64(),
        Some(999_999)
    );
}

#[test]
fn memory_is_bounded() {
    for source in [
        "String s = 'aaaaaaaaaaaaaaaa'; while (true) { s += s }",
        "def s = 'aaaaaaaaaaaaaaaa'; while (true) { s = s + s }",
        "def m = ['s': 'aaaaaaaaaaaaaaaa']; while (true) { m.s += m.s }",
        "def l = [1, 2]; while (true) { l.addAll(l) }",
        "def l = []; while (true) { l.add(new int[100000]) }",
        "def s = 'aaaaaaaaaaaaaaaa'; while (true) { s = s.replace('a', s) }",
        "def b = new StringBuilder('aaaaaaaa'); while (true) { b.append(b) }",
        "new int[2147483647]",
        "new int[50000][50000]",
        "def l = params.l; while (true) { l = [l, l] + '' }",
    ] {
        let error = run(source).unwrap_err();
        assert_eq!(error.cause.kind, CauseKind::Painless, "{source}: {error}");
    }
}

#[test]
fn calls_do_not_go_deeper_than_the_stack() {
    let blocks = format!(
        "int f(int n) {{ {}return f(n - 1);{} return 1; }} f(100000)",
        "if (n > 0) {".repeat(200),
        "}".repeat(200)
    );
    let elements = format!("def f(def n) {{ return [f(n)]{} }} f(1)", "[0]".repeat(380));
    for source in [
        "int f(int n) { return f(n + 1) } f(1)",
        "def f(def l) { l.removeIf(x -> f([1]) > 1); return 1 } f([1])",
        "def f(def m) { return m.computeIfAbsent('a', k -> f(new HashMap())) } f(new HashMap())",
        "def f(def l) { l.sort((a, b) -> f([2, 1])); return 1 } f([2, 1])",
        &blocks,
        &elements,
    ] {
        let error = run(source).unwrap_err();
        assert_eq!(error.cause.kind, CauseKind::StackOverflow, "{error}");
        assert_eq!(
            error.stack.len(),
            if error.position.is_some() { 2 } else { 1 }
        );
    }
    let fits = "int f(int n) { return n == 0 ? 0 : 1 + f(n - 1) } f(50)";
    assert_eq!(run(fits).unwrap().as_i64(), Some(50));
}

#[test]
fn lists_may_hold_one_another_as_deep_as_a_loop_makes_them() {
    let deep = "def l = []; for (int i = 0; i < 500000; i++) { l = [l] } l.size()";
    assert_eq!(run(deep).unwrap().as_i64(), Some(1));
    let maps = "def m = [:]; for (int i = 0; i < 200000; i++) { m = ['m': m] } m.size()";
    assert_eq!(run(maps).unwrap().as_i64(), Some(1));
    // Printing, comparing and walking into itself end.
    for source in [
        "def l = []; l.add(l); ('' + l).length() > 0",
        "def l = []; l.add(l); def k = []; k.add(k); l == k",
        "def l = []; l.add(l); l.contains(l)",
        "def m = [:]; m.m = m; m[m] = m; m.remove(m); m.hashCode() == 0",
        "def m = [:]; m[m] = 1; for (int i = 0; i < 50; i++) { m[i] = i } for (int i = 0; i < 50; i++) { m.remove(i) } m.size() == 1",
        "def l = [1]; l.addAll(l); l.removeAll(l); l.isEmpty()",
    ] {
        assert!(
            matches!(run(source), Ok(Value::Bool(_))),
            "{source}: {:?}",
            run(source)
        );
    }
    let error = run("def l = []; l.add(l); l")
        .unwrap()
        .to_json()
        .unwrap_err();
    assert_eq!(
        error.reason.unwrap(),
        "Iterable object is self-referencing itself"
    );
}

#[test]
fn lambdas_are_arguments_and_nothing_else() {
    for source in [
        "def f = x -> 1; f",
        "def l = []; l.add(x -> 1); l",
        "def l = []; def g = [x -> 1]; l",
        "List l = []; l.add(x -> 1); l",
    ] {
        assert!(run(source).is_err(), "{source}");
    }
}

const WORDS: &[&str] = &[
    "doc",
    "['n']",
    ".value",
    "params",
    ".x",
    "_score",
    "1",
    "2.5f",
    "'a'",
    "null",
    "true",
    "int",
    "def",
    "x",
    "y",
    "=",
    "+=",
    "++",
    "--",
    "+",
    "-",
    "*",
    "/",
    "%",
    "<<",
    ">>>",
    "==",
    "===",
    "<",
    "&&",
    "||",
    "!",
    "~",
    "?",
    ":",
    "?:",
    "?.",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    " ",
    "\n",
    "if",
    "else",
    "while",
    "for",
    "in",
    "do",
    "return",
    "break",
    "continue",
    "new",
    "ArrayList",
    "HashMap",
    "int[]",
    "String",
    "Math",
    ".max",
    ".E",
    "->",
    "instanceof",
    "try",
    "catch",
    "throw",
    "Exception",
    "size()",
    ".add(1)",
    ".length",
    "'",
    "\"",
    "\\",
    "é",
    "𝕏",
    "0x",
    "9999999999",
    "[:]",
    "(int)",
    "cosineSimilarity",
    "void",
    "f",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_too_odd_for_an_answer(picks in prop::collection::vec(0..WORDS.len(), 0..30), spaced: bool) {
        let between = if spaced { " " } else { "" };
        let words: Vec<&str> = picks.iter().map(|pick| WORDS[*pick]).collect();
        let source = words.join(between);
        for context in [Context::Score, Context::Field, Context::Update, Context::Filter] {
            check(&source, context);
        }
    }

    #[test]
    fn a_script_with_a_letter_changed_gets_an_answer(pick in 0..1000_usize, at in 0..1000_usize, letter: char) {
        let scripts = include_str!("../data/scripts.txt");
        let lines: Vec<&str> = scripts.lines().collect();
        let mut source: Vec<char> = lines[pick % lines.len()].chars().collect();
        // Loops that never end take their time.
        prop_assume!(!lines[pick % lines.len()].contains("while") && !lines[pick % lines.len()].contains("for"));
        let place = at % (source.len() + 1);
        if place < source.len() {
            source[place] = letter;
        }
        check(&source.iter().collect::<String>(), Context::Field);
    }
}

/// Compiles and runs what compiles; an error has an excerpt that stands in the source.
fn check(source: &str, context: Context) {
    let error = match compile(source, context) {
        Err(error) => error,
        Ok(program) => {
            let bound = program.bind(&json!({"x": 5})).unwrap();
            match bound.runner().value(&mut Document::new(&bound)) {
                Ok(_) => return,
                Err(error) => error,
            }
        }
    };
    if let Some(position) = error.position {
        let length = source.encode_utf16().count();
        assert!(
            position.start <= position.offset && position.offset <= length,
            "{source:?}"
        );
        assert!(position.end <= length, "{source:?}");
        assert!(
            error.stack[1].trim_start().starts_with("^---- HERE"),
            "{source:?}"
        );
    }
}
