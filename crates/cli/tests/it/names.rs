//! File names that are no text, long, or strange in other ways.

use crate::pictures::{bytes, tiles};
use crate::program::{Home, Server, text};
use image::ImageFormat;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

fn name(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

fn save(path: &Path, seed: u64) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes(&tiles(seed, 64, 48), ImageFormat::Png)).unwrap();
}

/// Whether the disk takes names that are no UTF-8.
fn takes_any_bytes(home: &Home, test: &str) -> bool {
    let works = fs::write(home.path(name(b"\xe9")), "").is_ok();
    if !works {
        println!("skipped: names::{test}: this disk takes no names that are no UTF-8");
    }
    works
}

/// Every path, byte for byte, in order.
fn paths(home: &Home) -> Vec<Vec<u8>> {
    let ran = home.run(&["search", "--filter", "*:*", "--paths", "-k", "100"]);
    let lines = ran.out.strip_suffix(b"\n").unwrap();
    let mut paths: Vec<Vec<u8>> = lines
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    paths.sort();
    paths
}

fn as_bytes(paths: &[&PathBuf]) -> Vec<Vec<u8>> {
    let mut paths: Vec<Vec<u8>> = paths
        .iter()
        .map(|path| path.as_os_str().as_bytes().to_vec())
        .collect();
    paths.sort();
    paths
}

#[test]
fn names_that_are_no_utf_8_are_indexed_found_and_told_apart() {
    let home = Home::new();
    if !takes_any_bytes(
        &home,
        "names_that_are_no_utf_8_are_indexed_found_and_told_apart",
    ) {
        return;
    }
    let folder = home.pictures().join(name(b"f\xfclder"));
    // Shown, both names are the same.
    let (first, second) = (
        folder.join(name(b"caf\xe9.png")),
        folder.join(name(b"caf\xe8.png")),
    );
    save(&first, 1);
    save(&second, 2);
    let indexed = home.run(&home.index_args(&[] as &[&str]));
    assert_eq!(indexed.code, Some(0), "{indexed:?}");
    assert_eq!(indexed.text().matches("caf\u{fffd}.png").count(), 2);
    assert_eq!(paths(&home), as_bytes(&[&first, &second]));
    let image = [
        OsStr::new("search"),
        "--image".as_ref(),
        first.as_os_str(),
        "--paths".as_ref(),
        "-k1".as_ref(),
    ];
    let found = home.run(&image);
    assert_eq!(found.out, [first.as_os_str().as_bytes(), b"\n"].concat());
    // The page shows the picture from the file.
    let server = Server::start(&home);
    let (_, answer) = server.get("/_similar");
    let id = text(&answer["hits"][0]["id"]);
    let (status, document) = server.get(&format!("/_images/pictures/{id}"));
    assert_eq!(status, 200);
    assert!(
        document["source"]["file"]["raw_path"].is_string(),
        "{document}"
    );
    let (status, _) = server.get_bytes(&format!("/_images/pictures/{id}/original"));
    assert_eq!(status, 200);
    assert_eq!(home.checked(), 2);
}

#[test]
fn files_whose_names_are_no_utf_8_stay_what_they_are_when_they_move_and_change() {
    let home = Home::new();
    if !takes_any_bytes(
        &home,
        "files_whose_names_are_no_utf_8_stay_what_they_are_when_they_move_and_change",
    ) {
        return;
    }
    let (from, to) = (
        home.pictures().join(name(b"\xff.png")),
        home.pictures().join(name(b"\xfe.png")),
    );
    save(&from, 1);
    let first = home.index();
    let id = |indexed: &crate::program::Indexed| indexed.events.values().next().cloned().unwrap();
    assert_eq!(home.index().counts(), [0, 1, 0, 0, 0]);
    fs::rename(&from, &to).unwrap();
    let moved = home.index();
    assert_eq!(moved.counts(), [0, 0, 1, 0, 0]);
    assert_eq!(id(&moved), id(&first));
    assert_eq!(paths(&home), as_bytes(&[&to]));
    save(&to, 2);
    let changed = home.index();
    assert_eq!(changed.counts(), [1, 0, 0, 0, 0]);
    assert_eq!(id(&changed), id(&first));
    // From a name that is no text to one that is.
    let plain = home.pictures().join("plain.png");
    fs::rename(&to, &plain).unwrap();
    assert_eq!(home.index().counts(), [0, 0, 1, 0, 0]);
    assert_eq!(paths(&home), as_bytes(&[&plain]));
    fs::remove_file(&plain).unwrap();
    assert_eq!(home.index_with(&["--prune"]).counts(), [0, 0, 0, 1, 0]);
}

