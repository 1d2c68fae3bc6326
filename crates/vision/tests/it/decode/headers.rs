//! Formats told by content, and headers held against limits.

use super::files::{bytes, inputs};
use vision::{Format, Limits, SeeError, Sniffed, decode, has_picture_extension, probe, sniff};

#[test]
fn formats_are_told_by_their_first_bytes() {
    for (name, format) in [
        ("grey.jpg", Format::Jpeg),
        ("rgba.png", Format::Png),
        ("lossy.webp", Format::Webp),
        ("still.gif", Format::Gif),
        ("lzw.tif", Format::Tiff),
        ("rgb.bmp", Format::Bmp),
    ] {
        let bytes = bytes(name);
        let head = &bytes[..bytes.len().min(vision::SNIFF_BYTES)];
        assert_eq!(sniff(head), Sniffed::Supported(format), "{name}");
        assert_eq!(probe(&bytes, &Limits::default()).unwrap().format, format);
    }
    assert_eq!(
        Format::ALL.map(Format::name),
        [
            "jpeg", "png", "webp", "gif", "tiff", "bmp", "raw", "heic", "avif"
        ]
    );
}

#[test]
fn formats_that_cannot_be_decoded_are_named() {
    let heads: [(&[u8], &str); 6] = [
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1miaf", "HEIF"),
        (b"II\x1A\0\0\0HEAPCCDR\x02\0", "camera raw (Canon CRW)"),
        (b"\xFF\x0A\xFA\x1F", "JPEG XL"),
        (b"\0\0\0\x0CJXL \r\n\x87\n\0\0", "JPEG XL"),
        (b"8BPS\0\x01\0\0", "Photoshop PSD"),
        (
            b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            "SVG",
        ),
    ];
    for (head, name) in heads {
        assert_eq!(sniff(head), Sniffed::Unsupported(name));
        let error = decode(head, &Limits::default(), None).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{name} is not supported by this build")
        );
    }
}

#[test]
fn what_is_not_in_the_build_is_named_with_its_feature() {
    let heads: [(&[u8], &str, Format, bool); 2] = [
        (
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
            "HEIC",
            Format::Heic,
            cfg!(feature = "heic"),
        ),
        (
            b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf",
            "AVIF",
            Format::Avif,
            cfg!(feature = "avif"),
        ),
    ];
    for (head, name, format, built) in heads {
        let error = decode(head, &Limits::default(), None).unwrap_err();
        if built {
            assert_eq!(sniff(head), Sniffed::Supported(format));
            assert!(matches!(error, SeeError::Truncated { .. }), "{error}");
        } else {
            assert_eq!(sniff(head), Sniffed::Unsupported(name));
            let feature = name.to_lowercase();
            assert_eq!(
                error.to_string(),
                format!(
                    "{name} is not supported by this build; `--features {feature}` builds it in"
                )
            );
        }
    }
}

/// A TIFF whose list says a maker, a compression, a list below it and, maybe, a DNG version.
fn raw(make: &[u8; 4], compression: u16, nested: bool, dng: bool) -> Vec<u8> {
    let mut entries: Vec<(u16, u16, u32, [u8; 4])> = vec![
        (256, 3, 1, [16, 0, 0, 0]),
        (257, 3, 1, [16, 0, 0, 0]),
        (
            259,
            3,
            1,
            [
                compression.to_le_bytes()[0],
                compression.to_le_bytes()[1],
                0,
                0,
            ],
        ),
        (271, 2, 4, *make),
    ];
    if nested {
        entries.push((330, 4, 1, [0; 4]));
    }
    if dng {
        entries.push((50706, 1, 4, [1, 4, 0, 0]));
    }
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        tiff.extend(tag.to_le_bytes());
        tiff.extend(kind.to_le_bytes());
        tiff.extend(count.to_le_bytes());
        tiff.extend(value);
    }
    tiff.extend([0; 4]);
    tiff
}

