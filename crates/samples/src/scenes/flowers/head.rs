//! A flower head: rows of petals around a heart.

use std::f32::consts::{PI, TAU};

use crate::color::{Color, mix, scale};
use crate::layer::{Layer, blob, circle, curve, ellipse};
use crate::noise::Rng;

/// How one species is built.
pub(super) struct Species {
    /// Petals in each row.
    pub(super) petals: i32,
    /// Rows of petals.
    pub(super) rows: i32,
    /// Width of a petal in lengths of it.
    pub(super) wide: f32,
    /// 0 for a round tip, 1 for a pointed one.
    pub(super) pointed: f32,
    /// Radius of the heart in radii of the head.
    pub(super) heart: f32,
    /// The petal at its root, in its middle and at its tip.
    pub(super) petal: [Color; 3],
    /// The heart, lit and in shade.
    pub(super) hearts: [Color; 2],
    /// The garden behind: upper part, lower part, lights.
    pub(super) garden: [Color; 3],
}

/// Draws a flower head of a radius in pixels; `vague` leaves out detail that a blur would hide.
pub(super) fn head(
    layer: &mut Layer,
    rng: &mut Rng,
    s: &Species,
    at: (f32, f32),
    radius: f32,
    vague: f32,
) {
    let (turn, squash) = (rng.range(0.0, TAU), rng.range(0.72, 0.98));
    let nod = rng.range(-0.35, 0.35);
    for row in 0..s.rows {
        let long = radius * (1.0 - 0.12 * row as f32);
        let offset = turn + row as f32 * PI / s.petals as f32;
        // Petals overlap in no order of the circle, as grown ones do.
        let mut order: Vec<i32> = (0..s.petals).collect();
        for i in (1..order.len()).rev() {
            order.swap(i, rng.int(0, i as i32) as usize);
        }
        for i in order {
            let angle = offset + i as f32 / s.petals as f32 * TAU + rng.range(-0.05, 0.05);
            let shade =
                0.9 + 0.1 * row as f32 - 0.1 * angle.sin().max(0.0) + rng.range(-0.06, 0.05);
            let long = long * rng.range(0.92, 1.05);
            petal(layer, rng, s, at, (angle, nod, squash), long, shade, vague);
        }
    }
    heart(layer, rng, s, at, radius * s.heart, squash, vague);
}

#[expect(
    clippy::too_many_arguments,
    reason = "a petal is a head's loop body with a name"
)]
fn petal(
    layer: &mut Layer,
    rng: &mut Rng,
    s: &Species,
    (x, y): (f32, f32),
    (angle, nod, squash): (f32, f32, f32),
    long: f32,
    shade: f32,
    vague: f32,
) {
    let (sin, cos) = angle.sin_cos();
    let (nod_sin, nod_cos) = nod.sin_cos();
    // Along and across the petal, then the head seen from the side, then the head's nod.
    let place = |along: f32, across: f32| {
        let (px, py) = (
            (along * cos - across * sin) * long,
            (along * sin + across * cos) * long * squash,
        );
        (
            x + px * nod_cos - py * nod_sin,
            y + px * nod_sin + py * nod_cos,
        )
    };
    let half = s.wide * 0.5;
    let tip = 1.0 - 0.55 * s.pointed.max(0.0);
    let notch = if s.pointed < 0.0 { 0.95 } else { 1.0 };
    let mut wobble = || rng.range(0.93, 1.07);
    let outline = [
        place(0.04, 0.0),
        place(0.3, half * 0.6 * wobble()),
        place(0.62, half * wobble()),
        place(0.88, half * 0.72 * tip * wobble()),
        place(0.985, half * 0.28 * tip),
        place(notch, 0.0),
        place(0.985, -half * 0.28 * tip),
        place(0.88, -half * 0.72 * tip * wobble()),
        place(0.62, -half * wobble()),
        place(0.3, -half * 0.6 * wobble()),
    ];
    let shape = blob(&outline);
    let [root, middle, end] = s.petal.map(|c| scale(c, shade));
    // A shadow on the petals beneath.
    let shadow: Vec<_> = outline
        .iter()
        .map(|&(px, py)| (px + long * 0.014, py + long * 0.022))
        .collect();
    layer.fill(&blob(&shadow), scale(s.petal[0], 0.35), 0.2);
    let stops = [
        (0.0, root, 1.0),
        (0.12 + s.heart * 0.6, root, 1.0),
        (0.6, middle, 1.0),
        (1.0, end, 1.0),
    ];
    layer.fill_radial(&shape, (x, y), long, &stops);
    if vague > 0.0 {
        return;
    }
    let veins = if s.wide > 0.8 { 15 } else { 5 };
    for i in 0..veins {
        let across = ((i as f32 + 0.5) / veins as f32 * 2.0 - 1.0) * half * 0.85;
        let line = [
            place(0.12, across * 0.25),
            place(0.5, across * 0.9),
            place(0.92, across * 0.8 * tip),
        ];
        let (color, alpha) = if i % 2 == 0 {
            (scale(root, 0.85), 0.2)
        } else {
            (mix(end, [1.0; 3], 0.5), 0.28)
        };
        layer.stroke(&curve(&line), long * 0.008, color, alpha);
    }
    // Light along one edge gives the petal its curl.
    layer.stroke(
        &curve(&outline[1..5]),
        long * 0.012,
        mix(end, [1.0; 3], 0.6),
        0.4,
    );
    layer.stroke(
        &curve(&outline[6..10]),
        long * 0.012,
        scale(middle, 0.7),
        0.3,
    );
}

