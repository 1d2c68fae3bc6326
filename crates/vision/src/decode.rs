//! Bytes of a file to the pixels of its first frame.

mod heif;
mod jpeg;
mod raster;
mod shield;

use crate::container::gif::Gif;
use crate::container::heif::Heif;
use crate::container::png::Png;
use crate::container::webp::Webp;
use crate::error::SeeError;
use crate::features::Metadata;
use crate::format::Format;
use crate::limits::{Header, Limits, preview, probe};
use crate::metadata;
use crate::orient::oriented_size;
use crate::rgb::Rgb;

/// A decoded file.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The first frame in the orientation in which it is stored, over white where it is transparent. It has fewer
    /// pixels than the file where scaled decoding was allowed and taken.
    pub picture: Rgb,
    /// Pixels in a row of the full picture, after turning it upright.
    pub width: u32,
    /// Rows of the full picture, after turning it upright.
    pub height: u32,
    /// Format of the file.
    pub format: Format,
    /// Whether the file holds more than one frame of an animation. Pages of a TIFF are no animation.
    pub animated: bool,
    /// What the file says of itself.
    pub metadata: Metadata,
}

/// Decodes a file; of a camera raw, the largest preview in it.
///
/// With `scaled_min_side`, the shorter side that the caller will resize to at least, a JPEG or preview of four
/// megapixels or more may be decoded at a quarter of its sides, so long as its shorter side stays twice as long as that;
/// without it, every picture is decoded in full.
///
/// A file that ends before its picture does is an error, never a picture with a grey rest. A JPEG that only lacks its
/// end marker, or has other bytes after it, is accepted.
///
/// # Errors
/// Those of [`probe`]; [`SeeError::Truncated`] when the file ends before its first frame does, and
/// [`SeeError::Malformed`] when the frame cannot be decoded. Metadata that are malformed are left out and no error.
pub fn decode(
    bytes: &[u8],
    limits: &Limits,
    scaled_min_side: Option<u32>,
) -> Result<Decoded, SeeError> {
    let header = probe(bytes, limits)?;
    let picture = match header.format {
        Format::Jpeg => jpeg::decode(bytes, &header, scaled_min_side),
        Format::Raw => raw(bytes, &header, scaled_min_side),
        Format::Heic | Format::Avif => heif::decode(bytes, &header),
        _ => raster::decode(bytes, &header),
    }?;
    let metadata = metadata::read(bytes, header.format);
    let (width, height) = oriented_size(header.width, header.height, metadata.orientation);
    Ok(Decoded {
        picture,
        width,
        height,
        format: header.format,
        animated: is_animated(bytes, header.format),
        metadata,
    })
}

/// Decodes the preview of a camera raw. What is wrong with it is wrong with the file.
fn raw(bytes: &[u8], header: &Header, scaled_min_side: Option<u32>) -> Result<Rgb, SeeError> {
    let format = Format::Raw.name();
    let jpeg = preview(bytes)?.jpeg;
    jpeg::decode(jpeg, header, scaled_min_side).map_err(|error| match error {
        SeeError::Truncated { .. } => SeeError::Truncated { format },
        SeeError::Malformed { reason, .. } => SeeError::Malformed { format, reason },
        other => other,
    })
}

fn is_animated(bytes: &[u8], format: Format) -> bool {
    match format {
        Format::Gif => Gif::walk(bytes).frames > 1,
        Format::Png => Png::walk(bytes).frames > 1,
        Format::Webp => Webp::walk(bytes).frames > 1,
        Format::Heic | Format::Avif => Heif::walk(bytes).frames > 1,
        Format::Jpeg | Format::Tiff | Format::Bmp | Format::Raw => false,
    }
}
