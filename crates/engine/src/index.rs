//! One index: its writer, its snapshot, and what catches the two up with the truth.

mod bulk;
mod condition;
mod recover;
mod update;

use crate::derived::{Derived, Place};
use crate::error::{EngineError, Result};
use crate::options::Options;
use crate::snapshot::{SearchSettings, Snapshot};
use crate::truth::{IndexMeta, Truth};
use crate::values::{Plan, check_dates};
use ann::Rows;
use document::{IndexSettings, IndexStatus, Limits, Mapping};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};

/// After so many writes what is derived is brought to the disk, so that no more has to be applied again.
const CHECKPOINT_WRITES: u64 = 20_000;

pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) id: u32,
    folder: PathBuf,
    options: Options,
    state: Mutex<State>,
    published: RwLock<Arc<Snapshot>>,
}

/// What the one writer of an index owns.
struct State {
    mapping: Arc<Mapping>,
    plan: Arc<Plan>,
    settings: IndexSettings,
    search_settings: Arc<SearchSettings>,
    /// Whether the index was deleted while somebody still held it.
    removed: bool,
    derived: Derived,
    /// What keeps `derived` behind the truth, until the next refresh mends it.
    fault: Option<Fault>,
    /// The seq_no of the next write.
    next_seq_no: u64,
    /// Everything before this seq_no is published.
    published_seq_no: u64,
    /// Everything before this seq_no is derived and on the disk.
    checkpoint_seq_no: u64,
    generation: u64,
    /// The rows that snapshots see which may still be in use, by generation, oldest first. It is the rows that count: a
    /// snapshot that nobody holds any more may not have let go of them yet.
    living: Vec<(u64, Vec<Weak<Rows>>)>,
}

/// A failure after which what is derived is behind the truth.
#[derive(Debug, Clone)]
enum Fault {
    /// Applying broke off: what is missing is applied again.
    Behind(String),
    /// What is derived was being made anew, is damaged, or has no room: it is made anew from the start.
    Unmade(String),
}

impl Fault {
    fn reason(&self) -> &str {
        match self {
            Self::Behind(reason) | Self::Unmade(reason) => reason,
        }
    }
}

impl State {
    fn set_mapping(&mut self, mapping: Mapping) {
        self.plan = Arc::new(Plan::new(&mapping, Limits::of(&self.settings)));
        self.mapping = Arc::new(mapping);
    }

    /// The oldest generation that somebody still sees.
    fn oldest_living(&mut self) -> u64 {
        self.living
            .retain(|(_, rows)| rows.iter().any(|rows| rows.strong_count() > 0));
        self.living
            .first()
            .map_or(self.generation, |(generation, _)| *generation)
    }
}

