//! Mountains in mist: ridge behind ridge, each paler than the one before it.

use crate::canvas::Canvas;
use crate::color::{Color, add, hex, mix, ramp, scale, smooth, tint};
use crate::kind::{Kind, Look, Place};
use crate::layer::Layer;
use crate::noise::Rng;
use crate::scenery::{cloud, fir};
use crate::terrain::{self, View};

pub(super) const KIND: Kind = Kind {
    folder: "Mountains in mist",
    draw,
    looks: &[
        Look::new(
            "Blue ridges in morning mist",
            "Ridge behind ridge in the blue morning mist,",
            &["blue", "morning"],
        ),
        Look::new(
            "Mountain dawn in rose and gold",
            "The first sun turns the mist between the mountains to rose and gold,",
            &["dawn", "pink", "gold", "sunrise"],
        ),
        Look::new(
            "Green hills in fog",
            "Wooded green hills rise out of the fog,",
            &["green", "hills", "fog", "forest"],
        ),
        Look::new(
            "Purple mountains at dusk",
            "Purple mountains fade into the dusk,",
            &["purple", "dusk", "evening"],
        ),
        Look::new(
            "Grey peaks above the clouds",
            "Rugged peaks above a sea of clouds,",
            &["grey", "clouds", "peaks", "云海"],
        ),
    ],
    keywords: &[
        "mountains",
        "mist",
        "landscape",
        "ridges",
        "nature",
        "Berge",
        "Nebel",
        "山",
    ],
    places: &[
        Place::new("Blue Ridge Mountains, Virginia", 37.756, -79.313),
        Place::new("Huangshan, China", 30.132, 118.167),
        Place::new("Black Forest, Germany", 47.874, 8.005),
        Place::new("Dolomites, Italy", 46.540, 11.950),
    ],
};

/// Sky at the top, sky low down, sun, mist, nearest ridge.
fn palette(look: usize) -> [Color; 5] {
    match look {
        0 => [0x86aed2, 0xe3edf0, 0xfffaf0, 0xd3e2ea, 0x14324a],
        1 => [0x7f8fc4, 0xffd9b8, 0xfff0cc, 0xfbd3bd, 0x40284a],
        2 => [0xb4cdc9, 0xf0f3e4, 0xffffee, 0xdde8dc, 0x12382c],
        3 => [0x3d3f7c, 0xf0a9a4, 0xffe2c0, 0xcf9fb6, 0x1d1638],
        _ => [0x4a7ab8, 0xdce6ee, 0xfffaf0, 0xe4eaf2, 0x3a4450],
    }
    .map(hex)
}

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let [high, low, sun, mist, near] = palette(look);
    let (sun_x, sun_y) = (w * rng.range(0.2, 0.8), h * rng.range(0.16, 0.34));
    let (clouds, cover) = (rng.noise(), rng.range(0.0, 0.2));
    canvas.paint(|x, y, _| {
        let mut c = ramp(&[(0.0, high), (0.5, low), (1.0, low)], y / h);
        let away = ((x - sun_x).powi(2) + (y - sun_y).powi(2)).sqrt() / side;
        c = mix(
            c,
            sun,
            cloud(clouds, (x - w * 0.5) / h, 0.62 - y / h, cover) * 0.4,
        );
        c = add(c, sun, 0.2 * (-away * 4.0).exp());
        // Above the clouds the peaks are lit from behind the eye, so that no sun is seen.
        let disc = if look == 4 {
            0.0
        } else {
            1.0 - smooth(0.04, 0.046, away)
        };
        mix(c, [1.1, 1.08, 1.0], disc * 0.85)
    });

    if look == 4 {
        alps(canvas, rng, [low, mist, near, sun]);
        return;
    }
    let count = rng.int(6, 8);
    let rugged = rng.range(0.25, 0.85);
    for i in 0..count {
        let t = i as f32 / (count - 1) as f32;
        // Nearer ridges are darker, lower in the picture, and of coarser detail.
        let color = mix(mix(low, mist, 0.4), near, 0.16 + 0.84 * t.powf(1.35));
        let base = h * (0.42 + 0.52 * t.powf(1.15) + rng.range(-0.03, 0.03));
        let tall = h * (0.34 - 0.17 * t) * rng.range(0.7, 1.25);
        let shape = rng.noise();
        let (drift, zoom) = (rng.range(0.0, 50.0), (0.75 + t * 0.55) / side);
        let crest: Vec<f32> = (0..canvas.width)
            .map(|x| {
                let u = x as f32 * zoom;
                let soft = shape.fbm(u * 1.1 + drift, 3.0, 7) * 0.5 + 0.4;
                let sharp = shape.ridge(u * 0.9 + drift, 8.0, 7) * 1.3 - 0.45;
                base - tall * (soft + (sharp - soft) * rugged)
            })
            .collect();
        let (slope, veil) = (rng.noise(), rng.noise());
        let lit = mix(color, sun, 0.3);
        let depth = h * rng.range(0.13, 0.2);
        canvas.paint_box((0.0, 0.0), (w, h), |x, y, c| {
            let top = crest[x as usize];
            if y < top - 1.0 {
                return c;
            }
            let below = y - top;
            // Gullies run downhill, so the noise is stretched along the slope.
            let tilt = slope.fbm(x / side * 9.0 + below / side * 3.0, y / side * 5.0, 4);
            let toward = if x < sun_x { 1.0 } else { -1.0 };
            let side_light = (tilt * toward).max(0.0) * (0.35 + 0.4 * rugged) * (1.0 - 0.5 * t);
            let ground = mix(color, lit, side_light);
            let patch = veil.fbm(x / side * 2.2, y / side * 5.0 + t * 9.0, 4);
            let fog = smooth(0.1, 1.0, below / depth + patch * 0.4) * (0.92 - 0.5 * t);
            let glow = mix(
                mist,
                sun,
                (-(x - sun_x).abs() / w * 3.0).exp() * 0.4 * (1.0 - t),
            );
            mix(c, mix(ground, glow, fog), smooth(-0.8, 0.8, below))
        });
        if t > 0.45 {
            let nearness = (t - 0.45) / 0.55;
            let tall = h * (0.016 + 0.10 * nearness * nearness);
            trees(canvas, rng, &crest, color, tall);
        }
    }
    canvas.bloom(0.8, side * 0.04, 0.2);
    canvas.finish(0.22, 0.02, rng.noise());
}

