//! npy, TEXMEX's and big-ann-benchmarks' formats: what is written is read again bit for bit, whatever the windows, and what
//! is damaged is refused with its file and its row.

use crate::made::{Draw, Made, read, stored, write};
use archives::{ArchiveError, Datasets, Number};
use std::fs;

/// Vectors of floats of 32 bits: any bits but those of what is no number.
fn floats(draw: &mut Draw, rows: usize, dims: usize) -> Vec<(String, Vec<f64>)> {
    let mut number = || {
        let float = f32::from_bits(draw.below(1 << 32) as u32);
        f64::from(if float.is_nan() { -0.0 } else { float })
    };
    let mut vector = || (0..dims).map(|_| number()).collect();
    (0..rows).map(|_| (String::new(), vector())).collect()
}

fn bits<'a>(vectors: impl Iterator<Item = &'a Vec<f64>>) -> Vec<Vec<u64>> {
    let bits = |vector: &Vec<f64>| vector.iter().map(|number| number.to_bits()).collect();
    vectors.map(bits).collect()
}

fn written(name: &str, rows: &[(String, Vec<f64>)], number: Option<Number>) -> Made {
    let made = Made::called(name, &[]);
    write(&made.path, rows, number, &Datasets::default()).unwrap();
    made
}

#[test]
fn floats_come_back_bit_for_bit() {
    let mut draw = Draw(0x5eed_0001);
    for (rows, dims) in [(1, 1), (7, 3), (40, 513), (3_000, 2), (600, 4_096)] {
        let vectors = floats(&mut draw, rows, dims);
        let expected = bits(vectors.iter().map(|(_, vector)| vector));
        for name in ["a.npy", "a.fvecs", "a.fbin"] {
            let made = written(name, &vectors, None);
            for limit in [1_000, 17] {
                let rows = read(&made.path, limit).unwrap();
                assert!(rows.iter().all(|row| row.name.is_none()));
                assert_eq!(bits(rows.iter().map(|row| &row.vector)), expected, "{name}");
            }
        }
    }
}

