//! The functions of score scripts that are no vector functions.

use super::{Body, Method, argument, double, int, wrong_type};
use crate::types::{Class, Type};
use crate::value::Value;

const D: Type = Type::Double;

/// Elasticsearch binds them to the script; the class is never looked at.
const CLASS: Class = Class::Math;

const FUNCTIONS: &[Method] = &[
    Method {
        class: CLASS,
        name: "saturation",
        parameters: &[D, D],
        returns: D,
        body: Body::Math2(saturation),
    },
    Method::fixed(CLASS, "sigmoid", &[D, D, D], D, |_, arguments| {
        let (value, k, a) = (
            double(arguments, 0),
            double(arguments, 1),
            double(arguments, 2),
        );
        Ok(Value::Double(sigmoid(value, k, a)))
    }),
    Method::fixed(
        CLASS,
        "decayNumericLinear",
        &[D, D, D, D, D],
        D,
        |_, arguments| {
            let (scale, decay, distance) = numeric(arguments);
            let reach = scale / (1.0 - decay);
            Ok(Value::Double(((reach - distance) / reach).max(0.0)))
        },
    ),
    Method::fixed(
        CLASS,
        "decayNumericExp",
        &[D, D, D, D, D],
        D,
        |_, arguments| {
            let (scale, decay, distance) = numeric(arguments);
            Ok(Value::Double((decay.ln() / scale * distance).exp()))
        },
    ),
    Method::fixed(
        CLASS,
        "decayNumericGauss",
        &[D, D, D, D, D],
        D,
        |_, arguments| {
            let (scale, decay, distance) = numeric(arguments);
            let spread = 0.5 * scale * scale / decay.ln();
            Ok(Value::Double((0.5 * distance * distance / spread).exp()))
        },
    ),
    Method::fixed(
        CLASS,
        "randomScore",
        &[Type::Int, Type::Def],
        D,
        |_, arguments| {
            let value = argument(arguments, 1);
            let text = match value {
                Value::Null => return Err(wrong_type(value, "java.lang.String")),
                value => value.to_string(),
            };
            let hash = murmur3(text.as_bytes(), int(arguments, 0).cast_unsigned());
            Ok(Value::Double(
                f64::from(hash & 0x00FF_FFFF) / f64::from(1 << 24),
            ))
        },
    ),
];

/// Finds a function of score scripts.
pub(crate) fn context_function(name: &str, arity: usize) -> Option<&'static Method> {
    FUNCTIONS.iter().find(|method| method.has(name, arity))
}

/// `value / (k + value)`.
fn saturation(value: f64, k: f64) -> f64 {
    value / (k + value)
}

/// `value^a / (k^a + value^a)`.
fn sigmoid(value: f64, k: f64, a: f64) -> f64 {
    value.powf(a) / (k.powf(a) + value.powf(a))
}

/// Scale, decay, and how far the value is from the origin beyond the offset: (origin, scale, offset, decay, value).
fn numeric(arguments: &[Value]) -> (f64, f64, f64) {
    let (origin, scale) = (double(arguments, 0), double(arguments, 1));
    let (offset, decay) = (double(arguments, 2), double(arguments, 3));
    let distance = ((double(arguments, 4) - origin).abs() - offset).max(0.0);
    (scale, decay, distance)
}

/// MurmurHash3 of 32 bits, which Elasticsearch uses for random scores.
fn murmur3(bytes: &[u8], seed: u32) -> u32 {
    let mix = |block: u32| {
        block
            .wrapping_mul(0xcc9e_2d51)
            .rotate_left(15)
            .wrapping_mul(0x1b87_3593)
    };
    let mut hash = seed;
    let (blocks, rest) = bytes.as_chunks::<4>();
    for block in blocks {
        hash ^= mix(u32::from_le_bytes(*block));
        hash = hash
            .rotate_left(13)
            .wrapping_mul(5)
            .wrapping_add(0xe654_6b64);
    }
    if !rest.is_empty() {
        let tail = rest
            .iter()
            .rev()
            .fold(0_u32, |tail, byte| tail << 8 | u32::from(*byte));
        hash ^= mix(tail);
    }
    hash ^= bytes.len() as u32;
    hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    hash ^ hash >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_murmurs() {
        assert_eq!(murmur3(b"", 0), 0);
        assert_eq!(murmur3(b"", 1), 0x514E_28B7);
        assert_eq!(murmur3(b"hello", 0), 0x248b_fa47);
        assert_eq!(murmur3(b"test", 0), 0xba6b_d213);
    }

    #[test]
    fn functions_have_their_known_points() {
        assert_eq!(saturation(1.0, 1.0), 0.5);
        assert_eq!(sigmoid(2.0, 2.0, 3.0), 0.5);
        assert!((sigmoid(1.0, std::f64::consts::E, -2.0) - 0.880_797_077_977_882_3).abs() < 1e-12);
    }
}
