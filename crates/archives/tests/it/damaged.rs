//! Damaged files: whatever a byte says, the answer is rows or an error.

use crate::made::{Draw, Made, flat, names, rows};
use archives::Number;

/// Files of every layout, as bytes.
fn whole() -> Vec<Vec<u8>> {
    let rows = rows(26, 5);
    let stored = |store: &dyn Fn(&mut hdf5_pure::DatasetBuilder), long: bool| {
        let made = Made::built(|file| {
            let vectors = file.create_dataset("dataset_1");
            vectors.with_f64_data(&flat(&rows)).with_shape(&[26, 5]);
            store(vectors);
            let named = file.create_dataset("dataset_2");
            if long {
                named.with_vlen_strings(&names(&rows));
            } else {
                named.with_strings(&names(&rows)).unwrap();
            }
        });
        std::fs::read(&made.path).unwrap()
    };
    let own = Made::written(&rows, Number::F32);
    vec![
        std::fs::read(&own.path).unwrap(),
        stored(&|_| {}, true),
        stored(&|dataset| _ = dataset.with_chunks(&[4, 3]), false),
        stored(
            &|dataset| _ = dataset.with_chunks(&[9, 5]).with_shuffle().with_deflate(6),
            true,
        ),
    ]
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    for whole in whole() {
        for length in (0..whole.len()).step_by(whole.len() / 97 + 1) {
            let said = Made::of(&whole[..length]).refused();
            assert!(
                said.contains("archive.h5") && !said.contains('\n'),
                "{said}"
            );
        }
    }
}

#[test]
fn changed_bytes_give_rows_or_an_error() {
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    let (mut read, mut refused) = (0, 0);
    for whole in whole() {
        let made = Made::of(&whole);
        for _ in 0..700 {
            let mut bytes = whole.clone();
            for _ in 0..=draw.below(6) {
                let at = draw.below(bytes.len());
                let length = if draw.below(3) == 0 { 8 } else { 1 };
                let value = [0, 0xff, 0x7f, bytes[at] ^ (1 << draw.below(8))][draw.below(4)];
                let end = (at + length).min(bytes.len());
                bytes[at..end].fill(value);
            }
            std::fs::write(&made.path, &bytes).unwrap();
            match made.read() {
                Ok(rows) => {
                    read += 1;
                    assert!(rows.len() < 1_000_000);
                }
                Err(error) => {
                    refused += 1;
                    assert!(error.to_string().contains("archive.h5"), "{error}");
                }
            }
        }
    }
    assert!(
        read > 100 && refused > 100,
        "{read} read, {refused} refused"
    );
}

/// Replaces a number of eight bytes wherever it stands.
fn with_number(bytes: &[u8], from: u64, to: u64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut found = 0;
    for at in 0..bytes.len() - 8 {
        if bytes[at..].starts_with(&from.to_le_bytes()) {
            bytes[at..at + 8].copy_from_slice(&to.to_le_bytes());
            found += 1;
        }
    }
    assert!(found > 0, "{from} is not there");
    bytes
}

#[test]
fn absurd_sizes_are_refused_before_memory_is_taken() {
    let rows = rows(26, 5);
    let made = Made::written(&rows, Number::F64);
    let whole = std::fs::read(&made.path).unwrap();
    for absurd in [1 << 24, 1 << 40, 1 << 60, u64::MAX] {
        // The number of rows in both shapes: 26 × 5 vectors, then 26 names.
        let more = with_number(&whole, 26, absurd);
        let said = Made::of(&more).refused();
        assert!(
            said.contains("claims") && said.contains("bytes in all")
                || said.contains("cannot be read"),
            "{said}"
        );
        let wider = Made::of(&with_number(&whole, 5, absurd)).refused();
        assert!(
            wider.contains("dims") || wider.contains("cannot be read"),
            "{wider}"
        );
    }
}

#[test]
fn many_names_that_point_to_one_long_text_are_refused() {
    const ROWS: usize = 50;
    let long = "n".repeat(20_000);
    let mut names = vec!["short"; ROWS];
    names[0] = &long;
    let made = Made::built(|file| {
        let vectors = file.create_dataset("dataset_1");
        let rows = ROWS as u64;
        vectors.with_f32_data(&[1.0; ROWS]).with_shape(&[rows, 1]);
        file.create_dataset("dataset_2").with_vlen_strings(&names);
    });
    assert_eq!(made.read().unwrap().len(), ROWS);
    // A name is a length of four bytes, an address of eight and a number of four.
    let mut bytes = std::fs::read(&made.path).unwrap();
    let is_first = |at: &usize| {
        let length = |at: usize| bytes.get(at..at + 4).map(<[u8]>::to_vec);
        length(*at) == Some(20_000_u32.to_le_bytes().to_vec())
            && length(*at + 16) == Some(5_u32.to_le_bytes().to_vec())
    };
    let first = (0..bytes.len()).find(is_first).unwrap();
    let reference = bytes[first..first + 16].to_vec();
    for row in 1..ROWS {
        bytes[first + 16 * row..][..16].copy_from_slice(&reference);
    }
    let said = Made::of(&bytes).refused();
    assert!(
        said.contains("dataset_2") && said.contains("claims 1000000 bytes of text"),
        "{said}"
    );
}
