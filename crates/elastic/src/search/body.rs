//! The body of a search.

use super::context::Context;
use super::{aggregation, fetch, params, query as queries, sort};
use crate::answer::STANDARD_BATCH;
use crate::json::{Kind, Member, Node, parse};
use crate::reading::{Fault, Read, illegal, not_served, parsing};
use crate::time_value::time_value;
use crate::{AnswerForm, SourceFilter, UrlParams};
use document::{Cause, Failure};
use query::{Fetch, Knn, Query, Retriever, SearchRequest, TrackTotal};

/// A search as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchBody {
    /// What is asked of the engine.
    pub request: SearchRequest,
    /// How the answer looks.
    pub form: AnswerForm,
    /// What an index refuses of it.
    late: Option<Failure>,
    /// What is refused to clients after 7.
    old: Option<Failure>,
}

impl SearchBody {
    /// Reads a search from a body, which may be empty, and the parameters of its address; `now_ms` is the moment
    /// that `now` names in dates, in milliseconds since 1970.
    ///
    /// # Errors
    /// What is wrong, in Elasticsearch's words. A failure of [`Cause::QueryShard`] is one that an index finds, so it
    /// is answered as a failed search; the others are answered as they are.
    pub fn parse(body: &[u8], params: &UrlParams, now_ms: i64) -> Result<Self, Failure> {
        let given = params::body(body, params)?;
        let mut context = Context::new(given, now_ms);
        let root = object(given)?;
        let mut parts = Parts::default();
        context.size = size(&context, root.as_ref(), params)?;
        for member in root.as_ref().and_then(Node::members).unwrap_or_default() {
            parts.take(&context, member)?;
        }
        params::apply(&mut parts, params, &context)?;
        let mut search = parts.finish(params)?;
        let (late, old) = context.into_refused();
        search.late = search.late.or(late);
        search.old = old;
        Ok(search)
    }

    /// What of the search an index looks at before anything else: its query and its sort, without an answer.
    pub fn looked_at_first(&self) -> SearchRequest {
        SearchRequest {
            from: 0,
            size: 0,
            search_after: None,
            track_total: TrackTotal::No,
            aggregations: Vec::new(),
            fetch: Fetch::default(),
            ..self.request.clone()
        }
    }

    /// Reads what only clients of 7 write as they mean it (`typed`), or refuses it.
    ///
    /// # Errors
    /// What clients after 7 may not write, in Elasticsearch's words.
    pub fn understood(mut self, typed: bool) -> Result<Self, Failure> {
        if typed {
            aggregation::order_as_seven(&mut self.request.aggregations);
            return Ok(self);
        }
        self.old.take().map_or(Ok(self), Err)
    }

    /// Checks what every index refuses before it looks at a single document. Failures are answered as those of a
    /// failed search.
    ///
    /// # Errors
    /// What is refused, in Elasticsearch's words.
    pub fn check(&self) -> Result<(), Failure> {
        if let Some(after) = &self.request.search_after {
            sort::check_search_after(&self.request.sort, after)?;
        }
        self.late.clone().map_or(Ok(()), Err)
    }
}

/// A query alone, as requests bring it that count, delete or update what matches.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryBody {
    /// What must match.
    pub query: Query,
    /// The least score of what counts.
    pub min_score: Option<f32>,
    /// After how many matches an index is not searched further.
    pub terminate_after: Option<u64>,
}

impl QueryBody {
    /// Reads the body of `_count`, which may be empty: a query or none; and the query in its address.
    ///
    /// # Errors
    /// As [`SearchBody::parse`].
    pub fn parse(body: &[u8], params: &UrlParams, now_ms: i64) -> Result<Self, Failure> {
        let given = params::body(body, params)?;
        let context = Context::new(given, now_ms);
        let root = object(given)?;
        let mut query = None;
        for member in root.as_ref().and_then(Node::members).unwrap_or_default() {
            if member.name != "query" {
                let reason = format!("request does not support [{}]", member.name);
                return Err(parsing(member.at, reason).into());
            }
            let read = queries::query(&context, &member.value);
            query = Some(read.map_err(failed_to_parse)?);
        }
        let typed = params::typed_query(params, now_ms)?;
        Ok(Self {
            query: typed.or(query).unwrap_or(Query::All),
            min_score: params::float(params, "min_score")?,
            terminate_after: match params.number("terminate_after")? {
                Some(count) => terminate_after(count).map_err(Failure::illegal_argument)?,
                None => None,
            },
        })
    }
}

