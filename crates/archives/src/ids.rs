//! Files of ids: one on each line, as it is, for the row of the same place.

use crate::error::{ArchiveError, Result};
use crate::source::Source;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The most bytes of a line; longer ids could not be indexed.
const MAX_LINE_BYTES: u64 = 1 << 15;

/// A file of ids that is read.
pub struct IdReader {
    source: Source,
    lines: BufReader<File>,
    read: u64,
}

impl IdReader {
    /// Opens a file of ids, reads it once, and checks that it has a different id for each of `rows` vectors.
    ///
    /// # Errors
    /// When the file cannot be read, has more or fewer ids, or a line is no id or one that was there before.
    pub fn open(path: &Path, rows: u64) -> Result<Self> {
        let source = Source::open(path)?;
        let lines = BufReader::new(source.handle()?);
        let mut ids = Self {
            source,
            lines,
            read: 0,
        };
        let mut lines = HashMap::new();
        while let Some(id) = ids.next_id()? {
            let line = ids.read;
            if line > rows {
                // There are too many, and only their number is still of interest.
                continue;
            }
            if let Some(first) = lines.insert(id, line) {
                return Err(ids.wrong(format!("line {first} has the same")));
            }
        }
        if ids.read != rows {
            return Err(ArchiveError::IdCount {
                path: path.to_owned(),
                ids: ids.read,
                vectors: rows,
            });
        }
        ids.lines
            .seek(SeekFrom::Start(0))
            .map_err(ArchiveError::io(path))?;
        ids.read = 0;
        Ok(ids)
    }

    /// Reads the next id; none after the last.
    ///
    /// # Errors
    /// When the file cannot be read, was changed since it was opened, or a line is no id.
    pub fn next_id(&mut self) -> Result<Option<String>> {
        let mut line = Vec::new();
        let mut limited = (&mut self.lines).take(MAX_LINE_BYTES);
        let bytes = limited
            .read_until(b'\n', &mut line)
            .map_err(ArchiveError::io(self.source.path()))?;
        if bytes == 0 {
            self.source.unchanged()?;
            return Ok(None);
        }
        self.read += 1;
        if line.ends_with(b"\n") {
            line.pop();
            if line.ends_with(b"\r") {
                line.pop();
            }
        } else if bytes as u64 == MAX_LINE_BYTES {
            return Err(self.wrong(format!("it has {MAX_LINE_BYTES} bytes or more")));
        }
        let Ok(id) = String::from_utf8(line) else {
            return Err(self.wrong("it is no UTF-8".to_owned()));
        };
        if id.is_empty() {
            return Err(self.wrong("it is empty".to_owned()));
        }
        Ok(Some(id))
    }

    /// Says what is wrong with the line that was read last.
    fn wrong(&self, reason: String) -> ArchiveError {
        ArchiveError::Id {
            path: self.source.path().to_owned(),
            line: self.read,
            reason,
        }
    }
}

/// A file of ids that is written.
pub struct IdWriter {
    path: PathBuf,
    out: BufWriter<File>,
    lines: u64,
}

impl IdWriter {
    /// Starts in an empty file. `path` names it in errors.
    pub fn create(path: &Path, file: File) -> Self {
        Self {
            path: path.to_owned(),
            out: BufWriter::new(file),
            lines: 0,
        }
    }

    /// Answers whether an id can be a line.
    pub fn holds(id: &str) -> bool {
        let ends_line = id.contains('\n') || id.ends_with('\r');
        !id.is_empty() && !ends_line && (id.len() as u64) < MAX_LINE_BYTES
    }

    /// Writes the next id.
    ///
    /// # Errors
    /// When the id cannot be a line, or the disk fails.
    pub fn write(&mut self, id: &str) -> Result<()> {
        self.lines += 1;
        if !Self::holds(id) {
            return Err(ArchiveError::Id {
                path: self.path.clone(),
                line: self.lines,
                reason: format!("{id:?} cannot be a line"),
            });
        }
        writeln!(self.out, "{id}").map_err(ArchiveError::io(&self.path))
    }

    /// Brings everything to the disk.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish(self) -> Result<()> {
        let file = self
            .out
            .into_inner()
            .map_err(|error| ArchiveError::io(&self.path)(error.into_error()))?;
        file.sync_all().map_err(ArchiveError::io(&self.path))
    }
}
