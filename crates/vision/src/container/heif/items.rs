//! The tables of a `meta` box: what items there are, where their bytes are, and what is said of them.

use crate::container::iso::{Fields, IsoBox, boxes};
use std::collections::BTreeMap;

/// Items that are looked at; a phone's picture of 200 megapixels has some hundreds of tiles.
const MAX_ITEMS: usize = 4096;
/// Pieces of all items, their properties and their references, of each at most so many.
const MAX_ENTRIES: usize = 1 << 16;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    /// A picture coded as HEVC.
    Hevc,
    /// A picture coded as AV1.
    Av1,
    /// A picture put together from tiles.
    Grid,
    /// The same as another item.
    Identity,
    /// EXIF.
    Exif,
    /// XMP.
    Xmp,
    /// Anything else.
    #[default]
    Other,
}

impl Kind {
    pub(super) fn of(kind: &[u8]) -> Self {
        match kind {
            b"hvc1" | b"hev1" => Self::Hevc,
            b"av01" => Self::Av1,
            b"grid" => Self::Grid,
            b"iden" => Self::Identity,
            b"Exif" => Self::Exif,
            _ => Self::Other,
        }
    }
}

/// An item.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// Its size where no property says it.
    pub(super) size: Option<(u32, u32)>,
    /// Places and lengths of its bytes.
    pub(super) extents: Vec<(u64, u64)>,
    /// What the places are counted in: 0 the file, 1 the data of the tables themselves.
    pub(super) construction: u8,
    /// Numbers of its properties.
    pub(super) properties: Vec<usize>,
}

/// An item by itself, with the boxes that are its properties.
pub(super) type Alone<'a> = (Item, Vec<IsoBox<'a>>);

/// That an item has to do with others.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) kind: [u8; 4],
    pub(super) from: u32,
    pub(super) to: Vec<u32>,
}

/// All tables.
#[derive(Debug, Default)]
pub(super) struct Items<'a> {
    pub(super) primary: Option<u32>,
    pub(super) by_id: BTreeMap<u32, Item>,
    pub(super) properties: Vec<IsoBox<'a>>,
    pub(super) references: Vec<Reference>,
    /// Bytes that are kept in the tables themselves.
    pub(super) data: &'a [u8],
}

impl<'a> Items<'a> {
    /// Reads the body of a `meta` box, as far as it can be followed.
    pub(super) fn read(meta: &'a [u8]) -> Self {
        let mut items = Self::default();
        // Version and flags come first.
        for one in boxes(meta.get(4..).unwrap_or_default()) {
            // What a table says after the first thing that cannot be followed is left out.
            let _ = match &one.kind {
                b"pitm" => items.primary(one.body),
                b"iinf" => items.kinds(one.body),
                b"iloc" => items.places(one.body),
                b"iprp" => items.properties(one.body),
                b"iref" => items.references(one.body),
                b"idat" => {
                    items.data = one.body;
                    Some(())
                }
                _ => Some(()),
            };
        }
        items
    }

    /// A table of one item.
    pub(super) fn of_one((item, properties): Alone<'a>) -> Self {
        Self {
            primary: Some(1),
            by_id: BTreeMap::from([(1, item)]),
            properties,
            ..Self::default()
        }
    }

    /// The entry of an item, new where there are not too many of them yet.
    fn item(&mut self, id: u32) -> Option<&mut Item> {
        if self.by_id.len() >= MAX_ITEMS && !self.by_id.contains_key(&id) {
            return None;
        }
        Some(self.by_id.entry(id).or_default())
    }

    fn primary(&mut self, body: &[u8]) -> Option<()> {
        let mut fields = Fields::new(body);
        let wide = version(&mut fields)? > 0;
        self.primary = Some(fields.id(wide)?);
        Some(())
    }

