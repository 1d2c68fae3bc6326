//! Bulk requests from two clients while the program is killed at any moment.

use crate::connection::Connection;
use crate::pictures::Numbers;
use crate::program::{Home, Server};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::hint::spin_loop;
use std::sync::mpsc::{Sender, channel};

/// Rounds of an ordinary run; `EIDETIC_CRASH_ROUNDS` asks for more.
const ROUNDS: usize = 10;
/// Clients that write at the same time, each documents of its own.
const CLIENTS: usize = 2;
/// Documents of each client.
const DOCUMENTS: usize = 150;
/// The most operations of one bulk request.
const OPERATIONS: usize = 40;
/// The most bulk requests that are answered before the program is killed.
const ANSWERED: usize = 30;

/// What may be there of a document, and what was said of it.
#[derive(Debug, Clone, Default)]
struct Known {
    /// The number in it, none where it is deleted: what was acknowledged, and then what a bulk that was not answered may
    /// have made of it, one operation after the other.
    states: Vec<Option<u64>>,
    /// The greatest version that was acknowledged.
    version: u64,
    /// The seq_no that came with it; none where none did.
    seq_no: Option<u64>,
}

/// What one client writes and was told.
struct Writer {
    name: String,
    numbers: Numbers,
    /// The number of the next operation.
    next: u64,
    documents: BTreeMap<String, Known>,
    /// Every seq_no that was acknowledged.
    seq_nos: BTreeSet<u64>,
    /// Below this every seq_no was given before the program was killed.
    least_seq_no: u64,
}

/// An operation of a bulk request, and what has to come of it.
struct Operation {
    id: String,
    status: u16,
    state: Option<u64>,
    lines: String,
}

