//! What the child processes do: one run over all phases, a writer to be killed, a check after the kill.

use crate::measure::{cpu_s, disk_mib, peak_rss_mib, phase, report, reset_peak_rss, written_mib};
use crate::store::{Result, Store};
use crate::workload::{BATCH, DOCUMENTS, Random, Workload};
use std::path::Path;

const OVERWRITES: usize = 5_000;
const DELETES: usize = 1_000;
const GETS: usize = 50_000;

/// Does the engine's work once and prints the figures.
pub fn all_phases<S: Store>(folder: &Path, vector_bytes: usize) -> Result<()> {
    let mut workload = Workload::new(vector_bytes);
    let mut random = Random(2);
    reset_peak_rss()?;
    let cpu_start = cpu_s();
    let mut store = Box::new(S::open(folder)?);

    phase("1 write 20,000", || {
        for start in (0..DOCUMENTS).step_by(BATCH) {
            let end = DOCUMENTS.min(start + BATCH);
            let batch: Vec<_> = (start..end)
                .map(|document| workload.put(document))
                .collect();
            store.write(&batch)?;
        }
        Ok(())
    })?;
    report("1 write, MiB sent to disk", written_mib()?)?;

    phase("2 overwrite 5,000, delete 1,000", || {
        for start in (0..OVERWRITES + DELETES).step_by(BATCH) {
            let end = (OVERWRITES + DELETES).min(start + BATCH);
            let mut write = |number| {
                let document = random.below(DOCUMENTS);
                if number < OVERWRITES {
                    workload.put(document)
                } else {
                    workload.delete(document)
                }
            };
            let batch: Vec<_> = (start..end).map(&mut write).collect();
            store.write(&batch)?;
        }
        Ok(())
    })?;

    let reader = store.reader()?;
    let wanted: Vec<usize> = (0..GETS).map(|_| random.below(DOCUMENTS)).collect();
    let ids: Vec<String> = (0..DOCUMENTS).map(Workload::id).collect();
    let found = phase("3 get 50,000", || {
        let get = |&document: &usize| Ok(reader.get(&ids[document])?.map_or(0, |r| r.len()));
        wanted.iter().map(get).sum::<Result<usize>>()
    })?;
    assert!(found > 0);

    let mut last = 0;
    let mut count = 0;
    phase("4 scan by seq_no", || {
        reader.scan(&mut |seq_no, record| {
            assert!(seq_no > last && record.starts_with(&seq_no.to_le_bytes()));
            (last, count) = (seq_no, count + 1);
        })
    })?;
    assert_eq!(count, workload.expected.iter().flatten().count());
    drop(reader);
    report("MiB on disk, open", disk_mib(folder)?)?;

    phase("5 close", || store.close())?;
    let mut store = phase("5 open and get", || {
        let store = Box::new(S::open(folder)?);
        store.reader()?.get(&ids[0])?;
        Ok(store)
    })?;
    check_all(store.as_ref(), &workload, DOCUMENTS)?;

    let pinned = store.reader()?;
    let before = workload.expected[7];
    let batch: Vec<_> = (0..BATCH).map(|document| workload.put(document)).collect();
    store.write(&batch)?;
    workload.check(7, store.reader()?.get(&ids[7])?.as_deref())?;
    workload.expected[7] = before;
    workload.check(7, pinned.get(&ids[7])?.as_deref())?;
    drop(pinned);

    store.close()?;
    report("7 MiB on disk, closed", disk_mib(folder)?)?;
    report("MiB sent to disk in all", written_mib()?)?;
    report("CPU ms in all", (cpu_s() - cpu_start) * 1e3)?;
    report("peak RSS, MiB", peak_rss_mib()?)?;
    Ok(())
}

/// Writes batch after batch and prints the number of each once it is on disk, until it is killed.
pub fn write_until_killed<S: Store>(folder: &Path, vector_bytes: usize) -> Result<()> {
    let mut workload = Workload::new(vector_bytes);
    let mut store = S::open(folder)?;
    for (number, start) in (0..DOCUMENTS).step_by(BATCH).enumerate() {
        let end = DOCUMENTS.min(start + BATCH);
        let batch: Vec<_> = (start..end)
            .map(|document| workload.put(document))
            .collect();
        store.write(&batch)?;
        report("acknowledged", (number + 1) as f64)?;
    }
    Ok(())
}

/// Opens a store whose writer was killed, and checks that every acknowledged batch is whole and the next one whole or not there.
pub fn check_after_kill<S: Store>(
    folder: &Path,
    vector_bytes: usize,
    acknowledged: usize,
) -> Result<()> {
    let store = phase("6 open after kill -9", || S::open(folder))?;
    let mut workload = Workload::new(vector_bytes);
    let batches: Vec<_> = (0..DOCUMENTS).step_by(BATCH).collect();
    let mut kept = 0;
    for &start in &batches {
        let end = DOCUMENTS.min(start + BATCH);
        if store.reader()?.get(&Workload::id(start))?.is_some() {
            kept += 1;
            for document in start..end {
                workload.put(document);
            }
        } else {
            break;
        }
    }
    if kept < acknowledged {
        return Err(format!("{acknowledged} batches were acknowledged, {kept} are there").into());
    }
    check_all(&store, &workload, DOCUMENTS)?;
    report(
        "6 batches there beyond the acknowledged",
        (kept - acknowledged) as f64,
    )?;
    Box::new(store).close()
}

fn check_all(store: &dyn Store, workload: &Workload, documents: usize) -> Result<()> {
    let reader = store.reader()?;
    for document in 0..documents {
        workload.check(document, reader.get(&Workload::id(document))?.as_deref())?;
    }
    Ok(())
}
