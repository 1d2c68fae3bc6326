//! A disk that fills up.

use crate::support::*;
use engine::{Disk, Engine};
use serde_json::json;
use std::sync::atomic::Ordering;

/// Writes until the disk is full, at every amount of free space in turn: what was acknowledged stays, the error names a
/// file, and with space again everything goes on.
#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    for step in 0..40_u64 {
        let folder = tempfile::tempdir().unwrap();
        let (disk, free) = Disk::with_free_bytes(1 << 30);
        let engine = Engine::open_with(folder.path(), disk.clone().into()).unwrap();
        engine.create_index("a", mapping()).unwrap();
        free.store(40_000 * step, Ordering::SeqCst);
        let mut acknowledged = Vec::new();
        let mut complained = false;
        for n in 0..120_u16 {
            let id = n.to_string();
            let source =
                json!({"name": format!("n{n}"), "filler": "x".repeat(2000 * usize::from(n % 3))});
            let document = put_with(&id, source, Some([f32::from(n), 1.0, 0.0]));
            match engine.bulk("a", vec![document]) {
                Ok(answers) => {
                    answers.into_iter().for_each(|answer| drop(answer.unwrap()));
                    acknowledged.push(id);
                }
                Err(error) => {
                    complained = true;
                    let message = error.to_string();
                    assert!(
                        message.contains(folder.path().to_str().unwrap()),
                        "{message}"
                    );
                }
            }
            if n % 10 == 0 {
                complained |= engine.refresh("a").is_err();
            }
        }
        if step < 20 {
            assert!(complained, "40 kB times {step} cannot hold all of it");
        }
        free.store(1 << 30, Ordering::SeqCst);
        if step % 2 == 0 {
            // The same process goes on, unless its truth store wants to be opened again.
            if engine.bulk("a", vec![put("after", json!({}))]).is_ok() {
                acknowledged.push("after".to_owned());
            }
            engine.refresh("a").unwrap();
        }
        drop(engine);
        let engine = Engine::open_with(folder.path(), disk.into()).unwrap();
        assert_eq!(
            engine.check().unwrap().problems,
            Vec::<String>::new(),
            "step {step}"
        );
        for id in &acknowledged {
            assert!(
                engine.get("a", id).unwrap().is_some(),
                "step {step}: document {id} is lost"
            );
        }
        let answer = run(&engine, &ask(query::Retriever::Standard(query::Query::All))).unwrap();
        assert!(answer.total >= acknowledged.len() as u64, "step {step}");
    }
}

/// The thread that writes texts ends while documents are still given to it: the error says what ended it.
#[test]
fn a_disk_that_is_full_is_the_reason_that_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let (disk, free) = Disk::with_free_bytes(1 << 30);
    let engine = Engine::open_with(folder.path(), disk.into()).unwrap();
    engine.create_index("a", mapping()).unwrap();
    let documents = (0..10_000).map(|n| put(&format!("{n:0200}"), json!({})));
    engine.bulk("a", documents.collect()).unwrap();
    free.store(0, Ordering::SeqCst);
    // From the second time on, all documents are given to the thread again.
    for time in 0..10 {
        let message = engine.refresh("a").unwrap_err().to_string();
        let last = message.rsplit("and now: ").next().unwrap();
        let says_it = last.contains("indices") && last.contains("no storage space");
        assert!(says_it, "time {time}: {message}");
    }
}
