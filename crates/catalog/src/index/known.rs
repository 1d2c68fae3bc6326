//! What an index has of files already.

use crate::error::Result;
use crate::picture::{file_of, is_complete};
use backends::Backend;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use vision::Extractor;

/// Documents read at a time.
const PAGE: usize = 256;

/// A file that a document was made of.
#[derive(Debug, Clone)]
pub(crate) struct KnownFile {
    pub(crate) id: String,
    pub(crate) bytes: u64,
    pub(crate) modified: String,
    pub(crate) sha256: String,
    /// Whether every vector is there that the extractor makes.
    pub(crate) complete: bool,
}

/// What an index has of files already.
#[derive(Debug, Default)]
pub(crate) struct Known {
    by_path: HashMap<PathBuf, KnownFile>,
    by_content: HashMap<String, Vec<PathBuf>>,
    /// Documents that were given to a moved file in this run.
    moved: Mutex<HashSet<String>>,
}

/// A document whose picture has the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Twin {
    /// Its file is gone: the new file is the old one, moved.
    Moved(String),
    /// Its file is still there: the new one is a copy.
    Copied(String),
}

impl Known {
    pub(crate) async fn load(
        backend: &dyn Backend,
        index: &str,
        extractor: &Extractor,
    ) -> Result<Self> {
        let mut known = Self::default();
        let mut after: Option<String> = None;
        loop {
            let page = backend.scan(index, after.as_deref(), PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(known);
            };
            after = Some(last.id.clone());
            for stored in page {
                let file = stored.document.value().ok().as_ref().and_then(file_of);
                let Some(file) = file else {
                    continue;
                };
                let complete = is_complete(&stored, extractor);
                known
                    .by_content
                    .entry(file.sha256.clone())
                    .or_default()
                    .push(file.path.clone());
                let entry = KnownFile {
                    id: stored.id,
                    bytes: file.bytes,
                    modified: file.modified,
                    sha256: file.sha256,
                    complete,
                };
                known.by_path.insert(file.path, entry);
            }
        }
    }

    pub(crate) fn at(&self, path: &Path) -> Option<&KnownFile> {
        self.by_path.get(path)
    }

    /// Finds a complete document of the same content. Each document is moved at most once.
    pub(crate) fn twin(&self, sha256: &str) -> Option<Twin> {
        let complete = |path: &&PathBuf| self.by_path.get(*path).is_some_and(|file| file.complete);
        let paths: Vec<&PathBuf> = self
            .by_content
            .get(sha256)?
            .iter()
            .filter(complete)
            .collect();
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        for path in &paths {
            let id = &self.by_path.get(*path)?.id;
            if is_gone(path) && moved.insert(id.clone()) {
                return Some(Twin::Moved(id.clone()));
            }
        }
        let path = paths.first()?;
        Some(Twin::Copied(self.by_path.get(*path)?.id.clone()))
    }

    /// Lists the documents whose files lie in one of the folders and are gone, but for those that were moved.
    pub(crate) fn gone(&self, folders: &[PathBuf]) -> Vec<String> {
        let moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let inside = |path: &Path| folders.iter().any(|folder| path.starts_with(folder));
        let mut gone: Vec<String> = self
            .by_path
            .iter()
            .filter(|(path, file)| inside(path) && is_gone(path) && !moved.contains(&file.id))
            .map(|(_, file)| file.id.clone())
            .collect();
        gone.sort_unstable();
        gone
    }
}

/// Whether there is nothing at a path; a path that cannot be looked at may have something.
fn is_gone(path: &Path) -> bool {
    matches!(path.symlink_metadata(), Err(error) if matches!(
        error.kind(),
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
    ))
}
