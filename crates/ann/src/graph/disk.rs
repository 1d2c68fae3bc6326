//! The graph on disk: its memory's extents as they are, in a file that a new graph maps.
//!
//! `NAME.graph` holds extents, each where there was room; `NAME.graph-manifest` says where each lies and how it adds up.
//! A checkpoint writes the extents that changed to places that the manifest before it does not name, and then replaces
//! the manifest: until then the old one stands, and all it names.
//!
//! A checkpoint is taken while nodes are inserted and removed, an extent at a time. So what is newer than the operations
//! that it covers may be there in part: a node without edges to it, an edge to a vacant slot. Neither gives a wrong
//! answer, for nodes are looked at only where a snapshot sees them and compared exactly; the caller removes what is newer
//! and inserts it again.

use super::manifest::{Manifest, Place};
use super::memory::Memory;
use super::{Graph, LEVELS, State};
use crate::error::{Error, Result};
use crate::store::{Disk, files, read_exact_at};
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

/// Extents begin at multiples of this: what maps need.
const PAGE_BYTES: u64 = 4096;

/// The file of a graph. It is locked for as long as this lives, or a graph that was opened from it.
#[derive(Debug)]
pub struct GraphFile {
    data: PathBuf,
    manifest: PathBuf,
    file: File,
    disk: Arc<dyn Disk>,
    /// The last checkpoint; none before the first.
    checkpoint: Option<Manifest>,
    /// What the graph has mapped, by memory and extent: nothing is written there, for the graph would see it.
    mapped: Vec<(usize, usize, Place)>,
    flush_failed: bool,
}

impl GraphFile {
    /// Makes the file of a graph that has none, at a path without ending, in place of the one that is there, if any.
    ///
    /// # Errors
    /// [`Error::InUse`] while another has it open; [`Error::Io`].
    pub fn create(path: &Path, disk: Arc<dyn Disk>) -> Result<GraphFile> {
        let (data, manifest) = names(path);
        if let Ok(old) = files::open_existing(&data) {
            files::lock(&old, &data)?;
        }
        // Without its manifest an old graph is none: from here on, a crash leaves none.
        files::remove(&manifest)?;
        files::flush_folder_of(disk.as_ref(), &data)?;
        // The old file is not emptied but replaced, because a graph may have it mapped.
        let temporary = files::temporary(&data);
        let file = files::open_new(&temporary)?;
        files::lock(&file, &temporary)?;
        disk.set_len(&file, 0)
            .map_err(Error::io("empty", &temporary))?;
        std::fs::rename(&temporary, &data).map_err(Error::io("replace", &data))?;
        files::flush_folder_of(disk.as_ref(), &data)?;
        Ok(GraphFile {
            data,
            manifest,
            file,
            disk,
            checkpoint: None,
            mapped: Vec::new(),
            flush_failed: false,
        })
    }

    /// Opens a graph as its last checkpoint left it. Its nodes and edges are not read; [`GraphFile::load_step`]
    /// and [`GraphFile::verify`] do that.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Version`] and [`Error::Damaged`], after which the graph has to be made anew;
    /// [`Error::InUse`] while another has it open; [`Error::Io`].
    pub fn open(path: &Path, disk: Arc<dyn Disk>) -> Result<(GraphFile, Graph)> {
        let (data, manifest) = names(path);
        let file = files::open_existing(&data)?;
        files::lock(&file, &data)?;
        let checkpoint = Manifest::read(&manifest)?;
        let there = file.metadata().map_err(Error::io("look at", &data))?.len();
        let graph = Graph::made(checkpoint.encoder.clone(), checkpoint.is_flat)?;
        graph.longest.store(checkpoint.longest, Ordering::Relaxed);
        {
            let mut state = graph.state.write().unwrap_or_else(PoisonError::into_inner);
            let damaged = |what, expected: String, got: String| Error::Damaged {
                path: manifest.clone(),
                offset: 0,
                what,
                expected,
                got,
            };
            for (places, memory) in checkpoint.places.iter().zip(state.memories_mut()) {
                for place in places {
                    let end = place.offset.checked_add(memory.extent_bytes() as u64);
                    let is_whole = place.bytes as usize == memory.extent_bytes()
                        && place.offset.is_multiple_of(PAGE_BYTES)
                        && end.is_some_and(|end| end <= there);
                    if !is_whole {
                        let expected =
                            format!("an extent of {} bytes in {there}", memory.extent_bytes());
                        return Err(damaged(
                            "place of an extent",
                            expected,
                            format!("{}", place.offset),
                        ));
                    }
                    memory
                        .push_mapped(&file, place.offset)
                        .map_err(Error::io("map", &data))?;
                }
            }
            let slots = state.codes.slots();
            for (level, (entry, lists)) in state.levels.iter_mut().zip(checkpoint.levels) {
                level.restore(
                    slots,
                    entry.filter(|entry| u64::from(*entry) < slots),
                    lists,
                );
            }
            if !state.levels.iter().enumerate().all(|(number, level)| {
                graph.is_flat
                    || level.has_room(slots, if number == 0 { slots } else { level.lists() })
            }) {
                let expected = format!("extents for {slots} slots");
                return Err(damaged("number of extents", expected, "fewer".to_owned()));
            }
            let has_entry = graph.is_flat || state.levels[0].entry().is_some();
            if checkpoint.nodes > 0 && (slots == 0 || !has_entry) {
                let expected =
                    format!("extents for {} nodes, and where to begin", checkpoint.nodes);
                return Err(damaged(
                    "number of extents",
                    expected,
                    format!("{slots} slots"),
                ));
            }
            *state.nodes.get_mut() = checkpoint.nodes;
            *state.removed.get_mut() = checkpoint.removed;
        }
        let file = GraphFile {
            data,
            manifest,
            file,
            disk,
            mapped: checkpoint
                .places
                .iter()
                .enumerate()
                .flat_map(|(memory, places)| {
                    let places = places.iter().enumerate();
                    places.map(move |(extent, place)| (memory, extent, *place))
                })
                .collect(),
            checkpoint: Some(checkpoint),
            flush_failed: false,
        };
        Ok((file, graph))
    }

