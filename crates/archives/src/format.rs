//! Formats of archives, told by name and by content.

use crate::archive::{Contents, Datasets, Reader, Writer};
use crate::bigann::{FBIN, I8BIN, U8BIN};
use crate::codec::{Codec, New};
use crate::error::{ArchiveError, Result};
use crate::hdf5::Hdf5;
use crate::npy::Npy;
use crate::source::Source;
use crate::texmex::{BVECS, FVECS, IVECS};
use std::fmt;
use std::fs::File;
use std::path::Path;

/// Every format.
static KNOWN: [&dyn Codec; 8] = [&Hdf5, &Npy, &FVECS, &BVECS, &IVECS, &FBIN, &U8BIN, &I8BIN];

/// A format of archives.
#[derive(Clone, Copy)]
pub struct Format(&'static dyn Codec);

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Format {
    /// Lists the formats.
    pub fn all() -> impl Iterator<Item = Self> {
        KNOWN.into_iter().map(Self)
    }

    /// Answers the format of this name, in letters of either case.
    ///
    /// # Errors
    /// When no format has it.
    pub fn named(name: &str) -> Result<Self> {
        let known = Self::all().find(|format| format.name().eq_ignore_ascii_case(name));
        known.ok_or_else(|| ArchiveError::Format {
            name: name.to_owned(),
            known: joined(Self::all().map(|format| format.name().to_ascii_lowercase())),
        })
    }

    /// Tells the format that a file of this name has or is to have.
    ///
    /// # Errors
    /// When the name ends in nothing known.
    pub fn of_name(path: &Path) -> Result<Self> {
        let ending = path.extension().and_then(|ending| ending.to_str());
        let ending = ending.unwrap_or_default().to_ascii_lowercase();
        let known = Self::all().find(|format| format.0.endings().contains(&ending.as_str()));
        known.ok_or_else(|| {
            let endings = Self::all().flat_map(|format| format.0.endings());
            ArchiveError::Ending {
                path: path.to_owned(),
                known: joined(endings.map(|ending| format!(".{ending}"))),
            }
        })
    }

    /// Answers the name: `HDF5`, `npy`, `fvecs`, …
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Answers whether the format keeps a name for each row.
    pub fn has_names(self) -> bool {
        self.0.has_names()
    }

    /// Tells the format by a file's first bytes; none where they are no format's.
    fn of_content(source: &Source) -> Result<Option<Self>> {
        for format in Self::all() {
            if format.0.signed(source)? {
                return Ok(Some(format));
            }
        }
        Ok(None)
    }

    /// Makes sure that a file's content is not another format's.
    fn check_content(self, source: &Source, found: Option<Self>) -> Result<()> {
        let got = match found {
            Some(other) if other == self => return Ok(()),
            Some(other) => other.name(),
            None if !self.0.has_signature() && source.length() > 0 => return Ok(()),
            None => foreign(source)?.unwrap_or("something else"),
        };
        Err(unexpected(source, self.name(), got))
    }
}

fn unexpected(source: &Source, expected: &'static str, got: &'static str) -> ArchiveError {
    ArchiveError::Content {
        path: source.path().to_owned(),
        expected,
        got,
    }
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}

/// What a file is that is no archive, where its first bytes tell.
fn foreign(source: &Source) -> Result<Option<&'static str>> {
    if source.length() == 0 {
        return Ok(Some("an empty file"));
    }
    Ok(match source.peek::<2>(0)? {
        Some([b'P', b'K']) => Some("a zip file, as npz is: take the npy out of it"),
        Some([0x1f, 0x8b]) => Some("a gzip file: unpack it"),
        _ => None,
    })
}

/// Opens an archive and checks what its headers claim. Its format is `format`, or else what its name says and its content
/// confirms, or else what its content alone says.
///
/// # Errors
/// When the file cannot be read, is of another or no known format, is damaged or not as long as it claims, or does not
/// hold vectors.
pub fn open(path: &Path, format: Option<Format>, datasets: &Datasets) -> Result<Box<dyn Reader>> {
    let source = Source::open(path)?;
    let found = Format::of_content(&source)?;
    let format = match (format, Format::of_name(path), found) {
        (Some(format), _, _) | (None, Ok(format), _) | (None, Err(_), Some(format)) => format,
        (None, Err(error), None) => {
            return Err(match foreign(&source)? {
                Some(got) => unexpected(&source, "npy or HDF5", got),
                None => error,
            });
        }
    };
    format.check_content(&source, found)?;
    format.0.open(source, datasets)
}

/// Starts an archive in an empty file. `path` names the file in errors.
///
/// # Errors
/// When a dataset cannot have the name asked for, the format does not hold such numbers, or the disk fails.
pub fn create(
    format: Format,
    path: &Path,
    file: File,
    contents: Contents<'_>,
    datasets: &Datasets,
) -> Result<Box<dyn Writer>> {
    format.0.create(New {
        path,
        file,
        contents,
        datasets,
    })
}
