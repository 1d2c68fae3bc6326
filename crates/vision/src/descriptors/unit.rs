//! Unit length.

/// Scales `values` to Euclidean length 1. A vector without length becomes the one whose components
/// are all equal, so that pictures in which there is nothing to see are alike, and no number is
/// ever undefined.
pub(super) fn to_unit(values: &mut [f32]) {
    let length = length(values);
    if length > SHORTEST {
        values.iter_mut().for_each(|v| *v /= length);
    } else {
        let even = 1.0 / (values.len() as f32).sqrt();
        values.fill(even);
    }
}

/// Scales `part` of a longer vector to the length `weight`; a part without length becomes zeros.
pub(super) fn to_length(part: &mut [f32], weight: f32) {
    let length = length(part);
    let factor = if length > SHORTEST {
        weight / length
    } else {
        0.0
    };
    part.iter_mut().for_each(|v| *v *= factor);
}

/// Takes the square root of each share, after which a dot product is the Bhattacharyya coefficient
/// and the Euclidean distance Hellinger's.
pub(super) fn to_square_roots(shares: &mut [f32]) {
    shares.iter_mut().for_each(|v| *v = v.max(0.0).sqrt());
}

/// Below this a length is rounding.
const SHORTEST: f32 = 1e-9;

fn length(values: &[f32]) -> f32 {
    values.iter().map(|v| v * v).sum::<f32>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_an_even_vector() {
        let mut values = [0.0; 16];
        to_unit(&mut values);
        assert_eq!(values, [0.25; 16]);
        let mut part = [0.0; 3];
        to_length(&mut part, 2.0);
        assert_eq!(part, [0.0; 3]);
    }

    #[test]
    fn lengths_are_as_asked() {
        let mut values = [3.0, -4.0];
        to_unit(&mut values);
        assert_eq!(values, [0.6, -0.8]);
        to_length(&mut values, 2.0);
        assert_eq!(values, [1.2, -1.6]);
    }
}
