//! How well each feature finds pictures of the same folder.
//!
//! Every picture is searched with in turn, and left out of its own hits. Pictures whose folder is the same are the right
//! ones. P@10 is the share of right ones among the ten nearest, mAP the mean over all pictures of the average precision
//! (the mean, over the right ones, of the share of right ones up to each), recall@k the share of pictures with a right
//! one among the k nearest, as metric learning reports it (Jégou et al., PAMI 2011). All are 0 to 1, greater = better.

mod measure;

use crate::error::{CatalogError, Result};
use crate::index::{Failure, Found, walk};
use crate::search::Feature;
use measure::{Group, measure};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use vision::{Extractor, Features, SeeError, Want, has_picture_extension};

/// How well features find pictures of the same folder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvalReport {
    /// One entry for each feature.
    pub features: Vec<FeatureQuality>,
    /// Pictures that were searched with: those whose folder has another picture.
    pub pictures: usize,
    /// Folders that they lie in.
    pub labels: usize,
    /// Files that could not be seen.
    #[serde(skip)]
    pub failed: Vec<Failure>,
}

/// How well one feature finds pictures of the same folder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeatureQuality {
    /// The feature's name.
    pub feature: &'static str,
    /// Share of right ones among the ten nearest.
    pub p_at_10: f64,
    /// Mean average precision.
    pub map: f64,
    /// Share of pictures with a right one among the k nearest, by k.
    pub recall_at: BTreeMap<u32, f64>,
}

/// Measures how well each feature finds pictures of the same folder. `per_label` takes only so many pictures of each
/// folder, the first by name. `seen` is told how many pictures there are, and of each that was dealt with.
///
/// # Errors
/// When the folder cannot be read, has fewer than two pictures in every folder, or `stop` was set.
pub fn evaluate(
    folder: &Path,
    extractor: &Extractor,
    per_label: Option<usize>,
    threads: usize,
    stop: &AtomicBool,
    seen: &(dyn Fn(usize, usize) + Sync),
) -> Result<EvalReport> {
    let (labelled, mut failed) = labelled_files(folder, per_label)?;
    let (pictures, bad) = see_all(&labelled, extractor, threads, stop, seen);
    failed.extend(bad);
    if stop.load(Ordering::Relaxed) {
        return Err(CatalogError::Invalid("it was stopped".to_owned()));
    }
    let labels: Vec<usize> = pictures.iter().map(|(label, _)| *label).collect();
    let group = Group::new(labels);
    if group.queries.is_empty() {
        return Err(CatalogError::Invalid(format!(
            "{} has no folder with two pictures that can be compared",
            folder.display()
        )));
    }
    let features: Vec<Features> = pictures.into_iter().map(|(_, features)| features).collect();
    let vectors = |feature: Feature| -> Vec<&[f32]> {
        features
            .iter()
            .map(|features| vector_of(features, feature))
            .collect()
    };
    let mut report = EvalReport {
        features: Vec::new(),
        pictures: group.queries.len(),
        labels: group.label_count(),
        failed,
    };
    let measured: Vec<Feature> = Feature::VECTORS
        .into_iter()
        .filter(|feature| *feature != Feature::Embedding || extractor.model().is_some())
        .collect();
    for feature in &measured {
        let parts = [(1.0, vectors(*feature))];
        report
            .features
            .push(measure(feature.name(), &parts, &group, threads));
    }
    let parts: Vec<_> = Feature::FUSED
        .into_iter()
        .filter(|feature| measured.contains(feature))
        .map(|feature| (feature.weight(), vectors(feature)))
        .collect();
    report
        .features
        .push(measure(Feature::Auto.name(), &parts, &group, threads));
    Ok(report)
}

fn vector_of(features: &Features, feature: Feature) -> &[f32] {
    match feature {
        Feature::Auto => &[],
        Feature::Embedding => features.embedding.as_deref().unwrap_or_default(),
        Feature::Looks => &features.looks,
        Feature::Color => &features.color,
        Feature::Texture => &features.texture,
        Feature::Shape => &features.shape,
    }
}

/// The number of a label, and a file that has it.
type Labelled = (usize, PathBuf);

/// Lists picture files with the number of the folder that each lies in.
fn labelled_files(
    folder: &Path,
    per_label: Option<usize>,
) -> Result<(Vec<Labelled>, Vec<Failure>)> {
    folder.read_dir().map_err(CatalogError::io(folder))?;
    let mut labels: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut taken: Vec<usize> = Vec::new();
    let (mut files, mut failed) = (Vec::new(), Vec::new());
    for found in walk(folder, &[]) {
        let path = match found {
            Found::File(path, _) => path,
            Found::Failed(failure) => {
                failed.push(failure);
                continue;
            }
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let parent = path.parent().unwrap_or(folder);
        if !has_picture_extension(&name) || parent == folder {
            continue;
        }
        let next = labels.len();
        let label = *labels.entry(parent.to_owned()).or_insert(next);
        if label == taken.len() {
            taken.push(0);
        }
        if per_label.is_none_or(|most| taken[label] < most) {
            taken[label] += 1;
            files.push((label, path));
        }
    }
    Ok((files, failed))
}

/// Sees all files, in parallel; answers them in order.
fn see_all(
    files: &[Labelled],
    extractor: &Extractor,
    threads: usize,
    stop: &AtomicBool,
    seen: &(dyn Fn(usize, usize) + Sync),
) -> (Vec<(usize, Features)>, Vec<Failure>) {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((label, path)) = files.get(at) else {
                        return;
                    };
                    let result = see(extractor, path);
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    results.push((at, *label, result));
                    seen(results.len(), files.len());
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_unstable_by_key(|(at, ..)| *at);
    let (mut pictures, mut failed) = (Vec::new(), Vec::new());
    for (at, label, result) in results {
        match result {
            Ok(features) => pictures.push((label, features)),
            Err(reason) => {
                failed.push(Failure {
                    path: files[at].1.display().to_string(),
                    reason,
                });
            }
        }
    }
    (pictures, failed)
}

fn see(extractor: &Extractor, path: &Path) -> std::result::Result<Features, String> {
    let limit = extractor.limits().max_file_bytes;
    let length = path.metadata().map_err(|error| error.to_string())?.len();
    if length > limit {
        return Err(SeeError::FileTooLarge {
            bytes: length,
            limit,
        }
        .to_string());
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    extractor
        .see(&bytes, Want::VECTORS)
        .map_err(|error| error.to_string())
}
