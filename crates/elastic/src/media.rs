//! Media types: what `Content-Type` says of a body, and `Accept` of its answer.

use document::{Cause, Failure};

/// The generations of clients that can be answered, newest first.
const VERSIONS: [&str; 3] = ["9", "8", "7"];

const VENDOR_JSON: &str = "application/vnd.elasticsearch+json";

/// What a body may be, all of it JSON.
const BODIES: [&str; 6] = [
    "application/json",
    "application/x-ndjson",
    "application/*",
    "*/*",
    VENDOR_JSON,
    "application/vnd.elasticsearch+x-ndjson",
];

/// A media type as a header names it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct MediaType {
    /// The header as it came.
    given: String,
    /// Type and subtype, in lowercase.
    name: String,
    /// The parameter `compatible-with`.
    version: Option<String>,
    /// The parameter `charset`, as it is written.
    charset: Option<String>,
}

/// What the headers of a request say of its body and of its answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MediaTypes {
    accept: Option<MediaType>,
    content: Option<MediaType>,
}

impl MediaTypes {
    /// Reads the headers `Accept` and `Content-Type`.
    ///
    /// # Errors
    /// When one of them is no media type; when a generation is asked for that there is no answer for; when the body and
    /// the answer are not of the same generation.
    pub fn parse(
        accept: Option<&str>,
        content: Option<&str>,
        has_body: bool,
    ) -> Result<Self, Failure> {
        let types = Self {
            accept: accept.map_or(Ok(None), |accept| MediaType::parse("Accept", accept))?,
            content: content.map_or(Ok(None), |given| MediaType::parse("Content-Type", given))?,
        };
        types.check_versions(has_body)?;
        Ok(types)
    }

    fn check_versions(&self, has_body: bool) -> Result<(), Failure> {
        let shown = |given: &Option<MediaType>| match given {
            Some(media) => media.given.clone(),
            None => "null".to_owned(),
        };
        let (accept, content) = (shown(&self.accept), shown(&self.content));
        let of = |given: &Option<MediaType>| given.as_ref().and_then(|media| media.version.clone());
        let (answered, brought) = (of(&self.accept), of(&self.content));
        let known = |version: &Option<String>| {
            version
                .as_deref()
                .is_none_or(|version| VERSIONS.contains(&version))
        };
        let [newest, middle, oldest] = VERSIONS;
        let unknown = |header: &str, version: Option<String>, given: &str| {
            disagreement(format!(
                "{header} version must be either version {newest}, {middle} or {oldest}, but found {}. {header}={given}",
                version.unwrap_or_default()
            ))
        };
        if !known(&answered) {
            return Err(unknown("Accept", answered, &accept));
        }
        if !has_body || answered == brought && known(&brought) {
            return Ok(());
        }
        if !known(&brought) {
            return Err(unknown("Content-Type", brought, &content));
        }
        let and = match (answered, brought) {
            (Some(_), Some(_)) => " and the compatible versions must match",
            _ => "",
        };
        Err(disagreement(format!(
            "A compatible version is required on both Content-Type and Accept headers if either one has requested a compatible version{and}. Accept={accept}, Content-Type={content}"
        )))
    }

    /// Whether a body of this type can be read.
    pub fn reads_body(&self) -> bool {
        let media = self.content.as_ref();
        media.is_some_and(|media| BODIES.contains(&media.name.as_str()))
    }

    /// The type of an answer in JSON.
    pub fn answer(&self) -> String {
        let accept = self.accept.as_ref().or(self.content.as_ref());
        let Some(media) = accept.filter(|media| BODIES.contains(&media.name.as_str())) else {
            return "application/json".to_owned();
        };
        let is_vendor = media.name.starts_with("application/vnd.elasticsearch+");
        let mut answer = if is_vendor {
            VENDOR_JSON.to_owned()
        } else {
            "application/json".to_owned()
        };
        if let Some(version) = media.version.as_ref().filter(|_| is_vendor) {
            answer.push_str(&format!(";compatible-with={version}"));
        }
        // The bytes are in UTF-8 whatever was asked for.
        let charset = self
            .accept
            .as_ref()
            .and_then(|media| media.charset.as_deref());
        if charset.is_some_and(|charset| charset.eq_ignore_ascii_case("utf-8")) {
            answer.push_str(";charset=utf-8");
        }
        answer
    }
}

