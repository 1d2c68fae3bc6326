//! JPEG (ITU-T T.81, annex B): segments that each begin with `FF` and a marker.

use super::{be16, part};

/// Bytes of Photoshop resources that are put together at most; a longer rest is left out.
const MAX_PHOTOSHOP_BYTES: usize = 4 << 20;
/// Components of a frame that are looked at; more than four are of no known colour space.
const MAX_COMPONENTS: usize = 4;

/// Marker before the entropy-coded data of some components.
pub(crate) const START_OF_SCAN: u8 = 0xDA;
/// Marker after the last scan.
pub(crate) const END_OF_IMAGE: u8 = 0xD9;

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

/// What stands before the first scan.
#[derive(Debug, Default)]
pub(crate) struct Head<'a> {
    /// The frame header.
    pub(crate) frame: Option<Frame>,
    /// EXIF block, from its TIFF header on.
    pub(crate) exif: Option<&'a [u8]>,
    /// XMP packet.
    pub(crate) xmp: Option<&'a [u8]>,
    /// Photoshop image resources, put together from all their segments.
    pub(crate) photoshop: Vec<u8>,
}

/// A frame header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Second byte of the marker, `C0` to `CF`.
    pub(crate) marker: u8,
    /// Bits in a sample.
    pub(crate) precision: u8,
    /// Pixels in a row.
    pub(crate) width: u16,
    /// Rows; 0 where a later segment says how many.
    pub(crate) height: u16,
    /// Number, horizontal and vertical sampling factor of each component, four at most.
    pub(crate) components: Vec<Component>,
}

/// A component of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Component {
    /// Number by which scans name it.
    pub(crate) id: u8,
    /// Blocks side by side in a unit of interleaved data.
    pub(crate) horizontal: u8,
    /// Blocks above one another in a unit of interleaved data.
    pub(crate) vertical: u8,
}

impl Frame {
    /// Whether scans refine one another.
    pub(crate) fn is_progressive(&self) -> bool {
        self.marker == 0xC2
    }

    /// Samples of all components for each pixel: 1 for grey, 1.5 for 4:2:0, 3 for 4:4:4.
    pub(crate) fn samples_per_pixel(&self) -> f64 {
        let area = |c: &Component| f64::from(c.horizontal) * f64::from(c.vertical);
        let widest = |side: fn(&Component) -> u8| self.components.iter().map(side).max();
        let unit = f64::from(widest(|c| c.horizontal).unwrap_or(1))
            * f64::from(widest(|c| c.vertical).unwrap_or(1));
        self.components.iter().map(area).sum::<f64>() / unit.max(1.0)
    }
}

/// Where the scans end and what they hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scans {
    /// Length of the file up to and with its end marker; none when there is no such marker.
    pub(crate) end: Option<usize>,
    /// Whether every coefficient of every component had a scan that names its last bit.
    pub(crate) all_sent: bool,
}

impl<'a> Head<'a> {
    /// Walks from the start to the first scan.
    pub(crate) fn walk(bytes: &'a [u8]) -> Self {
        let mut head = Self::default();
        for segment in segments(bytes).take_while(|segment| segment.marker != START_OF_SCAN) {
            head.take(segment.marker, segment.body);
        }
        head
    }

    fn take(&mut self, marker: u8, body: &'a [u8]) {
        match marker {
            0xE1 => {
                if let Some(exif) = body.strip_prefix(EXIF) {
                    self.exif.get_or_insert(exif);
                } else if let Some(xmp) = body.strip_prefix(XMP) {
                    self.xmp.get_or_insert(xmp);
                }
            }
            0xED => {
                if let Some(resources) = body.strip_prefix(PHOTOSHOP)
                    && self.photoshop.len() + resources.len() <= MAX_PHOTOSHOP_BYTES
                {
                    self.photoshop.extend_from_slice(resources);
                }
            }
            _ => self.frame_from(marker, body),
        }
    }

