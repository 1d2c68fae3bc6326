//! The engine as its callers see it.

use crate::check::{self, CheckReport, RecallReport};
use crate::error::{EngineError, Result};
use crate::folder::Folder;
use crate::index::Index;
use crate::linker::{self, Linker, Round};
use crate::options::Options;
use crate::search;
use crate::snapshot::Snapshot;
use crate::truth::Truth;
use crate::values::check_dates;
use document::{
    GetOptions, Got, IndexDefinition, IndexSettings, IndexStatus, ItemError, Limits, Mapping,
    Stored, Write, WriteAnswer,
};
use query::{SearchAnswer, SearchRequest};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a write waits at most until searches see it by themselves.
const REFRESH_INTERVAL: Duration = Duration::from_secs(1);

/// An open data folder.
///
/// All functions can be called from any thread. They wait for the disk, so async callers run them on a thread of
/// their own.
pub struct Engine {
    shared: Arc<Shared>,
    stop: Option<Sender<()>>,
    refresher: Option<JoinHandle<()>>,
    linker: Linker,
}

struct Shared {
    truth: Arc<Truth>,
    indices: RwLock<BTreeMap<String, Arc<Index>>>,
    options: Options,
    folder: Folder,
}

impl Engine {
    /// Opens a data folder, which is made when it is not there.
    ///
    /// # Errors
    /// When another process holds the folder, it has a newer format, the truth in it is damaged, or the disk fails.
    pub fn open(folder: &Path) -> Result<Self> {
        Self::open_with(folder, Options::default())
    }

