//! `eidetic index`: what is new, what is known, what moved and what is gone.

use crate::pictures::{bytes, save, save_as, save_tiles, tiles, touch};
use crate::program::{Home, Running, bare};
use image::ImageFormat;
use std::fs;

/// A picture of each format in folders below each other.
fn one_of_each(home: &Home) {
    let names = [
        "a.png",
        "b.jpg",
        "deep/c.gif",
        "deep/d.bmp",
        "deep/er/e.tiff",
        "deep/er/f.webp",
    ];
    for (seed, name) in (1..).zip(names) {
        save(&home.pictures().join(name), &tiles(seed, 64, 48));
    }
}

#[test]
fn every_format_is_indexed_and_a_second_run_finds_nothing_new() {
    let home = Home::new();
    one_of_each(&home);
    fs::write(
        home.pictures().join("notes.txt"),
        "no picture, and not named as one",
    )
    .unwrap();
    let first = home.index();
    assert_eq!(first.counts(), [6, 0, 0, 0, 0]);
    assert_eq!(first.events.len(), 6);
    assert_eq!(home.documents(), first.events);
    for format in ["png", "jpeg", "gif", "bmp", "tiff", "webp"] {
        let filter = format!("image.format:{format} AND image.width:64 AND image.height:48");
        let found = home.run(&["search", "--filter", &filter, "--json"]).json();
        assert_eq!(found.as_array().unwrap().len(), 1, "{format}");
    }
    let second = home.index();
    assert_eq!(second.counts(), [0, 6, 0, 0, 0]);
    assert!(second.events.is_empty());
    assert_eq!(home.checked(), 6);
}

#[test]
fn a_picture_is_told_by_its_content_and_not_by_its_name() {
    let home = Home::new();
    let png = home.pictures().join("really-a-png.jpg");
    let nameless = home.pictures().join("no-ending");
    save_as(&png, &tiles(1, 64, 48), ImageFormat::Png);
    save_as(&nameless, &tiles(2, 64, 48), ImageFormat::Gif);
    let indexed = home.index();
    assert_eq!(indexed.counts(), [2, 0, 0, 0, 0]);
    let found = home.run(&["search", "--filter", "image.format:png", "--paths"]);
    assert_eq!(found.text(), format!("{}\n", png.display()));
}

#[test]
fn a_touched_file_is_unchanged_and_is_not_asked_about_again() {
    let home = Home::new();
    let path = home.pictures().join("a.png");
    save_tiles(&path, 1);
    touch(&path, 1_000_000_000);
    let first = home.index();
    touch(&path, 1_100_000_000);
    let second = home.index();
    assert_eq!(second.counts(), [0, 1, 0, 0, 0]);
    assert_eq!(home.documents(), first.events);
    // The new time is kept, also as the date of a picture that has no other.
    let filter =
        "file.modified:[2004-11-09 TO 2004-11-10] AND image.taken:[2004-11-09 TO 2004-11-10]";
    assert_eq!(home.run(&["search", "--filter", filter]).code, Some(0));
    assert!(home.index().events.is_empty());
}

#[test]
fn changed_content_is_seen_again_under_the_same_id() {
    let home = Home::new();
    let path = home.pictures().join("a.png");
    save_tiles(&path, 1);
    let first = home.index();
    save_as(&path, &tiles(2, 80, 60), ImageFormat::Png);
    let second = home.index();
    assert_eq!(second.counts(), [1, 0, 0, 0, 0]);
    assert_eq!(second.events, first.events);
    assert_eq!(home.documents(), first.events);
    assert_eq!(
        home.run(&["search", "--filter", "image.width:80"]).code,
        Some(0)
    );
    assert_eq!(
        home.run(&["search", "--filter", "image.width:64"]).code,
        Some(1)
    );
}

#[test]
fn a_changed_file_of_the_same_length_is_told_by_its_time() {
    // A BMP of the same size has the same length.
    let home = Home::new();
    let path = home.pictures().join("a.bmp");
    save(&path, &tiles(1, 64, 48));
    touch(&path, 1_000_000_000);
    home.index();
    save(&path, &tiles(2, 64, 48));
    touch(&path, 1_000_000_001);
    assert_eq!(home.index().counts(), [1, 0, 0, 0, 0]);
}

