//! What a checkpoint of a graph says about its data file.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | the magic, `EIDGRAPH` |
//! | 4 | format version |
//! | 8 | length of this file |
//! | 4, 4 | dims; metric: 0 dot, 1 squared Euclidean, 2 sum of absolute differences, 3 cosine |
//! | 4 × dims, 4 | the middle, 32-bit floats; the scale of all codes, where they have one, and 1 elsewhere |
//! | 4 | how many axes vectors are projected on, or 0 |
//! | row × axes, 4 × axes, 4 | if there are axes: rows of their codes, as long as dims padded to a multiple of 64; their scales and both spreads, 32-bit floats |
//! | 4 | 1 if there are no edges, else 0 |
//! | 8 | the sequence number that the graph covers |
//! | 4, 4, 4 | the bits of the greatest squared norm; nodes; nodes that are removed |
//! | 8 each level | the entry plus one; lists |
//! | for each memory | 4: how many extents; for each of them 8: offset, 4: bytes, 4: CRC-32 |
//! | 4 | CRC-32 of everything before it |
//!
//! All numbers are little-endian. The memories are those of the codes and of what is removed, and for each level, the finest
//! first, of the lists, and in coarse levels of where they lie.

use super::disk::MEMORIES;
use super::encoder::{Axes, Encoder, Spread};
use super::{LEVELS, MAX_GRAPH_DIMS};
use crate::error::Result;
use crate::store::{Disk, Fields, files};
use kernels::{Metric, int8};
use std::path::Path;

const MAGIC: [u8; 8] = *b"EIDGRAPH";
const VERSION: u32 = 4;

/// The longest manifest that is read: enough for 2³¹ nodes of the most dims.
const MOST_BYTES: u64 = 256 << 20;

/// Where an extent lies in the data file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) offset: u64,
    pub(super) bytes: u32,
    pub(super) checksum: u32,
}

/// What a checkpoint knows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Manifest {
    pub(super) encoder: Encoder,
    pub(super) is_flat: bool,
    /// The last operation that the graph holds.
    pub(super) covered: u64,
    /// The bits of the greatest squared norm.
    pub(super) longest: u32,
    pub(super) nodes: u32,
    pub(super) removed: u32,
    /// Each level's entry and its number of lists.
    pub(super) levels: [(Option<u32>, u32); LEVELS],
    /// The extents of each memory.
    pub(super) places: Vec<Vec<Place>>,
}