#[test]
fn bulk_kill_9_at_any_moment_loses_nothing_acknowledged_and_no_number_goes_back() {
    let rounds = std::env::var("EIDETIC_CRASH_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let home = Home::new();
    let mut numbers = Numbers(0x0B01_4B17);
    let mut writers: Vec<Writer> = (0..CLIENTS).map(Writer::new).collect();
    let mut answered = 0;
    let server = Server::start(&home);
    let (status, said) = Connection::new(&server).ask("PUT", "/kill", &index().to_string());
    assert_eq!(status, 200, "{said}");
    drop(server.running.kill());
    for round in 0..rounds {
        let context = format!("round {round} of {rounds}, {answered} bulks answered");
        let server = Server::start(&home);
        everything_acknowledged_is_there(&server, &mut writers, &context);
        answered += load_until_killed(server, &mut writers, &mut numbers);
        let check = home.run(&["check", "--json"]);
        assert_eq!(check.code, Some(0), "{context}: {check:?}");
        assert_eq!(check.json()["ok"], true, "{context}: {check:?}");
    }
    let server = Server::start(&home);
    everything_acknowledged_is_there(&server, &mut writers, "the end");
    // A program that answers nothing keeps everything that it acknowledged.
    assert!(
        answered > rounds,
        "{answered} bulks answered in {rounds} rounds"
    );
    let mut all = BTreeSet::new();
    for seq_no in writers.iter().flat_map(|writer| &writer.seq_nos) {
        assert!(all.insert(seq_no), "seq_no {seq_no} was given twice");
    }
}

fn index() -> Value {
    json!({"mappings": {"properties": {
        "n": {"type": "long"},
        "word": {"type": "text"},
        "v": {"type": "dense_vector", "dims": 4, "similarity": "l2_norm", "index": true, "index_options": {"type": "flat"}},
        "parts": {"type": "nested", "properties": {"n": {"type": "integer"}}},
    }}})
}

/// Has both clients write, kills the server in the middle, and answers how many bulk requests it answered.
fn load_until_killed(server: Server, writers: &mut [Writer], numbers: &mut Numbers) -> usize {
    let (said, answers) = channel();
    let wanted = numbers.below(ANSWERED);
    let moments = numbers.below(4_000_000);
    std::thread::scope(|scope| {
        for writer in writers {
            let connection = Connection::new(&server);
            let said = said.clone();
            scope.spawn(move || writer.write_until_killed(connection, &said));
        }
        drop(said);
        let before = answers.iter().take(wanted).count();
        for _ in 0..moments {
            spin_loop();
        }
        drop(server.running.kill());
        before + answers.iter().count()
    })
}

/// Every document is as it was acknowledged, or as a bulk that was not answered may have left it; GET and search agree.
fn everything_acknowledged_is_there(server: &Server, writers: &mut [Writer], context: &str) {
    let mut connection = Connection::new(server);
    let all = json!({"size": 10_000, "version": true, "seq_no_primary_term": true, "query": {"match_all": {}}});
    let (status, found) = connection.ask("POST", "/kill/_search", &all.to_string());
    assert_eq!(status, 200, "{context}: {found}");
    let hits: BTreeMap<&str, &Value> = found["hits"]["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| (hit["_id"].as_str().unwrap(), hit))
        .collect();
    let mut there = 0;
    let mut greatest = 0;
    for writer in writers.iter_mut() {
        for (id, known) in &mut writer.documents {
            let context = format!("{context}: {id}, of which was known {known:?}");
            let (status, got) = connection.ask("GET", &format!("/kill/_doc/{id}"), "");
            let is_found = got["found"].as_bool().unwrap();
            assert_eq!(status, if is_found { 200 } else { 404 }, "{context}: {got}");
            let state = is_found.then(|| got["_source"]["n"].as_u64().unwrap());
            assert!(known.states.contains(&state), "{context}: {got}");
            let hit = hits.get(id.as_str());
            assert_eq!(
                hit.is_some(),
                is_found,
                "{context}: {got}, found by search: {hit:?}"
            );
            if let Some(hit) = hit {
                there += 1;
                for name in ["_source", "_version", "_seq_no"] {
                    assert_eq!(hit[name], got[name], "{context}: {name}");
                }
                let (version, seq_no) = (
                    got["_version"].as_u64().unwrap(),
                    got["_seq_no"].as_u64().unwrap(),
                );
                if known.states.first() == Some(&state) {
                    assert_eq!(
                        (version, Some(seq_no)),
                        (known.version, known.seq_no),
                        "{context}: {got}"
                    );
                } else {
                    assert!(
                        version > known.version && Some(seq_no) > known.seq_no,
                        "{context}: {got}"
                    );
                }
                (known.version, known.seq_no) = (version, Some(seq_no));
                greatest = greatest.max(seq_no + 1);
            }
            known.states = vec![state];
        }
        greatest = greatest.max(writer.seq_nos.last().map_or(0, |seq_no| seq_no + 1));
    }
    assert_eq!(
        (hits.len(), found["hits"]["total"]["value"].as_u64()),
        (there, Some(there as u64)),
        "{context}"
    );
    for writer in writers {
        writer.least_seq_no = greatest;
        // The words were indexed anew or kept; either way each finds its document alone.
        for (id, known) in writer.documents.iter().step_by(29) {
            if let [Some(number)] = known.states[..] {
                let query = json!({"query": {"match": {"word": format!("w{number}")}}});
                let (_, found) = connection.ask("POST", "/kill/_search", &query.to_string());
                assert_eq!(
                    found["hits"]["total"]["value"], 1,
                    "{context}: {id}: {found}"
                );
                assert_eq!(found["hits"]["hits"][0]["_id"], **id, "{context}: {found}");
            }
        }
    }
}

impl Writer {
    fn new(client: usize) -> Self {
        Self {
            name: format!("c{client}"),
            numbers: Numbers(client as u64 + 71),
            // Numbers are nobody else's.
            next: client as u64 * 1_000_000_000 + 1,
            documents: BTreeMap::new(),
            seq_nos: BTreeSet::new(),
            least_seq_no: 0,
        }
    }

    /// Writes until nobody answers, and says so of each answer.
    fn write_until_killed(&mut self, mut connection: Connection, said: &Sender<()>) {
        loop {
            let operations: Vec<Operation> = (0..=self.numbers.below(OPERATIONS))
                .map(|_| self.operation())
                .collect();
            let body: String = operations
                .iter()
                .map(|operation| operation.lines.as_str())
                .collect();
            let refresh = if self.numbers.below(5) == 0 {
                "?refresh=true"
            } else {
                ""
            };
            let Some((status, answer)) =
                connection.try_ask("POST", &format!("/kill/_bulk{refresh}"), &body)
            else {
                return;
            };
            assert_eq!(status, 200, "{answer}");
            let items = answer["items"].as_array().unwrap();
            assert_eq!(items.len(), operations.len(), "{answer}");
            for (operation, item) in operations.iter().zip(items) {
                self.acknowledged(
                    operation,
                    item.as_object().unwrap().values().next().unwrap(),
                );
            }
            // Whoever counts may have stopped counting.
            let _ = said.send(());
        }
    }

    /// An operation on any document, with what has to come of it; from now on that may have happened.
    fn operation(&mut self) -> Operation {
        let id = format!("{}-{}", self.name, self.numbers.below(DOCUMENTS));
        let number = self.next;
        self.next += 1;
        let known = self.documents.entry(id.clone()).or_insert_with(|| Known {
            states: vec![None],
            ..Known::default()
        });
        let before = known.states.last().copied().flatten();
        let source = json!({"n": number, "word": format!("w{number} often"), "v": [number % 7, number % 11, 1, 2],
            "parts": [{"n": 1}, {"n": number % 5}]});
        let target = json!({ "_id": id });
        let (status, state, lines) = match (self.numbers.below(10), before) {
            (0..5, before) => (
                if before.is_some() { 200 } else { 201 },
                Some(number),
                format!("{}\n{source}\n", json!({ "index": target })),
            ),
            (5, None) => (
                201,
                Some(number),
                format!("{}\n{source}\n", json!({ "create": target })),
            ),
            (5, Some(_)) => (
                409,
                before,
                format!("{}\n{source}\n", json!({ "create": target })),
            ),
            (6 | 7, before) => {
                let doc = json!({"doc": {"n": number, "word": format!("w{number} rarely")}});
                let (status, state) = if before.is_some() {
                    (200, Some(number))
                } else {
                    (404, None)
                };
                (
                    status,
                    state,
                    format!("{}\n{doc}\n", json!({ "update": target })),
                )
            }
            (_, before) => (
                if before.is_some() { 200 } else { 404 },
                None,
                format!("{}\n", json!({ "delete": target })),
            ),
        };
        known.states.push(state);
        Operation {
            id,
            status,
            state,
            lines,
        }
    }

    fn acknowledged(&mut self, operation: &Operation, item: &Value) {
        let known = self.documents.get_mut(&operation.id).unwrap();
        assert_eq!(item["status"], operation.status, "{known:?}: {item}");
        // What was a possibility is now what is there; later operations of the bulk follow.
        known.states.remove(0);
        assert_eq!(known.states.first(), Some(&operation.state));
        if operation.status < 300 {
            let (version, seq_no) = (
                item["_version"].as_u64().unwrap(),
                item["_seq_no"].as_u64().unwrap(),
            );
            assert!(version > known.version, "{known:?}: {item}");
            assert!(
                Some(seq_no) > known.seq_no && seq_no >= self.least_seq_no,
                "{known:?}: {item}"
            );
            assert!(self.seq_nos.insert(seq_no), "{known:?}: {item}");
            (known.version, known.seq_no) = (version, Some(seq_no));
        }
    }
}
