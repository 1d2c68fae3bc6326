//! Numbers as files hold them.

use crate::archive::Number;

/// What a number is in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    F16,
    F32,
    F64,
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
}

/// The elements that are read, for errors.
pub(crate) const READ: &str =
    "floats of 16, 32 or 64 bits, or whole numbers of 8, 16 or 32 with a sign or without";

impl Element {
    /// Bytes of a number.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::F16 | Self::I16 | Self::U16 => 2,
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::F64 => 8,
        }
    }

    /// The kind of numbers.
    pub(crate) fn number(self) -> Number {
        match self {
            Self::F16 | Self::F32 => Number::F32,
            Self::F64 => Number::F64,
            Self::I8 | Self::U8 | Self::I16 | Self::U16 | Self::I32 | Self::U32 => Number::Whole,
        }
    }

    /// What a number may be, for errors.
    pub(crate) fn holds(self) -> &'static str {
        match self {
            Self::F16 => "floats of 16 bits",
            Self::F32 => "floats of 32 bits",
            Self::F64 => "floats of 64 bits",
            Self::I8 => "whole numbers of -128 to 127",
            Self::U8 => "whole numbers of 0 to 255",
            Self::I16 => "whole numbers of -32768 to 32767",
            Self::U16 => "whole numbers of 0 to 65535",
            Self::I32 => "whole numbers of -2147483648 to 2147483647",
            Self::U32 => "whole numbers of 0 to 4294967295",
        }
    }

    /// Reads the numbers of a row; every one of them is a 64-bit float, exactly.
    pub(crate) fn decode(self, bytes: &[u8], big_endian: bool) -> Vec<f64> {
        /// The numbers in `bytes`, each turned by one of two readers.
        macro_rules! numbers {
            ($number:ty) => {
                numbers(
                    bytes,
                    if big_endian {
                        <$number>::from_be_bytes
                    } else {
                        <$number>::from_le_bytes
                    },
                )
            };
        }
        match self {
            Self::F16 => numbers!(u16).map(half).collect(),
            Self::F32 => numbers!(f32).map(f64::from).collect(),
            Self::F64 => numbers!(f64).collect(),
            Self::I8 => numbers!(i8).map(f64::from).collect(),
            Self::U8 => numbers!(u8).map(f64::from).collect(),
            Self::I16 => numbers!(i16).map(f64::from).collect(),
            Self::U16 => numbers!(u16).map(f64::from).collect(),
            Self::I32 => numbers!(i32).map(f64::from).collect(),
            Self::U32 => numbers!(u32).map(f64::from).collect(),
        }
    }

    /// Adds a number's bytes, little-endian, rounded to as many bits as floats have; answers whether it can be held.
    pub(crate) fn encode(self, number: f64, out: &mut Vec<u8>) -> bool {
        /// Adds a whole number where it is one of the type.
        macro_rules! whole {
            ($whole:ty) => {{
                let cast = number as $whole;
                out.extend(cast.to_le_bytes());
                f64::from(cast) == number
            }};
        }
        match self {
            Self::F32 => out.extend((number as f32).to_le_bytes()),
            Self::F64 => out.extend(number.to_le_bytes()),
            Self::I8 => return whole!(i8),
            Self::U8 => return whole!(u8),
            Self::I16 => return whole!(i16),
            Self::U16 => return whole!(u16),
            Self::I32 => return whole!(i32),
            Self::U32 => return whole!(u32),
            // No format writes them.
            Self::F16 => return false,
        }
        true
    }
}

fn numbers<const N: usize, T>(
    bytes: &[u8],
    read: fn([u8; N]) -> T,
) -> impl Iterator<Item = T> + use<'_, N, T> {
    bytes.as_chunks().0.iter().copied().map(read)
}

/// A float of 16 bits: a sign, five bits of exponent, ten of fraction (IEEE 754 binary16).
fn half(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3ff);
    let size = match i32::from(bits >> 10 & 0x1f) {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}
