//! Times of requests, and what they cost the server.

use crate::client::Client;
use anyhow::{Context, Result, anyhow, bail};
use std::fs;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// Ticks of a second in which Linux counts processor time for programs.
const TICKS: f64 = 100.0;

/// The times of a measurement's requests.
#[derive(Debug)]
pub(super) struct Sample {
    /// In ascending order.
    times: Vec<Duration>,
    wall: Duration,
    /// What the requests cost the server, where its process is known.
    pub(super) processor_seconds: Option<f64>,
}

impl Sample {
    pub(super) fn new(
        mut times: Vec<Duration>,
        wall: Duration,
        processor_seconds: Option<f64>,
    ) -> Self {
        times.sort();
        Self {
            times,
            wall,
            processor_seconds,
        }
    }

    pub(super) fn requests(&self) -> usize {
        self.times.len()
    }

    /// The time that this share of the requests did not exceed, in ms.
    pub(super) fn quantile_ms(&self, share: f64) -> f64 {
        let at = (share * self.times.len() as f64).ceil() as usize;
        self.times
            .get(at.saturating_sub(1))
            .map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }

    pub(super) fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.wall.as_secs_f64()
    }
}

/// Sends requests from several clients, each over a connection of its own and one after the other.
pub(super) fn measured(
    url: &str,
    packed: &[Vec<u8>],
    clients: usize,
    requests: usize,
    pid: Option<u32>,
) -> Result<Sample> {
    let before = pid.map(processor_seconds).transpose()?;
    let barrier = Barrier::new(clients + 1);
    let (times, wall) = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|client| {
                let barrier = &barrier;
                let own = packed.iter().cycle().skip(client * packed.len() / clients);
                scope.spawn(move || timed(url, own, requests / clients, barrier))
            })
            .collect();
        barrier.wait();
        let start = Instant::now();
        let mut times = Vec::new();
        for thread in threads {
            times.extend(thread.join().map_err(|_| anyhow!("a client panicked"))??);
        }
        Ok::<_, anyhow::Error>((times, start.elapsed()))
    })?;
    let processor = match (before, pid) {
        (Some(before), Some(pid)) => Some(processor_seconds(pid)? - before),
        _ => None,
    };
    Ok(Sample::new(times, wall, processor))
}

fn timed<'a>(
    url: &str,
    packed: impl Iterator<Item = &'a Vec<u8>>,
    requests: usize,
    barrier: &Barrier,
) -> Result<Vec<Duration>> {
    let client = Client::new(url);
    // Every client has to come here, or the others would wait for ever.
    barrier.wait();
    let mut client = client?;
    let mut times = Vec::with_capacity(requests);
    for request in packed.take(requests) {
        let start = Instant::now();
        let answer = client.send(request, false)?;
        times.push(start.elapsed());
        if answer.status != 200 {
            bail!(
                "{}: {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            );
        }
    }
    Ok(times)
}

/// The processor time that a process has taken, in seconds.
pub(super) fn processor_seconds(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&path).with_context(|| path.clone())?;
    ticks(&stat)
        .map(|ticks| ticks as f64 / TICKS)
        .with_context(|| format!("{path}: no times"))
}

/// The ticks in user and kernel mode; a program's name may have spaces and brackets in it.
pub(super) fn ticks(stat: &str) -> Option<u64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}
