//! IPTC Information Interchange Model 4.2, as Photoshop keeps it in image resource 0x0404.

use super::text::{clean, keywords, latin1, utf8_or_latin1};
use crate::container::{be16, be32, part};
use crate::features::Words;

/// The resource that holds IIM records.
const IIM_RESOURCE: u16 = 0x0404;
/// Code for UTF-8 in dataset 1:90 (ISO 2022: ESC % G).
const UTF8: &[u8] = b"\x1B%G";

/// The IIM records among Photoshop's image resources.
pub(super) fn in_photoshop(resources: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        // Signature, number, a name whose length comes first, and the data's length; names and data are even.
        (part(resources, at, 4)? == b"8BIM").then_some(())?;
        let number = be16(resources, at + 4)?;
        let name = 1 + usize::from(*resources.get(at + 6)?);
        let length_at = at + 6 + name + name % 2;
        let length = usize::try_from(be32(resources, length_at)?).ok()?;
        let data = part(resources, length_at + 4, length)?;
        if number == IIM_RESOURCE {
            return Some(data);
        }
        at = length_at + 4 + length + length % 2;
    }
}

/// Reads title (2:05), caption (2:120) and keywords (2:25).
pub(super) fn read(records: &[u8]) -> Words {
    let sets: Vec<DataSet<'_>> = DataSets(records).collect();
    let is_utf8 = sets.iter().any(|s| s.number == (1, 90) && s.data == UTF8);
    let decode = |data: &[u8]| {
        if is_utf8 {
            utf8_or_latin1(data)
        } else {
            latin1(data)
        }
    };
    let first = |number| {
        let set = sets.iter().find(|set| set.number == number)?;
        clean(&decode(set.data))
    };
    let of_number = sets.iter().filter(|set| set.number == (2, 25));
    Words {
        title: first((2, 5)),
        caption: first((2, 120)),
        keywords: keywords(of_number.map(|set| decode(set.data))),
        rating: None,
    }
}

/// A value with its record and number.
struct DataSet<'a> {
    number: (u8, u8),
    data: &'a [u8],
}

/// Walks records up to the first that is malformed.
struct DataSets<'a>(&'a [u8]);

impl<'a> Iterator for DataSets<'a> {
    type Item = DataSet<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let [0x1C, record, number, ..] = *self.0 else {
            return None;
        };
        let length = be16(self.0, 3)?;
        let (start, length) = if length & 0x8000 == 0 {
            (5, usize::from(length))
        } else {
            // An extended dataset's length has a length; four bytes are more than any file here has.
            (length & 0x7FFF == 4).then_some(())?;
            (9, usize::try_from(be32(self.0, 5)?).ok()?)
        };
        let data = part(self.0, start, length)?;
        self.0 = self.0.get(start + length..)?;
        Some(DataSet {
            number: (record, number),
            data,
        })
    }
}
