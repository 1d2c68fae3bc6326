//! HEIF (ISO/IEC 23008-12), of which HEIC and AVIF are kinds: items and their properties in ISO base media, coded as
//! HEVC or AV1 pictures, or put together from others.

mod items;
mod track;
mod turn;

use super::iso::{Fields, boxes};
use super::{be16, be32, part};
pub(crate) use items::Kind;
use items::{Item, Items};
use std::borrow::Cow;

/// Items that say each that they are another one, which are followed.
const MAX_IDENTITIES: usize = 4;

/// Side of the largest blocks of coded pictures.
const BLOCK: u32 = 64;

/// The size of a coded picture at most, of one that is said to be of `size`. Coded pictures are whole blocks, and some
/// encoders leave it to the container to say where the picture ends.
pub(crate) fn in_blocks((width, height): (u32, u32)) -> (u32, u32) {
    let side = |side: u32| side.checked_next_multiple_of(BLOCK).unwrap_or(u32::MAX);
    (side(width), side(height))
}

/// What the boxes say.
#[derive(Debug, Default)]
pub(crate) struct Heif<'a> {
    file: &'a [u8],
    items: Items<'a>,
    /// Pictures of the first track, where there is one.
    pub(crate) frames: u32,
    /// Whether the boxes that say where everything is are all there.
    pub(crate) whole: bool,
}

/// Why the bytes of an item cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The file ends before they do.
    Cut,
    /// No box says where they are, or in a way that is not followed.
    Unknown,
}

/// A part of a picture, in pixels from its top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) left: u32,
    pub(crate) top: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// How samples stand for colours (ITU-T H.273).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coding {
    /// Number of the matrix that made brightness and colour differences of red, green and blue; 2 where nothing says.
    pub(crate) matrix: u16,
    /// Whether samples take all values, not those of television.
    pub(crate) full_range: bool,
}

/// A picture that is put together from tiles of the same size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Grid {
    /// Reads the bytes of an item that is put together from tiles; none when they are too few.
    pub(crate) fn read(layout: &[u8]) -> Option<Self> {
        let mut fields = Fields::new(layout);
        let (_version, flags) = (fields.u8()?, fields.u8()?);
        let wide = flags & 1 != 0;
        Some(Self {
            rows: usize::from(fields.u8()?) + 1,
            columns: usize::from(fields.u8()?) + 1,
            width: fields.id(wide)?,
            height: fields.id(wide)?,
        })
    }
}

impl<'a> Heif<'a> {
    /// Walks the boxes of a file, whole or cut short. Where it has no items but a track, the first picture of that is
    /// taken for the one item.
    pub(crate) fn walk(file: &'a [u8]) -> Self {
        let mut heif = Self {
            file,
            ..Self::default()
        };
        let mut first = None;
        for one in boxes(file) {
            match &one.kind {
                b"meta" if !heif.whole => {
                    heif.items = Items::read(one.body);
                    heif.whole = one.whole;
                }
                b"moov" => {
                    if let Some((frames, item)) = track::first_picture(one.body) {
                        heif.frames = frames;
                        first = item.filter(|_| one.whole);
                    }
                }
                _ => {}
            }
        }
        if let Some(first) = first.filter(|_| heif.items.primary.is_none()) {
            heif.items = Items::of_one(first);
            heif.whole = true;
        }
        heif
    }

    /// The picture that is seen: the primary item, or the one that it says it is.
    pub(crate) fn primary(&self) -> Option<u32> {
        let mut id = self.items.primary?;
        for _ in 0..MAX_IDENTITIES {
            match (self.kind(id), self.sources(id)) {
                (Some(Kind::Identity), [source]) => id = *source,
                _ => break,
            }
        }
        Some(id)
    }

    fn item(&self, id: u32) -> Option<&Item> {
        self.items.by_id.get(&id)
    }

    /// What an item is.
    pub(crate) fn kind(&self, id: u32) -> Option<Kind> {
        self.item(id).map(|item| item.kind)
    }

    /// Size of an item's pixels, before they are cropped.
    pub(crate) fn size(&self, id: u32) -> Option<(u32, u32)> {
        let item = self.item(id)?;
        let extents = || self.property(id, b"ispe");
        item.size
            .or_else(|| be32(extents()?, 4).zip(be32(extents()?, 8)))
    }

    /// Sizes of the coded pictures that an item is made of, and of those that say how opaque it is. Tiles are all of one
    /// size, or refused.
    pub(crate) fn coded_sizes(&self, id: u32) -> impl Iterator<Item = (u32, u32)> {
        let alpha = self.alpha(id).map(|(alpha, _)| alpha);
        let items = [Some(id), alpha].into_iter().flatten();
        items.filter_map(|item| self.size(*self.sources(item).first().unwrap_or(&item)))
    }

