//! Grows an index of pictures to any size, and measures it there. `bench/scale/run.sh` runs it.
//!
//! ```text
//! scale grow FOLDER DOCUMENTS [killed]   writes until there are so many; closes, or ends as if killed
//! scale open FOLDER                      opens
//! scale ask FOLDER                       opens, searches, and writes until found
//! ```
//!
//! FOLDER is a data folder in which `eidetic index` has put pictures. The documents that are added are theirs with another
//! file, other words, and vectors with noise on them, so that they weigh what real ones weigh. Each run prints one JSON object:
//! times in seconds or milliseconds as the names say, `cpu` for the whole process on the processor, the rest by the wall clock.
#![expect(
    clippy::print_stdout,
    reason = "printing the figures is what it is for"
)]

mod maker;
mod measure;

use document::Write;
use engine::Engine;
use maker::Maker;
use measure::{Times, memory, milliseconds, processor_time, seconds, thread_time};
use query::{Bool, Knn, MatchType, Operator, Query, Retriever, SearchAnswer, SearchRequest};
use serde_json::{Map, Value};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const INDEX: &str = "pictures";
/// Documents in a batch, as `eidetic index` writes them.
const BATCH: usize = 64;
/// How often each search is made.
const SEARCHES: usize = 100;
/// How many documents are written to see when each is found.
const WRITES: usize = 50;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["grow", folder, documents] => grow(Path::new(folder), documents.parse()?, false),
        ["grow", folder, documents, "killed"] => grow(Path::new(folder), documents.parse()?, true),
        ["open", folder] => {
            let (engine, mut figures) = open(Path::new(folder))?;
            figures.insert("rss".into(), memory());
            println!("{}", Value::Object(figures));
            Ok(engine.close()?)
        }
        ["ask", folder] => ask(Path::new(folder)),
        _ => Err("usage: scale grow FOLDER DOCUMENTS [killed] | open FOLDER | ask FOLDER".into()),
    }
}

fn open(folder: &Path) -> Result<(Engine, Map<String, Value>)> {
    let (cpu, start) = (processor_time(), Instant::now());
    let engine = Engine::open(folder)?;
    let mut figures = Map::new();
    figures.insert("documents".into(), count(&engine).into());
    figures.insert("open_s".into(), seconds(start.elapsed()));
    figures.insert("open_cpu_s".into(), seconds(processor_time() - cpu));
    Ok((engine, figures))
}

fn count(engine: &Engine) -> u64 {
    let indices = engine.indices();
    let pictures = indices.iter().find(|index| index.name == INDEX);
    pictures.map_or(0, |index| index.documents)
}

fn grow(folder: &Path, documents: u64, killed: bool) -> Result<()> {
    let (engine, mut figures) = open(folder)?;
    let there = count(&engine);
    let mut maker = Maker::new(&engine, there)?;
    let start = Instant::now();
    let (mut written, mut writing) = (0, Duration::ZERO);
    let (cpu, mut making_cpu) = (processor_time(), Duration::ZERO);
    while there + written < documents {
        let making = thread_time();
        let batch = (documents - there - written).min(BATCH as u64);
        let writes: Vec<Write> = (0..batch)
            .map(|_| maker.write().map(|(write, _)| write))
            .collect::<Result<_>>()?;
        making_cpu += thread_time() - making;
        let before = Instant::now();
        for answer in engine.bulk(INDEX, writes)? {
            answer?;
        }
        writing += before.elapsed();
        written += batch;
    }
    figures.insert("written".into(), written.into());
    figures.insert("wall_s".into(), seconds(start.elapsed()));
    figures.insert("waiting_for_acknowledgement_s".into(), seconds(writing));
    let cpu = processor_time().saturating_sub(cpu + making_cpu);
    figures.insert("cpu_s".into(), seconds(cpu));
    if !killed {
        let before = Instant::now();
        engine.checkpoint()?;
        figures.insert("checkpoint_s".into(), seconds(before.elapsed()));
    }
    figures.insert("rss".into(), memory());
    println!("{}", Value::Object(figures.clone()));
    if killed {
        let this = std::process::id().to_string();
        std::process::Command::new("kill")
            .args(["-9", &this])
            .status()?;
    }
    Ok(engine.close()?)
}

