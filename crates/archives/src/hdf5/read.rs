//! Reading HDF5.
//!
//! The library reads what a header claims; what is claimed is held against the file's length before any row is read.

use crate::archive::{Datasets, Name, Number, Reader, Row, Shape};
use crate::error::{ArchiveError, Result};
use hdf5_pure::{
    ChunkCacheConfig, DType, Dataset, Error as LibraryError, FileAccessProperties, Layout,
    ReadSeekSource,
};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The most numbers in a vector, so that a row takes little memory.
const MAX_DIMS: u64 = 1 << 16;
/// The most bytes of a name that is stored with a fixed length; longer ones could not be indexed.
const MAX_NAME_BYTES: u64 = 1 << 15;
/// The most bytes of a chunk once it is uncompressed; writers choose up to a few MiB.
const MAX_CHUNK_BYTES: u64 = 256 << 20;
/// Bytes of uncompressed chunks that are kept for the next rows.
const CHUNK_CACHE_BYTES: usize = 256 << 20;
/// Uncompressed chunks that are kept.
const CHUNK_CACHE_SLOTS: usize = 4_099;
/// The most bytes that deflate makes of one.
const MAX_EXPANSION: u64 = 1_032;
/// The most bytes of vectors that are read at once.
const MAX_READ_BYTES: usize = 16 << 20;

/// An HDF5 file that is read.
pub(crate) struct Hdf5Reader {
    file: SourceFile,
    shape: Shape,
    number: Number,
    vectors: Dataset,
    names: Dataset,
    next: u64,
}

/// The file below, and how it was when it was opened.
struct SourceFile {
    path: PathBuf,
    file: File,
    length: u64,
    modified: Option<SystemTime>,
}

impl Hdf5Reader {
    /// Reads the headers and checks what they claim.
    pub(crate) fn open(path: &Path, file: File, datasets: &Datasets) -> Result<Self> {
        let source = file.try_clone().map_err(ArchiveError::io(path))?;
        let file = SourceFile::new(path, file)?;
        let damaged = file.damaged();
        let source = ReadSeekSource::new(source).map_err(|error| file.damaged()(error.into()))?;
        let cache = ChunkCacheConfig::from_h5p_cache(CHUNK_CACHE_SLOTS, CHUNK_CACHE_BYTES);
        let access = FileAccessProperties::new().with_chunk_cache(cache);
        let hdf5 = hdf5_pure::File::from_source_with_options(source, access).map_err(damaged)?;
        let vectors = file.dataset(&hdf5, &datasets.vectors)?;
        let names = file.dataset(&hdf5, &datasets.names)?;
        let number = file.number_of(&datasets.vectors, &vectors)?;
        let shape = file.shape_of(&datasets.vectors, &vectors)?;
        file.check_names(&datasets.names, &names, shape.rows)?;
        file.check_claims(&datasets.vectors, &vectors)?;
        file.check_claims(&datasets.names, &names)?;
        file.check_texts(&datasets.names, &names)?;
        Ok(Self {
            file,
            shape,
            number,
            vectors,
            names,
            next: 0,
        })
    }
}

impl Reader for Hdf5Reader {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn number(&self) -> Number {
        self.number
    }

    fn read(&mut self, limit: usize) -> Result<Vec<Row>> {
        let fitting = MAX_READ_BYTES / (self.shape.dims * size_of::<f64>());
        let limit = limit.min(fitting).max(1) as u64;
        let count = limit.min(self.shape.rows - self.next);
        if count == 0 {
            self.file.unchanged()?;
            return Ok(Vec::new());
        }
        let vectors = self.vectors.read_f64_rows(self.next, count);
        let names = self.names.read_string_rows(self.next, count);
        // A file that was cut meanwhile is said to be changed, not to be damaged.
        self.file.unchanged()?;
        let vectors = vectors.map_err(self.file.damaged())?;
        let names = names.map_err(self.file.damaged())?;
        let expected = count as usize;
        if vectors.len() != expected * self.shape.dims || names.len() != expected {
            let reason = format!(
                "rows {} to {} hold {} numbers and {} names",
                self.next,
                self.next + count - 1,
                vectors.len(),
                names.len()
            );
            return Err(self.file.says(reason));
        }
        self.next += count;
        let vectors = vectors.chunks_exact(self.shape.dims);
        let rows = vectors.zip(names).map(|(vector, name)| Row {
            name: named(name),
            vector: vector.to_vec(),
        });
        Ok(rows.collect())
    }
}

/// The library puts � where a name is no UTF-8.
fn named(name: String) -> Name {
    if name.contains(char::REPLACEMENT_CHARACTER) {
        Name::NotUtf8(name)
    } else {
        Name::Text(name)
    }
}

impl SourceFile {
    fn new(path: &Path, file: File) -> Result<Self> {
        let metadata = file.metadata().map_err(ArchiveError::io(path))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            length: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }

    /// Fails when the file was written to since it was opened.
    fn unchanged(&self) -> Result<()> {
        let now = self.file.metadata().map_err(ArchiveError::io(&self.path))?;
        if now.len() == self.length && now.modified().ok() == self.modified {
            return Ok(());
        }
        Err(ArchiveError::Changed {
            path: self.path.clone(),
        })
    }

    fn says(&self, reason: String) -> ArchiveError {
        ArchiveError::Damaged {
            path: self.path.clone(),
            reason,
        }
    }

    fn damaged(&self) -> impl Fn(LibraryError) -> ArchiveError {
        |error| self.says(error.to_string())
    }

