//! Archives of vectors into an index and out of it.

use crate::pictures::save_tiles;
use crate::program::{Home, Server, keys, text};
use archives::{Contents, Datasets, Format, Name, Number, Row};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// The image-retrieval service's archive; none where the data for tests is not.
fn service() -> Option<PathBuf> {
    let folder = match std::env::var_os("EIDETIC_TEST_DATA") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    let path = folder.join("service/train.h5");
    path.is_file().then_some(path)
}

pub(crate) type Named = (&'static str, Vec<f64>);

pub(crate) fn archive(path: &Path, rows: &[Named], number: Number) {
    let file = File::create(path).unwrap();
    let contents = Contents {
        dims: rows.first().unwrap().1.len(),
        number: Some(number),
        distance: None,
    };
    let (format, datasets) = (Format::of_name(path).unwrap(), Datasets::default());
    let mut writer = archives::create(format, path, file, contents, &datasets).unwrap();
    for (name, vector) in rows {
        writer.write(name, vector).unwrap();
    }
    writer.finish().unwrap();
}

pub(crate) fn rows_of(path: &Path) -> Vec<Row> {
    let mut reader = archives::open(path, None, &Datasets::default()).unwrap();
    let mut all = Vec::new();
    loop {
        let rows = reader.read(100).unwrap();
        if rows.is_empty() {
            return all;
        }
        all.extend(rows);
    }
}

fn three() -> [Named; 3] {
    [
        ("c.jpg", vec![1.0, 0.1]),
        ("a.jpg", vec![0.3, -1.0]),
        ("b.jpg", vec![1.0 / 3.0, 2.0 / 3.0]),
    ]
}

/// A home with an archive of three rows.
fn home() -> (Home, PathBuf) {
    let home = Home::new();
    let path = home.path("three.h5");
    archive(&path, &three(), Number::F64);
    (home, path)
}

impl Home {
    /// Imports into the index `v`, and answers how it ended and the summary.
    pub(crate) fn import(&self, path: &Path, flags: &[&str]) -> (i32, Value) {
        let mut args = vec!["import", path.to_str().unwrap(), "--index", "v", "--json"];
        args.extend(flags);
        let ran = self.run(&args);
        assert!(!ran.err.contains("panicked"), "{ran:?}");
        (ran.code.unwrap(), ran.json())
    }

    pub(crate) fn import_refused(&self, path: &Path, flags: &[&str], words: &[&str]) {
        let mut args = vec!["import", path.to_str().unwrap(), "--index", "v"];
        args.extend(flags);
        self.run(&args).refused(words);
    }

    pub(crate) fn export(&self, name: &str, flags: &[&str]) -> PathBuf {
        let path = self.path(name);
        let mut args = vec!["export", path.to_str().unwrap()];
        args.extend(flags);
        let ran = self.run(&args);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        path
    }

    /// The ids of documents that match a filter.
    fn matching(&self, filter: &str) -> Vec<String> {
        let args = ["search", "--index", "v", "--filter", filter, "--json"];
        let hits = self.run(&args).json();
        let mut ids: Vec<String> = hits
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| text(&hit["id"]))
            .collect();
        ids.sort();
        ids
    }

    fn vectors(&self, field: &str) -> u64 {
        let report = self.run(&["check", "--json"]).json();
        assert_eq!(report["ok"], true, "{report}");
        report["counts"]["v"]["vectors"][field].as_u64().unwrap()
    }
}

/// What was imported, in the order of the rows.
fn summary(created: u64, updated: u64, failed: &Value) -> Value {
    json!({
        "index": "v", "field": "image_vector", "created": created, "updated": updated, "failed": failed,
    })
}

fn check(ended: (i32, Value), code: i32, expected: Value) {
    let (got_code, mut got) = ended;
    assert_eq!(
        keys(&got),
        ["index", "field", "created", "updated", "failed", "seconds"]
    );
    got.as_object_mut().unwrap().remove("seconds");
    assert_eq!((got_code, got), (code, expected));
}

