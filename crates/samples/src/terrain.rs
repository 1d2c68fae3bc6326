//! Draws a landscape from a height field: each column of the picture is walked from near to far, and
//! whatever rises above what was drawn before becomes visible (the "voxel space" method of 1992).

use crate::canvas::Canvas;
use crate::color::{Color, add, mix, scale};

/// Where the landscape is seen from; lengths are in the landscape's own units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    /// The eye's height.
    pub(crate) eye: f32,
    /// The horizon's row in pixels.
    pub(crate) horizon: f32,
    /// Distance of the picture plane in pixels: larger is more of a telephoto lens.
    pub(crate) focal: f32,
    /// Where the walk begins and ends, as distances from the eye.
    pub(crate) near: f32,
    /// The farthest distance drawn.
    pub(crate) far: f32,
    /// Growth of the step per step; smaller is finer.
    pub(crate) step: f32,
    /// Direction to the sun: right, up, away; of length one.
    pub(crate) sun: [f32; 3],
}

/// What a painter of ground is told about a spot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground {
    /// To the right of the eye.
    pub(crate) x: f32,
    /// Away from the eye.
    pub(crate) z: f32,
    /// Height.
    pub(crate) y: f32,
    /// The normal: right, up, away.
    pub(crate) normal: [f32; 3],
    /// Sunlight, 0 (in shadow or turned away) to 1.
    pub(crate) sunlight: f32,
}

/// Draws the landscape over the canvas; `height` gives its height at (right, away), `shade` its
/// colour. What lies above the landscape stays as it was.
pub(crate) fn draw(
    canvas: &mut Canvas,
    view: &View,
    height: impl Fn(f32, f32) -> f32,
    shade: impl Fn(&Ground) -> Color,
) {
    for column in 0..canvas.width {
        let slope = (column as f32 + 0.5 - canvas.w() * 0.5) / view.focal;
        let mut z = view.near;
        // The lowest row not yet drawn, and the row and colour of the last visible spot.
        let mut top = canvas.h();
        let mut last: Option<(f32, Color)> = None;
        // Colour and covered share of each row; spans of one column never overlap.
        let mut rows = vec![([0.0; 3], 0.0); canvas.height];
        while z < view.far && top > 0.0 {
            let x = slope * z;
            let y = height(x, z);
            let row = view.horizon - (y - view.eye) / z * view.focal;
            if row < top {
                let color = shade(&ground(view, &height, x, y, z));
                let (from_row, from) = last.unwrap_or((top, color));
                span(&mut rows, (row, top), |r| {
                    mix(from, color, (from_row - r) / (from_row - row).max(0.01))
                });
                top = row;
                last = Some((row, color));
            } else {
                // The next visible spot lies behind a crest and shares no colour with it.
                last = None;
            }
            z *= 1.0 + view.step;
        }
        for (row, (color, covered)) in rows.into_iter().enumerate() {
            if covered > 0.0 {
                canvas.blend(column, row, scale(color, 1.0 / covered), covered);
            }
        }
    }
}

fn ground(view: &View, height: &impl Fn(f32, f32) -> f32, x: f32, y: f32, z: f32) -> Ground {
    let reach = z * 0.006;
    let rise_x = (height(x + reach, z) - height(x - reach, z)) / (2.0 * reach);
    let rise_z = (height(x, z + reach) - height(x, z - reach)) / (2.0 * reach);
    let length = (rise_x * rise_x + rise_z * rise_z + 1.0).sqrt();
    let normal = [-rise_x / length, 1.0 / length, -rise_z / length];
    let facing: f32 = normal.iter().zip(view.sun).map(|(n, s)| n * s).sum();
    let mut sunlight = facing.clamp(0.0, 1.0);
    if sunlight > 0.0 {
        // A soft shadow: how nearly the ray to the sun touches the ground on its way.
        let (mut distance, mut open) = (0.08f32, 1.0f32);
        while distance < 4.0 {
            let [sx, sy, sz] = view.sun.map(|s| s * distance);
            let above = y + sy - height(x + sx, z + sz);
            open = open.min(0.5 + above / distance * 9.0);
            distance *= 1.45;
        }
        sunlight *= open.clamp(0.0, 1.0);
    }
    Ground {
        x,
        z,
        y,
        normal,
        sunlight,
    }
}

/// Covers the rows of a column from `top` to `bottom`, the first and the last by their share.
fn span(rows: &mut [(Color, f32)], (top, bottom): (f32, f32), color: impl Fn(f32) -> Color) {
    let top = top.max(0.0);
    for (row, (sum, covered)) in rows.iter_mut().enumerate().skip(top as usize) {
        let row = row as f32;
        if row >= bottom {
            break;
        }
        let share = (row + 1.0).min(bottom) - row.max(top);
        *sum = add(*sum, color(row + 0.5), share);
        *covered += share;
    }
}
