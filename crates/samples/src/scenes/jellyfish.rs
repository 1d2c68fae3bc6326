//! Jellyfish: glowing bells with trailing arms in deep water.

use std::f32::consts::PI;

use crate::canvas::Canvas;
use crate::color::{Color, add, hex, mix, ramp, scale, smooth};
use crate::kind::{Kind, Look, Place};
use crate::layer::{Layer, curve};
use crate::noise::Rng;

pub(super) const KIND: Kind = Kind {
    folder: "Jellyfish",
    draw,
    looks: &[
        Look::new(
            "Pink jellyfish in blue water",
            "Pink jellyfish drift through blue water,",
            &["pink", "blue"],
        ),
        Look::new(
            "Orange sea nettle",
            "An orange sea nettle with long tentacles,",
            &["orange", "sea nettle", "Kompassqualle"],
        ),
        Look::new(
            "Moon jellies in turquoise light",
            "Pale moon jellies in turquoise light,",
            &["turquoise", "white", "moon jelly"],
        ),
        Look::new(
            "Violet jellyfish in the deep",
            "Violet jellyfish glow in the dark of the deep sea,",
            &["violet", "purple", "deep sea"],
        ),
    ],
    keywords: &[
        "jellyfish",
        "underwater",
        "sea",
        "animal",
        "aquarium",
        "Qualle",
        "水母",
    ],
    places: &[
        Place::new("Monterey Bay, California", 36.618, -121.902),
        Place::new("Kamo, Japan", 38.763, 139.725),
        Place::new("Genoa, Italy", 44.410, 8.926),
    ],
};

/// Water above and below, the bell, its rim, its arms.
fn palette(look: usize) -> [Color; 5] {
    match look {
        0 => [0x2f8fd8, 0x041848, 0xf59ac0, 0xffe0ee, 0xff86b8],
        1 => [0x1f6cc0, 0x041a58, 0xff8a2a, 0xffe2a0, 0xff9a3a],
        2 => [0x4fd0d0, 0x04384e, 0xb8ece8, 0xf4ffff, 0xd4fff4],
        _ => [0x33248c, 0x05031c, 0x9a6af0, 0xe8c8ff, 0xc070ff],
    }
    .map(hex)
}

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let [above, below, bell, rim, arms] = palette(look);
    let (water, rays) = (rng.noise(), rng.noise());
    let source = (w * rng.range(0.2, 0.8), -h * 0.5);
    canvas.paint(|x, y, _| {
        let n = water.fbm(x / side * 1.5, y / side * 1.5, 3) * 0.07;
        let c = ramp(
            &[(0.0, above), (0.45, mix(above, below, 0.62)), (1.0, below)],
            y / h + n,
        );
        let angle = (x - source.0).atan2(y - source.1);
        let ray = smooth(-0.1, 0.9, rays.fbm(angle * 13.0, 0.5, 3));
        add(c, above, ray * 0.55 * (1.0 - y / h).max(0.0).powf(1.3))
    });
    motes(canvas, rng, rim);

    let count = if look == 1 {
        rng.int(1, 2)
    } else {
        rng.int(3, 6)
    };
    let mut sizes: Vec<f32> = (0..count).map(|_| rng.range(0.04, 0.085)).collect();
    sizes.sort_by(f32::total_cmp);
    if let Some(nearest) = sizes.last_mut() {
        *nearest = rng.range(0.16, 0.22);
    }
    for (i, size) in sizes.iter().enumerate() {
        let nearest = i + 1 == sizes.len();
        // The nearest one has the stage; the others keep to the sides.
        let spread = if nearest { 0.1 } else { 0.4 };
        let x = w * (0.5 + rng.range(-spread, spread));
        let y = h * if nearest {
            rng.range(0.26, 0.38)
        } else {
            rng.range(0.12, 0.72)
        };
        let tilt = rng.range(-0.45, 0.45);
        let clear = 0.35 + 0.65 * smooth(0.03, 0.15, *size);
        let colors = [bell, rim, arms].map(|c| mix(mix(above, below, y / h), c, clear));
        jelly(canvas, rng, (x, y), size * side, tilt, colors);
    }
    canvas.bloom(0.55, side * 0.035, 0.35);
    canvas.finish(0.35, 0.024, rng.noise());
}

fn motes(canvas: &mut Canvas, rng: &mut Rng, color: Color) {
    let side = canvas.side();
    for _ in 0..140 {
        let (x, y) = (rng.range(0.0, canvas.w()), rng.range(0.0, canvas.h()));
        let near = rng.unit().powi(4);
        canvas.glow(
            x,
            y,
            side * (0.0025 + 0.018 * near),
            color,
            0.35 - 0.27 * near,
        );
    }
}

