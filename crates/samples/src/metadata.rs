//! Writes what a camera and an album write into JPEG files: EXIF (CIPA DC-008, a TIFF directory in
//! an APP1 segment) and XMP (ISO 16684-1, an RDF packet in another).

use std::fmt::Write as _;

/// What is said about a picture.
#[derive(Debug)]
pub(crate) struct Metadata {
    /// The title, ASCII.
    pub(crate) title: &'static str,
    /// A sentence or two.
    pub(crate) description: String,
    /// Keywords in any language.
    pub(crate) keywords: Vec<&'static str>,
    /// Stars, 0..=5.
    pub(crate) rating: u8,
    /// When it was taken, local time.
    pub(crate) taken: Date,
    /// The camera, ASCII.
    pub(crate) model: &'static str,
    /// Sensitivity.
    pub(crate) iso: u16,
    /// Aperture in tenths: 28 is f/2.8.
    pub(crate) f_number_tenths: u32,
    /// Exposure: one second divided by this.
    pub(crate) exposure_denominator: u32,
    /// Focal length in millimetres.
    pub(crate) focal_length_mm: u32,
    /// Degrees north and east.
    pub(crate) place: Option<(f64, f64)>,
    /// How the stored picture is to be turned, 1..=8 as in EXIF.
    pub(crate) orientation: u16,
}

/// A date and a time of day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Date {
    /// Full year.
    pub(crate) year: u16,
    /// 1..=12.
    pub(crate) month: u8,
    /// 1..=31.
    pub(crate) day: u8,
    /// 0..=23.
    pub(crate) hour: u8,
    /// 0..=59.
    pub(crate) minute: u8,
    /// 0..=59.
    pub(crate) second: u8,
}

impl Metadata {
    /// Returns the payload of an APP1 segment with EXIF, for a stored picture of this size.
    pub(crate) fn exif(&self, width: u32, height: u32) -> Vec<u8> {
        let Date {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = self.taken;
        let taken = format!("{year:04}:{month:02}:{day:02} {hour:02}:{minute:02}:{second:02}");
        let mut main = vec![
            Entry::ascii(0x010e, self.title),
            Entry::ascii(0x010f, "Eidetic"),
            Entry::ascii(0x0110, self.model),
            Entry::shorts(0x0112, &[self.orientation]),
            Entry::rationals(0x011a, &[(72, 1)]),
            Entry::rationals(0x011b, &[(72, 1)]),
            Entry::shorts(0x0128, &[2]),
            Entry::ascii(0x0131, "Eidetic samples"),
            Entry::ascii(0x0132, &taken),
            Entry::shorts(0x0213, &[1]),
        ];
        let photo = vec![
            Entry::rationals(0x829a, &[(1, self.exposure_denominator)]),
            Entry::rationals(0x829d, &[(self.f_number_tenths, 10)]),
            Entry::shorts(0x8827, &[self.iso]),
            Entry::bytes(0x9000, UNDEFINED, b"0232"),
            Entry::ascii(0x9003, &taken),
            Entry::ascii(0x9004, &taken),
            Entry::bytes(0x9101, UNDEFINED, &[1, 2, 3, 0]),
            Entry::rationals(0x920a, &[(self.focal_length_mm, 1)]),
            Entry::bytes(0xa000, UNDEFINED, b"0100"),
            Entry::shorts(0xa001, &[1]),
            Entry::longs(0xa002, &[width]),
            Entry::longs(0xa003, &[height]),
        ];
        let position = self.place.map(|(latitude, longitude)| {
            vec![
                Entry::bytes(0x0000, BYTE, &[2, 3, 0, 0]),
                Entry::ascii(0x0001, if latitude < 0.0 { "S" } else { "N" }),
                Entry::rationals(0x0002, &degrees(latitude)),
                Entry::ascii(0x0003, if longitude < 0.0 { "W" } else { "E" }),
                Entry::rationals(0x0004, &degrees(longitude)),
            ]
        });

        // The pointers' values are not known before the main directory's length is; their own
        // length does not depend on them.
        main.push(Entry::longs(0x8769, &[0]));
        if position.is_some() {
            main.push(Entry::longs(0x8825, &[0]));
        }
        let photo_at = TIFF_HEADER.len() as u32 + directory_len(&main);
        let position_at = photo_at + directory_len(&photo);
        for entry in &mut main {
            match entry.tag {
                0x8769 => *entry = Entry::longs(0x8769, &[photo_at]),
                0x8825 => *entry = Entry::longs(0x8825, &[position_at]),
                _ => {}
            }
        }

        let mut tiff = TIFF_HEADER.to_vec();
        write_directory(&mut tiff, &main);
        write_directory(&mut tiff, &photo);
        if let Some(position) = &position {
            write_directory(&mut tiff, position);
        }
        [b"Exif\0\0".as_slice(), &tiff].concat()
    }

    /// Returns the payload of an APP1 segment with XMP.
    pub(crate) fn xmp(&self) -> Vec<u8> {
        let mut words = String::new();
        for word in &self.keywords {
            let _ = write!(words, "<rdf:li>{}</rdf:li>", escape(word));
        }
        let (title, description, rating) =
            (escape(self.title), escape(&self.description), self.rating);
        let packet = format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
             <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
             <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
             <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
             xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmp:Rating=\"{rating}\">\n\
             <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\n\
             <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{description}</rdf:li></rdf:Alt></dc:description>\n\
             <dc:subject><rdf:Bag>{words}</rdf:Bag></dc:subject>\n\
             </rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>"
        );
        [
            b"http://ns.adobe.com/xap/1.0/\0".as_slice(),
            packet.as_bytes(),
        ]
        .concat()
    }
}

