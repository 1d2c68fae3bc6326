//! Failures as clients read them.

use document::{Cause, Failure, Phase};
use serde_json::{Map, Value, json};

/// The most buckets that an answer has.
const MAX_BUCKETS: u32 = 65_536;

/// The status of a failure's answer.
pub fn status(failure: &Failure) -> u16 {
    match failure.cause {
        Cause::IndexNotFound
        | Cause::NoAlias
        | Cause::DocumentMissing
        | Cause::TypeMissing
        | Cause::ResourceNotFound => 404,
        Cause::VersionConflict => 409,
        Cause::TooManyBuckets => 400,
        Cause::Unavailable => 503,
        Cause::Corrupt | Cause::Internal => 500,
        _ => 400,
    }
}

/// The name of a failure's type.
fn type_name(cause: Cause) -> &'static str {
    match cause {
        Cause::Parsing => "parsing_exception",
        Cause::Parse | Cause::QuerySyntax => "parse_exception",
        Cause::ContentParsing => "x_content_parse_exception",
        Cause::ContentEnd => "x_content_e_o_f_exception",
        Cause::JsonParsing => "json_parse_exception",
        Cause::NumberRange => "input_coercion_exception",
        Cause::JsonEnd => "json_e_o_f_exception",
        Cause::IllegalArgument => "illegal_argument_exception",
        Cause::NumberFormat => "number_format_exception",
        Cause::DateFormat => "date_time_parse_exception",
        Cause::TimeZone => "zone_rules_exception",
        Cause::Validation => "action_request_validation_exception",
        Cause::Parameters => "validation_exception",
        Cause::MediaType => "media_type_header_exception",
        Cause::Status => "status_exception",
        Cause::MapperParsing => "mapper_parsing_exception",
        Cause::DocumentParsing => "document_parsing_exception",
        Cause::StrictDynamicMapping => "strict_dynamic_mapping_exception",
        Cause::IndexNotFound | Cause::NoAlias => "index_not_found_exception",
        Cause::RoutingMissing => "routing_missing_exception",
        Cause::IndexExists => "resource_already_exists_exception",
        Cause::IndexName => "invalid_index_name_exception",
        Cause::DocumentMissing => "document_missing_exception",
        Cause::TypeMissing => "type_missing_exception",
        Cause::ResourceNotFound => "resource_not_found_exception",
        Cause::VersionConflict => "version_conflict_engine_exception",
        Cause::QueryShard => "query_shard_exception",
        Cause::AggregationPath => "invalid_path",
        Cause::TooManyClauses => "too_many_clauses",
        Cause::TooManyBuckets => "too_many_buckets_exception",
        Cause::NamedObjectNotFound => "named_object_not_found_exception",
        Cause::Script => "script_exception",
        Cause::NullPointer => "null_pointer_exception",
        Cause::IllegalState => "illegal_state_exception",
        Cause::Arithmetic => "arithmetic_exception",
        Cause::ClassCast => "class_cast_exception",
        Cause::IndexOutOfBounds => "index_out_of_bounds_exception",
        Cause::Stopped => "task_cancelled_exception",
        Cause::Corrupt => "corrupt_index_exception",
        Cause::Unavailable => "unavailable_shards_exception",
        Cause::Internal => "exception",
    }
}

/// Whether a failure is one of Elasticsearch's own types rather than one of Java's: only those count as root causes.
fn is_own(cause: Cause) -> bool {
    !matches!(
        cause,
        Cause::IllegalArgument
            | Cause::Parameters
            | Cause::MediaType
            | Cause::NumberFormat
            | Cause::DateFormat
            | Cause::TimeZone
            | Cause::ContentParsing
            | Cause::ContentEnd
            | Cause::NamedObjectNotFound
            | Cause::NumberRange
            | Cause::JsonParsing
            | Cause::JsonEnd
            | Cause::NullPointer
            | Cause::IllegalState
            | Cause::Arithmetic
            | Cause::ClassCast
            | Cause::IndexOutOfBounds
            | Cause::QuerySyntax
    )
}

/// The deepest failure of the chain that counts as a root cause. What is wrong with a part of a request's JSON is told
/// by what lies beneath it, where that is of Elasticsearch's own types or itself about a part.
fn root_cause(failure: &Failure) -> &Failure {
    let is_part =
        |cause: Cause| matches!(cause, Cause::ContentParsing | Cause::NamedObjectNotFound);
    match &failure.caused_by {
        Some(cause)
            if is_part(failure.cause) && (is_own(cause.cause) || is_part(cause.cause))
                || is_own(failure.cause) && is_own(cause.cause) =>
        {
            root_cause(cause)
        }
        _ => failure,
    }
}

