//! Scenarios as they are written in files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::Error;

/// An engine that scenarios are played to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Engine {
    /// Elasticsearch 8, the reference for all but scripts.
    #[serde(rename = "elasticsearch-8")]
    Elasticsearch8,
    /// OpenSearch 3, the reference for scripts.
    #[serde(rename = "opensearch-3")]
    OpenSearch3,
    /// Ours.
    #[serde(rename = "eidetic")]
    Eidetic,
}

impl FromStr for Engine {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "elasticsearch-8" => Ok(Self::Elasticsearch8),
            "opensearch-3" => Ok(Self::OpenSearch3),
            "eidetic" => Ok(Self::Eidetic),
            _ => Err(Error::UnknownEngine {
                got: name.to_owned(),
            }),
        }
    }
}

/// What is shown of an engine, step by step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    #[serde(default = "reference_and_ours")]
    pub(crate) engines: Vec<Engine>,
    why: Option<String>,
    #[serde(default)]
    pub(crate) setup: Vec<Step>,
    pub(crate) steps: Vec<Step>,
}

/// One request and what its answer must be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) request: String,
    #[serde(default)]
    pub(crate) headers: Map<String, Value>,
    pub(crate) body: Option<Value>,
    pub(crate) bytes: Option<String>,
    #[serde(default)]
    pub(crate) gzip: bool,
    pub(crate) status: Option<u16>,
    #[serde(default, rename = "match")]
    pub(crate) expected: Map<String, Value>,
    #[serde(default)]
    pub(crate) answer_headers: Map<String, Value>,
    #[serde(default)]
    pub(crate) save: Map<String, Value>,
}

fn reference_and_ours() -> Vec<Engine> {
    vec![Engine::Elasticsearch8, Engine::Eidetic]
}

/// Reads files of scenarios, each with the path of its file.
///
/// # Errors
///
/// Where a file cannot be read, is not written as scenarios are, or holds a scenario that contradicts itself or bears
/// another one's name.
pub(crate) fn read(files: &[PathBuf]) -> Result<Vec<(PathBuf, Scenario)>, Error> {
    let mut found = Vec::new();
    let mut names = BTreeSet::new();
    for path in files {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Read {
            path: path.clone(),
            source,
        })?;
        for scenario in parse(path, &text)? {
            if !names.insert(scenario.name.clone()) {
                return Err(wrong(path, &scenario, "this name is taken"));
            }
            found.push((path.clone(), scenario));
        }
    }
    Ok(found)
}

fn parse(path: &Path, text: &str) -> Result<Vec<Scenario>, Error> {
    let scenarios: Vec<Scenario> = yaml_serde::from_str(text).map_err(|source| Error::Format {
        path: path.to_owned(),
        source,
    })?;
    for scenario in &scenarios {
        let held_by_reference = scenario.engines.contains(&Engine::Elasticsearch8);
        if scenario.engines.is_empty() {
            return Err(wrong(path, scenario, "it holds on no engine"));
        }
        if !held_by_reference && scenario.why.is_none() {
            let reason = "it says not why it does not hold on elasticsearch-8";
            return Err(wrong(path, scenario, reason));
        }
        if scenario.steps.is_empty() {
            return Err(wrong(path, scenario, "it has no steps"));
        }
        for step in scenario.setup.iter().chain(&scenario.steps) {
            if step.body.is_some() && step.bytes.is_some() {
                let reason = format!("{}: it has both body and bytes", step.request);
                return Err(wrong(path, scenario, &reason));
            }
        }
    }
    Ok(scenarios)
}

fn wrong(path: &Path, scenario: &Scenario, reason: &str) -> Error {
    Error::Scenario {
        path: path.to_owned(),
        scenario: scenario.name.clone(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(text: &str) -> String {
        match parse(Path::new("f.yaml"), text) {
            Ok(scenarios) => panic!("{scenarios:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let text = "- name: a\n  steps: [{ request: GET / }]";
        let scenarios = parse(Path::new("f.yaml"), text).unwrap();
        assert_eq!(
            scenarios[0].engines,
            [Engine::Elasticsearch8, Engine::Eidetic]
        );
        assert_eq!(scenarios[0].steps[0].status, None);
        assert!(!scenarios[0].steps[0].gzip);
    }

    #[test]
    fn what_contradicts_itself_is_named() {
        let unknown = error_of("- name: a\n  stepps: []");
        assert!(unknown.contains("stepps"), "{unknown}");
        let engine = error_of("- name: a\n  engines: [solr]\n  steps: []");
        assert!(engine.contains("solr"), "{engine}");
        let silent = error_of("- name: a\n  engines: [eidetic]\n  steps: [{ request: GET / }]");
        assert!(silent.contains("not why"), "{silent}");
        let both = error_of("- name: a\n  steps: [{ request: PUT /x, body: {}, bytes: AA }]");
        assert!(both.contains("PUT /x"), "{both}");
        let none = error_of("- name: a\n  steps: []");
        assert!(none.contains("no steps"), "{none}");
    }
}
