//! Writes camera raws.

/// Tag, kind, count and value or place of it, in the order of bytes that [`Builder::entry`] turns.
pub(super) type Entry = (u16, u16, u32, [u8; 4]);

pub(super) fn short(tag: u16, value: u16) -> Entry {
    let [a, b] = value.to_le_bytes();
    (tag, 3, 1, [a, b, 0, 0])
}

pub(super) fn long(tag: u16, value: u32) -> Entry {
    (tag, 4, 1, value.to_le_bytes())
}

/// Puts a TIFF together, or what is built like one.
#[derive(Clone)]
pub(super) struct Builder {
    bytes: Vec<u8>,
    little: bool,
}

impl Builder {
    /// A header with the number that stands after the order of bytes, and the place of the first list still open.
    pub(super) fn new(little: bool, number: &[u8; 2]) -> Self {
        let mut new = Self::empty(little);
        new.bytes.extend(if little { b"II" } else { b"MM" });
        new.bytes.extend(number);
        new.bytes.extend([0; 4]);
        new
    }

    pub(super) fn empty(little: bool) -> Self {
        Self {
            bytes: Vec::new(),
            little,
        }
    }

    /// Adds bytes and says where.
    pub(super) fn put(&mut self, bytes: &[u8]) -> u32 {
        let at = self.bytes.len() as u32;
        self.bytes.extend(bytes);
        at
    }

    /// An entry whose value stands elsewhere.
    pub(super) fn value(&self, tag: u16, kind: u16, count: u32, at: u32) -> [u8; 12] {
        let mut entry = self.entry((tag, kind, count, [0; 4]));
        entry[8..].copy_from_slice(&self.number(at));
        entry
    }

    /// An entry whose value is one number of its kind, given least byte first, or single bytes.
    pub(super) fn entry(&self, (tag, kind, count, mut value): Entry) -> [u8; 12] {
        let mut entry = [0; 12];
        let two = |n: u16| {
            if self.little {
                n.to_le_bytes()
            } else {
                n.to_be_bytes()
            }
        };
        entry[..2].copy_from_slice(&two(tag));
        entry[2..4].copy_from_slice(&two(kind));
        entry[4..8].copy_from_slice(&self.number(count));
        match kind {
            3 if !self.little => value[..2].reverse(),
            4 | 13 if !self.little => value.reverse(),
            _ => {}
        }
        entry[8..].copy_from_slice(&value);
        entry
    }

    fn number(&self, number: u32) -> [u8; 4] {
        if self.little {
            number.to_le_bytes()
        } else {
            number.to_be_bytes()
        }
    }

    /// Adds a list and says where.
    pub(super) fn list(&mut self, entries: &[Entry], next: u32) -> u32 {
        let entries: Vec<[u8; 12]> = entries.iter().map(|entry| self.entry(*entry)).collect();
        self.raw_list(&entries, next)
    }

    pub(super) fn raw_list(&mut self, entries: &[[u8; 12]], next: u32) -> u32 {
        let count = entries.len() as u16;
        let count = if self.little {
            count.to_le_bytes()
        } else {
            count.to_be_bytes()
        };
        let at = self.put(&count);
        for entry in entries {
            self.put(entry);
        }
        let next = self.number(next);
        self.put(&next);
        at
    }

