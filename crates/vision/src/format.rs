//! What format bytes are of, told by their content alone.

use crate::container::bmp::Bmp;
use crate::container::part;
use crate::container::tiff::{Tiff, tag};

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
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Gif,
        Self::Tiff,
        Self::Bmp,
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
        }
    }

    /// Media type as IANA lists it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Tiff => "image/tiff",
            Self::Bmp => "image/bmp",
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
        return match raw_in_tiff(head, format) {
            Some(name) => Sniffed::Unsupported(name),
            None => Sniffed::Supported(format),
        };
    }
    match unsupported(head) {
        Some(name) => Sniffed::Unsupported(name),
        None => Sniffed::NotAPicture,
    }
}

fn supported(head: &[u8]) -> Option<Format> {
    if head.starts_with(b"\xFF\xD8\xFF") {
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
        None
    }
}

/// The camera raw that a TIFF is, as far as the bytes reach. Its first page is then a preview at best, and more often
/// sensor values that would decode to noise.
fn raw_in_tiff(bytes: &[u8], format: Format) -> Option<&'static str> {
    /// Compression 34713: Nikon NEF; 65000: Sony's and others' own; 32767: Sony ARW; 65535: Pentax PEF.
    const RAW_COMPRESSIONS: [u32; 4] = [34713, 32767, 65000, 65535];
    if format != Format::Tiff {
        return None;
    }
    if part(bytes, 8, 2) == Some(b"CR") {
        return Some("camera raw (Canon CR2)");
    }
    let tiff = Tiff::walk(bytes)?;
    if tiff.has(tag::DNG_VERSION) {
        return Some("camera raw (DNG)");
    }
    let make = tiff.value(tag::MAKE).unwrap_or_default();
    let compression = tiff.number(tag::COMPRESSION);
    // The sensor's picture hangs below the first list, which no plain TIFF of these makers' programs has.
    let nested = tiff.has(tag::SUB_IFDS);
    let own = compression.is_some_and(|c| RAW_COMPRESSIONS.contains(&c));
    if !nested && !own {
        return None;
    }
    let maker = |name: &[u8]| make.to_ascii_uppercase().starts_with(name);
    if maker(b"NIKON") {
        Some("camera raw (Nikon NEF)")
    } else if maker(b"SONY") {
        Some("camera raw (Sony ARW)")
    } else if maker(b"PENTAX") || maker(b"RICOH") {
        Some("camera raw (Pentax PEF)")
    } else if maker(b"SAMSUNG") {
        Some("camera raw (Samsung SRW)")
    } else if maker(b"HASSELBLAD") {
        Some("camera raw (Hasselblad 3FR)")
    } else if own {
        Some("camera raw")
    } else {
        None
    }
}

fn unsupported(head: &[u8]) -> Option<&'static str> {
    /// Formats by their first bytes.
    const HEADS: [(&[u8], &str); 28] = [
        (b"\xFF\x0A", "JPEG XL"),
        (b"\0\0\0\x0CJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0CjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xFF\x4F\xFF\x51", "JPEG 2000"),
        (b"\xFF\xD8\xF7", "JPEG-LS"),
        (b"II\xBC", "JPEG XR"),
        (b"FUJIFILMCCD-RAW", "camera raw (Fuji RAF)"),
        (b"IIRO", "camera raw (Olympus ORF)"),
        (b"IIRS", "camera raw (Olympus ORF)"),
        (b"MMOR", "camera raw (Olympus ORF)"),
        (b"IIU\0", "camera raw (Panasonic RW2)"),
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
        b"crx " => Some("camera raw (Canon CR3)"),
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
