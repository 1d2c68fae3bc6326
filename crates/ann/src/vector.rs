//! Which vectors can be stored and asked for.

use crate::error::{Error, Result};
use kernels::{Isa, float32};

/// The greatest squared norm that a vector can have, 2¹²⁵. With it, no sum of any metric over two
/// vectors leaves the range of a float, so no similarity of sound rows is infinite or NaN.
pub const MAX_SQUARED_NORM: f32 = f32::from_bits((125 + 127) << 23);

/// Checks that a vector has the given length and that every similarity to it is a number.
pub(crate) fn check(vector: &[f32], dims: usize) -> Result<()> {
    if vector.len() != dims {
        return Err(Error::VectorDims {
            expected: dims,
            got: vector.len(),
        });
    }
    // One pass suffices: the sum is at most this only if every number is finite and none too large.
    let norm_squared = float32::dot(Isa::best(), vector, vector);
    if norm_squared <= MAX_SQUARED_NORM {
        return Ok(());
    }
    match vector
        .iter()
        .enumerate()
        .find(|(_, value)| !value.is_finite())
    {
        Some((position, value)) => Err(Error::NotFinite {
            position,
            value: *value,
        }),
        None => Err(Error::TooLarge {
            most: MAX_SQUARED_NORM,
            got: norm_squared,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernels::Metric;
    use kernels::float32::Probe;

    #[test]
    fn what_cannot_be_compared_is_refused_by_name() {
        check(&[1.0, -2.0], 2).unwrap();
        let message = |vector: &[f32]| check(vector, 2).unwrap_err().to_string();
        assert_eq!(message(&[1.0]), "expected a vector of 2 numbers, got 1");
        assert_eq!(
            message(&[1.0, f32::NAN]),
            "number 1 of the vector is NaN, which is not finite"
        );
        assert!(message(&[f32::NEG_INFINITY, 0.0]).starts_with("number 0 of the vector is -inf"));
        assert!(message(&[1e19, 0.0]).contains("squared norm"));
        assert!(message(&[1e30, 0.0]).contains("squared norm"));
    }

    #[test]
    fn the_largest_vectors_have_finite_similarities() {
        for dims in [1, 2, 512, 65_536] {
            // A little below the limit, because rounding may take the sum above it.
            let value = (MAX_SQUARED_NORM / dims as f32).sqrt() * 0.999;
            let (plus, minus) = (vec![value; dims], vec![-value; dims]);
            check(&plus, dims).unwrap();
            for isa in Isa::available() {
                for metric in Metric::ALL {
                    let probe = Probe::new(isa, metric, &plus);
                    assert!(probe.one_to_one(&plus).is_finite(), "{metric:?} of {dims}");
                    assert!(probe.one_to_one(&minus).is_finite(), "{metric:?} of {dims}");
                }
            }
        }
    }
}
