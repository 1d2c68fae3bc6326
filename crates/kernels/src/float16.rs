//! 16-bit floats as they are stored: IEEE 754's half precision, and bfloat16. Nothing is computed in them; the kernels of
//! [`float32`](crate::float32) widen them in registers, which is exact.

#[cfg(test)]
mod tests;

/// Bits of a 32-bit float's fraction that neither kind has.
const CUT_BY_F16: u32 = 13;
const CUT_BY_BF16: u32 = 16;

/// A float of 16 bits as IEEE 754 defines it (binary16): 11 bits of precision, up to 65,504.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct F16(u16);

/// The upper half of a 32-bit float: 8 bits of precision, and the range of 32-bit floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct Bf16(u16);

impl F16 {
    /// Takes the bits of one.
    pub fn from_bits(bits: u16) -> F16 {
        F16(bits)
    }

    /// Gives its bits.
    pub fn to_bits(self) -> u16 {
        self.0
    }

    /// Gives the float nearest to a number, of two the even one. Beyond 65,519 that is infinity.
    pub fn from_f32(number: f32) -> F16 {
        let sign = (number.to_bits() >> 16) as u16 & 0x8000;
        let size = number.abs();
        if size.is_nan() {
            return F16(sign | 0x7e00);
        }
        // Times 2^-112, an exponent has the offset that it has in 16 bits.
        let bits = if size < 2.0f32.powi(-14) {
            // The smallest are multiples of 2^-24: adding a number whose last bit is worth that rounds to it.
            (size + 0.5).to_bits() - 0.5f32.to_bits()
        } else {
            let moved = size.to_bits().wrapping_sub(112 << 23);
            nearest(moved, CUT_BY_F16).min(0x7c00)
        };
        F16(sign | bits as u16)
    }

    /// Gives the same number in 32 bits.
    #[inline(always)]
    pub fn to_f32(self) -> f32 {
        let bits = u32::from(self.0);
        let size = (bits & 0x7fff) << CUT_BY_F16;
        let widened = if size >= 0x1f << 23 {
            // What is infinite or no number stays so.
            f32::from_bits(size | 0xff << 23)
        } else {
            f32::from_bits(size) * f32::from_bits((127 + 112) << 23)
        };
        f32::from_bits(widened.to_bits() | (bits & 0x8000) << 16)
    }
}

impl Bf16 {
    /// Takes the bits of one.
    pub fn from_bits(bits: u16) -> Bf16 {
        Bf16(bits)
    }

    /// Gives its bits.
    pub fn to_bits(self) -> u16 {
        self.0
    }

    /// Gives the float nearest to a number, of two the even one. The greatest numbers become infinity.
    pub fn from_f32(number: f32) -> Bf16 {
        let bits = number.to_bits();
        if number.is_nan() {
            return Bf16((bits >> 16) as u16 | 0x40);
        }
        let sign = (bits >> 16) as u16 & 0x8000;
        Bf16(sign | nearest(bits & !(1 << 31), CUT_BY_BF16) as u16)
    }

    /// Gives the same number in 32 bits.
    #[inline(always)]
    pub fn to_f32(self) -> f32 {
        f32::from_bits(u32::from(self.0) << CUT_BY_BF16)
    }
}

/// Cuts the last bits off, and rounds to the nearest, of two to the even one. What carries over raises the exponent.
fn nearest(bits: u32, cut: u32) -> u32 {
    let is_odd = bits >> cut & 1;
    (bits + (1 << (cut - 1)) - 1 + is_odd) >> cut
}
