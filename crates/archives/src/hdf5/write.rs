//! Writing HDF5: two datasets in the root group, each in one piece, as h5py writes them by default.
//!
//! The library would hold all rows in memory. What has to be written around them is little: a superblock of version 0,
//! the root group with its names, and a header for each dataset. It has the same length however many rows there are, so
//! the rows are written behind the room for it, and it is filled in at the end.

mod header;

use super::{NAMES, VECTORS};
use crate::archive::{Number, Writer};
use crate::codec::New;
use crate::error::{ArchiveError, Result};
use header::{Element, Header, Stored};
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// An HDF5 file that is written.
pub(super) struct Hdf5Writer {
    path: PathBuf,
    out: BufWriter<File>,
    /// What the datasets of vectors and of names are called.
    called: (String, String),
    distance: Option<String>,
    dims: usize,
    element: Element,
    rows: u64,
    /// The names end to end; they come after the vectors, when the longest is known.
    names: String,
    /// Where each name ends.
    ends: Vec<usize>,
}

impl Hdf5Writer {
    /// Leaves room for the header.
    pub(super) fn create(new: New<'_>) -> Result<Self> {
        let called =
            |asked: &Option<String>, usual: &str| asked.clone().unwrap_or_else(|| usual.to_owned());
        let vectors = called(&new.datasets.vectors, VECTORS);
        let names = called(&new.datasets.names, NAMES);
        check_name(&vectors, &names)?;
        check_name(&names, &vectors)?;
        let element = match new.contents.number {
            Some(Number::F32) => Element::F32,
            None | Some(Number::F64 | Number::Whole) => Element::F64,
        };
        let mut out = BufWriter::new(new.file);
        let distance = new.contents.distance.map(str::to_owned);
        let start = Header::length(&vectors, &names, distance.as_deref());
        out.seek(SeekFrom::Start(start))
            .map_err(ArchiveError::io(new.path))?;
        Ok(Self {
            path: new.path.to_owned(),
            out,
            called: (vectors, names),
            distance,
            dims: new.contents.dims,
            element,
            rows: 0,
            names: String::new(),
            ends: Vec::new(),
        })
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.out
            .write_all(bytes)
            .map_err(ArchiveError::io(&self.path))
    }
}

impl Writer for Hdf5Writer {
    fn write(&mut self, name: &str, vector: &[f64]) -> Result<()> {
        if vector.len() != self.dims {
            return Err(ArchiveError::Dims {
                row: self.rows,
                expected: self.dims,
                got: vector.len(),
            });
        }
        for number in vector {
            match self.element {
                Element::F32 => self.put(&(*number as f32).to_le_bytes())?,
                _ => self.put(&number.to_le_bytes())?,
            }
        }
        self.names.push_str(name);
        self.ends.push(self.names.len());
        self.rows += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let called = std::mem::take(&mut self.called);
        let distance = self.distance.take();
        let start = Header::length(&called.0, &called.1, distance.as_deref());
        let vectors = Stored {
            shape: vec![self.rows, self.dims as u64],
            element: self.element,
            start,
        };
        let mut bounds = vec![0];
        bounds.append(&mut self.ends);
        let lengths = bounds.windows(2).map(|pair| pair[1] - pair[0]);
        let longest = lengths.max().unwrap_or(0).max(1);
        let all = std::mem::take(&mut self.names);
        let names = Stored {
            shape: vec![self.rows],
            element: Element::String {
                bytes: longest as u32,
                ascii: all.is_ascii(),
            },
            start: vectors.end(),
        };
        let mut padded = vec![0; longest];
        for pair in bounds.windows(2) {
            let name = &all.as_bytes()[pair[0]..pair[1]];
            padded.fill(0);
            padded[..name.len()].copy_from_slice(name);
            self.put(&padded)?;
        }
        let header = Header {
            vectors: (&called.0, vectors),
            names: (&called.1, names),
            distance: distance.as_deref(),
        };
        let bytes = header.bytes();
        let path = self.path.clone();
        self.out
            .seek(SeekFrom::Start(0))
            .map_err(ArchiveError::io(&path))?;
        self.put(&bytes)?;
        let file = self
            .out
            .into_inner()
            .map_err(|error| ArchiveError::io(&path)(error.into_error()))?;
        file.sync_all().map_err(ArchiveError::io(&path))
    }
}

fn check_name(name: &str, other: &str) -> Result<()> {
    let reason = if name.is_empty() || name == "." {
        "it names nothing"
    } else if name.len() > 255 {
        "it is longer than 255 bytes"
    } else if name.contains(['/', '\0']) {
        "it holds a slash or a zero"
    } else if name == other {
        "vectors and names need a dataset each"
    } else {
        return Ok(());
    };
    Err(ArchiveError::DatasetName {
        name: name.to_owned(),
        reason,
    })
}
