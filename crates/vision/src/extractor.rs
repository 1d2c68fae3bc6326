//! Everything that is seen in a picture, out of one decode.

use crate::decode::{Decoded, decode};
use crate::descriptors::{
    COLOR_DIMS, COLOR_EXTRACTOR, Described, LOOKS_DIMS, LOOKS_EXTRACTOR, SHAPE_DIMS,
    SHAPE_EXTRACTOR, TEXTURE_DIMS, TEXTURE_EXTRACTOR, WORKING_SIDE, working_size,
};
use crate::error::SeeError;
use crate::features::{Features, Want};
use crate::hash::HashThumbs;
use crate::limits::Limits;
use crate::model::Model;
use crate::orient::orient;
use crate::resize::{ResizeFilter, resize_rgb};
use crate::rgb::Rgb;
use crate::tags::{MAX_TAGS, Tag, Vocabulary};

/// Sees pictures: descriptors, and a network where one is given.
#[derive(Debug, Default)]
pub struct Extractor {
    model: Option<Model>,
    limits: Limits,
}

/// A vector that an extractor makes of each picture. All of them are compared by cosine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VectorSpec {
    /// `embedding`, `looks`, `color`, `texture` or `shape`.
    pub name: &'static str,
    /// Numbers in it.
    pub dims: u32,
    /// What makes it, for people.
    pub extractor: String,
    /// Changes with anything that changes the vectors.
    pub fingerprint: String,
}

impl Extractor {
    /// Sees with descriptors and, where one is given, a network.
    pub fn new(model: Option<Model>, limits: Limits) -> Self {
        Self { model, limits }
    }

    /// The network.
    pub fn model(&self) -> Option<&Model> {
        self.model.as_ref()
    }

    /// How large a picture may be.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Lists the vectors that are made of each picture.
    pub fn vectors(&self) -> Vec<VectorSpec> {
        let descriptor = |name: &'static str, dims: usize, fingerprint: &str| VectorSpec {
            name,
            dims: dims as u32,
            extractor: name.to_owned(),
            fingerprint: fingerprint.to_owned(),
        };
        let mut vectors = vec![
            descriptor("looks", LOOKS_DIMS, LOOKS_EXTRACTOR),
            descriptor("color", COLOR_DIMS, COLOR_EXTRACTOR),
            descriptor("texture", TEXTURE_DIMS, TEXTURE_EXTRACTOR),
            descriptor("shape", SHAPE_DIMS, SHAPE_EXTRACTOR),
        ];
        vectors.extend(self.model.as_ref().map(|model| VectorSpec {
            name: "embedding",
            dims: model.dims() as u32,
            extractor: model.name().to_owned(),
            fingerprint: model.fingerprint().to_owned(),
        }));
        vectors
    }

    /// Sees a picture. What is not wanted is left empty.
    ///
    /// The file is decoded once. Where the hashes are not wanted, a large JPEG is decoded at a fraction of its
    /// size, if the network's folder allows that.
    ///
    /// # Errors
    /// When the bytes are no picture, one that is too large, or one that is damaged; or when the network fails.
    pub fn see(&self, bytes: &[u8], want: Want) -> Result<Features, SeeError> {
        let decoded = decode(bytes, &self.limits, self.scaled_min_side(want))?;
        let orientation = decoded.metadata.orientation;
        let picture = &decoded.picture;
        let mut features = Features {
            width: decoded.width,
            height: decoded.height,
            format: Some(decoded.format),
            animated: decoded.animated,
            ..Features::default()
        };
        if want.hashes {
            features.hashes = Some(HashThumbs::new(picture).hashes(orientation));
        }
        if want.descriptors {
            let (width, height) = working_size(picture.width(), picture.height());
            let working = resize_rgb(picture, width, height, ResizeFilter::Bilinear);
            let working = orient(working, orientation);
            let described = Described::new(&working);
            features.colors = described.dominant_colors().to_vec();
            features.color = described.color().to_vec();
            features.texture = described.texture().to_vec();
            features.shape = described.shape().to_vec();
            features.looks = described.looks();
        }
        if let Some(model) = self.model.as_ref().filter(|_| want.embedding) {
            let seen = model.see(picture, orientation)?;
            features.tags = tags(model, &seen.probabilities);
            features.embedding = Some(seen.embedding);
        }
        features.metadata = decoded.metadata;
        Ok(features)
    }

    /// The shorter side that everything wanted can be made of; none when it takes all pixels.
    fn scaled_min_side(&self, want: Want) -> Option<u32> {
        if want.hashes {
            return None;
        }
        let descriptors = want.descriptors.then_some(WORKING_SIDE);
        let network = match self.model.as_ref().filter(|_| want.embedding) {
            Some(model) if !model.allows_scaled_decoding() => return None,
            Some(model) => Some(model.input_side()),
            None => None,
        };
        descriptors.max(network)
    }
}

/// Names what a network sees: by the vocabulary where its labels are ImageNet's, else by the labels themselves.
fn tags(model: &Model, probabilities: &[f32]) -> Vec<Tag> {
    let vocabulary = Vocabulary::imagenet();
    if vocabulary.fits(model.labels()) {
        return vocabulary.tags(probabilities, model.floor());
    }
    let mut tags: Vec<Tag> = model
        .labels()
        .iter()
        .zip(probabilities)
        .filter(|(_, probability)| **probability >= model.floor() && **probability > 0.0)
        .map(|(label, probability)| Tag {
            name: label.clone(),
            confidence: *probability,
        })
        .collect();
    tags.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    tags.truncate(MAX_TAGS);
    tags
}

/// Makes a small upright picture whose longer side is at most `side` pixels.
///
/// # Errors
/// When the bytes are no picture, one that is too large, or one that is damaged.
pub fn thumbnail(bytes: &[u8], limits: &Limits, side: u32) -> Result<Rgb, SeeError> {
    let Decoded {
        picture, metadata, ..
    } = decode(bytes, limits, Some(side))?;
    let longest = picture.width().max(picture.height());
    let scaled = |length: u32| {
        let length = u64::from(length) * u64::from(side) / u64::from(longest);
        (length as u32).max(1)
    };
    let small = if longest <= side {
        picture
    } else {
        let (width, height) = (scaled(picture.width()), scaled(picture.height()));
        resize_rgb(&picture, width, height, ResizeFilter::Bicubic)
    };
    Ok(orient(small, metadata.orientation))
}
