//! Which store should hold the truth? Does the engine's work on redb and on fjall, in alternating processes, and
//! prints a table. `cargo run --release` takes a few minutes; README.md holds a result.

mod measure;
mod run;
mod store;
mod workload;

use measure::{median, sync_ms};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use store::{FjallBySeqNo, FjallStore, RedbBySeqNo, RedbStore, Result};
use workload::Random;

const ROUNDS: usize = 3;
const KILLS: usize = 3;
/// "seq" keeps the records by seq_no and a table of ids beside them; the others the records by id and a table of
/// seq_nos beside them.
const VARIANTS: [&str; 5] = ["redb", "redb quick", "redb quick seq", "fjall", "fjall seq"];
/// 8 kB stand for a picture's vectors: 2,048 numbers.
const VECTOR_BYTES: [usize; 2] = [8_192, 0];

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => compare(),
        ["child", job, variant, vector_bytes, acknowledged, folder] => {
            let (vector_bytes, acknowledged) = (vector_bytes.parse()?, acknowledged.parse()?);
            let folder = Path::new(folder);
            match *variant {
                "redb" => child::<RedbStore<false>>(job, folder, vector_bytes, acknowledged),
                "redb quick" => child::<RedbStore<true>>(job, folder, vector_bytes, acknowledged),
                "redb quick seq" => child::<RedbBySeqNo>(job, folder, vector_bytes, acknowledged),
                "fjall" => child::<FjallStore>(job, folder, vector_bytes, acknowledged),
                _ => child::<FjallBySeqNo>(job, folder, vector_bytes, acknowledged),
            }
        }
        _ => Err("expected no arguments".into()),
    }
}

fn child<S: store::Store>(
    job: &str,
    folder: &Path,
    vector_bytes: usize,
    acknowledged: usize,
) -> Result<()> {
    match job {
        "all" => run::all_phases::<S>(folder, vector_bytes),
        "write" => run::write_until_killed::<S>(folder, vector_bytes),
        _ => run::check_after_kill::<S>(folder, vector_bytes, acknowledged),
    }
}

/// The figures of one variant: name to the values of all rounds.
type Figures = BTreeMap<String, Vec<f64>>;

fn compare() -> Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/stores");
    std::fs::create_dir_all(&root)?;
    for vector_bytes in VECTOR_BYTES {
        let mut figures: BTreeMap<&str, Figures> = BTreeMap::new();
        let mut random = Random(3);
        for round in 0..ROUNDS {
            // The order turns with each round, so that no store always comes after the same one.
            for turn in 0..VARIANTS.len() {
                let variant = VARIANTS[(turn + round) % VARIANTS.len()];
                eprintln!("{vector_bytes} bytes of vectors, round {round}: {variant}");
                let figures = figures.entry(variant).or_default();
                one_run(&root, variant, vector_bytes, figures)?;
                for _ in 0..KILLS {
                    one_kill(&root, variant, vector_bytes, &mut random, figures)?;
                }
            }
        }
        let batch_bytes = workload::BATCH * (1_216 + vector_bytes);
        println!("\n### 1.2 kB of source, {vector_bytes} bytes of vectors\n");
        println!(
            "A plain file that grows by a batch ({} KiB) and is synced: {:.2} ms.\n",
            batch_bytes / 1024,
            sync_ms(&root, batch_bytes)?
        );
        print_table(&figures);
        print_kills(&figures);
    }
    Ok(())
}

fn fresh(root: &Path) -> Result<PathBuf> {
    let folder = root.join("store");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn command(
    job: &str,
    variant: &str,
    vector_bytes: usize,
    acknowledged: usize,
    folder: &Path,
) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args([
            "child",
            job,
            variant,
            &vector_bytes.to_string(),
            &acknowledged.to_string(),
        ])
        .arg(folder)
        .stdout(Stdio::piped());
    Ok(command)
}

fn one_run(root: &Path, variant: &str, vector_bytes: usize, figures: &mut Figures) -> Result<()> {
    let folder = fresh(root)?;
    collect(command("all", variant, vector_bytes, 0, &folder)?, figures)
}

/// Kills a writer in the middle of its work and looks at what it left.
fn one_kill(
    root: &Path,
    variant: &str,
    vector_bytes: usize,
    random: &mut Random,
    figures: &mut Figures,
) -> Result<()> {
    let folder = fresh(root)?;
    let mut writer = command("write", variant, vector_bytes, 0, &folder)?.spawn()?;
    let output = writer.stdout.take().ok_or("the writer has no output")?;
    let mut lines = BufReader::new(output).lines();
    let kill_at = 240 + random.below(60);
    let mut acknowledged = 0;
    while acknowledged < kill_at {
        lines.next().ok_or("the writer ended early")??;
        acknowledged += 1;
    }
    // Not always right after an acknowledgement, but anywhere in the next batch or two.
    let wait = Duration::from_micros(random.below(3_000) as u64);
    let start = Instant::now();
    while start.elapsed() < wait {
        std::hint::spin_loop();
    }
    writer.kill()?;
    // What it acknowledged between the last line read and its end counts as well.
    acknowledged += lines.map_while(std::result::Result::ok).count();
    writer.wait()?;
    collect(
        command("check", variant, vector_bytes, acknowledged, &folder)?,
        figures,
    )
}

fn collect(mut command: Command, figures: &mut Figures) -> Result<()> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    for line in String::from_utf8(output.stdout)?.lines() {
        let (name, value) = line.split_once('\t').ok_or("a line without a figure")?;
        figures
            .entry(name.to_owned())
            .or_default()
            .push(value.parse()?);
    }
    Ok(())
}

/// Says how often a writer was killed, and how often its last batch was on disk without having been acknowledged.
fn print_kills(figures: &BTreeMap<&str, Figures>) {
    let beyond = figures
        .values()
        .filter_map(|f| f.get("6 batches there beyond the acknowledged"));
    let beyond: Vec<f64> = beyond.flatten().copied().collect();
    println!(
        "\n{} writers killed; every acknowledged batch was there and whole each time; {} times one more was.",
        beyond.len(),
        beyond.iter().filter(|&&more| more > 0.0).count()
    );
}

fn print_table(figures: &BTreeMap<&str, Figures>) {
    println!("| median of {ROUNDS} | {} |", VARIANTS.join(" | "));
    println!("|---|{}", "---:|".repeat(VARIANTS.len()));
    let Some(names) = figures.values().next() else {
        return;
    };
    for name in names.keys().filter(|name| !name.contains("beyond")) {
        print!("| {name} |");
        for variant in VARIANTS {
            let values = figures.get(variant).and_then(|figures| figures.get(name));
            let value = median(values.cloned().unwrap_or_default());
            let decimals = if value < 100.0 { 1 } else { 0 };
            print!(" {value:.decimals$} |");
        }
        println!();
    }
}
