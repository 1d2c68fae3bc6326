//! Models that a data folder has.
//!
//! A model that an index uses is copied into the data folder, so that the folder works wherever it is taken. It lies in
//! `models/<name>-<fingerprint>`.

use crate::error::{CatalogError, Result};
use document::Extractor as Origin;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use vision::{Model, ModelError};

/// The network that makes an index's embeddings.
#[derive(Debug, Default)]
pub enum Network {
    /// The one that the index was made with; the built-in one when it was made with none.
    #[default]
    Usual,
    /// This one.
    Given(Box<Model>),
    /// None: there are no embeddings and no tags.
    None,
}

/// Loads the built-in network.
pub(crate) async fn built_in() -> Result<Model> {
    load(Model::built_in).await
}

async fn load(
    open: impl FnOnce() -> std::result::Result<Model, ModelError> + Send + 'static,
) -> Result<Model> {
    match tokio::task::spawn_blocking(open).await {
        Ok(model) => Ok(model?),
        Err(error) => Err(CatalogError::Internal(format!(
            "loading a model broke off: {error}"
        ))),
    }
}

fn place(data: &Path, name: &str, fingerprint: &str) -> PathBuf {
    let name: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '_'
            }
        })
        .collect();
    data.join("models").join(format!("{name}-{fingerprint}"))
}

/// Copies a model into the data folder, if it is not there.
pub(crate) fn keep(data: &Path, model: &Model) -> Result<()> {
    let to = place(data, model.name(), model.fingerprint());
    if to.is_dir() {
        return Ok(());
    }
    // Copied under a name of this copy's own first, so that a model is there in full or not at all.
    static COPIES: AtomicU64 = AtomicU64::new(0);
    let number = COPIES.fetch_add(1, Ordering::Relaxed);
    let fresh = to.with_extension(format!("fresh-{}-{number}", std::process::id()));
    let copy = || -> std::io::Result<()> {
        fs::create_dir_all(&fresh)?;
        model.save(&fresh)?;
        fs::rename(&fresh, &to)
    };
    match copy() {
        Ok(()) => Ok(()),
        // Another run was first.
        Err(_) if to.is_dir() => fs::remove_dir_all(&fresh).map_err(CatalogError::io(&fresh)),
        Err(error) => Err(CatalogError::io(&fresh)(error)),
    }
}

/// Loads the model that made an index's embeddings.
pub(crate) async fn kept(data: &Path, origin: &Origin) -> Result<Model> {
    let folder = place(data, &origin.name, &origin.fingerprint);
    if !folder.is_dir() {
        return Err(CatalogError::NotFound(format!(
            "the embeddings were made by {origin}, whose model is not in {}: name its folder with --model",
            folder.display()
        )));
    }
    let opened = folder.clone();
    let model = load(move || Model::load(&opened)).await?;
    if model.fingerprint() != origin.fingerprint {
        return Err(CatalogError::Invalid(format!(
            "the embeddings were made by {origin}, the model in {} is {} ({})",
            folder.display(),
            model.name(),
            model.fingerprint()
        )));
    }
    Ok(model)
}
