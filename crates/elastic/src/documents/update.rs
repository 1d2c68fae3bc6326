//! The body of an update.

use super::validation;
use crate::SourceFilter;
use crate::json::{Kind, Member, parse_first};
use crate::reading::{Read, Reader, content, in_field, unknown_field, wrong_sort};
use crate::search::asked_script;
use document::{Cause, Document, Failure, Update, UpdateScript};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

const PARSER: &str = "UpdateRequest";

const KNOWN: [&str; 9] = [
    "script",
    "scripted_upsert",
    "upsert",
    "doc",
    "doc_as_upsert",
    "detect_noop",
    "_source",
    "if_seq_no",
    "if_primary_term",
];

/// An update as it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateRequest {
    /// The change.
    pub update: Update,
    /// What is answered of the source; none = nothing.
    pub source: Option<SourceFilter>,
    /// `if_seq_no` of the body.
    pub seq_no: Option<i64>,
    /// `if_primary_term` of the body.
    pub primary_term: Option<i64>,
}

/// Reads the body of an update; what follows its JSON does not matter.
///
/// # Errors
/// When it is no JSON, has an unknown member, or asks for what is not served.
pub fn parse_update(body: &[u8]) -> Result<UpdateRequest, Failure> {
    let mut request = UpdateRequest {
        update: Update::default(),
        source: None,
        seq_no: None,
        primary_term: None,
    };
    let Some((node, end)) = parse_first(body)? else {
        return Err(expected_object((1, 0), "null"));
    };
    let Kind::Object(members) = &node.kind else {
        return Err(expected_object(node.at, node.token()));
    };
    let text = body.get(..end).unwrap_or_default();
    // Documents go on byte for byte.
    let raw: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(text)
        .map_err(|error| Failure::new(Cause::ContentParsing, error.to_string()))?;
    let bytes = |name: &str| {
        let raw = raw.get(name).map_or("", |raw| raw.get());
        raw.as_bytes().to_vec()
    };
    let reader = Reader::new(text);
    let mut script = None;
    let mut makes_upsert = false;
    for member in members {
        match member.name.as_ref() {
            "script" => {
                let asked = asked_script(reader, &member.value);
                script = Some(in_field(PARSER, "script", asked)?);
            }
            "scripted_upsert" => makes_upsert = reader.field_bool(PARSER, member)?,
            _ => read(&mut request, reader, member, &bytes)?,
        }
    }
    let has_change = !request.update.partial.is_empty();
    let mut wrong = Vec::new();
    if !has_change && script.is_none() {
        wrong.push("script or doc is missing".to_owned());
    }
    if has_change && script.is_some() {
        wrong.push("can't provide both script and doc".to_owned());
    }
    if !has_change && request.update.partial_as_upsert {
        wrong.push("doc must be specified if doc_as_upsert is enabled".to_owned());
    }
    if !wrong.is_empty() {
        return Err(validation(&wrong));
    }
    if let Some(script) = script {
        let script = script.served().map_err(|beneath| {
            Failure::illegal_argument("failed to execute script").caused_by(beneath)
        })?;
        request.update.script = Some(UpdateScript {
            source: script.source,
            params: script.params,
            makes_upsert,
        });
    }
    Ok(request)
}

fn expected_object(at: (u32, u32), found: &str) -> Failure {
    content(
        at,
        &format!("[{PARSER}] Expected START_OBJECT but was: {found}"),
    )
    .into()
}

