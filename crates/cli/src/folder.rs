//! The data folder.

use anyhow::{Context, bail};
use backends::Folder;
use catalog::Catalog;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The data folder that was asked for, or the platform's.
pub(crate) fn resolve(asked: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let folder = match asked {
        Some(folder) if folder.as_os_str().is_empty() => bail!("the data folder's name is empty"),
        Some(folder) => folder,
        None => directories::ProjectDirs::from("", "", "eidetic")
            .context("this platform names no data folder: name one with --data")?
            .data_dir()
            .to_owned(),
    };
    std::path::absolute(&folder).with_context(|| folder.display().to_string())
}

/// Fails when there is no data folder, for commands that would have nothing to do in a new one.
pub(crate) fn must_exist(data: &Path) -> anyhow::Result<()> {
    if !data.is_dir() {
        bail!(
            "there is no data folder {}: make one with `eidetic index`",
            data.display()
        );
    }
    Ok(())
}

/// Opens the data folder, works in it and lets it go.
pub(crate) async fn within<T>(
    data: &Path,
    work: impl AsyncFnOnce(&Arc<Catalog>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let folder = Arc::new(Folder::open(data).await?);
    let catalog = Arc::new(Catalog::new(folder.clone(), data));
    let done = work(&catalog).await;
    let closed = folder.close().await;
    let done = done?;
    closed?;
    Ok(done)
}
