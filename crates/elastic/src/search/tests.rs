mod address;
mod bodies;
mod queries;

use super::SearchBody;
use crate::{UrlParams, error_object, search_error_object, status};
use document::{Cause, Failure};
use serde_json::Value;

fn parse(body: &str) -> Result<SearchBody, Failure> {
    let params = UrlParams::new("/a/_search", Vec::new());
    SearchBody::parse(body.as_bytes(), &params, 0)
}

/// What is said of a body, and whether it is an index that says it.
fn refusal(body: &str) -> Option<(Failure, bool)> {
    match parse(body).and_then(|search| search.understood(false)) {
        Ok(search) => search.check().err().map(|failure| (failure, true)),
        Err(failure) => {
            let of_an_index = failure.cause == Cause::QueryShard;
            Some((failure, of_an_index))
        }
    }
}

/// Each line holds a body and what Elasticsearch 8.19.7 answers: the error (of a failed search, its shard's), whether
/// it is a shard's (`shard`), the root cause's reason where it is another one (`root`), the status where it is not 400.
#[test]
fn what_is_wrong_is_said_as_elasticsearch_says_it() {
    let mut wrong = Vec::new();
    let lines: Vec<&str> = include_str!("tests/refused.ndjson").lines().collect();
    for line in &lines {
        let line: Value = serde_json::from_str(line).unwrap();
        let body = line["body"].as_str().unwrap();
        let Some((failure, of_an_index)) = refusal(body) else {
            wrong.push(format!(
                "{body}\n  expected {}\n  got nothing",
                line["error"]
            ));
            continue;
        };
        let object = if of_an_index {
            search_error_object(&failure, "a")
        } else {
            error_object(&failure)
        };
        let error = match object.get("failed_shards") {
            Some(shards) => {
                let mut reason = shards[0]["reason"].clone();
                // The lines do not say in which index it was.
                if let Some(members) = reason.as_object_mut() {
                    members.retain(|name, _| name != "index" && name != "index_uuid");
                }
                reason
            }
            None => {
                let mut error = object.clone();
                error.remove("root_cause");
                error.into()
            }
        };
        let root = line.get("root").unwrap_or(&line["error"]["reason"]);
        let expected_status = line["status"].as_u64().unwrap_or(400);
        let same = error == line["error"]
            && of_an_index == line["shard"].as_bool().unwrap_or(false)
            && object["root_cause"][0]["reason"] == *root
            && u64::from(status(&failure)) == expected_status;
        if !same {
            let root = &object["root_cause"][0]["reason"];
            wrong.push(format!(
                "{body}\n  expected {line}\n  got      {error} root {root} {of_an_index}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        lines.len(),
        wrong.join("\n")
    );
}

#[test]
fn names_of_queries_and_members_are_told_with_what_may_have_been_meant() {
    let (failure, _) = refusal(r#"{"query":{"mach":{}}}"#).unwrap();
    assert_eq!(failure.reason, "unknown query [mach] did you mean [match]?");
}