#[test]
fn a_moved_file_is_a_rename_and_is_not_decoded_again() {
    let home = Home::new();
    let (from, to) = (
        home.pictures().join("a.bmp"),
        home.pictures().join("new folder/b.bmp"),
    );
    save(&from, &tiles(1, 64, 48));
    let first = home.index();
    fs::create_dir(to.parent().unwrap()).unwrap();
    fs::rename(&from, &to).unwrap();
    let second = home.index();
    assert_eq!(second.counts(), [0, 0, 1, 0, 0]);
    assert_eq!(second.events[&to], first.events[&from]);
    assert_eq!(home.documents(), second.events);
    let found = home.run(&[
        "search",
        "--filter",
        "file.folders:\"new folder\"",
        "--paths",
    ]);
    assert_eq!(found.text(), format!("{}\n", to.display()));
    assert_eq!(home.checked(), 1);
}

#[test]
fn a_copy_is_a_document_of_its_own() {
    let home = Home::new();
    let (first, copy) = (home.pictures().join("a.png"), home.pictures().join("b.png"));
    save_tiles(&first, 1);
    let before = home.index();
    fs::copy(&first, &copy).unwrap();
    let after = home.index();
    assert_eq!(after.counts(), [1, 1, 0, 0, 0]);
    assert_ne!(after.events[&copy], before.events[&first]);
    assert_eq!(home.documents().len(), 2);
    // The copy has every vector, though it was not decoded.
    let image = first.to_str().unwrap();
    let found = home.run(&["search", "--image", image, "--json"]).json();
    assert_eq!(found.as_array().unwrap().len(), 2);
    assert_eq!(found[0]["score"], found[1]["score"]);
    assert_eq!(home.checked(), 2);
}

#[test]
fn a_copy_of_what_a_file_was_does_not_become_what_it_is() {
    let home = Home::new();
    let (first, last) = (home.pictures().join("a.png"), home.pictures().join("z.png"));
    save_tiles(&first, 1);
    home.index();
    fs::rename(&first, &last).unwrap();
    save_as(&first, &tiles(2, 80, 60), ImageFormat::Png);
    // So many in between that the first is written long before the last is looked at.
    for seed in 0..300 {
        save_tiles(&home.pictures().join(format!("m{seed}.png")), 10 + seed);
    }
    home.index_with(&["--threads", "1"]);
    let found = home.run(&["search", "--filter", "image.width:80", "--paths"]);
    assert_eq!(found.text(), format!("{}\n", first.display()));
    assert_eq!(home.documents().len(), 302);
}

#[test]
fn duplicates_in_one_run_are_documents_of_their_own_and_moves_of_them_stay_apart() {
    let home = Home::new();
    let path = |name: &str| home.pictures().join(name);
    for name in ["a.png", "b.png", "c.png"] {
        save_tiles(&path(name), 1);
    }
    let first = home.index();
    assert_eq!(first.counts(), [3, 0, 0, 0, 0]);
    for (from, to) in [("a.png", "x.png"), ("b.png", "y.png")] {
        fs::rename(path(from), path(to)).unwrap();
    }
    let second = home.index();
    assert_eq!(second.counts(), [0, 1, 2, 0, 0]);
    let mut before: Vec<_> = first.events.values().collect();
    let documents = home.documents();
    let mut after: Vec<_> = documents.values().collect();
    before.sort();
    after.sort();
    assert_eq!(before, after);
    let paths: Vec<_> = documents.keys().cloned().collect();
    assert_eq!(paths, [path("c.png"), path("x.png"), path("y.png")]);
}

