//! How large a file may be, and what its header says before anything is decoded.

use crate::container::bmp::Bmp;
use crate::container::gif::Gif;
use crate::container::heif::{Heif, in_blocks};
use crate::container::jpeg;
use crate::container::png::Png;
use crate::container::raw::{Found, Preview, Raw};
use crate::container::tiff::{Tiff, tag};
use crate::container::webp::Webp;
use crate::error::SeeError;
use crate::format::{Format, Sniffed, sniff};

/// Memory that a decoder takes whatever the picture: tables, buffers of a few rows.
const DECODER_BYTES: u64 = 2 << 20;
/// Pixels beyond twice the limit that the blocks of a coded picture may have: they make much of a thin one.
const SPARE_PIXELS: u64 = 1 << 20;
/// Bytes a pixel that those decoders take: three planes of 16 bits, as many for what they copy, and what they keep of
/// blocks. Pictures of 12 megapixels were seen to take 3 to 8.
const HEIF_CODED_BYTES: u64 = 14;

/// How large a file may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file; 64 MiB unless said otherwise.
    pub max_file_bytes: u64,
    /// Pixels of a picture, width × height as stored; 100 million unless said otherwise.
    pub max_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: 64 << 20,
            max_pixels: 100_000_000,
        }
    }
}

/// What the header of a file says of its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Format.
    pub format: Format,
    /// Pixels in a row, as stored; of a camera raw, those of the preview that is seen.
    pub width: u32,
    /// Rows, as stored; of a camera raw, those of the preview that is seen.
    pub height: u32,
    /// Bytes of memory that decoding takes at its peak beside the file's own bytes, from above: callers bound what
    /// they decode at once by the sum of it.
    pub memory_bytes: u64,
}

/// Reads the header of a file, whole or cut short, and holds it against `limits`. Nothing is decoded and no memory is
/// taken that grows with the picture.
///
/// # Errors
/// [`SeeError::Empty`], [`SeeError::FileTooLarge`], [`SeeError::NotAPicture`], [`SeeError::Unsupported`] and
/// [`SeeError::TooLarge`] for what their names say; [`SeeError::NoPreview`] for a camera raw with nothing to show;
/// [`SeeError::Truncated`] when the bytes end before the size, or before a raw's preview does;
/// [`SeeError::Malformed`] when a side is 0 or the header is not where it has to be.
pub fn probe(bytes: &[u8], limits: &Limits) -> Result<Header, SeeError> {
    if bytes.is_empty() {
        return Err(SeeError::Empty);
    }
    let length = bytes.len() as u64;
    if length > limits.max_file_bytes {
        return Err(SeeError::FileTooLarge {
            bytes: length,
            limit: limits.max_file_bytes,
        });
    }
    let format = match sniff(bytes) {
        Sniffed::Supported(format) => format,
        Sniffed::Unsupported(name) => return Err(SeeError::Unsupported(name)),
        Sniffed::NotAPicture => return Err(SeeError::NotAPicture),
    };
    let cost = cost(bytes, format)?;
    let (width, height) = cost.size;
    if width == 0 || height == 0 {
        return Err(SeeError::Malformed {
            format: format.name(),
            reason: format!("size of {width} × {height} pixels"),
        });
    }
    let limit = limits.max_pixels;
    let too_large = |(width, height)| SeeError::TooLarge {
        width,
        height,
        limit,
    };
    let pixels = area(cost.decoded);
    if pixels > limit {
        return Err(too_large(cost.decoded));
    }
    if area(cost.coded) > limit.saturating_mul(2).saturating_add(SPARE_PIXELS) {
        return Err(too_large(cost.coded));
    }
    // A float holds every product here exactly enough: bytes per pixel stay below 100, pixels below 2^64.
    let memory_bytes = ((pixels as f64 * cost.bytes_per_pixel) as u64)
        .saturating_add(cost.extra)
        .saturating_add(DECODER_BYTES);
    Ok(Header {
        format,
        width,
        height,
        memory_bytes,
    })
}