#[test]
fn rows_become_documents_and_come_out_as_they_went_in() {
    let (home, path) = home();
    check(home.import(&path, &[]), 0, summary(3, 0, &json!([])));
    assert_eq!(home.vectors("image_vector"), 3);
    assert_eq!(home.matching("image_name:b.jpg"), ["b.jpg"]);
    let out = home.export("out.h5", &["--index", "v"]);
    assert_eq!(rows_of(&out), rows_of(&path));
    assert_eq!(rows_of(&out)[2].vector, [1.0 / 3.0, 2.0 / 3.0]);
    let single = home.export("single.h5", &["--index", "v", "--float", "float32"]);
    let rounded = [f64::from(1.0_f32 / 3.0), f64::from(2.0_f32 / 3.0)];
    assert_eq!(rows_of(&single)[2].vector, rounded);
    assert!(fs::metadata(&single).unwrap().len() < fs::metadata(&out).unwrap().len());
    // Nothing else is left beside them.
    let mut beside: Vec<_> = fs::read_dir(home.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    beside.sort();
    assert_eq!(
        beside,
        ["data", "out.h5", "pictures", "single.h5", "three.h5"]
    );
}

#[test]
fn the_services_archive_comes_out_as_it_went_in() {
    let Some(path) = service() else {
        println!(
            "skipped: import::the_services_archive_comes_out_as_it_went_in: test data not found"
        );
        return;
    };
    let home = Home::new();
    check(home.import(&path, &[]), 0, summary(26, 0, &json!([])));
    let out = home.export("out.h5", &["--index", "v"]);
    assert_eq!(rows_of(&out), rows_of(&path));
}

#[test]
fn importing_again_makes_no_doubles_and_keeps_rows_of_the_same_name_apart() {
    let (home, path) = home();
    home.import(&path, &[]);
    check(home.import(&path, &[]), 0, summary(0, 3, &json!([])));
    assert_eq!(home.vectors("image_vector"), 3);

    let twice = home.path("twice.h5");
    let rows = [
        ("a.jpg", vec![1.0, 2.0]),
        ("n", vec![3.0, 4.0]),
        ("a.jpg", vec![5.0, 6.0]),
    ];
    archive(&twice, &rows, Number::F32);
    for (created, updated) in [(2, 1), (0, 3)] {
        check(
            home.import(&twice, &[]),
            0,
            summary(created, updated, &json!([])),
        );
        assert_eq!(home.vectors("image_vector"), 5);
        assert_eq!(home.matching("image_name:a.jpg"), ["a.jpg", "a.jpg#2"]);
    }
    // What was written last comes last.
    let out = home.export("out.h5", &["--index", "v"]);
    let names: Vec<Name> = rows_of(&out)
        .into_iter()
        .filter_map(|row| row.name)
        .collect();
    let expected =
        ["c.jpg", "b.jpg", "a.jpg", "n", "a.jpg"].map(|name| Name::Text(name.to_owned()));
    assert_eq!(names, expected);
}

#[test]
fn bad_rows_are_listed_and_the_others_imported() {
    let home = Home::new();
    let path = home.path("bad.h5");
    let long: &'static str = Box::leak("x".repeat(600).into_boxed_str());
    let rows = [
        ("good", vec![1.0, 0.0]),
        ("zero", vec![0.0, 0.0]),
        ("nan", vec![1.0, f64::NAN]),
        ("infinite", vec![f64::NEG_INFINITY, 1.0]),
        ("large", vec![0.0, 1e300]),
        ("", vec![1.0, 1.0]),
        (long, vec![1.0, 1.0]),
        ("tab\tand\nline", vec![0.5, 1.0]),
        ("also good", vec![0.0, 1.0]),
    ];
    archive(&path, &rows, Number::F64);
    let (code, summary) = home.import(&path, &[]);
    assert_eq!(
        (code, &summary["created"], &summary["updated"]),
        (1, &json!(3), &json!(0))
    );
    let failed = summary["failed"].as_array().unwrap();
    let reasons = [
        (1, "zero", "zero"),
        (2, "nan", "number 1 of the vector is NaN"),
        (3, "infinite", "number 0 of the vector is -inf"),
        (4, "large", "number 1 of the vector is 1000000"),
        (5, "", "the name is empty"),
        (6, long, "512"),
    ];
    assert_eq!(failed.len(), reasons.len(), "{failed:?}");
    for (failure, (row, name, reason)) in failed.iter().zip(reasons) {
        assert_eq!(
            (&failure["row"], &failure["name"]),
            (&json!(row), &json!(name))
        );
        assert!(text(&failure["reason"]).contains(reason), "{failure}");
    }
    assert_eq!(home.vectors("image_vector"), 3);

    let ran = home.run(&["import", path.to_str().unwrap(), "--index", "v"]);
    assert_eq!((ran.code, ran.text()), (Some(1), String::new()));
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines.len(), 7, "{lines:?}");
    assert!(lines[1].starts_with("row 2 (nan): number 1"), "{lines:?}");
    assert!(
        lines[6].starts_with("0 created, 3 updated, 6 failed in "),
        "{lines:?}"
    );

    // Where only distance counts, a vector of zeros is as good as any.
    let (code, summary) = home.import(&path, &["--field", "l2", "--similarity", "l2_norm"]);
    assert_eq!((code, summary["failed"].as_array().unwrap().len()), (1, 5));
}

