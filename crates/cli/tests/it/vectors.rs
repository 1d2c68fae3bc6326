//! Vectors in and out of fields, in the formats that have no names and in ann-benchmarks' HDF5.

use crate::import::{archive, rows_of};
use crate::program::{Home, Server, text};
use archives::Number;
use serde_json::json;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// A file that NumPy or h5py made: five rows of three numbers.
fn stored(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../archives/tests/data")
        .join(name)
}

/// The bits of an archive's numbers.
fn bits(path: &Path) -> Vec<Vec<u64>> {
    let rows = rows_of(path);
    let bits = |vector: &[f64]| vector.iter().map(|number| number.to_bits()).collect();
    rows.iter().map(|row| bits(&row.vector)).collect()
}

/// An npy file of 32-bit floats.
fn npy(path: &Path, rows: &[&[f32]]) {
    let dims = rows[0].len();
    let head = format!(
        "{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {dims}), }}\n",
        rows.len()
    );
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((head.len() as u16).to_le_bytes());
    bytes.extend(head.as_bytes());
    bytes.extend(rows.concat().iter().flat_map(|number| number.to_le_bytes()));
    fs::write(path, bytes).unwrap();
}

impl Home {
    /// Imports what has to come in whole, and answers how many documents were made and replaced.
    fn imported(&self, path: &Path, flags: &[&str]) -> (u64, u64) {
        let (code, summary) = self.import(path, flags);
        assert_eq!((code, &summary["failed"]), (0, &json!([])), "{summary}");
        let number = |name: &str| summary[name].as_u64().unwrap();
        (number("created"), number("updated"))
    }

    fn export_refused(&self, args: &[&str], words: &[&str]) {
        let mut all = vec!["export"];
        all.extend(args);
        self.run(&all).refused(words);
    }
}

#[test]
fn every_format_goes_in_and_floats_come_out_of_each_bit_for_bit() {
    let home = Home::new();
    for name in [
        "f4.npy",
        "f4_big.npy",
        "f4_columns.npy",
        "version_3.npy",
        "base.fvecs",
        "base.fbin",
        "angular.hdf5",
    ] {
        let field = name.replace('.', "_");
        let flags = ["--index", "w", "--field", &field];
        let path = stored(name);
        let ran = home.run(&[&["import", path.to_str().unwrap()][..], &flags].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
        for out in ["out.npy", "out.fvecs", "out.fbin", "out.h5"] {
            let flags = [&flags[..], &["--overwrite"]].concat();
            let out = home.export(out, &flags);
            assert_eq!(bits(&out), bits(&path), "{name} to {}", out.display());
        }
        let ids = fs::read_to_string(home.path("out.npy.ids")).unwrap();
        assert_eq!(ids, "0\n1\n2\n3\n4\n");
    }
    // What NumPy saves of floats of 64 bits comes out in 64, where that is asked for.
    let path = stored("f8.npy");
    assert_eq!(home.imported(&path, &[]), (5, 0));
    let out = home.export("f8.npy", &["--index", "v", "--float", "float64"]);
    assert_eq!(bits(&out), bits(&path));
    for (name, outs) in [
        ("i1.npy", ["a.i8bin", "a.ivecs"]),
        ("u1.npy", ["a.u8bin", "a.bvecs"]),
        ("base.i8bin", ["b.i8bin", "b.ivecs"]),
        ("base.bvecs", ["b.u8bin", "b.bvecs"]),
    ] {
        assert_eq!(home.imported(&stored(name), &[]), (0, 5));
        for out in outs {
            let out = home.export(out, &["--index", "v"]);
            assert_eq!(bits(&out), bits(&stored(name)));
        }
    }
}

#[test]
fn ids_come_from_a_file_and_go_into_one_that_is_taken_back() {
    let home = Home::new();
    let ids = home.path("ids.txt");
    let given = "pear\ntwo words\n\"quoted\"\napple\n3\n";
    fs::write(&ids, given).unwrap();
    let flags = ["--ids", ids.to_str().unwrap()];
    let path = stored("f4.npy");
    assert_eq!(home.imported(&path, &flags), (5, 0));
    assert_eq!(home.imported(&path, &flags), (0, 5));
    let report = home.run(&["check", "--json"]).json();
    assert_eq!(report["counts"]["v"]["documents"], 5, "{report}");

    let out = home.export("out.fbin", &["--index", "v"]);
    assert_eq!(bits(&out), bits(&path));
    let beside = home.path("out.fbin.ids");
    assert_eq!(fs::read_to_string(&beside).unwrap(), given);
    let flags = ["--ids", beside.to_str().unwrap()];
    assert_eq!(home.imported(&out, &flags), (0, 5));
    // Elsewhere, and beside names: these go into their field, and ids say who is who.
    let elsewhere = home.path("elsewhere");
    let flags = ["--index", "v", "--ids", elsewhere.to_str().unwrap()];
    let named = home.export("out.h5", &flags);
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), given);
    assert_eq!(home.imported(&named, &flags[2..]), (0, 5));
    assert_eq!(home.imported(&named, &[]), (0, 5));
    // Without a file the rows' numbers are their ids.
    assert_eq!(home.imported(&path, &[]), (4, 1));

    let refused = [
        ("a\nb\n", "ids.txt has 2 ids for 5 vectors"),
        ("a\nb\nc\nd\na\n", "line 5 of "),
        ("a\nb\n\nd\ne\n", "line 3 of "),
    ];
    for (text, words) in refused {
        fs::write(&ids, text).unwrap();
        home.import_refused(&path, &["--ids", ids.to_str().unwrap()], &[words]);
    }
}

