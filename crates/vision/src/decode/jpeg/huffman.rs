//! Huffman codes of JPEG, walked and not decoded (ITU-T T.81, annexes C and F.2.2).

/// Bits of a code that are looked up at once; longer codes are rare.
const FAST_BITS: u32 = 10;

/// Where a code leads: how many bits it takes with those that follow it, and how many coefficients it passes.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    /// Bits of the code and of the value after it; 0 where there is no such code.
    bits: u8,
    /// Coefficients; 64 where the block ends.
    coefficients: u8,
}

/// A table of codes.
pub(super) struct Table {
    fast: Vec<Step>,
    /// For each length, the code after the last of that length, filled to 16 bits, and the last symbol's place.
    longer: [(u32, u32); 16],
    steps: Vec<Step>,
}

impl Table {
    /// Reads a table of a segment, from its 16 counts on, and says how many bytes it took.
    pub(super) fn read(body: &[u8], is_ac: bool) -> Option<(Self, usize)> {
        let (counts, rest) = body.split_first_chunk::<16>()?;
        let total = counts.iter().map(|n| usize::from(*n)).sum::<usize>();
        let symbols = rest.get(..total)?;
        let mut table = Self {
            fast: vec![Step::default(); 1 << FAST_BITS],
            longer: [(0, 0); 16],
            steps: Vec::with_capacity(total),
        };
        let mut code = 0_u32;
        let mut symbols = symbols.iter();
        for (length, count) in (1_u32..).zip(counts) {
            for symbol in symbols.by_ref().take(usize::from(*count)) {
                if code >> length != 0 {
                    return None;
                }
                let step = step(length, *symbol, is_ac);
                table.steps.push(step);
                if length <= FAST_BITS {
                    let first = (code << (FAST_BITS - length)) as usize;
                    let after = ((code + 1) << (FAST_BITS - length)) as usize;
                    table.fast.get_mut(first..after)?.fill(step);
                }
                code += 1;
            }
            if let Some(last) = table.longer.get_mut(length as usize - 1) {
                *last = (code << (16 - length), table.steps.len() as u32);
            }
            code <<= 1;
        }
        Some((table, 16 + total))
    }

    /// Passes one code and its value; false where there is no such code.
    #[inline]
    pub(super) fn skip_one(&self, bits: &mut Bits<'_>) -> bool {
        self.step(bits).is_some()
    }

    /// Passes the 63 coefficients of a block; false where there is no such code.
    #[inline]
    pub(super) fn skip_block(&self, bits: &mut Bits<'_>) -> bool {
        let mut passed = 1_u32;
        while passed < 64 {
            match self.step(bits) {
                Some(step) => passed += u32::from(step.coefficients),
                None => return false,
            }
        }
        true
    }

    #[inline]
    fn step(&self, bits: &mut Bits<'_>) -> Option<Step> {
        bits.fill();
        let ahead = bits.peek16();
        let mut step = self
            .fast
            .get((ahead >> (16 - FAST_BITS)) as usize)
            .copied()
            .unwrap_or_default();
        if step.bits == 0 {
            step = self.slow(ahead)?;
        }
        bits.skip(u32::from(step.bits));
        Some(step)
    }

    #[cold]
    fn slow(&self, ahead: u32) -> Option<Step> {
        let found = (1..)
            .zip(&self.longer)
            .find(|(_, (after, _))| ahead < *after);
        let (length, (after, last)) = found?;
        let from_end = (after - 1 - ahead) >> (16 - length);
        let at = last.checked_sub(1 + from_end)?;
        self.steps.get(at as usize).copied()
    }
}

fn step(length: u32, symbol: u8, is_ac: bool) -> Step {
    let (run, size) = if is_ac {
        (symbol >> 4, symbol & 15)
    } else {
        (0, symbol & 15)
    };
    let coefficients = match (run, size) {
        // The end of the block; 16 zeros.
        (0, 0) => 64,
        (15, 0) => 16,
        // A run of zeros without a value belongs to progressive scans; decoders end the block at it.
        (_, 0) => 64,
        _ => run + 1,
    };
    Step {
        bits: length as u8 + size,
        coefficients,
    }
}

/// Entropy-coded data as bits, up to the first marker.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// The next bits, from the top.
    buffer: u64,
    held: u32,
    /// Bits of `held` that are made up, at its low end.
    made_up: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            buffer: 0,
            held: 0,
            made_up: 0,
        }
    }

    /// Holds 32 bits at least, which are a code and its value.
    #[inline]
    fn fill(&mut self) {
        if self.held >= 32 {
            return;
        }
        if let Some(four) = self.data.get(self.at..).and_then(<[u8]>::first_chunk::<4>)
            && !four.contains(&0xFF)
        {
            self.buffer |= u64::from(u32::from_be_bytes(*four)) << (32 - self.held);
            self.at += 4;
            self.held += 32;
            return;
        }
        self.fill_by_bytes();
    }

    fn fill_by_bytes(&mut self) {
        while self.held < 32 {
            let byte = match self.data.get(self.at..) {
                Some([0xFF, 0x00, ..]) => {
                    self.at += 2;
                    0xFF
                }
                Some([byte, ..]) if *byte != 0xFF => {
                    self.at += 1;
                    *byte
                }
                _ => {
                    self.made_up += 8;
                    0
                }
            };
            self.buffer |= u64::from(byte) << (56 - self.held);
            self.held += 8;
        }
    }

    #[inline]
    fn peek16(&self) -> u32 {
        (self.buffer >> 48) as u32
    }

    #[inline]
    fn skip(&mut self, bits: u32) {
        self.buffer <<= bits;
        self.held -= bits;
    }

    /// Whether bits were passed that are not there.
    #[inline]
    pub(super) fn overrun(&self) -> bool {
        self.made_up > self.held
    }

    /// Whether the data stop at a restart marker.
    pub(super) fn at_restart(&self) -> bool {
        let rest = self.data.get(self.at..).unwrap_or_default();
        let marker = rest.iter().find(|byte| **byte != 0xFF);
        matches!(marker, Some(0xD0..=0xD7))
    }

    /// Goes on after the next marker; false where that is no restart marker.
    pub(super) fn restart(&mut self) -> bool {
        // What the buffer holds lies before the marker: a marker is never read into it.
        loop {
            match self.data.get(self.at..) {
                Some([0xFF, 0x00, ..]) => self.at += 2,
                Some([0xFF, 0xFF, ..]) => self.at += 1,
                Some([0xFF, 0xD0..=0xD7, ..]) => break,
                Some([0xFF, ..] | []) | None => {
                    self.made_up = self.held + 1;
                    return false;
                }
                Some(_) => self.at += 1,
            }
        }
        *self = Self::new(self.data.get(self.at + 2..).unwrap_or_default());
        true
    }
}

#[cfg(test)]
mod tests;
