//! `eidetic search`: by words, by a picture, by both, and what it writes.

use crate::pictures::{bytes, plain, save, tiles};
use crate::program::{Home, Ran, Running, keys, text};
use image::ImageFormat;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Two red pictures and two blue ones, of which one lies on a farm.
fn barns() -> Home {
    let home = Home::new();
    for (name, color) in [
        ("farm/red barn.png", [220, 20, 20]),
        ("farm/blue tractor.jpg", [20, 20, 220]),
        ("city/red bus.png", [225, 25, 20]),
        ("city/blue door.bmp", [20, 25, 225]),
    ] {
        save(
            &home.pictures().join(name),
            &plain(color, name.len() as u64),
        );
    }
    home.index();
    home
}

fn search(home: &Home, args: &[&str]) -> Ran {
    home.run(&[&["search"], args].concat())
}

/// The hits of a search as JSON, whose shape is checked.
fn hits(home: &Home, args: &[&str]) -> Vec<Value> {
    let ran = search(home, &[args, &["--json"]].concat());
    let hits = ran.json().as_array().unwrap().clone();
    assert_eq!(ran.code, Some(if hits.is_empty() { 1 } else { 0 }));
    let mut before = f64::INFINITY;
    for (rank, hit) in (1_u64..).zip(&hits) {
        assert_eq!(
            keys(hit),
            ["rank", "score", "path", "index", "id", "matched"]
        );
        assert_eq!(hit["rank"], rank);
        assert_eq!(hit["index"], "pictures");
        assert!(hit["id"].is_string() && hit["matched"].is_array());
        assert!(PathBuf::from(text(&hit["path"])).is_file(), "{hit}");
        let score = hit["score"].as_f64().unwrap();
        assert!(score <= before, "{hits:?}");
        before = score;
    }
    hits
}