/// Wraps what is wrong with a query that stands alone, unless the query says itself that it cannot be parsed or an
/// index refuses it.
fn failed_to_parse(fault: Fault) -> Fault {
    match fault.failure.cause {
        Cause::Parsing | Cause::QueryShard => fault,
        _ => {
            let outer = parsing(fault.at, "Failed to parse");
            Fault {
                failure: outer.failure.caused_by(fault.failure),
                at: fault.at,
            }
        }
    }
}

/// Reads the one object of a body; none when there is none.
fn object(text: &[u8]) -> Result<Option<Node<'_>>, Failure> {
    let Some(node) = parse(text)? else {
        // White space alone is a body without a value.
        return match text {
            [] => Ok(None),
            _ => Err(parsing((1, 0), "Expected [START_OBJECT] but found [null]").into()),
        };
    };
    match node.kind {
        Kind::Object(_) => Ok(Some(node)),
        _ => {
            let reason = format!("Expected [START_OBJECT] but found [{}]", node.token());
            Err(parsing(node.at, reason).into())
        }
    }
}

/// How many hits are asked for, before anything else is read: searches for the nearest want to know.
fn size(
    context: &Context<'_>,
    root: Option<&Node<'_>>,
    params: &UrlParams,
) -> Result<usize, Failure> {
    if let Some(size) = params.number("size")? {
        return Ok(usize::try_from(size).unwrap_or(0));
    }
    let members = root.and_then(Node::members).unwrap_or_default();
    match members.iter().find(|member| member.name == "size") {
        Some(member) if member.value.is_scalar() => {
            Ok(usize::try_from(context.reader.int(&member.value)?).unwrap_or(0))
        }
        _ => Ok(super::DEFAULT_SIZE),
    }
}

/// What a body and an address say, before it is put together.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) request: SearchRequest,
    pub(super) query: Option<Query>,
    knn: Option<Vec<Knn>>,
    pub(super) source: Option<SourceFilter>,
    pub(super) stored_fields: Option<Vec<String>>,
    pub(super) version: bool,
    pub(super) seq_no_primary_term: bool,
    pub(super) track_total: Option<TrackTotal>,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            request: SearchRequest {
                partial: true,
                ..SearchRequest::new(Retriever::Standard(Query::All))
            },
            query: None,
            knn: None,
            source: None,
            stored_fields: None,
            version: false,
            seq_no_primary_term: false,
            track_total: None,
        }
    }
}

impl Parts {
    fn take(&mut self, context: &Context<'_>, member: &Member<'_>) -> Read<()> {
        let reader = context.reader;
        let value = &member.value;
        match (member.name.as_ref(), &value.kind) {
            ("_source", Kind::Null) => return Err(unknown(member)),
            ("_source", _) => self.source = Some(SourceFilter::read(reader, value)?),
            ("query", Kind::Object(_)) => self.query = Some(queries::query(context, value)?),
            ("post_filter", Kind::Object(_)) => {
                self.request.post_filter = Some(queries::query(context, value)?);
            }
            ("knn", Kind::Object(_) | Kind::Array(_)) => {
                // Searches for the nearest of which there is none are no search for the nearest.
                let nearest = queries::top_level(context, value)?;
                self.knn = (!nearest.is_empty()).then_some(nearest);
            }
            ("aggs" | "aggregations", Kind::Object(members)) => {
                self.request.aggregations = aggregation::aggregations(context, members)?;
            }
            ("sort", Kind::Null) => return Err(unknown(member)),
            ("sort", _) => self.request.sort = sort::sort(context, value)?,
            ("search_after", Kind::Array(items)) => {
                self.request.search_after = Some(sort::search_after(items, value)?);
            }
            ("fields", Kind::Array(_)) => {
                self.request.fetch.fields = fetch::fields(reader, value)?;
            }
            ("docvalue_fields", Kind::Array(_)) => {
                self.request.fetch.docvalue_fields = fetch::fields(reader, value)?;
            }
            ("script_fields", Kind::Object(members)) => {
                for script in members {
                    let script = fetch::script_field(reader, script)?;
                    self.request.fetch.script_fields.push(script);
                }
            }
            ("stored_fields", Kind::Array(items)) => {
                self.stored_fields = Some(reader.texts(items)?);
            }
            ("stored_fields", Kind::String(name)) => {
                self.stored_fields = Some(vec![name.to_string()]);
            }
            // Groups under which times are kept, of which there are none here.
            ("stats", Kind::Array(items)) => {
                reader.texts(items)?;
            }
            (name, _) if LATER.contains(&name) => return later(context, member),
            _ if value.is_scalar() => return self.take_scalar(context, member),
            _ => return Err(unknown(member)),
        }
        Ok(())
    }

