//! Vectors that are written, replaced and deleted while the program is killed at any moment: while its graph is made,
//! repaired, or brought to the disk.

use crate::connection::Connection;
use crate::pictures::Numbers;
use crate::program::{Home, Server};
use serde_json::json;
use std::collections::BTreeMap;

/// Rounds of an ordinary run; `EIDETIC_CRASH_ROUNDS` asks for more.
const ROUNDS: usize = 10;
/// Documents with a vector each: enough for a graph.
const DOCUMENTS: usize = 11_000;
/// Numbers of a vector.
const DIMS: usize = 6;
/// Operations of one bulk request.
const OPERATIONS: usize = 250;
/// The most bulk requests that are answered before the program is killed.
const ANSWERED: usize = 12;
/// Documents looked at after each start.
const LOOKED_AT: usize = 40;

/// What may be there of a document: the round in which it was written, none where it is deleted. The first was
/// acknowledged; a second is what a request that was not answered may have made of it.
type States = Vec<Option<u64>>;

/// The vector of a document that was written in a round: nobody else's.
fn vector(id: usize, round: u64) -> Vec<f64> {
    let mut numbers = Numbers((id as u64) << 24 | round << 1 | 1);
    let near = (id % 5) as f64;
    let own = (0..DIMS).map(|_| numbers.below(1_000_000) as f64 / 1e6);
    own.map(|number| number + near).collect()
}

fn lines(id: usize, state: Option<u64>) -> String {
    let target = json!({ "_id": id.to_string() });
    match state {
        Some(round) => {
            let source = json!({"n": round, "v": vector(id, round)});
            format!("{}\n{source}\n", json!({ "index": target }))
        }
        None => format!("{}\n", json!({ "delete": target })),
    }
}

#[test]
fn graph_kill_9_at_any_moment_leaves_every_vector_findable() {
    let rounds = std::env::var("EIDETIC_CRASH_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let home = Home::new();
    let mut numbers = Numbers(0x6_4A9F);
    let mut documents: BTreeMap<usize, States> = BTreeMap::new();
    let server = Server::start(&home);
    let mut connection = Connection::new(&server);
    let field = json!({"type": "dense_vector", "dims": DIMS, "similarity": "l2_norm"});
    let index = json!({"mappings": {"properties": {"n": {"type": "long"}, "v": field}}});
    assert_eq!(connection.ask("PUT", "/kill", &index.to_string()).0, 200);
    for part in (0..DOCUMENTS).collect::<Vec<_>>().chunks(2_000) {
        let body: String = part.iter().map(|id| lines(*id, Some(0))).collect();
        let (status, said) = connection.ask("POST", "/kill/_bulk", &body);
        assert_eq!((status, &said["errors"]), (200, &json!(false)), "{said}");
        documents.extend(part.iter().map(|id| (*id, vec![Some(0)])));
    }
    drop(server.running.kill());
    let mut built = 0;
    for round in 1..=rounds {
        let context = format!("round {round} of {rounds}");
        let server = Server::start(&home);
        everything_acknowledged_is_found(&server, &mut documents, (&mut numbers, &context));
        write_until_killed(server, &mut documents, (&mut numbers, round as u64));
        let check = home.run(&["check", "--json"]);
        let report = check.json();
        assert_eq!(
            (check.code, &report["ok"]),
            (Some(0), &json!(true)),
            "{context}: {check:?}"
        );
        assert_eq!(
            report["mended"],
            json!([]),
            "{context}: a kill damages nothing"
        );
        built += usize::from(report["counts"]["kill"]["linked"]["v"].is_u64());
    }
    let server = Server::start(&home);
    everything_acknowledged_is_found(&server, &mut documents, (&mut numbers, "the end"));
    assert!(built > 0, "no check saw a graph");
}

/// Replaces and deletes documents that lie beside each other, which are near each other too, until enough requests were
/// answered; one more is under way when the program is killed.
fn write_until_killed(
    server: Server,
    documents: &mut BTreeMap<usize, States>,
    (numbers, round): (&mut Numbers, u64),
) {
    let mut connection = Connection::new(&server);
    let wanted = numbers.below(ANSWERED);
    for answered in 0..=wanted {
        let first = numbers.below(DOCUMENTS);
        let mut body = String::new();
        let mut written: BTreeMap<usize, Option<u64>> = BTreeMap::new();
        for number in 0..OPERATIONS {
            // The stride leaves nodes of the same neighbourhood; each document is written once.
            let id = (first + number * 5) % DOCUMENTS;
            let state = (numbers.below(4) > 0).then_some(round * 100 + answered as u64);
            if written.insert(id, state).is_none() {
                body += &lines(id, state);
            }
        }
        for (id, state) in &written {
            documents
                .entry(*id)
                .or_insert_with(|| vec![None])
                .push(*state);
        }
        let refresh = if numbers.below(2) == 0 {
            "?refresh=true"
        } else {
            ""
        };
        let path = format!("/kill/_bulk{refresh}");
        if answered == wanted {
            // Nobody waits for this answer.
            let _ = connection.send("POST", &path, &body);
            for _ in 0..numbers.below(8_000_000) {
                std::hint::spin_loop();
            }
            break;
        }
        let (status, said) = connection.ask("POST", &path, &body);
        assert_eq!(status, 200, "{said}");
        for id in written.keys() {
            let states = documents.get_mut(id).unwrap();
            states.drain(..states.len() - 1);
        }
    }
    drop(server.running.kill());
}

/// Some documents are as they were acknowledged, or as a request that was not answered may have left them, and the nearest
/// to their own vectors.
fn everything_acknowledged_is_found(
    server: &Server,
    documents: &mut BTreeMap<usize, States>,
    (numbers, context): (&mut Numbers, &str),
) {
    let mut connection = Connection::new(server);
    let unsure = documents.iter().filter(|(_, states)| states.len() > 1);
    let mut ids: Vec<usize> = unsure.map(|(id, _)| *id).collect();
    let sure = ids.len();
    ids.extend((0..LOOKED_AT).map(|_| numbers.below(DOCUMENTS)));
    for (at, id) in ids.into_iter().enumerate() {
        let states = documents.get_mut(&id).unwrap();
        let (_, got) = connection.ask("GET", &format!("/kill/_doc/{id}"), "");
        let state = got["_source"]["n"].as_u64();
        assert!(
            states.contains(&state),
            "{context}: document {id} of {states:?}: {got}"
        );
        *states = vec![state];
        if at < sure && at % 10 > 0 {
            continue;
        }
        let asked = state.unwrap_or(0);
        let knn =
            json!({"field": "v", "query_vector": vector(id, asked), "k": 1, "num_candidates": 100});
        let (status, found) =
            connection.ask("POST", "/kill/_search", &json!({ "knn": knn }).to_string());
        assert_eq!(status, 200, "{context}: {found}");
        let hit = &found["hits"]["hits"][0];
        let is_itself = hit["_id"].as_str() == Some(id.to_string().as_str());
        assert_eq!(
            is_itself,
            state.is_some(),
            "{context}: document {id} as of {state:?}: {found}"
        );
        if state.is_some() {
            assert!(
                hit["_score"].as_f64().unwrap() > 0.999_99,
                "{context}: {found}"
            );
        }
    }
}
