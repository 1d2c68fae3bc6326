//! Processor time and memory of this process.

use anyhow::{Context, Result};
use rustix::time::{ClockId, clock_gettime};
use std::fs::read_to_string;
use std::time::Duration;

/// Answers how long this thread was on a processor.
pub(crate) fn of_thread() -> Result<Duration> {
    Ok(clock_gettime(ClockId::ThreadCPUTime).try_into()?)
}

/// Answers how long all threads were on processors.
pub(crate) fn of_process() -> Result<Duration> {
    Ok(clock_gettime(ClockId::ProcessCPUTime).try_into()?)
}

/// Answers the memory that the process has of the machine, in MB, as Linux tells it.
pub(crate) fn resident_mb() -> Result<u64> {
    let text = read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("status has no VmRSS")?.parse::<u64>()? / 1024)
}
