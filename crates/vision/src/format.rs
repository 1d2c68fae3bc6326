//! What format bytes are of, told by their content alone.

use crate::container::bmp::Bmp;
use crate::container::part;
use crate::container::raw::Raw;
use crate::container::tiff::Tiff;

/// First bytes of a file that [`sniff`] asks for. Camera raws that are TIFFs are told from TIFFs by tags that may
/// stand anywhere, so that such a file may be taken for a TIFF until [`crate::probe`] sees it whole.
pub const SNIFF_BYTES: usize = 512;

/// A picture format that can be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG, baseline, extended or progressive, 8 bits a sample; lossless in grey.
    Jpeg,
    /// PNG and APNG.
    Png,
    /// WebP, lossy or lossless, still or animated.
    Webp,
    /// GIF.
    Gif,
    /// TIFF and BigTIFF.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// Camera raw, of which the largest JPEG is seen that the camera put in it: DNG, CR2, CR3, NEF, NRW, ARW, PEF, ORF,
    /// RW2, SRW, 3FR and RAF. Sensor values are not developed.
    Raw,
    /// HEIC, still or a sequence, where the feature `heic` is on.
    Heic,
    /// AVIF, still or a sequence, where the feature `avif` is on.
    Avif,
}

impl Format {
    /// Every format, of this build or not.
    pub const ALL: [Self; 9] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Gif,
        Self::Tiff,
        Self::Bmp,
        Self::Raw,
        Self::Heic,
        Self::Avif,
    ];

    /// Name in lowercase, as documents keep it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Tiff => "tiff",
            Self::Bmp => "bmp",
            Self::Raw => "raw",
            Self::Heic => "heic",
            Self::Avif => "avif",
        }
    }

    /// Media type as IANA lists it; for camera raw, of which it lists none, one that no browser takes for a picture
    /// that it could show.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Tiff => "image/tiff",
            Self::Bmp => "image/bmp",
            Self::Raw => "image/x-raw",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
        }
    }
}

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// A format that can be decoded.
    Supported(Format),
    /// A picture format that cannot be decoded, by its name.
    Unsupported(&'static str),
    /// Nothing that is known to be a picture.
    NotAPicture,
}

/// Tells the format of a file from its first bytes, at best [`SNIFF_BYTES`] of them or more.
pub fn sniff(head: &[u8]) -> Sniffed {
    if let Some(format) = supported(head) {
        return Sniffed::Supported(format);
    }
    match unsupported(head) {
        Some(name) => Sniffed::Unsupported(name),
        None => Sniffed::NotAPicture,
    }
}

fn supported(head: &[u8]) -> Option<Format> {
    // Most raws begin as a TIFF does.
    if Raw::told(head).is_some() {
        Some(Format::Raw)
    } else if head.starts_with(b"\xFF\xD8\xFF") {
        Some(Format::Jpeg)
    } else if head.starts_with(b"\x89PNG\r\n\x1A\n") {
        Some(Format::Png)
    } else if head.starts_with(b"RIFF") && part(head, 8, 4) == Some(b"WEBP") {
        Some(Format::Webp)
    } else if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        Some(Format::Gif)
    } else if Tiff::is(head) {
        Some(Format::Tiff)
    } else if Bmp::is(head) {
        Some(Format::Bmp)
    } else {
        match iso_media(head) {
            Some("HEIC") if cfg!(feature = "heic") => Some(Format::Heic),
            Some("AVIF") if cfg!(feature = "avif") => Some(Format::Avif),
            _ => None,
        }
    }
}