fn read(
    request: &mut UpdateRequest,
    reader: Reader<'_>,
    member: &Member<'_>,
    bytes: &dyn Fn(&str) -> Vec<u8>,
) -> Read<()> {
    let Member { name, value, .. } = member;
    let is_object = matches!(value.kind, Kind::Object(_));
    let update = &mut request.update;
    match name.as_ref() {
        "doc" | "upsert" if !is_object => return Err(wrong_sort(PARSER, name, value)),
        "doc" => update.partial = bytes("doc"),
        "upsert" => {
            update.upsert = Some(Document {
                source: bytes("upsert"),
                ..Document::default()
            });
        }
        "doc_as_upsert" => update.partial_as_upsert = reader.field_bool(PARSER, member)?,
        "detect_noop" => update.write_unchanged = !reader.field_bool(PARSER, member)?,
        "_source" => match value.kind {
            Kind::Null | Kind::Number(_) => return Err(wrong_sort(PARSER, name, value)),
            _ => request.source = Some(SourceFilter::read(reader, value)?),
        },
        "if_seq_no" => request.seq_no = Some(reader.field_long(PARSER, member)?),
        "if_primary_term" => request.primary_term = Some(reader.field_long(PARSER, member)?),
        _ => return Err(unknown_field(PARSER, member, &KNOWN)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_is_read_with_its_documents_byte_for_byte() {
        let body = br#" {"doc" : {"n": 1.50}, "upsert":{"big":123456789012345678901234567890},
            "detect_noop":false, "_source":["a"], "if_seq_no":"4", "if_primary_term":1} and more"#;
        let request = parse_update(body).unwrap();
        assert_eq!(request.update.partial, br#"{"n": 1.50}"#);
        let upsert = request.update.upsert.unwrap();
        assert_eq!(upsert.source, br#"{"big":123456789012345678901234567890}"#);
        assert!(request.update.write_unchanged);
        assert_eq!(request.source.unwrap().includes, ["a"]);
        assert_eq!((request.seq_no, request.primary_term), (Some(4), Some(1)));
    }

    #[test]
    fn a_script_is_read_with_what_it_makes_of_the_upsert() {
        let body = br#"{"script":{"source":"ctx.op = 'none'","params":{"n":1}},"upsert":{},"scripted_upsert":true}"#;
        let update = parse_update(body).unwrap().update;
        let script = update.script.unwrap();
        assert_eq!(script.source, "ctx.op = 'none'");
        assert_eq!(script.params.0["n"], 1);
        assert!(script.makes_upsert && update.upsert.is_some());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let check = |body: &str, reason: &str| {
            let failure = parse_update(body.as_bytes()).unwrap_err();
            assert!(failure.reason.starts_with(reason), "{body}: {failure}");
        };
        check(
            r#"{"dok":1}"#,
            "[1:2] [UpdateRequest] unknown field [dok] did you mean [doc]?",
        );
        check(
            r#"{"doc":5}"#,
            "[1:8] [UpdateRequest] doc doesn't support values of type: VALUE_NUMBER",
        );
        check(
            r#"{"doc":{"a":1},"detect_noop":"x"}"#,
            "[1:30] [UpdateRequest] failed to parse field [detect_noop]",
        );
        check(
            r#"{"doc":{"a":1},"_source":5}"#,
            "[1:26] [UpdateRequest] _source doesn't support values of type: VALUE_NUMBER",
        );
        check(
            "[]",
            "[1:1] [UpdateRequest] Expected START_OBJECT but was: START_ARRAY",
        );
        check("", "[1:0] [UpdateRequest] Expected START_OBJECT");
        check(r#"{"doc":{"a":1}"#, "[1:15] Unexpected end of file");
        check(r#"{"doc":{},"doc":{}}"#, "[1:16] Duplicate field 'doc'");
        check(
            r#"{"doc_as_upsert":true}"#,
            "Validation Failed: 1: script or doc is missing;2: doc must be specified if doc_as_upsert is enabled;",
        );
        check(
            r#"{"doc":{},"script":"x"}"#,
            "Validation Failed: 1: can't provide both script and doc;",
        );
        check(r#"{"script":{"id":"x"}}"#, "failed to execute script");
        check(
            r#"{"script":{"source":"1","what":1}}"#,
            "[1:32] [UpdateRequest] failed to parse field [script]",
        );
    }
}
