//! From pixels to a network's input.

use super::config::{Colors, Input, Layout, Resize};
use crate::rgb::Rgb;
use rten_tensor::NdTensor;

/// The size to which a stored picture is resized before it is turned upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) width: u32,
    pub(super) height: u32,
}

pub(super) fn plan(input: &Input, width: u32, height: u32, orientation: u8) -> Plan {
    let [to_height, to_width] = input.size;
    // Orientations from 5 on lie on their side.
    let turned = orientation >= 5;
    let (to_width, to_height) = if turned {
        (to_height, to_width)
    } else {
        (to_width, to_height)
    };
    match input.resize {
        Resize::Squash => Plan {
            width: to_width,
            height: to_height,
        },
        Resize::Crop => {
            let by_width = f64::from(to_width) / f64::from(width);
            let by_height = f64::from(to_height) / f64::from(height);
            let factor = by_width.max(by_height);
            let scaled = |side: u32, least: u32| {
                // Extreme aspect ratios are cut to what a resize can hold.
                ((f64::from(side) * factor).round() as u32).clamp(least, 16 * 2048)
            };
            Plan {
                width: scaled(width, to_width),
                height: scaled(height, to_height),
            }
        }
    }
}

/// Takes the middle of a picture that is at least as large.
pub(super) fn crop(picture: Rgb, (width, height): (u32, u32)) -> Rgb {
    if (picture.width(), picture.height()) == (width, height) {
        return picture;
    }
    let left = (picture.width() - width) / 2;
    let top = (picture.height() - height) / 2;
    let row_bytes = 3 * picture.width() as usize;
    let rows = picture
        .pixels()
        .chunks_exact(row_bytes)
        .skip(top as usize)
        .take(height as usize);
    let (start, end) = (3 * left as usize, 3 * (left + width) as usize);
    let pixels = rows
        .flat_map(|row| row[start..end].iter().copied())
        .collect();
    Rgb::new(width, height, pixels).expect("the middle lies inside the picture")
}

/// Makes the input of a picture of exactly its size.
pub(super) fn tensor(input: &Input, picture: &Rgb) -> NdTensor<f32, 4> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let channel_of = |channel: usize| match input.colors {
        Colors::Rgb => channel,
        Colors::Bgr => 2 - channel,
    };
    // What each byte of a channel becomes.
    let tables: [[f32; 256]; 3] = std::array::from_fn(|channel| {
        std::array::from_fn(|byte| {
            (byte as f32 * input.scale - input.mean[channel]) / input.std[channel]
        })
    });
    let value =
        |pixel: &[u8; 3], channel: usize| tables[channel][usize::from(pixel[channel_of(channel)])];
    let (pixels, _) = picture.pixels().as_chunks::<3>();
    let mut values = Vec::with_capacity(3 * pixels.len());
    match input.layout {
        Layout::Nchw => {
            for channel in 0..3 {
                values.extend(pixels.iter().map(|pixel| value(pixel, channel)));
            }
            NdTensor::from_data([1, 3, height, width], values)
        }
        Layout::Nhwc => {
            for pixel in pixels {
                values.extend([0, 1, 2].map(|channel| value(pixel, channel)));
            }
            NdTensor::from_data([1, height, width, 3], values)
        }
    }
}