fn unsupported(head: &[u8]) -> Option<&'static str> {
    /// Formats by their first bytes.
    const HEADS: [(&[u8], &str); 23] = [
        (b"\xFF\x0A", "JPEG XL"),
        (b"\0\0\0\x0CJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0CjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xFF\x4F\xFF\x51", "JPEG 2000"),
        (b"\xFF\xD8\xF7", "JPEG-LS"),
        (b"II\xBC", "JPEG XR"),
        (b"II\x1A\0\0\0HEAPCCDR", "camera raw (Canon CRW)"),
        (b"\0MRM", "camera raw (Minolta MRW)"),
        (b"FOVb", "camera raw (Sigma X3F)"),
        (b"8BPS\0\x01", "Photoshop PSD"),
        (b"8BPS\0\x02", "Photoshop PSB"),
        (b"gimp xcf ", "GIMP XCF"),
        (b"\0\0\x01\0", "ICO"),
        (b"#?RADIANCE", "Radiance HDR"),
        (b"\x76\x2F\x31\x01", "OpenEXR"),
        (b"DDS \x7C\0\0\0", "DDS"),
        (b"qoif", "QOI"),
        (b"farbfeld", "farbfeld"),
        (b"FLIF", "FLIF"),
        (b"BPG\xFB", "BPG"),
        (b"AT&TFORM", "DjVu"),
        (b"SIMPLE  =", "FITS"),
        (b"<svg", "SVG"),
    ];
    let by_head = HEADS
        .iter()
        .find(|(start, _)| head.starts_with(start))
        .map(|(_, name)| *name);
    by_head
        .or_else(|| iso_media(head))
        .or_else(|| netpbm(head))
        .or_else(|| svg(head))
}

/// Formats inside an ISO base media file, told by the brands of its first box.
fn iso_media(head: &[u8]) -> Option<&'static str> {
    (part(head, 4, 4)? == b"ftyp").then_some(())?;
    let length = usize::try_from(crate::container::be32(head, 0)?).ok()?;
    let brands = head.get(8..length.min(head.len()).max(8))?;
    let of = |brand: &[u8]| match brand {
        b"avif" | b"avis" => Some("AVIF"),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => {
            Some("HEIC")
        }
        b"jxl " => Some("JPEG XL"),
        _ => None,
    };
    let named = brands.chunks_exact(4).find_map(of);
    let general = brands
        .chunks_exact(4)
        .any(|brand| matches!(brand, b"mif1" | b"msf1" | b"miaf"));
    named.or(general.then_some("HEIF"))
}

/// The six kinds of netpbm: `P`, a digit and white space.
fn netpbm(head: &[u8]) -> Option<&'static str> {
    match head {
        [b'P', b'1'..=b'6', space, b'0'..=b'9' | b'#', ..] if space.is_ascii_whitespace() => {
            Some("PNM")
        }
        [b'P', b'7', b'\n', b'W' | b'#', ..] => Some("PAM"),
        _ => None,
    }
}

/// SVG after an XML declaration.
fn svg(head: &[u8]) -> Option<&'static str> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let start = text.get(..text.len().min(SNIFF_BYTES))?;
    let is_xml = start.starts_with(b"<?xml") || start.starts_with(b"<!DOCTYPE svg");
    (is_xml && start.windows(4).any(|w| w == b"<svg")).then_some("SVG")
}

/// Whether a file's name ends as the name of a picture does, of a supported format or not. A file of such a name that
/// is no picture is worth an error; of another name it is not.
pub fn has_picture_extension(name: &str) -> bool {
    const EXTENSIONS: [&str; 63] = [
        "jpg", "jpeg", "jpe", "jfif", "jif", "png", "apng", "webp", "gif", "tif", "tiff", "bmp",
        "dib", "heic", "heif", "hif", "avif", "avifs", "jxl", "jp2", "j2k", "jpf", "jpx", "jpc",
        "jls", "jxr", "wdp", "hdp", "cr2", "cr3", "crw", "nef", "nrw", "arw", "srf", "sr2", "dng",
        "raf", "orf", "rw2", "rwl", "pef", "srw", "3fr", "fff", "iiq", "mrw", "x3f", "erf", "mef",
        "psd", "psb", "ico", "svg", "exr", "hdr", "dds", "qoi", "tga", "ppm", "pgm", "pbm", "bpg",
    ];
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return false;
    };
    !stem.is_empty() && EXTENSIONS.iter().any(|e| extension.eq_ignore_ascii_case(e))
}
