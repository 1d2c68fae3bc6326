//! Networks, run by rten: the one that is part of the program, or a folder with `model.onnx` and `model.toml`.

mod config;
mod error;
mod files;
mod input;
mod output;

pub use error::ModelError;

use crate::orient::orient;
use crate::resize::resize_rgb;
use crate::rgb::Rgb;
use config::Config;
use files::Files;
use rten::{Model as Graph, ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::cell::RefCell;
use std::io;
use std::path::Path;
use std::sync::Arc;

const CONFIG: &str = "model.toml";
/// Changes when the way from pixels to a network's input changes for all networks.
const PREPROCESSING: &str = "prep/1";
/// The longest weights file.
const MAX_WEIGHTS_BYTES: u64 = 4 << 30;
/// The longest `model.toml`.
const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// The longest file of labels.
const MAX_LABELS_BYTES: u64 = 1 << 20;

/// A network that turns pictures into embeddings, and may say what they show. Threads can share it; each runs it on its
/// own.
pub struct Model {
    files: Files,
    config: Config,
    graph: Graph,
    input: NodeId,
    embedding: NodeId,
    tags: Option<Tags>,
    dims: usize,
    fingerprint: String,
}

/// The output of a network that says what a picture shows.
struct Tags {
    output: NodeId,
    labels: Vec<String>,
}

/// What a network sees in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// As many numbers as [`Model::dims`] says, of unit length where `model.toml` says so.
    pub embedding: Vec<f32>,
    /// The probability of each of [`Model::labels`], 0 to 1; empty when there are none.
    pub probabilities: Vec<f32>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Model {} ({})", self.config.name, self.fingerprint)
    }
}

impl Model {
    /// Loads the network in a folder, and runs it once.
    ///
    /// # Errors
    /// When a file is missing, too long or not what it should be; the error names the file and what is wrong.
    pub fn load(folder: &Path) -> Result<Self, ModelError> {
        Self::open(Files::Folder(folder.to_owned()))
    }

    /// Loads the network that is part of the program, and runs it once. It takes a few milliseconds.
    ///
    /// # Errors
    /// When this build of the program is broken.
    pub fn built_in() -> Result<Self, ModelError> {
        Self::open(Files::BuiltIn)
    }