/// Little-endian TIFF whose first directory follows at once.
const TIFF_HEADER: [u8; 8] = [b'I', b'I', 42, 0, 8, 0, 0, 0];

const BYTE: u16 = 1;
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const UNDEFINED: u16 = 7;

/// One field of a TIFF directory.
#[derive(Debug)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    value: Vec<u8>,
}

impl Entry {
    fn bytes(tag: u16, kind: u16, value: &[u8]) -> Self {
        Self {
            tag,
            kind,
            count: value.len() as u32,
            value: value.to_vec(),
        }
    }

    /// Makes a text field; the closing zero counts, as the standard wants.
    fn ascii(tag: u16, text: &str) -> Self {
        Self::bytes(tag, ASCII, &[text.as_bytes(), b"\0"].concat())
    }

    fn shorts(tag: u16, values: &[u16]) -> Self {
        let value: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self {
            tag,
            kind: SHORT,
            count: values.len() as u32,
            value,
        }
    }

    fn longs(tag: u16, values: &[u32]) -> Self {
        let value: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self {
            tag,
            kind: LONG,
            count: values.len() as u32,
            value,
        }
    }

    fn rationals(tag: u16, values: &[(u32, u32)]) -> Self {
        let value: Vec<u8> = values
            .iter()
            .flat_map(|(n, d)| [n.to_le_bytes(), d.to_le_bytes()].concat())
            .collect();
        Self {
            tag,
            kind: RATIONAL,
            count: values.len() as u32,
            value,
        }
    }

    /// Bytes that the value takes behind the directory: none when it fits its field of four.
    fn outside_len(&self) -> u32 {
        let len = self.value.len() as u32;
        if len <= 4 { 0 } else { len + len % 2 }
    }
}

fn directory_len(entries: &[Entry]) -> u32 {
    2 + 12 * entries.len() as u32 + 4 + entries.iter().map(Entry::outside_len).sum::<u32>()
}

/// Appends a directory, whose entries are sorted by tag, and the values that do not fit into it.
/// Offsets count from the start of `tiff`.
fn write_directory(tiff: &mut Vec<u8>, entries: &[Entry]) {
    let mut outside_at = tiff.len() as u32 + 2 + 12 * entries.len() as u32 + 4;
    let mut outside = Vec::new();
    tiff.extend((entries.len() as u16).to_le_bytes());
    for entry in entries {
        tiff.extend(entry.tag.to_le_bytes());
        tiff.extend(entry.kind.to_le_bytes());
        tiff.extend(entry.count.to_le_bytes());
        if entry.outside_len() == 0 {
            let mut field = [0; 4];
            for (to, from) in field.iter_mut().zip(&entry.value) {
                *to = *from;
            }
            tiff.extend(field);
        } else {
            tiff.extend(outside_at.to_le_bytes());
            outside_at += entry.outside_len();
            outside.extend(&entry.value);
            outside.extend(std::iter::repeat_n(0, entry.value.len() % 2));
        }
    }
    // No directory follows.
    tiff.extend([0; 4]);
    tiff.extend(outside);
}

/// Splits degrees into whole degrees, minutes, and hundredths of seconds, without the sign.
fn degrees(value: f64) -> [(u32, u32); 3] {
    let hundredths = (value.abs() * 360_000.0).round() as u32;
    [
        (hundredths / 360_000, 1),
        (hundredths / 6_000 % 60, 1),
        (hundredths % 6_000, 100),
    ]
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