/// Plants firs along a crest, thicker in some places than in others.
fn trees(canvas: &mut Canvas, rng: &mut Rng, crest: &[f32], color: Color, tall: f32) {
    let mut layer = Layer::new(canvas.width, canvas.height);
    let groves = rng.noise();
    let mut x = 0.0;
    while x < canvas.w() {
        let dense = groves.fbm(x / canvas.side() * 2.2, 0.5, 3) * 0.6 + 0.72;
        if let Some(top) = crest.get(x as usize)
            && rng.chance(dense)
        {
            let height = tall * rng.range(0.45, 1.05) * (0.5 + 0.55 * dense.clamp(0.2, 1.1));
            fir(&mut layer, rng, (x, top + height * 0.14), height, color);
        }
        x += tall * rng.range(0.05, 0.19);
    }
    canvas.over(&layer, 1.0);
}

/// Draws rugged snowy peaks above a sea of clouds, from a height field.
fn alps(canvas: &mut Canvas, rng: &mut Rng, [low, mist, near, sun]: [Color; 4]) {
    let (h, side) = (canvas.h(), canvas.side());
    let (shape, rough, billow) = (rng.noise(), rng.noise(), rng.noise());
    let (shift_x, shift_z) = (rng.range(-50.0, 50.0), rng.range(-50.0, 50.0));
    let height = |x: f32, z: f32| {
        let (u, v) = ((x + shift_x) * 0.21, (z + shift_z) * 0.21);
        let crest = shape.ridge(u + 0.1 * rough.at(u * 2.0, v * 2.0), v, 8);
        let massif = smooth(-0.5, 0.7, rough.at(u * 0.45, v * 0.45));
        crest.powf(1.6) * (1.0 + 1.9 * massif) * smooth(0.6, 4.0, z)
    };
    let (side_of, up) = (rng.sign() * rng.range(0.7, 0.85), rng.range(0.32, 0.45));
    let view = View {
        eye: rng.range(1.5, 1.9),
        horizon: h * rng.range(0.36, 0.44),
        focal: side * rng.range(1.0, 1.4),
        near: 1.0,
        far: 34.0,
        step: 0.0014,
        sun: [
            side_of,
            up,
            -(1.0 - side_of * side_of - up * up).max(0.0).sqrt(),
        ],
    };
    let rock = mix(near, hex(0x6a6258), 0.4);
    terrain::draw(canvas, &view, height, |g| {
        let (u, v) = (g.x + shift_x, g.z + shift_z);
        let grain = rough.fbm(u * 2.4, v * 2.4, 4);
        let snow = smooth(0.50, 0.66, g.normal[1] + grain * 0.14 + (g.y - 1.5) * 0.07);
        let bare = scale(rock, 0.8 + grain * 0.5);
        let day = mix(hex(0x7f9cc8), hex(0xfff2dc), g.sunlight * 1.3);
        let lit = tint(
            mix(bare, [1.0; 3], snow),
            scale(day, 0.55 + 0.6 * g.sunlight),
        );
        // Cloud fills the valleys; its surface billows.
        let level = 0.5 + 0.3 * billow.fbm(u * 0.5, v * 0.5, 4);
        let fog = smooth(level + 0.28, level - 0.22, g.y);
        let puff = billow.fbm(u * 1.3, v * 1.3, 5) + 0.25 * g.sunlight;
        let cloud = mix(hex(0x9fb4d0), mix(mist, sun, 0.7), smooth(-0.6, 0.35, puff));
        let air = 1.0 - (-g.z * 0.035).exp();
        mix(mix(lit, cloud, fog), mix(low, hex(0xb4c8e0), 0.5), air)
    });
    canvas.bloom(0.85, side * 0.03, 0.12);
    canvas.finish(0.22, 0.02, rng.noise());
}
