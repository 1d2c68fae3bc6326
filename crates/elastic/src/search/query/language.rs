//! The query_string language with its parameters, in a body and in an address.

use super::super::context::{Context, refused};
use super::common::{
    Common, analyzer, distance, minimum_should_match, natural, operator, rewrite, unknown_token,
    unsupported,
};
use super::multi_match::{match_type, weighted};
use crate::json::{Kind, Member, Node};
use crate::reading::{Read, fault, not_served, parsing};
use document::{Analyzer, Cause, Failure};
use query::{
    Bool, DateReading, Distance, Fuzziness, MatchType, MinimumShouldMatch, Query, QueryString,
    QueryStringError,
};

/// What is said besides the text itself.
#[derive(Debug)]
pub(in super::super) struct Language {
    pub(in super::super) read: QueryString,
    pub(in super::super) analyzer: Option<Analyzer>,
    /// Whether a text that a field's type cannot be matches nothing; none = where no field is named.
    pub(in super::super) lenient: Option<bool>,
    pub(in super::super) minimum_should_match: Option<MinimumShouldMatch>,
    pub(in super::super) kind: MatchType,
    pub(in super::super) tie_breaker: Option<f32>,
    pub(in super::super) phrase_slop: u32,
    pub(in super::super) fuzziness: Fuzziness,
    pub(in super::super) time_zone: Option<String>,
    pub(in super::super) escape: bool,
}

impl Default for Language {
    fn default() -> Self {
        Self {
            read: QueryString {
                whole_texts: true,
                ..QueryString::default()
            },
            analyzer: None,
            lenient: None,
            minimum_should_match: None,
            kind: MatchType::default(),
            tie_breaker: None,
            phrase_slop: 0,
            fuzziness: Fuzziness::default(),
            time_zone: None,
            escape: false,
        }
    }
}

/// Reads what somebody typed.
///
/// # Errors
/// When it breaks the rules of the language, in the words of an index that cannot make the query.
pub(in super::super) fn typed(
    language: &Language,
    text: &str,
    dates: &DateReading,
) -> Result<Query, Failure> {
    let escaped;
    let text = if language.escape {
        escaped = escape(text);
        &escaped
    } else {
        text
    };
    let mut query = language.read.parse(text).map_err(|error| {
        if let QueryStringError::Fuzziness { got, .. } = &error {
            return unknown_distance(got);
        }
        let reason = format!("Failed to parse query [{text}]");
        let cause = Failure::new(
            Cause::QuerySyntax,
            format!("Cannot parse '{text}': {error}"),
        );
        Failure::new(Cause::QueryShard, reason).caused_by(cause)
    })?;
    adjust(&mut query, language, dates, true);
    if let Some(minimum) = &language.minimum_should_match {
        match &mut query {
            Query::Bool(whole) => whole.minimum_should_match = Some(minimum.clone()),
            Query::Match { options, .. } => {
                options.minimum_should_match = Some(minimum.clone());
            }
            // Of a text in several fields the best one counts, and there is nothing of which some must match.
            Query::MultiMatch {
                fields, options, ..
            } if fields.len() == 1 => {
                options.minimum_should_match = Some(minimum.clone());
            }
            _ => {}
        }
    }
    Ok(query)
}

impl Language {
    /// The share of the scores that are not the best, where one thing is sought in several fields.
    fn tie_breaker(&self) -> f32 {
        self.tie_breaker.unwrap_or(match self.kind {
            MatchType::MostFields | MatchType::BoolPrefix => 1.0,
            _ => 0.0,
        })
    }

    fn is_lenient(&self) -> bool {
        let fields = &self.read.default_fields;
        let everywhere = fields.is_empty() || fields.iter().any(|(field, _)| field == "*");
        self.lenient.unwrap_or(everywhere)
    }
}

