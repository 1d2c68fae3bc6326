//! The page and its files.

use crate::site::Site;
use std::collections::BTreeSet;

const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

#[test]
fn browsers_get_the_page_and_scripts_get_what_the_program_is() {
    let site = Site::with(&[]);
    let page = site.ask("GET", "/", &[HTML], b"");
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    assert!(String::from_utf8_lossy(&page.body).contains("<!doctype html>"));
    for accept in [
        &[][..],
        &[("accept", "application/json")],
        &[("accept", "*/*")],
    ] {
        let program = site.ask("GET", "/", accept, b"").good();
        assert_eq!(program["product"]["name"], "eidetic");
        assert_eq!(program["product"]["version"], env!("CARGO_PKG_VERSION"));
        let number = program["version"]["number"].as_str().unwrap();
        assert!(number.starts_with("8.19."), "{number}");
    }
}

/// The words in quotes that stand after something in a text.
fn quoted_after(text: &str, mark: &str) -> Vec<String> {
    let after = text.split(mark).skip(1);
    let word = |rest: &str| rest.split(['"', '\'']).nth(1).map(str::to_owned);
    after.filter_map(word).collect()
}

#[test]
fn everything_that_the_page_names_is_there_with_its_type() {
    let site = Site::with(&[]);
    let page = site.ask("GET", "/", &[HTML], b"");
    let page = String::from_utf8(page.body).unwrap();
    let mut wanted: Vec<String> = [quoted_after(&page, "src="), quoted_after(&page, "href=")]
        .concat()
        .into_iter()
        .filter(|name| name.starts_with("/_ui/"))
        .collect();
    assert!(wanted.len() >= 3, "{wanted:?}");
    let mut seen = BTreeSet::new();
    while let Some(target) = wanted.pop() {
        if !seen.insert(target.clone()) {
            continue;
        }
        let file = site.get(&target);
        assert_eq!(file.status, 200, "{target}");
        let media = match target.rsplit('.').next().unwrap() {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            other => panic!("{target} ends in {other}"),
        };
        assert_eq!(file.header("content-type"), media, "{target}");
        assert_eq!(file.header("cache-control"), "no-cache");
        let text = String::from_utf8(file.body).unwrap();
        let imports = [
            quoted_after(&text, " from "),
            quoted_after(&text, "import("),
        ]
        .concat();
        for import in imports.iter().filter(|name| name.starts_with("./")) {
            wanted.push(format!("/_ui/{}", &import[2..]));
        }
    }
    // The scripts are many small files, found by what they import.
    assert!(seen.len() > 8, "{seen:?}");
}

#[test]
fn nothing_but_the_pages_files_can_be_had() {
    let site = Site::new();
    for target in [
        "/_ui/",
        "/_ui/nothing.js",
        "/_ui/../Cargo.toml",
        "/_ui/..%2fCargo.toml",
        "/_ui/%2e%2e/%2e%2e/etc/passwd",
        "/_ui/tests/stage.mjs",
        "/_ui//etc/passwd",
        "/Cargo.toml",
        "/_images",
        "/favicon.ico",
        "/_ui/%ff",
    ] {
        let answer = site.get(target);
        assert!(
            matches!(answer.status, 400 | 404 | 405),
            "{target}: {answer:?}"
        );
        answer.json();
    }
    let index = site.get("/nothing");
    assert_eq!(index.status, 404);
    let error = &index.json()["error"];
    assert_eq!(error["type"], "index_not_found_exception");
    assert_eq!(error["reason"], "no such index [nothing]");
    site.get("/_ui/nothing.js")
        .fails(404, "not_found", &["/_ui/nothing.js"]);
}

#[test]
fn the_head_of_every_route_is_that_of_its_answer() {
    let site = Site::new();
    let document = site.at("green.png");
    let targets = [
        "/",
        "/_ui/main.js",
        "/_health",
        "/_similar?size=1",
        &document,
        &format!("{document}/thumbnail"),
        &format!("{document}/original"),
    ];
    for target in targets {
        let (get, head) = (site.get(target), site.ask("HEAD", target, &[], b""));
        assert_eq!(head.status, 200, "{target}");
        assert!(head.body.is_empty(), "{target}");
        assert_eq!(
            head.header("content-type"),
            get.header("content-type"),
            "{target}"
        );
        // How long a search took may have another number of digits.
        if !target.starts_with("/_similar") {
            assert_eq!(
                head.header("content-length"),
                get.body.len().to_string(),
                "{target}"
            );
        }
    }
}

#[test]
fn methods_that_a_route_does_not_take_are_refused() {
    let site = Site::new();
    let document = site.at("green.png");
    for (method, target, allowed) in [
        ("DELETE", "/_health", "GET"),
        ("PUT", "/_similar", "GET"),
        ("GET", "/_images", "POST"),
        ("DELETE", &document, "GET"),
        ("POST", &document, "GET"),
    ] {
        let answer = site.ask(method, target, &[], b"");
        answer.fails(405, "invalid_input", &[method, target]);
        assert!(answer.header("allow").contains(allowed), "{answer:?}");
    }
    for (method, target, allowed) in [("POST", "/", "GET"), ("PATCH", "/a", "PUT")] {
        let answer = site.ask(method, target, &[], b"");
        assert_eq!(answer.status, 405);
        assert!(answer.header("allow").contains(allowed), "{answer:?}");
    }
}
