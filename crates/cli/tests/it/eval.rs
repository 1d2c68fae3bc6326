//! `eidetic eval`: how well each feature finds pictures of the same folder.

use crate::pictures::{plain, save, save_tiles};
use crate::program::{Home, Running, bare, keys};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const COLORS: [(&str, [u8; 3]); 3] = [
    ("red", [220, 20, 20]),
    ("green", [20, 200, 20]),
    ("blue", [20, 20, 220]),
];

/// Folders of pictures that colour separates, each of so many.
fn by_color(folder: &Path, each: u64) {
    for (at, (name, color)) in (0..).zip(COLORS) {
        for seed in 0..each {
            let path = folder.join(name).join(format!("{seed:02}.png"));
            save(&path, &plain(color, at * 100 + seed));
        }
    }
}

/// Measures; the program needs no data folder for it, and makes none.
fn eval(home: &Home, args: &[&str]) -> crate::program::Ran {
    let mut command = bare(&["eval"]);
    command
        .arg(home.pictures())
        .args(args)
        .arg("--no-model")
        .env("HOME", home.path(""));
    let ran = Running::start(command).end();
    assert!(!home.path(".local").exists() && !home.data().exists());
    ran
}

fn feature<'a>(report: &'a Value, name: &str) -> &'a Value {
    let features = report["features"].as_array().unwrap();
    features
        .iter()
        .find(|feature| feature["feature"] == name)
        .unwrap()
}

#[test]
fn colour_separates_folders_of_one_colour_perfectly() {
    let home = Home::new();
    by_color(&home.pictures(), 12);
    // A picture beside the folders has no label, and one alone in its folder nothing to find.
    save_tiles(&home.pictures().join("beside.png"), 1);
    save_tiles(&home.pictures().join("alone/a.png"), 2);
    fs::write(home.pictures().join("red/notes.txt"), "no picture").unwrap();
    let ran = eval(&home, &["--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let report = ran.json();
    assert_eq!(keys(&report), ["features", "pictures", "labels"]);
    assert_eq!(
        (&report["pictures"], &report["labels"]),
        (&json!(36), &json!(3))
    );
    let features = report["features"].as_array().unwrap();
    let names: Vec<&Value> = features.iter().map(|feature| &feature["feature"]).collect();
    assert_eq!(names, ["looks", "color", "texture", "shape", "auto"]);
    for feature in features {
        assert_eq!(keys(feature), ["feature", "p_at_10", "map", "recall_at"]);
        assert_eq!(keys(&feature["recall_at"]), ["1", "5", "10", "100"]);
        let mut numbers = vec![&feature["p_at_10"], &feature["map"]];
        numbers.extend(feature["recall_at"].as_object().unwrap().values());
        for number in numbers {
            assert!((0.0..=1.0).contains(&number.as_f64().unwrap()), "{feature}");
        }
    }
    let color = feature(&report, "color");
    // Eleven others are right, so all of the nearest ten are.
    assert!(
        (color["p_at_10"].as_f64().unwrap() - 1.0).abs() < 1e-9,
        "{color}"
    );
    assert!(
        (color["map"].as_f64().unwrap() - 1.0).abs() < 1e-9,
        "{color}"
    );
    assert_eq!(
        color["recall_at"],
        json!({"1": 1.0, "5": 1.0, "10": 1.0, "100": 1.0})
    );
}

#[test]
fn precision_counts_the_nearest_ten_though_fewer_are_right() {
    let home = Home::new();
    by_color(&home.pictures(), 4);
    let report = eval(&home, &["--json"]).json();
    let color = feature(&report, "color");
    assert!(
        (color["p_at_10"].as_f64().unwrap() - 0.3).abs() < 1e-9,
        "{color}"
    );
    assert!(
        (color["map"].as_f64().unwrap() - 1.0).abs() < 1e-9,
        "{color}"
    );
}

#[test]
fn so_many_of_each_folder_are_taken_the_first_by_name() {
    let home = Home::new();
    by_color(&home.pictures(), 5);
    // Past the third, every folder holds the same picture: taken in, it would spoil the measure.
    for (name, _) in COLORS {
        save(
            &home.pictures().join(name).join("03.png"),
            &plain([9, 9, 9], 1),
        );
    }
    let report = eval(&home, &["--json", "--per-label", "3"]).json();
    assert_eq!(
        (&report["pictures"], &report["labels"]),
        (&json!(9), &json!(3))
    );
    assert_eq!(feature(&report, "color")["map"], 1.0);
    let report = eval(&home, &["--json"]).json();
    assert_eq!(report["pictures"], 15);
    assert!(feature(&report, "color")["map"].as_f64().unwrap() < 1.0);
}

#[test]
fn the_table_says_the_same_as_the_json() {
    let home = Home::new();
    by_color(&home.pictures(), 3);
    let ran = eval(&home, &[]);
    assert_eq!(ran.code, Some(0));
    let out = ran.text();
    let rows: Vec<Vec<&str>> = out
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    assert_eq!(
        rows[0],
        [
            "feature",
            "P@10",
            "mAP",
            "recall@1",
            "recall@5",
            "recall@10",
            "recall@100"
        ]
    );
    assert_eq!(
        rows[2],
        [
            "color", "0.200", "1.000", "1.000", "1.000", "1.000", "1.000"
        ]
    );
    assert_eq!(out.lines().last(), Some("9 pictures, 3 labels"));
}

#[test]
fn files_that_cannot_be_seen_are_left_out_and_named() {
    let home = Home::new();
    by_color(&home.pictures(), 3);
    fs::write(home.pictures().join("red/broken.jpg"), "no picture").unwrap();
    let ran = eval(&home, &["--json"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("broken.jpg: this is not a picture"),
        "{}",
        ran.err
    );
    assert_eq!(ran.json()["pictures"], 9);
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let home = Home::new();
    eval(&home, &["--json"]).refused(&["no folder with two pictures"]);
    save_tiles(&home.pictures().join("a/1.png"), 1);
    save_tiles(&home.pictures().join("b/1.png"), 2);
    eval(&home, &["--json"]).refused(&["no folder with two pictures"]);
    fs::remove_dir_all(home.pictures()).unwrap();
    eval(&home, &["--json"]).refused(&["pictures", "No such file"]);
}