    fn take_scalar(&mut self, context: &Context<'_>, member: &Member<'_>) -> Read<()> {
        let reader = context.reader;
        let value = &member.value;
        let wrong = |reason: String| illegal(value.at, reason);
        match member.name.as_ref() {
            "from" => self.request.from = from(reader.int(value)?.into()).map_err(wrong)?,
            "size" => self.request.size = size_of(reader.int(value)?.into()).map_err(wrong)?,
            "min_score" => self.request.min_score = Some(reader.float(value)?),
            "version" => self.version = reader.bool(value)?,
            "seq_no_primary_term" => self.seq_no_primary_term = reader.bool(value)?,
            "track_scores" => self.request.track_scores = reader.bool(value)?,
            "track_total_hits" => {
                self.track_total = Some(match reader.text(value)?.as_ref() {
                    "true" => TrackTotal::All,
                    "false" => TrackTotal::No,
                    _ => track_total(reader.int(value)?.into()).map_err(wrong)?,
                });
            }
            "timeout" => {
                check_timeout(&reader.text(value)?).map_err(|failure| Fault {
                    failure,
                    at: value.at,
                })?;
            }
            "terminate_after" => {
                self.request.terminate_after =
                    terminate_after(reader.int(value)?.into()).map_err(wrong)?;
            }
            name @ ("explain" | "profile" | "include_named_queries_score") => {
                if reader.bool(value)? {
                    return Err(not_served(value.at, &format!("[{name}]")));
                }
            }
            _ => return Err(unknown(member)),
        }
        Ok(())
    }

