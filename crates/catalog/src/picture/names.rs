//! Where a file is, in words that JSON can hold.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

/// Where a picture file is, and when it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    /// The folder that was asked to be indexed.
    pub(crate) root: PathBuf,
    /// When the file was last changed, `YYYY-MM-DDTHH:MM:SS.fffffffffZ`.
    pub(crate) modified: String,
}

impl Place {
    pub(super) fn name(&self) -> String {
        self.path.file_name().map(shown).unwrap_or_default()
    }

    /// The names of the folders from the root's own down to the file's.
    pub(super) fn folders(&self) -> Vec<String> {
        let root = self.root.file_name().map(shown);
        let below = self
            .path
            .strip_prefix(&self.root)
            .ok()
            .and_then(Path::parent);
        let below = below
            .into_iter()
            .flat_map(Path::components)
            .filter_map(|part| match part {
                Component::Normal(name) => Some(shown(name)),
                _ => None,
            });
        root.into_iter().chain(below).collect()
    }

    /// The path's bytes as base64, where it is no UTF-8 and JSON cannot hold it.
    pub(super) fn raw_path(&self) -> Option<String> {
        match self.path.to_str() {
            Some(_) => None,
            None => Some(STANDARD.encode(self.path.as_os_str().as_bytes())),
        }
    }
}

pub(super) fn shown(name: impl AsRef<OsStr>) -> String {
    name.as_ref().to_string_lossy().into_owned()
}

/// The path that a document says, byte for byte.
pub(super) fn path_of(source: &Value) -> Option<PathBuf> {
    if let Some(raw) = source.pointer("/file/raw_path").and_then(Value::as_str) {
        let bytes = STANDARD.decode(raw).ok()?;
        return Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)));
    }
    source
        .get("path")
        .and_then(Value::as_str)
        .map(PathBuf::from)
}