/// Draws the heart: florets on the spiral of the golden angle (Vogel, 1979), stamens around.
fn heart(
    layer: &mut Layer,
    rng: &mut Rng,
    s: &Species,
    (x, y): (f32, f32),
    radius: f32,
    squash: f32,
    vague: f32,
) {
    let [bright, dark] = s.hearts;
    let disc = ellipse((x, y), radius, radius * squash, 0.0);
    layer.fill(
        &ellipse(
            (x, y + radius * 0.1),
            radius * 1.12,
            radius * 1.12 * squash,
            0.0,
        ),
        scale(dark, 0.4),
        0.3,
    );
    layer.fill_radial(
        &disc,
        (x - radius * 0.2, y - radius * 0.25),
        radius * 1.3,
        &[(0.0, bright, 1.0), (1.0, dark, 1.0)],
    );
    if vague > 0.0 {
        return;
    }
    let florets = (s.heart * 900.0) as i32;
    for i in 0..florets {
        let t = (i as f32 + 0.5) / florets as f32;
        let (sin, cos) = (i as f32 * 2.399_963).sin_cos();
        let d = radius * 0.96 * t.sqrt();
        let size = radius * 0.062 * (0.7 + 0.5 * t);
        let (fx, fy) = (x + cos * d, y + sin * d * squash);
        let light = 0.5 - 0.35 * (cos + sin) * t.sqrt() + rng.range(-0.15, 0.15);
        layer.fill(
            &circle(fx + size * 0.3, fy + size * 0.4, size),
            scale(dark, 0.45),
            0.6,
        );
        layer.fill(
            &circle(fx, fy, size),
            mix(dark, mix(bright, [1.0, 0.95, 0.7], 0.15), light),
            0.95,
        );
    }
    for _ in 0..(if s.wide > 0.45 { 60 } else { 0 }) {
        let (sin, cos) = rng.range(0.0, TAU).sin_cos();
        let d = radius * rng.range(1.1, 1.9);
        let tip = (x + cos * d, y + sin * d * squash);
        layer.stroke(
            &curve(&[
                (x + cos * radius * 0.8, y + sin * radius * 0.8 * squash),
                tip,
            ]),
            radius * 0.035,
            dark,
            0.7,
        );
        layer.fill(&circle(tip.0, tip.1, radius * 0.085), bright, 0.95);
    }
}
