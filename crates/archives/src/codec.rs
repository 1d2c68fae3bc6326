//! What a format of archives is.

use crate::archive::{Contents, Datasets, Number, Reader, Writer};
use crate::element::Element;
use crate::error::{ArchiveError, Result};
use crate::source::Source;
use std::fs::File;
use std::path::Path;

/// The most numbers in a vector, so that a row takes little memory.
pub(crate) const MAX_DIMS: u64 = 1 << 16;

/// A format of archives: what its files are called and look like, its reader and its writer.
pub(crate) trait Codec: Sync {
    /// What people call it.
    fn name(&self) -> &'static str;

    /// How the names of its files end, the usual ending first.
    fn endings(&self) -> &'static [&'static str];

    /// Whether every file of the format starts with the same bytes.
    fn has_signature(&self) -> bool {
        false
    }

    /// Whether a file has the format's signature.
    fn signed(&self, _source: &Source) -> Result<bool> {
        Ok(false)
    }

    /// Whether rows have names in it.
    fn has_names(&self) -> bool {
        false
    }

    /// Reads the headers and checks what they claim.
    fn open(&self, source: Source, datasets: &Datasets) -> Result<Box<dyn Reader>>;

    /// Starts an archive in an empty file, of numbers as the format usually has them where none are asked for.
    fn create(&self, new: New<'_>) -> Result<Box<dyn Writer>>;
}

/// An archive that is to be written.
pub(crate) struct New<'a> {
    /// Where it will be, for errors.
    pub(crate) path: &'a Path,
    pub(crate) file: File,
    pub(crate) contents: Contents<'a>,
    pub(crate) datasets: &'a Datasets,
}

impl Datasets {
    /// Fails when a dataset is asked for of a format that has none.
    pub(crate) fn expect_none(&self, path: &Path, format: &'static str) -> Result<()> {
        match self.vectors.as_ref().or(self.names.as_ref()) {
            None => Ok(()),
            Some(name) => Err(ArchiveError::Datasets {
                path: path.to_owned(),
                format,
                name: name.clone(),
            }),
        }
    }
}

impl New<'_> {
    /// Fails when other numbers are asked for than those that a format always has.
    pub(crate) fn expect_number(&self, format: &'static str, element: Element) -> Result<()> {
        let asked = match self.contents.number {
            None => return Ok(()),
            Some(asked) if asked == element.number() => return Ok(()),
            Some(Number::F32) => Element::F32.holds(),
            Some(Number::F64) => Element::F64.holds(),
            Some(Number::Whole) => "whole numbers",
        };
        Err(ArchiveError::Number {
            format,
            holds: element.holds(),
            asked,
        })
    }
}