/// Writes what a failure is, without what lies beneath.
fn plain_members(failure: &Failure) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("type".to_owned(), type_name(failure.cause).into());
    let reason = match (failure.cause, &failure.index) {
        // Whoever finds it out says it in words of its own.
        (Cause::IndexNotFound, Some(index)) => format!("no such index [{index}]"),
        _ => failure.reason.clone(),
    };
    out.insert("reason".to_owned(), reason.into());
    if let Some((line, column)) = failure.at {
        out.insert("line".to_owned(), line.into());
        out.insert("col".to_owned(), column.into());
    }
    if let Some(trace) = &failure.script {
        out.insert("script_stack".to_owned(), json!(trace.stack));
        out.insert("script".to_owned(), trace.script.as_str().into());
        out.insert("lang".to_owned(), "painless".into());
        if let Some((offset, start, end)) = trace.position {
            let position = json!({ "offset": offset, "start": start, "end": end });
            out.insert("position".to_owned(), position);
        }
    }
    if failure.cause == Cause::TooManyBuckets {
        out.insert("max_buckets".to_owned(), MAX_BUCKETS.into());
    }
    // Failures of Java's own types name no index.
    let Some(index) = failure.index.as_ref().filter(|_| is_own(failure.cause)) else {
        return out;
    };
    match failure.cause {
        Cause::IndexNotFound => {
            out.insert("resource.type".to_owned(), "index_or_alias".into());
            out.insert("resource.id".to_owned(), index.as_str().into());
        }
        Cause::VersionConflict | Cause::DocumentMissing => {
            out.insert("shard".to_owned(), "0".into());
        }
        _ => {}
    }
    let uuid = failure.index_uuid.as_deref().unwrap_or("_na_");
    out.insert("index_uuid".to_owned(), uuid.into());
    out.insert("index".to_owned(), index.as_str().into());
    out
}

/// Writes a failure with what lies beneath it, as items of a bulk carry it.
pub fn error_members(failure: &Failure) -> Map<String, Value> {
    let mut out = plain_members(failure);
    if let Some(cause) = &failure.caused_by {
        out.insert("caused_by".to_owned(), Value::Object(error_members(cause)));
    }
    out
}

/// Writes a failure with its root cause, as the items of `_mget` and `_msearch` carry it.
pub fn error_object(failure: &Failure) -> Map<String, Value> {
    let mut out = Map::new();
    let root = plain_members(root_cause(failure));
    out.insert("root_cause".to_owned(), json!([root]));
    out.extend(error_members(failure));
    out
}

/// Writes the answer that a failure becomes.
pub fn error_answer(failure: &Failure) -> Value {
    json!({ "error": error_object(failure), "status": status(failure) })
}

/// Writes one of the shards that could not be searched; shards that fail alike are one.
pub(crate) fn failed_shard(index: &str, failure: &Failure) -> Value {
    let reason = error_members(failure);
    json!({ "shard": 0, "index": index, "node": "eidetic", "reason": reason })
}

/// Writes the `error` of a search that failed while it ran, as Elasticsearch tells what its shards say.
pub fn search_error_object(failure: &Failure, index: &str) -> Map<String, Value> {
    let in_index;
    let failure = match (failure.cause, &failure.index) {
        // Whoever read the query knew no index.
        (Cause::QueryShard, None) => {
            in_index = failure.clone().in_index(index);
            &in_index
        }
        _ => failure,
    };
    // What concerns the request as a whole is told as it is.
    if failure.phase == Phase::Request {
        return error_object(failure);
    }
    if matches!(
        failure.cause,
        Cause::IndexNotFound
            | Cause::Parsing
            | Cause::Validation
            | Cause::Unavailable
            | Cause::Corrupt
            | Cause::Internal
    ) {
        return error_object(failure);
    }
    let mut out = Map::new();
    let reason = error_members(failure);
    if failure.phase == Phase::Merge {
        // No index failed, and hits were about to be fetched.
        out.insert("root_cause".to_owned(), json!([]));
        out.insert("type".to_owned(), "search_phase_execution_exception".into());
        out.insert("reason".to_owned(), "".into());
        out.insert("phase".to_owned(), "fetch".into());
        out.insert("grouped".to_owned(), true.into());
        out.insert("failed_shards".to_owned(), json!([]));
        out.insert("caused_by".to_owned(), Value::Object(reason));
        return out;
    }
    let phase = match failure.phase {
        Phase::Nearest => "dfs",
        Phase::Request | Phase::Index | Phase::Merge => "query",
    };
    let root = root_cause(failure);
    out.insert("root_cause".to_owned(), json!([plain_members(root)]));
    out.insert("type".to_owned(), "search_phase_execution_exception".into());
    out.insert("reason".to_owned(), "all shards failed".into());
    out.insert("phase".to_owned(), phase.into());
    out.insert("grouped".to_owned(), true.into());
    out.insert(
        "failed_shards".to_owned(),
        json!([failed_shard(index, failure)]),
    );
    if !std::ptr::eq(root, failure) {
        let cause = error_members(root);
        out.insert("caused_by".to_owned(), Value::Object(cause));
    } else if !is_own(failure.cause) {
        let mut cause = reason;
        cause.insert(
            "caused_by".to_owned(),
            Value::Object(error_members(failure)),
        );
        out.insert("caused_by".to_owned(), Value::Object(cause));
    }
    out
}
