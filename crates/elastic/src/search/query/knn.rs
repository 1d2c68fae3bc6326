//! Searches for the nearest vectors, as a query and at the top of a body.

use super::super::context::{Context, refused};
use super::boost::negative_boost;
use super::common::Common;
use super::compound::queries;
use super::inner_hits;
use crate::json::{Kind, Member, Node};
use crate::reading::{
    Fault, Read, content, fault, illegal, in_field, not_served, parsing, unknown_field, wrong_sort,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use document::{Cause, Failure, Phase};
use query::{Bool, Knn, Query};

/// How many candidates may be looked at, and so how many hits there can be.
const MAX_CANDIDATES: i32 = 10_000;

/// What a search for the nearest says.
#[derive(Default)]
struct Said {
    field: Option<String>,
    vector: Option<Vec<f32>>,
    k: Option<i32>,
    num_candidates: Option<i32>,
    similarity: Option<f32>,
    filter: Vec<Query>,
    common: Common,
    inner_hits: Option<query::InnerHits>,
}

pub(super) fn knn(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let said = said(context, node, false)?;
    let field = required_field(node, said.field.as_deref())?;
    let built = |reason: &str| {
        // The parser makes the query when the last thing that it needs is there, and says so.
        let failure = Failure::new(
            Cause::ContentParsing,
            "Failed to build [knn] after last required field arrived",
        );
        Fault {
            failure: failure.caused_by(Failure::illegal_argument(reason)),
            at: node.end,
        }
    };
    let Some(vector) = said.vector else {
        return Err(built(
            "either [query_vector] or [query_vector_builder] must be provided",
        ));
    };
    check_counts(said.k, said.num_candidates).map_err(|reason| built(&reason))?;
    let size = i32::try_from(context.size).unwrap_or(i32::MAX);
    let num_candidates = said
        .num_candidates
        .unwrap_or_else(|| candidates_for(said.k.unwrap_or(size)));
    let k = said.k.unwrap_or(size.min(num_candidates));
    if num_candidates < 1 {
        let reason = format!("k must be at least 1, got: {k}");
        return Err(refused(node.end, Failure::illegal_argument(reason)));
    }
    let boost = said.common.checked_boost("knn", node)?;
    let knn = Knn {
        num_candidates: natural(num_candidates.max(k)),
        similarity: said.similarity,
        filter: one(said.filter),
        boost: boost.unwrap_or(1.0),
        name: said.common.into_name().unwrap_or_default(),
        ..Knn::new(&field, vector, natural(k))
    };
    Ok(Query::Knn(Box::new(knn)))
}

/// Reads the member `knn` of a body: a search for the nearest, or a list of them.
pub(in super::super) fn top_level(context: &Context<'_>, node: &Node<'_>) -> Read<Vec<Knn>> {
    match &node.kind {
        Kind::Array(items) => items
            .iter()
            .map(|item| match item.kind {
                Kind::Object(_) => one_at_top(context, item),
                _ => Err(content(item.at, &format!("malformed knn format, within the knn search array only objects are allowed; found {}", item.token()),
                )),
            })
            .collect(),
        _ => Ok(vec![one_at_top(context, node)?]),
    }
}

fn one_at_top(context: &Context<'_>, node: &Node<'_>) -> Read<Knn> {
    let said = said(context, node, true)?;
    let field = required_field(node, said.field.as_deref())?;
    let Some(vector) = said.vector else {
        return Err(illegal(
            node.end,
            "either [query_vector_builder] or [query_vector] must be provided",
        ));
    };
    let k = said
        .k
        .unwrap_or_else(|| i32::try_from(context.size).unwrap_or(i32::MAX));
    let num_candidates = said.num_candidates.unwrap_or_else(|| candidates_for(k));
    check_counts(Some(k), Some(num_candidates)).map_err(|reason| illegal(node.end, reason))?;
    let boost = said.common.boost;
    if boost.is_some_and(|boost| boost < 0.0) {
        let refusal = negative_boost("knn", node).in_phase(Phase::Nearest);
        context.refuse_later(refusal);
    }
    Ok(Knn {
        num_candidates: natural(num_candidates),
        similarity: said.similarity,
        filter: one(said.filter),
        boost: boost.unwrap_or(1.0),
        inner_hits: said.inner_hits.map(Box::new),
        name: said.common.into_name().unwrap_or_default(),
        ..Knn::new(&field, vector, natural(k))
    })
}

fn required_field(node: &Node<'_>, field: Option<&str>) -> Read<String> {
    field
        .map(str::to_owned)
        .ok_or_else(|| illegal(node.end, "Required [field]"))
}

fn natural(number: i32) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// One and a half candidates for each hit.
fn candidates_for(k: i32) -> i32 {
    let candidates = (1.5 * f64::from(k)).min(f64::from(MAX_CANDIDATES));
    // Rounded as Java does: a half goes up.
    (candidates + 0.5).floor() as i32
}

fn check_counts(k: Option<i32>, num_candidates: Option<i32>) -> Result<(), String> {
    if k.is_some_and(|k| k < 1) {
        return Err("[k] must be greater than 0".to_owned());
    }
    let Some(candidates) = num_candidates else {
        return Ok(());
    };
    if candidates > MAX_CANDIDATES {
        return Err(format!("[num_candidates] cannot exceed [{MAX_CANDIDATES}]"));
    }
    if k.is_some_and(|k| candidates < k) {
        return Err("[num_candidates] cannot be less than [k]".to_owned());
    }
    Ok(())
}

fn one(mut filter: Vec<Query>) -> Option<Box<Query>> {
    let query = match filter.len() {
        0 => return None,
        1 => filter.remove(0),
        _ => Query::Bool(Bool {
            filter,
            ..Bool::default()
        }),
    };
    Some(Box::new(query))
}

fn said(context: &Context<'_>, node: &Node<'_>, top: bool) -> Read<Said> {
    let known = [
        "field",
        "k",
        "num_candidates",
        "query_vector",
        "query_vector_builder",
        "similarity",
        "filter",
        "boost",
        "_name",
        "rescore_vector",
        "visit_percentage",
    ];
    let mut said = Said::default();
    let mut hits = None;
    if node.members().is_none() {
        return Err(content(
            node.at,
            &format!("[knn] Expected START_OBJECT but was: {}", node.token()),
        ));
    }
    for member in node.members().unwrap_or_default() {
        if top && member.name == "inner_hits" {
            hits = Some(member);
        } else if !take(context, member, &mut said)? {
            return Err(unknown_field("knn", member, &known));
        }
    }
    if let Some(member) = hits {
        if member.value.members().is_none() {
            return Err(wrong_sort("knn", "inner_hits", &member.value));
        }
        // Without a name they are called after the nested field, which only the mapping knows.
        let read = inner_hits(context, &member.value, "");
        said.inner_hits = Some(in_field("knn", "inner_hits", read)?);
    }
    Ok(said)
}

fn take(context: &Context<'_>, member: &Member<'_>, said: &mut Said) -> Read<bool> {
    let reader = context.reader;
    let value = &member.value;
    let name = member.name.as_ref();
    match name {
        "field" => match value.kind {
            Kind::String(_) => said.field = Some(reader.text(value)?.into_owned()),
            _ => return Err(wrong_sort("knn", name, value)),
        },
        "query_vector" if matches!(value.kind, Kind::Bool(_) | Kind::Null) => {
            return Err(wrong_sort("knn", name, value));
        }
        "query_vector" => said.vector = Some(in_field("knn", name, vector(context, value))?),
        "query_vector_builder" => match value.members() {
            Some(members) => return in_field("knn", name, Err(builder(value, members))),
            None => return Err(wrong_sort("knn", name, value)),
        },
        "k" => said.k = Some(context.reader.field_int("knn", member)?),
        "num_candidates" => {
            said.num_candidates = Some(context.reader.field_int("knn", member)?);
        }
        "similarity" => said.similarity = Some(context.reader.field_float("knn", member)?),
        "filter" => match value.kind {
            Kind::Array(_) | Kind::Object(_) => {
                said.filter = in_field("knn", name, queries(context, value))?;
            }
            _ => return Err(wrong_sort("knn", name, value)),
        },
        "rescore_vector" if value.members().is_none() => {
            return Err(wrong_sort("knn", name, value));
        }
        // Vectors are compared as they are, so there is nothing to score once more.
        "rescore_vector" => in_field("knn", name, rescore(context, value))?,
        "visit_percentage" => {
            context.reader.field_float("knn", member)?;
        }
        _ => return said.common.take_of(context, "knn", member),
    }
    Ok(true)
}

/// Says of what makes a vector that it is not known, or not served.
fn builder(node: &Node<'_>, members: &[Member<'_>]) -> Fault {
    const PARSER: &str = "query_vector_builder";
    // The parser has gone on to the first name.
    let (name, at) = match members.first() {
        Some(first) => (first.name.as_ref(), first.at),
        None => (PARSER, node.end),
    };
    let refusal = match name {
        "embedding" | "lookup" | "text_embedding" => {
            let what = format!("[{PARSER}.{name}]: bring the vector as [query_vector]; a builder");
            not_served(at, &what)
        }
        _ => fault(
            at,
            Cause::ContentParsing,
            "unknown named object category [org.elasticsearch.search.vectors.QueryVectorBuilder]",
        ),
    };
    let outer = content(at, &format!("[{PARSER}] failed to parse field [{name}]"));
    Fault {
        failure: outer.failure.caused_by(refusal.failure),
        at,
    }
}