    fn frame_from(&mut self, marker: u8, body: &[u8]) {
        let is_frame = matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        if is_frame && self.frame.is_none() {
            self.frame = frame(marker, body);
        }
    }

    /// Walks all scans, without decoding them, to the end marker.
    pub(crate) fn scans(&self, bytes: &[u8]) -> Scans {
        let components = self
            .frame
            .as_ref()
            .map_or(&[][..], |frame| &frame.components);
        let mut sent = [0_u64; MAX_COMPONENTS];
        let mut end = None;
        for segment in segments(bytes) {
            match segment.marker {
                START_OF_SCAN => mark_sent(components, segment.body, &mut sent),
                END_OF_IMAGE => {
                    end = Some(segment.end);
                    break;
                }
                _ => {}
            }
        }
        let all_sent = components.iter().zip(&sent).all(|(_, mask)| *mask == !0);
        Scans { end, all_sent }
    }
}

/// A marker and what belongs to it.
pub(crate) struct Segment<'a> {
    /// Second byte of the marker.
    pub(crate) marker: u8,
    /// What follows the length; empty where the marker stands alone.
    pub(crate) body: &'a [u8],
    /// Where the segment ends.
    pub(crate) end: usize,
}

/// The segments after the marker of the start, with entropy-coded data passed over, to the last that is whole. What
/// follows the end marker is walked too, where the caller goes on.
pub(crate) fn segments(bytes: &[u8]) -> impl Iterator<Item = Segment<'_>> {
    let mut at = 2;
    std::iter::from_fn(move || {
        let (marker, start) = next_marker(bytes, at)?;
        let (body, end) = if is_standalone(marker) {
            (&[][..], start)
        } else {
            let length = usize::from(be16(bytes, start)?);
            let body = part(bytes, start + 2, length.checked_sub(2)?)?;
            (body, start + length)
        };
        at = end;
        Some(Segment { marker, body, end })
    })
}

/// The marker after `at`, passing over entropy-coded data, and the place after it.
fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == 0xFF)? + 1;
        while bytes.get(at) == Some(&0xFF) {
            at += 1;
        }
        let marker = *bytes.get(at)?;
        at += 1;
        if marker != 0 {
            return Some((marker, at));
        }
    }
}

/// Whether a marker stands alone, without a length: TEM, RST0 to RST7, SOI, EOI, and the reserved ones.
fn is_standalone(marker: u8) -> bool {
    matches!(marker, 0x01..=0xBF | 0xD0..=0xD9)
}

fn frame(marker: u8, body: &[u8]) -> Option<Frame> {
    let count = usize::from(body.get(5).copied().unwrap_or_default());
    let components = body
        .get(6..)
        .unwrap_or_default()
        .chunks_exact(3)
        .take(count.min(MAX_COMPONENTS))
        .map(|c| Component {
            id: c[0],
            horizontal: c[1] >> 4,
            vertical: c[1] & 15,
        })
        .collect();
    Some(Frame {
        marker,
        precision: *body.first()?,
        height: be16(body, 1)?,
        width: be16(body, 3)?,
        components,
    })
}

/// Notes the coefficients whose last bit the scan with this header brings.
fn mark_sent(components: &[Component], scan: &[u8], sent: &mut [u64; MAX_COMPONENTS]) {
    let Some((&count, rest)) = scan.split_first() else {
        return;
    };
    let count = usize::from(count);
    let (Some(&first), Some(&last), Some(&bits)) = (
        rest.get(2 * count),
        rest.get(2 * count + 1),
        rest.get(2 * count + 2),
    ) else {
        return;
    };
    if bits & 15 != 0 || last > 63 || first > last {
        return;
    }
    let mask = (!0_u64 >> (63 - last)) & (!0_u64 << first);
    for named in rest.chunks_exact(2).take(count) {
        for (component, mark) in components.iter().zip(sent.iter_mut()) {
            if component.id == named[0] {
                *mark |= mask;
            }
        }
    }
}