    /// Opens a data folder with other options than those by default.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(folder: &Path, options: Options) -> Result<Self> {
        let mut folder = Folder::hold(folder)?;
        let truth = Truth::open(&folder.truth(), &options.disk)?;
        if folder.is_older() {
            truth.migrate(folder.made_ms())?;
            folder.mark_newest()?;
        }
        let metas = truth.indices()?;
        let known: Vec<u32> = metas.iter().map(|(_, meta)| meta.id).collect();
        folder.remove_strays(&known)?;
        let mut indices = BTreeMap::new();
        for (name, meta) in metas {
            let path = folder.index(meta.id);
            let index = Index::open(&truth, &name, meta, path, options.clone())?;
            indices.insert(name, Arc::new(index));
        }
        let shared = Arc::new(Shared {
            truth: Arc::new(truth),
            indices: RwLock::new(indices),
            options,
            folder,
        });
        let (stop, stopped) = mpsc::channel();
        let refreshing = shared.clone();
        let refresher = thread::Builder::new()
            .name("refresh".to_owned())
            .spawn(move || {
                while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(REFRESH_INTERVAL) {
                    for index in refreshing.all() {
                        if !index.refreshes_itself() {
                            continue;
                        }
                        // A failure is kept by the index, tried again in a second, and told to whoever asks next.
                        drop(index.refresh(&refreshing.truth));
                    }
                }
            })
            .map_err(EngineError::io(Path::new("thread")))?;
        let linking = shared.clone();
        let linker = Linker::start(move || linking.all(), shared.truth.clone())?;
        Ok(Self {
            shared,
            stop: Some(stop),
            refresher: Some(refresher),
            linker,
        })
    }

    /// Lists the indices, sorted by name.
    pub fn indices(&self) -> Vec<IndexStatus> {
        let indices = self.shared.all();
        indices.iter().map(|index| index.status()).collect()
    }

    /// Adds an index.
    ///
    /// # Errors
    /// When it exists, its name is not valid, its mapping says what cannot be, or the disk fails.
    pub fn create_index(&self, name: &str, definition: impl Into<IndexDefinition>) -> Result<()> {
        check_name(name)?;
        let IndexDefinition { mapping, settings } = definition.into();
        mapping.check(&Limits::of(&settings))?;
        check_dates(&mapping)?;
        let shared = &self.shared;
        let mut indices = shared
            .indices
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if indices.contains_key(name) {
            return Err(EngineError::IndexExists(name.to_owned()));
        }
        let mut batch = shared.truth.begin()?;
        let meta = batch.create_index(name, mapping, settings)?;
        batch.commit()?;
        let id = meta.id;
        let path = shared.folder.index(id);
        let index = Index::open(&shared.truth, name, meta, path, shared.options.clone())?;
        indices.insert(name.to_owned(), Arc::new(index));
        Ok(())
    }

    /// Removes an index and all its documents.
    ///
    /// # Errors
    /// When it does not exist, or the disk fails.
    pub fn delete_index(&self, name: &str) -> Result<()> {
        let shared = &self.shared;
        let mut indices = shared
            .indices
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let index = indices
            .get(name)
            .ok_or_else(|| EngineError::NoIndex(name.to_owned()))?;
        let id = index.id;
        let mut batch = shared.truth.begin()?;
        batch.delete_index(name, id)?;
        batch.commit()?;
        let index = indices.remove(name);
        drop(indices);
        let path = shared.folder.index(id);
        index.map_or(Ok(()), |index| index.remove(&path))
    }

    /// Answers an index's mapping.
    ///
    /// # Errors
    /// When the index does not exist.
    pub fn mapping(&self, index: &str) -> Result<Mapping> {
        Ok((*self.shared.index(index)?.mapping()).clone())
    }

    /// Adds fields to an index's mapping.
    ///
    /// # Errors
    /// When the index does not exist, a field contradicts the mapping, or the disk fails.
    pub fn put_mapping(&self, index: &str, mapping: Mapping) -> Result<()> {
        self.shared
            .index(index)?
            .put_mapping(&self.shared.truth, mapping)
    }

    /// Answers an index's settings.
    ///
    /// # Errors
    /// When the index does not exist.
    pub fn settings(&self, index: &str) -> Result<IndexSettings> {
        Ok(self.shared.index(index)?.settings())
    }

    /// Changes an index's settings: those given replace those of the same name, and null takes one back to its default.
    ///
    /// # Errors
    /// When the index does not exist, or the disk fails.
    pub fn put_settings(&self, index: &str, settings: IndexSettings) -> Result<()> {
        self.shared
            .index(index)?
            .put_settings(&self.shared.truth, settings)
    }

    /// Merges the text index's segments until at most `max_segments` are left (1 or more), and gives the space of
    /// deleted documents back.
    ///
    /// # Errors
    /// When the index does not exist, or the disk fails.
    pub fn force_merge(&self, index: &str, max_segments: usize) -> Result<()> {
        self.shared
            .index(index)?
            .force_merge(&self.shared.truth, max_segments)
    }

    /// Brings one index to the disk, so that the next opening has nothing to apply.
    ///
    /// # Errors
    /// When the index does not exist, or the disk fails; nothing acknowledged is lost then.
    pub fn flush(&self, index: &str) -> Result<()> {
        self.shared.index(index)?.checkpoint(&self.shared.truth)
    }

    /// Writes a batch. Each write is answered by itself, in order; when this returns, every write that was not refused
    /// is on the disk.
    ///
    /// # Errors
    /// When the index does not exist, or the batch as a whole could not be made durable: then none of it is.
    pub fn bulk(
        &self,
        index: &str,
        writes: Vec<Write>,
    ) -> Result<Vec<std::result::Result<WriteAnswer, ItemError>>> {
        self.shared.index(index)?.bulk(&self.shared.truth, writes)
    }

    /// Answers a document as it was last written, whether searches see it yet or not.
    ///
    /// # Errors
    /// When the index does not exist, or the document is damaged.
    pub fn get(&self, index: &str, id: &str) -> Result<Option<Stored>> {
        let index = self.shared.index(index)?;
        self.shared.truth.view()?.get(index.id, id)
    }

    /// Answers a document, as it was last written or as searches see it, and the values of fields that the mapping keeps
    /// by themselves.
    ///
    /// # Errors
    /// When the index does not exist, or the document is damaged.
    pub fn get_with(&self, index: &str, id: &str, options: &GetOptions) -> Result<Option<Got>> {
        let name = index;
        let index = self.shared.index(name)?;
        let routing = options.routing.as_deref();
        index.mapping().check_routing(name, id, routing)?;
        let stored = match options.realtime {
            true => self.shared.truth.view()?.get(index.id, id)?,
            false => index.snapshot().truth.get(index.id, id)?,
        };
        let Some(stored) = stored else {
            return Ok(None);
        };
        let fields = search::stored_fields(&index.mapping(), &stored, &options.stored_fields)?;
        Ok(Some(Got { stored, fields }))
    }

    /// Answers up to `limit` documents whose ids come after `after`, sorted by id, as they were last written.
    ///
    /// # Errors
    /// When the index does not exist, or a document is damaged.
    pub fn scan(&self, index: &str, after: Option<&str>, limit: usize) -> Result<Vec<Stored>> {
        let index = self.shared.index(index)?;
        let view = self.shared.truth.view()?;
        let scanned = view.scan(index.id, after, limit)?;
        scanned
            .into_iter()
            .map(|(_, stored)| stored.map_err(|reason| EngineError::corrupt(view.path(), reason)))
            .collect()
    }

    /// Publishes everything written, so that searches see it.
    ///
    /// # Errors
    /// When the index does not exist, or what is derived could not be brought up to the truth.
    pub fn refresh(&self, index: &str) -> Result<()> {
        self.shared.index(index)?.refresh(&self.shared.truth)
    }

    /// Searches what the last refresh published in all of the indices. `stop` says true when nobody waits for the
    /// answer any more.
    ///
    /// # Errors
    /// When an index does not exist, a query does not fit its mapping, or the search was stopped.
    pub fn search(
        &self,
        indices: &[String],
        request: &SearchRequest,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<SearchAnswer> {
        let snapshots: Vec<Arc<Snapshot>> = indices
            .iter()
            .map(|index| Ok(self.shared.index(index)?.snapshot()))
            .collect::<Result<_>>()?;
        let mut request = request.clone();
        search::resolve(&mut request, |index, id| self.get(index, id))?;
        search::search(&snapshots, &request, stop)
    }

    /// Brings the graphs of all vector fields up to what the last refresh published, which happens in the background
    /// without it too. Stops when `stop` says so.
    ///
    /// # Errors
    /// When the disk fails or there is no memory for a graph; searches find everything all the same.
    pub fn link(&self, stop: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        while !stop() && linker::turn(&self.shared.all(), stop)? {}
        Ok(())
    }

    /// Reads all vectors again, about 4 MiB at a time, which happens in the background once a day without it too. What is
    /// derived of an index with vectors that are damaged is made again from the truth; [`Self::check`] tells of it. Stops
    /// when `stop` says so.
    ///
    /// # Errors
    /// When what is derived could not be made again; then the next refresh tries it, and searches see what they saw before.
    pub fn scrub(&self, stop: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        let mut round = Round::default();
        while !stop() && round.step(&self.shared.all(), &self.shared.truth)? {}
        Ok(())
    }

    /// Brings everything to the disk, so that the next opening has nothing to apply. Graphs are brought there in the
    /// background, and when the folder is closed.
    ///
    /// # Errors
    /// When the disk fails; nothing acknowledged is lost then.
    pub fn checkpoint(&self) -> Result<()> {
        self.shared
            .all()
            .iter()
            .try_for_each(|index| index.checkpoint(&self.shared.truth))
    }

    /// Compares truth, text and vectors of every index, and verifies all checksums. Vectors that are damaged are made again
    /// first, as by [`Self::scrub`].
    ///
    /// # Errors
    /// When the folder cannot be read, or what is derived not be made again; what does not agree is in the report.
    pub fn check(&self) -> Result<CheckReport> {
        let mut report = CheckReport::default();
        self.checkpoint()?;
        self.scrub(&|| false)?;
        for index in self.shared.all() {
            check::check(&index, &mut report)?;
        }
        Ok(report)
    }

    /// Searches for stored vectors of every field that has a graph, each vector's `k` nearest without itself, through the
    /// graph and one by one, and says how many the graph found. Stops when `stop` says so.
    ///
    /// # Errors
    /// When it was stopped.
    pub fn recall(&self, k: usize, stop: &(dyn Fn() -> bool + Sync)) -> Result<RecallReport> {
        let mut report = RecallReport::new();
        for index in self.shared.all() {
            report.insert(index.name.clone(), check::recall(&index, k, stop)?);
        }
        Ok(report)
    }

    /// Brings everything to the disk and closes the folder.
    ///
    /// # Errors
    /// When the disk fails; nothing acknowledged is lost then.
    pub fn close(mut self) -> Result<()> {
        self.stop_refreshing();
        self.linker.stop();
        let closed = self.checkpoint();
        let writers: Vec<Result<()>> = self
            .shared
            .all()
            .iter()
            .map(|index| index.close())
            .collect();
        writers.into_iter().fold(closed, Result::and)
    }

    fn stop_refreshing(&mut self) {
        drop(self.stop.take());
        if let Some(refresher) = self.refresher.take() {
            // A thread that panicked has been reported by its panic.
            drop(refresher.join());
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop_refreshing();
    }
}

impl Shared {
    fn index(&self, name: &str) -> Result<Arc<Index>> {
        let indices = self.indices.read().unwrap_or_else(PoisonError::into_inner);
        indices
            .get(name)
            .cloned()
            .ok_or_else(|| EngineError::NoIndex(name.to_owned()))
    }

    fn all(&self) -> Vec<Arc<Index>> {
        let indices = self.indices.read().unwrap_or_else(PoisonError::into_inner);
        indices.values().cloned().collect()
    }
}

/// Elasticsearch's rules for the names of indices.
fn check_name(name: &str) -> Result<()> {
    const FORBIDDEN: [char; 13] = [
        '\\', '/', '*', '?', '"', '<', '>', '|', ' ', ',', '#', ':', '\0',
    ];
    let reason = if name.is_empty() {
        "it is empty"
    } else if name.len() > 255 {
        "it is longer than 255 bytes"
    } else if name == "." || name == ".." {
        "it is . or .."
    } else if name.starts_with(['-', '_', '+']) {
        "it starts with -, _ or +"
    } else if name
        .chars()
        .any(|letter| FORBIDDEN.contains(&letter) || letter.is_control())
    {
        "it holds one of \\ / * ? \" < > | , # : or a space"
    } else if name.to_lowercase() != name {
        "it is not lowercase"
    } else {
        return Ok(());
    };
    Err(EngineError::IndexName {
        name: name.to_owned(),
        reason,
    })
}

#[cfg(test)]
mod tests;