#[test]
fn camera_raws_are_told_from_tiffs() {
    assert_eq!(
        sniff(&raw(b"ANY\0", 1, false, true)),
        Sniffed::Supported(Format::Raw)
    );
    assert_eq!(
        sniff(&raw(b"SONY", 6, true, false)),
        Sniffed::Supported(Format::Raw)
    );
    assert_eq!(
        sniff(&raw(b"SONY", 5, false, false)),
        Sniffed::Supported(Format::Tiff)
    );
    assert_eq!(
        sniff(&raw(b"ANY\0", 5, true, false)),
        Sniffed::Supported(Format::Tiff)
    );
    assert_eq!(
        sniff(&raw(b"ANY\0", 34713, false, false)),
        Sniffed::Supported(Format::Raw)
    );
}

#[test]
fn text_is_no_picture_whatever_its_name() {
    for text in [
        &b"hello, this is text"[..],
        b"BMW is a maker of cars and more",
        b"P",
        b"GIF",
        b"II",
    ] {
        assert_eq!(sniff(text), Sniffed::NotAPicture);
        assert_eq!(
            decode(text, &Limits::default(), None),
            Err(SeeError::NotAPicture)
        );
    }
    assert_eq!(decode(b"", &Limits::default(), None), Err(SeeError::Empty));
    for name in ["a.jpg", "A.JPEG", "x.y.Png", "b.heic", "c.NEF"] {
        assert!(has_picture_extension(name), "{name}");
    }
    for name in ["notes.txt", "jpg", ".png", "a.jpg.gz", ""] {
        assert!(!has_picture_extension(name), "{name}");
    }
}

fn huge_png() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec();
    png.extend(30_000_u32.to_be_bytes());
    png.extend(30_000_u32.to_be_bytes());
    png.extend(*b"\x08\x02\0\0\0\0\0\0\0");
    png.extend(*b"\0\0\0\x04IDAT\x78\x9C\x03\0\0\0\0\0\0\0\0\0IEND\0\0\0\0");
    png
}

#[test]
fn a_picture_beyond_the_limit_is_refused_by_its_header_whole_or_cut_short() {
    let png = huge_png();
    for length in [33, 40, png.len()] {
        let error = decode(&png[..length], &Limits::default(), None).unwrap_err();
        let expected = "picture of 30000 × 30000 pixels exceeds the limit of 100000000 pixels";
        assert_eq!(error.to_string(), expected);
    }
    let limits = Limits {
        max_pixels: 97 * 61 - 1,
        ..Limits::default()
    };
    let expected = SeeError::TooLarge {
        width: 97,
        height: 61,
        limit: 5916,
    };
    assert_eq!(probe(&bytes("progressive.jpg"), &limits), Err(expected));
}

#[test]
fn a_file_beyond_the_limit_is_refused_by_its_length() {
    let limits = Limits {
        max_file_bytes: 100,
        ..Limits::default()
    };
    let error = probe(&bytes("rgb.bmp"), &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "file of 4662 bytes exceeds the limit of 100 bytes"
    );
}

#[test]
fn headers_say_the_stored_size_and_more_memory_than_the_pixels() {
    for name in inputs() {
        let bytes = bytes(&name);
        let header = probe(&bytes, &Limits::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(header.memory_bytes > 3 * u64::from(header.width) * u64::from(header.height));
        let Ok(decoded) = decode(&bytes, &Limits::default(), None) else {
            assert_eq!(name, "palette.tif");
            continue;
        };
        let picture = decoded.picture;
        assert_eq!(
            (picture.width(), picture.height()),
            (header.width, header.height),
            "{name}"
        );
    }
}

#[test]
fn kinds_that_no_decoder_reads_are_named() {
    let jpeg = bytes("baseline444.jpg");
    let frame = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    let changed = |at: usize, to: u8| {
        let mut jpeg = jpeg.clone();
        jpeg[at] = to;
        decode(&jpeg, &Limits::default(), None)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        changed(frame + 1, 0xC9),
        "arithmetic-coded JPEG is not supported by this build"
    );
    assert_eq!(
        changed(frame + 1, 0xC5),
        "hierarchical JPEG is not supported by this build"
    );
    assert_eq!(
        changed(frame + 4, 12),
        "12-bit JPEG is not supported by this build"
    );
    let palette = decode(&bytes("palette.tif"), &Limits::default(), None).unwrap_err();
    assert_eq!(
        palette.to_string(),
        "this kind of TIFF is not supported by this build"
    );
}
