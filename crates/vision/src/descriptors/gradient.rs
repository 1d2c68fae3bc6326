//! Brightness gradients: how steep a picture is at a pixel, and which way.

/// The gradient at one pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gradient {
    /// Length of the gradient, in units of brightness over the distance that was differenced.
    pub(super) magnitude: f32,
    /// Direction as a share of half a turn, 0 to 1 (1 excluded): 0 points along the rows, 0.5 down
    /// the columns. Opposite directions are the same, so that a dark thing before a light ground
    /// equals a light thing before a dark one.
    pub(super) orientation: f32,
}

impl Gradient {
    /// Makes a gradient of its two differences.
    pub(super) fn new(dx: f32, dy: f32) -> Self {
        Self {
            magnitude: (dx * dx + dy * dy).sqrt(),
            orientation: orientation(dx, dy, f32::MIN_POSITIVE),
        }
    }

    /// Splits the gradient between the two of `bins` orientation bins that are nearest: `[(bin,
    /// share of magnitude)]`.
    pub(super) fn votes(self, bins: usize) -> [(usize, f32); 2] {
        let position = self.orientation * bins as f32;
        let low = (position as usize).min(bins - 1);
        let beyond = position - low as f32;
        [
            (low, self.magnitude * (1.0 - beyond)),
            ((low + 1) % bins, self.magnitude * beyond),
        ]
    }
}

/// Angle of (`dx`, `dy`) as a share of half a turn; 0 where neither is as far from 0 as `least`.
///
/// The arc tangent is a polynomial (Abramowitz & Stegun 1964, 4.4.49; error below 1e-5 of a
/// radian), because the one of the platform's mathematics library differs between platforms and
/// costs more than the rest of a descriptor.
#[inline(always)]
pub(super) fn orientation(dx: f32, dy: f32, least: f32) -> f32 {
    let (x, y) = (dx.abs(), dy.abs());
    let (low, high) = if x < y { (x, y) } else { (y, x) };
    let t = if high < least { 0.0 } else { low / high };
    let s = t * t;
    let octant =
        t * (0.999_866 + s * (-0.330_299_5 + s * (0.180_141 + s * (-0.085_133 + s * 0.020_835_1))));
    let share = octant / std::f32::consts::PI;
    let quadrant = if x < y { 0.5 - share } else { share };
    let turned = if (dx < 0.0) == (dy < 0.0) {
        quadrant
    } else {
        1.0 - quadrant
    };
    if turned >= 1.0 || high < least {
        0.0
    } else {
        turned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orientation_agrees_with_atan2() {
        for i in 0..720 {
            let angle = f64::from(i) * std::f64::consts::PI / 360.0 + 1e-3;
            let got = orientation(angle.cos() as f32 * 7.0, angle.sin() as f32 * 7.0, 1e-3);
            let expected = (angle / std::f64::consts::PI).rem_euclid(1.0);
            let apart = (f64::from(got) - expected).abs();
            assert!(
                apart.min(1.0 - apart) < 2e-5,
                "{angle}: {got}, not {expected}"
            );
        }
        assert_eq!(orientation(0.0, 0.0, 1.0), 0.0);
        assert_eq!(orientation(-3.0, 0.0, 1.0), 0.0);
        assert_eq!(orientation(3.0, -0.0, 1.0), 0.0);
        assert_eq!(orientation(0.0, -2.0, 1.0), 0.5);
    }

    #[test]
    fn votes_share_the_magnitude() {
        for (dx, dy) in [(1.0, 0.0), (1.0, 0.3), (-2.0, 0.001), (0.0, 4.0)] {
            let gradient = Gradient::new(dx, dy);
            let [(low, a), (high, b)] = gradient.votes(9);
            assert!(low < 9 && high == (low + 1) % 9);
            assert!((a + b - gradient.magnitude).abs() < 1e-6);
        }
    }
}