/// The names of the hits, without their endings.
fn names(hits: &[Value]) -> Vec<String> {
    let name = |hit: &Value| {
        let path = PathBuf::from(text(&hit["path"]));
        path.file_stem().unwrap().to_string_lossy().into_owned()
    };
    hits.iter().map(name).collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

#[test]
fn words_find_names_of_files_and_folders() {
    let home = barns();
    let found = hits(&home, &["barn"]);
    assert_eq!(names(&found), ["red barn"]);
    assert_eq!(found[0]["matched"], serde_json::json!(["words"]));
    assert_eq!(
        sorted(names(&hits(&home, &["farm"]))),
        ["blue tractor", "red barn"]
    );
    // Each word adds to the score, and none is required.
    let found = names(&hits(&home, &["red", "farm"]));
    assert_eq!(found[0], "red barn");
    assert_eq!(sorted(found), ["blue tractor", "red barn", "red bus"]);
    assert_eq!(names(&hits(&home, &["RED Bus"]))[0], "red bus");
    assert!(hits(&home, &["zeppelin"]).is_empty());
}

#[test]
fn a_picture_finds_itself_and_what_resembles_it() {
    let home = barns();
    let image = home.pictures().join("farm/red barn.png");
    let image = image.to_str().unwrap();
    for feature in ["auto", "color"] {
        let found = names(&hits(&home, &["--image", image, "--feature", feature]));
        assert_eq!(found.len(), 4);
        assert_eq!(found[..2], ["red barn", "red bus"], "{feature}");
    }
    for feature in ["texture", "shape"] {
        let found = hits(&home, &["--image", image, "--feature", feature]);
        assert_eq!(found.len(), 4);
        assert_eq!(found[0]["matched"], serde_json::json!([feature]));
    }
    let found = hits(&home, &["--image", image]);
    assert_eq!(found[0]["matched"], serde_json::json!(["looks"]));
    let refused = search(&home, &["--image", image, "--feature", "embedding"]);
    refused.refused(&["the index has no embedding", "looks, color, texture, shape"]);
}

#[test]
fn the_picture_may_come_from_the_standard_input() {
    let home = barns();
    let command = home.command(&[
        "search",
        "--image",
        "-",
        "--feature",
        "color",
        "--paths",
        "-k",
        "2",
    ]);
    let jpeg = bytes(&plain([20, 20, 220], 99), ImageFormat::Jpeg);
    let ran = Running::start_with_input(command, &jpeg).end();
    assert_eq!(ran.code, Some(0));
    let mut paths: Vec<String> = ran.text().lines().map(str::to_owned).collect();
    paths.sort();
    let expected = ["city/blue door.bmp", "farm/blue tractor.jpg"];
    let expected = expected.map(|name| home.pictures().join(name).display().to_string());
    assert_eq!(paths, expected);
}

#[test]
fn words_and_a_picture_together_find_first_what_both_find() {
    let home = barns();
    let image = home.pictures().join("city/red bus.png");
    let image = image.to_str().unwrap();
    // Red, and in the city: the bus is the one picture that both find.
    let found = hits(&home, &["--image", image, "--feature", "color", "city"]);
    assert_eq!(names(&found)[0], "red bus");
    assert_eq!(found.len(), 4);
    let both = serde_json::json!(["color", "words"]);
    assert_eq!(found[0]["matched"], both);
    let barn = found
        .iter()
        .find(|hit| text(&hit["path"]).ends_with("red barn.png"));
    assert_eq!(barn.unwrap()["matched"], serde_json::json!(["color"]));
}

#[test]
fn a_filter_narrows_every_kind_of_search() {
    let home = barns();
    let all = |filter: &str| sorted(names(&hits(&home, &["--filter", filter])));
    assert_eq!(all("image.format:png"), ["red barn", "red bus"]);
    assert_eq!(
        all("image.format:(jpeg OR bmp)"),
        ["blue door", "blue tractor"]
    );
    assert_eq!(
        all("NOT image.format:png AND file.folders:city"),
        ["blue door"]
    );
    assert_eq!(
        all("image.width:>=64 AND image.height:[40 TO 50}"),
        ["blue door", "blue tractor", "red barn", "red bus"]
    );
    assert!(all("image.width:>64").is_empty());
    // Words without a field are sought where the words of a search are.
    assert_eq!(all("tractor"), ["blue tractor"]);
    let image = home.pictures().join("farm/red barn.png");
    let image = image.to_str().unwrap();
    let found = hits(&home, &["--image", image, "-f", "file.folders:city"]);
    assert_eq!(names(&found), ["red bus", "blue door"]);
    assert_eq!(
        names(&hits(&home, &["red", "-f", "file.folders:city"])),
        ["red bus"]
    );
}

#[test]
fn a_filter_that_cannot_be_read_is_refused_and_says_where() {
    let home = barns();
    let ran = search(&home, &["--filter", "image.width:(1 OR"]);
    ran.refused(&["the filter cannot be read", "image.width:(1 OR\n"]);
    let lines: Vec<&str> = ran.err.lines().collect();
    let shown = lines
        .iter()
        .position(|line| line.ends_with("image.width:(1 OR"))
        .unwrap();
    let caret = lines[shown + 1];
    assert_eq!(caret.trim_start().chars().next(), Some('^'), "{}", ran.err);
    let column = caret.find('^').unwrap();
    assert!((12..=17).contains(&column), "{}", ran.err);
    // It is said once.
    assert_eq!(ran.err.matches("expected").count(), 1, "{}", ran.err);
    let ran = search(&home, &["--filter", "width:>10"]);
    ran.refused(&["no field is named width", "did you mean image.width?"]);
    let ran = search(&home, &["--filter", "colour:red"]);
    ran.refused(&["no field is named colour", "image.width"]);
    search(&home, &["--filter", "image.width:abc"]).refused(&["image.width", "abc"]);
    search(&home, &["--filter", "image.taken:yesterday"]).refused(&["image.taken", "yesterday"]);
    search(&home, &["--filter", "/regular expressions/"]).refused(&["regular expression"]);
}

#[test]
fn as_many_hits_are_answered_as_are_asked_for() {
    let home = Home::new();
    for seed in 0..12 {
        save(
            &home.pictures().join(format!("{seed}.png")),
            &tiles(seed, 64, 48),
        );
    }
    home.index();
    assert_eq!(hits(&home, &["--filter", "*:*"]).len(), 10);
    assert_eq!(hits(&home, &["--filter", "*:*", "-k", "3"]).len(), 3);
    assert_eq!(hits(&home, &["--filter", "*:*", "-k12"]).len(), 12);
    assert_eq!(hits(&home, &["--filter", "*:*", "-k", "10000"]).len(), 12);
    search(&home, &["--filter", "*:*", "-k", "0"]).refused(&["-k"]);
    search(&home, &["--filter", "*:*", "-k", "20000"]).refused(&["20000", "10000"]);
    search(&home, &["--filter", "*:*", "-k", "-1"]).refused(&[]);
}

#[test]
fn the_table_shows_rank_score_path_and_what_matched() {
    let home = barns();
    let ran = search(&home, &["barn"]);
    assert_eq!(ran.code, Some(0));
    let out = ran.text();
    let lines: Vec<Vec<&str>> = out
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    assert_eq!(lines[0], ["rank", "score", "matched", "path"]);
    assert_eq!((lines[1][0], lines[1][2]), ("1", "words"));
    assert!(
        out.lines()
            .nth(1)
            .unwrap()
            .trim_end()
            .ends_with("farm/red barn.png")
    );
    assert_eq!(lines.len(), 2);
}

#[test]
fn nothing_found_is_an_empty_answer_and_exit_code_1() {
    let home = barns();
    let table = search(&home, &["zeppelin"]);
    assert_eq!((table.code, table.text().as_str()), (Some(1), ""));
    assert!(table.err.contains("nothing found"));
    let json = search(&home, &["zeppelin", "--json"]);
    assert_eq!((json.code, json.text().as_str()), (Some(1), "[]\n"));
    let paths = search(&home, &["zeppelin", "--paths"]);
    assert_eq!((paths.code, paths.text().as_str()), (Some(1), ""));
}

#[test]
fn flags_that_contradict_each_other_or_say_nothing_are_refused() {
    let home = barns();
    search(&home, &["red", "--json", "--paths"]).refused(&["--json", "--paths"]);
    search(&home, &[]).refused(&["nothing to search for"]);
    search(&home, &["  "]).refused(&["nothing to search for"]);
    search(&home, &["red", "--feature", "smell"]).refused(&["smell", "color"]);
    search(&home, &["red", "--index", "other"]).refused(&["other"]);
}

#[test]
fn a_query_that_is_no_picture_is_refused_by_its_name() {
    let home = barns();
    let query = home.path("letter.jpg");
    fs::write(&query, "Dear Sir or Madam").unwrap();
    let image = query.to_str().unwrap();
    search(&home, &["--image", image]).refused(&["letter.jpg", "not a picture"]);
    search(&home, &["--image", "nowhere.png"]).refused(&["nowhere.png", "No such file"]);
    let folder = home.pictures();
    search(&home, &["--image", folder.to_str().unwrap()]).refused(&["pictures", "directory"]);
    let stdin = |input: &[u8]| {
        let command = home.command(&["search", "--image", "-"]);
        Running::start_with_input(command, input).end()
    };
    stdin(b"").refused(&["-: the file is empty"]);
    stdin(&vec![0xff; (64 << 20) + 2]).refused(&["-: ", "limit"]);
    let cut = bytes(&tiles(1, 64, 48), ImageFormat::Jpeg);
    stdin(&cut[..cut.len() / 2]).refused(&["-: jpeg file is truncated"]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let home = barns();
    for args in [
        ["--filter", "*:*", "--paths"],
        ["--filter", "*:*", "--json"],
    ] {
        let mut command = home.command(&[&["search"], &args[..]].concat());
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command.stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
    }
}