    fn kinds(&mut self, body: &[u8]) -> Option<()> {
        let mut fields = Fields::new(body);
        let wide = version(&mut fields)? > 0;
        let _count = fields.id(wide)?;
        for entry in boxes(fields.rest()).filter(|one| one.kind == *b"infe") {
            let mut fields = Fields::new(entry.body);
            let version = version(&mut fields)?;
            // Older entries say no kind.
            if version < 2 {
                continue;
            }
            let id = fields.id(version > 2)?;
            let _protection = fields.u16()?;
            let mut kind = Kind::of(fields.bytes(4)?);
            // The item's name comes before the type of its content, and after that how it is compressed.
            let mut texts = fields.rest().split(|byte| *byte == 0);
            let (content, compression) = (texts.nth(1), texts.next());
            let plain = compression.is_none_or(<[u8]>::is_empty);
            if content == Some(b"application/rdf+xml") && plain {
                kind = Kind::Xmp;
            }
            self.item(id)?.kind = kind;
        }
        Some(())
    }

    fn places(&mut self, body: &[u8]) -> Option<()> {
        let mut fields = Fields::new(body);
        let version = version(&mut fields)?;
        let (lengths, more) = (fields.u8()?, fields.u8()?);
        let (of_place, of_length) = (lengths >> 4, lengths & 15);
        let (of_base, of_index) = (more >> 4, if version > 0 { more & 15 } else { 0 });
        let mut entries = 0;
        for _ in 0..fields.id(version > 1)? {
            let id = fields.id(version > 1)?;
            let construction = if version > 0 { fields.u16()? & 15 } else { 0 };
            let _file = fields.u16()?;
            let base = fields.sized(of_base)?;
            let mut extents = Vec::new();
            for _ in 0..fields.u16()? {
                let _index = fields.sized(of_index)?;
                let place = base.checked_add(fields.sized(of_place)?)?;
                extents.push((place, fields.sized(of_length)?));
                entries += 1;
                if entries > MAX_ENTRIES {
                    return None;
                }
            }
            let item = self.item(id)?;
            item.construction = u8::try_from(construction).ok()?;
            item.extents = extents;
        }
        Some(())
    }

    fn properties(&mut self, body: &'a [u8]) -> Option<()> {
        for one in boxes(body) {
            match &one.kind {
                b"ipco" => self.properties = boxes(one.body).collect(),
                b"ipma" => self.associations(one.body)?,
                _ => {}
            }
        }
        Some(())
    }

    fn associations(&mut self, body: &[u8]) -> Option<()> {
        let mut fields = Fields::new(body);
        let version = version(&mut fields)?;
        let wide = body.get(3)? & 1 != 0;
        let mut entries = 0;
        for _ in 0..fields.u32()? {
            let id = fields.id(version > 0)?;
            let mut numbers = Vec::new();
            for _ in 0..fields.u8()? {
                // The highest bit says that a reader has to know the property. Numbers begin at 1.
                let number = match wide {
                    true => fields.u16()? & 0x7FFF,
                    false => u16::from(fields.u8()? & 0x7F),
                };
                numbers.extend(usize::from(number).checked_sub(1));
                entries += 1;
                if entries > MAX_ENTRIES {
                    return None;
                }
            }
            self.item(id)?.properties.extend(numbers);
        }
        Some(())
    }

    fn references(&mut self, body: &[u8]) -> Option<()> {
        let mut fields = Fields::new(body);
        let wide = version(&mut fields)? > 0;
        let mut entries = 0;
        for one in boxes(fields.rest()) {
            let mut fields = Fields::new(one.body);
            let from = fields.id(wide)?;
            let mut to = Vec::new();
            for _ in 0..fields.u16()? {
                to.push(fields.id(wide)?);
                entries += 1;
                if entries > MAX_ENTRIES {
                    return None;
                }
            }
            self.references.push(Reference {
                kind: one.kind,
                from,
                to,
            });
        }
        Some(())
    }
}

/// The version of a box that has one, which three bytes of flags follow.
fn version(fields: &mut Fields<'_>) -> Option<u8> {
    let version = fields.u8()?;
    fields.bytes(3)?;
    Some(version)
}
