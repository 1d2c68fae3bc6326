//! The measuring program, as whoever compares runs it.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Writes a set of points on a grid, whose nearest are known: each query is a point.
fn write_set(folder: &Path) {
    let points: Vec<[f32; 2]> = (0..900)
        .map(|i| [(i % 30) as f32, (i / 30) as f32 * 1.5])
        .collect();
    let matrix = |rows: usize, columns: usize, numbers: Vec<[u8; 4]>| {
        let header = [(rows as u32).to_le_bytes(), (columns as u32).to_le_bytes()];
        [header.to_vec(), numbers].concat().concat()
    };
    let floats = |points: &[[f32; 2]]| {
        let numbers = points.iter().flatten().map(|number| number.to_le_bytes());
        matrix(points.len(), 2, numbers.collect())
    };
    let queries = &points[..10];
    let nearest = queries.iter().flat_map(|query| {
        let mut order: Vec<u32> = (0..900).collect();
        let distance = |i: &u32| {
            let [x, y] = points[*i as usize];
            (x - query[0]).powi(2) + (y - query[1]).powi(2)
        };
        order.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
        order.truncate(10);
        order
    });
    let nearest: Vec<[u8; 4]> = nearest.map(u32::to_le_bytes).collect();
    fs::write(folder.join("X.fbin"), floats(&points)).unwrap();
    fs::write(folder.join("Q.fbin"), floats(queries)).unwrap();
    fs::write(folder.join("gt.ibin"), matrix(10, 10, nearest)).unwrap();
    fs::write(folder.join("metric"), "l2\n").unwrap();
}

fn run(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ann-bench"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that has ended reads nothing.
    child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
    child.wait_with_output().unwrap()
}

#[test]
fn a_worker_answers_each_question_with_a_line() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path());
    let input = "{\"op\":\"recall\",\"x\":40}\n{\"op\":\"time\",\"x\":10,\"sec\":0.01}\n";
    let ran = run(&["worker", folder.path().to_str().unwrap()], input);
    assert!(ran.status.success(), "{ran:?}");
    let text = String::from_utf8(ran.stdout).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert_eq!(lines[0]["ok"], 1);
    assert!(lines[0]["rss"].as_u64().unwrap() > 0);
    // Ties at the tenth place can be answered with either.
    assert!(lines[1].as_f64().unwrap() > 0.8, "{text}");
    let rates = lines[2].as_array().unwrap();
    assert!(
        rates.len() == 3 && rates.iter().all(|rate| rate.as_f64().unwrap() > 0.0),
        "{text}"
    );
}

#[test]
fn sets_that_are_none_are_refused_by_the_name_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let refused = |what: &str| {
        let ran = run(&["curve", path], "");
        let message = String::from_utf8(ran.stderr).unwrap();
        assert!(!ran.status.success() && message.contains(what), "{message}");
    };
    refused("metric");
    write_set(folder.path());
    fs::write(folder.path().join("metric"), "l7").unwrap();
    refused("the metric is l7, expected l2 or cos");
    fs::write(folder.path().join("metric"), "cos").unwrap();
    let whole = fs::read(folder.path().join("Q.fbin")).unwrap();
    fs::write(folder.path().join("Q.fbin"), &whole[..40]).unwrap();
    refused("Q.fbin should hold 10 rows of 2 numbers, it holds 8");
    fs::write(folder.path().join("Q.fbin"), &whole[..3]).unwrap();
    refused("Q.fbin has no header");
}
