//! Plays scenarios, one after the other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::answer::Answer;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::matching::difference;
use crate::names::{self, Names};
use crate::place::find;
use crate::report::{Failure, Report};
use crate::scenario::{self, Engine, Scenario, Step};

/// How much of a wrong answer a report shows, in characters.
const SHOWN: usize = 1500;

/// What is played, and to whom.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the engine listens, such as `http://127.0.0.1:9200`.
    pub url: String,
    /// Which engine that is: scenarios that do not hold on it are left out.
    pub engine: Engine,
    /// Play only scenarios whose name contains this.
    pub only: Option<String>,
    /// The files of scenarios.
    pub files: Vec<PathBuf>,
}

/// Plays scenarios to an engine and reports which hold.
///
/// # Errors
///
/// Where a file is no file of scenarios, nothing answers at the address, or no scenario bears the name that was asked
/// for. What an engine answers wrongly is in the report.
pub fn play(options: &Options) -> Result<Report, Error> {
    let mut scenarios = scenario::read(&options.files)?;
    if let Some(only) = &options.only {
        scenarios.retain(|(_, scenario)| scenario.name.contains(only));
        if scenarios.is_empty() {
            return Err(Error::NothingToPlay { only: only.clone() });
        }
    }
    let exchange = Exchange::new(&options.url);
    exchange.reach().map_err(|reason| Error::Unreachable {
        url: options.url.clone(),
        reason,
    })?;
    let run = run_name();
    let mut report = Report::default();
    for (number, (file, scenario)) in scenarios.iter().enumerate() {
        if !scenario.engines.contains(&options.engine) {
            report.left_out += 1;
            continue;
        }
        let names = Names::new(options.engine, &format!("wire-{run}-{number}"));
        match play_one(&exchange, file, scenario, names) {
            None => report.passed += 1,
            Some(failure) => report.failures.push(failure),
        }
    }
    Ok(report)
}

/// A name that no other run has.
fn run_name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let micros = now.map_or(0, |now| now.as_micros());
    format!("{micros:x}-{:x}", std::process::id())
}

fn play_one(
    exchange: &Exchange,
    file: &Path,
    scenario: &Scenario,
    mut names: Names,
) -> Option<Failure> {
    let failure = |step: String, differences| {
        Some(Failure {
            file: file.to_owned(),
            scenario: scenario.name.clone(),
            step,
            differences,
        })
    };
    let own = match own_indices(scenario, &names) {
        Ok(own) => own,
        Err(reason) => return failure("before".to_owned(), vec![reason]),
    };
    let clean = || own.iter().try_for_each(|index| exchange.delete(index));
    if let Err(reason) = clean() {
        return failure("before".to_owned(), vec![reason]);
    }
    let setup = scenario.setup.iter().map(|step| ("setup", step));
    let steps = scenario.steps.iter().map(|step| ("step", step));
    let mut failed = None;
    for (number, (part, step)) in (1..).zip(setup.chain(steps)) {
        let number = match part {
            "step" => number - scenario.setup.len(),
            _ => number,
        };
        let differences = play_step(exchange, step, &mut names);
        if !differences.is_empty() {
            let line = names.text(&step.request);
            let line = line.unwrap_or_else(|_| step.request.clone());
            failed = failure(format!("{part} {number}: {line}"), differences);
            break;
        }
    }
    match clean() {
        Err(reason) if failed.is_none() => failure("after".to_owned(), vec![reason]),
        _ => failed,
    }
}

fn own_indices(scenario: &Scenario, names: &Names) -> Result<BTreeSet<String>, String> {
    let written = names::indices(scenario);
    written.iter().map(|index| names.text(index)).collect()
}

/// Plays one step and says what is wrong with its answer.
fn play_step(exchange: &Exchange, step: &Step, names: &mut Names) -> Vec<String> {
    match exchange.ask(step, names) {
        Err(reason) => vec![reason],
        Ok(answer) => judge(step, &answer, names).unwrap_or_else(|reason| vec![reason]),
    }
}

fn judge(step: &Step, answer: &Answer, names: &mut Names) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let Answer { status, body, .. } = answer;
    match step.status {
        Some(expected) if expected != *status => {
            wrong.push(format!("status: expected {expected}, got {status}"));
        }
        None if *status >= 300 => {
            wrong.push(format!("status: expected below 300, got {status}"));
        }
        _ => {}
    }
    for (place, expected) in names.object(&step.expected)? {
        if let Some(difference) = difference(&expected, find(body, &place).as_ref()) {
            wrong.push(format!("{place}: {difference}"));
        }
    }
    for (name, expected) in names.object(&step.answer_headers)? {
        if let Some(difference) = difference(&expected, answer.header(&name).as_ref()) {
            wrong.push(format!("header {name}: {difference}"));
        }
    }
    for (name, place) in &step.save {
        let place = place.as_str().ok_or("a place to save is no text")?;
        match find(body, place) {
            Some(value) => names.save(name, value),
            None => wrong.push(format!("{place}: nothing to save as ${name}")),
        }
    }
    if !wrong.is_empty() {
        wrong.push(format!("the answer: {}", shown(body)));
    }
    Ok(wrong)
}

fn shown(body: &Value) -> String {
    let text = body.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} …", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