/// Makes the failure of a number of typing errors that is none of 0, 1 and 2.
fn unknown_distance(got: &str) -> Failure {
    let reason = match got.parse::<f32>() {
        Ok(number) if number.fract() != 0.0 => {
            format!("fuzziness needs to be one of 0.0, 1.0 or 2.0 but was {got}")
        }
        _ => format!("Valid edit distances are [0, 1, 2] but was [{got}]"),
    };
    let whole = format!("failed to create query: {reason}");
    Failure::new(Cause::QueryShard, whole).caused_by(Failure::illegal_argument(reason))
}

/// Puts a backslash before every character that means something.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if r#"\+-!():^[]"{}~*?|&/"#.contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// Tells every part of a query what the language's parser does not know; `alone` says that it is no part of a query that
/// is asked of several fields.
fn adjust(query: &mut Query, language: &Language, dates: &DateReading, alone: bool) {
    let set = |options: &mut query::MatchOptions| {
        options.analyzer = language.analyzer;
        options.lenient = language.is_lenient();
    };
    match query {
        Query::Match { options, .. } | Query::MatchBoolPrefix { options, .. } => set(options),
        Query::MatchPhrase { options, slop, .. } => {
            set(options);
            if *slop == 0 {
                *slop = language.phrase_slop;
            }
        }
        Query::MultiMatch {
            options,
            kind,
            tie_breaker,
            ..
        } => {
            set(options);
            let shared = language.tie_breaker();
            *tie_breaker =
                tie_breaker.or(language.tie_breaker.or((shared > 0.0).then_some(shared)));
            if *kind == MatchType::BestFields {
                *kind = language.kind;
            }
            if let MatchType::Phrase { slop } | MatchType::PhrasePrefix { slop, .. } = kind
                && *slop == 0
            {
                *slop = language.phrase_slop;
            }
        }
        Query::Range { dates: read, .. } => {
            *read = DateReading {
                time_zone: language.time_zone.clone(),
                ..dates.clone()
            };
        }
        Query::Fuzzy { fuzziness, .. } => {
            if fuzziness.distance == Distance::default() {
                fuzziness.distance = language.fuzziness.distance;
            }
            fuzziness.prefix_length = language.fuzziness.prefix_length;
            fuzziness.max_expansions = language.fuzziness.max_expansions;
            fuzziness.transpositions = language.fuzziness.transpositions;
        }
        Query::Bool(Bool {
            must,
            filter,
            should,
            must_not,
            ..
        }) => {
            for inner in must.iter_mut().chain(filter).chain(should).chain(must_not) {
                adjust(inner, language, dates, true);
            }
        }
        Query::DisMax {
            queries,
            tie_breaker,
        } => {
            *tie_breaker = language.tie_breaker();
            queries
                .iter_mut()
                .for_each(|inner| adjust(inner, language, dates, false));
        }
        Query::Boost { query, .. } | Query::ConstantScore { query, .. } => {
            adjust(query, language, dates, alone);
        }
        _ => {}
    }
    let is_leaf = matches!(
        query,
        Query::Range { .. } | Query::Fuzzy { .. } | Query::Prefix { .. } | Query::Wildcard { .. }
    );
    if !is_leaf {
        return;
    }
    let is_pattern = match &*query {
        Query::Range { field, .. }
        | Query::Fuzzy { field, .. }
        | Query::Prefix { field, .. }
        | Query::Wildcard { field, .. } => field.contains('*'),
        _ => false,
    };
    if language.is_lenient() {
        let strict = std::mem::replace(query, Query::None);
        *query = Query::Lenient {
            query: Box::new(strict),
        };
    }
    if alone && is_pattern {
        let one = std::mem::replace(query, Query::None);
        *query = Query::DisMax {
            queries: vec![one],
            tie_breaker: language.tie_breaker(),
        };
    }
}