impl Index {
    /// Opens an index, brings what is derived up to the truth, and publishes it.
    pub(crate) fn open(
        truth: &Truth,
        name: &str,
        meta: IndexMeta,
        folder: PathBuf,
        options: Options,
    ) -> Result<Self> {
        let view = truth.view()?;
        let next_seq_no = view.next_seq_no(meta.id)?;
        let plan = Plan::new(&meta.mapping, Limits::of(&meta.settings));
        let derived = recover::open(truth, meta.id, &folder, &plan, &options)?;
        let checkpoint_seq_no = derived.covered();
        let mut state = State {
            mapping: Arc::new(meta.mapping),
            plan: Arc::new(plan),
            search_settings: Arc::new(SearchSettings::new(&meta.settings)),
            settings: meta.settings,
            removed: false,
            derived,
            fault: None,
            next_seq_no,
            published_seq_no: 0,
            checkpoint_seq_no,
            generation: 0,
            living: Vec::new(),
        };
        let snapshot = recover::snapshot(&mut state, truth, (name, meta.id))?;
        Ok(Self {
            name: name.to_owned(),
            id: meta.id,
            folder,
            options,
            state: Mutex::new(state),
            published: RwLock::new(snapshot),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers what searches see.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.published
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Answers the mapping as it is now.
    pub(crate) fn mapping(&self) -> Arc<Mapping> {
        self.lock().mapping.clone()
    }

    /// Whether writes are to be found without anybody asking for a refresh: an interval of -1 says no.
    pub(crate) fn refreshes_itself(&self) -> bool {
        let state = self.lock();
        let interval = state.settings.get("refresh_interval");
        !interval.is_some_and(|interval| *interval == "-1" || *interval == -1)
    }

    /// Answers the settings as they are now.
    pub(crate) fn settings(&self) -> IndexSettings {
        self.lock().settings.clone()
    }

    /// Adds fields to the mapping.
    pub(crate) fn put_mapping(&self, truth: &Truth, added: Mapping) -> Result<()> {
        check_dates(&added)?;
        let mut state = self.lock();
        let mut mapping = (*state.mapping).clone();
        mapping.merge(added)?;
        mapping.check(&Limits::of(&state.settings))?;
        if mapping == *state.mapping {
            return Ok(());
        }
        let mut batch = truth.begin()?;
        batch.put_index(&self.name, &self.meta(&state, mapping.clone()))?;
        batch.commit()?;
        state.set_mapping(mapping);
        self.grow(&mut state, truth);
        // A field is known to searches as soon as it is mapped, though no document has it.
        let snapshot = self.refreshed(&mut state, truth)?;
        self.publish(snapshot);
        Ok(())
    }

    /// What the truth keeps of the index, with a mapping that may have grown.
    fn meta(&self, state: &State, mapping: Mapping) -> IndexMeta {
        IndexMeta {
            id: self.id,
            mapping,
            settings: state.settings.clone(),
        }
    }

    /// Changes settings: those given replace those of the same name, and null takes one back to its default.
    pub(crate) fn put_settings(&self, truth: &Truth, changed: IndexSettings) -> Result<()> {
        let mut state = self.lock();
        let mut meta = self.meta(&state, (*state.mapping).clone());
        for (name, value) in changed.given {
            if value.0.is_null() {
                meta.settings.given.remove(&name);
            } else {
                meta.settings.given.insert(name, value);
            }
        }
        let mut batch = truth.begin()?;
        batch.put_index(&self.name, &meta)?;
        batch.commit()?;
        state.search_settings.set(&meta.settings);
        state.settings = meta.settings;
        state.set_mapping(meta.mapping);
        Ok(())
    }

    /// Says what lists say of the index.
    pub(crate) fn status(&self) -> IndexStatus {
        let snapshot = self.snapshot();
        let state = self.lock();
        IndexStatus {
            name: self.name.clone(),
            documents: snapshot.count(),
            documents_and_nested: snapshot.searcher.num_docs(),
            deleted: snapshot
                .searcher
                .segment_readers()
                .iter()
                .map(|segment| u64::from(segment.num_deleted_docs()))
                .sum(),
            bytes: folder_bytes(&self.folder),
            mapping: (*state.mapping).clone(),
            settings: state.settings.clone(),
            graphs: snapshot.graphs(),
        }
    }

    /// Merges segments until at most `max_segments` are left.
    pub(crate) fn force_merge(&self, truth: &Truth, max_segments: usize) -> Result<()> {
        self.refresh(truth)?;
        let mut state = self.lock();
        state.derived.merge(max_segments)?;
        let snapshot = self.refreshed(&mut state, truth)?;
        self.publish(snapshot);
        Ok(())
    }

    /// Removes the folder of an index that the truth no longer has. Nothing is written to it afterwards.
    pub(crate) fn remove(&self, folder: &Path) -> Result<()> {
        let mut state = self.lock();
        state.removed = true;
        // What is derived is of no use any more, whatever state its writer was in.
        drop(state.derived.close());
        std::fs::remove_dir_all(folder).map_err(EngineError::io(folder))
    }

    /// Publishes everything written.
    pub(crate) fn refresh(&self, truth: &Truth) -> Result<()> {
        let mut state = self.lock();
        if state.removed {
            return Ok(());
        }
        if state.fault.is_none() && state.published_seq_no == state.next_seq_no {
            return Ok(());
        }
        let snapshot = self.refreshed(&mut state, truth)?;
        self.publish(snapshot);
        if state.next_seq_no - state.checkpoint_seq_no >= CHECKPOINT_WRITES {
            self.checkpoint_locked(&mut state, truth)?;
        }
        Ok(())
    }

    fn publish(&self, snapshot: Arc<Snapshot>) {
        *self
            .published
            .write()
            .unwrap_or_else(PoisonError::into_inner) = snapshot;
    }

    fn refreshed(&self, state: &mut State, truth: &Truth) -> Result<Arc<Snapshot>> {
        self.mend(state, truth)?;
        recover::snapshot(state, truth, (&self.name, self.id)).inspect_err(|error| {
            state.fault = Some(Fault::Behind(error.to_string()));
        })
    }

    /// Brings what is derived up to the truth after a failure.
    fn mend(&self, state: &mut State, truth: &Truth) -> Result<()> {
        let Some(fault) = state.fault.clone() else {
            return Ok(());
        };
        let mended = match &fault {
            Fault::Behind(_) => recover::mend(&mut state.derived, truth, self.id, &state.plan),
            Fault::Unmade(_) => self.rebuild(state, truth),
        };
        match mended {
            Ok(()) => {
                state.fault = None;
                Ok(())
            }
            Err(error) => Err(EngineError::Behind {
                index: self.name.clone(),
                reason: format!("{}; and now: {error}", fault.reason()),
            }),
        }
    }

    fn rebuild(&self, state: &mut State, truth: &Truth) -> Result<()> {
        // The folder is emptied below it, so the old one lets go of its writer first.
        state.derived.close()?;
        let mut made = recover::rebuild(truth, self.id, &self.folder, &state.plan, &self.options)?;
        made.tell_for(&mut state.derived);
        state.derived = made;
        Ok(())
    }

    /// Brings everything published to the disk, so that opening has nothing to apply.
    pub(crate) fn checkpoint(&self, truth: &Truth) -> Result<()> {
        self.refresh(truth)?;
        let mut state = self.lock();
        if state.checkpoint_seq_no == state.next_seq_no && state.derived.text.is_synced() {
            return Ok(());
        }
        self.checkpoint_locked(&mut state, truth)
    }

    fn checkpoint_locked(&self, state: &mut State, truth: &Truth) -> Result<()> {
        state.derived.checkpoint()?;
        let covered = state.derived.covered();
        state.checkpoint_seq_no = covered;
        let mut batch = truth.begin()?;
        batch.forget_deletions(self.id, covered)?;
        batch.commit()
    }

    /// Gives the threads and memory of writing back.
    pub(crate) fn close(&self) -> Result<()> {
        let mut state = self.lock();
        let saved = state.derived.save_graphs();
        saved.and(state.derived.close())
    }

    /// Verifies the extent of vectors at a place, or the first one after it, and answers the place after that; none at the
    /// end. Where it is damaged, everything derived is made anew, so that nothing is left to verify; writes wait meanwhile,
    /// and searches see the last snapshot.
    pub(crate) fn scrub(&self, truth: &Truth, place: &Place) -> Result<Option<Place>> {
        let mut state = self.lock();
        // What is to be made anew needs no verification.
        if state.removed || matches!(state.fault, Some(Fault::Unmade(_))) {
            return Ok(None);
        }
        let Some((problem, next)) = state.derived.verify_from(place) else {
            return Ok(None);
        };
        let Some(problem) = problem else {
            return Ok(Some(next));
        };
        state.derived.has_mended(&problem);
        state.fault = Some(Fault::Unmade(problem.to_string()));
        let snapshot = self.refreshed(&mut state, truth)?;
        self.publish(snapshot);
        self.checkpoint_locked(&mut state, truth)?;
        Ok(None)
    }

    /// Answers, once, what was found to be damaged and was made again.
    pub(crate) fn take_mended(&self) -> Vec<String> {
        self.lock().derived.take_mended()
    }

    /// Names the places whose checksums do not fit.
    pub(crate) fn damage(&self) -> Result<Vec<String>> {
        self.lock().derived.damage()
    }
}

/// Bytes of the files in a folder and below it; what vanishes meanwhile counts nothing.
fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let bytes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => folder_bytes(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    bytes.sum()
}