fn rescore(context: &Context<'_>, node: &Node<'_>) -> Read<()> {
    let mut oversample = None;
    for member in node.members().unwrap_or_default() {
        if member.name != "oversample" {
            return Err(unknown_field("rescore_vector", member, &["oversample"]));
        }
        let read = context.reader.float(&member.value);
        let value = in_field("rescore_vector", "oversample", read)?;
        if value != 0.0 && !(value >= 1.0 && value.is_finite()) {
            let built = Failure::new(
                Cause::ContentParsing,
                "Failed to build [rescore_vector] after last required field arrived",
            );
            let reason = Failure::illegal_argument("[oversample] must be >= 1.0 or 0");
            let wrong = Fault {
                failure: built.caused_by(reason),
                at: member.value.at,
            };
            return in_field("rescore_vector", "oversample", Err(wrong));
        }
        oversample = Some(value);
    }
    match oversample {
        Some(_) => Ok(()),
        None => Err(illegal(node.end, "Required [oversample]")),
    }
}

/// Reads a vector: numbers, bytes in hexadecimal digits, or base64 of numbers of 32 bits, the highest byte first.
fn vector(context: &Context<'_>, node: &Node<'_>) -> Read<Vec<f32>> {
    match &node.kind {
        Kind::Array(items) => {
            let number = |item: &Node<'_>| match item.kind {
                Kind::Number(_) | Kind::String(_) => context.reader.float(item),
                _ => Err(parsing(
                    item.at,
                    format!("Type [{}] not supported for query vector", item.token()),
                )),
            };
            items.iter().map(number).collect()
        }
        Kind::String(text) => encoded(text).map_err(|failure| Fault {
            failure,
            at: node.at,
        }),
        Kind::Number(_) => Ok(vec![context.reader.float(node)?]),
        _ => Err(parsing(
            node.at,
            format!("Unknown type [{}] for parsing vector", node.token()),
        )),
    }
}

fn encoded(text: &str) -> Result<Vec<f32>, Failure> {
    let bytes = text.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    match bytes.iter().find(|byte| digit(**byte).is_none()) {
        None if bytes.len().is_multiple_of(2) => Ok(bytes
            .chunks_exact(2)
            .map(|pair| {
                let value = pair.iter().filter_map(|byte| digit(*byte));
                let byte = value.fold(0, |sum, digit| sum * 16 + digit) as u8;
                f32::from(byte.cast_signed())
            })
            .collect()),
        None => {
            let reason = format!("string length not even: {}", bytes.len());
            Err(Failure::illegal_argument(reason))
        }
        Some(wrong) => {
            let decoded = STANDARD.decode(bytes).unwrap_or_default();
            if decoded.is_empty() || !decoded.len().is_multiple_of(4) {
                let shown = char::from(*wrong);
                let reason = format!("not a hexadecimal digit: \"{shown}\" = {wrong}");
                return Err(Failure::new(Cause::NumberFormat, reason));
            }
            let number = |four: &[u8]| four.try_into().ok().map(f32::from_be_bytes);
            Ok(decoded.chunks_exact(4).filter_map(number).collect())
        }
    }
}
