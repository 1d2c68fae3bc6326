//! Indexing that is killed at any moment, or asked to stop.

use crate::pictures::{Numbers, save_tiles, sha256_of};
use crate::program::{Home, Server, event, text};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hint::spin_loop;
use std::path::{Path, PathBuf};

/// Pictures in the folder at the start.
const PICTURES: u64 = 240;
/// Rounds of an ordinary run; `EIDETIC_CRASH_ROUNDS` asks for more.
const ROUNDS: usize = 10;

/// What an event said of a file: the id, and the bytes that it had then, by their SHA-256.
#[derive(Debug, Clone, PartialEq)]
struct Acknowledged {
    id: String,
    sha256: String,
}

/// A folder of pictures that changes, and what the program has said of it.
struct Folder {
    home: Home,
    numbers: Numbers,
    /// Seeds that no picture had.
    fresh: u64,
    /// What was acknowledged of files that have not changed since.
    settled: BTreeMap<PathBuf, Acknowledged>,
    /// The id that was acknowledged of each file that is still where it was, whether it changed since or not.
    here: BTreeMap<PathBuf, String>,
    /// Ids of files that were moved since the last run: the next one finds them, or leaves them as they are.
    moved: BTreeSet<String>,
    /// Contents that more than one file had: when one of them moves or goes, any of their documents may.
    copied: BTreeSet<String>,
}

