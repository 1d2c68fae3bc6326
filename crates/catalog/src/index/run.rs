//! The run: a walker, workers and a writer, with bounded queues between them.

use super::budget::Budget;
use super::job::{Job, Outcome, Workshop, Writing, WritingKind};
use super::known::Known;
use super::walk::{Found, count, walk};
use super::{Event, Failure, IndexOptions, Summary};
use crate::error::{CatalogError, Result};
use backends::Backend;
use document::{Condition, Operation, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use vision::Extractor;

/// Documents in a batch, which is one sync of the disk.
const BATCH: usize = 64;
/// How long the first document of a batch waits for the others.
const BATCH_WAIT: Duration = Duration::from_millis(400);
/// Files that wait for a worker, for each worker.
const QUEUE_PER_WORKER: usize = 4;

/// What the walker and the workers tell the writer.
enum Message {
    Unchanged,
    Outcome(Outcome),
}

pub(crate) async fn run(
    backend: &dyn Backend,
    extractor: &Extractor,
    data: &Path,
    options: &IndexOptions<'_>,
    report: &(dyn Fn(Event) + Sync),
) -> Result<Summary> {
    let start = Instant::now();
    let folders = options
        .folders
        .iter()
        .map(|folder| canonical(folder))
        .collect::<Result<Vec<_>>>()?;
    let known = Known::load(backend, &options.index, extractor).await?;
    let runtime = Handle::current();
    let budget = Budget::new(options.decode_bytes);
    let data = canonical(data)?;
    let workshop = Workshop {
        data: &data,
        options,
        extractor,
        known: &known,
        backend,
        runtime: &runtime,
        budget: &budget,
    };
    let mut summary = tokio::task::block_in_place(|| work(&workshop, &folders, report))?;
    summary.stopped = options.stop.load(Ordering::Relaxed);
    if options.prune && !summary.stopped {
        summary.removed = prune(backend, &options.index, known.gone(&folders)).await?;
    }
    backend.refresh(&options.index).await?;
    summary.took(start.elapsed());
    Ok(summary)
}

fn canonical(folder: &Path) -> Result<PathBuf> {
    folder.canonicalize().map_err(CatalogError::io(folder))
}

async fn prune(backend: &dyn Backend, index: &str, gone: Vec<String>) -> Result<u64> {
    let mut removed = 0;
    for ids in gone.chunks(BATCH) {
        let delete = |id: &String| Write {
            id: id.clone(),
            operation: Operation::Delete,
            condition: Condition::Always,
        };
        let answers = backend
            .bulk(index, ids.iter().map(delete).collect())
            .await?;
        removed += answers.iter().filter(|answer| answer.is_ok()).count() as u64;
    }
    Ok(removed)
}

fn work(
    workshop: &Workshop<'_>,
    folders: &[PathBuf],
    report: &(dyn Fn(Event) + Sync),
) -> Result<Summary> {
    let workers = workshop.options.threads.max(1);
    let (jobs, queue) = sync_channel::<Job>(workers * QUEUE_PER_WORKER);
    let queue = Mutex::new(queue);
    let (messages, inbox) = sync_channel::<Message>(2 * BATCH);
    // Set when writing fails: then nothing more needs to be seen.
    let abandoned = AtomicBool::new(false);
    let halted =
        || workshop.options.stop.load(Ordering::Relaxed) || abandoned.load(Ordering::Relaxed);
    thread::scope(|scope| {
        scope.spawn(|| {
            let walks = with_left_out(folders, workshop.data);
            let files = walks
                .map(|(folder, left_out)| count(folder, &left_out))
                .sum();
            report(Event::Counted { files });
        });
        let walker_messages = messages.clone();
        scope.spawn(|| visit(workshop, folders, jobs, walker_messages, &halted));
        for _ in 0..workers {
            let messages = messages.clone();
            scope.spawn(|| serve_queue(workshop, &queue, messages, &halted));
        }
        drop(messages);
        let written = Writer::new(workshop, report).run(&inbox);
        if written.is_err() {
            abandoned.store(true, Ordering::Relaxed);
            // Workers that wait for room in the inbox go on, find that it is over, and end.
            while inbox.recv().is_ok() {}
        }
        written
    })
}

/// Each folder with what is left out of its walk: the data folder, and the folders before it.
fn with_left_out<'a>(
    folders: &'a [PathBuf],
    data: &'a Path,
) -> impl Iterator<Item = (&'a PathBuf, Vec<PathBuf>)> {
    folders.iter().enumerate().map(move |(at, folder)| {
        let earlier = folders.iter().take(at).cloned();
        (folder, earlier.chain([data.to_owned()]).collect())
    })
}