    fn open(files: Files) -> Result<Self, ModelError> {
        let config = files.text(CONFIG, MAX_CONFIG_BYTES)?;
        let config = Config::parse(&config)
            .map_err(|reason| ModelError::config(&files.path(CONFIG), reason))?;
        let weights_path = files.path(&config.weights);
        let weights = files.read(&config.weights, MAX_WEIGHTS_BYTES)?;
        let fingerprint = fingerprint(&weights, &config);
        // Matrices of weights are laid out once and not at every run, which costs their size in memory once more.
        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(true);
        let graph = match weights {
            Cow::Borrowed(weights) => options.load_static_slice(weights),
            Cow::Owned(weights) => options.load(weights),
        };
        let graph = graph.map_err(|error| ModelError::Weights {
            path: weights_path.clone(),
            reason: error.to_string(),
        })?;
        let node = |name: &str, known: &[NodeId], what: &'static str| {
            find_node(&graph, name, known).map_err(|known| ModelError::Name {
                path: weights_path.clone(),
                what,
                name: name.to_owned(),
                known,
            })
        };
        let input = node(&config.input.name, graph.input_ids(), "input")?;
        let embedding = node(&config.output.embedding, graph.output_ids(), "output")?;
        // Numbers without names say nothing to people.
        let tags = match (&config.output.tags, &config.output.labels) {
            (Some(output), Some(labels)) => Some(Tags {
                output: node(output, graph.output_ids(), "output")?,
                labels: files
                    .text(labels, MAX_LABELS_BYTES)?
                    .lines()
                    .map(str::to_owned)
                    .collect(),
            }),
            _ => None,
        };
        let mut model = Self {
            files,
            config,
            graph,
            input,
            embedding,
            tags,
            dims: 0,
            fingerprint,
        };
        model.try_out()?;
        Ok(model)
    }

    /// Runs the network on grey: how long its embedding is, and whether each tag has a label.
    fn try_out(&mut self) -> Result<(), ModelError> {
        let (width, height) = self.input_size();
        let grey = vec![128; 3 * width as usize * height as usize];
        let grey = Rgb::new(width, height, grey).expect("the sides of an input are 1 and more");
        let seen = self.run(&grey)?;
        self.dims = seen.embedding.len();
        if self.dims == 0 || self.dims > MAX_DIMS {
            return Err(self.failed(format!("its embedding has {} numbers", self.dims)));
        }
        let labels = self.labels().len();
        if seen.probabilities.len() != labels {
            let tags = seen.probabilities.len();
            return Err(self.failed(format!("it has {tags} tags, and its labels are {labels}")));
        }
        Ok(())
    }

    /// The network's name.
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// Says what made an embedding: weights and preprocessing. Embeddings of different fingerprints are never compared.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Numbers in an embedding.
    pub fn dims(&self) -> usize {
        self.dims
    }

    /// Width and height of the network's input in pixels.
    pub fn input_size(&self) -> (u32, u32) {
        let [height, width] = self.config.input.size;
        (width, height)
    }

    /// The longer side of the network's input, in pixels.
    pub fn input_side(&self) -> u32 {
        let (width, height) = self.input_size();
        width.max(height)
    }

    /// Whether the network may be shown a picture that was decoded at a fraction of its size.
    pub fn allows_scaled_decoding(&self) -> bool {
        self.config.input.decode == config::Decode::Scaled
    }

    /// What each of the probabilities stands for, in their order; empty when the network does not say what it sees.
    pub fn labels(&self) -> &[String] {
        self.tags.as_ref().map_or(&[], |tags| &tags.labels)
    }

    /// The least probability of a label that is to be claimed, 0 to 1.
    pub fn floor(&self) -> f32 {
        self.config.output.floor
    }

    /// Writes the network into an existing folder, from which it can be loaded.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn save(&self, folder: &Path) -> io::Result<()> {
        let labels = self.tags.as_ref().and(self.config.output.labels.as_ref());
        let names = [CONFIG, &self.config.weights].into_iter();
        for name in names.chain(labels.map(String::as_str)) {
            self.files.copy(name, folder)?;
        }
        Ok(())
    }

    /// Sees a picture that is stored in an EXIF orientation (1 = upright).
    ///
    /// # Errors
    /// When the network fails, or answers numbers that are not finite.
    pub fn see(&self, picture: &Rgb, orientation: u8) -> Result<Seen, ModelError> {
        let plan = input::plan(
            &self.config.input,
            picture.width(),
            picture.height(),
            orientation,
        );
        let filter = self.config.input.filter.into();
        let resized = resize_rgb(picture, plan.width, plan.height, filter);
        let upright = orient(resized, orientation);
        let cropped = input::crop(upright, self.input_size());
        let seen = self.run(&cropped)?;
        if seen.embedding.len() != self.dims {
            return Err(self.failed(format!(
                "its embedding has {} numbers, expected {}",
                seen.embedding.len(),
                self.dims
            )));
        }
        Ok(seen)
    }

    /// Runs the network on a picture of exactly its input's size.
    fn run(&self, picture: &Rgb) -> Result<Seen, ModelError> {
        let tensor = input::tensor(&self.config.input, picture);
        let options = RunOptions::default().with_thread_pool(Some(own_pool()));
        let inputs = vec![(self.input, tensor.view().into())];
        let mut wanted = vec![self.embedding];
        wanted.extend(self.tags.as_ref().map(|tags| tags.output));
        let outputs = self
            .graph
            .run(inputs, &wanted, Some(options))
            .map_err(|error| self.failed(error.to_string()))?;
        let mut outputs = outputs.into_iter();
        let mut embedding = self.numbers(outputs.next(), "embedding")?;
        if self.config.output.normalize == config::Normalize::L2 {
            output::to_unit(&mut embedding);
        }
        let mut probabilities = Vec::new();
        if self.tags.is_some() {
            probabilities = self.numbers(outputs.next(), "tags")?;
            if self.config.output.tag_values == config::TagValues::Logits {
                output::softmax(&mut probabilities, self.config.output.temperature);
            }
        }
        Ok(Seen {
            embedding,
            probabilities,
        })
    }

    fn numbers(&self, output: Option<Value>, what: &str) -> Result<Vec<f32>, ModelError> {
        let numbers: Vec<f32> = match output {
            Some(Value::FloatTensor(tensor)) => tensor.to_vec(),
            _ => return Err(self.failed(format!("its {what} is no tensor of floats"))),
        };
        match numbers.iter().find(|number| !number.is_finite()) {
            Some(number) => Err(self.failed(format!("its {what} holds {number}"))),
            None => Ok(numbers),
        }
    }

    fn failed(&self, reason: String) -> ModelError {
        ModelError::Run {
            path: self.files.path(&self.config.weights),
            reason,
        }
    }
}

/// Numbers in an embedding at most, as in Elasticsearch's `dense_vector`.
const MAX_DIMS: usize = 4096;

/// A pool of one thread for each thread that runs networks: the caller works on several pictures at a time, so that one
/// picture needs no more.
fn own_pool() -> Arc<ThreadPool> {
    thread_local! {
        static POOL: RefCell<Option<Arc<ThreadPool>>> = const { RefCell::new(None) };
    }
    POOL.with_borrow_mut(|pool| {
        pool.get_or_insert_with(|| Arc::new(ThreadPool::with_num_threads(1)))
            .clone()
    })
}

/// Finds the input or output of a name; when there is none, lists the names that there are.
fn find_node(graph: &Graph, name: &str, known: &[NodeId]) -> Result<NodeId, String> {
    let name_of = |id: &NodeId| Some(graph.node_info(*id)?.name()?.to_owned());
    let found = known.iter().find(|id| name_of(id).as_deref() == Some(name));
    let names = || {
        known
            .iter()
            .filter_map(name_of)
            .collect::<Vec<_>>()
            .join(", ")
    };
    found.copied().ok_or_else(names)
}

fn fingerprint(weights: &[u8], config: &Config) -> String {
    let mut hash = Sha256::new();
    hash.update(Sha256::digest(weights));
    hash.update(config.canonical());
    hash.update(PREPROCESSING);
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests;
