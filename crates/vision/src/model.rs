//! Networks: a folder with `model.onnx` and `model.toml`, run by rten.

mod config;
mod error;
mod input;

pub use error::ModelError;

use crate::orient::orient;
use crate::resize::resize_rgb;
use crate::rgb::Rgb;
use config::Config;
use rten::{Model as Graph, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::prelude::*;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Changes when the way from pixels to a network's input changes for all networks.
const PREPROCESSING: &str = "prep/1";
/// The longest weights file.
const MAX_WEIGHTS_BYTES: u64 = 4 << 30;
/// The longest `model.toml`.
const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// A network that turns pictures into embeddings. Threads can share it; each runs it on its own.
pub struct Model {
    folder: PathBuf,
    config: Config,
    graph: Graph,
    input: NodeId,
    output: NodeId,
    dims: usize,
    fingerprint: String,
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
        let config_path = folder.join("model.toml");
        let text = read(&config_path, MAX_CONFIG_BYTES)?;
        let text = String::from_utf8(text)
            .map_err(|_| ModelError::config(&config_path, "it is not UTF-8"))?;
        let config =
            Config::parse(&text).map_err(|reason| ModelError::config(&config_path, reason))?;
        let weights_path = folder.join(&config.weights);
        let weights = read(&weights_path, MAX_WEIGHTS_BYTES)?;
        let fingerprint = fingerprint(&weights, &config);
        let graph = Graph::load(weights).map_err(|error| ModelError::Weights {
            path: weights_path.clone(),
            reason: error.to_string(),
        })?;
        let node = |name: &str, known: &[NodeId], what: &'static str| {
            let names: Vec<String> = known
                .iter()
                .filter_map(|id| Some(graph.node_info(*id)?.name()?.to_owned()))
                .collect();
            match known.iter().find(|id| {
                graph
                    .node_info(**id)
                    .and_then(|info| info.name())
                    .is_some_and(|n| n == name)
            }) {
                Some(id) => Ok(*id),
                None => Err(ModelError::Name {
                    path: weights_path.clone(),
                    what,
                    name: name.to_owned(),
                    known: names.join(", "),
                }),
            }
        };
        let input = node(&config.input.name, graph.input_ids(), "input")?;
        let output = node(&config.output.embedding, graph.output_ids(), "output")?;
        let mut model = Self {
            folder: folder.to_owned(),
            config,
            graph,
            input,
            output,
            dims: 0,
            fingerprint,
        };
        let (width, height) = model.input_size();
        let grey = Rgb::new(
            width,
            height,
            vec![128; 3 * width as usize * height as usize],
        )
        .expect("the sides of an input are 1 and more");
        model.dims = model.raw_embedding(&grey)?.len();
        if model.dims == 0 || model.dims > MAX_DIMS {
            return Err(model.failed(format!("its embedding has {} numbers", model.dims)));
        }
        Ok(model)
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

    /// The files that the network was loaded from.
    pub fn files(&self) -> Vec<PathBuf> {
        ["model.toml", &self.config.weights]
            .map(|name| self.folder.join(name))
            .to_vec()
    }

    /// Embeds a picture that is stored in an EXIF orientation (1 = upright).
    ///
    /// # Errors
    /// When the network fails, or answers numbers that are not finite.
    pub fn embed(&self, picture: &Rgb, orientation: u8) -> Result<Vec<f32>, ModelError> {
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
        let mut embedding = self.raw_embedding(&cropped)?;
        if embedding.len() != self.dims {
            return Err(self.failed(format!(
                "its embedding has {} numbers, expected {}",
                embedding.len(),
                self.dims
            )));
        }
        if self.config.output.normalize == config::Normalize::L2 {
            let norm = embedding
                .iter()
                .map(|x| f64::from(*x).powi(2))
                .sum::<f64>()
                .sqrt();
            if norm > 0.0 {
                embedding
                    .iter_mut()
                    .for_each(|x| *x = (f64::from(*x) / norm) as f32);
            }
        }
        Ok(embedding)
    }

    /// Runs the network on a picture of exactly its input's size.
    fn raw_embedding(&self, picture: &Rgb) -> Result<Vec<f32>, ModelError> {
        let tensor = input::tensor(&self.config.input, picture);
        let options = RunOptions::default().with_thread_pool(Some(own_pool()));
        let inputs = vec![(self.input, tensor.view().into())];
        let outputs = self
            .graph
            .run(inputs, &[self.output], Some(options))
            .map_err(|error| self.failed(error.to_string()))?;
        let embedding: Vec<f32> = match outputs.into_iter().next() {
            Some(Value::FloatTensor(tensor)) => tensor.to_vec(),
            _ => return Err(self.failed("its embedding is no tensor of floats".to_owned())),
        };
        match embedding.iter().find(|number| !number.is_finite()) {
            Some(number) => Err(self.failed(format!("its embedding holds {number}"))),
            None => Ok(embedding),
        }
    }

    fn failed(&self, reason: String) -> ModelError {
        ModelError::Run {
            path: self.folder.join(&self.config.weights),
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

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, ModelError> {
    let fail = |source| ModelError::Io {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(fail)?;
    let length = file.metadata().map_err(fail)?.len();
    if length > limit {
        return Err(ModelError::TooLong {
            path: path.to_owned(),
            bytes: length,
            limit,
        });
    }
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(fail)?;
    Ok(bytes)
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
