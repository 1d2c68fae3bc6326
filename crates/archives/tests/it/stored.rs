//! Files that NumPy and h5py made (scripts/reference/archives.py) are read number for number, or refused by what they are.

use crate::made::{Made, read, stored};
use archives::{Datasets, Format, Number, Row};
use std::fs;
use std::path::Path;
use std::process::Command;

const ROWS: usize = 5;
const DIMS: usize = 3;

/// The number at a place, as the script makes it.
fn count(row: usize, at: usize) -> f64 {
    (row * DIMS + at) as f64
}

fn whole(row: usize, at: usize) -> f64 {
    let even = (row + at).is_multiple_of(2);
    count(row, at) * if even { 1.0 } else { -1.0 }
}

fn double(row: usize, at: usize) -> f64 {
    let even = (row + at).is_multiple_of(2);
    count(row, at) / 7.0 * if even { 1.0 } else { -1.0 }
}

fn single(row: usize, at: usize) -> f64 {
    f64::from(double(row, at) as f32)
}

fn all(number: fn(usize, usize) -> f64) -> Vec<Row> {
    let vector = |row| (0..DIMS).map(|at| number(row, at)).collect();
    (0..ROWS)
        .map(|row| Row {
            name: None,
            vector: vector(row),
        })
        .collect()
}

/// The bits of numbers, which tell 0 from -0.
fn bits(rows: &[Row]) -> Vec<u64> {
    let numbers = rows.iter().flat_map(|row| row.vector.iter());
    numbers.map(|number| number.to_bits()).collect()
}

#[test]
fn every_format_and_kind_of_number_is_read() {
    type Expected = fn(usize, usize) -> f64;
    let files: [(&str, Expected, Number); 20] = [
        ("f4.npy", single, Number::F32),
        ("f4_big.npy", single, Number::F32),
        ("f4_columns.npy", single, Number::F32),
        ("f8.npy", double, Number::F64),
        ("f8_big_columns.npy", double, Number::F64),
        ("version_2.npy", single, Number::F32),
        ("version_3.npy", single, Number::F32),
        ("i1.npy", whole, Number::Whole),
        ("i2_big.npy", whole, Number::Whole),
        ("i4.npy", whole, Number::Whole),
        ("u1.npy", count, Number::Whole),
        ("u2.npy", count, Number::Whole),
        ("u4_columns.npy", count, Number::Whole),
        ("base.fvecs", single, Number::F32),
        ("base.bvecs", count, Number::Whole),
        ("base.ivecs", whole, Number::Whole),
        ("base.fbin", single, Number::F32),
        ("base.u8bin", count, Number::Whole),
        ("base.i8bin", whole, Number::Whole),
        ("euclidean.hdf5", single, Number::F32),
    ];
    for (name, expected, number) in files {
        let path = stored(name);
        let reader = archives::open(&path, None, &Datasets::default()).unwrap();
        assert_eq!((reader.number(), reader.has_names()), (number, false));
        for limit in [1, 2, 100] {
            let rows = read(&path, limit).unwrap();
            assert_eq!(rows, all(expected), "{name}");
        }
    }
}

#[test]
fn a_single_axis_is_one_row_and_no_rows_are_none() {
    let expected: Vec<f64> = (0..DIMS).map(|at| single(2, at)).collect();
    let rows = read(&stored("one_row.npy"), 9).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].vector, expected);
    assert_eq!(read(&stored("no_rows.npy"), 9).unwrap(), []);
}

#[test]
fn floats_of_16_bits_have_their_values() {
    let rows = read(&stored("f2.npy"), 9).unwrap();
    let other = read(&stored("halves.hdf5"), 2).unwrap();
    assert_eq!(bits(&other), bits(&rows));
    let third = 1_365.0 * 2_f64.powi(-12);
    let expected = [
        [2_f64.powi(-24), 2_f64.powi(-14), 65_504.0],
        [1.0, -2.5, third],
    ];
    assert_eq!(rows[0].vector, expected[0]);
    assert_eq!(rows[1].vector, expected[1]);
    let last = &rows[2].vector;
    assert_eq!(last[0].to_bits(), (-0.0_f64).to_bits());
    assert!(last[1].is_nan() && last[2] == f64::NEG_INFINITY, "{last:?}");
}

#[test]
fn a_file_of_ann_benchmarks_says_its_distance_and_its_other_datasets_can_be_chosen() {
    for distance in ["angular", "euclidean"] {
        let path = stored(&format!("{distance}.hdf5"));
        let open = |name: &str| {
            let datasets = Datasets {
                vectors: Some(name.to_owned()),
                names: None,
            };
            archives::open(&path, None, &datasets)
        };
        let train = archives::open(&path, None, &Datasets::default()).unwrap();
        assert_eq!(train.distance(), Some(distance));
        let test = open("test").unwrap().read(9).unwrap();
        let mut backwards = all(single);
        backwards.reverse();
        assert_eq!(bits(&test), bits(&backwards));
        let neighbors = open("neighbors").unwrap().read(1).unwrap();
        assert_eq!(neighbors[0].vector, [0.0, 1.0]);
        let error = open("base").err().unwrap().to_string();
        assert!(
            error.contains("no dataset base, it has distances, neighbors, test, train"),
            "{error}"
        );
    }
}

