//! Who may ask.
//!
//! A page of another site can send requests to a server on this machine, and can give its own name this machine's
//! address (DNS rebinding). So the Host has to be an address or a name that was allowed, and a request that a browser
//! makes for another site's page is refused.

use crate::error::Failure;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;

/// Names, besides `localhost` and plain addresses, under which the server may be asked.
#[derive(Debug, Clone, Default)]
pub struct AllowedHosts(Vec<String>);

impl AllowedHosts {
    /// Allows names; letters' case does not matter.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self(
            names
                .into_iter()
                .map(|name| name.to_ascii_lowercase())
                .collect(),
        )
    }

    /// Whether a Host header, with or without a port, is the server's.
    fn allows(&self, host: &str) -> bool {
        let name = name_of(host).to_ascii_lowercase();
        // A page cannot make an address its own name, so addresses are safe from rebinding.
        let address = name.trim_start_matches('[').trim_end_matches(']');
        name == "localhost" || address.parse::<IpAddr>().is_ok() || self.0.contains(&name)
    }
}

/// The name in a Host header, without the port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// What the page may load: only what this server gives.
const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

pub(crate) async fn guard(
    State(hosts): State<Arc<AllowedHosts>>,
    request: Request,
    next: Next,
) -> Response {
    let host = request
        .uri()
        .authority()
        .map(|authority| authority.as_str().to_owned());
    let mut response = match check(&hosts, host, request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(reason) => Failure::refused(reason).into_response(),
    };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

fn check(
    hosts: &AllowedHosts,
    authority: Option<String>,
    method: &Method,
    headers: &HeaderMap,
) -> Result<(), String> {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(&header::HOST)
        .map(str::to_owned)
        .or(authority)
        .unwrap_or_default();
    if !hosts.allows(&host) {
        return Err(format!(
            "host {host:?} is not this server's: allow it with --allow-host"
        ));
    }
    if let Some(origin) = text(&header::ORIGIN) {
        let own = origin
            .split_once("://")
            .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(&host));
        if !own {
            return Err(format!("the page at {origin} may not use this server"));
        }
    }
    // Browsers say where a request comes from. Following a link here is the one thing another site's page may cause.
    let site = text(&HeaderName::from_static("sec-fetch-site"));
    let navigates = text(&HeaderName::from_static("sec-fetch-mode")) == Some("navigate");
    if matches!(site, Some("cross-site" | "same-site")) && !(navigates && method == Method::GET) {
        return Err("another site's page may not use this server".to_owned());
    }
    Ok(())
}
