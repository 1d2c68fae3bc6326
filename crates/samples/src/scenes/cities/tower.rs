//! One tower: its body, its roof, its windows.

use crate::color::{Color, hex, mix, scale};
use crate::layer::{Layer, circle, curve, polygon, rect};
use crate::noise::Rng;

/// The colours of a city.
pub(super) struct Palette {
    /// Sky at the top.
    pub(super) high: Color,
    /// Sky above the roofs.
    pub(super) low: Color,
    /// The farthest towers.
    pub(super) far: Color,
    /// The nearest towers.
    pub(super) near: Color,
    /// Lit windows.
    pub(super) windows: &'static [u32],
    /// Signs.
    pub(super) signs: &'static [u32],
}

/// Adds a tower by its left foot and its size in pixels; `t` is 0 far away and 1 near.
pub(super) fn tower(
    layer: &mut Layer,
    rng: &mut Rng,
    p: &Palette,
    (x, foot): (f32, f32),
    (width, tall): (f32, f32),
    body: Color,
    t: f32,
) {
    let top = foot - tall;
    let block = |layer: &mut Layer, x: f32, top: f32, width: f32| {
        let shape = rect(x, top, width, foot - top);
        let light = mix(body, p.low, 0.28);
        let stops = [
            (0.0, light, 1.0),
            (0.55, body, 1.0),
            (1.0, scale(body, 0.8), 1.0),
        ];
        layer.fill_linear(&shape, (x, 0.0), (x + width, 0.0), &stops);
    };
    block(layer, x, top, width);
    let peak = match rng.int(0, 16) / 2 {
        0 => {
            let (inset, rise) = (width * 0.2, tall * 0.12);
            block(layer, x + inset, top - rise, width - 2.0 * inset);
            block(layer, x + width * 0.38, top - rise * 1.8, width * 0.24);
            top - rise * 1.8
        }
        1 => {
            let tip = top - width * rng.range(0.4, 0.9);
            layer.fill(
                &polygon(&[(x, top + 1.0), (x + width, tip), (x + width, top + 1.0)]),
                body,
                1.0,
            );
            tip
        }
        2 if t < 0.8 => {
            let tip = top - width * 0.9;
            let roof = [
                (x, top + 1.0),
                (x + width * 0.5, tip),
                (x + width, top + 1.0),
            ];
            layer.fill(&polygon(&roof), body, 1.0);
            tip
        }
        3 if t < 0.5 => {
            layer.fill(&circle(x + width * 0.5, top, width * 0.5), body, 1.0);
            top - width * 0.5
        }
        _ => top,
    };
    if rng.chance(0.3) {
        let tip = peak - tall * rng.range(0.06, 0.16);
        let x = x + width * 0.5;
        layer.stroke(&curve(&[(x, peak), (x, tip)]), 1.0 + t, body, 1.0);
        layer.fill(&circle(x, tip, 1.2 + t), hex(0xff4040), 0.9);
    }
    windows(layer, rng, p, (x, top), (width, tall), t);
    if t > 0.3 && rng.chance(0.16) {
        // Lines of light along the roof, or down an edge of the facade.
        let color = hex(rng.pick(p.signs));
        if rng.chance(0.6) {
            for line in 0..rng.int(1, 2) {
                let y = top + 1.0 + line as f32 * 5.0;
                layer.fill(&rect(x, y, width, 2.0), color, 1.0);
            }
        } else {
            let edge = if rng.chance(0.5) { x } else { x + width - 2.0 };
            layer.fill(
                &rect(edge, top, 2.0, tall * rng.range(0.4, 0.9)),
                color,
                0.9,
            );
        }
    }
}

fn windows(
    layer: &mut Layer,
    rng: &mut Rng,
    p: &Palette,
    (x, top): (f32, f32),
    (width, tall): (f32, f32),
    t: f32,
) {
    let pitch = (width / rng.int(7, 11) as f32).max(3.2);
    let floor = pitch * rng.range(1.1, 1.6);
    let lit = rng.range(0.18, 0.62);
    let main = hex(rng.pick(p.windows));
    let wide = rng.chance(0.25);
    let mut y = top + floor * 0.8;
    while y < top + tall - floor {
        let busy = if rng.chance(0.12) { 0.95 } else { lit };
        let mut wx = x + pitch * 0.5;
        while wx < x + width - pitch * 0.7 {
            if rng.chance(busy) {
                let color = if rng.chance(0.75) {
                    main
                } else {
                    hex(rng.pick(p.windows))
                };
                let glass = if wide { pitch } else { pitch * 0.58 };
                let alpha = rng.range(0.35, 1.0) * (0.38 + 0.62 * t);
                layer.fill(&rect(wx, y, glass, floor * 0.55), color, alpha);
            }
            wx += pitch;
        }
        y += floor;
    }
}
