//! What can be typed.

use archives::{Datasets, Format};
use catalog::Network;
use clap::{Args as Flags, Parser, Subcommand, ValueEnum};
use document::{ElementType, Similarity};
use std::net::SocketAddr;
use std::path::PathBuf;
use vision::{Model, ModelError};

const AFTER_HELP: &str = "Exit codes: 0 = done, something was found, everything agrees; \
1 = done, but some files failed, it was stopped, nothing was found, or something does not agree; \
2 = it could not be done.";

/// Finds pictures by a picture, by words, or both.
#[derive(Debug, Parser)]
#[command(name = "eidetic", version, about, after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// The data folder [default: the platform's data folder]
    #[arg(long, global = true, env = "EIDETIC_DATA", value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Index folders of pictures; what is there already is skipped
    Index(IndexArgs),
    /// Find pictures by a picture, by words, or both
    Search(SearchArgs),
    /// Serve the page and the HTTP API
    Serve(ServeArgs),
    /// Measure how well each feature finds pictures of the same folder
    Eval(EvalArgs),
    /// Import vectors from HDF5, npy, fvecs, fbin and their kin into a field
    Import(ImportArgs),
    /// Export the vectors of a field as HDF5, npy, fvecs, fbin or one of their kin
    Export(ExportArgs),
    /// Check that everything stored agrees, and its checksums
    Check(CheckArgs),
}

#[derive(Debug, Flags)]
pub(crate) struct IndexArgs {
    /// Folders, with the folders in them, and single files
    #[arg(required = true, value_name = "FOLDER")]
    pub(crate) folders: Vec<PathBuf>,
    /// The index
    #[arg(long, default_value = catalog::DEFAULT_INDEX)]
    pub(crate) index: String,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    /// Remove pictures from the index whose files are gone from the folders
    #[arg(long)]
    pub(crate) prune: bool,
    /// Pictures seen at the same time [default: the number of cores]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) threads: Option<usize>,
    /// Memory in MB that decoding may take at the same time
    #[arg(long, default_value_t = 1024, value_name = "MB")]
    pub(crate) decode_mb: u64,
    /// One JSON object a line; the last one is the summary
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which network makes embeddings and tags.
#[derive(Debug, Flags)]
pub(crate) struct NetworkArgs {
    /// A folder with model.onnx and model.toml, whose network makes embeddings and tags [default: what the index was
    /// made with, else the built-in one]
    #[arg(long, value_name = "FOLDER")]
    model: Option<PathBuf>,
    /// Make no embeddings and no tags
    #[arg(long, conflicts_with = "model")]
    no_model: bool,
}

impl NetworkArgs {
    /// Loads the network where one is named.
    pub(crate) fn open(&self) -> Result<Network, ModelError> {
        Ok(match &self.model {
            Some(folder) => Network::Given(Box::new(Model::load(folder)?)),
            None if self.no_model => Network::None,
            None => Network::Usual,
        })
    }
}

#[derive(Debug, Flags)]
pub(crate) struct SearchArgs {
    /// Words that the pictures are about: titles, captions, keywords, names of files and folders
    #[arg(value_name = "WORD")]
    pub(crate) words: Vec<String>,
    /// A picture that the pictures resemble; - reads it from the standard input
    #[arg(long, short, value_name = "FILE")]
    pub(crate) image: Option<PathBuf>,
    /// What is compared: embedding, looks, color, texture, shape, or auto for embedding and looks together
    #[arg(long, default_value = "auto")]
    pub(crate) feature: catalog::Feature,
    /// What the pictures must match, such as 'image.width:>=1000 AND image.format:jpeg'
    #[arg(long, short, value_name = "QUERY")]
    pub(crate) filter: Option<String>,
    /// How many pictures are answered
    #[arg(short, default_value_t = 10, value_name = "NUMBER")]
    pub(crate) k: usize,
    /// The index
    #[arg(long, default_value = catalog::DEFAULT_INDEX)]
    pub(crate) index: String,
    /// A JSON array of rank, score, path, index, id and matched
    #[arg(long, conflicts_with = "paths")]
    pub(crate) json: bool,
    /// One path a line, for pipes
    #[arg(long)]
    pub(crate) paths: bool,
}

#[derive(Debug, Flags)]
pub(crate) struct ServeArgs {
    /// Address and port; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:9200", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    /// A name, besides localhost and addresses, under which the server may be asked; can be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,
    /// The generation of an Elasticsearch client that does not say which one it is of
    #[arg(long, value_name = "GENERATION", default_value = "8")]
    pub(crate) compat: Compat,
}

/// A generation of Elasticsearch's clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compat {
    #[value(name = "7")]
    Seven,
    #[value(name = "8")]
    Eight,
    #[value(name = "9")]
    Nine,
}