#[test]
fn names_that_are_no_utf8_are_listed() {
    let (home, path) = home();
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes
        .windows(5)
        .position(|window| window == b"a.jpg")
        .unwrap();
    bytes[at] = 0xff;
    fs::write(&path, bytes).unwrap();
    let failed = json!([{"row": 1, "name": "\u{fffd}.jpg", "reason": "the name is no UTF-8"}]);
    check(home.import(&path, &[]), 1, summary(2, 0, &failed));
}

#[test]
fn files_that_cannot_be_read_make_no_index() {
    let (home, path) = home();
    let whole = fs::read(&path).unwrap();
    let bad = home.path("bad.h5");
    fs::write(&bad, "Dear Sir or Madam").unwrap();
    home.import_refused(
        &bad,
        &[],
        &["bad.h5", "no archive of vectors", "expected HDF5"],
    );
    fs::write(&bad, &whole[..whole.len() - 20]).unwrap();
    home.import_refused(&bad, &[], &["bad.h5"]);
    home.import_refused(&home.path("none.h5"), &[], &["none.h5", "No such file"]);
    home.import_refused(&home.pictures(), &[], &["no regular file"]);
    let flags = ["--vectors", "train"];
    home.import_refused(
        &path,
        &flags,
        &["no dataset train, it has dataset_1, dataset_2"],
    );
    home.import_refused(
        &path,
        &["--names", "dataset_1"],
        &["dataset_1", "expected strings"],
    );
    for name_field in ["image_vector", "image_vector.name"] {
        home.import_refused(&path, &["--name-field", name_field], &["a field each"]);
    }
    home.import_refused(
        &path,
        &["--similarity", "l2"],
        &["cosine, dot_product, l2_norm, max_inner_product"],
    );
    let wide = home.path("wide.h5");
    archive(&wide, &[("a", vec![1.0; 32_769])], Number::F32);
    home.import_refused(&wide, &[], &["32769 dims", "at most 32768"]);
    assert!(!home.data().exists());
    home.import_refused(
        &path,
        &["--field", "_id"],
        &["_id", "it is the name of what every document has"],
    );
}

#[test]
fn a_field_that_holds_something_else_is_refused_by_name() {
    let (home, path) = home();
    home.import(&path, &["--similarity", "l2_norm"]);
    // Without a wish the field's own similarity holds.
    check(home.import(&path, &[]), 0, summary(0, 3, &json!([])));
    let words = [
        "image_vector",
        "dense_vector of 2 dims, l2_norm",
        "2 dims, cosine",
    ];
    home.import_refused(&path, &["--similarity", "cosine"], &words);
    let wide = home.path("wide.h5");
    archive(&wide, &[("a", vec![1.0, 2.0, 3.0])], Number::F64);
    home.import_refused(&wide, &[], &["image_vector", "2 dims", "3 dims"]);
    home.import_refused(
        &path,
        &["--field", "image_name", "--name-field", "n"],
        &["image_name", "keyword"],
    );
    home.import_refused(
        &path,
        &["--field", "w", "--name-field", "image_vector"],
        &["image_vector", "keyword"],
    );

    save_tiles(&home.pictures().join("1.png"), 1);
    home.index();
    let pictures = [
        "import",
        path.to_str().unwrap(),
        "--index",
        "pictures",
        "--field",
        "image.color",
    ];
    home.run(&pictures)
        .refused(&["image.color", "cannot be compared"]);
}