#[test]
fn columns_are_read_as_rows_whatever_the_windows() {
    let mut draw = Draw(0x5eed_0002);
    // The second takes more than one window of 8 MiB, the last does not fit into one evenly.
    for (rows, dims) in [(1, 9), (5_000, 700), (9, 1), (70_001, 31)] {
        let vectors = floats(&mut draw, rows, dims);
        let head =
            format!("{{'descr': '<f4', 'fortran_order': True, 'shape': ({rows}, {dims}), }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((head.len() as u16).to_le_bytes());
        bytes.extend(head.as_bytes());
        for at in 0..dims {
            for (_, vector) in &vectors {
                bytes.extend((vector[at] as f32).to_le_bytes());
            }
        }
        let read = Made::called("a.npy", &bytes).read().unwrap();
        let expected = bits(vectors.iter().map(|(_, vector)| vector));
        assert!(bits(read.iter().map(|row| &row.vector)) == expected);
    }
}

#[test]
fn numbers_are_written_in_the_bits_that_are_asked_for() {
    let third = [(String::new(), vec![1.0 / 3.0, -2.0])];
    let rounded = f64::from(1.0_f32 / 3.0);
    for (number, expected) in [
        (None, rounded),
        (Some(Number::F32), rounded),
        (Some(Number::F64), 1.0 / 3.0),
    ] {
        let rows = written("a.npy", &third, number).read().unwrap();
        assert_eq!(rows[0].vector, [expected, -2.0]);
    }
    for name in ["a.fvecs", "a.fbin"] {
        let made = Made::called(name, &[]);
        let error = write(&made.path, &third, Number::F64, &Datasets::default()).unwrap_err();
        let error = error.to_string();
        assert!(
            error.ends_with("holds floats of 32 bits, not floats of 64 bits"),
            "{error}"
        );
    }
}

#[test]
fn whole_numbers_are_written_where_they_fit() {
    let limits = [
        ("a.bvecs", 0.0, 255.0),
        ("a.u8bin", 0.0, 255.0),
        ("a.i8bin", -128.0, 127.0),
        ("a.ivecs", -2_147_483_648.0, 2_147_483_647.0),
    ];
    for (name, least, greatest) in limits {
        let fits = [
            (String::new(), vec![least, greatest]),
            (String::new(), vec![1.0, 0.0]),
        ];
        let rows = written(name, &fits, None).read().unwrap();
        assert_eq!(rows[0].vector, [least, greatest]);
        for wrong in [least - 1.0, greatest + 1.0, 0.5, f64::NAN] {
            let made = Made::called(name, &[]);
            let rows = [fits[0].clone(), (String::new(), vec![1.0, wrong])];
            let error = write(&made.path, &rows, None, &Datasets::default()).unwrap_err();
            assert!(matches!(error, ArchiveError::Value { .. }));
            let error = error.to_string();
            let expected =
                format!("number 1 of row 1 is {wrong}, expected whole numbers of {least}");
            assert!(error.starts_with(&expected), "{error}");
        }
    }
}

#[test]
fn a_vector_of_another_length_is_not_written() {
    for name in ["a.npy", "a.fvecs", "a.fbin"] {
        let rows = [(String::new(), vec![1.0]), (String::new(), vec![])];
        let made = Made::called(name, &[]);
        let error = write(&made.path, &rows, None, &Datasets::default()).unwrap_err();
        assert_eq!(error.to_string(), "row 1 has 0 numbers, expected 1");
    }
}

/// The stored files whose every byte counts, with the bytes before the first row and those of a row.
const FILES: [(&str, usize, usize); 7] = [
    ("f4.npy", 128, 12),
    ("f8_big_columns.npy", 128, 24),
    ("i1.npy", 128, 3),
    ("base.fvecs", 0, 16),
    ("base.bvecs", 0, 7),
    ("base.fbin", 8, 12),
    ("base.i8bin", 8, 3),
];

#[test]
fn a_file_cut_anywhere_is_refused_with_its_row() {
    for (name, head, row) in FILES {
        let whole = fs::read(stored(name)).unwrap();
        for length in 0..whole.len() {
            let made = Made::called(name, &whole[..length]);
            // A file of TEXMEX does not say how many rows it has.
            let at_its_end = name.ends_with("vecs") && length > 0 && length % row == 0;
            if at_its_end {
                assert_eq!(made.read().unwrap().len(), length / row);
                continue;
            }
            let error = made.refused();
            assert!(error.contains(name), "{error}");
            if length >= head && length >= 4 {
                let cut = format!("it is cut short in row {}", (length - head) / row);
                assert!(error.ends_with(&cut), "{length}: {error}");
            }
        }
    }
}

#[test]
fn a_file_with_more_than_its_rows_is_refused() {
    for (name, ..) in FILES {
        let mut bytes = fs::read(stored(name)).unwrap();
        bytes.push(0);
        let error = Made::called(name, &bytes).refused();
        let reason = if name.ends_with("vecs") {
            "it is cut short in row 5"
        } else {
            "1 bytes come after the last row"
        };
        assert!(error.ends_with(reason), "{error}");
    }
}

#[test]
fn rows_of_different_lengths_are_refused_with_the_row() {
    for (name, row) in [("base.fvecs", 16), ("base.bvecs", 7), ("base.ivecs", 16)] {
        let whole = fs::read(stored(name)).unwrap();
        for (at, dims) in [(1, 2_u32), (4, 1 << 31), (2, 0)] {
            let mut bytes = whole.clone();
            bytes[at * row..][..4].copy_from_slice(&dims.to_le_bytes());
            let error = Made::called(name, &bytes).refused();
            let expected = format!("says that it has {dims} numbers, expected 3 as in row 0");
            assert!(error.starts_with(&format!("row {at} of ")), "{error}");
            assert!(error.ends_with(&expected), "{error}");
        }
        for dims in [0, 65_537, u32::MAX] {
            let mut bytes = whole.clone();
            bytes[..4].copy_from_slice(&dims.to_le_bytes());
            let error = Made::called(name, &bytes).refused();
            assert!(
                error.contains("row 0 says") && error.ends_with("expected 1 to 65536"),
                "{error}"
            );
        }
    }
}

#[test]
fn absurd_headers_are_refused_before_memory_is_taken() {
    let npy = |header: &str| {
        let mut bytes = b"\x93NUMPY\x02\x00".to_vec();
        bytes.extend((header.len() as u32).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend([0; 64]);
        Made::called("a.npy", &bytes).refused()
    };
    let shaped = |shape: &str| {
        npy(&format!(
            "{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
        ))
    };
    for shape in [
        "(1152921504606846976, 16)",
        "(18446744073709551615, 65536)",
        "(1000000, 4096)",
    ] {
        let error = shaped(shape);
        assert!(
            error.contains("claims") && error.contains("it is cut short in row "),
            "{error}"
        );
    }
    assert!(shaped("(1, 4294967296)").contains("expected 1 to 65536"));
    assert!(shaped("(18446744073709551616, 2)").contains("the length of an axis"));
    assert!(shaped("(-1, 2)").contains("the length of an axis"));
    let axes = format!("({})", "1, ".repeat(100_000 / 4));
    assert!(shaped(&axes).contains("claims 75"), "{}", shaped(&axes));
    assert!(shaped(&format!("({})", "1, ".repeat(40))).contains("more than 32 axes"));

    let mut huge = b"\x93NUMPY\x03\x00".to_vec();
    huge.extend(u32::MAX.to_le_bytes());
    let error = Made::called("a.npy", &huge).refused();
    assert!(
        error.contains("its header claims 4294967295 bytes"),
        "{error}"
    );
    for (rows, dims) in [(u32::MAX, 65_536_u32), (u32::MAX, 1), (6, 3)] {
        let mut bytes = fs::read(stored("base.fbin")).unwrap();
        bytes[..4].copy_from_slice(&rows.to_le_bytes());
        bytes[4..8].copy_from_slice(&dims.to_le_bytes());
        let error = Made::called("a.fbin", &bytes).refused();
        assert!(
            error.contains(&format!("claims {rows} rows of {dims}")),
            "{error}"
        );
        assert!(error.contains("it is cut short in row "), "{error}");
    }
    for dims in [0, 65_537, u32::MAX] {
        let mut bytes = fs::read(stored("base.fbin")).unwrap();
        bytes[4..8].copy_from_slice(&dims.to_le_bytes());
        let error = Made::called("a.fbin", &bytes).refused();
        assert!(error.ends_with("numbers, expected 1 to 65536"), "{error}");
    }
}

#[test]
fn a_file_larger_than_memory_is_read_in_pieces() {
    const ROWS: u64 = 1 << 25;
    const DIMS: u64 = 4_096;
    let header =
        format!("{{'descr': '<f8', 'fortran_order': True, 'shape': ({ROWS}, {DIMS}), }}\n");
    let mut npy = b"\x93NUMPY\x01\x00".to_vec();
    npy.extend((header.len() as u16).to_le_bytes());
    npy.extend(header.as_bytes());
    let fbin = [(ROWS as u32).to_le_bytes(), (DIMS as u32).to_le_bytes()].concat();
    for (name, head, bytes) in [("a.npy", npy, 8), ("a.fbin", fbin, 4)] {
        let made = Made::called(name, &head);
        let file = fs::File::options().write(true).open(&made.path).unwrap();
        // A terabyte, or half of one, of nothing, which takes no place on most disks.
        if let Err(error) = file.set_len(head.len() as u64 + ROWS * DIMS * bytes) {
            println!("skipped: dense::a_file_larger_than_memory_is_read_in_pieces: {error}");
            return;
        }
        let mut reader = archives::open(&made.path, None, &Datasets::default()).unwrap();
        for limit in [3, 1_000_000] {
            let rows = reader.read(limit).unwrap();
            assert!(!rows.is_empty() && rows.len() <= 600);
            assert!(rows.iter().all(|row| row.vector == [0.0; DIMS as usize]));
        }
    }
}

#[test]
fn headers_that_are_none_are_refused() {
    let refused = |header: &str| {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend([0; 8]);
        let made = Made::called("a.npy", &bytes);
        made.read().err().map(|error| error.to_string())
    };
    // As numpy and others write it; Python 2 wrote numbers with a letter.
    for good in [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }   \n",
        "{\"shape\": (1L, 2L), \"fortran_order\": True, \"descr\": \"<f4\"}",
        "{'descr':'>f4','fortran_order':False,'shape':(2,)}",
    ] {
        assert_eq!(refused(good), None);
    }
    let bad = [
        ("", "where \"{\" was expected"),
        ("{", "a text in quotes"),
        ("{'descr", "a text in quotes"),
        ("{'descr': '<f4'}", "no entry \"fortran_order\""),
        (
            "{'descr': '<f4', 'fortran_order': False}",
            "no entry \"shape\"",
        ),
        (
            "{'shape': (1, 2), 'fortran_order': False}",
            "no entry \"descr\"",
        ),
        ("{'descr': '<f4', 'descr': '<f4'}", "two entries \"descr\""),
        ("{'type': 1}", "an entry \"type\""),
        ("{'fortran_order': 0}", "True or False"),
        ("{'descr': f4}", "a text in quotes"),
        ("{'descr': '|f4'}", "whose order of bytes"),
        ("{'descr': 'f4'}", "dtype \"f4\""),
        ("{'descr': ''}", "dtype \"\""),
        ("{'descr': 'é4'}", "dtype"),
        ("{'shape': (1, 2}", "where \")\" was expected"),
        ("{'shape': (, 2)}", "the length of an axis"),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)} and",
            "goes on",
        ),
    ];
    for (header, reason) in bad {
        let error = refused(header).unwrap_or_else(|| panic!("{header} was read"));
        assert!(error.contains(reason), "{header}: {error}");
        assert!(error.contains("a.npy cannot be read as npy"), "{error}");
    }
    let mut later = fs::read(stored("f4.npy")).unwrap();
    later[6] = 4;
    let error = Made::called("a.npy", &later).refused();
    assert!(
        error.contains("version 4.0, expected 1.0, 2.0 or 3.0"),
        "{error}"
    );
}