    /// Whether there is a graph at a path without ending: whether a checkpoint was ever taken there.
    pub fn is_at(path: &Path) -> bool {
        names(path).1.exists()
    }

    /// Removes the file of a graph at a path without ending, if there is one: a crash leaves the whole graph or none.
    /// Graphs that were opened from it live on.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn remove(path: &Path, disk: Arc<dyn Disk>) -> Result<()> {
        let (data, manifest) = names(path);
        files::remove(&manifest)?;
        files::flush_folder_of(disk.as_ref(), &data)?;
        files::remove(&data)
    }

    /// Gives the sequence number that the last checkpoint covers; 0 before the first.
    pub fn covered(&self) -> u64 {
        self.checkpoint
            .as_ref()
            .map_or(0, |checkpoint| checkpoint.covered)
    }

    /// Puts a graph on the disk, as covering the operations up to `covered`: all of them have to be done. Others may go
    /// on meanwhile. Only what changed since this file's last checkpoint is written, which has to be of the same graph.
    ///
    /// Until it returns, and if it fails, the checkpoint before it stands.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::FlushFailed`] after a flush has failed: nobody knows what the disk has then.
    pub fn checkpoint(&mut self, graph: &Graph, covered: u64) -> Result<()> {
        if self.flush_failed {
            return Err(Error::FlushFailed {
                path: self.data.clone(),
            });
        }
        // Nodes do not leave meanwhile, so that no edge is copied that leads to where one was.
        let _stay = graph.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        let mut copied = Vec::new();
        let written = self.write(graph, covered, &mut copied);
        if written.is_err() {
            let state = graph.read();
            let memories: Vec<&Memory> = state.memories().collect();
            for (memory, extent) in copied {
                memories[memory].set_dirty(extent, true);
            }
        }
        written
    }

    /// Writes what changed; leaves in `copied` what is not marked as changed any more.
    fn write(
        &mut self,
        graph: &Graph,
        covered: u64,
        copied: &mut Vec<(usize, usize)>,
    ) -> Result<()> {
        let mut next = {
            let state = graph.read();
            Manifest {
                encoder: graph.encoder.clone(),
                is_flat: graph.is_flat,
                covered,
                longest: graph.longest.load(Ordering::Relaxed),
                nodes: state.nodes(),
                removed: state.removed.load(Ordering::Relaxed),
                levels: std::array::from_fn(|level| {
                    let level = &state.levels[level];
                    (level.entry(), level.lists() as u32)
                }),
                places: Vec::new(),
            }
        };
        let mut free = Free::beside(self.checkpoint.as_ref(), &self.mapped);
        for memory in 0..MEMORIES {
            let before = self
                .checkpoint
                .as_ref()
                .and_then(|before| before.places.get(memory));
            let mut places: Vec<Place> = Vec::new();
            loop {
                let extent = places.len();
                let kept = before.and_then(|before| before.get(extent)).copied();
                // Between two extents the graph may grow.
                let state = graph.read();
                let Some(of) = state
                    .memories()
                    .nth(memory)
                    .filter(|of| extent < of.extents())
                else {
                    break;
                };
                let was_dirty = of.set_dirty(extent, false);
                if was_dirty {
                    copied.push((memory, extent));
                }
                if let Some(kept) = kept.filter(|_| !was_dirty) {
                    places.push(kept);
                    continue;
                }
                let bytes = state.copy(memory, extent);
                drop(state);
                let place = Place {
                    offset: free.take(bytes.len() as u64),
                    bytes: bytes.len() as u32,
                    checksum: crc32fast::hash(&bytes),
                };
                let written = self.disk.write_at(&self.file, &bytes, place.offset);
                written.map_err(Error::io("write", &self.data))?;
                places.push(place);
            }
            next.places.push(places);
        }
        if let Err(error) = self.disk.flush(&self.file) {
            self.flush_failed = true;
            return Err(Error::io("flush", &self.data)(error));
        }
        next.write(self.disk.as_ref(), &self.manifest)?;
        self.checkpoint = Some(next);
        files::flush_folder_of(self.disk.as_ref(), &self.manifest)
    }

    /// Reads the next extent of the checkpoint that was opened, makes sure that it is as it was written, and brings it into
    /// the graph's own memory, where searches are faster. Answers whether there are more. Insertions and searches wait for
    /// about a millisecond at the end of a step.
    ///
    /// The graph has to be the one that was opened from this file.
    ///
    /// # Errors
    /// [`Error::Damaged`] for an extent that is not as it was written: the graph has to be made anew; [`Error::Io`] and
    /// [`Error::Memory`].
    pub fn load_step(&mut self, graph: &Graph) -> Result<bool> {
        let Some((memory, extent, place)) = self.mapped.last() else {
            return Ok(false);
        };
        if let Some(error) = self.problem(place) {
            return Err(error);
        }
        let mut state = graph.state.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(memory) = state.memories_mut().nth(*memory) {
            memory
                .load(*extent)
                .map_err(|source| Error::Memory { source })?;
        }
        self.mapped.pop();
        Ok(!self.mapped.is_empty())
    }

    /// Reads all of the last checkpoint, and lists what is not as it was written: if there is anything,
    /// the graph has to be made anew.
    pub fn verify(&self) -> Vec<Error> {
        let places = self
            .checkpoint
            .iter()
            .flat_map(|checkpoint| &checkpoint.places);
        places
            .flatten()
            .filter_map(|place| self.problem(place))
            .collect()
    }

    /// Says what is wrong with an extent of the data file, if anything is.
    fn problem(&self, place: &Place) -> Option<Error> {
        let mut bytes = vec![0; place.bytes as usize];
        if let Err(error) = read_exact_at(&self.file, &mut bytes, place.offset) {
            return Some(Error::io("read", &self.data)(error));
        }
        let got = crc32fast::hash(&bytes);
        (got != place.checksum).then(|| Error::Damaged {
            path: self.data.clone(),
            offset: place.offset,
            what: "checksum of an extent",
            expected: format!("{:08x}", place.checksum),
            got: format!("{got:08x}"),
        })
    }
}

