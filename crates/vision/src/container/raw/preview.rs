//! Which of the JPEGs in a camera raw is seen.

use crate::container::jpeg::{Frame, Head};
use crate::container::tiff::Tiff;

/// Bytes of a JPEG before whose end its frame header has to stand; EXIF with a maker's notes takes 64 KiB at most.
const MAX_HEAD_BYTES: usize = 1 << 20;
/// JPEGs of one file that are looked at. Cameras put five in it at most.
const MAX_OFFERS: usize = 32;

/// A picture that a camera put beside its sensor's values.
#[derive(Debug)]
pub(crate) struct Preview<'a> {
    /// A JPEG, maybe with other bytes after its end.
    pub(crate) jpeg: &'a [u8],
    /// Its frame header.
    pub(crate) frame: Frame,
    /// How it has to be turned, as EXIF numbers it, where the JPEG itself says so, or else the file around it.
    pub(crate) orientation: Option<u8>,
}

impl Preview<'_> {
    fn pixels(&self) -> u64 {
        u64::from(self.frame.width) * u64::from(self.frame.height)
    }
}

/// What was found in a file.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    /// The largest picture that can be shown.
    Preview(Preview<'a>),
    /// The file ends before what may be the largest one does.
    Cut,
    /// No picture that can be shown.
    Nothing,
}

/// The JPEGs that were found so far.
#[derive(Debug, Default)]
pub(super) struct Previews<'a> {
    best: Option<Preview<'a>>,
    offers: usize,
    /// Length of the longest that the file does not hold to its end.
    longest_cut: u64,
    cut: bool,
}

impl<'a> Previews<'a> {
    /// Looks at what may be a JPEG, `length` bytes from `at` on. The values of a sensor are often kept as lossless JPEG
    /// in just the same way, and are no picture.
    pub(super) fn offer(&mut self, bytes: &'a [u8], at: u64, length: u64, orientation: Option<u8>) {
        if at == 0 || length == 0 || self.offers == MAX_OFFERS {
            return;
        }
        self.offers += 1;
        let here = usize::try_from(at).ok().and_then(|at| bytes.get(at..));
        let here = here.unwrap_or_default();
        let whole = usize::try_from(length)
            .ok()
            .and_then(|length| here.get(..length));
        let jpeg = whole.unwrap_or(here);
        if jpeg.len() > 1 && !jpeg.starts_with(b"\xFF\xD8") {
            return;
        }
        let head = Head::walk(jpeg.get(..MAX_HEAD_BYTES).unwrap_or(jpeg));
        let is_shown = head.frame.as_ref().map(is_shown);
        if is_shown == Some(false) {
            return;
        }
        let Some(jpeg) = whole else {
            self.longest_cut = self.longest_cut.max(length);
            return;
        };
        let Some(frame) = head.frame else {
            return;
        };
        let own = || Tiff::walk(head.exif?)?.orientation();
        let preview = Preview {
            jpeg,
            frame,
            orientation: own().or(orientation),
        };
        let best = self.best.as_ref().map_or(0, Preview::pixels);
        if preview.pixels() > best {
            self.best = Some(preview);
        }
    }

    /// Notes that a larger JPEG than any is beyond the end of the file.
    pub(super) fn larger_cut(&mut self) {
        self.longest_cut = u64::MAX;
    }

    /// Notes that what would say where more JPEGs are is beyond the end of the file. Makers write such places in error,
    /// so that it counts only where nothing else is found.
    pub(super) fn cut(&mut self) {
        self.cut = true;
    }

    /// The largest, unless one that may be larger is not whole.
    pub(super) fn largest(self) -> Found<'a> {
        match self.best {
            Some(best) if best.jpeg.len() as u64 >= self.longest_cut => Found::Preview(best),
            None if !self.cut && self.longest_cut == 0 => Found::Nothing,
            _ => Found::Cut,
        }
    }
}

/// Whether a JPEG is a picture for the eye: 8 bits, grey or of three colours, baseline, extended or progressive.
fn is_shown(frame: &Frame) -> bool {
    matches!(frame.marker, 0xC0..=0xC2)
        && frame.precision == 8
        && matches!(frame.components.len(), 1 | 3)
        && frame.width > 0
        && frame.height > 0
}