    /// The file, with the place of its first list.
    pub(super) fn ending_at(mut self, first: u32) -> Vec<u8> {
        let first = self.number(first);
        self.bytes[4..8].copy_from_slice(&first);
        self.bytes
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// A DNG whose first list, right after the header, names the JPEG after it.
pub(super) fn dng(little: bool, jpeg: &[u8], orientation: u16) -> Vec<u8> {
    let mut raw = Builder::new(little, if little { b"*\0" } else { b"\0*" });
    let entries = [
        short(274, orientation),
        long(513, 8 + 2 + 4 * 12 + 4),
        long(514, jpeg.len() as u32),
        (50706, 1, 4, [1, 4, 0, 0]),
    ];
    let first = raw.list(&entries, 0);
    raw.put(jpeg);
    raw.ending_at(first)
}

/// A RAF of its header and a JPEG.
pub(super) fn raf(jpeg: &[u8]) -> Vec<u8> {
    let mut raw = b"FUJIFILMCCD-RAW 0201FF389501X-T1".to_vec();
    raw.resize(84, 0);
    raw.extend(160_u32.to_be_bytes());
    raw.extend((jpeg.len() as u32).to_be_bytes());
    raw.resize(160, 0);
    raw.extend(jpeg);
    raw
}

/// A JPEG with another marker of its frame and other bits of a sample.
pub(super) fn with_frame(jpeg: &[u8], marker: u8, precision: u8) -> Vec<u8> {
    let mut jpeg = jpeg.to_vec();
    let at = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    jpeg[at + 1] = marker;
    jpeg[at + 4] = precision;
    jpeg
}

pub(super) fn box_of(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = body.len() as u32 + 8;
    [&length.to_be_bytes(), &kind[..], body].concat()
}

/// A track with one sample, whose length stands for all or by itself.
pub(super) fn track(places: &[u8; 4], at: u32, length: u32, for_all: bool) -> Vec<u8> {
    let sizes = if for_all {
        [0, length, 1].map(u32::to_be_bytes).concat()
    } else {
        [0, 0, 1, length].map(u32::to_be_bytes).concat()
    };
    let place = if places == b"co64" {
        u64::from(at).to_be_bytes().to_vec()
    } else {
        at.to_be_bytes().to_vec()
    };
    let places = box_of(places, &[&[0, 0, 0, 0, 0, 0, 0, 1], &place[..]].concat());
    let table = box_of(b"stbl", &[box_of(b"stsz", &sizes), places].concat());
    box_of(b"trak", &box_of(b"mdia", &box_of(b"minf", &table)))
}

/// A CR3 with a thumbnail, a preview and a track of a JPEG, where they are given; oriented 8, taken and placed.
pub(super) fn cr3(thumb: Option<&[u8]>, preview: Option<&[u8]>, full: Option<&[u8]>) -> Vec<u8> {
    let picture = |kind, length_at: usize, jpeg: &[u8]| {
        let mut body = vec![0; 16];
        body[length_at..length_at + 4].copy_from_slice(&(jpeg.len() as u32).to_be_bytes());
        box_of(kind, &[&body, jpeg].concat())
    };
    let uuid = |name: &[u8; 16], rest: Vec<u8>| box_of(b"uuid", &[&name[..], &rest].concat());
    let thumb = thumb.map_or_else(Vec::new, |jpeg| picture(b"THMB", 8, jpeg));
    let canon = uuid(
        b"\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48",
        [lists(), thumb].concat(),
    );
    let packet = br#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">Named by a program</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"#;
    let xmp = uuid(
        b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC",
        packet.to_vec(),
    );
    let preview = preview.map_or_else(Vec::new, |jpeg| {
        uuid(
            b"\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16",
            [vec![0; 8], picture(b"PRVW", 12, jpeg)].concat(),
        )
    });
    let head = box_of(b"ftyp", b"crx \0\0\0\x01crx isom");
    let moov = |at| {
        let track = full.map_or_else(Vec::new, |jpeg| {
            track(b"co64", at, jpeg.len() as u32, false)
        });
        box_of(b"moov", &[&canon[..], &track].concat())
    };
    let before = head.len() + moov(0).len() + xmp.len() + preview.len();
    // A box whose length has 64 bits.
    let full_bytes = full.unwrap_or_default();
    let mut data = b"\0\0\0\x01mdat".to_vec();
    data.extend((full_bytes.len() as u64 + 16).to_be_bytes());
    data.extend(full_bytes);
    [head, moov(before as u32 + 16), xmp, preview, data].concat()
}

/// The boxes CMT1, CMT2 and CMT4, each with a TIFF of one list.
fn lists() -> Vec<u8> {
    let mut main = Builder::new(true, b"*\0");
    let make = main.put(b"Canon\0");
    let entries = [main.value(271, 2, 6, make), main.entry(short(274, 8))];
    let first = main.raw_list(&entries, 0);
    let main = main.ending_at(first);
    let mut exif = Builder::new(true, b"*\0");
    let taken = exif.put(b"2023:05:06 07:08:09\0");
    let entries = [exif.value(0x9003, 2, 20, taken)];
    let first = exif.raw_list(&entries, 0);
    let exif = exif.ending_at(first);
    let mut gps = Builder::new(true, b"*\0");
    let angle = |degrees: u32, minutes: u32| {
        [degrees, 1, minutes, 1, 0, 1]
            .map(u32::to_le_bytes)
            .concat()
    };
    let (latitude, longitude) = (gps.put(&angle(33, 30)), gps.put(&angle(151, 15)));
    let entries = [
        gps.entry((1, 2, 2, *b"S\0\0\0")),
        gps.value(2, 5, 3, latitude),
        gps.entry((3, 2, 2, *b"E\0\0\0")),
        gps.value(4, 5, 3, longitude),
    ];
    let first = gps.raw_list(&entries, 0);
    let gps = gps.ending_at(first);
    [
        box_of(b"CMT1", &main),
        box_of(b"CMT2", &exif),
        box_of(b"CMT4", &gps),
    ]
    .concat()
}