/// Walks the folders: what is known by path, size and time is unchanged, everything else is a job.
fn visit(
    workshop: &Workshop<'_>,
    folders: &[PathBuf],
    jobs: SyncSender<Job>,
    messages: SyncSender<Message>,
    halted: &impl Fn() -> bool,
) {
    for (folder, left_out) in with_left_out(folders, workshop.data) {
        for found in walk(folder, &left_out) {
            if halted() {
                return;
            }
            let sent = match found {
                Found::Failed(failure) => messages
                    .send(Message::Outcome(Outcome::Failed(failure)))
                    .is_ok(),
                Found::File(path, metadata) => {
                    let root = if path == *folder {
                        folder.parent().unwrap_or(folder)
                    } else {
                        folder
                    };
                    let job = Job::new(path, root, &metadata);
                    let known = workshop.known.at(&job.path).is_some_and(|file| {
                        file.complete && file.bytes == job.bytes && file.modified == job.modified
                    });
                    if known {
                        messages.send(Message::Unchanged).is_ok()
                    } else {
                        jobs.send(job).is_ok()
                    }
                }
            };
            // The other side is gone only when a thread broke off.
            if !sent {
                return;
            }
        }
    }
}

fn serve_queue(
    workshop: &Workshop<'_>,
    queue: &Mutex<Receiver<Job>>,
    messages: SyncSender<Message>,
    halted: &impl Fn() -> bool,
) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else {
            return;
        };
        // What waits in the queue after a stop is left for the next run.
        if halted() {
            continue;
        }
        if messages
            .send(Message::Outcome(workshop.work(&job)))
            .is_err()
        {
            return;
        }
    }
}

/// Collects what is to be written and writes it in batches.
struct Writer<'a> {
    workshop: &'a Workshop<'a>,
    report: &'a (dyn Fn(Event) + Sync),
    batch: Vec<Writing>,
    summary: Summary,
}

impl<'a> Writer<'a> {
    fn new(workshop: &'a Workshop<'a>, report: &'a (dyn Fn(Event) + Sync)) -> Self {
        Self {
            workshop,
            report,
            batch: Vec::new(),
            summary: Summary::default(),
        }
    }

    fn run(mut self, inbox: &Receiver<Message>) -> Result<Summary> {
        let mut due = Instant::now();
        loop {
            let wait = if self.batch.is_empty() {
                Duration::MAX
            } else {
                due.saturating_duration_since(Instant::now())
            };
            match inbox.recv_timeout(wait) {
                Ok(message) => {
                    if self.batch.is_empty() {
                        due = Instant::now() + BATCH_WAIT;
                    }
                    self.take(message);
                    if self.batch.len() >= BATCH {
                        self.flush()?;
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.flush()?,
                Err(RecvTimeoutError::Disconnected) => {
                    self.flush()?;
                    return Ok(self.summary);
                }
            }
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Unchanged => self.summary.unchanged += 1,
            Message::Outcome(Outcome::Ignored) => self.summary.other_files += 1,
            Message::Outcome(Outcome::Failed(failure)) => self.fail(failure),
            Message::Outcome(Outcome::Write(writing)) => {
                self.batch.push(*writing);
                return;
            }
        }
        (self.report)(Event::Visited { files: 1 });
    }

    fn fail(&mut self, failure: Failure) {
        (self.report)(Event::Failed(failure.clone()));
        self.summary.failed.push(failure);
    }

    fn flush(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        if batch.is_empty() {
            return Ok(());
        }
        let files = batch.len() as u64;
        let (writes, about): (Vec<Write>, Vec<_>) = batch
            .into_iter()
            .map(|writing| (writing.write, (writing.path, writing.kind)))
            .unzip();
        let written = self
            .workshop
            .backend
            .bulk(&self.workshop.options.index, writes);
        let answers = self.workshop.runtime.block_on(written)?;
        for ((path, kind), answer) in about.into_iter().zip(answers) {
            match answer {
                Ok(answer) => {
                    match kind {
                        WritingKind::Indexed => self.summary.indexed += 1,
                        WritingKind::Renamed => self.summary.renamed += 1,
                        WritingKind::Touched => self.summary.unchanged += 1,
                    }
                    (self.report)(Event::Indexed {
                        path,
                        id: answer.id,
                    });
                }
                Err(error) => {
                    let path = path.display().to_string();
                    self.fail(Failure {
                        path,
                        reason: error.failure.to_string(),
                    });
                }
            }
        }
        (self.report)(Event::Visited { files });
        Ok(())
    }
}
