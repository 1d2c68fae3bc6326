//! Requests that cannot be met: each is refused with a reason and the exit code 2, and harms nothing.

use crate::pictures::save_tiles;
use crate::program::{Home, Running, Server, bare};
use crate::rights;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

fn home_with_one() -> Home {
    let home = Home::new();
    save_tiles(&home.pictures().join("a.png"), 1);
    home
}

#[test]
fn folders_that_are_not_there_are_refused_before_anything_is_made() {
    let home = home_with_one();
    let nowhere = home.path("nowhere");
    let args = ["index".into(), home.pictures(), nowhere.clone()];
    let ran = home.run(&args);
    ran.refused(&[nowhere.to_str().unwrap(), "No such file"]);
    assert_eq!(ran.err.matches("No such file").count(), 1, "{}", ran.err);
    home.run(&["index"]).refused(&["<FOLDER>"]);
    assert!(!home.run(&["check"]).err.contains("damaged"));
    assert_eq!(home.index().counts(), [1, 0, 0, 0, 0]);
}

#[test]
fn a_single_file_is_indexed_whatever_it_is_named_and_other_files_are_no_pictures() {
    let home = home_with_one();
    let text = home.path("letter.txt");
    fs::write(&text, "Dear Sir or Madam").unwrap();
    let args = [
        "index".into(),
        "--json".into(),
        text,
        home.pictures().join("a.png"),
    ];
    let indexed = home.run(&args).indexed();
    assert_eq!((indexed.code, indexed.counts()), (Some(0), [1, 0, 0, 0, 0]));
}

#[test]
fn an_empty_folder_makes_an_empty_index() {
    let home = Home::new();
    assert_eq!(home.index().counts(), [0; 5]);
    assert_eq!(home.checked(), 0);
    let found = home.run(&["search", "--filter", "*:*", "--json"]);
    assert_eq!((found.code, found.text().as_str()), (Some(1), "[]\n"));
}

#[test]
fn a_data_folder_that_is_a_file_is_refused() {
    let home = home_with_one();
    fs::write(home.data(), "not a folder").unwrap();
    let data = home.data();
    let data = data.to_str().unwrap();
    home.run(&home.index_args(&[] as &[&str])).refused(&[data]);
    home.run(&["check"]).refused(&[data]);
    home.run(&["search", "a"]).refused(&[data]);
    home.run(&["serve", "--listen", "127.0.0.1:0"])
        .refused(&[data]);
    assert_eq!(fs::read_to_string(home.data()).unwrap(), "not a folder");
}

#[test]
fn a_data_folder_that_may_not_be_written_is_refused_by_the_name_of_a_file() {
    let home = home_with_one();
    let index = home.index_args(&[] as &[&str]);
    let Some(command) = rights::without(&home, &index) else {
        println!(
            "skipped: asks::a_data_folder_that_may_not_be_written_is_refused_by_the_name_of_a_file: no other user can run the program"
        );
        return;
    };
    assert_eq!(Running::start(command).end().code, Some(0));
    for mode in [0o500, 0o000] {
        fs::set_permissions(home.data(), fs::Permissions::from_mode(mode)).unwrap();
        let command = rights::without(&home, &index).unwrap();
        let ran = Running::start(command).end();
        if mode == 0 {
            ran.refused(&[home.data().to_str().unwrap(), "Permission denied"]);
        } else {
            // The files in it can be written still, but no new ones be made.
            ran.refused(&["Permission denied"]);
        }
    }
    fs::set_permissions(home.data(), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(home.checked(), 1);
}

#[test]
fn names_that_no_index_can_have_are_refused() {
    let home = home_with_one();
    for name in ["Bad", "a b", "../up", "_hidden", "", ".", "a/b", "a*"] {
        home.run(&home.index_args(&[format!("--index={name}")]))
            .refused(&["index name", "not valid"]);
    }
    let long = "n".repeat(256);
    home.run(&home.index_args(&["--index", &long]))
        .refused(&["longer than 255"]);
    // The longest name, and one that is no file name elsewhere, work.
    let longest = "n".repeat(255);
    for name in [longest.as_str(), "ünïcödé", "con"] {
        assert_eq!(
            home.index_with(&["--index", name]).counts(),
            [1, 0, 0, 0, 0]
        );
        assert_eq!(
            home.run(&["search", "--filter", "*:*", "--index", name])
                .code,
            Some(0)
        );
    }
    home.run(&["search", "a", "--index", "other"])
        .refused(&["no index is named other"]);
}

#[test]
fn a_port_that_is_taken_is_refused_before_the_folder_is_opened() {
    let home = home_with_one();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    home.run(&["serve", "--listen", &address])
        .refused(&[&address, "--listen"]);
    assert!(!home.data().exists());
    home.run(&["serve", "--listen", "nowhere"])
        .refused(&["--listen"]);
    home.run(&["serve", "--listen", "127.0.0.1:99999"])
        .refused(&["--listen"]);
}

#[test]
fn flags_that_are_unknown_or_no_numbers_are_refused() {
    let home = home_with_one();
    for args in [
        &["index", "--thread", "2", "."][..],
        &["index", "--threads", "many", "."],
        &["index", "--decode-mb", "-5", "."],
        &["search", "a", "-k", "ten"],
        &["searches", "a"],
        &[],
    ] {
        let ran = home.run(args);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.text().is_empty() && !ran.err.is_empty(), "{ran:?}");
    }
    assert!(!home.data().exists());
}

