//! Measures the exact scan on one core.
//!
//! ```text
//! cargo run --release -p ann --example scan -- [ROWS] [DIMS]
//! ```
//!
//! Writes ROWS (100,000) random rows of DIMS (512) numbers to a store in a temporary folder. For each
//! metric it prints queries per second and gigabytes of compared rows per second: of the kernels of every instruction set of the processor, which only compute similarities, and of the
//! whole search for the 10 nearest, without filter and with random filters. Time is that of the
//! process on the processor where the system tells it (Linux), else that of the wall clock.
#![expect(
    clippy::print_stdout,
    reason = "printing the figures is what it is for"
)]

use ann::{BitSet, Metric, RowStore, Rows, Search, scan};
use kernels::Isa;
use kernels::float32::Probe;
use std::time::{Duration, Instant};

/// Rows compared per call of a kernel.
const BATCH_ROWS: u32 = 256;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u32| arguments.next().map_or(Ok(default), |text| text.parse());
    let (count, dims) = (number(100_000)?, number(512)? as usize);

    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let folder = tempfile::tempdir()?;
    let mut store = RowStore::create(&folder.path().join("rows"), dims)?;
    let start = Instant::now();
    for slot in 0..count {
        store.write(slot, &random.vector(dims))?;
    }
    let written = start.elapsed();
    store.checkpoint(1)?;
    let rows = store.reader(&BitSet::full(count))?;
    println!(
        "{count} x {dims}: written in {written:.2?}, checkpoint after {:.2?}",
        start.elapsed()
    );

    let gigabytes = f64::from(count) * dims as f64 * 4.0 / 1e9;
    let query = random.vector(dims);
    for metric in Metric::ALL {
        for isa in Isa::available() {
            let what = format!("kernel {} {}", metric.name(), isa.name());
            let probe = Probe::new(isa, metric, &query);
            report(&what, gigabytes, || compare_all(&probe, &rows));
        }
        for percent in [100, 50, 10, 1] {
            let chosen = (0..count).filter(|_| random.next() % 100 < percent);
            let filter = BitSet::from_slots(count, chosen);
            let asked = Search {
                metric,
                query: &query,
                k: 10,
                filter: Some(&filter),
            };
            let what = format!("search {} of {percent} %", metric.name());
            let gigabytes = gigabytes * f64::from(filter.count()) / f64::from(count.max(1));
            report(&what, gigabytes, || {
                scan::search(&rows, &asked, &|| false).map_or(0.0, |hits| hits.len() as f32)
            });
        }
    }
    Ok(())
}

/// Computes the similarities of all rows and gives their sum, so that none is left out.
fn compare_all(probe: &Probe<'_>, rows: &Rows) -> f32 {
    let mut similarities = [0.0; BATCH_ROWS as usize];
    let mut sum = 0.0;
    let mut start = 0;
    while start < rows.stored() {
        let end = rows.stored().min(start + BATCH_ROWS);
        let Some(slice) = rows.run(start..end) else {
            return f32::NAN;
        };
        let found = slice.len() / rows.dims();
        let similarities = &mut similarities[..found];
        probe.one_to_many(slice, similarities);
        sum += similarities.iter().sum::<f32>();
        start += found as u32;
    }
    sum
}

/// Runs once to warm up, then for about half a second, and prints the rates.
fn report(what: &str, gigabytes: f64, mut run: impl FnMut() -> f32) {
    let mut check = run();
    let mut queries = 0;
    let (processor, wall) = (processor_time(), Instant::now());
    while wall.elapsed() < Duration::from_millis(500) {
        check += run();
        queries += 1;
    }
    let wall = wall.elapsed();
    let time = match (processor, processor_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => wall,
    };
    let rate = f64::from(queries) / time.as_secs_f64();
    println!(
        "{what:28} {rate:9.1} queries/s {:7.2} GB/s   (check {check:e})",
        rate * gigabytes
    );
}

/// Reads how long the process was on the processor; nothing where the system does not tell.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// A small generator (xorshift): the figures do not depend on good randomness.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    fn vector(&mut self, dims: usize) -> Vec<f32> {
        (0..dims)
            .map(|_| (self.next() % 2001) as f32 / 1000.0 - 1.0)
            .collect()
    }
}
