//! HTTP: the product's own API, Elasticsearch's, and the page.
//!
//! | route | what |
//! |---|---|
//! | `GET /` | the page, where `Accept` names HTML |
//! | `GET /_ui/{file}` | the page's files |
//! | `GET /_health` | whether the program works, and its indices |
//! | `GET\|POST /_similar` | search by picture, by words, or both |
//! | `POST /_images` | uploads a picture to search with |
//! | `GET /_images/{index}/{id}` | a document; index `_uploads` holds what was uploaded, by SHA-256 |
//! | `GET /_images/{index}/{id}/thumbnail` | a small JPEG |
//! | `GET /_images/{index}/{id}/original` | the picture's file |
//!
//! Errors are `{"error":{"type","reason"},"status"}`. A request whose Host is not the server's, or that another site's
//! page makes, is refused: a port on localhost is open to every page that a browser shows.

mod elastic;
mod error;
mod images;
mod page;
mod search;
mod security;

pub use elastic::Generation;
pub use security::AllowedHosts;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::FromRef;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use axum::serve::ListenerExt;
use catalog::Catalog;
use elastic::{Clients, Served};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// The longest body of a request.
const MAX_BODY_BYTES: usize = 100 << 20;

/// What every route needs.
type Shared = Arc<Catalog>;

/// How long requests may go on that are under way when the server stops. A browser keeps connections open on which it
/// asks nothing, and those never end by themselves.
const GRACE: Duration = Duration::from_secs(3);

/// Who may ask, and what clients are taken to be.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Names under which the server may be asked.
    pub hosts: AllowedHosts,
    /// The generation of a client of Elasticsearch that does not say which one it is of.
    pub unmarked: Generation,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            hosts: AllowedHosts::default(),
            unmarked: Generation::Eight,
        }
    }
}

impl FromRef<Served> for Shared {
    fn from_ref(served: &Served) -> Self {
        served.catalog.clone()
    }
}

/// Answers requests until `stop` is done, and then those that are under way, for 3 s at most.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    catalog: Arc<Catalog>,
    options: ServeOptions,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let listener = listener.tap_io(|connection| {
        // Answers are written whole, so waiting for more to send only delays them. Where this fails the connection is
        // gone already, and whoever reads from it is told.
        let _ = connection.set_nodelay(true);
    });
    let stopping = Arc::new(Notify::new());
    let stopped = stopping.clone();
    let serving =
        axum::serve(listener, router(catalog, options)).with_graceful_shutdown(async move {
            stop.await;
            stopping.notify_one();
        });
    let graced = async {
        stopped.notified().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        done = serving => done,
        () = graced => Ok(()),
    }
}

/// The routes.
pub fn router(catalog: Arc<Catalog>, options: ServeOptions) -> Router {
    let ServeOptions { hosts, unmarked } = options;
    let served = Served {
        catalog,
        clients: Arc::new(Clients { unmarked }),
    };
    Router::new()
        .route("/", any(page::home))
        .route("/_ui/{file}", get(page::file))
        .route("/_health", get(search::health))
        .route("/_similar", get(search::by_address).post(search::by_body))
        .route("/_images", post(images::upload))
        .route("/_images/{index}/{id}", get(images::document))
        .route("/_images/{index}/{id}/thumbnail", get(images::thumbnail))
        .route("/_images/{index}/{id}/original", get(images::original))
        .method_not_allowed_fallback(error::no_method)
        .fallback(elastic::handle)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(Arc::new(hosts), security::guard))
        .with_state(served)
}
