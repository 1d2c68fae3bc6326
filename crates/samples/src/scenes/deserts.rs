//! Deserts: dunes with sharp crests in low sunlight, drawn from a height field.

use crate::canvas::Canvas;
use crate::color::{Color, add, hex, mix, ramp, scale, smooth, tint};
use crate::kind::{Kind, Look, Place};
use crate::noise::{Noise, Rng};
use crate::scenery::{cloud, stars};
use crate::terrain::{self, View};

pub(super) const KIND: Kind = Kind {
    folder: "Deserts",
    draw,
    looks: &[
        Look::new(
            "Golden dunes under a blue sky",
            "Golden dunes and a clear blue sky,",
            &["golden", "blue", "yellow"],
        ),
        Look::new(
            "Red dunes in the evening",
            "Red sand in the low light of the evening,",
            &["red", "evening", "orange"],
        ),
        Look::new(
            "White dunes at sunrise",
            "Pale gypsum sand at sunrise,",
            &["white", "sunrise", "pale"],
        ),
        Look::new(
            "Desert night under the stars",
            "Moonlit dunes under a sky full of stars,",
            &["night", "stars", "blue", "moonlight"],
        ),
        Look::new(
            "Rose dunes at dusk",
            "The dunes turn rose and violet at dusk,",
            &["rose", "pink", "dusk", "violet"],
        ),
    ],
    keywords: &[
        "desert",
        "dunes",
        "sand",
        "landscape",
        "Wüste",
        "Dünen",
        "沙漠",
    ],
    places: &[
        Place::new("Sossusvlei, Namibia", -24.733, 15.292),
        Place::new("Erg Chebbi, Morocco", 31.153, -3.973),
        Place::new("White Sands, New Mexico", 32.787, -106.325),
        Place::new("Badain Jaran, China", 39.783, 102.417),
    ],
};

/// Sky at the top and at the horizon, sand in the sun, sand in the shade, sunlight.
fn palette(look: usize) -> [Color; 5] {
    match look {
        0 => [0x2a6ec4, 0xd6e6ea, 0xf6bf68, 0x8f5630, 0xfff0cc],
        1 => [0x4a6a9e, 0xffc58a, 0xe87a3c, 0x5a2430, 0xffe0b0],
        2 => [0x6f9fd8, 0xffdcc4, 0xf0e2d2, 0x7680a8, 0xffeccc],
        3 => [0x060c28, 0x3a5a92, 0x93abd8, 0x131f42, 0xd4e4ff],
        _ => [0x4a4a8e, 0xffb7a0, 0xeaa08e, 0x5c3f6c, 0xffd8c8],
    }
    .map(hex)
}

/// Returns the height of the sand: long waves with a gentle and a steep side that bend and fork.
fn dunes(noise: Noise, scale: f32, x: f32, z: f32) -> f32 {
    let (x, z) = (x * scale, z * scale);
    let bend = noise.at(x * 0.22, z * 0.22 + 70.0) * 1.5;
    let big = wave(z * 0.42 + x * 0.34 + bend + noise.at(x * 0.7, z * 0.7) * 0.22);
    let small = wave(z * 0.9 - x * 0.75 + bend * 1.4 + 3.1);
    let rise = 0.62 + 0.38 * noise.at(x * 0.13 + 31.0, z * 0.13);
    (big * rise + small * 0.22 * (1.0 - big)) * 0.95 / scale
}

