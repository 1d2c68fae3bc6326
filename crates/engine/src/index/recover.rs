//! Bringing what is derived up to the truth, and taking snapshots of both.

use super::State;
use crate::derived::Derived;
use crate::error::{EngineError, Result};
use crate::options::Options;
use crate::snapshot::Snapshot;
use crate::truth::{Truth, View};
use crate::values::{Plan, retake};
use document::ErrorKind;
use std::path::Path;
use std::sync::Arc;

/// Entries of the log that are read at a time.
const PAGE: usize = 256;

/// Opens what is derived and applies what it lacks; makes it anew when it is missing or damaged.
pub(super) fn open(
    truth: &Truth,
    index: u32,
    folder: &Path,
    plan: &Plan,
    options: &Options,
) -> Result<Derived> {
    let view = truth.view()?;
    let next = view.next_seq_no(index)?;
    let is_there = folder.exists();
    let opened = Derived::open(folder, &plan.leaves, options).and_then(|derived| {
        if derived.covered() > next {
            let reason = format!(
                "it holds writes up to {}, the truth only up to {next}",
                derived.covered()
            );
            return Err(EngineError::corrupt(folder, reason));
        }
        Ok(derived)
    });
    let mut derived = match opened {
        Ok(derived) => derived,
        Err(error) if error.kind() == ErrorKind::Corrupt => {
            let mut derived = Derived::create(folder, &plan.leaves, options)?;
            // Where nothing was derived yet, nothing was damaged.
            if is_there {
                derived.has_mended(&error);
            }
            derived
        }
        Err(error) => return Err(error),
    };
    let covered = derived.covered();
    if covered < next {
        replay(&mut derived, &view, index, plan, covered)?;
        derived.commit(next, 0, 0)?;
        derived.checkpoint()?;
    }
    Ok(derived)
}

/// Makes what is derived anew, with room for every field.
pub(super) fn rebuild(
    truth: &Truth,
    index: u32,
    folder: &Path,
    plan: &Plan,
    options: &Options,
) -> Result<Derived> {
    let view = truth.view()?;
    let mut derived = Derived::create(folder, &plan.leaves, options)?;
    replay(&mut derived, &view, index, plan, 0)?;
    Ok(derived)
}

/// Applies again what a failure in the middle of it may have left out.
pub(super) fn mend(derived: &mut Derived, truth: &Truth, index: u32, plan: &Plan) -> Result<()> {
    derived.rewind()?;
    let covered = derived.text.covered;
    replay(derived, &truth.view()?, index, plan, covered)
}

/// Applies every write from `seq_no` on.
fn replay(
    derived: &mut Derived,
    view: &View,
    index: u32,
    plan: &Plan,
    mut seq_no: u64,
) -> Result<()> {
    loop {
        let entries = view.log(index, seq_no, PAGE)?;
        let Some(last) = entries.last() else {
            return Ok(());
        };
        seq_no = last.seq_no + 1;
        for entry in entries {
            if entry.deleted {
                derived.delete(&entry.id)?;
                continue;
            }
            let stored = view.get(index, &entry.id)?.ok_or_else(|| {
                let reason = format!(
                    "the log says that {} was written by {}, and it is not there",
                    entry.id, entry.seq_no
                );
                EngineError::corrupt(view.path(), reason)
            })?;
            let unreadable = |reason: String| {
                EngineError::corrupt(view.path(), format!("document {}: {reason}", entry.id))
            };
            let prepared = retake(plan, &entry.id, &stored.document)
                .map_err(|failure| unreadable(failure.to_string()))?;
            derived.put(&entry.id, stored.seq_no, &prepared)?;
        }
    }
}

/// Commits what is derived and takes a snapshot of it with the truth that it came from.
pub(super) fn snapshot(
    state: &mut State,
    truth: &Truth,
    (name, index): (&str, u32),
) -> Result<Arc<Snapshot>> {
    let generation = state.generation + 1;
    let oldest = state.oldest_living();
    let view = truth.view()?;
    let derived = &mut state.derived;
    derived.commit(state.next_seq_no, generation, oldest)?;
    let snapshot = Arc::new(Snapshot::new(
        (name, index),
        (state.mapping.clone(), derived.text.fields.clone()),
        derived.searcher(),
        derived.views()?,
        view,
        state.search_settings.clone(),
    )?);
    state.generation = generation;
    let rows = snapshot.vectors.values();
    let rows = rows.map(|view| Arc::downgrade(&view.rows)).collect();
    state.living.push((generation, rows));
    state.published_seq_no = state.next_seq_no;
    Ok(snapshot)
}
