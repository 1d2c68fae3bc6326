//! What is seen in a picture.

use crate::{Format, Hashes, Tag};

/// Everything that is seen in one picture.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Features {
    /// Pixels in a row, after turning it upright.
    pub width: u32,
    /// Rows, after turning it upright.
    pub height: u32,
    /// The file's format.
    pub format: Option<Format>,
    /// Whether the file holds more than one frame; the first is what is seen.
    pub animated: bool,
    /// What the file says of itself.
    pub metadata: Metadata,
    /// The perceptual hashes of the upright picture, where they were wanted.
    pub hashes: Option<Hashes>,
    /// The main colours, largest share first.
    pub colors: Vec<DominantColor>,
    /// All descriptors together, of unit length.
    pub looks: Vec<f32>,
    /// Colour descriptor, of unit length.
    pub color: Vec<f32>,
    /// Texture descriptor, of unit length.
    pub texture: Vec<f32>,
    /// Shape descriptor, of unit length.
    pub shape: Vec<f32>,
    /// What the network says the picture shows, the most probable first.
    pub tags: Vec<Tag>,
    /// The network's embedding, of unit length where the model says so; none without a network.
    pub embedding: Option<Vec<f32>>,
}

/// What a caller needs of a picture; what it does not need is not computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want {
    /// The perceptual hashes, which are made of full pixels: a large JPEG is then decoded in full.
    pub hashes: bool,
    /// The descriptors and dominant colours.
    pub descriptors: bool,
    /// The network's embedding and tags.
    pub embedding: bool,
}

impl Want {
    /// Everything.
    pub const ALL: Self = Self {
        hashes: true,
        descriptors: true,
        embedding: true,
    };
    /// What a search by picture needs.
    pub const VECTORS: Self = Self {
        hashes: false,
        descriptors: true,
        embedding: true,
    };
}

/// What a file says of itself. Nothing in it is trusted to be true or well-formed.
#[derive(Debug, Clone, PartialEq)]
pub struct Metadata {
    /// EXIF orientation, 1 to 8; 1 is upright.
    pub orientation: u8,
    /// When the picture was taken, local time as `YYYY-MM-DDTHH:MM:SS`, with `+HH:MM` where the file names an offset.
    pub taken: Option<String>,
    /// What took it.
    pub camera: Camera,
    /// Where it was taken.
    pub location: Option<Location>,
    /// People's own words.
    pub words: Words,
}

impl Default for Metadata {
    /// What a file says that says nothing: it is upright.
    fn default() -> Self {
        Self {
            orientation: 1,
            taken: None,
            camera: Camera::default(),
            location: None,
            words: Words::default(),
        }
    }
}

/// The camera and its settings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Camera {
    /// Maker.
    pub make: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Lens model.
    pub lens: Option<String>,
    /// Program that wrote the file.
    pub software: Option<String>,
    /// Who took it.
    pub artist: Option<String>,
    /// Who owns it.
    pub copyright: Option<String>,
    /// Sensitivity.
    pub iso: Option<u32>,
    /// Aperture as f-number.
    pub f_number: Option<f64>,
    /// Exposure time in seconds.
    pub exposure_time_s: Option<f64>,
    /// Focal length in millimetres.
    pub focal_length_mm: Option<f64>,
}

/// A place on Earth, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Location {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
    /// Metres above the sea.
    pub altitude_m: Option<f64>,
}

/// Words that people gave a picture, from XMP and IPTC; XMP wins where both speak.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Words {
    /// Title.
    pub title: Option<String>,
    /// Caption or description.
    pub caption: Option<String>,
    /// Keywords, in the file's order, without doubles.
    pub keywords: Vec<String>,
    /// Stars, -1 (rejected) to 5.
    pub rating: Option<f64>,
}

/// One of a picture's main colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DominantColor {
    /// sRGB.
    pub rgb: [u8; 3],
    /// Share of the picture's area, 0 to 1.
    pub share: f32,
}
