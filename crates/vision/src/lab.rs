//! CIE L\*a\*b\*, in which equal distances look about equally different.

use std::sync::OnceLock;

/// A colour of CIE 1976 L\*a\*b\* under D65: lightness 0 to 100, then green to red and blue to
/// yellow, about -110 to 110.
pub(crate) type Lab = [f32; 3];

/// Gives an sRGB colour in Lab (IEC 61966-2-1 for sRGB, CIE 15 for Lab).
pub(crate) fn lab_of(rgb: [f32; 3]) -> Lab {
    of_linear(rgb.map(linear))
}

/// Gives what [`lab_of`] gives for whole numbers.
pub(crate) fn lab_of_bytes(rgb: [u8; 3]) -> Lab {
    static LINEAR: OnceLock<[f32; 256]> = OnceLock::new();
    let table = LINEAR.get_or_init(|| std::array::from_fn(|v| linear(v as f32)));
    of_linear(rgb.map(|v| table[usize::from(v)]))
}

/// The light of a channel of sRGB, 0 to 1.
fn linear(v: f32) -> f32 {
    let v = v / 255.0;
    if v <= 0.04045 {
        v / 12.92
    } else {
        ((v + 0.055) / 1.055).powf(2.4)
    }
}

fn of_linear([r, g, b]: [f32; 3]) -> Lab {
    // Each row adds up to 1: XYZ as shares of white's.
    let x = 0.433_953 * r + 0.376_219 * g + 0.189_828 * b;
    let y = 0.212_671 * r + 0.715_160 * g + 0.072_169 * b;
    let z = 0.017_758 * r + 0.109_477 * g + 0.872_765 * b;
    let [x, y, z] = [x, y, z].map(|t| {
        if t > 216.0 / 24389.0 {
            t.cbrt()
        } else {
            (24389.0 / 27.0 * t + 16.0) / 116.0
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// Squared distance of two colours; 2.3² is about the least that people see.
pub(crate) fn squared_distance(a: Lab, b: Lab) -> f32 {
    a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_those_of_scikit_image() {
        let mut colors = 0;
        for (rgb, expected) in crate::descriptors::reference("lab") {
            let got = lab_of([rgb[0], rgb[1], rgb[2]].map(|v| v as f32));
            assert_eq!(got, lab_of_bytes([rgb[0], rgb[1], rgb[2]].map(|v| v as u8)));
            for (got, expected) in got.iter().zip(expected) {
                // Its white point has four digits.
                assert!(
                    (f64::from(*got) - expected).abs() < 0.02,
                    "{rgb:?}: {got}, not {expected}"
                );
            }
            colors += 1;
        }
        assert_eq!(colors, 7);
    }

    #[test]
    fn known_colors() {
        // From Bruce Lindbloom's calculator, sRGB, D65.
        for (rgb, expected) in [
            ([255.0, 255.0, 255.0], [100.0, 0.0, 0.0]),
            ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
            ([255.0, 0.0, 0.0], [53.24, 80.09, 67.2]),
            ([0.0, 255.0, 0.0], [87.73, -86.18, 83.18]),
            ([0.0, 0.0, 255.0], [32.3, 79.19, -107.86]),
        ] {
            let got = lab_of(rgb);
            assert!(
                squared_distance(got, expected) < 0.05,
                "{rgb:?}: {got:?}, not {expected:?}"
            );
        }
    }
}
