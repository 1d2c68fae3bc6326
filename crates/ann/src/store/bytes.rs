//! Reading numbers out of a file's bytes one after the other, with errors that say where.

use crate::error::{Error, Result};
use std::path::Path;

/// The bytes of a file, read from the front.
pub(crate) struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
    path: &'a Path,
}

impl<'a> Fields<'a> {
    /// Begins at the front.
    pub(crate) fn new(bytes: &'a [u8], path: &'a Path) -> Fields<'a> {
        Fields { bytes, at: 0, path }
    }

    /// Begins at an offset.
    pub(crate) fn at(bytes: &'a [u8], at: usize, path: &'a Path) -> Fields<'a> {
        Fields { bytes, at, path }
    }

    /// Checks the eight bytes that say what kind of file it is.
    pub(crate) fn magic(&mut self, expected: [u8; 8]) -> Result<()> {
        let offset = self.at;
        let got = self.take::<8>("magic")?;
        if got == expected {
            return Ok(());
        }
        let [expected, got] = [expected, got].map(|magic| format!("{}", magic.escape_ascii()));
        Err(self.damaged(offset, "magic", expected, got))
    }

    /// Checks the version of the format.
    pub(crate) fn version(&mut self, expected: u32) -> Result<()> {
        let got = self.u32()?;
        if got == expected {
            return Ok(());
        }
        Err(Error::Version {
            path: self.path.to_owned(),
            expected,
            got,
        })
    }

    /// Reads so many bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Result<&'a [u8]> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(taken) = rest.get(..count) else {
            let [expected, got] = [count, rest.len()].map(|count| format!("{count} bytes"));
            return Err(self.damaged(self.at, "bytes", expected, got));
        };
        self.at += count;
        Ok(taken)
    }

    /// Reads a number of four bytes.
    pub(crate) fn u32(&mut self) -> Result<u32> {
        self.take("number").map(u32::from_le_bytes)
    }

    /// Reads a number of eight bytes.
    pub(crate) fn u64(&mut self) -> Result<u64> {
        self.take("number").map(u64::from_le_bytes)
    }

    /// Checks the CRC-32 that follows of everything before it.
    pub(crate) fn checksum(&mut self) -> Result<()> {
        let offset = self.at;
        let crc = crc32fast::hash(self.bytes.get(..offset).unwrap_or_default());
        let got = self.u32()?;
        if got == crc {
            return Ok(());
        }
        Err(self.damaged(
            offset,
            "checksum",
            format!("{crc:08x}"),
            format!("{got:08x}"),
        ))
    }

    /// Makes the error for what is wrong at an offset.
    pub(crate) fn damaged(
        &self,
        offset: usize,
        what: &'static str,
        expected: String,
        got: String,
    ) -> Error {
        Error::Damaged {
            path: self.path.to_owned(),
            offset: offset as u64,
            what,
            expected,
            got,
        }
    }

    fn take<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N]> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(taken) = rest.first_chunk::<N>() else {
            let [expected, got] = [N, rest.len()].map(|count| format!("{count} bytes"));
            return Err(self.damaged(self.at, what, expected, got));
        };
        self.at += N;
        Ok(*taken)
    }
}
