//! The scenarios of `tests/wire`, each of which holds on a real engine, played to the program.

use crate::program::{Home, Server};
use conformance::{Engine, Options, play};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// The scenarios that do not hold here yet. Each is known and named; one that holds has to leave the list.
const OPEN: &str = include_str!("../../../../tests/wire/open.txt");

#[test]
fn the_program_answers_as_the_real_engines_do() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/wire"));
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    files.sort();
    let home = Home::new();
    let server = Server::start(&home);
    let options = Options {
        url: server.url(),
        engine: Engine::Eidetic,
        only: None,
        files,
    };
    let report = play(&options).unwrap();
    let failed: BTreeSet<&str> = report
        .failures
        .iter()
        .map(|failure| failure.scenario.as_str())
        .collect();
    let open: BTreeSet<&str> = OPEN.lines().filter(|line| !line.is_empty()).collect();
    let broken: Vec<String> = report
        .failures
        .iter()
        .filter(|failure| !open.contains(failure.scenario.as_str()))
        .map(ToString::to_string)
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    let holding: Vec<&&str> = open.difference(&failed).collect();
    assert!(
        holding.is_empty(),
        "these hold and leave open.txt: {holding:?}"
    );
}