#[test]
fn a_document_whose_id_is_no_line_is_listed() {
    let home = Home::new();
    let named = home.path("named.h5");
    archive(
        &named,
        &[("two\nlines", vec![1.0]), ("one", vec![2.0])],
        Number::F32,
    );
    assert_eq!(home.imported(&named, &[]), (2, 0));
    let ran = home.run(&["export", "out.npy", "--index", "v", "--json"]);
    let summary = ran.json();
    let reason = "its id cannot be a line of a file of ids, HDF5 takes it as a name";
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(summary["exported"], 1, "{summary}");
    let failed = json!([{"id": "two\nlines", "reason": reason}]);
    assert_eq!(summary["failed"], failed);
    let out = home.path("out.npy");
    assert_eq!(bits(&out), [[2.0_f64.to_bits()]]);
    let ids = fs::read_to_string(home.path("out.npy.ids")).unwrap();
    assert_eq!(ids, "one\n");
    // Names hold any line ends.
    let out = home.export("out.h5", &["--index", "v"]);
    assert_eq!(rows_of(&out), rows_of(&named));
}

#[test]
fn ann_benchmarks_files_say_how_their_vectors_are_compared() {
    let home = Home::new();
    let path = stored("euclidean.hdf5");
    assert_eq!(home.imported(&path, &["--field", "e"]), (5, 0));
    let flags = ["--field", "e", "--similarity", "cosine"];
    home.import_refused(
        &path,
        &flags,
        &["mapped as dense_vector of 3 dims, l2_norm"],
    );
    // A field that is there stays what it is.
    let angular = stored("angular.hdf5");
    assert_eq!(home.imported(&angular, &["--field", "e"]), (0, 5));
    assert_eq!(home.imported(&angular, &["--field", "a"]), (0, 5));
    let flags = ["--field", "a", "--similarity", "l2_norm"];
    home.import_refused(&angular, &flags, &["3 dims, cosine"]);
    // What is typed goes before what the file says.
    let flags = ["--field", "d", "--similarity", "l2_norm"];
    assert_eq!(home.imported(&angular, &flags), (0, 5));

    let flags = ["--field", "e", "--dataset", "test"];
    assert_eq!(home.imported(&path, &flags), (0, 5));
    let out = home.export("out.npy", &["--index", "v", "--field", "e"]);
    let mut train = bits(&path);
    train.reverse();
    assert_eq!(bits(&out), train);
    let words = ["no dataset base, it has distances, neighbors, test, train"];
    home.import_refused(&path, &["--dataset", "base"], &words);

    // What is exported as HDF5 says it as well.
    let out = home.export("out.h5", &["--index", "v", "--field", "e"]);
    let again = ["--field", "again"];
    assert_eq!(home.imported(&out, &again), (0, 5));
    let flags = [&again[..], &["--similarity", "cosine"]].concat();
    home.import_refused(&out, &flags, &["mapped as dense_vector of 3 dims, l2_norm"]);

    let unknown = home.path("unknown.hdf5");
    let mut bytes = fs::read(&path).unwrap();
    let found = bytes.windows(9).rposition(|at| at == b"euclidean");
    let at = found.unwrap();
    bytes[at..at + 9].copy_from_slice(b"minkowski");
    fs::write(&unknown, bytes).unwrap();
    let words = ["unknown.hdf5", "\"minkowski\"", "angular", "--similarity"];
    home.import_refused(&unknown, &["--field", "m"], &words);
    let flags = ["--field", "m", "--similarity", "cosine"];
    assert_eq!(home.imported(&unknown, &flags), (0, 5));
}