    /// Finds a dataset, or says which are there.
    fn dataset(&self, hdf5: &hdf5_pure::File, name: &str) -> Result<Dataset> {
        hdf5.dataset(name).map_err(|error| {
            let in_root = !name.trim_start_matches('/').contains('/');
            match hdf5.root().datasets() {
                Ok(there) if in_root && !there.iter().any(|one| one == name) => {
                    ArchiveError::NoDataset {
                        path: self.path.clone(),
                        name: name.to_owned(),
                        there,
                    }
                }
                _ => self.says(format!("dataset {name}: {error}")),
            }
        })
    }

    fn number_of(&self, name: &str, dataset: &Dataset) -> Result<Number> {
        match dataset.dtype().map_err(self.damaged())? {
            DType::F32 => Ok(Number::F32),
            DType::F64 => Ok(Number::F64),
            DType::I8 | DType::I16 | DType::I32 | DType::U8 | DType::U16 | DType::U32 => {
                Ok(Number::Whole)
            }
            other => Err(self.wrong_type(
                name,
                &other,
                "floats of 32 or 64 bits, or whole numbers of up to 32",
            )),
        }
    }

    fn wrong_type(&self, name: &str, got: &DType, expected: &'static str) -> ArchiveError {
        ArchiveError::Type {
            path: self.path.clone(),
            dataset: name.to_owned(),
            got: got.to_string(),
            expected,
        }
    }

    fn shape_of(&self, name: &str, dataset: &Dataset) -> Result<Shape> {
        let got = dataset.shape().map_err(self.damaged())?;
        match got[..] {
            [rows, dims] if (1..=MAX_DIMS).contains(&dims) => Ok(Shape {
                rows,
                dims: dims as usize,
            }),
            _ => Err(ArchiveError::Shape {
                path: self.path.clone(),
                dataset: name.to_owned(),
                got,
                expected: "[rows, dims] with 1 to 65536 dims",
            }),
        }
    }

    fn check_names(&self, name: &str, dataset: &Dataset, vectors: u64) -> Result<()> {
        match dataset.dtype().map_err(self.damaged())? {
            DType::String | DType::VariableLengthString => {}
            other => return Err(self.wrong_type(name, &other, "strings")),
        }
        let bytes = dataset.element_size().map_err(self.damaged())?;
        if bytes > MAX_NAME_BYTES {
            return Err(self.claim(name, "for a name", bytes.into(), MAX_NAME_BYTES));
        }
        let got = dataset.shape().map_err(self.damaged())?;
        let names = match got[..] {
            [names] | [names, 1] => names,
            _ => {
                return Err(ArchiveError::Shape {
                    path: self.path.clone(),
                    dataset: name.to_owned(),
                    got,
                    expected: "[rows]",
                });
            }
        };
        if names == vectors {
            return Ok(());
        }
        Err(ArchiveError::NameCount {
            path: self.path.clone(),
            vectors,
            names,
        })
    }

    /// Holds what a dataset claims against the file's length: the library takes memory for a chunk by what is claimed.
    fn check_claims(&self, name: &str, dataset: &Dataset) -> Result<()> {
        let element = dataset.element_size().map_err(self.damaged())?;
        let bytes = |shape: &[u64]| {
            let sizes = shape.iter().map(|number| u128::from(*number));
            sizes.fold(u128::from(element), u128::saturating_mul)
        };
        let shape = dataset.shape().map_err(self.damaged())?;
        let expansion = if dataset.filters().is_empty() {
            1
        } else {
            MAX_EXPANSION
        };
        let limit = self.length.saturating_mul(expansion);
        if bytes(&shape) > u128::from(limit) {
            return Err(self.claim(name, "in all", bytes(&shape), limit));
        }
        match dataset.layout().map_err(self.damaged())? {
            Layout::Chunked { chunk_shape, .. } => {
                if bytes(&chunk_shape) > u128::from(MAX_CHUNK_BYTES) {
                    let claimed = bytes(&chunk_shape);
                    return Err(self.claim(name, "for a chunk", claimed, MAX_CHUNK_BYTES));
                }
                for chunk in dataset.chunks().map_err(self.damaged())? {
                    self.check_end(name, chunk.address, chunk.storage_size)?;
                }
                Ok(())
            }
            Layout::Contiguous {
                address: Some(address),
                size,
            } => self.check_end(name, address, size),
            Layout::Compact { .. } | Layout::Contiguous { .. } => Ok(()),
            _ => Err(self.says(format!(
                "dataset {name} is put together from other datasets, which is not supported"
            ))),
        }
    }

    /// Holds what names of any length claim against the file's length: many may point to the same long text.
    fn check_texts(&self, name: &str, dataset: &Dataset) -> Result<()> {
        let DType::VariableLengthString = dataset.dtype().map_err(self.damaged())? else {
            return Ok(());
        };
        let bytes = dataset.vlen_string_payload_size().map_err(self.damaged())?;
        if bytes <= self.length {
            return Ok(());
        }
        Err(self.claim(name, "of text", bytes.into(), self.length))
    }

    fn check_end(&self, name: &str, address: u64, bytes: u64) -> Result<()> {
        let end = u128::from(address) + u128::from(bytes);
        if end <= u128::from(self.length) {
            return Ok(());
        }
        Err(self.claim(name, "up to the end of its data", end, self.length))
    }

    fn claim(&self, name: &str, what: &'static str, claimed: u128, limit: u64) -> ArchiveError {
        ArchiveError::Claim {
            path: self.path.clone(),
            dataset: name.to_owned(),
            what,
            claimed,
            limit,
        }
    }
}
