//! What many queries share: weight and name, the one field that they are about, the sort of rewriting.

use super::super::context::{Context, refused};
use super::boost::negative_boost;
use crate::json::{Kind, Member, Node};
use crate::reading::{Fault, Read, content, illegal, in_field, not_served, number_format, parsing};
use document::{Analyzer, Cause, Failure};
use query::{Distance, MinimumShouldMatch, Operator, Query};
use std::borrow::Cow;

/// The weight and the name that every query may have.
#[derive(Debug, Default)]
pub(super) struct Common {
    pub(super) boost: Option<f32>,
    name: Option<String>,
}

impl Common {
    /// Takes a member if it is the weight or the name; answers whether it was.
    pub(super) fn take(&mut self, context: &Context<'_>, member: &Member<'_>) -> Read<bool> {
        match member.name.as_ref() {
            "boost" => self.boost = Some(context.reader.float(&member.value)?),
            "_name" => {
                let name = context.reader.text_or_null(&member.value)?;
                self.name = name.map(|name| name.into_owned());
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Takes a member as parsers do that say their own name with what is wrong.
    pub(super) fn take_of(
        &mut self,
        context: &Context<'_>,
        parser: &str,
        member: &Member<'_>,
    ) -> Read<bool> {
        match member.name.as_ref() {
            "boost" => self.boost = Some(context.reader.field_float(parser, member)?),
            "_name" => self.name = Some(context.reader.field_text(parser, member)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Gives a query the weight and the name.
    pub(super) fn give(self, query_name: &str, node: &Node<'_>, query: Query) -> Read<Query> {
        let boost = self.checked_boost(query_name, node)?;
        let weighted = match boost {
            Some(factor) if factor != 1.0 => Query::Boost {
                query: Box::new(query),
                factor,
            },
            _ => query,
        };
        Ok(self.name(weighted))
    }

    /// Gives a query the name alone.
    pub(super) fn name(self, query: Query) -> Query {
        match self.name {
            Some(name) => Query::Named {
                name,
                query: Box::new(query),
            },
            None => query,
        }
    }

    /// The name.
    pub(super) fn into_name(self) -> Option<String> {
        self.name
    }

    /// The weight, which is not negative.
    pub(super) fn checked_boost(&self, query_name: &str, node: &Node<'_>) -> Read<Option<f32>> {
        if self.boost.is_none_or(|boost| boost >= 0.0) {
            return Ok(self.boost);
        }
        let refusal = negative_boost(query_name, node);
        let members = node.members().unwrap_or_default();
        let given = members.iter().find(|member| member.name == "boost");
        let at = given.map_or(node.end, |member| member.value.at);
        let plain = Fault {
            failure: refusal,
            at,
        };
        // Parsers that are made of a table of members say of which member something is wrong.
        match query_name {
            "match_all" | "ids" => in_field(query_name, "boost", Err(plain)).map_err(told_again),
            "bool" => in_field(query_name, "boost", Err(plain)),
            "knn" => {
                let part = content(at, "[knn] failed to parse field [boost]").failure;
                let built = content(
                    at,
                    "failed to build [knn] after last required field arrived",
                );
                let failure = built.failure.caused_by(part.caused_by(plain.failure));
                Err(Fault { failure, at })
            }
            "script_score" => {
                let built = "Failed to build [script_score] after last required field arrived";
                let built = Failure::new(Cause::ContentParsing, built);
                Err(Fault {
                    failure: built.caused_by(plain.failure),
                    at: node.end,
                })
            }
            _ => Err(plain),
        }
    }
}

/// Says a fault once more as the parsers of some queries do: with the place at which they stood.
pub(super) fn told_again(fault: Fault) -> Fault {
    Fault {
        failure: parsing(fault.at, fault.failure.reason.clone())
            .failure
            .caused_by(fault.failure),
        at: fault.at,
    }
}

/// Reads the members of an object as parsers see them that look at every token: each item of a list as if it were the
/// member's value, and null as nothing.
pub(super) fn seen<'n, 'a>(node: &'n Node<'a>) -> Vec<Cow<'n, Member<'a>>> {
    let mut members = Vec::new();
    for member in node.members().unwrap_or_default() {
        match &member.value.kind {
            Kind::Null => {}
            Kind::Array(items) => see(member, items, &mut members),
            _ => members.push(Cow::Borrowed(member)),
        }
    }
    members
}

fn see<'n, 'a>(
    member: &'n Member<'a>,
    items: &'n [Node<'a>],
    members: &mut Vec<Cow<'n, Member<'a>>>,
) {
    for item in items {
        match &item.kind {
            Kind::Null => {}
            Kind::Array(items) => see(member, items, members),
            _ => members.push(Cow::Owned(Member {
                name: member.name.clone(),
                at: member.at,
                value: item.clone(),
            })),
        }
    }
}

/// Makes the fault of a member that a query does not know.
pub(super) fn unsupported(query_name: &str, member: &Member<'_>) -> Fault {
    parsing(
        member.value.at,
        format!("[{query_name}] query does not support [{}]", member.name),
    )
}

/// The field of a query that is about one field alone: its name, and what is said of it.
pub(super) fn one_field<'n, 'a>(
    query_name: &str,
    node: &'n Node<'a>,
) -> Read<Option<&'n Member<'a>>> {
    let members = node.members().unwrap_or_default();
    if let [first, second, ..] = members {
        return Err(parsing(
            second.value.at,
            format!(
                "[{query_name}] query doesn't support multiple fields, found [{}] and [{}]",
                first.name, second.name
            ),
        ));
    }
    Ok(members.first())
}

/// Makes the fault of a query without a field.
pub(super) fn no_field(node: &Node<'_>) -> Fault {
    illegal(node.end, "field name is null or empty")
}

/// Reads `and` or `or`.
pub(super) fn operator(context: &Context<'_>, node: &Node<'_>) -> Read<Operator> {
    operator_named(&context.reader.text(node)?).map_err(|failure| Fault {
        failure,
        at: node.at,
    })
}

/// Reads `and` or `or` in any case.
pub(in super::super) fn operator_named(text: &str) -> Result<Operator, Failure> {
    match text.to_uppercase().as_str() {
        "AND" => Ok(Operator::And),
        "OR" => Ok(Operator::Or),
        other => Err(Failure::illegal_argument(format!(
            "No enum constant org.elasticsearch.index.query.Operator.{other}"
        ))),
    }
}

/// Reads how many of several clauses must match.
pub(super) fn minimum_should_match(
    context: &Context<'_>,
    node: &Node<'_>,
) -> Read<Option<MinimumShouldMatch>> {
    let text = context.reader.text_or_null(node)?;
    Ok(text.map(MinimumShouldMatch::new))
}

/// Reads the name of an analyzer.
pub(super) fn analyzer(
    context: &Context<'_>,
    query_name: &str,
    node: &Node<'_>,
) -> Read<Option<Analyzer>> {
    let Some(name) = context.reader.text_or_null(node)? else {
        return Ok(None);
    };
    analyzer_named(query_name, &name)
        .map(Some)
        .map_err(|failure| Fault {
            failure,
            at: node.at,
        })
}

/// Finds an analyzer by its name.
pub(in super::super) fn analyzer_named(query_name: &str, name: &str) -> Result<Analyzer, Failure> {
    let known = [
        Analyzer::Standard,
        Analyzer::Simple,
        Analyzer::Whitespace,
        Analyzer::Keyword,
        Analyzer::Filename,
    ];
    let found = known.into_iter().find(|analyzer| analyzer.name() == name);
    found.ok_or_else(|| {
        let reason = format!("[{query_name}] analyzer [{name}] not found");
        Failure::new(Cause::QueryShard, reason)
    })
}

/// Reads how many letters may differ: 0 to 2, `AUTO` or `AUTO:low,high`.
pub(super) fn distance(context: &Context<'_>, node: &Node<'_>) -> Read<Distance> {
    let text = context.reader.text(node)?;
    let at = node.at;
    let upper = text.to_uppercase();
    if upper == "AUTO" {
        return Ok(Distance::default());
    }
    if let Some(bounds) = upper.strip_prefix("AUTO:") {
        let parts: Vec<&str> = bounds.split(',').collect();
        let [low, high] = parts.as_slice() else {
            let reason = "failed to find low and high distance values";
            return Err(crate::reading::fault(at, Cause::Parse, reason));
        };
        let bound = |text: &str| {
            text.trim().parse::<u32>().map_err(|_| Fault {
                failure: number_format(text),
                at,
            })
        };
        let (low, high) = (bound(low)?, bound(high)?);
        if low > high {
            return Err(illegal(
                at,
                format!(
                    "fuzziness wrongly configured [lowDistance] is greater than [highDistance] in [{text}]"
                ),
            ));
        }
        return Ok(Distance::Auto { low, high });
    }
    let Ok(number) = upper.parse::<f32>() else {
        let failure = Failure::illegal_argument(format!("fuzziness cannot be [{text}]."))
            .caused_by(number_format(&upper));
        return Err(Fault { failure, at });
    };
    // What is behind a point is cut off, as an int cast of Java does.
    match number as i32 {
        0 => Ok(Distance::Letters(0)),
        1 => Ok(Distance::Letters(1)),
        2 => Ok(Distance::Letters(2)),
        _ => Err(illegal(
            at,
            format!("Valid edit distances are [0, 1, 2] but was [{text}]"),
        )),
    }
}

/// Reads a whole number that is not negative.
pub(super) fn natural(
    context: &Context<'_>,
    node: &Node<'_>,
    reason: impl FnOnce(i32) -> String,
) -> Read<u32> {
    let number = context.reader.int(node)?;
    u32::try_from(number).map_err(|_| illegal(node.at, reason(number)))
}

/// Checks how a query over many terms is to be rewritten: what gives every match the same score is what is done.
pub(super) fn rewrite(context: &Context<'_>, query_name: &str, node: &Node<'_>) -> Read<()> {
    let Some(method) = context.reader.text_or_null(node)? else {
        return Ok(());
    };
    let numbered = |prefix: &str| {
        let rest = method.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.parse::<u32>().is_ok())
    };
    match method.as_ref() {
        "constant_score" | "constant_score_boolean" | "constant_score_blended" => Ok(()),
        // Terms that are near a fuzzy one count by how near they are, as they do here.
        _ if query_name == "fuzzy" && numbered("top_terms_blended_freqs_") => Ok(()),
        "scoring_boolean" => Err(not_served(
            node.at,
            &format!("rewrite [{method}] of [{query_name}]"),
        )),
        _ if ["top_terms_", "top_terms_boost_", "top_terms_blended_freqs_"]
            .into_iter()
            .any(numbered) =>
        {
            Err(not_served(
                node.at,
                &format!("rewrite [{method}] of [{query_name}]"),
            ))
        }
        _ => Err(refused(
            node.at,
            Failure::illegal_argument(format!("Failed to parse rewrite_method [{method}]")),
        )),
    }
}

/// Makes the fault of a value that is neither a scalar nor anything else that a query takes.
pub(super) fn unknown_token(query_name: &str, member: &Member<'_>) -> Fault {
    parsing(
        member.value.at,
        format!(
            "[{query_name}] unknown token [{}] after [{}]",
            member.value.token(),
            member.name
        ),
    )
}

/// Whether a value is null.
pub(super) fn is_null(node: &Node<'_>) -> bool {
    node.kind == Kind::Null
}
