//! JPEG, by zune-jpeg in full and by jpeg-decoder at a fraction of the size.

mod entropy;
mod huffman;

use super::shield::shielded;
use crate::container::jpeg::{Frame, Head};
use crate::error::SeeError;
use crate::format::Format;
use crate::limits::Header;
use crate::rgb::Rgb;
use entropy::{Completeness, completeness};
use jpeg_decoder::PixelFormat;
use std::borrow::Cow;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

/// Pixels from which on scaled decoding is taken. On one core a picture of 12 megapixels decodes at 28 a second scaled
/// and at 20 in full, and takes 4 MiB instead of 35; at 2 megapixels zune-jpeg in full is the faster (110 to 95).
const SCALED_MIN_PIXELS: u64 = 4_000_000;
/// How many times smaller a scaled picture is. jpeg-decoder also knows 2 and 8: at 2 it is no faster than zune-jpeg in
/// full, and at 8 no faster than at 4 but strays further (0.95 of 255 in the mean after bicubic resizing, when the
/// scaled picture is four times what is wanted, against 0.36 at 4).
const SHRINK: u32 = 4;
/// A scaled picture keeps its shorter side this many times as long as what is wanted of it. What is resized from it then
/// differs from what is resized from the full picture by 0.3 to 0.7 of 255 in the mean, at a margin of 1 by 1.2 to 1.9.
const SCALED_MARGIN: u32 = 2;
/// Scans of a progressive picture; each one costs a pass over all its coefficients.
const MAX_SCANS: usize = 100;

/// Bytes after a file without an end marker that are taken for entropy-coded data by a decoder that still wants some,
/// and passed over by one that does not.
const TAIL: [u8; 4096] = {
    let mut tail = [0; 4096];
    let mut state = 0x2545_F491_u32;
    let mut i = 0;
    while i < tail.len() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Never FF, which would be a marker.
        tail[i] = ((state >> 24) % 255) as u8;
        i += 1;
    }
    tail
};
const END: [u8; 2] = [0xFF, 0xD9];

/// Decodes a picture, in the orientation in which it is stored.
pub(super) fn decode(
    bytes: &[u8],
    header: &Header,
    scaled_min_side: Option<u32>,
) -> Result<Rgb, SeeError> {
    let head = Head::walk(bytes);
    let Some(frame) = &head.frame else {
        return Err(truncated());
    };
    let scans = head.scans(bytes);
    // A frame whose components or bits were never sent is cut, whatever comes after.
    if !scans.all_sent && !is_lossless(frame) {
        return Err(truncated());
    }
    if frame.is_progressive() && scans.end.is_none() {
        return progressive_without_end(bytes, header, frame);
    }
    if is_sequential(frame) {
        match completeness(bytes, frame) {
            Completeness::Whole | Completeness::Unknown => {}
            Completeness::Cut => return Err(truncated()),
            Completeness::Damaged => {
                return Err(malformed("damaged entropy-coded data".to_owned()));
            }
        }
    }
    // What follows the end marker (another picture, a film, anything) is not looked at.
    let bytes = match scans.end {
        Some(end) => Cow::Borrowed(bytes.get(..end).unwrap_or(bytes)),
        None => Cow::Owned([bytes, &END].concat()),
    };
    if scaled_min_side.is_some_and(|side| is_scaled(header, side))
        && let Ok(picture) = by_jpeg_decoder(&bytes, header, SHRINK)
    {
        return Ok(picture);
    }
    full(&bytes, header, frame)
}

/// Decodes a progressive file that has no end marker, which is whole only when what follows its bytes makes no
/// difference.
fn progressive_without_end(bytes: &[u8], header: &Header, frame: &Frame) -> Result<Rgb, SeeError> {
    let ended = |tail: &[u8]| [bytes, tail, &END].concat();
    let plain = full(&ended(&[]), header, frame).map_err(|_| truncated())?;
    let filled = full(&ended(&TAIL), header, frame).map_err(|_| truncated())?;
    if plain == filled {
        Ok(plain)
    } else {
        Err(truncated())
    }
}

/// Whether a picture of which `min_side` is wanted is decoded at a fraction of its size.
fn is_scaled(header: &Header, min_side: u32) -> bool {
    let pixels = u64::from(header.width) * u64::from(header.height);
    let shorter = header.width.min(header.height).div_ceil(SHRINK);
    pixels >= SCALED_MIN_PIXELS && shorter >= min_side.saturating_mul(SCALED_MARGIN)
}

