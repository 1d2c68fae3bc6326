//! Arrows between crates point down, and the modules of a crate form no circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The crates by their layer: each may use those of lower layers.
const LAYERS: [&[&str]; 8] = [
    &["kernels", "document", "archives"],
    &["ann", "vision", "script"],
    &["query"],
    &["engine", "elastic"],
    &["backends"],
    &["catalog"],
    &["server"],
    &["cli", "ann-bench"],
];

/// Crates that use none of the others.
const ALONE: [&str; 3] = ["conformance", "peers", "samples"];

/// Names of crates or modules, and what each uses.
type Graph = BTreeMap<String, BTreeSet<String>>;

fn crates_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn arrows_between_crates_point_down() {
    let wrong = wrong_arrows(&crate_graph(&crates_folder()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn modules_form_no_circles() {
    let mut circles = Vec::new();
    for name in crate_graph(&crates_folder()).keys() {
        let graph = module_graph(&crates_folder().join(name).join("src"));
        if let Some(circle) = circle_in(&graph) {
            circles.push(format!("crate {name}: {}", circle.join(" uses ")));
        }
    }
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

/// The crates of the workspace and which of them each uses, in its program, its tests and its build.
fn crate_graph(folder: &Path) -> Graph {
    let mut manifests = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if let Ok(manifest) = fs::read_to_string(path.join("Cargo.toml")) {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            manifests.insert(name, manifest.parse::<toml::Table>().unwrap());
        }
    }
    assert!(manifests.contains_key("cli"), "{manifests:?}");
    let uses = |manifest: &toml::Table| {
        dependencies(manifest)
            .into_iter()
            .filter(|name| manifests.contains_key(name))
            .collect()
    };
    manifests
        .iter()
        .map(|(name, manifest)| (name.clone(), uses(manifest)))
        .collect()
}

/// Every dependency in a manifest or in a part of it, such as one for a platform.
fn dependencies(manifest: &toml::Table) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (key, value) in manifest {
        let Some(table) = value.as_table() else {
            continue;
        };
        if key.ends_with("dependencies") {
            for (name, dependency) in table {
                let package = dependency.get("package").and_then(toml::Value::as_str);
                found.insert(package.unwrap_or(name).to_owned());
            }
        } else {
            found.extend(dependencies(table));
        }
    }
    found
}

/// Describes every arrow that points up or sideways.
fn wrong_arrows(crates: &Graph) -> Vec<String> {
    let layer = |name: &str| LAYERS.iter().position(|layer| layer.contains(&name));
    let mut wrong = Vec::new();
    for (name, uses) in crates {
        let alone = ALONE.contains(&name.as_str());
        let own = layer(name);
        if own.is_none() && !alone {
            wrong.push(format!("crate {name} has no layer: give it one here"));
        }
        for used in uses {
            // The program's own tests are where what stands alone is put to use.
            if name == "cli" && ALONE.contains(&used.as_str()) {
                continue;
            }
            let points_down = own.zip(layer(used)).is_some_and(|(own, used)| used < own);
            if alone || !points_down {
                wrong.push(format!("crate {name} must not use crate {used}"));
            }
        }
    }
    wrong
}

/// The modules right below a crate's root and which of them each uses. What the root exports stands for the module that
/// it comes from.
fn module_graph(source: &Path) -> Graph {
    let mut files = Vec::new();
    collect(source, &mut Vec::new(), &mut files);
    let mut exported = BTreeMap::new();
    let mut graph = Graph::new();
    for (module, text) in &files {
        match module.first() {
            Some(top) => {
                graph.entry(top.clone()).or_default();
            }
            None => exported.extend(exports(text)),
        }
    }
    let modules: BTreeSet<String> = graph.keys().cloned().collect();
    for (module, text) in &files {
        let Some(top) = module.first() else {
            continue;
        };
        for name in uses_of_root(text, module.len()) {
            let used = exported.get(&name).unwrap_or(&name);
            if used != top
                && modules.contains(used)
                && let Some(uses) = graph.get_mut(top)
            {
                uses.insert(used.clone());
            }
        }
    }
    graph
}

/// Reads a folder's files as modules: the path of each, and its text without comments, strings and tests.
fn collect(folder: &Path, at: &mut Vec<String>, files: &mut Vec<(Vec<String>, String)>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        // A file of tests may use whatever it likes.
        if name == "tests" {
            continue;
        }
        let root = at.is_empty() && (name == "lib" || name == "main");
        if !root {
            at.push(name);
        }
        if path.is_dir() {
            collect(&path, at, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = without_tests(&code_of(&fs::read_to_string(&path).unwrap()));
            files.push((at.clone(), text));
        }
        if !root {
            at.pop();
        }
    }
}

/// The code without comments, and with nothing in its strings.
fn code_of(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::new();
    let mut at = 0;
    let is = |at: usize, letter: char| letters.get(at) == Some(&letter);
    while let Some(&letter) = letters.get(at) {
        let after_word = code.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        if letter == '/' && is(at + 1, '/') {
            while at < letters.len() && !is(at, '\n') {
                at += 1;
            }
        } else if letter == '/' && is(at + 1, '*') {
            let mut depth = 0;
            loop {
                if is(at, '/') && is(at + 1, '*') {
                    (depth, at) = (depth + 1, at + 2);
                } else if is(at, '*') && is(at + 1, '/') {
                    (depth, at) = (depth - 1, at + 2);
                } else {
                    at += 1;
                }
                if depth == 0 || at >= letters.len() {
                    break;
                }
            }
        } else if letter == 'r' && !after_word && raw_string_end(&letters, at).is_some() {
            at = raw_string_end(&letters, at).unwrap_or(at + 1);
            code.push_str("\"\"");
        } else if letter == '"' {
            at += 1;
            while at < letters.len() && !is(at, '"') {
                at += if is(at, '\\') { 2 } else { 1 };
            }
            at += 1;
            code.push_str("\"\"");
        } else if letter == '\'' && (is(at + 2, '\'') || is(at + 1, '\\')) {
            // A letter in quotes, and not a lifetime.
            at += if is(at + 1, '\\') { 3 } else { 2 };
            while at < letters.len() && !is(at, '\'') {
                at += 1;
            }
            at += 1;
            code.push_str("' '");
        } else {
            code.push(letter);
            at += 1;
        }
    }
    code
}

/// Where a raw string ends that starts here.
fn raw_string_end(letters: &[char], start: usize) -> Option<usize> {
    let hashes = letters[start + 1..]
        .iter()
        .take_while(|letter| **letter == '#')
        .count();
    let open = start + 1 + hashes;
    if letters.get(open) != Some(&'"') {
        return None;
    }
    (open + 1..letters.len()).find_map(|at| {
        let end = at + 1 + hashes;
        let closes = letters[at] == '"' && letters.get(at + 1..end)?.iter().all(|l| *l == '#');
        closes.then_some(end)
    })
}

/// Takes out what stands after `#[cfg(test)]`, up to the end of its braces or its semicolon.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::new();
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        kept.push_str(&rest[..at]);
        rest = &rest[at + MARK.len()..];
        let mut depth = 0_i32;
        let end = rest.find(|letter| {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth == 0 && matches!(letter, '}' | ';')
        });
        rest = end.map_or("", |end| &rest[end + 1..]);
    }
    kept + rest
}

