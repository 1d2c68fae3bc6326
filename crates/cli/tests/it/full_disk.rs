//! A disk that is full.

use crate::pictures::save_tiles;
use crate::program::{Home, event, text};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PICTURES: u64 = 600;

/// A small disk of its own, taken away at the end.
struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    /// Puts a disk of so many KiB on a folder; none where that is not allowed.
    fn mount(path: &Path, kib: u32) -> Option<Self> {
        fs::create_dir_all(path).unwrap();
        let mounted = mount(path, &format!("size={kib}k"));
        mounted.then(|| Self {
            path: path.to_owned(),
        })
    }

    fn resize(&self, kib: u32) {
        assert!(mount(&self.path, &format!("remount,size={kib}k")));
    }
}

fn mount(path: &Path, options: &str) -> bool {
    let mut command = Command::new("mount");
    command
        .args(["-t", "tmpfs", "-o", options, "eidetic-test"])
        .arg(path);
    command.output().is_ok_and(|output| output.status.success())
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.path).output());
    }
}

/// Fills a disk of so many KiB by indexing. What was acknowledged stays, and with room again the next run completes.
fn fills_up(kib: u32) {
    let home = Home::new();
    for seed in 0..PICTURES {
        save_tiles(&home.pictures().join(format!("{seed:04}.png")), seed);
    }
    let Some(disk) = SmallDisk::mount(&home.data(), kib) else {
        println!("skipped: full_disk: no disks can be mounted here");
        return;
    };
    let ran = home.run(&home.index_args(&[] as &[&str]));
    assert_eq!(ran.code, Some(2), "{kib} KiB: {ran:?}");
    assert!(!ran.err.contains("panicked"), "{kib} KiB: {}", ran.err);
    let data = home.data();
    assert!(
        ran.err.contains(data.to_str().unwrap()),
        "{kib} KiB: {}",
        ran.err
    );
    assert!(ran.err.contains("No space left"), "{kib} KiB: {}", ran.err);
    let acknowledged: Vec<(PathBuf, String)> = ran
        .text()
        .lines()
        .map(|line| event(&serde_json::from_str(line).unwrap()))
        .collect();
    // Still full: it fails again, and again it says why.
    let again = home.run(&home.index_args(&[] as &[&str]));
    assert_eq!(again.code, Some(2), "{kib} KiB: {again:?}");
    assert!(
        again.err.contains("No space left"),
        "{kib} KiB: {}",
        again.err
    );
    disk.resize(256 << 10);
    if !acknowledged.is_empty() {
        let report = home.run(&["check", "--json"]);
        assert_eq!(report.code, Some(0), "{kib} KiB: {report:?}");
        let documents = home.documents();
        for (path, id) in &acknowledged {
            assert_eq!(documents.get(path), Some(id), "{kib} KiB");
        }
    }
    let indexed = home.index();
    let [new, unchanged, 0, 0, 0] = indexed.counts() else {
        panic!("{kib} KiB: {indexed:?}")
    };
    assert_eq!(new + unchanged, PICTURES, "{kib} KiB");
    assert!(unchanged >= acknowledged.len() as u64, "{kib} KiB");
    assert_eq!(home.checked(), PICTURES);
    assert_eq!(home.documents().len() as u64, PICTURES);
    let found = home.run(&["search", "0001", "--json", "-k1"]).json();
    assert!(text(&found[0]["path"]).ends_with("0001.png"), "{found}");
}

#[test]
fn a_disk_that_fills_up_loses_nothing_acknowledged_and_the_next_run_completes() {
    for kib in [1_500, 2_500, 4_000] {
        fills_up(kib);
    }
}

#[test]
fn a_disk_without_any_room_is_refused_by_the_name_of_a_file() {
    for kib in [64, 400, 800] {
        fills_up(kib);
    }
}