fn full(bytes: &[u8], header: &Header, frame: &Frame) -> Result<Rgb, SeeError> {
    if is_lossless(frame) {
        return by_jpeg_decoder(bytes, header, 1);
    }
    match by_zune(bytes, header) {
        Ok(picture) => Ok(picture),
        // The other decoder may know what this one does not; but where pixels are missing it fills them in silence.
        Err(Refused::Header(error)) => by_jpeg_decoder(bytes, header, 1).map_err(|_| error),
        Err(Refused::Scans(error)) => Err(error),
    }
}

fn is_sequential(frame: &Frame) -> bool {
    matches!(frame.marker, 0xC0 | 0xC1)
}

fn is_lossless(frame: &Frame) -> bool {
    frame.marker == 0xC3
}

/// Where zune-jpeg gave up.
enum Refused {
    /// Before or beside the entropy-coded data.
    Header(SeeError),
    /// In the entropy-coded data.
    Scans(SeeError),
}

fn by_zune(bytes: &[u8], header: &Header) -> Result<Rgb, Refused> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(header.width as usize)
        .set_max_height(header.height as usize)
        .jpeg_set_max_scans(MAX_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut scans_reached = false;
    let pixels = shielded(Format::Jpeg, || {
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        decoder.decode_headers().map_err(|e| explain(&e))?;
        scans_reached = true;
        decoder.decode().map_err(|e| explain(&e))
    });
    pixels
        .and_then(|pixels| picture(header.width, header.height, pixels))
        .map_err(|error| {
            if scans_reached {
                Refused::Scans(error)
            } else {
                Refused::Header(error)
            }
        })
}

fn explain(error: &DecodeErrors) -> SeeError {
    let reason = error.to_string();
    let ends_early = matches!(
        error,
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_)
    ) || reason.contains("Premature end");
    if ends_early {
        truncated()
    } else {
        malformed(reason)
    }
}

fn by_jpeg_decoder(bytes: &[u8], header: &Header, shrink: u32) -> Result<Rgb, SeeError> {
    let give_up = |error: jpeg_decoder::Error| malformed(error.to_string());
    shielded(Format::Jpeg, || {
        let mut decoder = jpeg_decoder::Decoder::new(bytes);
        decoder.set_max_decoding_buffer_size(
            usize::try_from(header.memory_bytes).unwrap_or(usize::MAX),
        );
        decoder.read_info().map_err(give_up)?;
        let side = |side: u32| u16::try_from(side.div_ceil(shrink)).unwrap_or(u16::MAX);
        let (width, height) = decoder
            .scale(side(header.width), side(header.height))
            .map_err(give_up)?;
        let pixels = decoder.decode().map_err(give_up)?;
        let kind = decoder.info().map(|info| info.pixel_format);
        picture(
            u32::from(width),
            u32::from(height),
            to_rgb(&pixels, kind).unwrap_or(pixels),
        )
    })
}

/// RGB of jpeg-decoder's other kinds of pixels; none where they are RGB already.
fn to_rgb(pixels: &[u8], kind: Option<PixelFormat>) -> Option<Vec<u8>> {
    match kind? {
        PixelFormat::RGB24 => None,
        PixelFormat::L8 => Some(pixels.iter().flat_map(|l| [*l; 3]).collect()),
        PixelFormat::L16 => {
            let grey = |l: &[u8; 2]| [(u16::from_ne_bytes(*l) >> 8) as u8; 3];
            Some(pixels.as_chunks().0.iter().flat_map(grey).collect())
        }
        PixelFormat::CMYK32 => {
            // The decoder gives 255 for full ink; what is left of the light is what neither ink nor black takes.
            let light = |ink: u8, black: u8| {
                ((u32::from(255 - ink) * u32::from(255 - black) + 127) / 255) as u8
            };
            let rgb = |[c, m, y, k]: &[u8; 4]| [light(*c, *k), light(*m, *k), light(*y, *k)];
            Some(pixels.as_chunks().0.iter().flat_map(rgb).collect())
        }
    }
}

fn picture(width: u32, height: u32, pixels: Vec<u8>) -> Result<Rgb, SeeError> {
    let got = pixels.len();
    Rgb::new(width, height, pixels).ok_or_else(|| {
        malformed(format!(
            "expected {width} × {height} RGB pixels, got {got} bytes"
        ))
    })
}

fn truncated() -> SeeError {
    SeeError::Truncated {
        format: Format::Jpeg.name(),
    }
}

fn malformed(reason: String) -> SeeError {
    SeeError::Malformed {
        format: Format::Jpeg.name(),
        reason,
    }
}