#[derive(Debug, Flags)]
pub(crate) struct EvalArgs {
    /// A folder whose folders are the labels
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    /// Take only so many pictures of each folder, the first by name
    #[arg(long, value_name = "NUMBER")]
    pub(crate) per_label: Option<usize>,
    /// Pictures seen at the same time [default: the number of cores]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) threads: Option<usize>,
    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Flags)]
pub(crate) struct CheckArgs {
    /// Search for 100 stored vectors of each field, and say how many of their K nearest (10 where none is said) the graph
    /// over them finds
    #[arg(long, value_name = "K", num_args = 0..=1, default_missing_value = "10", require_equals = true,
          value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) recall: Option<u16>,
    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which vectors, on both sides.
#[derive(Debug, Flags)]
pub(crate) struct ArchiveArgs {
    /// The index
    #[arg(long, value_name = "NAME")]
    pub(crate) index: String,
    /// The field of vectors
    #[arg(long, default_value = "image_vector")]
    pub(crate) field: String,
    /// The field of names, in archives that have names [default: image_name]
    #[arg(long, value_name = "FIELD")]
    pub(crate) name_field: Option<String>,
    /// The format, where the file's name does not say it: hdf5, npy, fvecs, bvecs, ivecs, fbin, u8bin or i8bin
    #[arg(long, value_parser = Format::named)]
    pub(crate) format: Option<Format>,
    /// An HDF5 file's dataset of vectors [default: dataset_1, or, where an imported file has no such, train]
    #[arg(long, visible_alias = "dataset", value_name = "DATASET")]
    vectors: Option<String>,
    /// An HDF5 file's dataset of names [default: dataset_2]
    #[arg(long, value_name = "DATASET")]
    names: Option<String>,
}

impl ArchiveArgs {
    /// The field of names that was asked for, or the image-retrieval service's.
    pub(crate) fn name_field(&self) -> &str {
        self.name_field.as_deref().unwrap_or("image_name")
    }

    /// The datasets of the archive.
    pub(crate) fn datasets(&self) -> Datasets {
        Datasets {
            vectors: self.vectors.clone(),
            names: self.names.clone(),
        }
    }
}

#[derive(Debug, Flags)]
pub(crate) struct ImportArgs {
    /// A file of vectors: HDF5, npy, fvecs, bvecs, ivecs, fbin, u8bin or i8bin
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
    /// A file of ids, one on each line [default: the names of the rows, or, where they have none, their numbers from 0]
    #[arg(long, value_name = "FILE")]
    pub(crate) ids: Option<PathBuf>,
    /// How vectors are compared, where the field is new: cosine, dot_product, l2_norm or max_inner_product
    /// [default: what the file says, or cosine]
    #[arg(long, value_parser = similarity)]
    pub(crate) similarity: Option<Similarity>,
    /// What the field's numbers are, where it is new: float, or byte for whole numbers of -128 to 127 [default: float]
    #[arg(long, value_parser = element, value_name = "TYPE")]
    pub(crate) element_type: Option<ElementType>,
    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Flags)]
pub(crate) struct ExportArgs {
    /// The file to write, whose name says the format: HDF5, npy, fvecs, bvecs, ivecs, fbin, u8bin or i8bin
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
    /// Where the documents' ids are written, one on each line [default: the file's name and .ids, in formats without names]
    #[arg(long, value_name = "FILE")]
    pub(crate) ids: Option<PathBuf>,
    /// How floats are stored [default: float64 in HDF5, float32 in other formats]
    #[arg(long, value_enum)]
    pub(crate) float: Option<Float>,
    /// Replace files where they exist
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// How numbers are stored in an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Float {
    /// In 32 bits, as they are compared
    Float32,
    /// In 64 bits, as they were imported
    Float64,
}

fn similarity(name: &str) -> Result<Similarity, String> {
    const KNOWN: [Similarity; 4] = [
        Similarity::Cosine,
        Similarity::DotProduct,
        Similarity::L2Norm,
        Similarity::MaxInnerProduct,
    ];
    let known = KNOWN.into_iter().find(|known| known.name() == name);
    known.ok_or_else(|| {
        let names = KNOWN.map(Similarity::name).join(", ");
        format!("expected one of {names}")
    })
}

fn element(name: &str) -> Result<ElementType, String> {
    match name {
        "float" => Ok(ElementType::Float),
        "byte" => Ok(ElementType::Byte),
        _ => Err("expected float or byte".to_owned()),
    }
}

/// The number of threads asked for, or one for each core.
pub(crate) fn threads(asked: Option<usize>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.unwrap_or_else(cores).max(1)
}
