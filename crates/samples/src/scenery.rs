//! What several scenes have in common: stars, clouds, firs, blurred lights.

use crate::canvas::Canvas;
use crate::color::{Color, mix, smooth};
use crate::layer::{Layer, polygon};
use crate::noise::{Noise, Rng};

/// Sprinkles stars over the part of the sky above row `bottom`: most of them faint, a few bright.
pub(crate) fn stars(canvas: &mut Canvas, rng: &mut Rng, bottom: f32, count: usize) {
    let side = canvas.side();
    for _ in 0..count {
        let (x, y) = (rng.range(0.0, canvas.w()), rng.range(0.0, bottom));
        let fade = 1.0 - smooth(0.55, 1.0, y / bottom) * 0.9;
        let strength = rng.unit().powi(6);
        let color = mix([0.75, 0.85, 1.0], [1.0, 0.88, 0.75], rng.unit());
        canvas.glow(
            x,
            y,
            side * (0.0016 + 0.0022 * strength),
            color,
            fade * (0.25 + strength),
        );
        if strength > 0.6 {
            canvas.glow(x, y, side * 0.012 * strength, color, 0.22 * fade);
        }
    }
}

/// Returns how thick a flat layer of clouds is, 0..1, in the direction that is `right` of the middle
/// and `up` above the horizon (both in heights of the sky): clouds shrink towards the horizon.
pub(crate) fn cloud(noise: Noise, right: f32, up: f32, cover: f32) -> f32 {
    let distance = 1.0 / (up.max(0.0) + 0.09);
    let (x, z) = (right * distance * 0.9, distance * 1.5);
    let bend = noise.at(x * 0.5 + 40.0, z * 0.5) * 0.6;
    smooth(
        0.35 - cover,
        1.0 - cover,
        noise.fbm(x + bend, z * 1.3, 5) * 0.5 + 0.5,
    )
}

/// Adds a fir tree to a layer: its foot, its height in pixels, its colour.
pub(crate) fn fir(
    layer: &mut Layer,
    rng: &mut Rng,
    (x, foot): (f32, f32),
    height: f32,
    color: Color,
) {
    let tiers = (height / 6.0).clamp(5.0, 16.0) as i32;
    let half = height * rng.range(0.17, 0.24);
    let mut left = Vec::new();
    let mut right = Vec::new();
    for tier in 0..tiers {
        let t = (tier as f32 + 1.0) / tiers as f32;
        let y = foot - height * (1.0 - t * 0.94);
        let reach = half * t.powf(0.85);
        let step = height * 0.94 / tiers as f32;
        for (side, sign) in [(&mut left, -1.0), (&mut right, 1.0)] {
            let jitter = rng.range(0.78, 1.12);
            side.push((x + sign * reach * jitter, y + step * rng.range(0.0, 0.35)));
            side.push((x + sign * reach * 0.5 * jitter, y - step * 0.12));
        }
    }
    let mut outline = vec![(x, foot - height)];
    outline.extend(right);
    outline.push((x + height * 0.018, foot - height * 0.05));
    outline.push((x + height * 0.018, foot + height * 0.03));
    outline.push((x - height * 0.018, foot + height * 0.03));
    outline.push((x - height * 0.018, foot - height * 0.05));
    outline.extend(left.into_iter().rev());
    layer.fill(&polygon(&outline), color, 1.0);
}

/// Adds round out-of-focus lights between two rows.
pub(crate) fn bokeh(
    canvas: &mut Canvas,
    rng: &mut Rng,
    (top, bottom): (f32, f32),
    colors: &[Color],
    count: usize,
) {
    let side = canvas.side();
    for _ in 0..count {
        let (x, y) = (rng.range(0.0, canvas.w()), rng.range(top, bottom));
        let radius = side * rng.range(0.015, 0.075);
        let (color, by) = (rng.pick(colors), rng.range(0.05, 0.28));
        canvas.paint_box(
            (x - radius, y - radius),
            (x + radius, y + radius),
            |px, py, c| {
                let d = ((px - x).powi(2) + (py - y).powi(2)).sqrt() / radius;
                // A lens draws such a light as a disc with a slightly brighter rim.
                let disc = (1.0 - smooth(0.9, 1.0, d)) * (0.75 + 0.25 * smooth(0.6, 0.95, d));
                mix(
                    c,
                    [
                        1.0 - (1.0 - c[0]) * (1.0 - color[0]),
                        1.0 - (1.0 - c[1]) * (1.0 - color[1]),
                        1.0 - (1.0 - c[2]) * (1.0 - color[2]),
                    ],
                    by * disc,
                )
            },
        );
    }
}