fn area((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

/// Size of a picture and what decoding it takes.
struct Cost {
    size: (u32, u32),
    /// Size before it is cropped.
    decoded: (u32, u32),
    /// Size of what is decoded at a time, in whole blocks.
    coded: (u32, u32),
    bytes_per_pixel: f64,
    extra: u64,
}

fn cost(bytes: &[u8], format: Format) -> Result<Cost, SeeError> {
    let length = bytes.len() as u64;
    let truncated = || SeeError::Truncated {
        format: format.name(),
    };
    let mut extra = 0;
    let (size, bytes_per_pixel) = match format {
        Format::Jpeg => {
            let frame = jpeg::Head::walk(bytes).frame.ok_or_else(truncated)?;
            supported_coding(&frame)?;
            return Ok(jpeg_cost(&frame));
        }
        Format::Raw => {
            let cost = jpeg_cost(&preview(bytes)?.frame);
            // The copy from which EXIF is read.
            let extra = cost.extra + length;
            return Ok(Cost { extra, ..cost });
        }
        Format::Png => {
            let png = Png::walk(bytes);
            let size = png.size.ok_or_else(truncated)?;
            // The frame, and the picture before and after it, twice.
            let animation = if png.apart { 16.0 } else { 0.0 };
            (size, png_bytes_per_pixel(&png) + animation)
        }
        Format::Webp => {
            let webp = Webp::walk(bytes);
            let size = webp.size.ok_or_else(truncated)?;
            // Planes and output; the lossless decoder works on four bytes a pixel; an animation has a canvas.
            let still = if webp.lossless { 11.0 } else { 6.0 };
            let alpha = if webp.alpha { 4.0 } else { 0.0 };
            let canvas = if webp.frames > 0 { 8.0 } else { 0.0 };
            (size, still + alpha + canvas)
        }
        Format::Gif => {
            let size = Gif::walk(bytes).size.ok_or_else(truncated)?;
            // The frame, the screen that it is put on and the answer.
            (size, 4.0 + 4.0 + 3.0)
        }
        Format::Tiff => {
            // The list may stand at the end, beyond what is there of a file that is cut short.
            let tiff = Tiff::walk(bytes).ok_or_else(truncated)?;
            let size = tiff.number(tag::WIDTH).zip(tiff.number(tag::HEIGHT));
            let bits = f64::from(tiff.number(tag::BITS).unwrap_or(1).clamp(8, 64));
            let samples = f64::from(tiff.number(tag::SAMPLES).unwrap_or(1).clamp(1, 8));
            // A strip before and after decompression, as large as the file and as the picture at worst, and the
            // copy from which EXIF is read.
            extra = 2 * length;
            let stored = bits / 8.0 * samples;
            (size.ok_or_else(truncated)?, 2.0 * stored + 4.0 + 3.0)
        }
        Format::Heic | Format::Avif => return heif_cost(bytes, format),
        Format::Bmp => {
            let size = Bmp::walk(bytes).ok_or_else(truncated)?.size;
            (size, 4.0 + 3.0)
        }
    };
    Ok(Cost {
        size,
        decoded: size,
        coded: size,
        bytes_per_pixel,
        extra,
    })
}

fn heif_cost(bytes: &[u8], format: Format) -> Result<Cost, SeeError> {
    let malformed = |reason: &str| SeeError::Malformed {
        format: format.name(),
        reason: reason.to_owned(),
    };
    let heif = Heif::walk(bytes);
    if !heif.whole {
        return Err(SeeError::Truncated {
            format: format.name(),
        });
    }
    let primary = heif.primary();
    let id = primary.ok_or_else(|| malformed("no primary picture"))?;
    let size = heif.size(id);
    let (width, height) = size.ok_or_else(|| malformed("no size"))?;
    let window = heif.window(id);
    let window = window.ok_or_else(|| malformed("clean aperture outside of the picture"))?;
    let coded = heif.coded_sizes(id).map(in_blocks);
    let coded = coded.max_by_key(|size| area(*size)).unwrap_or_default();
    Ok(Cost {
        size: (window.width, window.height),
        decoded: (width, height),
        coded,
        // The picture; how opaque it is, as stored and as large as the picture; the picture again where it is cropped.
        bytes_per_pixel: 3.0
            + if heif.alpha(id).is_some() { 2.0 } else { 0.0 }
            + if (window.width, window.height) == (width, height) {
                0.0
            } else {
                3.0
            },
        extra: area(coded)
            .saturating_mul(HEIF_CODED_BYTES)
            .saturating_add(2 * bytes.len() as u64),
    })
}

fn jpeg_cost(frame: &jpeg::Frame) -> Cost {
    let samples = frame.samples_per_pixel().max(1.0);
    // Output, planes where the second decoder is needed, coefficients of 16 bits where scans refine.
    let coefficients = 2.0 * samples;
    let size = (u32::from(frame.width), u32::from(frame.height));
    Cost {
        size,
        decoded: size,
        coded: size,
        bytes_per_pixel: 3.0 + frame.components.len() as f64 + samples + coefficients,
        // Whole blocks are kept, at most 32 pixels beyond either side.
        extra: 32 * (u64::from(size.0) + u64::from(size.1) + 32) * 12,
    }
}

/// The picture in a camera raw that is seen.
///
/// # Errors
/// [`SeeError::NoPreview`] and [`SeeError::Truncated`].
pub(crate) fn preview(bytes: &[u8]) -> Result<Preview<'_>, SeeError> {
    let raw = Raw::told(bytes).ok_or(SeeError::NotAPicture)?;
    match raw.preview(bytes) {
        Found::Preview(preview) => Ok(preview),
        Found::Nothing => Err(SeeError::NoPreview(raw.name)),
        Found::Cut => Err(SeeError::Truncated {
            format: Format::Raw.name(),
        }),
    }
}

fn png_bytes_per_pixel(png: &Png<'_>) -> f64 {
    let samples = match png.color {
        0 => 1.0,
        4 => 2.0,
        6 => 4.0,
        _ => 3.0,
    };
    let alpha = if png.transparency { 1.0 } else { 0.0 };
    let depth = if png.depth == 16 { 2.0 } else { 1.0 };
    // What is stored, as RGBA where it is transparent or of 16 bits, as RGB.
    (samples + alpha) * depth + 4.0 + 3.0
}

/// Refuses the kinds of JPEG that neither decoder reads (zune-jpeg 0.5 and jpeg-decoder 0.3: no arithmetic coding, no
/// hierarchy, 8 bits a sample; the latter alone reads the lossless kind).
fn supported_coding(frame: &jpeg::Frame) -> Result<(), SeeError> {
    let kind = match frame.marker {
        0xC0..=0xC2 if frame.precision == 12 => "12-bit JPEG",
        0xC5..=0xC7 | 0xCD..=0xCF => "hierarchical JPEG",
        0xC9..=0xCB => "arithmetic-coded JPEG",
        _ => return Ok(()),
    };
    Err(SeeError::Unsupported(kind))
}