pub(super) fn query_string(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    let mut language = Language::default();
    let mut said = Said::default();
    for member in node.members().unwrap_or_default() {
        match &member.value.kind {
            Kind::Array(items) if member.name == "fields" => {
                for item in items {
                    said.fields.push(weighted(context, item)?);
                }
            }
            Kind::Array(_) | Kind::Object(_) => return Err(unsupported("query_string", member)),
            Kind::Null if member.name != "_name" => {
                return Err(unknown_token("query_string", member));
            }
            _ if member.name == "fields" => return Err(unsupported("query_string", member)),
            _ if common.take(context, member)? => {}
            _ => take(context, member, &mut language, &mut said)?,
        }
    }
    let Some(text) = said.text else {
        return Err(parsing(
            node.end,
            "[query_string] must be provided with a [query]",
        ));
    };
    if let Some(field) = said.default_field {
        if !said.fields.is_empty() {
            let failure = Failure::new(
                Cause::Validation,
                "Validation Failed: 1: [query_string] cannot use [fields] parameter in conjunction with [default_field];",
            );
            return Err(refused(node.end, failure));
        }
        if field != "*" {
            said.fields.push((field, 1.0));
        }
    }
    language.read.default_fields = said.fields;
    let query =
        typed(&language, &text, &context.dates()).map_err(|failure| crate::reading::Fault {
            failure,
            at: node.end,
        })?;
    common.give("query_string", node, query)
}

/// The text and the fields.
#[derive(Default)]
struct Said {
    text: Option<String>,
    default_field: Option<String>,
    fields: Vec<(String, f32)>,
}

fn take(
    context: &Context<'_>,
    member: &Member<'_>,
    language: &mut Language,
    said: &mut Said,
) -> Read<()> {
    let reader = context.reader;
    let value = &member.value;
    let name = member.name.as_ref();
    let refuse_false = |name: &str| -> Read<()> {
        match reader.bool(value)? {
            true => Ok(()),
            false => Err(not_served(
                value.at,
                &format!("[{name}: false] of [query_string]"),
            )),
        }
    };
    match name {
        "query" => said.text = value.value_text(),
        "default_field" => said.default_field = Some(reader.text(value)?.into_owned()),
        "default_operator" => language.read.default_operator = operator(context, value)?,
        "analyzer" => language.analyzer = analyzer(context, "query_string", value)?,
        "lenient" => language.lenient = Some(reader.bool(value)?),
        "minimum_should_match" => {
            language.minimum_should_match = minimum_should_match(context, value)?;
        }
        "tie_breaker" => language.tie_breaker = Some(reader.float(value)?),
        "phrase_slop" => {
            let refuse = |slop| format!("[phrase_slop] must not be negative, got [{slop}]");
            language.phrase_slop = natural(context, value, refuse)?;
        }
        "fuzzy_prefix_length" => {
            let refuse = |_| "fuzzy_prefix_length must not be negative".to_owned();
            language.fuzziness.prefix_length = natural(context, value, refuse)?;
        }
        "fuzzy_max_expansions" => {
            let refuse = |_| "fuzzy_max_expansions must not be negative".to_owned();
            language.fuzziness.max_expansions = natural(context, value, refuse)?;
        }
        "fuzzy_transpositions" => language.fuzziness.transpositions = reader.bool(value)?,
        "fuzziness" => language.fuzziness.distance = distance(context, value)?,
        "time_zone" => language.time_zone = Some(reader.text(value)?.into_owned()),
        "escape" => language.escape = reader.bool(value)?,
        "type" => {
            let text = reader.text(value)?;
            language.kind = match_type(&text, None, None).ok_or_else(|| {
                let reason =
                    format!("failed to parse [multi_match] query type [{text}]. unknown type.");
                fault(value.at, Cause::Parse, reason)
            })?;
        }
        "rewrite" => rewrite(context, "query_string", value)?,
        "fuzzy_rewrite" => rewrite(context, "fuzzy", value)?,
        // Wildcards at the start are allowed, and words with wildcards are normalized as words are.
        "allow_leading_wildcard" | "enable_position_increments" => refuse_false(name)?,
        "analyze_wildcard" | "auto_generate_synonyms_phrase_query" => {
            reader.bool(value)?;
        }
        "max_determinized_states" => {
            reader.int(value)?;
        }
        "quote_analyzer" | "quote_field_suffix" => {
            return Err(not_served(value.at, &format!("[{name}] of [query_string]")));
        }
        _ => return Err(unsupported("query_string", member)),
    }
    Ok(())
}
