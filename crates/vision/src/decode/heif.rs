//! HEIC and AVIF: coded pictures put together, over white where they are transparent.

#[cfg(feature = "avif")]
mod av1;
#[cfg(feature = "heic")]
mod hevc;
mod planes;

use super::raster::blend_with_white;
use super::shield::shielded;
use crate::container::heif::{Coding, Grid, Heif, Kind, Lost, Window, in_blocks};
use crate::error::SeeError;
use crate::format::Format;
use crate::limits::Header;
use crate::resize::{ResizeFilter, resize_luma};
use crate::rgb::Rgb;
use planes::{Part, Planes, Target};

/// Decodes the primary picture, in the orientation in which it is stored.
pub(super) fn decode(bytes: &[u8], header: &Header) -> Result<Rgb, SeeError> {
    let heif = Heif::walk(bytes);
    let reading = Reading {
        heif: &heif,
        format: header.format,
    };
    shielded(header.format, || reading.picture())
}

/// A file that is being read.
struct Reading<'a> {
    heif: &'a Heif<'a>,
    format: Format,
}

impl Reading<'_> {
    fn picture(&self) -> Result<Rgb, SeeError> {
        let id = self.heif.primary().ok_or_else(|| self.lost(Lost::Cut))?;
        let size = self.size(id)?;
        let mut pixels = self.item(id, size, Part::Colors)?;
        if let Some((alpha, multiplied)) = self.heif.alpha(id) {
            let alpha = self.alpha(alpha, size)?;
            for (pixel, alpha) in pixels.as_chunks_mut::<3>().0.iter_mut().zip(&alpha) {
                *pixel = pixel.map(|value| match multiplied {
                    true => value.saturating_add(255 - alpha),
                    false => blend_with_white(value, *alpha),
                });
            }
        }
        let window = self
            .heif
            .window(id)
            .ok_or_else(|| self.malformed("clean aperture outside of the picture"))?;
        let pixels = cropped(pixels, size, window);
        Rgb::new(window.width, window.height, pixels).ok_or_else(|| self.malformed("no pixels"))
    }

    /// How opaque each pixel of a picture of `size` is.
    fn alpha(&self, id: u32, size: (u32, u32)) -> Result<Vec<u8>, SeeError> {
        let own = self.size(id)?;
        if area(own) > area(size) {
            return Err(self.malformed("transparency larger than the picture"));
        }
        let alpha = self.item(id, own, Part::Alpha)?;
        Ok(if own == size {
            alpha
        } else {
            resize_luma(&alpha, own, size, ResizeFilter::Bilinear)
        })
    }

    /// Samples of an item, as many a pixel as `part` has.
    fn item(&self, id: u32, size: (u32, u32), part: Part) -> Result<Vec<u8>, SeeError> {
        let samples = part.samples();
        let mut pixels = vec![0; samples * size.0 as usize * size.1 as usize];
        let mut target = Target {
            pixels: &mut pixels,
            size,
            part,
        };
        match self.heif.kind(id) {
            Some(Kind::Grid) => self.tiles(id, &mut target)?,
            _ => self.coded(id, id, &mut target, (0, 0))?,
        }
        Ok(pixels)
    }

    /// Decodes the tiles of an item to their places.
    fn tiles(&self, id: u32, target: &mut Target<'_>) -> Result<(), SeeError> {
        let layout = self.heif.data(id).map_err(|lost| self.lost(lost))?;
        let grid = Grid::read(&layout).ok_or_else(|| self.malformed("no layout of tiles"))?;
        let tiles = self.heif.sources(id);
        let (columns, rows) = (grid.columns, grid.rows);
        let first = tiles.first().copied().unwrap_or_default();
        let (width, height) = self.size(first)?;
        let covered = |tile: u32, tiles: usize, whole: u32| {
            let (tile, tiles) = (u64::from(tile), tiles as u64);
            tile * tiles >= u64::from(whole) && tile * (tiles - 1) < u64::from(whole)
        };
        let fits = (grid.width, grid.height) == target.size
            && tiles.len() == columns * rows
            && covered(width, columns, grid.width)
            && covered(height, rows, grid.height);
        if !fits {
            return Err(self.malformed("tiles do not make up the picture"));
        }
        for (number, tile) in tiles.iter().enumerate() {
            if self.size(*tile)? != (width, height) {
                return Err(self.malformed("tiles of different sizes"));
            }
            // Both products are below the sides of the picture.
            let left = (number % columns) as u32 * width;
            let top = (number / columns) as u32 * height;
            self.coded(*tile, id, target, (left, top))?;
        }
        Ok(())
    }

    /// Decodes a coded item to its place in a whole one.
    fn coded(
        &self,
        id: u32,
        whole: u32,
        target: &mut Target<'_>,
        place: (u32, u32),
    ) -> Result<(), SeeError> {
        let size = self.size(id)?;
        let data = self.heif.data(id).map_err(|lost| self.lost(lost))?;
        let mut planes = self.planes(id, &data, size)?;
        let (width, height) = planes.size;
        let most = in_blocks(size);
        let fits = |coded: u32, said: u32, most: u32| (said..=most).contains(&coded);
        if !fits(width, size.0, most.0) || !fits(height, size.1, most.1) {
            return Err(self.malformed(&format!(
                "expected {} × {} pixels, got {width} × {height}",
                size.0, size.1
            )));
        }
        let said = self.heif.coding(id).or_else(|| self.heif.coding(whole));
        if let Some(coding) = said {
            // What the container leaves open the coded picture may say.
            let matrix = match coding.matrix {
                2 => planes.coding.matrix,
                said => said,
            };
            planes.coding = Coding { matrix, ..coding };
        }
        if target.paint(&planes, place, size) {
            Ok(())
        } else {
            Err(SeeError::Unsupported(match self.format {
                Format::Avif => "AVIF in this kind of colours",
                _ => "HEIC in this kind of colours",
            }))
        }
    }

    #[cfg_attr(
        not(any(feature = "avif", feature = "heic")),
        expect(
            unused_variables,
            reason = "without decoders there is nothing to decode"
        )
    )]
    fn planes(&self, id: u32, data: &[u8], size: (u32, u32)) -> Result<Planes, SeeError> {
        #[cfg(any(feature = "avif", feature = "heic"))]
        let most = area(in_blocks(size));
        match self.heif.kind(id) {
            #[cfg(feature = "heic")]
            Some(Kind::Hevc) => {
                let configuration = self.heif.hevc_configuration(id);
                hevc::decode(configuration.unwrap_or_default(), data, most)
            }
            #[cfg(feature = "avif")]
            Some(Kind::Av1) => av1::decode(data, most),
            #[cfg(not(feature = "heic"))]
            Some(Kind::Hevc) => Err(SeeError::Unsupported("HEIC")),
            #[cfg(not(feature = "avif"))]
            Some(Kind::Av1) => Err(SeeError::Unsupported("AVIF")),
            _ => Err(SeeError::Unsupported("HEIF that is neither HEIC nor AVIF")),
        }
    }

    fn size(&self, id: u32) -> Result<(u32, u32), SeeError> {
        let size = self.heif.size(id).filter(|size| area(*size) > 0);
        size.ok_or_else(|| self.malformed("an item without a size"))
    }

    fn lost(&self, lost: Lost) -> SeeError {
        match lost {
            Lost::Cut => SeeError::Truncated {
                format: self.format.name(),
            },
            Lost::Unknown => self.malformed("an item without bytes"),
        }
    }

    fn malformed(&self, reason: &str) -> SeeError {
        SeeError::Malformed {
            format: self.format.name(),
            reason: reason.to_owned(),
        }
    }
}

fn area((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

/// The pixels inside of a window, which lies inside of the picture.
fn cropped(pixels: Vec<u8>, size: (u32, u32), window: Window) -> Vec<u8> {
    if (window.width, window.height) == size {
        return pixels;
    }
    let row = 3 * size.0 as usize;
    let (start, length) = (3 * window.left as usize, 3 * window.width as usize);
    pixels
        .chunks_exact(row)
        .skip(window.top as usize)
        .take(window.height as usize)
        .flat_map(|row| &row[start..start + length])
        .copied()
        .collect()
}