/// What the root of a crate exports: each name, and the module that it comes from.
fn exports(code: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for statement in code.split(';') {
        let Some((before, path)) = statement.split_once("use ") else {
            continue;
        };
        let words = before.split_whitespace().last().unwrap_or_default();
        if !(words.is_empty() || words.starts_with("pub")) {
            continue;
        }
        let path = path
            .trim()
            .trim_start_matches("crate::")
            .trim_start_matches("self::");
        if let Some((module, names)) = path.split_once("::") {
            let names = names.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
            for name in names.filter(|name| !name.is_empty()) {
                found.push((name.to_owned(), module.to_owned()));
            }
        }
    }
    found
}

/// The first names of the paths that start at the crate's root, by `crate::` or by as many `super::` as the module is
/// deep.
fn uses_of_root(code: &str, depth: usize) -> BTreeSet<String> {
    let up = "super::".repeat(depth);
    let mut found = BTreeSet::new();
    for start in ["crate::", &up] {
        for (at, _) in code.match_indices(start) {
            let part_of_more = code[..at].ends_with(|letter: char| {
                letter.is_alphanumeric() || matches!(letter, '_' | '$' | ':')
            });
            if !part_of_more {
                found.extend(first_names(&code[at + start.len()..]));
            }
        }
    }
    found
}