    fn property(&self, id: u32, kind: &[u8; 4]) -> Option<&'a [u8]> {
        self.properties(id).find(|one| one.0 == *kind).map(|p| p.1)
    }

    /// Kinds and bodies of an item's properties, in its order.
    fn properties(&self, id: u32) -> impl Iterator<Item = ([u8; 4], &'a [u8])> {
        let item = self.item(id);
        let numbers = item.map_or(&[][..], |item| &item.properties);
        let found = numbers.iter().filter_map(|n| self.items.properties.get(*n));
        found.map(|one| (one.kind, one.body))
    }

    /// What a decoder of HEVC has to know before an item's bytes.
    #[cfg(feature = "heic")]
    pub(crate) fn hevc_configuration(&self, id: u32) -> Option<&'a [u8]> {
        self.property(id, b"hvcC")
    }

    /// How samples stand for colours, where the container says so.
    pub(crate) fn coding(&self, id: u32) -> Option<Coding> {
        let colors = self.properties(id).filter(|one| one.0 == *b"colr");
        let named = |body: &[u8]| {
            (part(body, 0, 4)? == b"nclx").then_some(())?;
            Some(Coding {
                matrix: be16(body, 8)?,
                full_range: body.get(10)? & 0x80 != 0,
            })
        };
        colors.filter_map(|one| named(one.1)).next()
    }

    /// The part of an item's pixels that is shown; none when it is not inside of them.
    pub(crate) fn window(&self, id: u32) -> Option<Window> {
        let (width, height) = self.size(id)?;
        let Some(aperture) = self.property(id, b"clap") else {
            return Some(Window {
                left: 0,
                top: 0,
                width,
                height,
            });
        };
        let ratio = |at| {
            let (n, d) = (be32(aperture, at)?, be32(aperture, at + 4)?);
            (d != 0).then(|| f64::from(n.cast_signed()) / f64::from(d))
        };
        // The offset is that of the middle from the picture's own.
        let along = |length: u32, shown: f64, offset: f64| {
            let start = (offset + (f64::from(length) - shown) / 2.0).floor();
            let inside = shown >= 1.0 && start >= 0.0 && start + shown.floor() <= f64::from(length);
            inside.then_some((start as u32, shown as u32))
        };
        let (left, width) = along(width, ratio(0)?, ratio(16)?)?;
        let (top, height) = along(height, ratio(8)?, ratio(24)?)?;
        Some(Window {
            left,
            top,
            width,
            height,
        })
    }

    /// How an item has to be turned, as EXIF numbers it. What EXIF itself says in such a file is no more than a note
    /// (ISO/IEC 23000-22, section 7.3.10), which would turn a second time.
    pub(crate) fn orientation(&self, id: u32) -> u8 {
        turn::orientation(self.properties(id))
    }

    /// Items that an item is made from, in its order.
    pub(crate) fn sources(&self, id: u32) -> &[u32] {
        let mut references = self.items.references.iter();
        references
            .find(|one| one.kind == *b"dimg" && one.from == id)
            .map_or(&[], |one| &one.to)
    }

    /// The item that says how opaque another one is, and whether colours were multiplied by it.
    pub(crate) fn alpha(&self, id: u32) -> Option<(u32, bool)> {
        const NAMES: [&[u8]; 2] = [
            b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
            b"urn:mpeg:hevc:2015:auxid:1",
        ];
        let mut references = self.items.references.iter();
        let alpha = references.find(|one| {
            let named = || self.property(one.from, b"auxC")?.get(4..);
            let is_alpha = |name: &[u8]| {
                let ends = name.iter().position(|b| *b == 0).unwrap_or(name.len());
                NAMES.contains(&&name[..ends])
            };
            one.kind == *b"auxl" && one.to.contains(&id) && named().is_some_and(is_alpha)
        })?;
        let mut references = self.items.references.iter();
        let multiplied = references
            .any(|one| one.kind == *b"prem" && one.from == id && one.to.contains(&alpha.from));
        Some((alpha.from, multiplied))
    }

    /// The bytes of an item.
    ///
    /// # Errors
    /// [`Lost`] where they are not in the file.
    pub(crate) fn data(&self, id: u32) -> Result<Cow<'a, [u8]>, Lost> {
        let item = self.item(id).ok_or(Lost::Unknown)?;
        let within = match item.construction {
            0 => self.file,
            1 => self.items.data,
            _ => return Err(Lost::Unknown),
        };
        let piece = |&(at, length): &(u64, u64)| {
            let at = usize::try_from(at).ok()?;
            match length {
                // As far as the file goes.
                0 => within.get(at..),
                _ => part(within, at, usize::try_from(length).ok()?),
            }
        };
        let lost = if item.construction == 0 {
            Lost::Cut
        } else {
            Lost::Unknown
        };
        match &item.extents[..] {
            [] => Err(Lost::Unknown),
            [one] => piece(one).map(Cow::Borrowed).ok_or(lost),
            many => {
                let mut all = Vec::new();
                for extent in many {
                    all.extend_from_slice(piece(extent).ok_or(lost)?);
                    // Pieces that lie over one another could make much of little.
                    if all.len() > self.file.len() {
                        return Err(Lost::Unknown);
                    }
                }
                Ok(Cow::Owned(all))
            }
        }
    }

    /// EXIF block, from its TIFF header on. One that lies in pieces is left out.
    pub(crate) fn exif(&self) -> Option<&'a [u8]> {
        let block = self.described(|item| item.kind == Kind::Exif)?;
        let start = usize::try_from(be32(block, 0)?).ok()?;
        block.get(start.checked_add(4)?..)
    }

    /// XMP packet. One that lies in pieces is left out.
    pub(crate) fn xmp(&self) -> Option<&'a [u8]> {
        self.described(|item| item.kind == Kind::Xmp)
    }

    /// What an item says that describes the picture.
    fn described(&self, is: impl Fn(&Item) -> bool) -> Option<&'a [u8]> {
        let (primary, shown) = (self.items.primary?, self.primary()?);
        let describes = |id: u32| {
            let mut about = self.items.references.iter();
            about.any(|one| {
                let meant = one.to.contains(&primary) || one.to.contains(&shown);
                one.kind == *b"cdsc" && one.from == id && meant
            })
        };
        let mut items = self.items.by_id.iter();
        let (id, _) = items.find(|(id, item)| is(item) && describes(**id))?;
        match self.data(*id).ok()? {
            Cow::Borrowed(block) => Some(block),
            Cow::Owned(_) => None,
        }
    }
}
