//! The plan: which pictures there are, their sizes, formats, and what is written into them.

use crate::kind::{Kind, Look};
use crate::metadata::{Date, Metadata};
use crate::noise::Rng;

/// Pictures of each kind.
pub(crate) const PER_KIND: usize = 10;

/// One picture to draw.
#[derive(Debug)]
pub(crate) struct Picture {
    /// Its kind.
    pub(crate) kind: &'static Kind,
    /// The place of its look in the kind's list.
    pub(crate) look: usize,
    /// Width in pixels, as seen upright.
    pub(crate) width: usize,
    /// Height in pixels, as seen upright.
    pub(crate) height: usize,
    /// The format of its file.
    pub(crate) format: Format,
    /// Its file's path below the folder, with `/` between the parts.
    pub(crate) path: String,
    /// What is written into it, where the format is JPEG.
    pub(crate) metadata: Metadata,
    /// The seed of its drawing.
    pub(crate) seed: u64,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// JPEG with EXIF and XMP.
    Jpeg,
    /// PNG.
    Png,
    /// Lossless WebP.
    WebP,
    /// GIF with a palette of 256 colours.
    Gif,
    /// TIFF.
    Tiff,
    /// Windows bitmap.
    Bmp,
}

impl Format {
    /// Returns the ending of file names of this format, without the dot.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Tiff => "tif",
            Self::Bmp => "bmp",
        }
    }
}

/// Width and height by number within the kind: mostly landscape, some portrait, square, panorama.
const SIZES: [(usize, usize); PER_KIND] = [
    (960, 640),
    (960, 640),
    (640, 960),
    (1024, 640),
    (800, 800),
    (960, 640),
    (1440, 560),
    (720, 960),
    (960, 720),
    (900, 600),
];

/// EXIF orientations by number within the kind; 1 is upright as stored.
const ORIENTATIONS: [u16; PER_KIND] = [1, 1, 6, 1, 1, 3, 1, 8, 1, 1];

/// Lists the pictures of all kinds, in the order in which they are shown.
pub(crate) fn pictures(kinds: &[&'static Kind]) -> Vec<Picture> {
    kinds
        .iter()
        .enumerate()
        .flat_map(|(place, kind)| (0..PER_KIND).map(move |number| picture(place, kind, number)))
        .collect()
}

/// Plans picture `number` (from 0) of the kind at `place` in the list of kinds.
fn picture(place: usize, kind: &'static Kind, number: usize) -> Picture {
    let seed = (place as u64 + 1) * 1_000 + number as u64;
    let look = number % kind.looks.len();
    let format = format(place, number);
    let (mut width, mut height) = SIZES[number];
    if format != Format::Jpeg {
        // Formats that hardly compress get smaller pictures.
        (width, height) = (width * 5 / 8, height * 5 / 8);
    }
    let path = format!(
        "{}/{}-{:02}.{}",
        kind.folder,
        slug(kind.looks[look].title),
        number + 1,
        format.extension()
    );
    // One kind in three has pictures stored turned, as a camera held upright stores them.
    let orientation = if place.is_multiple_of(3) {
        ORIENTATIONS[number]
    } else {
        1
    };
    let metadata = metadata(kind, &kind.looks[look], seed, orientation);
    Picture {
        kind,
        look,
        width,
        height,
        format,
        path,
        metadata,
        seed,
    }
}

/// A few pictures are in other formats than JPEG, so that every format is seen.
fn format(place: usize, number: usize) -> Format {
    match (place, number) {
        (4, 9) => Format::Tiff,
        (7, 9) => Format::Bmp,
        (10, 1) => Format::Gif,
        (_, 3) if place.is_multiple_of(2) => Format::Png,
        (_, 8) if place % 4 == 1 => Format::WebP,
        _ => Format::Jpeg,
    }
}

fn metadata(kind: &Kind, look: &Look, seed: u64, orientation: u16) -> Metadata {
    let mut rng = Rng::new(seed ^ 0x6d65_7461);
    let place = (!kind.places.is_empty()).then(|| {
        let place = rng.pick(kind.places);
        // Nobody stands twice on the same spot: up to two kilometres of difference.
        let drift = |rng: &mut Rng| f64::from(rng.range(-0.02, 0.02));
        (
            place.name,
            place.latitude + drift(&mut rng),
            place.longitude + drift(&mut rng),
        )
    });
    let taken = Date {
        year: rng.int(2012, 2025) as u16,
        month: rng.int(1, 12) as u8,
        day: rng.int(1, 28) as u8,
        hour: rng.int(5, 22) as u8,
        minute: rng.int(0, 59) as u8,
        second: rng.int(0, 59) as u8,
    };
    Metadata {
        title: look.title,
        description: match place {
            Some((name, ..)) => format!("{} {name}.", look.description),
            None => look.description.to_owned(),
        },
        keywords: kind.keywords.iter().chain(look.keywords).copied().collect(),
        rating: rng.pick(&[2, 3, 3, 4, 4, 5]),
        taken,
        model: rng.pick(&["Sample Camera 1", "Sample Camera 2", "Sample Camera 3"]),
        iso: rng.pick(&[100, 200, 400, 800]),
        f_number_tenths: rng.pick(&[18, 28, 40, 56, 80]),
        exposure_denominator: rng.pick(&[30, 60, 125, 250, 500]),
        focal_length_mm: rng.pick(&[24, 35, 50, 85]),
        place: place.map(|(_, latitude, longitude)| (latitude, longitude)),
        orientation,
    }
}

/// Makes a file name of a title: lower case, words joined by hyphens.
fn slug(title: &str) -> String {
    let words = title
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(str::to_ascii_lowercase)
        .collect::<Vec<_>>()
        .join("-")
}
