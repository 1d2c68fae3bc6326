//! Sets of vectors with queries and their exact answers.

use ann::Metric;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;

/// A matrix, row by row.
pub(crate) struct Matrix<T> {
    columns: usize,
    numbers: Vec<T>,
}

impl<T> Matrix<T> {
    /// Reads a file of two numbers, rows and columns, and then the rows.
    fn read(path: &Path, number: fn([u8; 4]) -> T) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let (words, rest) = bytes.as_chunks::<4>();
        let [rows, columns, numbers @ ..] = words else {
            bail!("{} has no header", path.display());
        };
        let (rows, columns) = (u32::from_le_bytes(*rows), u32::from_le_bytes(*columns));
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

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &[T]> {
        self.numbers.chunks_exact(self.columns)
    }
}

pub(crate) struct Set {
    pub(crate) vectors: Matrix<f32>,
    pub(crate) queries: Matrix<f32>,
    /// For each query the rows of its nearest vectors, the nearest first.
    pub(crate) nearest: Matrix<u32>,
    pub(crate) metric: Metric,
}

impl Set {
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let floats = |name| Matrix::read(&folder.join(name), f32::from_le_bytes);
        let metric = folder.join("metric");
        let metric = fs::read_to_string(&metric).with_context(|| metric.display().to_string())?;
        let set = Self {
            vectors: floats("X.fbin")?,
            queries: floats("Q.fbin")?,
            nearest: Matrix::read(&folder.join("gt.ibin"), u32::from_le_bytes)?,
            metric: match metric.trim() {
                "l2" => Metric::L2Squared,
                "cos" => Metric::Cosine,
                other => bail!("the metric is {other}, expected l2 or cos"),
            },
        };
        ensure!(
            set.vectors.columns() == set.queries.columns()
                && set.queries.rows() == set.nearest.rows(),
            "the files of {} do not belong together",
            folder.display()
        );
        Ok(set)
    }
}
