//! The files of a folder, in the order of their names.

use super::Failure;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// One thing found in a folder.
pub(crate) enum Found {
    /// A file, its own path and what the system says of it.
    File(PathBuf, Metadata),
    /// Something that cannot be read, or a circle of links.
    Failed(Failure),
}

/// Goes through the files of a folder and the folders in it. Links are followed; a link to a folder around it is
/// reported. Names that start with a dot are left out, except the folder's own. What walks of the `left_out` folders come
/// across is left out too, as folders may be named twice and lie in each other.
pub(crate) fn walk(root: &Path, left_out: &[PathBuf]) -> impl Iterator<Item = Found> {
    entries(root, left_out).filter_map(|entry| match entry {
        Ok(entry) if entry.file_type().is_file() => Some(match entry.metadata() {
            Ok(metadata) => Found::File(entry.into_path(), metadata),
            Err(error) => Found::Failed(failure(&error)),
        }),
        Ok(_) => None,
        Err(error) => Some(Found::Failed(failure(&error))),
    })
}

/// Counts what [`walk`] would find, without asking the system about each file.
pub(crate) fn count(root: &Path, left_out: &[PathBuf]) -> u64 {
    entries(root, left_out)
        .filter(|entry| entry.as_ref().is_ok_and(|e| e.file_type().is_file()))
        .count() as u64
}

fn entries(root: &Path, left_out: &[PathBuf]) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let visible = |entry: &DirEntry| entry.depth() == 0 || !is_hidden(entry.file_name());
    let was_seen = |path: &Path| left_out.iter().any(|folder| is_walked(folder, path));
    WalkDir::new(root)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(visible)
        .filter(move |entry| match entry {
            Ok(entry) => !was_seen(entry.path()),
            Err(error) => !error.path().is_some_and(was_seen),
        })
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether the walk of a folder comes across a path.
fn is_walked(folder: &Path, path: &Path) -> bool {
    path.strip_prefix(folder)
        .is_ok_and(|below| !below.iter().any(is_hidden))
}

fn failure(error: &walkdir::Error) -> Failure {
    let path = error
        .path()
        .map(|path| path.display().to_string())
        .unwrap_or_default();
    let reason = match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => {
            format!(
                "it is a link to {}, which it lies in; it was not followed",
                ancestor.display()
            )
        }
        (None, Some(error)) => error.to_string(),
        (None, None) => error.to_string(),
    };
    Failure { path, reason }
}
