//! Processor time and memory of this process, as Linux tells them.

use anyhow::{Context, Result};
use std::fs::read_to_string;
use std::time::Duration;

/// What the system counts time in, for `/proc/self/stat`.
const TICK: Duration = Duration::from_millis(10);

/// Answers how long the first thread was on a processor.
pub(crate) fn of_thread() -> Result<Duration> {
    let text = read_to_string("/proc/self/schedstat")?;
    let first = text
        .split_whitespace()
        .next()
        .context("schedstat is empty")?;
    Ok(Duration::from_nanos(first.parse()?))
}

/// Answers how long all threads were on processors.
pub(crate) fn of_process() -> Result<Duration> {
    let text = read_to_string("/proc/self/stat")?;
    let (_, fields) = text.rsplit_once(')').context("stat has no name")?;
    // The 14th and 15th field of all; the name was the second.
    let times = fields.split_whitespace().skip(11).take(2);
    let ticks: u32 = times.map(str::parse::<u32>).sum::<Result<_, _>>()?;
    Ok(TICK * ticks)
}

/// Answers the memory that the process has of the machine, in MB.
pub(crate) fn resident_mb() -> Result<u64> {
    let text = read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("status has no VmRSS")?.parse::<u64>()? / 1024)
}
