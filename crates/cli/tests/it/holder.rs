//! One data folder and several programs: whoever opened it holds it, the others go through the holder.

use crate::pictures::{Numbers, save_tiles};
use crate::program::{Home, Ran, Server, text};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Stdio};

/// Pictures whose events fill a pipe that nobody reads: more than 64 KiB of lines.
const PICTURES: u64 = 400;

fn home_with(pictures: u64) -> Home {
    let home = Home::new();
    // A long name makes long lines.
    let folder = home.pictures().join("a".repeat(200));
    for seed in 0..pictures {
        save_tiles(&folder.join(format!("{seed:04}.png")), seed);
    }
    home
}

/// A run of indexing that cannot end, as nobody reads its lines.
struct Stuck {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Stuck {
    /// Starts to index and waits for the first line: the run holds the data folder then.
    fn start(home: &Home) -> Self {
        let mut command = home.command(&home.index_args(&[] as &[&str]));
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        lines.read_line(&mut String::new()).unwrap();
        Self { child, lines }
    }

    /// Reads the lines, so that the run comes to its end.
    fn end(mut self) -> Option<i32> {
        assert!(self.child.try_wait().unwrap().is_none(), "it was not stuck");
        self.lines.read_to_end(&mut Vec::new()).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Stuck {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Asserts that every picture has one document, and that everything agrees.
fn complete(home: &Home, pictures: u64) {
    assert_eq!(home.checked(), pictures);
    let documents = home.documents();
    assert_eq!(documents.len() as u64, pictures);
    let ids: BTreeSet<&String> = documents.values().collect();
    assert_eq!(ids.len() as u64, pictures);
}

#[test]
fn index_search_and_check_work_while_the_page_is_served() {
    let home = home_with(20);
    let server = Server::start(&home);
    let (status, health) = server.get("/_health");
    assert_eq!((status, &health["indices"]), (200, &serde_json::json!([])));
    let indexed = home.index();
    assert_eq!(indexed.counts(), [20, 0, 0, 0, 0]);
    let (status, found) = server.get("/_similar?size=100");
    assert_eq!((status, &found["total"]), (200, &20.into()));
    let served: BTreeSet<String> = found["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| text(&hit["id"]))
        .collect();
    assert_eq!(served, indexed.events.into_values().collect());
    complete(&home, 20);
    // What another program removed is gone from the page as well.
    std::fs::remove_dir_all(home.pictures().join("a".repeat(200))).unwrap();
    assert_eq!(home.index_with(&["--prune"]).counts(), [0, 0, 0, 20, 0]);
    assert_eq!(server.get("/_similar").1["total"], 0);
    server.running.signal("INT");
    assert_eq!(server.running.end().code, Some(0));
    assert_eq!(home.checked(), 0);
}

#[test]
fn search_and_check_work_while_a_folder_is_indexed() {
    let home = home_with(PICTURES);
    let stuck = Stuck::start(&home);
    let picture = home.pictures().join("a".repeat(200)).join("0000.png");
    let args = [
        "search".into(),
        "--image".into(),
        picture.clone(),
        "--paths".into(),
        "-k1".into(),
    ];
    let found = home.run(&args);
    // What was written is found after the next refresh, which need not have been yet.
    assert!(matches!(found.code, Some(0 | 1)), "{found:?}");
    assert_eq!(home.run(&["check"]).code, Some(0));
    // A check publishes, so the first batch is found now.
    let found = home.run(&args);
    assert_eq!(
        found.text(),
        format!("{}\n", picture.display()),
        "{found:?}"
    );
    assert_eq!(stuck.end(), Some(0));
    complete(&home, PICTURES);
}

#[test]
fn a_page_that_is_served_while_a_folder_is_indexed_takes_the_folder_over() {
    let home = home_with(PICTURES);
    let stuck = Stuck::start(&home);
    let server = Server::start(&home);
    assert_eq!(server.get("/_health").0, 200);
    assert_eq!(stuck.end(), Some(0));
    let (status, found) = server.get("/_similar?size=1000");
    assert_eq!((status, &found["total"]), (200, &PICTURES.into()));
    // The page holds the folder now: others go through it, and it answers them.
    complete(&home, PICTURES);
    assert_eq!(home.index().counts(), [0, PICTURES, 0, 0, 0]);
}

#[test]
fn when_the_holder_is_killed_whoever_waits_for_it_goes_on() {
    let mut numbers = Numbers(7);
    for round in 0..4 {
        let home = home_with(PICTURES);
        let server = Server::start(&home);
        let mut running = home.start(&home.index_args(&["--threads", "1"]));
        for _ in 0..=numbers.below(150) {
            assert!(running.line().is_some(), "round {round}");
        }
        for _ in 0..numbers.below(1_000_000) {
            std::hint::spin_loop();
        }
        server.running.kill();
        let indexed = running.end();
        assert_eq!(indexed.code, Some(0), "round {round}: {indexed:?}");
        let indexed = indexed.indexed();
        assert_eq!(indexed.counts(), [PICTURES, 0, 0, 0, 0], "round {round}");
        complete(&home, PICTURES);
        assert_eq!(home.documents(), indexed.events, "round {round}");
    }
}

#[test]
fn a_search_whose_holder_was_killed_opens_the_folder_itself() {
    let home = home_with(10);
    home.index();
    Server::start(&home).running.kill();
    // The socket is still there, and nobody listens.
    assert!(home.data().join("holder.sock").exists());
    complete(&home, 10);
    let server = Server::start(&home);
    assert_eq!(server.get("/_similar").1["total"], 10);
}

#[test]
fn two_runs_of_indexing_at_the_same_time_double_nothing() {
    let home = home_with(150);
    let start = || home.start(&home.index_args(&["--threads", "1"]));
    let (first, second) = (start(), start());
    let both = [first.end(), second.end()];
    for ran in &both {
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
    let counts = both.map(|ran: Ran| ran.indexed().counts());
    assert_eq!(counts[0][0] + counts[1][0], 150, "{counts:?}");
    complete(&home, 150);
}

#[test]
fn two_runs_on_different_folders_at_the_same_time_both_complete() {
    let home = home_with(100);
    let other = home.path("other");
    for seed in 0..100 {
        save_tiles(&other.join(format!("{seed}.png")), 1_000 + seed);
    }
    let args = |folder: PathBuf| ["index".into(), "--json".into(), folder];
    let first = home.start(&args(home.pictures()));
    let second = home.start(&args(other));
    for running in [first, second] {
        let ran = running.end();
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(ran.indexed().counts(), [100, 0, 0, 0, 0]);
    }
    complete(&home, 200);
}

#[test]
fn a_second_server_takes_its_own_port_and_serves_the_same_pictures() {
    let home = home_with(10);
    home.index();
    let (first, second) = (Server::start(&home), Server::start(&home));
    assert_eq!(second.get("/_similar").1["total"], 10);
    first.running.signal("TERM");
    assert_eq!(first.running.end().code, Some(0));
    assert_eq!(second.get("/_similar").1["total"], 10);
}

#[test]
fn a_server_stops_though_clients_keep_their_connections() {
    let home = home_with(1);
    home.index();
    let server = Server::start(&home);
    // One that never says anything, one that stops in the middle of a request, one that keeps its connection.
    let silent = server.connect();
    let mut slow = server.connect();
    slow.write_all(b"GET /_health HTTP/1.1\r\nho").unwrap();
    let mut idle = server.connect();
    idle.write_all(b"GET /_health HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    let mut start = [0; 12];
    idle.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    server.running.signal("INT");
    assert_eq!(server.running.end().code, Some(0));
    drop((silent, slow, idle));
    assert_eq!(home.checked(), 1);
}