#[test]
fn files_that_are_not_what_they_claim_make_no_index() {
    let home = Home::new();
    let refused = |name: &str, bytes: &[u8], flags: &[&str], words: &[&str]| {
        let path = home.path(name);
        fs::write(&path, bytes).unwrap();
        home.import_refused(&path, flags, &[&[name][..], words].concat());
        assert!(!home.data().exists());
    };
    let read = |name: &str| fs::read(stored(name)).unwrap();
    let (npy_file, fvecs) = (read("f4.npy"), read("base.fvecs"));
    let cut = |bytes: &[u8]| bytes[..bytes.len() - 5].to_vec();
    refused("a.npy", &cut(&npy_file), &[], &["it is cut short in row 4"]);
    refused("a.fvecs", &cut(&fvecs), &[], &["it is cut short in row 4"]);
    refused(
        "a.fbin",
        &cut(&read("base.fbin")),
        &[],
        &["it is cut short in row 4"],
    );
    let mut ragged = fvecs.clone();
    ragged[48] = 4;
    refused(
        "r.fvecs",
        &ragged,
        &[],
        &["row 3 of", "4 numbers, expected 3"],
    );
    refused(
        "o.npy",
        &read("objects.npy"),
        &[],
        &["Python objects", "never unpickled"],
    );
    refused("b.npy", &fvecs, &[], &["expected npy, got something else"]);
    refused("b.fvecs", &npy_file, &[], &["expected fvecs, got npy"]);
    let mut absurd = read("base.fbin");
    absurd[..4].fill(0xff);
    refused(
        "absurd.fbin",
        &absurd,
        &[],
        &["claims 4294967295 rows of 3 numbers", "cut short"],
    );
    refused(
        "a.bin",
        &read("base.fbin"),
        &[],
        &["says no format", "--format"],
    );
    let words = ["\"csv\"", "hdf5, npy, fvecs"];
    home.import_refused(&home.path("a.bin"), &["--format", "csv"], &words);
    refused(
        "a.npy",
        &npy_file,
        &["--vectors", "train"],
        &["no datasets", "train"],
    );
    refused(
        "a.npy",
        &npy_file,
        &["--name-field", "n"],
        &["no names", "--name-field n"],
    );
    let flags = ["--element-type", "bit"];
    home.import_refused(&home.path("a.npy"), &flags, &["expected float or byte"]);
    let wide = home.path("wide.npy");
    npy(&wide, &[&[1.0; 32_769]]);
    home.import_refused(&wide, &[], &["32769 dims", "at most 32768"]);
    assert!(!home.data().exists());

    let path = home.path("base.crop");
    fs::write(&path, read("base.fbin")).unwrap();
    assert_eq!(home.imported(&path, &["--format", "fbin"]), (5, 0));
    let other = home.path("other.npy");
    npy(&other, &[&[1.0, 2.0]]);
    home.import_refused(&other, &[], &["image_vector", "3 dims", "2 dims"]);
}