#[test]
fn vectors_of_pictures_are_exported_under_their_paths() {
    let home = Home::new();
    for number in 1..=3 {
        save_tiles(&home.pictures().join(format!("{number}.png")), number);
    }
    home.index();
    let flags = [
        "--index",
        "pictures",
        "--field",
        "image.color",
        "--name-field",
        "path",
    ];
    let out = home.export("color.h5", &flags);
    let rows = rows_of(&out);
    assert_eq!(rows.len(), 3);
    for number in 1..=3 {
        let path = home.pictures().join(format!("{number}.png"));
        let name = Name::Text(path.to_str().unwrap().to_owned());
        assert!(
            rows.iter().any(|row| row.name.as_ref() == Some(&name)),
            "{rows:?}"
        );
    }
    // Without such a field, ids name the rows.
    let out = home.export("ids.h5", &flags[..4]);
    let documents: Vec<String> = home.documents().into_values().collect();
    for row in rows_of(&out) {
        let Some(Name::Text(name)) = row.name else {
            panic!("{row:?}")
        };
        assert!(documents.contains(&name), "{name}");
    }
}

#[test]
fn an_export_that_cannot_be_done_says_why_and_leaves_files_alone() {
    let (home, path) = home();
    let refused = |args: &[&str], words: &[&str]| {
        let mut all = vec!["export"];
        all.extend(args);
        home.run(&all).refused(words);
    };
    refused(&["out.h5", "--index", "v"], &["there is no data folder"]);
    home.import(&path, &[]);
    refused(
        &["three.h5", "--index", "v"],
        &["three.h5 exists already", "--overwrite"],
    );
    assert_eq!(rows_of(&path).len(), 3);
    refused(
        &["out.csv", "--index", "v"],
        &["out.csv says no format", "--format"],
    );
    refused(&["out.h5", "--index", "none"], &["none"]);
    refused(
        &["out.h5", "--index", "v", "--field", "w"],
        &["no field w", "vectors are in image_vector"],
    );
    refused(
        &["out.h5", "--index", "v", "--field", "image_name"],
        &["keyword", "vectors are in image_vector"],
    );
    refused(
        &["out.h5", "--index", "v", "--name-field", "title"],
        &["no field title"],
    );
    refused(
        &["out.h5", "--index", "v", "--vectors", "a/b"],
        &["\"a/b\"", "slash"],
    );
    refused(&["none/out.h5", "--index", "v"], &["none", "No such file"]);
    assert!(!home.path("out.h5").exists());

    home.export(
        "three.h5",
        &[
            "--index",
            "v",
            "--overwrite",
            "--vectors",
            "x",
            "--names",
            "y",
        ],
    );
    home.import_refused(&path, &[], &["no dataset dataset_1, it has x, y"]);
    let flags = ["--vectors", "x", "--names", "y"];
    check(home.import(&path, &flags), 0, summary(0, 3, &json!([])));

    let one = home.path("one.h5");
    archive(&one, &[("zero", vec![0.0])], Number::F64);
    assert_eq!(home.import(&one, &["--field", "empty"]).0, 1);
    let ran = home.run(&[
        "export", "out.h5", "--index", "v", "--field", "empty", "--json",
    ]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let summary = ran.json();
    assert_eq!(
        keys(&summary),
        ["index", "field", "exported", "without", "failed", "seconds"]
    );
    assert_eq!(
        (&summary["exported"], &summary["without"]),
        (&json!(0), &json!(3))
    );
    assert!(!home.path("out.h5").exists());
}

#[test]
fn a_served_index_is_imported_into_and_exported() {
    let (home, path) = home();
    home.import(&path, &[]);
    let mut server = Server::start(&home);
    let more = home.path("more.h5");
    archive(&more, &[("d.jpg", vec![3.0, 4.0])], Number::F64);
    check(home.import(&more, &[]), 0, summary(1, 0, &json!([])));
    let out = home.export("out.h5", &["--index", "v"]);
    assert_eq!(rows_of(&out).len(), 4);
    let (status, document) = server.get("/_images/v/d.jpg");
    assert_eq!(status, 200, "{document}");
    assert!(document.to_string().contains("[3.0,4.0]"), "{document}");
    assert!(server.running.runs());
}