fn ask(folder: &Path) -> Result<()> {
    let (engine, mut figures) = open(folder)?;
    let there = count(&engine);
    let mut maker = Maker::new(&engine, there)?;
    figures.insert("rss_after_opening".into(), memory());
    let fields = maker.fields();
    for field in &fields {
        let nearest = |maker: &mut Maker| {
            let vector = maker.vector(field);
            knn(&engine, field, vector, None)
        };
        let first = Instant::now();
        nearest(&mut maker)?;
        let first = first.elapsed();
        let mut times = Times::default();
        for _ in 0..SEARCHES {
            times.time(|| nearest(&mut maker))?;
        }
        let mut shown = times.shown();
        shown.insert("first_ms".into(), milliseconds(first));
        figures.insert(format!("nearest {field}"), Value::Object(shown));
    }
    if let Some(field) = fields.first() {
        let (mut new, mut known) = (Times::default(), Times::default());
        for year in 0..SEARCHES {
            let filter = words_in("file.folders", &format!("album{year}"));
            for times in [&mut new, &mut known] {
                let vector = maker.vector(field);
                times.time(|| knn(&engine, field, vector, Some(filter.clone())))?;
            }
        }
        figures.insert(format!("nearest {field}, new filter"), new.shown().into());
        figures.insert(
            format!("nearest {field}, known filter"),
            known.shown().into(),
        );
    }
    let mut times = Times::default();
    for _ in 0..SEARCHES {
        let text = [maker.word(), maker.word()];
        times.time(|| search(&engine, Retriever::Standard(words(&text)), None))?;
    }
    figures.insert("two words".into(), times.shown().into());
    figures.insert("rss_after_searching".into(), memory());
    found(&engine, &mut maker, fields.first(), &mut figures)?;
    figures.insert("rss_after_writing".into(), memory());
    let before = Instant::now();
    engine.close()?;
    figures.insert("close_s".into(), seconds(before.elapsed()));
    println!("{}", Value::Object(figures));
    Ok(())
}

/// Writes one document at a time and looks when it is found.
fn found(
    engine: &Engine,
    maker: &mut Maker,
    field: Option<&String>,
    figures: &mut Map<String, Value>,
) -> Result<()> {
    let [
        mut acknowledged,
        mut refreshed,
        mut by_field,
        mut by_picture,
        mut unasked,
    ] = std::array::from_fn(|_| Times::default());
    let cpu = processor_time();
    for _ in 0..WRITES {
        let (write, vectors) = maker.write()?;
        let id = write.id.clone();
        let start = Instant::now();
        acknowledged.time(|| Ok(engine.bulk(INDEX, vec![write.clone()])?))?;
        refreshed.time(|| Ok(engine.refresh(INDEX)?))?;
        let ids = Retriever::Standard(Query::Ids(vec![id.clone()]));
        expect(&search(engine, ids, None)?, &id)?;
        by_field.walls.push(start.elapsed());
        if let Some((field, vector)) = field.and_then(|field| Some((field, vectors.get(field)?))) {
            expect(&knn(engine, field, vector.clone(), None)?, &id)?;
            by_picture.walls.push(start.elapsed());
        }
    }
    // Of all threads: much of a refresh is done by the text index's own.
    by_picture.cpu = processor_time() - cpu;
    for _ in 0..WRITES / 10 {
        let (write, _) = maker.write()?;
        let id = write.id.clone();
        let start = Instant::now();
        engine.bulk(INDEX, vec![write])?;
        let ids = || Retriever::Standard(Query::Ids(vec![id.clone()]));
        while search(engine, ids(), None)?.hits.is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        unasked.walls.push(start.elapsed());
    }
    for (name, times) in [
        ("write to acknowledged", acknowledged),
        ("refresh after it", refreshed),
        ("write to found by its id", by_field),
        ("write to found by its picture, all threads", by_picture),
        ("write to found, without asking for a refresh", unasked),
    ] {
        figures.insert(name.into(), times.shown().into());
    }
    Ok(())
}

fn expect(answer: &SearchAnswer, id: &str) -> Result<()> {
    match answer.hits.first() {
        Some(hit) if hit.stored.id == id => Ok(()),
        _ => Err(format!("document {id} was not found").into()),
    }
}

fn search(engine: &Engine, retriever: Retriever, filter: Option<Query>) -> Result<SearchAnswer> {
    let request = SearchRequest {
        query_name: "words".to_owned(),
        filter,
        ..SearchRequest::new(retriever)
    };
    Ok(engine.search(&[INDEX.to_owned()], &request, &|| false)?)
}

fn knn(
    engine: &Engine,
    field: &str,
    vector: Vec<f32>,
    filter: Option<Query>,
) -> Result<SearchAnswer> {
    let knn = Knn {
        name: field.to_owned(),
        ..Knn::new(field, vector, 200)
    };
    search(engine, Retriever::Knn(knn), filter)
}

fn words_in(field: &str, text: &str) -> Query {
    Query::Match {
        field: field.to_owned(),
        text: text.to_owned(),
        options: Operator::And.into(),
    }
}

/// Each word in its best field, as `eidetic search` asks.
fn words(words: &[String]) -> Query {
    let fields = [
        "image.title",
        "image.keywords",
        "image.caption",
        "file.name",
        "file.folders",
        "image.camera",
    ];
    let word = |word: &String| Query::MultiMatch {
        fields: fields
            .iter()
            .map(|field| ((*field).to_owned(), 1.0))
            .collect(),
        text: word.clone(),
        options: Operator::And.into(),
        kind: MatchType::BestFields,
        tie_breaker: None,
    };
    Query::Bool(Bool {
        should: words.iter().map(word).collect(),
        ..Bool::default()
    })
}
