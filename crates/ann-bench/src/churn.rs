//! Replacing every vector, a part in each round, while another thread searches.

use crate::set::{Queries, Set};
use crate::time;
use crate::under_test::UnderTest;
use ann::{BitSet, Graph, Metric, RowStore, Rows, Search};
use anyhow::{Context, Result, ensure};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// How many neighbours are asked for.
const K: usize = 10;

/// How many nodes a step of a repair looks at.
const STEP: u32 = 2048;

/// Which vector lies where.
struct Places {
    slot_of: Vec<u32>,
    vector_at: Vec<u32>,
    free: Vec<u32>,
    live: BitSet,
}

/// What the searching thread sees, and whether it is to end.
struct Seen {
    rows: Mutex<Arc<Rows>>,
    is_over: AtomicBool,
    /// Microseconds of every search since they were looked at last.
    took_us: Mutex<Vec<f64>>,
}

/// Replaces all vectors of a set in random order, and prints after each round what searches with `efs` candidates find, what
/// memory there is, and how long searches took meanwhile.
pub(crate) fn run(set: &Set, rounds: usize, efs: &[usize]) -> Result<()> {
    let metric = set.queries.metric;
    let count = u32::try_from(set.vectors.rows())?;
    let part = set.vectors.rows().div_ceil(rounds.max(1));
    let spare = u32::try_from(part)?;
    let UnderTest {
        graph,
        rows,
        mut store,
        folder: _folder,
    } = UnderTest::build(&set.vectors, metric, (2, false))?;
    let mut places = Places {
        slot_of: (0..count).collect(),
        vector_at: (0..count + spare).collect(),
        free: (count..count + spare).collect(),
        live: BitSet::full(count),
    };
    places.live.grow(count + spare);
    let order = shuffled(count);
    let seen = Seen {
        rows: Mutex::new(rows),
        is_over: AtomicBool::new(false),
        took_us: Mutex::default(),
    };
    let ef_of_searches = efs.first().copied().context("no ef")?;
    let recalls: Vec<String> = efs.iter().map(|ef| format!("ef {ef:>4}")).collect();
    println!(
        "round  {}   graph MB  resident MB   processor s   searches   median us   p99 us",
        recalls.join("  ")
    );
    thread::scope(|scope| {
        let searcher = scope.spawn(|| search_on(&graph, &set.queries, ef_of_searches, &seen));
        let mut replace_all = || -> Result<()> {
            tell(0, (&graph, &places), set, efs, (&seen, 0.0))?;
            for (round, part) in (1..).zip(order.chunks(part)) {
                let start = time::of_thread()?;
                replace(&graph, &mut store, (set, part), &mut places, &seen)?;
                let cpu_s = (time::of_thread()? - start).as_secs_f64();
                tell(round, (&graph, &places), set, efs, (&seen, cpu_s))?;
            }
            Ok(())
        };
        let replaced = replace_all();
        seen.is_over.store(true, Ordering::Relaxed);
        match searcher.join() {
            Ok(searched) => replaced.and(searched),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Puts some vectors into other slots, and takes their old nodes out.
fn replace(
    graph: &Graph,
    store: &mut RowStore,
    (set, part): (&Set, &[u32]),
    places: &mut Places,
    seen: &Seen,
) -> Result<()> {
    let mut old = Vec::with_capacity(part.len());
    for vector in part {
        let slot = places.free.pop().context("no slot is free")?;
        let numbers = set
            .vectors
            .row(*vector as usize)
            .context("no such vector")?;
        store.write(slot, numbers)?;
        graph.insert(slot, numbers)?;
        let left = std::mem::replace(&mut places.slot_of[*vector as usize], slot);
        places.vector_at[slot as usize] = *vector;
        places.live.remove(left);
        places.live.insert(slot);
        old.push(left);
    }
    let rows = store.reader(&places.live)?;
    let before = std::mem::replace(&mut *lock(&seen.rows), rows);
    let before = {
        let weak = Arc::downgrade(&before);
        drop(before);
        weak
    };
    while before.strong_count() > 0 {
        thread::yield_now();
    }
    for slot in &old {
        ensure!(graph.remove(*slot), "slot {slot} was no node");
    }
    let mut repair = graph.begin_repair().context("nothing is removed")?;
    while graph.repair_step(&mut repair, STEP) {}
    places.free.extend(graph.end_repair(repair).iter());
    Ok(())
}

/// Searches one query after the other until it is over.
fn search_on(graph: &Graph, queries: &Queries, ef: usize, seen: &Seen) -> Result<()> {
    for query in queries.vectors.iter().cycle() {
        if seen.is_over.load(Ordering::Relaxed) {
            break;
        }
        let start = Instant::now();
        let rows = lock(&seen.rows).clone();
        let hits = graph.search(&rows, &search(queries.metric, query), ef, &|| false)?;
        ensure!(hits.len() == K, "expected {K} hits, got {}", hits.len());
        lock(&seen.took_us).push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(())
}

fn search(metric: Metric, query: &[f32]) -> Search<'_> {
    Search {
        metric,
        query,
        k: K,
        filter: None,
    }
}

fn tell(
    round: usize,
    (graph, places): (&Graph, &Places),
    set: &Set,
    efs: &[usize],
    (seen, cpu_s): (&Seen, f64),
) -> Result<()> {
    let rows = lock(&seen.rows).clone();
    let mut took_us = std::mem::take(&mut *lock(&seen.took_us));
    took_us.sort_by(f64::total_cmp);
    let at = |share: f64| {
        took_us
            .get((took_us.len() as f64 * share) as usize)
            .copied()
            .unwrap_or(0.0)
    };
    let mut recalls = String::new();
    for ef in efs {
        let mut found = Vec::new();
        for query in set.queries.vectors.iter() {
            let hits = graph.search(&rows, &search(set.queries.metric, query), *ef, &|| false)?;
            found.push(
                hits.iter()
                    .map(|hit| places.vector_at[hit.slot as usize])
                    .collect(),
            );
        }
        recalls += &format!("  {:.4} ", set.queries.nearest.recall(K, &found)?);
    }
    println!(
        "{round:5}{recalls}   {:8.0}  {:11}   {cpu_s:11.1}   {:8}   {:9.0}   {:6.0}",
        graph.memory_bytes() as f64 / 1e6,
        time::resident_mb()?,
        took_us.len(),
        at(0.5),
        at(0.99),
    );
    Ok(())
}

/// Puts the numbers below `count` into an order that is always the same.
fn shuffled(count: u32) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count).collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for at in (1..order.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        order.swap(at, (state % (at as u64 + 1)) as usize);
    }
    order
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
