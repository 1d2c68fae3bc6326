//! What is written is read again, by this crate's reader and by another's.

use crate::made::{Made, as_rows, read, rows, write};
use archives::{ArchiveError, Datasets, Format, Number};
use std::path::Path;

#[test]
fn rows_come_back_as_they_were_written() {
    for (number, dims) in [(1, 1), (26, 512), (1_000, 3)] {
        let rows = rows(number, dims);
        let made = Made::written(&rows, Number::F64);
        assert_eq!(read(&made.path, 100).unwrap(), as_rows(&rows));
        assert_eq!(read(&made.path, 1).unwrap(), as_rows(&rows));
    }
}

#[test]
fn numbers_of_32_bits_are_rounded_to_them() {
    let rows = rows(9, 4);
    let read = Made::written(&rows, Number::F32).read().unwrap();
    for (read, (_, vector)) in read.iter().zip(&rows) {
        let rounded: Vec<f64> = vector
            .iter()
            .map(|number| f64::from(*number as f32))
            .collect();
        assert_eq!(read.vector, rounded);
    }
}

#[test]
fn an_archive_without_rows_and_one_of_empty_names_are_archives() {
    assert_eq!(Made::written(&[], Number::F64).read().unwrap(), []);
    let unnamed = [(String::new(), vec![1.0]), (String::new(), vec![f64::NAN])];
    let read = Made::written(&unnamed, Number::F64).read().unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].vector, [1.0]);
    assert!(read[1].vector[0].is_nan());
}

#[test]
fn datasets_have_the_names_that_were_asked_for() {
    // The first comes after the second in the group, and before it.
    for (vectors, names) in [("zebra, which has a long name", "a"), ("a", "b")] {
        let datasets = Datasets {
            vectors: vectors.to_owned(),
            names: names.to_owned(),
        };
        let made = Made::of(&[]);
        write(&made.path, &rows(5, 2), Number::F64, &datasets).unwrap();
        let mut reader = archives::open(&made.path, &datasets).unwrap();
        assert_eq!(reader.read(9).unwrap(), as_rows(&rows(5, 2)));
        let error = made.refused();
        assert!(
            error.contains("no dataset dataset_1, it has a, "),
            "{error}"
        );
    }
    for (vectors, names) in [
        ("", "a"),
        ("a/b", "c"),
        ("a", "a"),
        (".", "a"),
        ("a\0", "b"),
    ] {
        let datasets = Datasets {
            vectors: vectors.to_owned(),
            names: names.to_owned(),
        };
        let made = Made::of(&[]);
        let error = write(&made.path, &[], Number::F64, &datasets).unwrap_err();
        assert!(matches!(error, ArchiveError::DatasetName { .. }), "{error}");
    }
}

#[test]
fn a_vector_of_another_length_is_refused() {
    let made = Made::of(&[]);
    let rows = [
        ("a".to_owned(), vec![1.0, 2.0]),
        ("b".to_owned(), vec![1.0]),
    ];
    let error = write(&made.path, &rows, Number::F64, &Datasets::default()).unwrap_err();
    assert_eq!(error.to_string(), "row 1 has 1 numbers, expected 2");
}

#[test]
fn the_format_is_told_by_the_files_name() {
    for name in ["a.h5", "b.HDF5", "c.d.hdf5"] {
        assert_eq!(Format::of_name(Path::new(name)).unwrap(), Format::Hdf5);
    }
    for name in ["a", "h5", "a.npy", "a.h5.gz"] {
        let error = Format::of_name(Path::new(name)).unwrap_err().to_string();
        assert!(
            error.contains("says no format: expected a name that ends in .h5"),
            "{error}"
        );
    }
}
