//! `eidetic check`: everything agrees, or it says what does not.

use crate::pictures::{crc32, save_tiles, sha256_of};
use crate::program::{Home, Ran, keys};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// What is in front of the rows of a file of vectors.
const ROWS_HEADER_BYTES: usize = 4096;

fn indexed(pictures: u64) -> Home {
    let home = Home::new();
    for seed in 0..pictures {
        save_tiles(&home.pictures().join(format!("picture-{seed}.png")), seed);
    }
    home.index();
    home
}

fn check(home: &Home) -> Ran {
    home.run(&["check", "--json"])
}

/// Changes a byte of a file.
fn damage(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x55;
    fs::write(path, bytes).unwrap();
}

/// Copies the files of a folder and of the folders in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// The files below a folder whose names end so.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Asserts that the check says that not everything agrees, and names some words.
fn disagrees(home: &Home, words: &[&str]) {
    let ran = check(home);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let report = ran.json();
    assert_eq!(report["ok"], false);
    let problems = report["problems"].to_string();
    for word in words {
        assert!(problems.contains(word), "{word:?} is not in {problems}");
    }
    let told = home.run(&["check"]);
    assert_eq!(told.code, Some(1));
    assert!(told.text().ends_with("NOT everything agrees\n"), "{told:?}");
    assert!(told.text().contains(words[0]), "{told:?}");
}

#[test]
fn what_agrees_is_counted() {
    let home = indexed(5);
    let ran = check(&home);
    assert_eq!(ran.code, Some(0));
    let report = ran.json();
    assert_eq!(keys(&report), ["ok", "problems", "mended", "counts"]);
    let vectors = json!({
        "image.color": 5, "image.looks": 5, "image.shape": 5, "image.texture": 5,
    });
    let counts = json!({"pictures": {"documents": 5, "text": 5, "vectors": vectors, "linked": {}}});
    assert_eq!(
        report,
        json!({"ok": true, "problems": [], "mended": [], "counts": counts})
    );
    fs::remove_file(home.pictures().join("picture-0.png")).unwrap();
    home.index_with(&["--prune"]);
    let vectors = json!({
        "image.color": 4, "image.looks": 4, "image.shape": 4, "image.texture": 4,
    });
    let counts = json!({"pictures": {"documents": 4, "text": 4, "vectors": vectors, "linked": {}}});
    assert_eq!(check(&home).json()["counts"], counts);
    let told = home.run(&["check"]);
    assert_eq!(told.code, Some(0));
    assert!(
        told.text()
            .contains("index pictures: 4 documents, 4 in the text index")
    );
    assert!(told.text().ends_with("everything agrees\n"));
}

#[test]
fn damaged_vectors_are_named_and_made_again() {
    let home = indexed(5);
    let before = home.documents();
    let rows = files(&home.data(), "image.color.rows");
    damage(&rows[0], ROWS_HEADER_BYTES + 2);
    let ran = check(&home);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let mended = ran.json()["mended"].to_string();
    for word in ["image.color.rows", "damaged", "made again"] {
        assert!(mended.contains(word), "{word:?} is not in {mended}");
    }
    assert_eq!(check(&home).json()["mended"], json!([]));
    assert_eq!(home.documents(), before);
}

#[test]
fn a_damaged_text_index_is_named_or_made_again() {
    let home = indexed(5);
    let kept = home.path("kept");
    copy(&home.data(), &kept);
    let before = home.documents();
    let mut named = 0;
    for ending in [".term", ".idx", ".fast", ".pos", ".store", ".fieldnorm"] {
        for quarter in 1..4 {
            fs::remove_dir_all(home.data()).unwrap();
            copy(&kept, &home.data());
            let file = files(&home.data(), ending).remove(0);
            let length = fs::metadata(&file).unwrap().len() as usize;
            damage(&file, length * quarter / 4);
            let damaged = fs::read(&file).unwrap();
            let ran = check(&home);
            assert!(!ran.err.contains("panicked"), "{ran:?}");
            if ran.code == Some(1) {
                let name = file.file_name().unwrap().to_str().unwrap();
                let problems = ran.json()["problems"].to_string();
                assert!(
                    problems.contains(name) && problems.contains("checksum"),
                    "{problems}"
                );
                named += 1;
            } else {
                // Opening it found that it cannot be read.
                assert_eq!(home.checked(), 5);
                assert_eq!(home.documents(), before);
                assert!(fs::read(&file).is_ok_and(|now| now != damaged) || !file.exists());
            }
        }
    }
    assert!(named > 9, "{named}");
}

