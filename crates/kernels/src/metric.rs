//! What near means: the metrics, and the direction of a similarity.

/// How two vectors are compared.
///
/// Every metric is turned into a *similarity*, for which **greater is nearer**, whatever the
/// metric. A similarity is never NaN and never −0, so that equal rows tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Metric {
    /// The dot product; it is its own similarity and has no bounds.
    Dot,
    /// The squared Euclidean distance; the similarity is the distance negated, 0 at most.
    L2Squared,
    /// The sum of absolute differences; the similarity is the distance negated, 0 at most.
    L1,
    /// The cosine of the angle, −1 to 1; it is its own similarity. A vector whose squared norm
    /// is below the smallest normal number (about 1.2e-38) has no direction: its cosine is 0.
    Cosine,
}

impl Metric {
    /// Every metric.
    pub const ALL: [Metric; 4] = [Metric::Dot, Metric::L2Squared, Metric::L1, Metric::Cosine];

    /// Names the metric as messages do.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Dot => "dot",
            Metric::L2Squared => "l2_squared",
            Metric::L1 => "l1",
            Metric::Cosine => "cosine",
        }
    }
}

/// Turns a dot product into a similarity.
#[inline]
pub(crate) fn of_dot(dot: f32) -> f32 {
    ordered(dot)
}

/// Turns a distance, smaller = nearer, into a similarity.
#[inline]
pub(crate) fn of_distance(distance: f32) -> f32 {
    ordered(0.0 - distance)
}

/// Turns a dot product, 1 / norm of the query (0 without direction) and the row's squared norm
/// into the cosine.
#[inline]
pub(crate) fn of_cosine_parts(dot: f32, inverse_query_norm: f32, row_norm_squared: f32) -> f32 {
    let cosine = dot * inverse_query_norm * inverse_norm(row_norm_squared);
    // Rounding takes the cosine of parallel vectors past 1 by a few units in the last place.
    ordered(cosine.clamp(-1.0, 1.0))
}

/// Gives 1 / norm, or 0 for a vector without direction.
#[inline]
pub(crate) fn inverse_norm(norm_squared: f32) -> f32 {
    if norm_squared < f32::MIN_POSITIVE {
        0.0
    } else {
        norm_squared.sqrt().recip()
    }
}

/// Ranks NaN, which only damaged or overflowing rows give, behind everything, and makes −0 a 0.
#[inline]
fn ordered(similarity: f32) -> f32 {
    if similarity.is_nan() {
        f32::NEG_INFINITY
    } else {
        similarity + 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_similarity_is_never_nan_nor_minus_zero() {
        assert_eq!(of_dot(f32::NAN), f32::NEG_INFINITY);
        assert_eq!(of_distance(f32::NAN), f32::NEG_INFINITY);
        assert_eq!(of_cosine_parts(f32::NAN, 1.0, 1.0), f32::NEG_INFINITY);
        assert!(of_dot(-0.0).is_sign_positive());
        assert!(of_distance(0.0).is_sign_positive());
        assert!(of_cosine_parts(-0.0, 1.0, 1.0).is_sign_positive());
    }

    #[test]
    fn nearer_is_greater_and_no_direction_is_zero() {
        assert!(of_distance(1.0) > of_distance(2.0));
        assert_eq!(of_cosine_parts(2.0, 0.5, 1.0), 1.0);
        assert_eq!(of_cosine_parts(2.1, 0.5, 1.0), 1.0);
        assert_eq!(of_cosine_parts(3.0, 1.0, 1e-40), 0.0);
        assert_eq!(of_cosine_parts(3.0, inverse_norm(0.0), 1.0), 0.0);
    }
}