impl MediaType {
    /// Reads a header; none where it names several types, any of which may come.
    fn parse(header: &str, given: &str) -> Result<Option<Self>, Failure> {
        if given.trim().is_empty() {
            let reason = format!("Header [{header}] cannot be empty.");
            return Err(unreadable(header, reason));
        }
        if given.contains(',') || given.trim() == "*/*" {
            return Ok(None);
        }
        let lower = given.to_ascii_lowercase();
        let mut parts = lower.split(';');
        let name = parts.next().unwrap_or_default().trim();
        let is_type = name
            .split_once('/')
            .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
        if !is_type {
            return Err(unreadable(header, format!("invalid media-type [{given}]")));
        }
        let mut media = Self {
            given: given.to_owned(),
            name: name.to_owned(),
            version: None,
            charset: None,
        };
        for parameter in parts.map(str::trim).filter(|part| !part.is_empty()) {
            match parameter.split_once('=') {
                Some((name, value)) if !value.is_empty() && !value.contains('=') => {
                    let value = value.trim_matches('"').to_owned();
                    match name {
                        "compatible-with" => media.version = Some(value),
                        "charset" => media.charset = Some(value),
                        _ => {}
                    }
                }
                _ => {
                    let reason = format!("invalid parameters for header [{given}]");
                    return Err(unreadable(header, reason));
                }
            }
        }
        Ok(Some(media))
    }
}

/// Whether a text is what HTTP calls a token.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn refused(headers: &str, cause: Failure) -> Failure {
    let reason = format!("Invalid media-type value on headers [{headers}]");
    Failure::new(Cause::MediaType, reason).caused_by(cause)
}

fn unreadable(header: &str, reason: String) -> Failure {
    refused(header, Failure::illegal_argument(reason))
}

fn disagreement(reason: String) -> Failure {
    refused("Accept, Content-Type", Failure::new(Cause::Status, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEVEN: &str = "application/vnd.elasticsearch+json;compatible-with=7";
    const NINE: &str = "application/vnd.elasticsearch+json; compatible-with=9";

    #[test]
    fn answers_are_of_the_type_that_is_asked_for() {
        let check = |accept: Option<&str>, content: Option<&str>, expected: &str| {
            let types = MediaTypes::parse(accept, content, content.is_some()).unwrap();
            assert_eq!(types.answer(), expected, "{accept:?} {content:?}");
        };
        check(None, None, "application/json");
        check(Some("*/*"), None, "application/json");
        check(Some("text/html"), None, "application/json");
        check(
            Some("text/html, application/json"),
            None,
            "application/json",
        );
        check(Some("application/x-ndjson"), None, "application/json");
        check(
            Some("application/json; charset=UTF-8"),
            None,
            "application/json;charset=utf-8",
        );
        check(Some(SEVEN), Some(SEVEN), SEVEN);
        check(
            Some(NINE),
            None,
            "application/vnd.elasticsearch+json;compatible-with=9",
        );
        check(
            Some("application/vnd.elasticsearch+x-ndjson;compatible-with=8"),
            None,
            "application/vnd.elasticsearch+json;compatible-with=8",
        );
        check(None, Some(VENDOR_JSON), VENDOR_JSON);
        let with_charset = "application/json; charset=utf-8";
        check(None, Some(with_charset), "application/json");
    }

    #[test]
    fn what_is_no_type_is_refused() {
        let check = |accept: Option<&str>, content: Option<&str>, expected: &str| {
            let failure = MediaTypes::parse(accept, content, content.is_some()).unwrap_err();
            assert_eq!(failure.cause, Cause::MediaType);
            let beneath = failure.caused_by.unwrap().reason;
            assert!(
                beneath.contains(expected),
                "{accept:?} {content:?}: {beneath}"
            );
        };
        check(Some("nonsense"), None, "invalid media-type [nonsense]");
        check(None, Some("///"), "invalid media-type [///]");
        check(None, Some(" "), "cannot be empty");
        let broken = "application/json; charset";
        check(None, Some(broken), "invalid parameters for header");
        let six = "application/vnd.elasticsearch+json;compatible-with=6";
        check(Some(six), None, "Accept version must be");
        check(Some(six), None, "but found 6");
        check(None, Some(six), "Content-Type version must be");
        check(Some(SEVEN), Some(NINE), "must match");
        check(Some(SEVEN), Some("application/json"), "required on both");
        check(None, Some(SEVEN), "required on both");
    }

    #[test]
    fn only_json_is_read_and_only_of_a_body() {
        let reads = |content: Option<&str>| {
            let types = MediaTypes::parse(None, content, true).unwrap();
            types.reads_body()
        };
        assert!(reads(Some("Application/JSON;charset=utf-8")));
        assert!(reads(Some("application/x-ndjson")));
        assert!(!reads(None));
        assert!(!reads(Some("text/plain")));
        assert!(!reads(Some("application/yaml")));
        // Without a body nothing has to agree.
        assert!(MediaTypes::parse(Some(SEVEN), Some(NINE), false).is_ok());
    }
}