#[test]
fn a_damaged_document_is_named() {
    let home = indexed(5);
    let documents = home.documents();
    let path = home.pictures().join("picture-3.png");
    let truth = home.data().join("truth.redb");
    let mut bytes = fs::read(&truth).unwrap();
    // Digits that are like nothing else are kept as they are by the compression.
    let digits = &sha256_of(&path)[20..40];
    let places: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes[*at..].starts_with(digits.as_bytes()))
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at] ^= 0x01;
    }
    fs::write(&truth, bytes).unwrap();
    disagrees(&home, &[&documents[&path], "checksum"]);
}

#[test]
fn a_truth_store_that_is_none_opens_for_nobody() {
    let home = indexed(2);
    damage(&home.data().join("truth.redb"), 0);
    for command in [
        &["check"][..],
        &["search", "a"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        home.run(command).refused(&["truth.redb"]);
    }
    home.run(&home.index_args(&[] as &[&str]))
        .refused(&["truth.redb"]);
}

#[test]
fn what_is_derived_is_made_again_when_it_is_gone() {
    let home = indexed(5);
    let before = home.documents();
    fs::remove_dir_all(home.data().join("indices")).unwrap();
    assert_eq!(home.checked(), 5);
    assert_eq!(home.documents(), before);
    for ending in [
        "meta.json",
        "image.shape.rows",
        "image.texture.manifest",
        ".fast",
    ] {
        for path in files(&home.data(), ending) {
            fs::remove_file(path).unwrap();
        }
        assert_eq!(home.checked(), 5, "{ending}");
        assert_eq!(home.documents(), before, "{ending}");
    }
}

#[test]
fn a_data_folder_of_a_newer_version_is_refused_and_left_alone() {
    let home = indexed(2);
    let format = home.data().join("format");
    let line = "eidetic data folder 999";
    let text = format!("{line} {:08x}\n", crc32(line.as_bytes()));
    fs::write(&format, &text).unwrap();
    let truth = fs::read(home.data().join("truth.redb")).unwrap();
    let words = ["format version 999", "newer program"];
    for command in [
        &["check"][..],
        &["search", "a"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        home.run(command).refused(&words);
    }
    home.run(&home.index_args(&[] as &[&str])).refused(&words);
    assert_eq!(fs::read_to_string(&format).unwrap(), text);
    assert!(fs::read(home.data().join("truth.redb")).unwrap() == truth);
    // A line that says nothing, and one that is gone.
    fs::write(&format, "eidetic data folder 1 00000000\n").unwrap();
    home.run(&["check"]).refused(&["format", "damaged"]);
    fs::remove_file(&format).unwrap();
    home.run(&["check"]).refused(&["format", "missing"]);
}

#[test]
fn where_there_is_no_data_folder_nothing_is_made() {
    let home = Home::new();
    home.run(&["check"])
        .refused(&["no data folder", "eidetic index"]);
    home.run(&["search", "a"])
        .refused(&["no data folder", "eidetic index"]);
    assert!(!home.data().exists());
    // A server may be there first.
    let server = crate::program::Server::start(&home);
    assert_eq!(server.get("/_health").0, 200);
    let (status, error) = server.get("/_similar");
    assert_eq!(status, 404, "{error}");
}
