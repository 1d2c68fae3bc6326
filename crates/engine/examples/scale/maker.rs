//! Documents like those that an index has.

use crate::{INDEX, Result};
use document::{Condition, Document, Operation, Stored, Vectors, Write};
use engine::Engine;
use serde_json::{Value, json};

/// Documents that the others are made after.
const TEMPLATES: usize = 2_500;
/// How many different words people use.
const VOCABULARY: f64 = 20_000.0;

/// Makes documents after those that are there.
pub(crate) struct Maker {
    templates: Vec<Stored>,
    random: Random,
    number: u64,
}

impl Maker {
    pub(crate) fn new(engine: &Engine, number: u64) -> Result<Self> {
        let mut templates: Vec<Stored> = Vec::new();
        while templates.len() < TEMPLATES {
            let after = templates.last().map(|stored| stored.id.clone());
            let page = engine.scan(INDEX, after.as_deref(), 256)?;
            if page.is_empty() {
                break;
            }
            templates.extend(page);
        }
        if templates.is_empty() {
            return Err(format!("index {INDEX} is empty: put pictures into it first").into());
        }
        let random = Random(0x9e37_79b9_7f4a_7c15 ^ (number + 1));
        Ok(Self {
            templates,
            random,
            number,
        })
    }

    /// The vector fields.
    pub(crate) fn fields(&self) -> Vec<String> {
        self.templates[0].document.vectors.keys().cloned().collect()
    }

    fn template(&mut self) -> Stored {
        let at = self.random.next() as usize % self.templates.len();
        self.templates[at].clone()
    }

    /// A vector like those of a field.
    pub(crate) fn vector(&mut self, field: &str) -> Vec<f32> {
        let mut template = self.template();
        let mut vector = template.document.vectors.remove(field).unwrap_or_default();
        self.shake(&mut vector);
        vector
    }

    /// Puts noise of about a third of its length on a vector.
    fn shake(&mut self, vector: &mut [f32]) {
        let most = 0.6 / (vector.len() as f32).sqrt();
        vector
            .iter_mut()
            .for_each(|number| *number += most * self.random.around_zero());
        let length = vector
            .iter()
            .map(|number| number * number)
            .sum::<f32>()
            .sqrt();
        vector.iter_mut().for_each(|number| *number /= length);
    }

    /// A made-up word; the more common, the shorter.
    pub(crate) fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "ka", "lo", "mi", "ne", "ru", "sa", "ti", "vo", "be", "da", "fu", "go", "hi", "je",
            "po", "zu",
        ];
        let mut rank = VOCABULARY.powf(self.random.share()) as usize;
        let mut word = String::new();
        while rank > 0 {
            word.push_str(SYLLABLES[rank % SYLLABLES.len()]);
            rank /= SYLLABLES.len();
        }
        word
    }

    fn text(&mut self, words: usize) -> String {
        (0..words)
            .map(|_| self.word())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// A new document, and its vectors.
    pub(crate) fn write(&mut self) -> Result<(Write, Vectors)> {
        let mut stored = self.template();
        let mut source = stored.document.value()?;
        self.number += 1;
        let (number, random) = (self.number, self.random.next());
        let (year, album) = (2000 + random % 25, random % 500);
        let name = format!("IMG_{number:07}.jpg");
        let folders = [format!("{year}"), format!("album{album} {}", self.word())];
        let taken = format!(
            "{year}-{:02}-{:02}T12:{:02}:{:02}.000000000Z",
            1 + random % 12,
            1 + random % 28,
            random % 60,
            number % 60
        );
        source["path"] = json!(format!("/photos/{}/{}/{name}", folders[0], folders[1]));
        source["file"] =
            json!({"name": name, "folders": folders, "root": "/photos", "modified": taken});
        let sha256: String = (0..8)
            .map(|_| format!("{:08x}", self.random.next() as u32))
            .collect();
        let changed = json!({
            "sha256": sha256,
            "phash": &sha256[..16],
            "taken": taken,
            "bytes": 20_000 + random % 4_000_000,
            "title": self.text(3),
            "keywords": (0..5).map(|_| self.word()).collect::<Vec<_>>(),
        });
        if let (Some(image), Value::Object(changed)) = (source["image"].as_object_mut(), changed) {
            image.extend(changed);
        }
        for vector in stored.document.vectors.values_mut() {
            self.shake(vector);
        }
        let vectors = stored.document.vectors;
        // Twenty letters at random, as long as ids are that `eidetic index` gives.
        let id = format!(
            "{:010x}{:010x}",
            self.random.next() & 0xff_ffff_ffff,
            self.random.next() & 0xff_ffff_ffff
        );
        let operation = Operation::Index(Document::new(&source, vectors.clone())?);
        let write = Write {
            id,
            operation,
            condition: Condition::Always,
        };
        Ok((write, vectors))
    }
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

    /// 0 to 1.
    fn share(&mut self) -> f64 {
        (self.next() & 0xffff_ffff) as f64 / 4_294_967_296.0
    }

    /// -1 to 1.
    fn around_zero(&mut self) -> f32 {
        (self.next() & 0xffff) as f32 / 32_768.0 - 1.0
    }
}