#[test]
fn help_and_version_are_answers() {
    for args in [
        &["--help"][..],
        &["index", "--help"],
        &["--version"],
        &["help"],
    ] {
        let ran = Running::start(bare(args)).end();
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{args:?}");
        assert!(!ran.out.is_empty());
    }
    let help = Running::start(bare(&["--help"])).end().text();
    for code in ["0 = ", "1 = ", "2 = "] {
        assert!(help.contains(code), "{help}");
    }
}

#[test]
fn a_folder_of_pictures_below_the_data_folder_and_the_other_way_round_work() {
    let home = home_with_one();
    // The data folder among the pictures: its own thumbnails and uploads are no pictures of the user's.
    let data = home.pictures().join("data");
    let args = |extra: &'static str| {
        let mut command = bare(&["index".into(), home.pictures()]);
        command.arg("--data").arg(&data).arg(extra);
        command
    };
    let indexed = Running::start(args("--json")).end().indexed();
    assert_eq!(indexed.counts(), [1, 0, 0, 0, 0]);
    fs::create_dir_all(data.join("thumbnails/ab")).unwrap();
    fs::create_dir_all(data.join("uploads")).unwrap();
    save_tiles(&data.join("thumbnails/ab/x.png"), 2);
    save_tiles(&data.join("uploads/y"), 3);
    let indexed = Running::start(args("--json")).end().indexed();
    assert_eq!(indexed.counts(), [0, 1, 0, 0, 0]);
}

#[test]
fn a_model_that_is_none_is_refused_by_the_name_of_its_file() {
    let home = home_with_one();
    let model = home.path("model");
    let index = |home: &Home| home.run(&home.index_args(&["--model".as_ref(), model.as_os_str()]));
    index(&home).refused(&["model.toml", "No such file"]);
    fs::create_dir(&model).unwrap();
    index(&home).refused(&["model.toml", "No such file"]);
    fs::write(model.join("model.toml"), "name = 5").unwrap();
    index(&home).refused(&["model.toml"]);
    fs::write(
        model.join("model.toml"),
        crate::embedding::config("tiny", [4, 4]),
    )
    .unwrap();
    index(&home).refused(&["model.onnx", "No such file"]);
    fs::write(model.join("model.onnx"), "this is no ONNX").unwrap();
    index(&home).refused(&["model.onnx", "no ONNX"]);
    // Nothing was made on the way.
    assert!(!home.data().exists());
    let mut command = bare(&["eval".into(), home.pictures()]);
    command.arg("--model").arg(&model);
    Running::start(command)
        .end()
        .refused(&["model.onnx", "no ONNX"]);
}

#[test]
fn a_server_without_any_index_answers_and_finds_what_is_indexed_later() {
    let home = home_with_one();
    let server = Server::start(&home);
    let (status, error) = server.get("/_similar?q=a");
    assert_eq!(
        (status, &error["error"]["type"]),
        (404, &"not_found".into())
    );
    home.index();
    assert_eq!(server.get("/_similar").1["total"], 1);
}