    fn finish(self, params: &UrlParams) -> Result<SearchBody, Failure> {
        let mut request = self.request;
        let total_as_int = params.flag("rest_total_hits_as_int", false)?;
        request.track_total = match self.track_total {
            Some(TrackTotal::UpTo(limit)) if total_as_int => {
                return Err(Failure::illegal_argument(format!(
                    "[rest_total_hits_as_int] cannot be used if the tracking of total hits is not accurate, got {limit}"
                )));
            }
            Some(track) => track,
            None if total_as_int => TrackTotal::All,
            None => TrackTotal::default(),
        };
        if request.search_after.is_some() && request.from > 0 {
            return Err(Failure::new(
                Cause::Validation,
                "Validation Failed: 1: [from] parameter must be set to 0 when [search_after] is used;",
            ));
        }
        // Without a query, the nearest alone are wanted.
        let otherwise = match self.knn {
            Some(_) => Query::None,
            None => Query::All,
        };
        request.retriever = Retriever::Standard(self.query.unwrap_or(otherwise));
        request.nearest = self.knn.unwrap_or_default();
        let is_all = self.stored_fields.is_none();
        let stored = self.stored_fields.unwrap_or_default();
        let nothing = stored.iter().any(|name| name == "_none_");
        if nothing && stored.len() > 1 {
            return Err(Failure::illegal_argument(
                "cannot combine _none_ with other fields",
            ));
        }
        if nothing && !request.fetch.fields.is_empty() {
            return Err(Failure::new(
                Cause::Validation,
                "Validation Failed: 1: [stored_fields] cannot be disabled when using the [fields] option;",
            ));
        }
        if nothing && self.source.as_ref().is_some_and(|source| source.enabled) {
            return Err(Failure::new(
                Cause::Validation,
                "Validation Failed: 1: [stored_fields] cannot be disabled if [_source] is requested;",
            ));
        }
        let by_themselves = stored
            .iter()
            .filter(|name| !["_none_", "_source"].contains(&name.as_str()));
        request.fetch.stored_fields = by_themselves.cloned().collect();
        let wanted = is_all || stored.iter().any(|name| name == "_source" || name == "*");
        let source = self.source.unwrap_or_else(|| SourceFilter {
            enabled: wanted,
            ..SourceFilter::everything()
        });
        request.fetch.without_documents = !source.enabled || nothing;
        let form = AnswerForm {
            source,
            identity: !nothing,
            version: self.version,
            seq_no_primary_term: self.seq_no_primary_term,
            total_as_int,
            total: request.track_total != TrackTotal::No,
            typed_keys: params.flag("typed_keys", false)?,
            typed: false,
            batch: match params.number("batched_reduce_size")? {
                Some(batch) => u64::try_from(batch).unwrap_or(STANDARD_BATCH),
                None => STANDARD_BATCH,
            },
        };
        Ok(SearchBody {
            request,
            form,
            late: None,
            old: None,
        })
    }
}

/// Parts of a search that Elasticsearch has and that are not served yet.
const LATER: [&str; 11] = [
    "collapse",
    "ext",
    "highlight",
    "indices_boost",
    "pit",
    "rank",
    "rescore",
    "retriever",
    "runtime_mappings",
    "slice",
    "suggest",
];

/// What is not served says nothing when it is empty.
fn later(_: &Context<'_>, member: &Member<'_>) -> Read<()> {
    match &member.value.kind {
        Kind::Object(members) if members.is_empty() => Ok(()),
        Kind::Array(items) if items.is_empty() => Ok(()),
        _ => Err(not_served(member.value.at, &format!("[{}]", member.name))),
    }
}

fn unknown(member: &Member<'_>) -> Fault {
    let token = member.value.token();
    parsing(
        member.value.at,
        format!("Unknown key for a {token} in [{}].", member.name),
    )
}

/// Checks how many hits are left out.
pub(super) fn from(from: i64) -> Result<usize, String> {
    usize::try_from(from)
        .map_err(|_| format!("[from] parameter cannot be negative but was [{from}]"))
}

/// Checks how many hits are answered.
pub(super) fn size_of(size: i64) -> Result<usize, String> {
    usize::try_from(size)
        .map_err(|_| format!("[size] parameter cannot be negative, found [{size}]"))
}

/// Reads how far matches are counted, from a number.
pub(super) fn track_total(limit: i64) -> Result<TrackTotal, String> {
    match u64::try_from(limit) {
        Ok(0) => Ok(TrackTotal::No),
        Ok(limit) if limit == u64::from(u32::MAX / 2) => Ok(TrackTotal::All),
        Ok(limit) => Ok(TrackTotal::UpTo(limit)),
        Err(_) if limit == -1 => Ok(TrackTotal::No),
        Err(_) => Err(format!(
            "[track_total_hits] parameter must be positive or equals to -1, got {limit}"
        )),
    }
}

/// Checks a length of time after which a search may stop; no search here takes that long.
pub(super) fn check_timeout(text: &str) -> Result<(), Failure> {
    time_value("timeout", text).map(|_| ())
}

/// Reads after how many matches an index is not searched further; 0 = all are looked at.
pub(super) fn terminate_after(count: i64) -> Result<Option<u64>, String> {
    match u64::try_from(count) {
        Ok(0) => Ok(None),
        Ok(count) => Ok(Some(count)),
        Err(_) => Err("terminateAfter must be > 0".to_owned()),
    }
}