#[test]
fn kill_9_at_any_moment_loses_nothing_acknowledged_and_doubles_nothing() {
    let rounds = std::env::var("EIDETIC_CRASH_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let mut folder = Folder::new();
    let (mut killed, mut round) = (0, 0);
    // Moments after the end of a run prove nothing; on a fast machine more runs are over by then.
    while round < rounds || (killed * 2 < rounds && round < 10 * rounds) {
        killed += usize::from(folder.killed_run());
        let context = format!("round {round} of {rounds}, {killed} killed in the middle");
        folder.everything_acknowledged_is_there(&context);
        folder.change();
        round += 1;
    }
    assert!(
        killed * 2 >= rounds,
        "{killed} of {round} were killed in the middle"
    );
    let run = folder.home.index_with(&["--prune"]);
    assert_eq!(run.code, Some(0));
    let files = folder.files();
    let documents = folder.home.documents();
    assert_eq!(documents.keys().cloned().collect::<Vec<_>>(), files);
    assert_eq!(folder.home.checked(), files.len() as u64);
    let ids: BTreeSet<&String> = documents.values().collect();
    assert_eq!(ids.len(), files.len());
    for (path, id) in &folder.here {
        assert_eq!(documents.get(path), Some(id), "{}", path.display());
    }
    assert!(folder.moved.iter().all(|id| ids.contains(id)));
    assert_eq!(folder.home.index().counts()[..2], [0, files.len() as u64]);
}

impl Folder {
    fn new() -> Self {
        let home = Home::new();
        for seed in 0..PICTURES {
            save_tiles(&home.pictures().join(format!("{seed:04}.png")), seed);
        }
        Self {
            home,
            numbers: Numbers(0x00E1_DE71C),
            fresh: PICTURES,
            settled: BTreeMap::new(),
            here: BTreeMap::new(),
            moved: BTreeSet::new(),
            copied: BTreeSet::new(),
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.home.pictures())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        files
    }

    /// Indexes, and kills the run after some lines and a moment more. False when the run was over by then.
    fn killed_run(&mut self) -> bool {
        let lines = self.numbers.below(100);
        let moments = self.numbers.below(8_000_000);
        let args = self.home.index_args(&["--prune"]);
        let mut running = self.home.start(&args);
        for _ in 0..lines {
            if running.line().is_none() {
                break;
            }
        }
        for _ in 0..moments {
            spin_loop();
        }
        let runs = running.runs();
        let ran = running.kill();
        // A line that was cut off says nothing.
        for line in ran
            .text()
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'))
        {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            if line.get("event").is_some() {
                let (path, id) = event(&line);
                let sha256 = sha256_of(&path);
                self.here.insert(path.clone(), id.clone());
                self.settled.insert(path, Acknowledged { id, sha256 });
            }
        }
        runs
    }

    /// The folder opens, everything in it agrees, and every document is there that the program spoke of.
    fn everything_acknowledged_is_there(&self, context: &str) {
        if self.here.is_empty() {
            // It may not even have come to make the data folder.
            return;
        }
        let check = self.home.run(&["check", "--json"]);
        assert_eq!(check.code, Some(0), "{context}: {check:?}");
        assert_eq!(check.json()["ok"], true, "{context}: {check:?}");
        let documents = self.home.documents();
        let server = Server::start(&self.home);
        let get = |id: &String| {
            let (status, document) = server.get(&format!("/_images/pictures/{id}"));
            assert_eq!(status, 200, "{context}: {document}");
            document
        };
        for (path, id) in &self.here {
            assert_eq!(
                documents.get(path),
                Some(id),
                "{context}: {}",
                path.display()
            );
            let document = get(id);
            let source = &document["source"];
            assert_eq!(Path::new(&text(&source["path"])), path, "{context}");
            if let Some(settled) = self.settled.get(path) {
                assert_eq!(settled.id, *id);
                assert_eq!(
                    source["image"]["sha256"], *settled.sha256,
                    "{context}: {document}"
                );
            }
        }
        self.moved.iter().for_each(|id| drop(get(id)));
    }

    /// Changes a third of the pictures, moves some, copies some, adds some and takes some away.
    fn change(&mut self) {
        self.moved.clear();
        let files = self.files();
        // However many rounds there are, the folder stays as large as it was.
        let has_room = files.len() < PICTURES as usize;
        for path in files {
            let name = |kind: &str| {
                let name = format!("{:04}-{kind}.png", self.fresh);
                self.home.pictures().join(name)
            };
            match self.numbers.below(100) {
                0..35 => {
                    self.settled.remove(&path);
                    save_tiles(&path, self.fresh);
                }
                35..45 => {
                    let alone = !self.copied.contains(&sha256_of(&path));
                    fs::rename(&path, name("moved")).unwrap();
                    self.here.remove(&path);
                    // A file that changed before it moved is a new one.
                    let settled = self.settled.remove(&path).filter(|_| alone);
                    self.moved.extend(settled.map(|settled| settled.id));
                }
                45..50 if has_room => {
                    fs::copy(&path, name("copy")).unwrap();
                    self.copied.insert(sha256_of(&path));
                }
                50..55 if has_room => save_tiles(&name("new"), self.fresh),
                55..62 => self.take_away(&path),
                _ => continue,
            }
            self.fresh += 1;
        }
    }

    /// Removes a file whose document is known and stands for no other file, so that both go.
    fn take_away(&mut self, path: &Path) {
        let known = self.settled.get(path);
        if known.is_some_and(|known| !self.copied.contains(&known.sha256)) {
            fs::remove_file(path).unwrap();
            self.settled.remove(path);
            self.here.remove(path);
        }
    }
}

/// Pictures that keep an indexing run busy for long after its first line.
fn many_pictures() -> Home {
    let home = Home::new();
    for seed in 0..600 {
        save_tiles(&home.pictures().join(format!("{seed:04}.png")), seed);
    }
    home
}

fn stopped_by(signal: &str) {
    let home = many_pictures();
    let mut running = home.start(&home.index_args(&["--threads", "1"]));
    assert!(running.line().is_some());
    running.signal(signal);
    let stopped = running.end();
    assert_eq!(stopped.code, Some(1), "{stopped:?}");
    assert!(stopped.err.contains("stopping"), "{}", stopped.err);
    let stopped = stopped.indexed();
    let [indexed, 0, 0, 0, 0] = stopped.counts() else {
        panic!("{stopped:?}")
    };
    assert_eq!(indexed, stopped.events.len() as u64);
    assert!((1..600).contains(&indexed), "{indexed}");
    assert_eq!(home.checked(), indexed);
    let next = home.index();
    assert_eq!(next.counts(), [600 - indexed, indexed, 0, 0, 0]);
    assert_eq!(home.checked(), 600);
}

#[test]
fn ctrl_c_stops_cleanly_and_the_next_run_goes_on_from_there() {
    stopped_by("INT");
}

#[test]
fn a_request_to_end_stops_as_cleanly_as_ctrl_c() {
    stopped_by("TERM");
}

#[test]
fn a_stopped_run_prunes_nothing() {
    let home = many_pictures();
    let gone = home.pictures().join("a.png");
    save_tiles(&gone, 1_000);
    let args = ["index".into(), "--json".into(), gone.clone()];
    assert_eq!(home.run(&args).code, Some(0));
    fs::remove_file(&gone).unwrap();
    let mut running = home.start(&home.index_args(&["--prune", "--threads", "1"]));
    assert!(running.line().is_some());
    running.signal("INT");
    assert_eq!(running.end().indexed().counts()[3], 0);
    assert!(home.documents().contains_key(&gone));
}

#[test]
fn output_that_nobody_reads_any_more_stops_no_indexing() {
    let home = many_pictures();
    let mut command = home.command(&home.index_args(&[] as &[&str]));
    let (reader, writer) = std::io::pipe().unwrap();
    command.stdout(writer);
    let mut child = command.spawn().unwrap();
    // The command holds the pipe's end as well.
    drop(command);
    drop(reader);
    child.wait().unwrap();
    assert_eq!(home.checked(), 600);
}
