//! The measuring program, as whoever compares runs it.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

use serde_json::json;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The bytes of a file of rows.
fn matrix(rows: u32, columns: u32, numbers: &[u8]) -> Vec<u8> {
    [&rows.to_le_bytes(), &columns.to_le_bytes(), numbers].concat()
}

/// Writes a set of points on a grid, whose nearest are known: each query is a point.
fn write_set(folder: &Path) {
    let points: Vec<[f32; 2]> = (0..900)
        .map(|i| [(i % 30) as f32, (i / 30) as f32 * 1.5])
        .collect();
    let floats = |points: &[[f32; 2]]| {
        let numbers = points.iter().flatten().map(|number| number.to_le_bytes());
        matrix(
            points.len() as u32,
            2,
            numbers.collect::<Vec<_>>().as_flattened(),
        )
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
    fs::write(
        folder.join("gt.ibin"),
        matrix(10, 10, nearest.as_flattened()),
    )
    .unwrap();
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

/// Answers of a worker to some questions.
fn answers(folder: &Path, questions: &[serde_json::Value]) -> Vec<serde_json::Value> {
    let input: String = questions.iter().map(|q| format!("{q}\n")).collect();
    let ran = run(&["worker", folder.to_str().unwrap()], &input);
    assert!(ran.status.success(), "{ran:?}");
    let text = String::from_utf8(ran.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.skip(1).collect()
}

#[test]
fn every_vector_is_compared_where_that_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path());
    let answers = answers(
        folder.path(),
        &[
            json!({"op": "recall", "x": 10, "k": 1, "exact": true}),
            json!({"op": "recall", "x": 10, "k": 1, "exact": true, "queries": 3}),
            json!({"op": "time", "x": 10, "k": 5, "exact": true, "sec": 0.01, "queries": 3}),
        ],
    );
    assert_eq!(answers[..2], [json!(1.0), json!(1.0)]);
    assert!(answers[2][0].as_f64().unwrap() > 0.0, "{answers:?}");
}

#[test]
fn filters_are_taken_in_turn_and_what_does_not_pass_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path());
    // Even queries may find the first three points, odd ones the last two; 900 bits are 113 bytes.
    let mut bits = [[0u8; 113]; 2];
    bits[0][0] = 0b111;
    bits[1][112] = 0b1100;
    let filter = folder.path().join("filter");
    fs::write(&filter, matrix(2, 113, bits.as_flattened())).unwrap();
    let write = |name: &str, even: [u32; 3], odd: [u32; 3]| {
        let rows: Vec<u8> = (0..10)
            .flat_map(|i| if i % 2 == 0 { even } else { odd })
            .flat_map(u32::to_le_bytes)
            .collect();
        let path = folder.path().join(name);
        fs::write(&path, matrix(10, 3, &rows)).unwrap();
        path
    };
    let right = write("right", [0, 1, 2], [898, 899, u32::MAX]);
    let half = write("half", [2, 1, 0], [0, 1, 2]);
    let ask = |nearest: &Path, exact: bool| json!({"op": "recall", "x": 10, "k": 3, "filter": filter, "nearest": nearest, "exact": exact});
    let answers = answers(
        folder.path(),
        &[
            ask(&right, false),
            ask(&right, true),
            ask(&half, false),
            json!({"op": "recall", "x": 900, "k": 1, "exact": true}),
            json!({"op": "time", "x": 10, "sec": 0.01, "filter": filter}),
        ],
    );
    assert_eq!(
        answers[..4],
        [json!(1.0), json!(1.0), json!(0.5), json!(1.0)]
    );
    assert!(answers[4][0].as_f64().unwrap() > 0.0, "{answers:?}");
}

#[test]
fn questions_that_are_none_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path());
    let filter = folder.path().join("filter");
    fs::write(&filter, matrix(1, 112, &[0; 112])).unwrap();
    let refused = |question: serde_json::Value, what: &str| {
        let args = ["worker", folder.path().to_str().unwrap()];
        let ran = run(&args, &format!("{question}\n"));
        let message = String::from_utf8(ran.stderr).unwrap();
        assert!(!ran.status.success() && message.contains(what), "{message}");
    };
    refused(json!({"op": "recall", "x": 1, "ef": 3}), "ef");
    refused(json!({"op": "forget", "x": 1}), "forget");
    refused(json!({"op": "recall", "x": 1, "k": 11}), "the 11 nearest");
    refused(
        json!({"op": "recall", "x": 1, "filter": filter}),
        "filters of 900 bits, it holds 1 of 112 bytes",
    );
    refused(
        json!({"op": "recall", "x": 1, "nearest": folder.path().join("none")}),
        "none",
    );
}

#[test]
fn all_is_found_after_each_round_of_replacing() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path());
    let path = folder.path().to_str().unwrap();
    let ran = run(&["churn", path, "--rounds", "3", "--ef", "50"], "");
    assert!(ran.status.success(), "{ran:?}");
    let printed = String::from_utf8(ran.stdout).unwrap();
    let rounds: Vec<Vec<&str>> = printed
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().take(2).collect())
        .collect();
    let expected = ["0", "1", "2", "3"].map(|round| vec![round, "1.0000"]);
    assert_eq!(rounds, expected, "{printed}");
}

#[test]
fn codes_alone_find_all() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path());
    let args = ["worker", folder.path().to_str().unwrap(), "--flat"];
    let ran = run(&args, "{\"op\": \"recall\", \"x\": 1}\n");
    let printed = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(printed.lines().last(), Some("1.0"), "{printed}");
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
    refused("the metric is l7, expected l1, l2 or cos");
    fs::write(folder.path().join("metric"), "cos").unwrap();
    let whole = fs::read(folder.path().join("Q.fbin")).unwrap();
    fs::write(folder.path().join("Q.fbin"), &whole[..40]).unwrap();
    refused("Q.fbin should hold 10 rows of 2 numbers, it holds 8");
    fs::write(folder.path().join("Q.fbin"), &whole[..3]).unwrap();
    refused("Q.fbin has no header");
}
