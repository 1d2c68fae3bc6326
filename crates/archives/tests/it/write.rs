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
            vectors: Some(vectors.to_owned()),
            names: Some(names.to_owned()),
        };
        let made = Made::of(&[]);
        write(&made.path, &rows(5, 2), Number::F64, &datasets).unwrap();
        let mut reader = archives::open(&made.path, None, &datasets).unwrap();
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
            vectors: Some(vectors.to_owned()),
            names: Some(names.to_owned()),
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
    for (name, format) in [
        ("a.h5", "HDF5"),
        ("b.HDF5", "HDF5"),
        ("c.d.hdf5", "HDF5"),
        ("a.npy", "npy"),
        ("a.h5.Npy", "npy"),
        ("a.fvecs", "fvecs"),
        ("a.bvecs", "bvecs"),
        ("a.ivecs", "ivecs"),
        ("a.fbin", "fbin"),
        ("a.u8bin", "u8bin"),
        ("a.i8bin", "i8bin"),
    ] {
        assert_eq!(Format::of_name(Path::new(name)).unwrap().name(), format);
    }
    for name in ["a", "h5", "a.npz", "a.h5.gz", "base.fbin.crop_nb_100"] {
        let error = Format::of_name(Path::new(name)).unwrap_err().to_string();
        assert!(
            error.contains("says no format: expected a name that ends in .h5, .hdf5, .npy, .fvecs"),
            "{error}"
        );
    }
}

#[test]
fn formats_have_names() {
    assert_eq!(Format::named("hdf5").unwrap().name(), "HDF5");
    assert_eq!(Format::named("NPY").unwrap().name(), "npy");
    let error = Format::named("csv").unwrap_err().to_string();
    assert_eq!(
        error,
        "no format is called \"csv\": expected one of hdf5, npy, fvecs, bvecs, ivecs, fbin, u8bin, i8bin"
    );
    let named: Vec<&str> = Format::all()
        .filter(|format| format.has_names())
        .map(Format::name)
        .collect();
    assert_eq!(named, ["HDF5"]);
}
