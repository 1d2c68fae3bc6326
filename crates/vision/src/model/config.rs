//! `model.toml`: how a picture becomes a network's input, and what its outputs are.

use crate::resize::ResizeFilter;
use serde::Deserialize;

/// The longest side of an input, in pixels.
const MAX_SIDE: u32 = 2048;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) weights: String,
    #[serde(rename = "license")]
    _license: Option<String>,
    #[serde(rename = "source")]
    _source: Option<String>,
    #[serde(rename = "sha256")]
    _sha256: Option<String>,
    pub(super) input: Input,
    pub(super) output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Image,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) layout: Layout,
    /// Height and width.
    pub(super) size: [u32; 2],
    pub(super) colors: Colors,
    pub(super) resize: Resize,
    pub(super) filter: Filter,
    pub(super) decode: Decode,
    /// A pixel's value is multiplied by this, then `mean` is subtracted, then it is divided by `std`.
    pub(super) scale: f32,
    pub(super) mean: [f32; 3],
    pub(super) std: [f32; 3],
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Output {
    pub(super) embedding: String,
    #[serde(default)]
    pub(super) normalize: Normalize,
    /// The output that says what the picture shows: one number for each label.
    pub(super) tags: Option<String>,
    /// The file that names what each of those numbers stands for, a line each.
    pub(super) labels: Option<String>,
    #[serde(default)]
    pub(super) tag_values: TagValues,
    /// Logits are divided by it before they become probabilities, so that these are calibrated.
    #[serde(default = "one")]
    pub(super) temperature: f32,
    /// The least probability of a tag that is claimed.
    #[serde(default = "floor")]
    pub(super) floor: f32,
}

fn one() -> f32 {
    1.0
}

fn floor() -> f32 {
    0.2
}

/// What an output of tags holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum TagValues {
    /// Probabilities that add up to 1.
    #[default]
    Probabilities,
    /// What a softmax makes probabilities of.
    Logits,
}

/// The order of an input's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Layout {
    /// Plane by plane.
    Nchw,
    /// Pixel by pixel.
    Nhwc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Colors {
    Rgb,
    Bgr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Resize {
    /// Both sides to the input's, the aspect ratio given up.
    Squash,
    /// The picture covers the input, and its middle is taken.
    Crop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Filter {
    Box,
    Bilinear,
    Bicubic,
    Lanczos,
}

impl From<Filter> for ResizeFilter {
    fn from(filter: Filter) -> Self {
        match filter {
            Filter::Box => Self::Box,
            Filter::Bilinear => Self::Bilinear,
            Filter::Bicubic => Self::Bicubic,
            Filter::Lanczos => Self::Lanczos,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Decode {
    /// A large picture may be decoded at a fraction of its size.
    Scaled,
    /// Every pixel is decoded, as the reference does it.
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Normalize {
    #[default]
    None,
    L2,
}

impl Config {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let Input {
            size,
            scale,
            mean,
            std,
            ..
        } = &config.input;
        if size.iter().any(|side| *side == 0 || *side > MAX_SIDE) {
            return Err(format!(
                "input.size is {size:?}, expected sides of 1 to {MAX_SIDE}"
            ));
        }
        let finite = mean
            .iter()
            .chain(std)
            .chain([scale])
            .all(|number| number.is_finite());
        if !finite || std.contains(&0.0) || *scale == 0.0 {
            return Err(format!(
                "input.scale {scale}, mean {mean:?} and std {std:?} make no finite numbers"
            ));
        }
        let Output {
            labels,
            temperature,
            floor,
            ..
        } = &config.output;
        let files = [
            ("weights", Some(&config.weights)),
            ("output.labels", labels.as_ref()),
        ];
        for (what, name) in files {
            if let Some(name) = name
                && (name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']))
            {
                return Err(format!(
                    "{what} is {name:?}, expected the name of a file in the folder"
                ));
            }
        }
        if !(temperature.is_finite() && *temperature > 0.0) {
            return Err(format!(
                "output.temperature is {temperature}, expected a number greater than 0"
            ));
        }
        if !(0.0..=1.0).contains(floor) {
            return Err(format!("output.floor is {floor}, expected 0 to 1"));
        }
        if config.name.is_empty() || config.name.len() > 100 {
            return Err("name is empty or longer than 100 bytes".to_owned());
        }
        Ok(config)
    }

    /// Everything that changes an embedding, in one form for one meaning.
    pub(super) fn canonical(&self) -> String {
        let (input, output) = (&self.input, &self.output);
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {} {:?}",
            input.layout,
            input.size,
            input.colors,
            input.resize,
            input.filter,
            input.decode,
            input.scale,
            input.mean,
            input.std,
            output.embedding,
            output.normalize
        )
    }
}
