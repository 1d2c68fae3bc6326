//! Changing a document by a script.

use crate::scripting::failed;
use document::{Cause, Failure, UpdateScript};
use script::{Context, Value};
use serde_json::{Map, Value as Json, json};

/// What a script made of a document.
#[derive(Debug, PartialEq)]
pub(crate) enum Scripted {
    /// It is stored with this source.
    Index(Vec<u8>),
    Delete,
    Nothing,
}

/// What a script is told besides the source, as `ctx`.
pub(crate) struct About<'a> {
    pub(crate) index: &'a str,
    pub(crate) id: &'a str,
    /// None = no document has the id, and the script makes one.
    pub(crate) version: Option<u64>,
    /// Milliseconds since 1970.
    pub(crate) now_ms: i64,
}

/// Runs a script over a source.
///
/// # Errors
/// What is wrong with the script, and where; or with what it left in `ctx`.
pub(crate) fn scripted(
    source: &[u8],
    script: &UpdateScript,
    about: &About<'_>,
) -> Result<Scripted, Failure> {
    run(source, script, about)
        .map_err(|beneath| Failure::illegal_argument("failed to execute script").caused_by(beneath))
}

fn run(source: &[u8], script: &UpdateScript, about: &About<'_>) -> Result<Scripted, Failure> {
    let program = script::compile(&script.source, Context::Update).map_err(failed)?;
    let bound = program.bind(&script.params.0).map_err(failed)?;
    let source: Map<String, Json> = serde_json::from_slice(source)
        .map_err(|error| Failure::new(Cause::Parsing, error.to_string()))?;
    let mut ctx = json!({
        "_index": about.index,
        "_id": about.id,
        "op": "create",
        "_now": about.now_ms,
        "_source": source,
    });
    if let Some(version) = about.version {
        ctx["op"] = "index".into();
        ctx["_version"] = version.into();
    }
    let Value::Map(ctx) = Value::from_json(&ctx) else {
        return Err(Failure::new(Cause::Internal, "[ctx] is no map"));
    };
    bound.runner().update(&ctx).map_err(failed)?;
    let left = |name: &str| ctx.get_str(name).unwrap_or(Value::Null);
    let Value::Str(op) = left("op") else {
        let kind = left("op").class_name();
        return Err(Failure::illegal_argument(format!(
            "[op] must be one of delete, index, noop, not a {kind}"
        )));
    };
    match &*op {
        "index" | "create" => {}
        "delete" => return Ok(Scripted::Delete),
        "noop" | "none" => return Ok(Scripted::Nothing),
        other => {
            return Err(Failure::illegal_argument(format!(
                "[op] must be one of delete, index, noop, not [{other}]"
            )));
        }
    }
    let left = left("_source");
    let Value::Map(_) = left else {
        return Err(Failure::illegal_argument(format!(
            "[_source] must be a map, not a {}",
            left.class_name()
        )));
    };
    let json = left
        .to_json()
        .map_err(|cause| Failure::illegal_argument(cause.reason.unwrap_or_default()))?;
    Ok(Scripted::Index(json.to_string().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, version: Option<u64>) -> Result<Scripted, String> {
        let script = UpdateScript {
            source: script.to_owned(),
            params: json!({"n": 4}).into(),
            makes_upsert: true,
        };
        let about = About {
            now_ms: 1_600_000_000_000,
            index: "i",
            id: "7",
            version,
        };
        let done = scripted(br#"{"b":1,"a":[1.0,"x"]}"#, &script, &about);
        done.map_err(|failure| {
            let beneath = failure.caused_by.unwrap();
            match beneath.caused_by {
                Some(cause) => cause.reason,
                None => beneath.reason,
            }
        })
    }

    #[test]
    fn a_script_changes_the_source() {
        let index = |text: &str| Ok(Scripted::Index(text.as_bytes().to_vec()));
        for (script, expected) in [
            (
                "ctx._source.b += params.n",
                index(r#"{"b":5,"a":[1.0,"x"]}"#),
            ),
            (
                "ctx._source.remove('b'); ctx._source.c = ctx._index + ctx._id + ctx._version + ctx.op",
                index(r#"{"a":[1.0,"x"],"c":"i73index"}"#),
            ),
            (
                "ctx._source = ['now': ctx._now]",
                index(r#"{"now":1600000000000}"#),
            ),
            (
                "if (ctx._source.b == 1) { ctx.op = 'delete' }",
                Ok(Scripted::Delete),
            ),
            ("ctx.op = 'none'", Ok(Scripted::Nothing)),
            ("ctx.op = 'noop'", Ok(Scripted::Nothing)),
        ] {
            assert_eq!(check(script, Some(3)), expected, "{script}");
        }
        assert_eq!(
            check("ctx._source = ['o': ctx.op]", None),
            index(r#"{"o":"create"}"#)
        );
    }

    #[test]
    fn what_a_script_leaves_has_to_be_a_document() {
        for (script, expected) in [
            (
                "ctx.op = 'what'",
                "[op] must be one of delete, index, noop, not [what]",
            ),
            (
                "ctx.op = 5",
                "[op] must be one of delete, index, noop, not a java.lang.Integer",
            ),
            (
                "ctx._source = 5",
                "[_source] must be a map, not a java.lang.Integer",
            ),
            ("ctx._source.b = ;", "invalid sequence of tokens near [';']"),
            ("ctx._source.zz.a = 1", "Cannot invoke"),
        ] {
            let error = check(script, Some(3)).unwrap_err();
            assert!(error.contains(expected), "{script}: {error}");
        }
    }
}
