//! Sets of vectors with queries and their exact answers.

use ann::{BitSet, Metric};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;

/// Stands in the rows of exact answers where fewer vectors can be hits than a row has places.
const NOTHING: u32 = u32::MAX;

/// A matrix, row by row.
pub(crate) struct Matrix<T> {
    columns: usize,
    numbers: Vec<T>,
}

impl<T> Matrix<T> {
    /// Reads a file of two numbers, rows and columns, and then the rows.
    fn read<const BYTES: usize>(path: &Path, number: fn([u8; BYTES]) -> T) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let Some(([rows, columns], rest)) = header(&bytes) else {
            bail!("{} has no header", path.display());
        };
        let (numbers, rest) = rest.as_chunks::<BYTES>();
        ensure!(
            rest.is_empty()
                && columns > 0
                && u64::from(rows) * u64::from(columns) == numbers.len() as u64,
            "{} should hold {rows} rows of {columns} numbers, it holds {}",
            path.display(),
            numbers.len()
        );
        Ok(Self {
            columns: columns as usize,
            numbers: numbers.iter().map(|bytes| number(*bytes)).collect(),
        })
    }

    pub(crate) fn rows(&self) -> usize {
        self.numbers.len() / self.columns
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    pub(crate) fn row(&self, row: usize) -> Option<&[T]> {
        let start = row.checked_mul(self.columns)?;
        self.numbers.get(start..start.checked_add(self.columns)?)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &[T]> + Clone {
        self.numbers.chunks_exact(self.columns)
    }
}

fn header(bytes: &[u8]) -> Option<([u32; 2], &[u8])> {
    let (rows, rest) = bytes.split_first_chunk::<4>()?;
    let (columns, rest) = rest.split_first_chunk::<4>()?;
    Some((
        [u32::from_le_bytes(*rows), u32::from_le_bytes(*columns)],
        rest,
    ))
}

pub(crate) struct Set {
    pub(crate) vectors: Matrix<f32>,
    pub(crate) queries: Queries,
}

/// What is asked of a set, and how near is meant.
pub(crate) struct Queries {
    pub(crate) vectors: Matrix<f32>,
    pub(crate) nearest: Nearest,
    pub(crate) metric: Metric,
}

/// For each query the rows of its nearest vectors, the nearest first.
pub(crate) struct Nearest(Matrix<u32>);

impl Set {
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let floats = |name| Matrix::read(&folder.join(name), f32::from_le_bytes);
        let metric = folder.join("metric");
        let metric = fs::read_to_string(&metric).with_context(|| metric.display().to_string())?;
        let set = Self {
            vectors: floats("X.fbin")?,
            queries: Queries {
                vectors: floats("Q.fbin")?,
                nearest: Nearest::read(&folder.join("gt.ibin"))?,
                metric: match metric.trim() {
                    "l2" => Metric::L2Squared,
                    "cos" => Metric::Cosine,
                    "l1" => Metric::L1,
                    other => bail!("the metric is {other}, expected l1, l2 or cos"),
                },
            },
        };
        ensure!(
            set.vectors.columns() == set.queries.vectors.columns()
                && set.queries.vectors.rows() == set.queries.nearest.0.rows(),
            "the files of {} do not belong together",
            folder.display()
        );
        Ok(set)
    }
}

impl Nearest {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        Ok(Self(Matrix::read(path, u32::from_le_bytes)?))
    }

    /// Answers how many of the `k` nearest were found, 0 to 1; `found` has the answers to the first queries.
    ///
    /// # Errors
    /// If more queries were answered than there are exact answers, or fewer neighbours than `k` are known.
    pub(crate) fn recall(&self, k: usize, found: &[Vec<u32>]) -> Result<f64> {
        ensure!(
            found.len() <= self.0.rows() && k <= self.0.columns(),
            "the {k} nearest of {} queries are wanted, known are {} of {}",
            found.len(),
            self.0.columns(),
            self.0.rows()
        );
        let (mut right, mut all) = (0, 0u32);
        for (found, nearest) in found.iter().zip(self.0.iter()) {
            for slot in nearest.iter().take(k).filter(|slot| **slot != NOTHING) {
                all += 1;
                right += u32::from(found.contains(slot));
            }
        }
        Ok(f64::from(right) / f64::from(all.max(1)))
    }
}

/// Reads filters of so many vectors, a bit for each vector, the lowest bit of a byte first.
pub(crate) fn read_filters(path: &Path, vectors: u32) -> Result<Vec<BitSet>> {
    let bytes = Matrix::read(path, u8::from_le_bytes)?;
    ensure!(
        bytes.rows() > 0 && bytes.columns() == vectors.div_ceil(8) as usize,
        "{} should hold filters of {vectors} bits, it holds {} of {} bytes",
        path.display(),
        bytes.rows(),
        bytes.columns()
    );
    let is_set = |bytes: &[u8], slot: u32| {
        let byte = bytes.get((slot / 8) as usize);
        byte.is_some_and(|byte| byte >> (slot % 8) & 1 == 1)
    };
    let filters = bytes
        .iter()
        .map(|bytes| BitSet::from_slots(vectors, (0..vectors).filter(|slot| is_set(bytes, *slot))));
    Ok(filters.collect())
}
