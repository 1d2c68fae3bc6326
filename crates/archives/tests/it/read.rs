//! Every layout that vectors come in, and every reason why a file is refused.

use crate::made::{Made, as_rows, flat, names, rows};
use archives::{Datasets, Name, Number};
use hdf5_pure::FileBuilder;

/// Makes a file of 26 × 5 vectors, whose dataset is stored as `store` says.
fn stored(store: impl Fn(&mut hdf5_pure::DatasetBuilder)) -> Made {
    let rows = rows(26, 5);
    Made::built(|file| {
        let vectors = file.create_dataset("dataset_1");
        vectors.with_f64_data(&flat(&rows)).with_shape(&[26, 5]);
        store(vectors);
        named(file, &names(&rows));
    })
}

fn named(file: &mut FileBuilder, names: &[&str]) {
    file.create_dataset("dataset_2")
        .with_strings(names)
        .unwrap();
}

#[test]
fn contiguous_chunked_and_compressed_vectors_are_read_alike() {
    let expected = as_rows(&rows(26, 5));
    assert_eq!(stored(|_| {}).read().unwrap(), expected);
    let chunked = |dataset: &mut hdf5_pure::DatasetBuilder| {
        dataset.with_chunks(&[4, 3]);
    };
    assert_eq!(stored(chunked).read().unwrap(), expected);
    let compressed = |dataset: &mut hdf5_pure::DatasetBuilder| {
        dataset.with_chunks(&[10, 5]).with_shuffle().with_deflate(6);
    };
    assert_eq!(stored(compressed).read().unwrap(), expected);
    let checked = |dataset: &mut hdf5_pure::DatasetBuilder| {
        dataset.with_chunks(&[3, 5]).with_lzf().with_fletcher32();
    };
    assert_eq!(stored(checked).read().unwrap(), expected);
}

#[test]
fn names_of_any_length_are_read() {
    let made = Made::built(|file| {
        let vectors = file.create_dataset("dataset_1");
        vectors
            .with_f64_data(&[1.0, 2.0, 3.0, 4.0])
            .with_shape(&[2, 2]);
        let long = "é".repeat(5_000);
        file.create_dataset("dataset_2")
            .with_vlen_strings(&["", &long]);
    });
    let names: Vec<Name> = made
        .read()
        .unwrap()
        .into_iter()
        .filter_map(|row| row.name)
        .collect();
    assert_eq!(
        names,
        [Name::Text(String::new()), Name::Text("é".repeat(5_000))]
    );
}

#[test]
fn numbers_keep_their_kind() {
    let open = |made: &Made| {
        archives::open(&made.path, None, &Datasets::default())
            .unwrap()
            .number()
    };
    let single = Made::built(|file| {
        let vectors = file.create_dataset("dataset_1");
        vectors.with_f32_data(&[0.1, -2.5]).with_shape(&[1, 2]);
        named(file, &["a"]);
    });
    assert_eq!(open(&single), Number::F32);
    let read = single.read().unwrap();
    assert_eq!(read[0].vector, [f64::from(0.1_f32), -2.5]);
    let whole = Made::built(|file| {
        let vectors = file.create_dataset("dataset_1");
        vectors.with_u8_data(&[0, 255]).with_shape(&[1, 2]);
        named(file, &["a"]);
    });
    assert_eq!(open(&whole), Number::Whole);
    assert_eq!(whole.read().unwrap()[0].vector, [0.0, 255.0]);
    assert_eq!(open(&stored(|_| {})), Number::F64);
}

#[test]
fn a_name_that_is_no_utf8_is_a_row_like_any_other() {
    let mut bytes = std::fs::read(&stored(|_| {}).path).unwrap();
    let at = bytes
        .windows(9)
        .position(|window| window == b"picture 3")
        .unwrap();
    bytes[at + 2] = 0xff;
    let read = Made::of(&bytes).read().unwrap();
    assert_eq!(read.len(), 26);
    assert_eq!(
        read[3].name,
        Some(Name::NotUtf8("pi\u{fffd}ture 3xxx".to_owned()))
    );
    assert_eq!(read[4].name, Some(Name::Text("picture 4xxxx".to_owned())));
}

