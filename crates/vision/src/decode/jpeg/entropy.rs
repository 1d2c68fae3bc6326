//! Whether the entropy-coded data of a sequential JPEG reach to its last block (ITU-T T.81, annex F).
//!
//! Both decoders fill what is missing in silence: where a file was cut and an end marker put after the cut, as tools
//! that mend files do, they show a picture whose lower part is grey. Walking the codes without computing a coefficient
//! is the one way to know.

use super::huffman::{Bits, Table};
use crate::container::be16;
use crate::container::jpeg::{Component, END_OF_IMAGE, Frame, START_OF_SCAN, segments};

/// What walking the codes found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Completeness {
    /// Every block is there.
    Whole,
    /// The data end before the last block.
    Cut,
    /// A code that no table has, or a restart that comes early.
    Damaged,
    /// Tables are missing, as in frames of Motion JPEG, or the frame is of a shape that is not followed here.
    Unknown,
}

/// Tables and settings that stand between scans.
#[derive(Default)]
struct State {
    dc: [Option<Table>; 4],
    ac: [Option<Table>; 4],
    restart_interval: u32,
}

/// A component of a scan: its blocks in a unit, and its tables.
struct Part {
    blocks: u32,
    dc: usize,
    ac: usize,
}

/// Walks every scan of a sequential picture of Huffman codes.
pub(super) fn completeness(bytes: &[u8], frame: &Frame) -> Completeness {
    let mut state = State::default();
    for segment in segments(bytes) {
        match segment.marker {
            0xC4 if state.take_tables(segment.body).is_none() => return Completeness::Unknown,
            0xDD => {
                state.restart_interval = be16(segment.body, 0).map_or(0, u32::from);
            }
            START_OF_SCAN => {
                let data = bytes.get(segment.end..).unwrap_or_default();
                let found = state
                    .scan(frame, segment.body, data)
                    .unwrap_or(Completeness::Unknown);
                if found != Completeness::Whole {
                    return found;
                }
            }
            END_OF_IMAGE => break,
            _ => {}
        }
    }
    Completeness::Whole
}

impl State {
    fn take_tables(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&head, rest)) = body.split_first() {
            let (table, length) = Table::read(rest, head >> 4 == 1)?;
            let slots = if head >> 4 == 0 {
                &mut self.dc
            } else {
                &mut self.ac
            };
            *slots.get_mut(usize::from(head & 15))? = Some(table);
            body = rest.get(length..)?;
        }
        Some(())
    }

    /// Walks one scan; none where it cannot be followed.
    fn scan(&self, frame: &Frame, head: &[u8], data: &[u8]) -> Option<Completeness> {
        let (&count, rest) = head.split_first()?;
        let mut parts = Vec::with_capacity(4);
        let mut only = None;
        for named in rest.chunks_exact(2).take(usize::from(count)) {
            let component = frame.components.iter().find(|c| c.id == named[0])?;
            only = Some(component);
            parts.push(Part {
                blocks: u32::from(component.horizontal) * u32::from(component.vertical),
                dc: usize::from(named[1] >> 4),
                ac: usize::from(named[1] & 15),
            });
        }
        let units = if let ([part], Some(component)) = (&mut parts[..], only) {
            part.blocks = 1;
            own_blocks(frame, component)?
        } else {
            interleaved_units(frame)?
        };
        let mut tables = Vec::with_capacity(4);
        for part in &parts {
            let dc = self.dc.get(part.dc)?.as_ref()?;
            let ac = self.ac.get(part.ac)?.as_ref()?;
            tables.push((part.blocks, dc, ac));
        }
        Some(self.walk(units, &tables, data))
    }

    fn walk(&self, units: u64, parts: &[(u32, &Table, &Table)], data: &[u8]) -> Completeness {
        let mut bits = Bits::new(data);
        let mut until_restart = self.restart_interval;
        for unit in 0..units {
            for (blocks, dc, ac) in parts {
                for _ in 0..*blocks {
                    if !dc.skip_one(&mut bits) || !ac.skip_block(&mut bits) {
                        return ended(&bits);
                    }
                }
            }
            if bits.overrun() {
                return ended(&bits);
            }
            until_restart = until_restart.wrapping_sub(1);
            if self.restart_interval > 0 && until_restart == 0 && unit + 1 < units {
                if !bits.restart() {
                    return ended(&bits);
                }
                until_restart = self.restart_interval;
            }
        }
        Completeness::Whole
    }
}

fn ended(bits: &Bits<'_>) -> Completeness {
    if bits.overrun() && !bits.at_restart() {
        Completeness::Cut
    } else {
        Completeness::Damaged
    }
}

/// Units of a scan of several components.
fn interleaved_units(frame: &Frame) -> Option<u64> {
    let (horizontal, vertical) = largest_factors(frame)?;
    let across = u64::from(frame.width).div_ceil(8 * horizontal);
    Some(across * u64::from(frame.height).div_ceil(8 * vertical))
}

/// Blocks of a component in a scan of its own, where none is added to fill a unit.
fn own_blocks(frame: &Frame, component: &Component) -> Option<u64> {
    let (horizontal, vertical) = largest_factors(frame)?;
    let side = |pixels: u16, factor: u8, largest: u64| {
        (u64::from(pixels) * u64::from(factor))
            .div_ceil(largest)
            .div_ceil(8)
    };
    let across = side(frame.width, component.horizontal, horizontal);
    Some(across * side(frame.height, component.vertical, vertical))
}

fn largest_factors(frame: &Frame) -> Option<(u64, u64)> {
    let horizontal = frame.components.iter().map(|c| c.horizontal).max()?;
    let vertical = frame.components.iter().map(|c| c.vertical).max()?;
    (horizontal > 0 && vertical > 0).then_some((u64::from(horizontal), u64::from(vertical)))
}