/// One dune per unit: rises slowly, falls fast, smooth in the trough and sharp on the crest.
fn wave(phase: f32) -> f32 {
    let t = phase - phase.floor();
    let (gentle, steep) = (t / 0.66, (1.0 - t) / 0.34);
    // The smaller of the two, rounded where they meet: a knife's edge would flicker from column
    // to column.
    let apart = (gentle - steep).abs();
    let round = 0.5 * (0.09 - apart).max(0.0) / 0.09;
    let side = (gentle.min(steep) - round * round * 0.09).max(0.0);
    side * side * (1.6 - 0.6 * side)
}

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let (w, h) = (canvas.w(), canvas.h());
    let [high, low, lit, shade, light] = palette(look);
    let horizon = h * rng.range(0.36, 0.5);
    let (sky_noise, cover) = (rng.noise(), rng.range(-0.12, 0.08));
    canvas.paint(|x, y, _| {
        let up = (horizon - y) / horizon;
        let c = ramp(&[(0.0, low), (0.35, mix(low, high, 0.5)), (1.0, high)], up);
        let thick = cloud(sky_noise, (x - w * 0.5) / horizon * 0.5, up, cover);
        mix(
            c,
            mix(low, light, 0.5),
            thick * if look == 3 { 0.1 } else { 0.6 },
        )
    });
    if look == 3 {
        stars(canvas, rng, horizon * 1.3, (w * h / 900.0) as usize);
        milky_way(canvas, rng, horizon);
    }

    let (sand, ripples) = (rng.noise(), rng.noise());
    let zoom = rng.range(0.75, 1.25);
    let (shift_x, shift_z) = (rng.range(-40.0, 40.0), rng.range(-40.0, 40.0));
    // The sun grazes the gentle sides and fills the steep ones, whichever way the picture is turned.
    let turned = rng.sign();
    let height = |x: f32, z: f32| dunes(sand, zoom, x * turned + shift_x, z + shift_z);
    let peak = (0..40)
        .map(|i| height(0.0, i as f32 * 0.08))
        .fold(0.0f32, f32::max);
    let from = turned * rng.range(0.72, 0.84);
    let up = rng.range(0.34, 0.46);
    let away = (1.0 - from * from - up * up).max(0.0).sqrt();
    let view = View {
        eye: peak + rng.range(0.25, 0.55),
        horizon,
        focal: canvas.side() * rng.range(1.0, 1.35),
        near: 0.35,
        far: 40.0,
        step: 0.003,
        // The sun is at one side and a little behind the eye.
        sun: [from, up, -away],
    };
    terrain::draw(canvas, &view, height, |g| {
        // Wind ripples cross the slopes; they blur with distance.
        let (x, z) = (g.x * turned + shift_x, g.z + shift_z);
        let bend = ripples.at(x * 1.7, z * 1.7) * 2.0 + ripples.at(x * 5.0, z * 5.0) * 0.4;
        let close = (1.0 - g.z / 5.0).max(0.0);
        let ripple = ((z * 1.0 + x * 0.45) * 46.0 + bend * 3.0).sin() * close * 0.17;
        let sun = (g.sunlight * 1.6 + ripple * (0.3 + g.sunlight)).clamp(0.0, 1.25);
        let sky = tint(high, shade);
        let mut c = mix(add(shade, sky, 0.35 * g.normal[1]), lit, sun);
        c = add(c, light, 0.10 * smooth(0.75, 1.2, sun));
        let grain = ripples.fbm(x * 3.0, z * 3.0, 3) * 0.05;
        c = scale(c, 1.0 + grain);
        mix(
            c,
            mix(low, lit, 0.25),
            (1.0 - (-(g.z - 2.0).max(0.0) * 0.075).exp()).min(0.93),
        )
    });
    canvas.bloom(0.8, canvas.side() * 0.03, 0.16);
    canvas.finish(0.26, 0.022, rng.noise());
}

/// Draws a band of faint light across the sky.
fn milky_way(canvas: &mut Canvas, rng: &mut Rng, horizon: f32) {
    let (w, side) = (canvas.w(), canvas.side());
    let dust = rng.noise();
    let (foot, lean) = (w * rng.range(0.3, 0.7), rng.range(-0.8, 0.8));
    canvas.paint_box((0.0, 0.0), (w, horizon), |x, y, c| {
        let across = (x - foot - (horizon - y) * lean) / (side * 0.2);
        let n = dust.fbm(x / side * 6.0, y / side * 6.0, 5);
        let band = (-(across + n * 0.35).powi(2)).exp();
        let lane = smooth(-0.1, 0.5, n + 0.25 - (-across * across * 9.0).exp() * 0.3);
        let fade = smooth(0.0, 0.3, (horizon - y) / horizon);
        add(
            c,
            mix(hex(0x8a9ad8), hex(0xe8c8c0), band),
            band * (0.35 + 0.65 * lane) * fade * 0.3,
        )
    });
}