#[test]
fn two_files_that_change_places_keep_what_they_show_apart() {
    let home = Home::new();
    let path = |name: &str| home.pictures().join(name);
    save_as(&path("a.png"), &tiles(1, 64, 48), ImageFormat::Png);
    save_as(&path("b.png"), &tiles(2, 48, 64), ImageFormat::Png);
    home.index();
    fs::rename(path("a.png"), path("c.png")).unwrap();
    fs::rename(path("b.png"), path("a.png")).unwrap();
    fs::rename(path("c.png"), path("b.png")).unwrap();
    home.index();
    assert_eq!(home.documents().len(), 2);
    let wide = home.run(&["search", "--filter", "image.width:64", "--paths"]);
    assert_eq!(wide.text(), format!("{}\n", path("b.png").display()));
    assert_eq!(home.checked(), 2);
}

#[test]
fn what_is_gone_stays_until_it_is_pruned() {
    let home = Home::new();
    let other = home.path("elsewhere");
    for seed in 0..70 {
        save_tiles(&home.pictures().join(format!("{seed}.png")), seed);
    }
    save_tiles(&other.join("kept.png"), 100);
    home.index_with(&[&other]);
    fs::remove_file(other.join("kept.png")).unwrap();
    for seed in 1..70 {
        fs::remove_file(home.pictures().join(format!("{seed}.png"))).unwrap();
    }
    assert_eq!(home.index().counts(), [0, 1, 0, 0, 0]);
    assert_eq!(home.documents().len(), 71);
    // Only what was in the folders that are named.
    assert_eq!(home.index_with(&["--prune"]).counts(), [0, 1, 0, 69, 0]);
    let left = home.documents();
    assert_eq!(left.len(), 2);
    assert!(left.contains_key(&other.join("kept.png")));
    assert_eq!(home.checked(), 2);
}

#[test]
fn a_moved_file_survives_pruning() {
    let home = Home::new();
    save_tiles(&home.pictures().join("a.png"), 1);
    let first = home.index();
    fs::rename(home.pictures().join("a.png"), home.pictures().join("b.png")).unwrap();
    let second = home.index_with(&["--prune"]);
    assert_eq!(second.counts(), [0, 0, 1, 0, 0]);
    assert_eq!(
        home.documents().values().collect::<Vec<_>>(),
        first.events.values().collect::<Vec<_>>()
    );
}

#[test]
fn several_folders_and_single_files_are_indexed_once_each() {
    let home = Home::new();
    let other = home.path("other");
    save_tiles(&home.pictures().join("a.png"), 1);
    save_tiles(&other.join("b.png"), 2);
    save_tiles(&other.join("c.png"), 3);
    let indexed = home.index_with(&[other.join("b.png")]);
    assert_eq!(indexed.counts(), [2, 0, 0, 0, 0]);
    // Named by another way to the same place.
    let again = home.index_with(&[home.pictures().join("../other/b.png")]);
    assert_eq!(again.counts(), [0, 2, 0, 0, 0]);
    assert_eq!(home.documents().len(), 2);
}

#[test]
fn folders_that_are_named_twice_or_lie_in_each_other_double_nothing() {
    let home = Home::new();
    for seed in 0..5 {
        save_tiles(&home.pictures().join(format!("in/{seed}.png")), seed);
    }
    // The walk leaves out hidden folders, but not those that are named.
    let hidden = home.pictures().join(".hidden");
    save_tiles(&hidden.join("a.png"), 100);
    let inner = home.pictures().join("in");
    let indexed = home.index_with(&[&home.pictures(), &inner, &inner.join("3.png"), &hidden]);
    assert_eq!(indexed.counts(), [6, 0, 0, 0, 0]);
    assert_eq!(home.documents().len(), 6);
    let args = [
        "index".into(),
        "--json".into(),
        "--no-model".into(),
        inner,
        home.pictures(),
    ];
    assert_eq!(home.run(&args).indexed().counts(), [0, 5, 0, 0, 0]);
    assert_eq!(home.checked(), 6);
}

#[test]
fn hidden_files_and_folders_are_left_out() {
    let home = Home::new();
    save_tiles(&home.pictures().join("a.png"), 1);
    save_tiles(&home.pictures().join(".trash/b.png"), 2);
    save_as(
        &home.pictures().join(".c.png"),
        &tiles(3, 64, 48),
        ImageFormat::Png,
    );
    assert_eq!(home.index().counts(), [1, 0, 0, 0, 0]);
}

