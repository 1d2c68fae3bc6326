//! A picture file as a document, and back.

mod json;
mod names;

pub(crate) use json::{source_json, with_place};
pub(crate) use names::Place;

use document::{
    Analyzer, Extractor as Origin, FieldKind, FieldMapping, ImageField, Mapping, OnError,
    Similarity, Stored, VectorField, Vectors,
};
use serde_json::Value;
use std::path::PathBuf;
use vision::{Extractor, Features};

use crate::IMAGE;

/// What a document says of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureFile {
    /// Where the file is.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// When it was last changed, as the document writes it.
    pub modified: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// The format's name, such as `jpeg`.
    pub format: String,
    /// Pixels in a row, upright.
    pub width: u32,
    /// Rows, upright.
    pub height: u32,
}

/// Reads what a document says of its picture file; none when it is not one that was indexed from a file.
pub fn file_of(source: &Value) -> Option<PictureFile> {
    let text = |pointer: &str| source.pointer(pointer)?.as_str().map(str::to_owned);
    let number = |pointer: &str| source.pointer(pointer)?.as_u64();
    Some(PictureFile {
        path: names::path_of(source)?,
        bytes: number("/image/bytes")?,
        modified: text("/file/modified")?,
        sha256: text("/image/sha256")?,
        format: text("/image/format")?,
        width: u32::try_from(number("/image/width")?).ok()?,
        height: u32::try_from(number("/image/height")?).ok()?,
    })
}

/// The mapping of an index of pictures whose vectors an extractor makes.
pub(crate) fn mapping(extractor: &Extractor) -> Mapping {
    let name = |analyzer| {
        FieldMapping::from(FieldKind::Text(analyzer)).with("keyword", FieldKind::KEYWORD)
    };
    let vectors = extractor.vectors().into_iter().map(|vector| {
        let field = VectorField {
            extractor: Some(Origin {
                name: vector.extractor,
                fingerprint: vector.fingerprint,
            }),
            ..VectorField::new(vector.dims, Similarity::Cosine)
        };
        (vector.name.to_owned(), field)
    });
    let image = ImageField {
        vectors: vectors.collect(),
        on_error: OnError::Fail,
        ..ImageField::default()
    };
    Mapping::new()
        .with("path", name(Analyzer::Filename))
        .with("file.name", name(Analyzer::Filename))
        .with("file.folders", name(Analyzer::Filename))
        .with("file.root", FieldKind::KEYWORD)
        .with("file.modified", FieldKind::Date)
        .with("file.raw_path", FieldKind::Binary)
        .with(IMAGE, FieldKind::Image(image))
}

/// The vectors of a picture, by the full path of their field.
pub(crate) fn vectors(features: &Features) -> Vectors {
    let mut vectors = Vectors::new();
    let mut add = |name: &str, vector: &[f32]| {
        if !vector.is_empty() {
            vectors.insert(format!("{IMAGE}.{name}"), vector.to_vec());
        }
    };
    add("looks", &features.looks);
    add("color", &features.color);
    add("texture", &features.texture);
    add("shape", &features.shape);
    add(
        "embedding",
        features.embedding.as_deref().unwrap_or_default(),
    );
    vectors
}

/// Whether a stored document has every vector that an extractor makes.
pub(crate) fn is_complete(stored: &Stored, extractor: &Extractor) -> bool {
    extractor.vectors().iter().all(|vector| {
        stored
            .document
            .vectors
            .contains_key(&format!("{IMAGE}.{}", vector.name))
    })
}

#[cfg(test)]
mod tests;
