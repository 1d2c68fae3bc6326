//! Clocks, memory, and times of what is done often.

use crate::Result;
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

/// Times of the same thing done often.
#[derive(Default)]
pub(crate) struct Times {
    pub(crate) walls: Vec<Duration>,
    pub(crate) cpu: Duration,
}

impl Times {
    pub(crate) fn time<T>(&mut self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let (cpu, start) = (thread_time(), Instant::now());
        let done = work()?;
        self.walls.push(start.elapsed());
        self.cpu += thread_time() - cpu;
        Ok(done)
    }

    pub(crate) fn shown(mut self) -> Map<String, Value> {
        self.walls.sort_unstable();
        let count = self.walls.len();
        let mut shown = Map::new();
        for (name, share) in [("p50_ms", 0.5), ("p99_ms", 0.99)] {
            let at = ((count as f64 * share).ceil() as usize).clamp(1, count.max(1)) - 1;
            if let Some(time) = self.walls.get(at) {
                shown.insert(name.into(), milliseconds(*time));
            }
        }
        if self.cpu > Duration::ZERO {
            shown.insert("cpu_ms".into(), milliseconds(self.cpu / count as u32));
        }
        shown
    }
}

pub(crate) fn seconds(time: Duration) -> Value {
    json!((time.as_secs_f64() * 1e4).round() / 1e4)
}

pub(crate) fn milliseconds(time: Duration) -> Value {
    json!((time.as_secs_f64() * 1e6).round() / 1e3)
}

/// How long the process was on the processor, on Linux: the kernel counts in hundredths of seconds.
pub(crate) fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

/// How long this thread was on the processor, on Linux.
pub(crate) fn thread_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text
        .split_whitespace()
        .next()
        .and_then(|number| number.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

/// Memory of the process in MiB, on Linux: its own, that of mapped files, both, and the most that both ever were.
pub(crate) fn memory() -> Value {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mib = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        kib.map(|kib| kib / 1024)
    };
    json!({"own_mib": mib("RssAnon:"), "files_mib": mib("RssFile:"), "all_mib": mib("VmRSS:"), "peak_mib": mib("VmHWM:")})
}