#[test]
fn indices_do_not_see_each_other() {
    let home = Home::new();
    save_tiles(&home.pictures().join("a.png"), 1);
    home.index();
    let other = home.index_with(&["--index", "second"]);
    assert_eq!(other.counts(), [1, 0, 0, 0, 0]);
    let search = |index: &str| {
        let found = home.run(&["search", "--filter", "*:*", "--index", index, "--json"]);
        found.json()
    };
    let (first, second) = (search("pictures"), search("second"));
    assert_eq!(
        (&first[0]["index"], &second[0]["index"]),
        (&"pictures".into(), &"second".into())
    );
    assert_ne!(first[0]["id"], second[0]["id"]);
    assert_eq!(
        home.run(&["check", "--json"]).json()["counts"]
            .as_object()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn words_that_people_read_go_to_the_standard_error() {
    let home = Home::new();
    save_tiles(&home.pictures().join("a.png"), 1);
    fs::write(home.pictures().join("b.jpg"), "text").unwrap();
    let args = ["index".into(), home.pictures()];
    let ran = home.run(&args);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.text(), "");
    assert!(ran.err.contains("1 indexed, 1 failed in "), "{}", ran.err);
    assert!(
        ran.err.contains("b.jpg: this is not a picture"),
        "{}",
        ran.err
    );
}

#[test]
fn the_data_folder_can_be_named_by_the_environment() {
    let home = Home::new();
    save_tiles(&home.pictures().join("a.png"), 1);
    let run = |args: &[&str], data: &std::path::Path| {
        let mut command = bare(args);
        command.env("EIDETIC_DATA", data).env("HOME", home.path(""));
        Running::start(command).end()
    };
    let pictures = home.pictures();
    let pictures = pictures.to_str().unwrap();
    assert_eq!(run(&["index", pictures], &home.path("here")).code, Some(0));
    assert!(home.path("here/truth.redb").exists());
    assert_eq!(
        run(&["search", "--filter", "*:*"], &home.path("here")).code,
        Some(0)
    );
    // The flag counts more than the environment.
    let data = home.data();
    let flag = ["index", pictures, "--data", data.to_str().unwrap()];
    assert_eq!(run(&flag, &home.path("there")).code, Some(0));
    assert!(!home.path("there").exists());
    assert!(home.data().join("truth.redb").exists());
    run(&["check"], std::path::Path::new("")).refused(&["--data <FOLDER>"]);
}

#[test]
fn without_a_name_the_data_folder_is_the_platforms() {
    let home = Home::new();
    save_tiles(&home.pictures().join("a.png"), 1);
    let mut command = bare(&["index".into(), home.pictures()]);
    command
        .env("HOME", home.path(""))
        .env("XDG_DATA_HOME", home.path("xdg"));
    assert_eq!(Running::start(command).end().code, Some(0));
    if cfg!(target_os = "linux") {
        assert!(home.path("xdg/eidetic/truth.redb").exists());
    }
}

#[cfg(unix)]
#[test]
fn the_data_folder_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    save_as(
        &home.pictures().join("a.png"),
        &tiles(1, 64, 48),
        ImageFormat::Png,
    );
    home.index();
    let mode = home.data().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[test]
fn one_thread_and_little_memory_index_the_same() {
    let home = Home::new();
    for seed in 0..20 {
        let path = home.pictures().join(format!("{seed}.png"));
        fs::write(path, bytes(&tiles(seed, 300, 200), ImageFormat::Png)).unwrap();
    }
    let indexed = home.index_with(&["--threads", "1", "--decode-mb", "1"]);
    assert_eq!(indexed.counts(), [20, 0, 0, 0, 0]);
    let many = home.index_with(&["--threads", "64", "--decode-mb", "0", "--index", "other"]);
    assert_eq!(many.counts(), [20, 0, 0, 0, 0]);
}