#[test]
fn rows_that_cannot_be_documents_are_listed_by_their_numbers() {
    let home = Home::new();
    let path = home.path("bad.npy");
    let rows: [&[f32]; 6] = [
        &[1.0, 2.0],
        &[f32::NAN, 1.0],
        &[0.0, 0.0],
        &[1.0, f32::INFINITY],
        &[-0.0, 1e-40],
        &[3.0, 4.0],
    ];
    npy(&path, &rows);
    let (code, summary) = home.import(&path, &[]);
    assert_eq!((code, &summary["created"]), (1, &json!(2)), "{summary}");
    let failed = summary["failed"].as_array().unwrap();
    let reasons = [
        (1, "number 0 of the vector is NaN"),
        (2, "zero magnitude"),
        (3, "number 1 of the vector is inf"),
        (4, "zero magnitude"),
    ];
    assert_eq!(failed.len(), reasons.len(), "{summary}");
    for (failure, (row, reason)) in failed.iter().zip(reasons) {
        assert_eq!(
            (&failure["row"], &failure["name"]),
            (&json!(row), &json!(null))
        );
        assert!(text(&failure["reason"]).contains(reason), "{failure}");
    }
    let ran = home.run(&["import", path.to_str().unwrap(), "--index", "v"]);
    assert!(
        ran.err
            .starts_with("row 1: number 0 of the vector is NaN\nrow 2: "),
        "{ran:?}"
    );
    // Those that came in are under their own numbers, and where only distance counts zeros come in too.
    let flags = ["--field", "l2", "--similarity", "l2_norm"];
    let (_, summary) = home.import(&path, &flags);
    assert_eq!(
        (&summary["created"], &summary["updated"]),
        (&json!(2), &json!(2))
    );
}

#[test]
fn vectors_as_long_as_a_field_takes_come_in() {
    let home = Home::new();
    let path = home.path("long.npy");
    let rows = [[0.5; 32_768], [0.25; 32_768]];
    npy(&path, &[&rows[0], &rows[1]]);
    assert_eq!(home.imported(&path, &[]), (2, 0));
    let out = home.export("out.fvecs", &["--index", "v"]);
    assert_eq!(bits(&out), bits(&path));
}

#[test]
fn bytes_go_into_a_field_of_bytes() {
    let home = Home::new();
    let path = stored("base.i8bin");
    let bytes = ["--element-type", "byte"];
    assert_eq!(home.imported(&path, &bytes), (5, 0));
    let out = home.export("out.i8bin", &["--index", "v"]);
    assert_eq!(fs::read(out).unwrap(), fs::read(&path).unwrap());
    let float = ["--element-type", "float"];
    home.import_refused(&path, &float, &["image_vector", "cannot become"]);
    // A field of bytes takes no fractions, and says so row by row.
    let (code, summary) = home.import(&stored("f4.npy"), &[]);
    let failed = summary["failed"].as_array().unwrap();
    assert_eq!((code, failed.len()), (1, 5));
    assert!(
        text(&failed[1]["reason"]).contains("non-decimal"),
        "{summary}"
    );
}

#[test]
fn vectors_that_clients_wrote_as_text_come_out_as_numbers() {
    let home = Home::new();
    let path = home.path("two.npy");
    npy(&path, &[&[1.0, 2.0]]);
    assert_eq!(home.imported(&path, &["--field", "f"]), (1, 0));
    let bytes = ["--field", "b", "--element-type", "byte"];
    assert_eq!(home.imported(&path, &bytes), (0, 1));
    let server = Server::start(&home);
    // 1 and -2.5 as floats in network order; -1 and 127 as bytes.
    let document = json!({"f": "P4AAAMAgAAA=", "b": "ff7F"}).to_string();
    let (host, length) = (server.url(), document.len());
    let host = host.trim_start_matches("http://");
    let mut stream = server.connect();
    write!(
        stream,
        "PUT /v/_doc/0 HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{document}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    for (name, field, expected) in [
        ("f.fvecs", "f", [1.0, -2.5]),
        ("b.i8bin", "b", [-1.0, 127.0]),
    ] {
        let out = home.export(name, &["--index", "v", "--field", field]);
        assert_eq!(bits(&out), [expected.map(f64::to_bits)]);
    }
}