#[test]
fn what_is_no_vectors_is_refused_by_what_it_is() {
    let refused = [
        (
            "objects.npy",
            "Python objects (dtype \"|O\"), which are never unpickled",
        ),
        (
            "records.npy",
            "holds records, expected floats of 16, 32 or 64 bits",
        ),
        ("i8.npy", "dtype \"<i8\", expected floats"),
        ("c8.npy", "dtype \"<c8\", expected floats"),
        ("b1.npy", "dtype \"|b1\", expected floats"),
        ("u3.npy", "dtype \"<U3\", expected floats"),
        ("cube.npy", "the shape [2, 3, 4], expected [rows, dims]"),
        ("number.npy", "the shape [], expected [rows, dims]"),
        ("no_dims.npy", "0 numbers, expected 1 to 65536"),
        (
            "two.npz",
            "got a zip file, as npz is: take the npy out of it",
        ),
    ];
    for (name, reason) in refused {
        let error = read(&stored(name), 9).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(reason), "{error}");
    }
}

#[test]
fn the_name_says_the_format_and_the_content_confirms_it() {
    let open = |name: &str, format: Option<&str>, from: &str| {
        let made = Made::called(name, &fs::read(stored(from)).unwrap());
        let format = format.map(|format| Format::named(format).unwrap());
        let opened = archives::open(&made.path, format, &Datasets::default());
        opened.map(|reader| reader.shape().dims)
    };
    // Where the name says nothing, what has a signature is known by it.
    assert_eq!(open("base", None, "f4.npy").unwrap(), DIMS);
    assert_eq!(open("base.bin", None, "euclidean.hdf5").unwrap(), DIMS);
    assert_eq!(
        open("base.fbin.crop", Some("fbin"), "base.fbin").unwrap(),
        DIMS
    );
    // What is asked for goes before the name.
    assert_eq!(open("a.npy", Some("fbin"), "base.fbin").unwrap(), DIMS);
    let refused = [
        (
            "a.npy",
            None,
            "base.fbin",
            "expected npy, got something else",
        ),
        ("a.npy", None, "angular.hdf5", "expected npy, got HDF5"),
        ("a.h5", None, "f4.npy", "expected HDF5, got npy"),
        ("a.fvecs", None, "f4.npy", "expected fvecs, got npy"),
        ("a.fbin", None, "angular.hdf5", "expected fbin, got HDF5"),
        ("a.fbin", Some("npy"), "base.fbin", "expected npy, got some"),
        ("a.npy", None, "two.npz", "expected npy, got a zip file"),
        ("a.bin", None, "base.fbin", "a.bin says no format: expected"),
        ("base", None, "base.fvecs", "base says no format: expected"),
    ];
    for (name, format, from, reason) in refused {
        let error = open(name, format, from).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    for name in ["a.npy", "a.fvecs", "a.u8bin", "a"] {
        let error = Made::called(name, &[]).refused();
        assert!(error.contains("got an empty file"), "{error}");
    }
    let gzip = Made::called("sift.fvecs.gz", &[0x1f, 0x8b, 8, 0]).refused();
    assert!(gzip.contains("got a gzip file: unpack it"), "{gzip}");
}

#[test]
fn what_is_no_file_is_refused_without_waiting() {
    let made = Made::called("a.npy", &[]);
    let pipe = made.folder.path().join("pipe.npy");
    let there = Command::new("mkfifo").arg(&pipe).status();
    if !there.is_ok_and(|status| status.success()) {
        println!("skipped: stored::what_is_no_file_is_refused_without_waiting: no mkfifo");
        return;
    }
    for path in [&pipe, Path::new("/dev/null"), made.folder.path()] {
        let error = read(path, 1).unwrap_err().to_string();
        assert!(error.ends_with("got no regular file"), "{error}");
    }
}

#[test]
fn a_format_without_datasets_refuses_to_choose_one() {
    for name in ["f4.npy", "base.fvecs", "base.fbin"] {
        let datasets = Datasets {
            vectors: Some("train".to_owned()),
            names: None,
        };
        let error = archives::open(&stored(name), None, &datasets)
            .err()
            .unwrap();
        let error = error.to_string();
        assert!(
            error.contains("which has no datasets, so that none is called train"),
            "{error}"
        );
    }
}
