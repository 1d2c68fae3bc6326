//! The program, run on folders of its own.

use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;
use tempfile::TempDir;

/// How long the program may say nothing before it is taken to hang: longer than it works in silence anywhere, however slow
/// the machine is.
const PATIENCE: Duration = Duration::from_secs(600);

/// A folder for pictures and a data folder, gone when the test is over.
pub(crate) struct Home {
    temp: TempDir,
}

/// What the program wrote, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

/// The program while it runs.
pub(crate) struct Running {
    child: Child,
    out: Receiver<Vec<u8>>,
    err: Receiver<String>,
    read: Vec<u8>,
}

/// What `index --json` wrote.
#[derive(Debug)]
pub(crate) struct Indexed {
    pub(crate) code: Option<i32>,
    /// The id that each path was written under.
    pub(crate) events: BTreeMap<PathBuf, String>,
    pub(crate) summary: Value,
}

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self {
            temp: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir(home.pictures()).unwrap();
        home
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        // What the program says of a file is its real path.
        self.temp.path().canonicalize().unwrap().join(name)
    }

    pub(crate) fn pictures(&self) -> PathBuf {
        self.path("pictures")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The program, to be run on this data folder.
    pub(crate) fn command(&self, args: &[impl AsRef<OsStr>]) -> Command {
        let mut command = bare(args);
        command.arg("--data").arg(self.data());
        command.env("HOME", self.temp.path());
        command.current_dir(self.temp.path());
        command
    }

    pub(crate) fn run(&self, args: &[impl AsRef<OsStr>]) -> Ran {
        Running::start(self.command(args)).end()
    }

    pub(crate) fn start(&self, args: &[impl AsRef<OsStr>]) -> Running {
        Running::start(self.command(args))
    }

    /// Indexes the pictures, which has to work for all of them.
    pub(crate) fn index(&self) -> Indexed {
        self.index_with(&[] as &[&str])
    }

    /// Indexes the pictures with more flags, which has to work for all of them.
    pub(crate) fn index_with(&self, flags: &[impl AsRef<OsStr>]) -> Indexed {
        let indexed = self.index_some(flags);
        assert_eq!(indexed.code, Some(0), "{indexed:?}");
        assert_eq!(indexed.summary["failed"], serde_json::json!([]));
        indexed
    }

    /// Indexes the pictures, of which some may fail.
    pub(crate) fn index_some(&self, flags: &[impl AsRef<OsStr>]) -> Indexed {
        self.run(&self.index_args(flags)).indexed()
    }

    /// What indexes the pictures; without a network where none is named, as most tests are about other things.
    pub(crate) fn index_args(&self, flags: &[impl AsRef<OsStr>]) -> Vec<OsString> {
        let mut args = self.usual_args();
        args.extend(flags.iter().map(|flag| flag.as_ref().to_owned()));
        if !args.iter().any(|arg| arg == "--model") {
            args.push("--no-model".into());
        }
        args
    }

    /// What indexes the pictures when nothing is said about networks.
    pub(crate) fn usual_args(&self) -> Vec<OsString> {
        vec!["index".into(), "--json".into(), self.pictures().into()]
    }

    /// Every document: its id by its path.
    pub(crate) fn documents(&self) -> BTreeMap<PathBuf, String> {
        let ran = self.run(&["search", "--filter", "*:*", "-k", "10000", "--json"]);
        let hits = ran.json();
        let hits = hits.as_array().unwrap();
        let documents: BTreeMap<PathBuf, String> = hits
            .iter()
            .map(|hit| (text(&hit["path"]).into(), text(&hit["id"])))
            .collect();
        assert_eq!(documents.len(), hits.len(), "a path is there twice");
        documents
    }

    /// Checks that everything stored agrees, and answers the number of documents.
    pub(crate) fn checked(&self) -> u64 {
        let ran = self.run(&["check", "--json"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let report = ran.json();
        assert_eq!(report["ok"], true, "{report}");
        report["counts"]["pictures"]["documents"].as_u64().unwrap()
    }
}

/// The program without a data folder, and without anything of the environment that it asks for.
pub(crate) fn bare(args: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eidetic"));
    command.env_remove("EIDETIC_DATA").args(args);
    command
}

/// A JSON string.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Running {
    pub(crate) fn start(command: Command) -> Self {
        Self::start_with_input(command, &[])
    }

    /// Starts the program and gives it its standard input.
    pub(crate) fn start_with_input(mut command: Command, input: &[u8]) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_owned());
        // A program that does not read its input closes it.
        std::thread::spawn(move || drop(stdin.write_all(&input)));
        let (lines, out) = channel();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            loop {
                let mut line = Vec::new();
                let read = stdout.read_until(b'\n', &mut line).unwrap_or(0);
                if read == 0 || lines.send(line).is_err() {
                    return;
                }
            }
        });
        let (all, err) = channel();
        let mut stderr = child.stderr.take().unwrap();
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            drop(stderr.read_to_end(&mut bytes));
            drop(all.send(String::from_utf8_lossy(&bytes).into_owned()));
        });
        Self {
            child,
            out,
            err,
            read: Vec::new(),
        }
    }

    /// Waits for the next line of the standard output; none when there is none any more.
    pub(crate) fn line(&mut self) -> Option<String> {
        match self.out.recv_timeout(PATIENCE) {
            Ok(line) => {
                self.read.extend(&line);
                Some(String::from_utf8_lossy(&line).trim_end().to_owned())
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                drop(self.child.kill());
                panic!("the program hangs")
            }
        }
    }

    /// Waits until the program ends by itself.
    pub(crate) fn end(mut self) -> Ran {
        while self.line().is_some() {}
        // Both outputs are closed when the program ends.
        let err = match self.err.recv_timeout(PATIENCE) {
            Ok(err) => err,
            Err(_) => {
                drop(self.child.kill());
                panic!("the program closed its output and goes on")
            }
        };
        Ran {
            code: self.child.wait().unwrap().code(),
            out: std::mem::take(&mut self.read),
            err,
        }
    }

    /// Ends the program as a power cut would.
    pub(crate) fn kill(mut self) -> Ran {
        drop(self.child.kill());
        self.end()
    }

    /// Asks the program to stop, by the signal that Ctrl-C sends (`INT`) or another.
    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(
            Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Whether the program has not ended.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A program that has ended cannot be killed, and nothing else is meant here.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Ran {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    /// The one line of JSON that was written.
    pub(crate) fn json(&self) -> Value {
        let text = self.text();
        assert_eq!(text.lines().count(), 1, "{self:?}");
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) fn indexed(&self) -> Indexed {
        let mut lines: Vec<Value> = self
            .text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let Some(summary) = lines.pop() else {
            panic!("no summary: {self:?}")
        };
        assert_eq!(
            keys(&summary),
            [
                "indexed",
                "unchanged",
                "renamed",
                "removed",
                "failed",
                "seconds"
            ]
        );
        Indexed {
            code: self.code,
            events: lines.iter().map(event).collect(),
            summary,
        }
    }

    /// Asserts that the program could do nothing, and that it says each of some words why.
    pub(crate) fn refused(&self, words: &[&str]) {
        assert_eq!(self.code, Some(2), "{self:?}");
        assert_eq!(self.text(), "", "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "{word:?} is not in {:?}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}

/// The path and the id of an event's line.
pub(crate) fn event(line: &Value) -> (PathBuf, String) {
    assert_eq!(keys(line), ["event", "path", "id"]);
    assert_eq!(line["event"], "indexed");
    (text(&line["path"]).into(), text(&line["id"]))
}

/// The names in a JSON object, in order.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

impl Indexed {
    /// The numbers of files that were indexed, unchanged, renamed, removed and that failed.
    pub(crate) fn counts(&self) -> [u64; 5] {
        let number = |name: &str| self.summary[name].as_u64().unwrap();
        [
            number("indexed"),
            number("unchanged"),
            number("renamed"),
            number("removed"),
            self.summary["failed"].as_array().unwrap().len() as u64,
        ]
    }

    /// The reason why a file failed.
    pub(crate) fn reason(&self, path: &Path) -> String {
        let failed = self.summary["failed"].as_array().unwrap();
        let path = path.to_string_lossy();
        let found: Vec<&Value> = failed
            .iter()
            .filter(|failure| failure["path"] == *path)
            .collect();
        match found[..] {
            [failure] => text(&failure["reason"]),
            _ => panic!(
                "{path} failed {} times: {}",
                found.len(),
                self.summary["failed"]
            ),
        }
    }
}

/// The page's server, and what it is asked.
pub(crate) struct Server {
    pub(crate) running: Running,
    address: String,
}

impl Server {
    /// Starts a server on a free port and waits until it says that it listens.
    pub(crate) fn start(home: &Home) -> Self {
        let mut running = home.start(&["serve", "--listen", "127.0.0.1:0"]);
        let line = running.line().unwrap_or_default();
        let Some(address) = line.strip_prefix("eidetic is listening on http://") else {
            panic!("{line:?}: {:?}", running.end())
        };
        let address = address.to_owned();
        Self { running, address }
    }

    /// The address that clients are given.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A connection that has said nothing yet.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// The JSON at an address, and the status.
    pub(crate) fn get(&self, target: &str) -> (u16, Value) {
        let (status, body) = self.get_bytes(target);
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// The bytes at an address, and the status.
    pub(crate) fn get_bytes(&self, target: &str) -> (u16, Vec<u8>) {
        let mut stream = self.connect();
        let host = &self.address;
        write!(
            stream,
            "GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|at| at == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&answer[..end]);
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer[end + 4..].to_vec())
    }
}
