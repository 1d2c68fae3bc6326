//! Bulk requests: broken ones, and items that are refused while the others are written.

use super::cases::{Case, Expected};

/// A bulk by its lines.
fn bulk(name: &str, lines: &[&str]) -> Case {
    let body = lines
        .iter()
        .map(|line| format!("{line}\n"))
        .collect::<String>();
    Case::new(&format!("bulk: {name}"), "POST", "/{index}/_bulk", body)
        .with("content-type", "application/x-ndjson")
}

pub(super) fn cases() -> Vec<Case> {
    let index = r#"{"index":{"_id":"a"}}"#;
    let mut cases = vec![
        bulk("nothing", &[]),
        bulk("empty lines", &["", ""]),
        bulk("an action that is no JSON", &["no JSON", "{}"]),
        bulk(
            "an action that is no JSON, in the middle",
            &[index, "{}", "{\"index\":", "{}", index, "{}"],
        ),
        bulk("an unknown action", &[r#"{"replace":{"_id":"a"}}"#, "{}"]),
        bulk(
            "an action with an unknown key",
            &[r#"{"index":{"_id":"a","colour":1}}"#, "{}"],
        ),
        bulk("an action that is an array", &["[]", "{}"]),
        bulk("an action that is text", &["\"index\"", "{}"]),
        bulk("an empty action", &["{}", "{}"]),
        bulk("an action of text", &[r#"{"index":"a"}"#, "{}"]),
        bulk(
            "actions one after the other",
            &[r#"{"delete":{"_id":"a"}}"#, "{}", "{}"],
        ),
        bulk(
            "an id that is an object",
            &[r#"{"index":{"_id":{"a":1}}}"#, "{}"],
        ),
        Case::new(
            "bulk: no end of the last line",
            "POST",
            "/{index}/_bulk",
            format!("{index}\n{{}}"),
        )
        .with("content-type", "application/x-ndjson"),
        Case::new(
            "bulk: a wrong option",
            "POST",
            "/{index}/_bulk?refresh=perhaps",
            format!("{index}\n{{}}\n"),
        ),
        Case::new(
            "bulk: an action that is no UTF-8",
            "POST",
            "/{index}/_bulk",
            &b"{\"index\":{\"_id\":\"\xff\xfe\"}}\n{}\n"[..],
        ),
    ];
    let (new, source) = (r#"{"index":{}}"#, r#"{"count":1}"#);
    let between = |name: &str, bad: &str, status: u16| {
        bulk(
            &format!("{name}, between good ones"),
            &[new, source, r#"{"index":{"_id":"b"}}"#, bad, new, source],
        )
        .expecting(Expected::Items(vec![201, status, 201]))
    };
    cases.extend([
        between("a document of wrong type", r#"{"count":"many"}"#, 400),
        between("a vector of wrong dims", r#"{"v":[1,2]}"#, 400),
        between("a vector of zeros", r#"{"v":[0,0,0]}"#, 400),
        between("a vector with NaN", r#"{"v":[NaN,1,2]}"#, 400),
        between("a document that is no JSON", r#"{"count":1"#, 400),
        between("a document that is an array", "[1]", 400),
        between("an empty document's line", "", 400),
        between(
            "a document with a key twice",
            r#"{"count":1,"count":2}"#,
            400,
        ),
    ]);
    let others = [
        (
            "an update of nothing",
            vec![r#"{"update":{"_id":"none"}}"#, r#"{"doc":{}}"#],
            vec![404],
        ),
        (
            "a delete of nothing",
            vec![r#"{"delete":{"_id":"none"}}"#],
            vec![404],
        ),
        (
            "a create of what is there",
            vec![r#"{"create":{"_id":"1"}}"#, source],
            vec![409],
        ),
        (
            "a wrong seq_no",
            vec![
                r#"{"index":{"_id":"1","if_seq_no":99,"if_primary_term":1}}"#,
                source,
            ],
            vec![409],
        ),
        (
            "a wrong name of an index",
            vec![
                r#"{"index":{"_index":"UPPER","_id":"1"}}"#,
                source,
                r#"{"index":{"_id":"1"}}"#,
                source,
            ],
            vec![400, 200],
        ),
        (
            "a strict index",
            vec![
                r#"{"index":{"_index":"peers-malformed-strict","_id":"x"}}"#,
                r#"{"unknown":1}"#,
            ],
            vec![400],
        ),
    ];
    for (name, lines, statuses) in others {
        cases.push(bulk(name, &lines).expecting(Expected::Items(statuses)));
    }
    cases
}