#[test]
fn a_bad_file_whose_name_is_no_utf_8_is_named_as_well_as_can_be() {
    let home = Home::new();
    if !takes_any_bytes(
        &home,
        "a_bad_file_whose_name_is_no_utf_8_is_named_as_well_as_can_be",
    ) {
        return;
    }
    fs::write(home.pictures().join(name(b"bad\xe9.jpg")), "text").unwrap();
    let indexed = home.index_some(&[] as &[&str]);
    assert_eq!(indexed.counts(), [0, 0, 0, 0, 1]);
    let reason = indexed.reason(&home.pictures().join("bad\u{fffd}.jpg"));
    assert_eq!(reason, "this is not a picture");
}

#[test]
fn data_folders_and_models_may_have_names_that_are_no_utf_8() {
    let home = Home::new();
    if !takes_any_bytes(
        &home,
        "data_folders_and_models_may_have_names_that_are_no_utf_8",
    ) {
        return;
    }
    save(&home.pictures().join("a.png"), 1);
    let data = home.path(name(b"d\xe4ta"));
    let run = |args: &[&OsStr]| {
        let mut command = crate::program::bare(args);
        command.env("EIDETIC_DATA", &data);
        crate::program::Running::start(command).end()
    };
    let pictures = home.pictures();
    assert_eq!(run(&["index".as_ref(), pictures.as_os_str()]).code, Some(0));
    assert_eq!(run(&["check".as_ref()]).code, Some(0));
    assert!(data.join("truth.redb").exists());
}

#[test]
fn strange_names_are_names_like_any_other() {
    let home = Home::new();
    let longest = format!("{}.png", "n".repeat(251));
    let names = [
        "line\nbreak.png",
        " spaces at both ends .png ",
        "quotes \" ' and \\ backslash.png",
        "100% * ? [a] {b} $HOME `x`.png",
        "-starts-like-a-flag.png",
        "ünïcödé 図 🦉.png",
        "e\u{301}.png",
        "tab\tand\u{7f}\u{1b}[31m.png",
        "noending",
        "two..dots...png",
        &longest,
    ];
    for (seed, name) in (1..).zip(names) {
        save(&home.pictures().join(name), seed);
    }
    let first = home.index();
    assert_eq!(first.counts(), [names.len() as u64, 0, 0, 0, 0]);
    let mut expected: Vec<PathBuf> = names
        .iter()
        .map(|name| home.pictures().join(name))
        .collect();
    expected.sort();
    let documents = home.documents();
    assert_eq!(documents.keys().cloned().collect::<Vec<_>>(), expected);
    assert_eq!(home.index().counts(), [0, names.len() as u64, 0, 0, 0]);
    for path in &expected {
        let image = [
            OsStr::new("search"),
            "--image".as_ref(),
            path.as_os_str(),
            "--json".as_ref(),
            "-k1".as_ref(),
        ];
        let found = home.run(&image).json();
        assert_eq!(Path::new(&text(&found[0]["path"])), path);
    }
    let found = home.run(&["search", "owl", "unicode", "図", "--json"]);
    assert_eq!(found.code, Some(0), "{found:?}");
    // A table's row is one line, whatever the name holds.
    let table = home.run(&["search", "--filter", "*:*", "-k", "100"]);
    assert_eq!(
        table.text().lines().count(),
        1 + names.len(),
        "{}",
        table.text()
    );
    assert!(!table.out.contains(&0x1b), "{}", table.text());
    fs::write(home.pictures().join("bad\u{1b}[2J\n.jpg"), "text").unwrap();
    let told = home.run(&["index".into(), home.pictures()]);
    assert!(
        told.err
            .contains("bad\\u{1b}[2J\\n.jpg: this is not a picture"),
        "{}",
        told.err
    );
}

#[test]
fn folders_may_be_very_deep() {
    let home = Home::new();
    let mut folder = home.pictures();
    for _ in 0..12 {
        folder.push("d".repeat(250));
    }
    let path = folder.join("a.png");
    save(&path, 1);
    let indexed = home.index();
    assert_eq!(indexed.events.keys().collect::<Vec<_>>(), [&path]);
    assert_eq!(home.index().counts(), [0, 1, 0, 0, 0]);
    let filter = format!("path.keyword:\"{}\"", path.display());
    assert_eq!(home.run(&["search", "--filter", &filter]).code, Some(0));
}
