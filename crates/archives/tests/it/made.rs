//! Archives that the tests make.

use archives::{ArchiveError, Contents, Datasets, Format, Name, Number, Row};
use hdf5_pure::FileBuilder;
use std::fs::File;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with an archive, gone when the test is over.
pub(crate) struct Made {
    pub(crate) folder: TempDir,
    pub(crate) path: PathBuf,
}

impl Made {
    /// A file of these bytes, as HDF5.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self::called("archive.h5", bytes)
    }

    /// A file of this name and these bytes.
    pub(crate) fn called(name: &str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        Self { folder, path }
    }

    /// A file that another HDF5 writer made.
    pub(crate) fn built(build: impl FnOnce(&mut FileBuilder)) -> Self {
        let mut builder = FileBuilder::new();
        build(&mut builder);
        Self::of(&builder.finish().unwrap())
    }

    /// A file that this crate's writer made.
    pub(crate) fn written(rows: &[(String, Vec<f64>)], number: Number) -> Self {
        let made = Self::of(&[]);
        write(&made.path, rows, number, &Datasets::default()).unwrap();
        made
    }

    pub(crate) fn read(&self) -> Result<Vec<Row>, ArchiveError> {
        read(&self.path, 7)
    }

    /// Why the file cannot be read.
    pub(crate) fn refused(&self) -> String {
        match self.read() {
            Ok(rows) => panic!("{} rows were read", rows.len()),
            Err(error) => error.to_string(),
        }
    }
}

pub(crate) fn write(
    path: &Path,
    rows: &[(String, Vec<f64>)],
    number: impl Into<Option<Number>>,
    datasets: &Datasets,
) -> Result<(), ArchiveError> {
    let file = File::create(path).unwrap();
    let dims = rows.first().map_or(3, |(_, vector)| vector.len());
    let contents = Contents {
        dims,
        number: number.into(),
        distance: None,
    };
    let mut writer = archives::create(Format::of_name(path)?, path, file, contents, datasets)?;
    for (name, vector) in rows {
        writer.write(name, vector)?;
    }
    writer.finish()
}

/// Reads all rows, `limit` at a time.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<Row>, ArchiveError> {
    let mut reader = archives::open(path, None, &Datasets::default())?;
    let mut all = Vec::new();
    loop {
        let rows = reader.read(limit)?;
        if rows.is_empty() {
            assert_eq!(reader.shape().rows, all.len() as u64);
            return Ok(all);
        }
        assert!(rows.len() <= limit);
        all.extend(rows);
    }
}

/// Rows with numbers that no two of them share.
pub(crate) fn rows(number: usize, dims: usize) -> Vec<(String, Vec<f64>)> {
    let value = |row: usize, at: usize| {
        let sign = if (row + at).is_multiple_of(2) {
            1.0
        } else {
            -1.0
        };
        sign * ((row * dims + at) as f64 / 7.0)
    };
    (0..number)
        .map(|row| {
            let vector = (0..dims).map(|at| value(row, at)).collect();
            (format!("picture {row}{}", "x".repeat(row % 5)), vector)
        })
        .collect()
}

pub(crate) fn as_rows(rows: &[(String, Vec<f64>)]) -> Vec<Row> {
    let row = |(name, vector): &(String, Vec<f64>)| Row {
        name: Some(Name::Text(name.clone())),
        vector: vector.clone(),
    };
    rows.iter().map(row).collect()
}

pub(crate) fn flat(rows: &[(String, Vec<f64>)]) -> Vec<f64> {
    rows.iter().flat_map(|(_, vector)| vector.clone()).collect()
}

pub(crate) fn names(rows: &[(String, Vec<f64>)]) -> Vec<&str> {
    rows.iter().map(|(name, _)| name.as_str()).collect()
}

/// Draws numbers; the same ones each time.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// A stored file.
pub(crate) fn stored(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}
