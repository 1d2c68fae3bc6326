//! AV1, by re_rav1d: the first picture of a stream.

use super::planes::{Chroma, Planes};
use crate::container::heif::Coding;
use crate::error::SeeError;
use crate::format::Format;
use re_rav1d::pixel::YUVRange;
use re_rav1d::{Decoder, Error, Picture, PixelLayout, PlanarImageComponent, Settings};

/// Pictures in the data of one, which are its layers; the decoder keeps them all.
const MAX_LAYERS: usize = 4;

/// Decodes a picture of at most `most` samples.
///
/// On a thread of its own, whose memory is its own as well: what the decoder frees is aligned in a way that glibc before
/// 2.38 does not use again while other memory lies between (15,000 small pictures took 700 MB, and so take 70).
pub(super) fn decode(data: &[u8], most: u64) -> Result<Planes, SeeError> {
    let gave_up = |reason: &str| SeeError::Malformed {
        format: Format::Avif.name(),
        reason: reason.to_owned(),
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().spawn_scoped(scope, || by_rav1d(data, most));
        let thread =
            thread.map_err(|error| gave_up(&format!("no thread to decode on: {error}")))?;
        let decoded = thread.join();
        decoded.unwrap_or_else(|_| Err(gave_up("the decoder gave up")))
    })
}

fn by_rav1d(data: &[u8], most: u64) -> Result<Planes, SeeError> {
    if pictures(data) > MAX_LAYERS {
        return Err(SeeError::Unsupported("AVIF of so many layers"));
    }
    let mut settings = Settings::new();
    // Several pictures are decoded at a time, each on a thread of its own.
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    // The best layer alone.
    settings.set_all_layers(false);
    settings.set_frame_size_limit(u32::try_from(most).unwrap_or(u32::MAX));
    let mut decoder = Decoder::with_settings(&settings).map_err(malformed)?;
    // Where the decoder wants its picture to be taken before it goes on, that is the picture.
    match decoder.send_data(data.to_vec(), None, None, None) {
        Ok(()) | Err(Error::Again) => {}
        Err(error) => return Err(malformed(error)),
    }
    let picture = decoder.get_picture().map_err(malformed)?;
    planes(&picture)
}

/// Pictures in a stream of units (AV1 specification, section 5.3), as far as it can be followed.
fn pictures(mut data: &[u8]) -> usize {
    let mut pictures = 0;
    while let [head, rest @ ..] = data {
        let (is_extended, says_length) = (head & 4 != 0, head & 2 != 0);
        // 3: the head of a picture; 6: head and data; 7: the head once more.
        pictures += usize::from(matches!(head >> 3 & 15, 3 | 6));
        let rest = rest.get(usize::from(is_extended)..).unwrap_or_default();
        if !says_length {
            break;
        }
        let (mut length, mut at) = (0_u64, 0);
        while let Some(byte) = rest.get(at).filter(|_| at < 8) {
            length |= u64::from(byte & 0x7F) << (7 * at);
            at += 1;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        data = rest.get(at.saturating_add(length)..).unwrap_or_default();
    }
    pictures
}

fn planes(picture: &Picture) -> Result<Planes, SeeError> {
    let (width, height) = (picture.width(), picture.height());
    let bits = picture.bits_per_component().map_or(0, |bits| bits.0);
    let bits = u8::try_from(bits).unwrap_or_default();
    let halved = match picture.pixel_layout() {
        PixelLayout::I400 => None,
        PixelLayout::I420 => Some((true, true)),
        PixelLayout::I422 => Some((true, false)),
        PixelLayout::I444 => Some((false, false)),
    };
    let plane = |component, (columns, rows): (u32, u32)| {
        let plane = picture.plane(component);
        let stride = picture.stride(component) as usize;
        plain(&plane, stride, (columns as usize, rows as usize), bits > 8)
            .ok_or_else(|| malformed(Error::InvalidArgument))
    };
    let chroma = halved.map(|halved| {
        let side = |length: u32, halved| if halved { length.div_ceil(2) } else { length };
        let size = (side(width, halved.0), side(height, halved.1));
        Ok::<_, SeeError>(Chroma {
            planes: [
                plane(PlanarImageComponent::U, size)?,
                plane(PlanarImageComponent::V, size)?,
            ],
            halved,
        })
    });
    Ok(Planes {
        size: (width, height),
        bits,
        luma: plane(PlanarImageComponent::Y, (width, height))?,
        chroma: chroma.transpose()?,
        coding: Coding {
            // The numbers of these names are those of ITU-T H.273.
            matrix: picture.matrix_coefficients() as u16,
            full_range: picture.color_range() == YUVRange::Full,
        },
    })
}

/// The samples of a plane without what fills its rows up; none where there are fewer than there should be.
fn plain(
    plane: &[u8],
    stride: usize,
    (columns, rows): (usize, usize),
    wide: bool,
) -> Option<Vec<u16>> {
    let row_bytes = if wide { 2 * columns } else { columns };
    if row_bytes > stride || plane.len() < stride * rows || stride == 0 {
        return None;
    }
    let rows = plane.chunks_exact(stride).take(rows);
    let rows = rows.map(|row| &row[..row_bytes]);
    Some(if wide {
        let samples = rows.flat_map(|row| row.as_chunks::<2>().0);
        samples.map(|sample| u16::from_ne_bytes(*sample)).collect()
    } else {
        rows.flatten().map(|sample| u16::from(*sample)).collect()
    })
}

fn malformed(error: Error) -> SeeError {
    SeeError::Malformed {
        format: Format::Avif.name(),
        reason: error.to_string(),
    }
}
