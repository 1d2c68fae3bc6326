//! One file: from the walk to what is written of it.

use super::budget::Budget;
use super::known::{Known, Twin};
use super::{Failure, IndexOptions};
use crate::picture::{Place, file_of, source_json, vectors, with_place};
use backends::Backend;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use document::{Condition, Document, Operation, Write};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fs::{File, Metadata};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tokio::runtime::Handle;
use vision::{Extractor, SNIFF_BYTES, SeeError, Sniffed, Want, has_picture_extension, sniff};

/// A file that is looked at.
pub(super) struct Job {
    pub(super) path: PathBuf,
    pub(super) root: PathBuf,
    pub(super) bytes: u64,
    pub(super) modified: String,
}

/// What became of a file.
pub(super) enum Outcome {
    Write(Box<Writing>),
    /// It is no picture, and is not named as one.
    Ignored,
    Failed(Failure),
}

/// A document to be written.
pub(super) struct Writing {
    pub(super) write: Write,
    pub(super) path: PathBuf,
    pub(super) kind: WritingKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WritingKind {
    /// A picture that was seen, or a copy of one.
    Indexed,
    /// The file was moved.
    Renamed,
    /// Only the file's time of change is new.
    Touched,
}

/// What every job needs.
pub(super) struct Workshop<'a> {
    /// The data folder, which is never walked: the pictures in it are copies.
    pub(super) data: &'a Path,
    pub(super) options: &'a IndexOptions<'a>,
    pub(super) extractor: &'a Extractor,
    pub(super) known: &'a Known,
    pub(super) backend: &'a dyn Backend,
    pub(super) runtime: &'a Handle,
    pub(super) budget: &'a Budget,
}

impl Job {
    pub(super) fn new(path: PathBuf, root: &Path, metadata: &Metadata) -> Self {
        let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        let modified = Timestamp::try_from(modified).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            path,
            root: root.to_owned(),
            bytes: metadata.len(),
            modified: format!("{modified:.9}"),
        }
    }

    fn place(&self) -> Place {
        Place {
            path: self.path.clone(),
            root: self.root.clone(),
            modified: self.modified.clone(),
        }
    }

    fn failed(&self, reason: String) -> Outcome {
        Outcome::Failed(Failure {
            path: self.path.display().to_string(),
            reason,
        })
    }
}

impl Workshop<'_> {
    pub(super) fn work(&self, job: &Job) -> Outcome {
        match self.read(job) {
            Ok(Some(bytes)) => self.picture(job, &bytes),
            Ok(None) => Outcome::Ignored,
            Err(reason) => job.failed(reason),
        }
    }

    /// Reads a file; none when it is no picture and is not named as one.
    fn read(&self, job: &Job) -> Result<Option<Vec<u8>>, String> {
        let named_as_picture = job
            .path
            .file_name()
            .is_some_and(|name| has_picture_extension(&name.to_string_lossy()));
        let mut file = File::open(&job.path).map_err(|error| error.to_string())?;
        let mut head = Vec::new();
        let sniffed = file
            .by_ref()
            .take(SNIFF_BYTES as u64)
            .read_to_end(&mut head);
        sniffed.map_err(|error| error.to_string())?;
        match sniff(&head) {
            Sniffed::Supported(_) => {}
            Sniffed::Unsupported(name) => return Err(SeeError::Unsupported(name).to_string()),
            Sniffed::NotAPicture if !named_as_picture => return Ok(None),
            Sniffed::NotAPicture if head.is_empty() => return Err(SeeError::Empty.to_string()),
            Sniffed::NotAPicture => return Err(SeeError::NotAPicture.to_string()),
        }
        let limit = self.extractor.limits().max_file_bytes;
        if job.bytes > limit {
            return Err(SeeError::FileTooLarge {
                bytes: job.bytes,
                limit,
            }
            .to_string());
        }
        // A file that grows while it is read is cut at the limit, and refused by its length then.
        let rest = file
            .take(limit + 1 - head.len() as u64)
            .read_to_end(&mut head);
        rest.map_err(|error| error.to_string())?;
        Ok(Some(head))
    }

    fn picture(&self, job: &Job, bytes: &[u8]) -> Outcome {
        let sha256 = sha256_of(bytes);
        let here = self.known.at(&job.path);
        let reused = match here {
            Some(file) if file.sha256 == sha256 && file.complete => {
                Some((file.id.clone(), file.id.clone(), WritingKind::Touched))
            }
            // A picture of ours that changed keeps its id, so it is neither moved nor copied over.
            Some(_) => None,
            None => self.known.twin(&sha256).map(|twin| match twin {
                Twin::Moved(id) => (id.clone(), id, WritingKind::Renamed),
                Twin::Copied(id) => (id, random_id(), WritingKind::Indexed),
            }),
        };
        let document = match &reused {
            Some((from, ..)) => match self.reuse(job, from, &sha256) {
                Ok(document) => document,
                Err(reason) => return job.failed(reason),
            },
            None => None,
        };
        let (document, id, kind) = match (document, reused) {
            (Some(document), Some((_, id, kind))) => (document, id, kind),
            _ => match self.see(job, bytes, &sha256) {
                Ok(document) => {
                    let id = here.map_or_else(random_id, |file| file.id.clone());
                    (document, id, WritingKind::Indexed)
                }
                Err(reason) => return job.failed(reason),
            },
        };
        let write = Write {
            id,
            operation: Operation::Index(document),
            condition: Condition::Always,
        };
        Outcome::Write(Box::new(Writing {
            write,
            path: job.path.clone(),
            kind,
        }))
    }

    /// Takes over what was seen before; none when the document was removed meanwhile, or is of another picture by now:
    /// its own file may have changed, and been written in this run.
    fn reuse(&self, job: &Job, id: &str, sha256: &str) -> Result<Option<Document>, String> {
        let stored = self
            .runtime
            .block_on(self.backend.get(&self.options.index, id));
        let Some(stored) = stored.map_err(|error| error.to_string())? else {
            return Ok(None);
        };
        let source = stored.document.value().map_err(|error| error.to_string())?;
        if file_of(&source).is_none_or(|file| file.sha256 != sha256) {
            return Ok(None);
        }
        let source = with_place(source, &job.place());
        Document::new(&source, stored.document.vectors)
            .map(Some)
            .map_err(|error| error.to_string())
    }

    fn see(&self, job: &Job, bytes: &[u8], sha256: &str) -> Result<Document, String> {
        let limits = self.extractor.limits();
        let header = vision::probe(bytes, limits).map_err(|error| error.to_string())?;
        let _memory = self.budget.take(header.memory_bytes);
        let seen = catch_unwind(AssertUnwindSafe(|| self.extractor.see(bytes, Want::ALL)));
        let features = match seen {
            Ok(seen) => seen.map_err(|error| error.to_string())?,
            Err(_) => return Err("seeing it broke off, which is a defect of this program".into()),
        };
        let source = source_json(&job.place(), sha256, bytes.len() as u64, &features);
        Document::new(&source, vectors(&features)).map_err(|error| error.to_string())
    }
}

pub(crate) fn sha256_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Twenty letters that no other document has: 120 random bits.
fn random_id() -> String {
    let mut bits = [0; 15];
    getrandom::fill(&mut bits).expect("the system gives random numbers");
    URL_SAFE_NO_PAD.encode(bits)
}
