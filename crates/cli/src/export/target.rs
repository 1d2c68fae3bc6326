//! The files that an export writes.

use crate::args::ExportArgs;
use anyhow::{Context, anyhow, bail};
use archives::Format;
use std::ffi::OsString;
use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Where an export goes, and as what.
pub(super) struct Target<'a> {
    pub(super) path: &'a Path,
    pub(super) format: Format,
    /// The file of ids; none where names say enough.
    pub(super) ids: Option<PathBuf>,
    overwrite: bool,
}

impl<'a> Target<'a> {
    /// Decides about the files; fails where one of them exists that is not to be replaced.
    pub(super) fn of(args: &'a ExportArgs) -> anyhow::Result<Self> {
        let path = args.file.as_path();
        let format = match args.archive.format {
            Some(format) => format,
            None => Format::of_name(path)
                .map_err(|error| anyhow!("{error}; --format says it for any name"))?,
        };
        let ids = args.ids.clone();
        let ids = ids.or_else(|| (!format.has_names()).then(|| beside(path)));
        if ids.as_deref() == Some(path) {
            bail!("vectors and ids need a file each, got {}", path.display());
        }
        if let Some(field) = &args.archive.name_field
            && !format.has_names()
        {
            bail!(
                "{} holds no names of --name-field {field}, ids are written beside it",
                format.name()
            );
        }
        for file in [Some(path), ids.as_deref()].into_iter().flatten() {
            if !args.overwrite && file.try_exists()? {
                bail!("{} exists already: --overwrite replaces it", file.display());
            }
        }
        Ok(Self {
            path,
            format,
            ids,
            overwrite: args.overwrite,
        })
    }

    /// The folder that the archive will be in.
    pub(super) fn folder(&self) -> PathBuf {
        folder_of(self.path)
    }

    /// Puts a whole file in its place.
    pub(super) fn place(&self, new: NamedTempFile, path: &Path) -> anyhow::Result<()> {
        let placed = if self.overwrite {
            new.persist(path)
        } else {
            new.persist_noclobber(path)
        };
        placed.map_err(|error| anyhow!("{}: {}", path.display(), error.error))?;
        Ok(())
    }
}

/// Starts a file beside the place where it is to be, as open to others as any file that is made.
pub(super) fn start(path: &Path) -> anyhow::Result<(NamedTempFile, File)> {
    let folder = folder_of(path);
    let new = tempfile::Builder::new()
        .prefix(".eidetic-")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(&folder)
        .with_context(|| folder.display().to_string())?;
    let file = new
        .as_file()
        .try_clone()
        .with_context(|| path.display().to_string())?;
    Ok((new, file))
}

/// The file of ids of an archive.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".ids");
    name.into()
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