#[test]
fn changed_bytes_give_rows_or_an_error() {
    let mut draw = Draw(0x5eed_0003);
    let (mut read, mut refused) = (0, 0);
    for (name, ..) in FILES {
        let whole = fs::read(stored(name)).unwrap();
        let made = Made::called(name, &whole);
        for _ in 0..300 {
            let mut bytes = whole.clone();
            let at = draw.below(bytes.len());
            bytes[at] ^= 1 << draw.below(8);
            fs::write(&made.path, &bytes).unwrap();
            match made.read() {
                Ok(rows) => {
                    read += 1;
                    assert!(rows.len() <= 15);
                }
                Err(error) => {
                    refused += 1;
                    assert!(error.to_string().contains(name), "{error}");
                }
            }
        }
    }
    assert!(
        read > 100 && refused > 100,
        "{read} read, {refused} refused"
    );
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    for (name, ..) in FILES {
        let whole = fs::read(stored(name)).unwrap();
        let made = Made::called(name, &whole);
        for changed in [&whole[..whole.len() - 2], &[&whole[..], b"more"].concat()] {
            fs::write(&made.path, &whole).unwrap();
            let mut reader = archives::open(&made.path, None, &Datasets::default()).unwrap();
            fs::write(&made.path, changed).unwrap();
            let error = reader.read(5).unwrap_err().to_string();
            assert!(error.ends_with("was changed while it was read"), "{error}");
        }
    }
}
