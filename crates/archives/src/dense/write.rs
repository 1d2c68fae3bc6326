//! Writing rows of equal length, as they come.

use crate::archive::Writer;
use crate::codec::New;
use crate::element::Element;
use crate::error::{ArchiveError, Result};
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// What stands before the rows of a file of so many rows; as long for each number of them.
type Head = Box<dyn Fn(u64) -> Result<Vec<u8>> + Send>;

/// A file of rows of equal length that is written.
pub(crate) struct DenseWriter {
    path: PathBuf,
    out: BufWriter<File>,
    head: Head,
    /// What stands before each row.
    prefix: Vec<u8>,
    element: Element,
    dims: usize,
    rows: u64,
    row: Vec<u8>,
}

impl DenseWriter {
    /// Leaves room for the head.
    pub(crate) fn create(
        new: New<'_>,
        element: Element,
        prefix: Vec<u8>,
        head: Head,
    ) -> Result<Self> {
        let mut out = BufWriter::new(new.file);
        out.write_all(&head(0)?)
            .map_err(ArchiveError::io(new.path))?;
        Ok(Self {
            path: new.path.to_owned(),
            out,
            head,
            prefix,
            element,
            dims: new.contents.dims,
            rows: 0,
            row: Vec::new(),
        })
    }
}

impl Writer for DenseWriter {
    fn write(&mut self, _name: &str, vector: &[f64]) -> Result<()> {
        if vector.len() != self.dims {
            return Err(ArchiveError::Dims {
                row: self.rows,
                expected: self.dims,
                got: vector.len(),
            });
        }
        self.row.clear();
        self.row.extend(&self.prefix);
        for (at, value) in vector.iter().enumerate() {
            if !self.element.encode(*value, &mut self.row) {
                return Err(ArchiveError::Value {
                    row: self.rows,
                    at,
                    value: *value,
                    expected: self.element.holds(),
                });
            }
        }
        self.rows += 1;
        self.out
            .write_all(&self.row)
            .map_err(ArchiveError::io(&self.path))
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let head = (self.head)(self.rows)?;
        let io = || ArchiveError::io(&self.path);
        self.out.seek(SeekFrom::Start(0)).map_err(io())?;
        self.out.write_all(&head).map_err(io())?;
        let file = self
            .out
            .into_inner()
            .map_err(|error| ArchiveError::io(&self.path)(error.into_error()))?;
        file.sync_all().map_err(ArchiveError::io(&self.path))
    }
}
