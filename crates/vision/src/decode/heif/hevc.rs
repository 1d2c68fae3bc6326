//! HEVC, by heifer-hevc-dec: what is coded within one picture.

use super::planes::{Chroma, Planes};
use crate::container::heif::Coding;
use crate::container::{be16, part};
use crate::error::SeeError;
use crate::format::Format;
use heifer_hevc_dec::Error;
use heifer_hevc_dec::decoder::{DecodeOptions, decode_picture};

/// What the decoder takes for the start of each of a stream's units.
const START: [u8; 4] = [0, 0, 0, 1];

/// Decodes a picture of at most `most` samples, by the decoder's configuration (`hvcC`) and its units.
pub(super) fn decode(configuration: &[u8], data: &[u8], most: u64) -> Result<Planes, SeeError> {
    let stream = stream(configuration, data)
        .ok_or_else(|| malformed("units that do not make up the picture"))?;
    let options = DecodeOptions {
        max_pixels: most,
        ..DecodeOptions::default()
    };
    let frame = decode_picture(&stream, options).map_err(|error| match error {
        Error::Unimplemented(_) => SeeError::Unsupported("this kind of HEIC"),
        other => malformed(&other.to_string()),
    })?;
    let [luma, blue, red] = frame.planes;
    let [bits, chroma_bits] = frame.bit_depth;
    let is_grey = frame.widths[1] == 0;
    if bits != chroma_bits && !is_grey {
        return Err(SeeError::Unsupported("this kind of HEIC"));
    }
    let halved = match frame.chroma_format {
        1 => (true, true),
        2 => (true, false),
        _ => (false, false),
    };
    Ok(Planes {
        size: (frame.widths[0], frame.heights[0]),
        bits,
        luma,
        chroma: (!is_grey).then_some(Chroma {
            planes: [blue, red],
            halved,
        }),
        coding: Coding {
            matrix: u16::from(frame.matrix_coeffs),
            full_range: frame.full_range,
        },
    })
}

/// The units of a configuration (ISO/IEC 14496-15, section 8.3.3) and of a picture, as a stream of ITU-T H.265 annex B.
fn stream(configuration: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut stream = Vec::with_capacity(configuration.len() + data.len() + 64);
    let mut unit = |unit: &[u8]| {
        stream.extend_from_slice(&START);
        stream.extend_from_slice(unit);
    };
    let length_bytes = usize::from(configuration.get(21)? & 3) + 1;
    let mut at = 23;
    for _ in 0..*configuration.get(22)? {
        let count = be16(configuration, at + 1)?;
        at += 3;
        for _ in 0..count {
            let length = usize::from(be16(configuration, at)?);
            unit(part(configuration, at + 2, length)?);
            at += 2 + length;
        }
    }
    let mut at = 0;
    while at < data.len() {
        let length = part(data, at, length_bytes)?;
        let length = length.iter().fold(0, |n, b| n << 8 | usize::from(*b));
        unit(part(data, at + length_bytes, length)?);
        at += length_bytes + length;
    }
    Some(stream)
}

fn malformed(reason: &str) -> SeeError {
    SeeError::Malformed {
        format: Format::Heic.name(),
        reason: reason.to_owned(),
    }
}