#[test]
fn an_export_that_cannot_be_done_leaves_no_file() {
    let home = Home::new();
    assert_eq!(home.imported(&stored("f4.npy"), &[]), (5, 0));
    let refused = |args: &[&str], words: &[&str]| {
        home.export_refused(&[args, &["--index", "v"]].concat(), words);
    };
    refused(
        &["out.u8bin"],
        &[
            "the vector of 0",
            "number 1 of row 0 is -0.14285",
            "0 to 255",
        ],
    );
    refused(
        &["out.fbin", "--float", "float64"],
        &["fbin holds floats of 32 bits"],
    );
    refused(&["out.npy", "--names", "n"], &["npy", "no datasets", "n"]);
    refused(
        &["out.npy", "--name-field", "path"],
        &["npy holds no names"],
    );
    refused(&["out.npy", "--ids", "out.npy"], &["a file each"]);
    refused(&["out.bin"], &["out.bin says no format", "--format"]);
    let there = home.path("out.npy.ids");
    fs::write(&there, "mine").unwrap();
    refused(&["out.npy"], &["out.npy.ids exists already", "--overwrite"]);
    assert_eq!(fs::read_to_string(&there).unwrap(), "mine");
    let mut beside: Vec<_> = fs::read_dir(home.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    beside.sort();
    assert_eq!(beside, ["data", "out.npy.ids", "pictures"]);
    let out = home.export("out.bin", &["--index", "v", "--format", "npy"]);
    assert_eq!(fs::read(&out).unwrap().len(), 128 + 60);
    assert!(fs::read(out).unwrap().starts_with(b"\x93NUMPY"));
}

#[test]
fn a_run_is_stopped_and_leaves_nothing_half_done() {
    const ROWS: usize = 100_000;
    let home = Home::new();
    let path = home.path("many.npy");
    let numbers: Vec<[f32; 2]> = (0..ROWS).map(|row| [1.0, row as f32]).collect();
    let rows: Vec<&[f32]> = numbers.iter().map(|row| row.as_slice()).collect();
    npy(&path, &rows);
    let server = Server::start(&home);
    let import = ["import", path.to_str().unwrap(), "--index", "v", "--json"];
    let mut running = home.start(&import);
    // The first batch is on the disk, and most of the others are not.
    while server.get("/v/_doc/0").0 != 200 {
        assert!(running.runs());
    }
    running.signal("INT");
    let ran = running.end();
    let made = ran.json()["created"].as_u64().unwrap();
    assert!(
        ran.code == Some(1) && made > 0 && made < ROWS as u64,
        "{ran:?}"
    );
    let (created, updated) = home.imported(&path, &[]);
    assert_eq!((created, updated), (ROWS as u64 - made, made));

    // An export that is stopped while it writes leaves nothing; one that was faster leaves everything.
    let out = home.path("out.npy");
    let export = ["export", "out.npy", "--index", "v", "--json"];
    let mut running = home.start(&export);
    let begun = || {
        let names = fs::read_dir(home.path("")).unwrap();
        let mut names = names.map(|entry| entry.unwrap().file_name());
        names.any(|name| name.to_string_lossy().starts_with(".eidetic-"))
    };
    while running.runs() && !begun() {}
    if running.runs() {
        running.signal("INT");
    }
    let ran = running.end();
    if ran.code == Some(1) {
        assert!(
            ran.err.contains("stopped: out.npy was not written"),
            "{ran:?}"
        );
        assert!(!begun() && !out.exists() && !home.path("out.npy.ids").exists());
    } else {
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(bits(&out).len(), ROWS);
    }
}
