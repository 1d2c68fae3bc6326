//! Models that a data folder has.
//!
//! A model that an index uses is copied into the data folder, so that the folder works wherever it is taken. It lies in
//! `models/<name>-<fingerprint>`.

use crate::error::{CatalogError, Result};
use document::Extractor as Origin;
use std::fs;
use std::path::{Path, PathBuf};
use vision::Model;

/// Loads the model in a folder.
///
/// # Errors
/// When the folder holds no model that can be used; the error names the file.
pub async fn load_model(folder: &Path) -> Result<Model> {
    let folder = folder.to_owned();
    let loaded = tokio::task::spawn_blocking(move || Model::load(&folder)).await;
    match loaded {
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
    // Copied under another name first, so that a model is there in full or not at all.
    let fresh = to.with_extension(format!("fresh-{}", std::process::id()));
    let copy = || -> std::io::Result<()> {
        fs::create_dir_all(&fresh)?;
        for file in model.files() {
            if let Some(name) = file.file_name() {
                fs::copy(&file, fresh.join(name))?;
            }
        }
        fs::rename(&fresh, &to)
    };
    match copy() {
        Ok(()) => Ok(()),
        // Another process was first.
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
    let model = load_model(&folder).await?;
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