#[test]
fn what_is_no_hdf5_is_refused() {
    assert!(Made::of(b"").refused().contains("got an empty file"));
    let text = Made::of(b"Dear Sir or Madam").refused();
    assert!(
        text.contains("archive.h5 is no archive of vectors"),
        "{text}"
    );
    let made = Made::of(b"");
    let missing = crate::made::read(&made.folder.path().join("none.h5"), 1).unwrap_err();
    assert!(
        missing.to_string().contains("none.h5: No such file"),
        "{missing}"
    );
    let folder = crate::made::read(made.folder.path(), 1).unwrap_err();
    assert!(folder.to_string().contains("no regular file"), "{folder}");
}

#[test]
fn a_block_of_the_users_own_may_come_first() {
    let bytes = std::fs::read(&stored(|_| {}).path).unwrap();
    let mut moved = vec![7; 1_024];
    moved.extend(&bytes);
    // The addresses count from the signature, and the superblock's base says where that is.
    let made = Made::of(&moved);
    match made.read() {
        Ok(read) => assert_eq!(read, as_rows(&rows(26, 5))),
        Err(error) => assert!(
            error.to_string().contains("cannot be read as HDF5"),
            "{error}"
        ),
    }
}

#[test]
fn datasets_that_are_not_there_are_answered_with_those_that_are() {
    let made = Made::built(|file| {
        file.create_dataset("base")
            .with_f32_data(&[1.0])
            .with_shape(&[1, 1]);
        file.create_dataset("test")
            .with_f32_data(&[1.0])
            .with_shape(&[1, 1]);
    });
    let said = made.refused();
    assert!(said.contains("no dataset dataset_1, it has "), "{said}");
    assert!(said.contains("base") && said.contains("test"), "{said}");
    let empty = Made::built(|_| {}).refused();
    assert!(
        empty.ends_with("no dataset dataset_1, it has none"),
        "{empty}"
    );
}

#[test]
fn shapes_and_types_that_are_no_named_vectors_are_refused() {
    let refused = |shape: &[u64], names: usize| {
        Made::built(|file| {
            let numbers = shape.iter().product::<u64>() as usize;
            let vectors = file.create_dataset("dataset_1");
            vectors.with_f64_data(&vec![1.0; numbers]).with_shape(shape);
            named(file, &vec!["name"; names]);
        })
        .refused()
    };
    let flat = refused(&[12], 12);
    assert!(
        flat.contains("dataset dataset_1 of ") && flat.contains("has the shape [12]"),
        "{flat}"
    );
    assert!(refused(&[2, 3, 2], 2).contains("has the shape [2, 3, 2], expected [rows, dims]"));
    assert!(refused(&[1, 70_000], 1).contains("1 to 65536 dims"));
    let fewer = refused(&[6, 2], 4);
    assert!(fewer.contains("has 4 names for 6 vectors"), "{fewer}");
    assert!(refused(&[6, 2], 7).contains("has 7 names for 6 vectors"));

    let swapped = Made::built(|file| {
        named(file, &["a", "b"]);
        file.create_dataset("dataset_1")
            .with_ascii_strings(&["a", "b"])
            .unwrap();
    })
    .refused();
    assert!(
        swapped.contains("holds string, expected floats"),
        "{swapped}"
    );
    let numbers = Made::built(|file| {
        file.create_dataset("dataset_1")
            .with_f64_data(&[1.0])
            .with_shape(&[1, 1]);
        file.create_dataset("dataset_2").with_i64_data(&[1]);
    })
    .refused();
    assert!(
        numbers.contains("dataset_2") && numbers.contains("holds i64, expected strings"),
        "{numbers}"
    );
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    let made = stored(|_| {});
    let bytes = std::fs::read(&made.path).unwrap();
    for changed in [&bytes[..bytes.len() - 100], &[&bytes[..], b"more"].concat()] {
        std::fs::write(&made.path, &bytes).unwrap();
        let mut reader = archives::open(&made.path, None, &Datasets::default()).unwrap();
        assert_eq!(reader.read(5).unwrap().len(), 5);
        std::fs::write(&made.path, changed).unwrap();
        let error = reader.read(5).unwrap_err().to_string();
        assert!(error.ends_with("was changed while it was read"), "{error}");
    }
}
