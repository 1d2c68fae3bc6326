//! Pictures as documents: indexing folders, picture queries, originals and thumbnails.
//!
//! [`Catalog`] stands over a backend and the data folder's own files: models, uploads and thumbnails. It turns picture
//! files into documents ([`Catalog::index`]) and pictures and words into searches ([`Catalog::search`]).

mod catalog;
mod error;
mod eval;
mod index;
mod models;
mod picture;
mod search;
mod store;

pub use catalog::Catalog;
pub use error::{CatalogError, Result};
pub use eval::{EvalReport, FeatureQuality, evaluate};
pub use index::{Event, Failure, IndexOptions, Summary};
pub use models::Network;
pub use picture::{PictureFile, file_of};
pub use search::{Feature, Found, PictureSearch, Source};
pub use store::{Upload, media_type};

/// The index that is used when none is named.
pub const DEFAULT_INDEX: &str = "pictures";

/// The name of the field that holds a picture and what is derived from it.
pub const IMAGE: &str = "image";
