//! What a process used: CPU, time, memory, bytes on disk.

use crate::store::Result;
use rustix::time::{ClockId, clock_gettime};
use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Instant;

/// CPU seconds of the whole process, threads that have ended included.
pub fn cpu_s() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Runs one phase and prints its wall and CPU time, in milliseconds.
pub fn phase<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let (start, cpu_start) = (Instant::now(), cpu_s());
    let value = work()?;
    report(
        &format!("{name}, wall ms"),
        start.elapsed().as_secs_f64() * 1e3,
    )?;
    report(&format!("{name}, CPU ms"), (cpu_s() - cpu_start) * 1e3)?;
    Ok(value)
}

/// Prints one figure for the parent process.
pub fn report(name: &str, value: f64) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{name}\t{value}")?;
    out.flush()?;
    Ok(())
}

/// The most memory that the process has held, in MiB.
pub fn peak_rss_mib() -> Result<f64> {
    Ok(field("/proc/self/status", "VmHWM:")? / 1024.0)
}

/// Starts counting the peak anew, so that it covers the store and not what came before.
pub fn reset_peak_rss() -> Result<()> {
    Ok(fs::write("/proc/self/clear_refs", "5")?)
}

/// What the process has sent to the disk, in MiB.
pub fn written_mib() -> Result<f64> {
    Ok(field("/proc/self/io", "write_bytes:")? / f64::from(1 << 20))
}

fn field(file: &str, name: &str) -> Result<f64> {
    let text = fs::read_to_string(file)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number
        .ok_or_else(|| format!("{file} has no {name}"))?
        .parse()?)
}

/// The bytes that a folder takes on disk (blocks, not lengths), in MiB.
pub fn disk_mib(folder: &Path) -> Result<f64> {
    let mut mib = 0.0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        mib += if metadata.is_dir() {
            disk_mib(&entry.path())?
        } else {
            metadata.blocks() as f64 * 512.0 / f64::from(1 << 20)
        };
    }
    Ok(mib)
}

/// How long the disk takes for a plain file to grow by `bytes` and be synced, the median of 100, in milliseconds.
pub fn sync_ms(folder: &Path, bytes: usize) -> Result<f64> {
    let path = folder.join("sync-probe");
    let mut file = fs::File::create(&path)?;
    let block = vec![0xa5; bytes];
    let mut times = Vec::new();
    for _ in 0..100 {
        let start = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    fs::remove_file(path)?;
    Ok(median(times))
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
