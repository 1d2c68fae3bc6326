//! Scripts that change documents.

use script::{Context, Map, Value, compile};
use serde_json::{Value as Json, json};

fn update(source: &str, ctx: &Json, params: &Json) -> Result<Json, String> {
    let run = || {
        let bound = compile(source, Context::Update)?.bind(params)?;
        let Value::Map(map) = Value::from_json(ctx) else {
            panic!("{ctx} is an object");
        };
        bound.runner().update(&map)?;
        Ok(map)
    };
    let result: Result<Map, script::ScriptError> = run();
    match result {
        Ok(map) => Ok(Value::Map(map).to_json().unwrap()),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn documents_are_changed_in_place() {
    let source = json!({"count": 1, "tags": ["a", "b"], "o": {"x": 1}, "name": "n"});
    let ctx = json!({"_source": source, "op": "index", "_id": "1"});
    let params = json!({"n": 4, "tag": "b", "list": ["c"]});
    for (script, at, wanted) in [
        ("ctx._source.count += params.n", "/_source/count", json!(5)),
        ("ctx._source.count++", "/_source/count", json!(2)),
        (
            "ctx._source['new'] = 'x' + ctx._id",
            "/_source/new",
            json!("x1"),
        ),
        (
            "ctx._source.o.y = params.list",
            "/_source/o/y",
            json!(["c"]),
        ),
        (
            "ctx._source.tags.add(params.tag)",
            "/_source/tags",
            json!(["a", "b", "b"]),
        ),
        (
            "ctx._source.tags.addAll(params.list)",
            "/_source/tags",
            json!(["a", "b", "c"]),
        ),
        (
            "if (ctx._source.tags.contains(params.tag)) { ctx._source.tags.remove(ctx._source.tags.indexOf(params.tag)) }",
            "/_source/tags",
            json!(["a"]),
        ),
        (
            "ctx._source.tags.removeIf(t -> t == params.tag)",
            "/_source/tags",
            json!(["a"]),
        ),
        ("ctx._source.remove('o')", "/_source/o", Json::Null),
        ("ctx._source.o.remove('x')", "/_source/o", json!({})),
        (
            "ctx._source.put('p', [1, 2.5, null])",
            "/_source/p",
            json!([1, 2.5, null]),
        ),
        (
            "if (ctx._source.tags.contains('a')) { ctx.op = 'delete' } else { ctx.op = 'none' }",
            "/op",
            json!("delete"),
        ),
        ("ctx.op = 'none'", "/op", json!("none")),
        (
            "ctx._source.containsKey('zz') ? 1 : ctx._source.put('zz', 1)",
            "/_source/zz",
            json!(1),
        ),
        (
            "for (int i = 0; i < ctx._source.tags.length; i++) { ctx._source.tags[i] = ctx._source.tags[i].toUpperCase(); }",
            "/_source/tags",
            json!(["A", "B"]),
        ),
        (
            "ctx._source.tags.sort((a, b) -> b.compareTo(a))",
            "/_source/tags",
            json!(["b", "a"]),
        ),
        (
            "def s = ctx._source; s.name += 'me'",
            "/_source/name",
            json!("nme"),
        ),
        (
            "ctx._source.missing = ctx._source.missing ?: 7",
            "/_source/missing",
            json!(7),
        ),
        ("ctx._source = ['a': 1]", "/_source", json!({"a": 1})),
    ] {
        // An expression alone is a statement only where it does something.
        match update(script, &ctx, &params) {
            Ok(changed) => {
                assert_eq!(
                    changed.pointer(at).unwrap_or(&Json::Null),
                    &wanted,
                    "{script}"
                );
            }
            Err(error) => assert!(error.contains("not a statement"), "{script}: {error}"),
        }
    }
}

#[test]
fn what_is_wrong_is_said_and_doc_values_are_not_there() {
    let ctx = json!({"_source": {"n": "text"}});
    for (script, wanted) in [
        ("ctx.a = doc['n'].value", "cannot resolve symbol [doc]"),
        ("ctx._source.zz.a = 1", "null_pointer_exception"),
        ("ctx._source.zz += 1", "\"left\" is null"),
        (
            "ctx._source.n.a = 1",
            "dynamic setter [java.lang.String, a] not found",
        ),
        (
            "ctx._source.n -= 1",
            "Cannot apply [-] operation to types [java.lang.String] and [java.lang.Integer].",
        ),
        ("return 5", "Cannot cast from [int] to [void]."),
        ("ctx = 5", "Variable [ctx] is read-only."),
    ] {
        let error = update(script, &ctx, &Json::Null).unwrap_err();
        assert!(error.contains(wanted), "{script}: {error}");
    }
}