/// Gives the names of the data file and of the manifest.
fn names(path: &Path) -> (PathBuf, PathBuf) {
    let with = |ending: &str| {
        let mut name = OsString::from(path);
        name.push(ending);
        PathBuf::from(name)
    };
    (with(".graph"), with(".graph-manifest"))
}

/// Room in the data file that no checkpoint names and no graph has mapped.
struct Free {
    /// What is taken, by where it begins.
    taken: std::collections::BTreeMap<u64, u64>,
}

impl Free {
    fn beside(checkpoint: Option<&Manifest>, mapped: &[(usize, usize, Place)]) -> Free {
        let places = checkpoint.iter().flat_map(|checkpoint| &checkpoint.places);
        let taken = places
            .flatten()
            .chain(mapped.iter().map(|(.., place)| place))
            .map(|place| (place.offset, u64::from(place.bytes)));
        Free {
            taken: taken.collect(),
        }
    }

    /// Takes the first room of so many bytes.
    fn take(&mut self, bytes: u64) -> u64 {
        let mut offset = 0;
        for (start, length) in &self.taken {
            if offset + bytes <= *start {
                break;
            }
            offset = (start + length).next_multiple_of(PAGE_BYTES);
        }
        self.taken.insert(offset, bytes);
        offset
    }
}

/// How many memories a graph has: codes, what is removed, the lists of each level, and where they lie in the coarse ones.
pub(super) const MEMORIES: usize = 2 + LEVELS + (LEVELS - 1);

/// The memory of the codes, among all.
const CODES: usize = 0;
/// The memory of what is removed.
const REMOVED: usize = 1;

impl State {
    fn memories(&self) -> impl Iterator<Item = &Memory> {
        let levels = self.levels.iter().flat_map(|level| level.memories());
        self.codes.memories().into_iter().chain(levels)
    }

    fn memories_mut(&mut self) -> impl Iterator<Item = &mut Memory> {
        let levels = self
            .levels
            .iter_mut()
            .flat_map(|level| level.memories_mut());
        self.codes.memories_mut().into_iter().chain(levels)
    }

    /// Copies an extent while others write.
    fn copy(&self, memory: usize, extent: usize) -> Vec<u8> {
        let Some(of) = self.memories().nth(memory) else {
            return Vec::new();
        };
        let mut bytes = Vec::with_capacity(of.extent_bytes());
        for row in of.rows_of(extent) {
            match memory {
                // Codes are read only where they are written in full.
                CODES => bytes.extend(self.codes.row(row)),
                REMOVED => bytes.extend(of.last64(row).load(Ordering::Acquire).to_le_bytes()),
                _ => {
                    let numbers = of.numbers32(row).iter();
                    bytes.extend(
                        numbers.flat_map(|number| number.load(Ordering::Acquire).to_le_bytes()),
                    );
                }
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests;
