//! PNG, WebP, GIF, TIFF and BMP, by the `image` crate.

use super::shield::shielded;
use crate::container::gif::Gif;
use crate::container::png::Png;
use crate::container::webp::Webp;
use crate::error::SeeError;
use crate::format::Format;
use crate::limits::Header;
use crate::rgb::Rgb;
use image::codecs::{bmp, gif, png, tiff, webp};
use image::{AnimationDecoder, DynamicImage, ImageDecoder, ImageError, ImageResult, Limits};
use std::io::{Cursor, ErrorKind};

/// Decodes the first frame, in the orientation in which it is stored.
pub(super) fn decode(bytes: &[u8], header: &Header) -> Result<Rgb, SeeError> {
    let picture = shielded(header.format, || {
        read(bytes, header).map_err(|error| explain(&error, bytes, header.format))
    })?;
    // A decoder that reads ahead is content with less than all of a frame's bytes, and shows what it guessed.
    let is_cut = match header.format {
        Format::Webp => !Webp::walk(bytes).picture_ended,
        Format::Gif => Gif::walk(bytes).frames == 0,
        Format::Png => {
            let png = Png::walk(bytes);
            png.apart && !png.frame_met && !png.ended
        }
        _ => false,
    };
    if is_cut {
        return Err(SeeError::Truncated {
            format: header.format.name(),
        });
    }
    if (picture.width(), picture.height()) != (header.width, header.height) {
        return Err(SeeError::Malformed {
            format: header.format.name(),
            reason: format!(
                "expected {} × {} pixels, got {} × {}",
                header.width,
                header.height,
                picture.width(),
                picture.height()
            ),
        });
    }
    over_white(picture).ok_or_else(|| SeeError::Malformed {
        format: header.format.name(),
        reason: "no pixels".to_owned(),
    })
}

fn read(bytes: &[u8], header: &Header) -> ImageResult<DynamicImage> {
    let limits = allocation_limits(header);
    let bytes = Cursor::new(bytes);
    match header.format {
        Format::Png => {
            let png = Png::walk(bytes.get_ref());
            let decoder = png::PngDecoder::with_limits(bytes, limits.clone())?;
            // The decoder of animations knows 8 bits a sample at most.
            if png.apart && png.frame_met && png.depth <= 8 {
                first_frame(decoder.apng()?)
            } else {
                pixels(decoder, limits)
            }
        }
        Format::Webp => pixels(webp::WebPDecoder::new(bytes)?, limits),
        Format::Gif => pixels(gif::GifDecoder::new(bytes)?, limits),
        Format::Tiff => pixels(tiff::TiffDecoder::new(bytes)?, limits),
        Format::Bmp | Format::Jpeg | Format::Raw | Format::Heic | Format::Avif => {
            pixels(bmp::BmpDecoder::new(bytes)?, limits)
        }
    }
}

fn first_frame<'a>(decoder: impl AnimationDecoder<'a>) -> ImageResult<DynamicImage> {
    match decoder.into_frames().next() {
        Some(frame) => Ok(frame?.into_buffer().into()),
        None => Err(ImageError::IoError(ErrorKind::UnexpectedEof.into())),
    }
}

fn allocation_limits(header: &Header) -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(header.width);
    limits.max_image_height = Some(header.height);
    limits.max_alloc = Some(header.memory_bytes);
    limits
}

fn pixels(mut decoder: impl ImageDecoder, limits: Limits) -> ImageResult<DynamicImage> {
    decoder.set_limits(limits)?;
    DynamicImage::from_decoder(decoder)
}

/// Says what went wrong: a decoder's own words where the file is all there.
fn explain(error: &ImageError, bytes: &[u8], format: Format) -> SeeError {
    let ends_early = matches!(error, ImageError::IoError(e) if e.kind() == ErrorKind::UnexpectedEof)
        || match format {
            Format::Png => !Png::walk(bytes).ended,
            Format::Webp => !Webp::walk(bytes).ended,
            Format::Gif => !Gif::walk(bytes).ended,
            _ => false,
        };
    if ends_early {
        return SeeError::Truncated {
            format: format.name(),
        };
    }
    if let (ImageError::Unsupported(_), Format::Tiff) = (error, format) {
        return SeeError::Unsupported("this kind of TIFF");
    }
    SeeError::Malformed {
        format: format.name(),
        reason: error.to_string(),
    }
}

/// Makes 8-bit RGB of any pixels, with white where they are transparent.
fn over_white(picture: DynamicImage) -> Option<Rgb> {
    let (width, height) = (picture.width(), picture.height());
    if !picture.color().has_alpha() {
        return Rgb::new(width, height, picture.into_rgb8().into_raw());
    }
    let rgba = picture.into_rgba8();
    let pixels = rgba
        .pixels()
        .flat_map(|pixel| {
            let [r, g, b, a] = pixel.0;
            [r, g, b].map(|value| blend_with_white(value, a))
        })
        .collect();
    Rgb::new(width, height, pixels)
}

/// `value` over white, rounded to the nearest.
pub(super) fn blend_with_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}
