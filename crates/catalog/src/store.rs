//! Files that the catalog keeps beside the engine's: uploads and thumbnails.
//!
//! Both are named by the SHA-256 of the original, so a file that is there is right. Uploads are kept to be searched
//! with; the oldest go when there are too many.

use crate::error::{CatalogError, Result};
use jpeg_encoder::{ColorType, Encoder};
use serde::Serialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use vision::{Limits, SeeError, Sniffed, sniff, thumbnail};

/// Uploads past this many are forgotten, the oldest first.
const MAX_UPLOADS: usize = 500;
/// Bytes of uploads past which they are forgotten, the oldest first.
const MAX_UPLOAD_BYTES: u64 = 1 << 30;
/// The longer sides that thumbnails have, in pixels.
const THUMBNAIL_SIDES: [u32; 3] = [160, 320, 640];
const THUMBNAIL_QUALITY: u8 = 85;

/// A picture that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Upload {
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Pixels in a row, upright.
    pub width: u32,
    /// Rows, upright.
    pub height: u32,
    /// The format's name, such as `jpeg`.
    pub format: String,
    /// Its length.
    pub bytes: u64,
}

/// The catalog's own files.
#[derive(Debug)]
pub(crate) struct Store {
    uploads: PathBuf,
    thumbnails: PathBuf,
}

impl Store {
    pub(crate) fn new(data: &Path) -> Self {
        Self {
            uploads: data.join("uploads"),
            thumbnails: data.join("thumbnails"),
        }
    }

    /// Keeps an uploaded picture.
    pub(crate) fn keep_upload(&self, sha256: &str, bytes: &[u8]) -> Result<()> {
        write(&self.uploads.join(sha256), bytes)?;
        self.forget_old_uploads()
    }

    /// Answers the bytes of an uploaded picture.
    pub(crate) fn upload(&self, sha256: &str) -> Result<Vec<u8>> {
        let well_formed = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
        let gone = || {
            CatalogError::NotFound(format!(
                "upload {sha256} is not kept (any more): upload the picture again"
            ))
        };
        if !well_formed {
            return Err(gone());
        }
        let path = self.uploads.join(sha256);
        match fs::read(&path) {
            Ok(bytes) => Ok(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(gone()),
            Err(error) => Err(CatalogError::io(&path)(error)),
        }
    }

    fn forget_old_uploads(&self) -> Result<()> {
        let list = || -> io::Result<Vec<(SystemTime, u64, PathBuf)>> {
            let mut kept = Vec::new();
            for entry in fs::read_dir(&self.uploads)? {
                let entry = entry?;
                let metadata = entry.metadata()?;
                kept.push((metadata.modified()?, metadata.len(), entry.path()));
            }
            kept.sort_unstable_by(|a, b| b.cmp(a));
            Ok(kept)
        };
        let (mut count, mut bytes) = (0, 0);
        for (_, length, path) in list().map_err(CatalogError::io(&self.uploads))? {
            count += 1;
            bytes += length;
            if count > MAX_UPLOADS || (bytes > MAX_UPLOAD_BYTES && count > 1) {
                fs::remove_file(&path).map_err(CatalogError::io(&path))?;
            }
        }
        Ok(())
    }

    /// Answers a JPEG whose longer side is at most the smallest of 160, 320 and 640 that is no less than `side`. It is
    /// made at the first question; `original` answers the bytes of the picture then.
    pub(crate) fn thumbnail(
        &self,
        sha256: &str,
        side: u32,
        limits: &Limits,
        original: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<Vec<u8>> {
        let largest = THUMBNAIL_SIDES[THUMBNAIL_SIDES.len() - 1];
        let side = THUMBNAIL_SIDES
            .into_iter()
            .find(|have| *have >= side)
            .unwrap_or(largest);
        let path = self
            .thumbnails
            .join(sha256.get(..2).unwrap_or("xx"))
            .join(format!("{sha256}-{side}.jpg"));
        match fs::read(&path) {
            Ok(jpeg) => return Ok(jpeg),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(CatalogError::io(&path)(error)),
        }
        let jpeg = encode(&original()?, side, limits).map_err(|source| CatalogError::Picture {
            name: sha256.to_owned(),
            source,
        })?;
        write(&path, &jpeg)?;
        Ok(jpeg)
    }
}

/// The media type of a picture file's bytes; `application/octet-stream` when they are no picture.
pub fn media_type(bytes: &[u8]) -> &'static str {
    match sniff(bytes) {
        Sniffed::Supported(format) => format.media_type(),
        _ => "application/octet-stream",
    }
}

fn encode(bytes: &[u8], side: u32, limits: &Limits) -> std::result::Result<Vec<u8>, SeeError> {
    let small = thumbnail(bytes, limits, side)?;
    let mut jpeg = Vec::new();
    // A side of at most 640 fits, and a vector takes all bytes.
    let (width, height) = (small.width() as u16, small.height() as u16);
    Encoder::new(&mut jpeg, THUMBNAIL_QUALITY)
        .encode(small.pixels(), width, height, ColorType::Rgb)
        .expect("a small picture is encoded into memory");
    Ok(jpeg)
}

/// Writes a file in full or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let save = || -> io::Result<()> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut fresh = path.as_os_str().to_owned();
        fresh.push(format!(
            ".fresh-{}-{:?}",
            std::process::id(),
            std::thread::current().id()
        ));
        let fresh = PathBuf::from(fresh);
        fs::write(&fresh, bytes)?;
        fs::rename(&fresh, path)
    };
    save().map_err(CatalogError::io(path))
}