/// The first name of a path, or of each path in a group.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        let text = text.trim_start();
        text.chars()
            .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
            .collect()
    };
    let Some(group) = path.trim_start().strip_prefix('{') else {
        return vec![name(path)];
    };
    let mut names = vec![name(group)];
    let mut depth = 0;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(&group[at + 1..])),
            _ => {}
        }
    }
    names
}

/// A circle in a graph, if there is one: names, the first once more at the end.
fn circle_in(graph: &Graph) -> Option<Vec<String>> {
    fn visit(
        graph: &Graph,
        name: &str,
        trail: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(start) = trail.iter().position(|earlier| earlier == name) {
            let mut circle = trail[start..].to_vec();
            circle.push(name.to_owned());
            return Some(circle);
        }
        if done.contains(name) {
            return None;
        }
        trail.push(name.to_owned());
        for used in graph.get(name).into_iter().flatten() {
            if let Some(circle) = visit(graph, used, trail, done) {
                return Some(circle);
            }
        }
        trail.pop();
        done.insert(name.to_owned());
        None
    }
    let mut done = BTreeSet::new();
    graph
        .keys()
        .find_map(|name| visit(graph, name, &mut Vec::new(), &mut done))
}

#[test]
fn an_arrow_that_points_up_or_sideways_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = |name: &str, text: &str| {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("Cargo.toml"), text).unwrap();
    };
    manifest(
        "cli",
        "[dependencies]\nserver.workspace = true\nserde = \"1\"",
    );
    manifest("server", "[dev-dependencies]\ncli = { path = \"../cli\" }");
    manifest(
        "kernels",
        "[target.'cfg(unix)'.dependencies]\nd = { package = \"document\" }",
    );
    manifest("document", "[build-dependencies]\nsamples.workspace = true");
    manifest("samples", "[dependencies.kernels]\nworkspace = true");
    manifest("newcomer", "[dependencies]");
    assert_eq!(
        wrong_arrows(&crate_graph(folder.path())),
        [
            "crate document must not use crate samples",
            "crate kernels must not use crate document",
            "crate newcomer has no layer: give it one here",
            "crate samples must not use crate kernels",
            "crate server must not use crate cli",
        ]
    );
}

#[test]
fn a_circle_of_modules_is_found_however_it_is_written() {
    let circle = |files: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        circle_in(&module_graph(folder.path()))
    };
    let found = Some(["a", "b", "a"].map(str::to_owned).to_vec());
    assert_eq!(
        circle(&[
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "fn f(a: crate::a::A) {}")
        ]),
        found
    );
    let grouped = "use crate::{\n  c::{x, y},\n  b::B,\n};";
    assert_eq!(
        circle(&[
            ("a/deep.rs", grouped),
            ("b.rs", "use super::a;"),
            ("c.rs", "")
        ]),
        found
    );
    let root = "mod a;\nmod b;\npub use a::A;\npub use b::{B, C};";
    let files = [
        ("lib.rs", root),
        ("a.rs", "use crate::C;"),
        ("b/in.rs", "use super::super::A;"),
    ];
    assert_eq!(circle(&files), found);
    let innocent = "// crate::a\n/* crate::a */ const S: &str = \"crate::a \\\" crate::a\";\n\
        const R: &str = r#\"crate::a\"#; const Q: char = '\"'; fn f<'a>(x: &'a str) {}\n\
        #[cfg(test)]\nmod tests { use crate::a; fn g() {} }\n\
        #[cfg(test)]\nuse crate::a::fake;\nuse other_crate::a;";
    let files = [
        ("a.rs", "use crate::b;"),
        ("b.rs", innocent),
        ("b/tests.rs", "use crate::a;"),
    ];
    assert_eq!(circle(&files), None);
    let after = format!("{innocent}\nuse crate::a;");
    assert_eq!(
        circle(&[("a.rs", "use crate::b;"), ("b.rs", &after)]),
        found
    );
    let three = [
        ("a.rs", "use crate::b;"),
        ("b.rs", "use crate::c;"),
        ("c.rs", "use crate::a;"),
    ];
    assert_eq!(circle(&three).map(|circle| circle.len()), Some(4));
}