/// Draws one jellyfish of a radius in pixels; a positive tilt leans its top to the right.
fn jelly(
    canvas: &mut Canvas,
    rng: &mut Rng,
    (x, y): (f32, f32),
    radius: f32,
    tilt: f32,
    [bell, rim, arms]: [Color; 3],
) {
    let (sin, cos) = tilt.sin_cos();
    let place = |lx: f32, ly: f32| {
        (
            x + (lx * cos - ly * sin) * radius,
            y + (lx * sin + ly * cos) * radius,
        )
    };
    let lobes = rng.int(9, 15) as f32;
    let flat = rng.range(0.72, 0.95);

    let mut trails = Layer::new(canvas.width, canvas.height);
    let sway = rng.noise();
    let tentacles = rng.int(18, 30);
    for i in 0..tentacles {
        let start = (i as f32 + 0.5) / tentacles as f32 * 2.0 - 1.0;
        let long = rng.range(1.6, 3.6);
        let line: Vec<_> = (0..=16)
            .map(|k| {
                let t = k as f32 / 16.0;
                let drift = sway.fbm(start * 0.9 + 5.0, t * 2.0, 3) * 0.75 * t;
                place(start * 0.93 * (1.0 - 0.25 * t) + drift, 0.22 + t * long)
            })
            .collect();
        for part in line.windows(5).step_by(4).enumerate() {
            let fade = 1.0 - part.0 as f32 / 4.0;
            let alpha = (0.15 + 0.5 * fade) * rng.range(0.5, 1.0);
            trails.stroke(&curve(part.1), radius * (0.008 + 0.012 * fade), arms, alpha);
        }
    }
    canvas.screen(&trails, 0.85);
    oral_arms(canvas, rng, &place, radius, [bell, arms]);

    let reach = radius * 1.35;
    canvas.glow(x, y, radius * 2.6, bell, 0.22);
    let mottle = rng.noise();
    // Warm colours would turn grey in blue water, so a warm bell is less transparent.
    let solid = if bell[0] > bell[2] { 0.66 } else { 0.42 };
    canvas.paint_box(
        (x - reach, y - reach),
        (x + reach, y + reach),
        |px, py, c| {
            let (dx, dy) = ((px - x) / radius, (py - y) / radius);
            let (lx, ly) = (dx * cos + dy * sin, -dx * sin + dy * cos);
            // Above: a dome. Below: a shallow bowl whose edge hangs in lobes.
            let around = lx.clamp(-1.0, 1.0).asin();
            let lobe = 0.045 * (around * lobes).cos().abs();
            let tall = if ly < 0.0 { flat } else { 0.30 + lobe };
            let d = (lx * lx + (ly / tall).powi(2)).sqrt();
            let inside = 1.0 - smooth(1.0 - 1.6 / radius, 1.0 + 0.8 / radius, d);
            if inside <= 0.0 {
                return c;
            }
            let edge = smooth(0.55, 1.0, d).powi(2);
            let height = (-ly / flat).clamp(0.0, 1.0);
            let down = (1.0 - height).max(0.05);
            let rib = 0.5
                + 0.5
                    * ((lx / (1.0 - height * height).max(0.04).sqrt())
                        .clamp(-1.0, 1.0)
                        .asin()
                        * lobes
                        * 2.0)
                        .cos();
            let spots = mottle.fbm(lx * 4.0, ly * 4.0, 4);
            let body = solid + 0.16 * spots + 0.12 * rib * down;
            let shine = (-((lx + 0.3).powi(2) + (ly + 0.52 * flat).powi(2)) * 11.0).exp();
            let skin = mix(bell, rim, (edge * 0.75 + shine * 0.7).clamp(0.0, 1.0));
            let shaded = scale(skin, 0.78 + 0.34 * height);
            let organ = (-(lx * lx * 7.0 + (ly + 0.12).powi(2) * 20.0)).exp();
            let glowing = add(shaded, arms, organ * 0.32);
            mix(
                c,
                glowing,
                inside * (body + edge * 0.5 + shine * 0.35).clamp(0.0, 0.96),
            )
        },
    );
}

/// Draws the frilled arms in the middle as overlapping translucent ribbons.
fn oral_arms(
    canvas: &mut Canvas,
    rng: &mut Rng,
    place: &impl Fn(f32, f32) -> (f32, f32),
    radius: f32,
    [bell, arms]: [Color; 2],
) {
    let mut layer = Layer::new(canvas.width, canvas.height);
    let count = rng.int(5, 7);
    for i in 0..count {
        let start = ((i as f32 + 0.5) / count as f32 - 0.5) * 0.75;
        let (long, wave) = (rng.range(1.5, 2.7), rng.noise());
        let steps = 190;
        for k in 0..steps {
            let t = k as f32 / steps as f32;
            let sway = wave.fbm(t * 2.2, 1.0, 2) * 0.5 * t + start * (1.0 - 0.4 * t);
            let frill = (t * 46.0 + i as f32).sin() * 0.07 + wave.at(t * 24.0, 4.0) * 0.1;
            let half = (0.11 + 0.05 * wave.at(t * 6.0, 9.0))
                * (1.0 - t).powf(0.6)
                * (t * PI).sin().powf(0.25);
            let at = |side: f32| place(sway + side * half + frill * half * 6.0, 0.15 + t * long);
            let color = mix(arms, bell, t);
            layer.stroke(
                &curve(&[at(-1.0), at(1.0)]),
                radius * 0.05,
                color,
                0.085 * (1.0 - t * 0.6),
            );
        }
    }
    canvas.screen(&layer, 0.9);
}
