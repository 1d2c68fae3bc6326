//! Draws planned pictures and writes them, each whole or not at all.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result};
use image::{ExtendedColorType, ImageEncoder, ImageFormat, RgbImage};

use crate::canvas::Canvas;
use crate::noise::Rng;
use crate::plan::{Format, Picture};

/// JPEG quality, 1..=100: high enough for clean gradients, low enough for a small folder.
const JPEG_QUALITY: u8 = 88;

/// Draws a picture and returns its file's bytes; the same picture gives the same bytes.
///
/// # Errors
/// Fails when an encoder does.
pub(crate) fn encode(picture: &Picture) -> Result<Vec<u8>> {
    let mut canvas = Canvas::new(picture.width, picture.height);
    let mut rng = Rng::new(picture.seed);
    (picture.kind.draw)(&mut canvas, &mut rng, picture.look);
    let upright = RgbImage::from_raw(
        picture.width as u32,
        picture.height as u32,
        canvas.to_rgb8(),
    )
    .context("the canvas has another size than the plan")?;

    let mut bytes = Vec::new();
    let plain = match picture.format {
        Format::Jpeg => {
            let stored = as_stored(&upright, picture.metadata.orientation);
            let (width, height) = stored.dimensions();
            let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, JPEG_QUALITY);
            encoder.add_app_segment(1, picture.metadata.exif(width, height))?;
            encoder.add_app_segment(1, picture.metadata.xmp())?;
            let (width, height) = (u16::try_from(width)?, u16::try_from(height)?);
            encoder.encode(stored.as_raw(), width, height, jpeg_encoder::ColorType::Rgb)?;
            return Ok(bytes);
        }
        Format::WebP => {
            image::codecs::webp::WebPEncoder::new_lossless(&mut bytes).write_image(
                upright.as_raw(),
                upright.width(),
                upright.height(),
                ExtendedColorType::Rgb8,
            )?;
            return Ok(bytes);
        }
        Format::Png => ImageFormat::Png,
        Format::Gif => ImageFormat::Gif,
        Format::Tiff => ImageFormat::Tiff,
        Format::Bmp => ImageFormat::Bmp,
    };
    upright.write_to(&mut Cursor::new(&mut bytes), plain)?;
    Ok(bytes)
}

/// Draws a picture into `folder`, unless it is there already. Returns whether it was drawn.
///
/// # Errors
/// Fails when the picture cannot be encoded or written.
pub(crate) fn write(folder: &Path, picture: &Picture) -> Result<bool> {
    let path = folder.join(&picture.path);
    if path.exists() {
        return Ok(false);
    }
    let bytes = encode(picture)?;
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent)
        .with_context(|| format!("cannot make folder {}", parent.display()))?;
    // A name that no indexer takes for a picture, until the bytes are all there.
    let part = path.with_extension("part");
    fs::write(&part, bytes).with_context(|| format!("cannot write {}", part.display()))?;
    fs::rename(&part, &path).with_context(|| format!("cannot rename to {}", path.display()))?;
    Ok(true)
}

/// Turns an upright picture into what a camera stores with this EXIF orientation.
fn as_stored(upright: &RgbImage, orientation: u16) -> RgbImage {
    use image::imageops::{rotate90, rotate180, rotate270};
    match orientation {
        3 => rotate180(upright),
        // Shown by a quarter turn clockwise, so stored after one the other way; and the reverse.
        6 => rotate270(upright),
        8 => rotate90(upright),
        _ => upright.clone(),
    }
}