impl Manifest {
    /// Replaces the manifest file.
    pub(super) fn write(&self, disk: &dyn Disk, path: &Path) -> Result<()> {
        files::replace(disk, path, &self.encode())
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        let length_at = bytes.len();
        bytes.extend(0u64.to_le_bytes());
        let Encoder {
            metric,
            point,
            scale,
            axes,
        } = &self.encoder;
        bytes.extend((point.len() as u32).to_le_bytes());
        bytes.extend(number_of(*metric).to_le_bytes());
        let middle = point.iter().chain([scale]);
        bytes.extend(middle.flat_map(|number| number.to_le_bytes()));
        match axes {
            Some(Axes {
                rows,
                scales,
                spread,
            }) => {
                bytes.extend((scales.len() as u32).to_le_bytes());
                bytes.extend(rows);
                let numbers = scales.iter().chain([&spread.near, &spread.any]);
                bytes.extend(numbers.flat_map(|number| number.to_le_bytes()));
            }
            None => bytes.extend(0u32.to_le_bytes()),
        }
        bytes.extend(u32::from(self.is_flat).to_le_bytes());
        bytes.extend(self.covered.to_le_bytes());
        for number in [self.longest, self.nodes, self.removed] {
            bytes.extend(number.to_le_bytes());
        }
        for (entry, lists) in self.levels {
            bytes.extend(entry.map_or(0, |entry| entry + 1).to_le_bytes());
            bytes.extend(lists.to_le_bytes());
        }
        for places in &self.places {
            bytes.extend((places.len() as u32).to_le_bytes());
            for place in places {
                bytes.extend(place.offset.to_le_bytes());
                bytes.extend(place.bytes.to_le_bytes());
                bytes.extend(place.checksum.to_le_bytes());
            }
        }
        let length = bytes.len() as u64 + 4;
        bytes[length_at..length_at + 8].copy_from_slice(&length.to_le_bytes());
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    /// Reads the manifest file.
    ///
    /// # Errors
    /// `Missing`, `Version`, `Damaged` or `Io`.
    pub(super) fn read(path: &Path) -> Result<Manifest> {
        let bytes = files::read_whole(path, MOST_BYTES)?;
        let mut fields = Fields::new(&bytes, path);
        fields.magic(MAGIC)?;
        fields.version(VERSION)?;
        let length = fields.u64()?;
        if length != bytes.len() as u64 {
            let [expected, got] =
                [length, bytes.len() as u64].map(|length| format!("{length} bytes"));
            return Err(fields.damaged(12, "length of the file", expected, got));
        }
        // What follows makes sense only if the whole does.
        Fields::at(&bytes, bytes.len() - 4, path).checksum()?;
        let dims = fields.u32()? as usize;
        let metric = fields.u32()?;
        let Some(metric) = metric_of(metric).filter(|_| (1..=MAX_GRAPH_DIMS).contains(&dims))
        else {
            let expected = format!("1 to {MAX_GRAPH_DIMS} dims and a metric of graphs");
            return Err(fields.damaged(
                20,
                "dims and metric",
                expected,
                format!("{dims} and {metric}"),
            ));
        };
        let point = (0..dims).map(|_| fields.u32().map(f32::from_bits));
        let point = point.collect::<Result<Vec<_>>>()?;
        let scale = f32::from_bits(fields.u32()?);
        if !(scale.is_finite() && scale > 0.0) {
            let expected = "a number above 0".to_owned();
            let at = 28 + 4 * dims;
            return Err(fields.damaged(at, "scale of the codes", expected, format!("{scale}")));
        }
        let axes = axes(&mut fields, dims)?;
        let encoder = Encoder {
            metric,
            point,
            scale,
            axes,
        };
        let is_flat = fields.u32()? != 0;
        let covered = fields.u64()?;
        let (longest, nodes, removed) = (fields.u32()?, fields.u32()?, fields.u32()?);
        let mut levels = [(None, 0); LEVELS];
        for level in &mut levels {
            *level = (fields.u32()?.checked_sub(1), fields.u32()?);
        }
        let mut places = Vec::new();
        for _ in 0..MEMORIES {
            let count = fields.u32()?;
            let extents = (0..count).map(|_| {
                Ok(Place {
                    offset: fields.u64()?,
                    bytes: fields.u32()?,
                    checksum: fields.u32()?,
                })
            });
            places.push(extents.collect::<Result<Vec<_>>>()?);
        }
        Ok(Manifest {
            encoder,
            is_flat,
            covered,
            longest,
            nodes,
            removed,
            levels,
            places,
        })
    }
}

/// Reads the axes, if there are any.
fn axes(fields: &mut Fields<'_>, dims: usize) -> Result<Option<Axes>> {
    let at = 32 + 4 * dims;
    let count = fields.u32()? as usize;
    if count == 0 {
        return Ok(None);
    }
    if count > dims {
        let expected = format!("{dims} at most");
        return Err(fields.damaged(at, "number of axes", expected, format!("{count}")));
    }
    let rows = fields.bytes(count * int8::row_bytes(dims))?.to_vec();
    let scales = (0..count).map(|_| fields.u32().map(f32::from_bits));
    let scales = scales.collect::<Result<Vec<_>>>()?;
    let [near, any] = [fields.u32()?, fields.u32()?].map(f32::from_bits);
    let is_sound = |number: &f32| number.is_finite() && *number >= 0.0;
    if let Some(number) = scales
        .iter()
        .chain([&near, &any])
        .find(|number| !is_sound(number))
    {
        let expected = "numbers of 0 or more".to_owned();
        return Err(fields.damaged(
            at,
            "scales and spreads of the axes",
            expected,
            format!("{number}"),
        ));
    }
    Ok(Some(Axes {
        rows,
        scales,
        spread: Spread { near, any },
    }))
}

/// The number of a metric on disk.
fn number_of(metric: Metric) -> u32 {
    match metric {
        Metric::Dot => 0,
        Metric::L2Squared => 1,
        Metric::L1 => 2,
        Metric::Cosine => 3,
    }
}

fn metric_of(number: u32) -> Option<Metric> {
    let mut metrics = Metric::ALL.into_iter();
    metrics.find(|metric| number_of(*metric) == number)
}
