//! The catalog over a real folder, as the programs use it.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

use backends::Folder;
use catalog::{Catalog, Event, IndexOptions, Network, PictureSearch, Source, Summary};
use document::ErrorKind;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// Uploads that are kept.
const MAX_UPLOADS: usize = 500;

struct Home {
    temp: TempDir,
    catalog: Arc<Catalog>,
    stop: AtomicBool,
}

fn png(seed: u32) -> Vec<u8> {
    let [a, b, c, _] = seed.wrapping_mul(2_654_435_761).to_le_bytes();
    let picture = RgbImage::from_fn(16, 12, |x, y| {
        Rgb(if (x / 4 + y / 4) % 2 == 0 {
            [a, b, c]
        } else {
            [c, a, b]
        })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::from(picture)
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

impl Home {
    /// An open folder, and so many pictures to be indexed.
    async fn new(pictures: u32) -> Self {
        let temp = tempfile::tempdir().unwrap();
        std::fs::create_dir(temp.path().join("pictures")).unwrap();
        for seed in 0..pictures {
            let path = temp.path().join(format!("pictures/{seed:04}.png"));
            std::fs::write(path, png(seed)).unwrap();
        }
        let data = temp.path().join("data");
        let backend = Arc::new(Folder::open(&data).await.unwrap());
        Self {
            catalog: Arc::new(Catalog::new(backend, &data)),
            temp,
            stop: AtomicBool::new(false),
        }
    }

    async fn index(&self, report: &(dyn Fn(Event) + Sync)) -> Summary {
        let options = IndexOptions {
            index: "pictures".to_owned(),
            folders: vec![self.temp.path().join("pictures")],
            prune: false,
            threads: 2,
            decode_bytes: 1 << 28,
            stop: &self.stop,
        };
        self.catalog
            .index(&options, Network::None, report)
            .await
            .unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_account_for_every_file() {
    let home = Home::new(150).await;
    for at in 0..10 {
        let folder = home.temp.path().join("pictures");
        std::fs::write(folder.join(format!("{at}.jpg")), "no picture").unwrap();
        std::fs::write(folder.join(format!("{at}.txt")), "no picture").unwrap();
    }
    let events = Mutex::new(Vec::new());
    let report = |event| events.lock().unwrap().push(event);
    let summary = home.index(&report).await;
    assert_eq!((summary.indexed, summary.failed.len()), (150, 10));
    assert_eq!((summary.other_files, summary.stopped), (10, false));
    let (mut counted, mut visited, mut failed) = (0, 0, Vec::new());
    let mut indexed: BTreeMap<PathBuf, String> = BTreeMap::new();
    for event in events.into_inner().unwrap() {
        match event {
            Event::Counted { files } => counted += files,
            Event::Visited { files } => visited += files,
            Event::Failed(failure) => failed.push(failure),
            Event::Indexed { path, id } => assert_eq!(indexed.insert(path, id), None),
            Event::Waiting => panic!("nobody else indexes"),
        }
    }
    assert_eq!((counted, visited), (170, 170));
    assert_eq!(failed, summary.failed);
    assert_eq!(indexed.len(), 150);
    // Each is there as soon as its event says so; and what an event says is so.
    for (path, id) in indexed {
        let (stored, source) = home.catalog.document("pictures", &id).await.unwrap();
        assert_eq!(stored.version, 1);
        assert_eq!(catalog::file_of(&source).unwrap().path, path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_can_be_had_when_its_event_comes() {
    let home = Home::new(100).await;
    let runtime = tokio::runtime::Handle::current();
    let checked = Mutex::new(0);
    let report = |event| {
        if let Event::Indexed { id, .. } = event {
            let found = runtime.block_on(home.catalog.document("pictures", &id));
            assert!(found.is_ok());
            *checked.lock().unwrap() += 1;
        }
    };
    home.index(&report).await;
    assert_eq!(*checked.lock().unwrap(), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_before_it_begins_does_nothing() {
    let home = Home::new(20).await;
    home.stop.store(true, Ordering::Relaxed);
    let summary = home.index(&|_| ()).await;
    assert!(summary.stopped);
    assert_eq!(summary.indexed, 0);
    home.stop.store(false, Ordering::Relaxed);
    assert_eq!(home.index(&|_| ()).await.indexed, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_in_one_process_take_turns_and_one_that_waits_can_be_stopped() {
    let home = Arc::new(Home::new(60).await);
    let waiting = Arc::new(tokio::sync::Notify::new());
    // The first run holds its turn until the second has said that it waits.
    let (seen, go_on) = std::sync::mpsc::channel::<()>();
    let go_on = Mutex::new(go_on);
    let started = Arc::new(tokio::sync::Notify::new());
    let first = {
        let (home, started) = (home.clone(), started.clone());
        tokio::spawn(async move {
            let report = |event| {
                if let Event::Indexed { .. } = event {
                    started.notify_one();
                    // The sender is dropped when the second run is over.
                    go_on.lock().unwrap().recv().ok();
                }
            };
            home.index(&report).await
        })
    };
    started.notified().await;
    let second = {
        let (home, waiting) = (home.clone(), waiting.clone());
        tokio::spawn(async move {
            let stop = AtomicBool::new(false);
            let options = IndexOptions {
                index: "pictures".to_owned(),
                folders: vec![home.temp.path().join("pictures")],
                prune: true,
                threads: 1,
                decode_bytes: 1 << 28,
                stop: &stop,
            };
            let report = |event| {
                assert_eq!(event, Event::Waiting);
                stop.store(true, Ordering::Relaxed);
                waiting.notify_one();
            };
            home.catalog
                .index(&options, Network::Usual, &report)
                .await
                .unwrap()
        })
    };
    waiting.notified().await;
    let second = second.await.unwrap();
    assert!(second.stopped);
    assert_eq!((second.indexed, second.removed), (0, 0));
    // It has told the index of its network, so the network has to be there.
    let by_picture = PictureSearch {
        picture: Some(Source::Bytes(png(0))),
        ..PictureSearch::default()
    };
    home.catalog.search("pictures", by_picture).await.unwrap();
    drop(seen);
    assert_eq!(first.await.unwrap().indexed, 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_uploads_are_kept_and_the_newest_are_among_them() {
    let home = Home::new(1).await;
    home.index(&|_| ()).await;
    let mut uploads = Vec::new();
    for seed in 0..MAX_UPLOADS as u32 + 20 {
        uploads.push(home.catalog.upload(png(seed)).await.unwrap().sha256);
    }
    let kept = std::fs::read_dir(home.temp.path().join("data/uploads"))
        .unwrap()
        .count();
    assert_eq!(kept, MAX_UPLOADS);
    let newest = uploads.last().unwrap();
    assert!(home.catalog.uploaded(newest).is_ok());
    let gone = uploads
        .iter()
        .find(|sha256| home.catalog.uploaded(sha256).is_err());
    let search = |sha256: &String| PictureSearch {
        picture: Some(Source::Upload(sha256.clone())),
        size: 1,
        ..PictureSearch::default()
    };
    let error = home
        .catalog
        .search("pictures", search(gone.unwrap()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(
        error.to_string().contains("upload the picture again"),
        "{error}"
    );
    let (total, found) = home
        .catalog
        .search("pictures", search(newest))
        .await
        .unwrap();
    assert_eq!((total, found.len(), found[0].rank), (1, 1, 1));
}
