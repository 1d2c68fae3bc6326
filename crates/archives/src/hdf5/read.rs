//! Reading HDF5.

use super::checks::{Checks, Stored};
use super::{DISTANCE, NAME, NAMES, VECTORS};
use crate::archive::{Datasets, Name, Number, Reader, Row, Shape};
use crate::element::Element;
use crate::error::{ArchiveError, Result};
use crate::source::Source;
use hdf5_pure::{ChunkCacheConfig, Dataset, File, FileAccessProperties, ReadSeekSource};

/// Bytes of uncompressed chunks that are kept for the next rows.
const CHUNK_CACHE_BYTES: usize = 256 << 20;
/// Uncompressed chunks that are kept.
const CHUNK_CACHE_SLOTS: usize = 4_099;
/// The most bytes of vectors that are read at once.
const MAX_READ_BYTES: usize = 16 << 20;

/// What ann-benchmarks calls the vectors among which neighbours are sought.
const TRAIN: &str = "train";

/// An HDF5 file that is read.
pub(super) struct Hdf5Reader {
    source: Source,
    shape: Shape,
    stored: Stored,
    distance: Option<String>,
    vectors: Dataset,
    names: Option<Dataset>,
    next: u64,
}

impl Hdf5Reader {
    /// Reads the headers and checks what they claim.
    pub(super) fn open(source: Source, datasets: &Datasets) -> Result<Self> {
        let checks = Checks(&source);
        let library = checks.library();
        let bytes = ReadSeekSource::new(source.handle()?).map_err(|error| library(error.into()))?;
        let cache = ChunkCacheConfig::from_h5p_cache(CHUNK_CACHE_SLOTS, CHUNK_CACHE_BYTES);
        let access = FileAccessProperties::new().with_chunk_cache(cache);
        let hdf5 = File::from_source_with_options(bytes, access).map_err(&library)?;
        let there = hdf5.root().datasets().map_err(&library)?;
        let chosen = Chosen::of(datasets, &there);
        let find = |name: &str| dataset(&source, &hdf5, name, &there);
        let vectors = find(chosen.vectors)?;
        let names = chosen.names.map(find).transpose()?;
        let stored = checks.stored_as(chosen.vectors, &vectors)?;
        let shape = checks.shape_of(chosen.vectors, &vectors)?;
        checks.check_claims(chosen.vectors, &vectors)?;
        if let (Some(name), Some(names)) = (chosen.names, &names) {
            checks.check_names(name, names, shape.rows)?;
            checks.check_claims(name, names)?;
            checks.check_texts(name, names)?;
        }
        let attributes = hdf5.root().attrs().map_err(&library)?;
        let distance = attributes.get(DISTANCE).and_then(|value| value.as_str());
        let distance = distance.map(str::to_owned);
        drop(library);
        Ok(Self {
            source,
            shape,
            stored,
            distance,
            vectors,
            names,
            next: 0,
        })
    }
}

/// Which datasets are read.
struct Chosen<'a> {
    vectors: &'a str,
    names: Option<&'a str>,
}

impl<'a> Chosen<'a> {
    /// Takes those that were asked for, or else the image-retrieval service's, or else ann-benchmarks', which have no names.
    fn of(asked: &'a Datasets, there: &[String]) -> Self {
        let has = |name: &str| there.iter().any(|one| one == name);
        let vectors = match &asked.vectors {
            Some(vectors) => vectors,
            None if has(TRAIN) && !has(VECTORS) => TRAIN,
            None => VECTORS,
        };
        let names = match &asked.names {
            Some(names) => Some(names.as_str()),
            None => (vectors == VECTORS || has(NAMES)).then_some(NAMES),
        };
        Self { vectors, names }
    }
}

/// Finds a dataset, or says which are there.
fn dataset(source: &Source, hdf5: &File, name: &str, there: &[String]) -> Result<Dataset> {
    hdf5.dataset(name).map_err(|error| {
        let in_root = !name.trim_start_matches('/').contains('/');
        if in_root && !there.iter().any(|one| one == name) {
            return ArchiveError::NoDataset {
                path: source.path().to_owned(),
                name: name.to_owned(),
                there: there.to_vec(),
            };
        }
        source.damaged(NAME, format!("dataset {name}: {error}"))
    })
}

impl Reader for Hdf5Reader {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn number(&self) -> Number {
        match self.stored {
            Stored::Half { .. } => Number::F32,
            Stored::Known(number) => number,
        }
    }

    fn has_names(&self) -> bool {
        self.names.is_some()
    }

    fn distance(&self) -> Option<&str> {
        self.distance.as_deref()
    }

    fn read(&mut self, limit: usize) -> Result<Vec<Row>> {
        let fitting = MAX_READ_BYTES / (self.shape.dims * size_of::<f64>());
        let limit = limit.min(fitting).max(1) as u64;
        let count = limit.min(self.shape.rows - self.next);
        if count == 0 {
            self.source.unchanged()?;
            return Ok(Vec::new());
        }
        let vectors = match self.stored {
            Stored::Half { big_endian } => {
                let bytes = self.vectors.read_raw_rows(self.next, count);
                bytes.map(|bytes| Element::F16.decode(&bytes, big_endian))
            }
            Stored::Known(_) => self.vectors.read_f64_rows(self.next, count),
        };
        let names = self.names.as_ref();
        let names = names.map(|names| names.read_string_rows(self.next, count));
        // A file that was cut meanwhile is said to be changed, not to be damaged.
        self.source.unchanged()?;
        let library = Checks(&self.source);
        let vectors = vectors.map_err(library.library())?;
        let names = names.transpose().map_err(library.library())?;
        let expected = count as usize;
        let named = names.as_ref().map_or(expected, Vec::len);
        if vectors.len() != expected * self.shape.dims || named != expected {
            let reason = format!(
                "rows {} to {} hold {} numbers and {named} names",
                self.next,
                self.next + count - 1,
                vectors.len(),
            );
            return Err(self.source.damaged(NAME, reason));
        }
        self.next += count;
        let mut names = names.into_iter().flatten();
        let rows = vectors.chunks_exact(self.shape.dims).map(|vector| Row {
            name: names.next().map(named_by),
            vector: vector.to_vec(),
        });
        Ok(rows.collect())
    }
}

/// The library puts � where a name is no UTF-8.
fn named_by(name: String) -> Name {
    if name.contains(char::REPLACEMENT_CHARACTER) {
        Name::NotUtf8(name)
    } else {
        Name::Text(name)
    }
}
