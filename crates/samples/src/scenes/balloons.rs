//! Hot-air balloons over hills in the morning.

use std::f32::consts::PI;

use crate::canvas::Canvas;
use crate::color::{Color, add, hex, mix, ramp, scale, smooth, tint};
use crate::kind::{Kind, Look, Place};
use crate::layer::{Layer, curve, polygon};
use crate::noise::Rng;
use crate::scenery::cloud;
use crate::terrain::{self, View};

pub(super) const KIND: Kind = Kind {
    folder: "Hot-air balloons",
    draw,
    looks: &[
        Look::new(
            "Balloons in the morning sky",
            "Colourful balloons rise into the morning sky,",
            &["morning", "colourful"],
        ),
        Look::new(
            "Balloons at golden hour",
            "Balloons drift through golden light,",
            &["golden hour", "orange", "evening"],
        ),
        Look::new(
            "Balloons on a clear blue day",
            "Balloons and small clouds on a clear blue day,",
            &["blue", "summer"],
        ),
        Look::new(
            "Balloons over rose valleys",
            "Balloons over valleys in rose light,",
            &["rose", "pink", "valley"],
        ),
    ],
    keywords: &[
        "balloon",
        "hot-air balloon",
        "sky",
        "flight",
        "Heißluftballon",
        "热气球",
    ],
    places: &[
        Place::new("Cappadocia, Turkey", 38.643, 34.829),
        Place::new("Albuquerque, New Mexico", 35.196, -106.597),
        Place::new("Chateau-d'Oex, Switzerland", 46.475, 7.131),
    ],
};

/// Sky at the top, in the middle and low down, clouds, nearest hill, light.
fn palette(look: usize) -> [Color; 6] {
    match look {
        0 => [0x4f94da, 0x9ccbee, 0xffe0c0, 0xfffaf2, 0x3a7a3c, 0xffe8b8],
        1 => [0x6d86b8, 0xf3b98a, 0xffdf9e, 0xffe9c4, 0x5a4636, 0xffdf9a],
        2 => [0x1f6cc8, 0x5fa8e8, 0xc4e4f6, 0xffffff, 0x357a3a, 0xf4ffc8],
        _ => [0x7d86c4, 0xe2b0cc, 0xffd9cc, 0xfff0f0, 0x7a4a58, 0xffe4dc],
    }
    .map(hex)
}

/// Colours of envelopes.
const CLOTHS: [[u32; 4]; 9] = [
    [0xe63946, 0xf9c74f, 0xf3722c, 0xfff3d6],
    [0x1d4e89, 0xf7f3e8, 0xe4572e, 0x1d4e89],
    [0x7b2cbf, 0xff9e00, 0xf72585, 0x4361ee],
    [0x2a9d8f, 0xe9c46a, 0xf4a261, 0x264653],
    [0xd90429, 0xf8f9fa, 0xd90429, 0x2b2d42],
    [0x06a77d, 0xf6f740, 0x005377, 0xf1a208],
    [0xff4d6d, 0xffd6e0, 0xc9184a, 0xffb3c1],
    [0xffb703, 0xfb8500, 0x219ebc, 0x023047],
    [0xf94144, 0xf9c74f, 0x43aa8b, 0x277da1],
];

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let [high, middle, low, white, near, light] = palette(look);
    let horizon = h * rng.range(0.74, 0.84);
    let (clouds, cover) = (rng.noise(), rng.range(0.06, 0.2));
    canvas.paint(|x, y, _| {
        let up = (horizon - y) / horizon;
        let c = ramp(&[(0.0, low), (0.4, middle), (1.0, high)], up);
        let right = (x - w * 0.5) / horizon * 0.8;
        let thick = cloud(clouds, right, up, cover);
        let under = cloud(clouds, right + 0.02, up + 0.05, cover);
        let puff = mix(
            mix(middle, white, 0.55),
            white,
            smooth(0.3, -0.3, under - thick),
        );
        mix(c, puff, thick * 0.8 * smooth(0.02, 0.2, up))
    });
    let sun_x = w * rng.range(0.15, 0.85);
    canvas.glow(sun_x, horizon, side * 0.7, light, 0.16);
    hills(canvas, rng, horizon, [low, near, light]);

    let mut sizes: Vec<f32> = (0..rng.int(5, 10))
        .map(|_| rng.range(0.02, 0.075))
        .collect();
    sizes.push(rng.range(0.14, 0.19));
    sizes.push(rng.range(0.08, 0.12));
    sizes.sort_by(f32::total_cmp);
    let mut placed: Vec<(f32, f32, f32)> = Vec::new();
    let sun_side = (sun_x / w - 0.5).signum();
    for size in sizes.into_iter().rev() {
        let radius = size * side;
        // A place in the sky that is not taken, if one is found soon.
        for _ in 0..40 {
            let (x, y) = (
                rng.range(radius * 1.2, w - radius * 1.2),
                rng.range(radius * 1.2, horizon - radius * 1.5),
            );
            let free = |&(px, py, pr): &(f32, f32, f32)| {
                (x - px).abs() > (radius + pr) * 1.05 || (y - py).abs() > (radius + pr) * 1.7
            };
            if placed.iter().all(free) {
                placed.push((x, y, radius));
                break;
            }
        }
    }
    for &(x, y, radius) in placed.iter().rev() {
        let haze = 0.5 * (1.0 - smooth(0.02, 0.12, radius / side));
        balloon(
            canvas,
            rng,
            (x, y),
            radius,
            haze,
            mix(middle, low, y / horizon),
            sun_side,
        );
    }
    canvas.bloom(0.85, side * 0.03, 0.12);
    canvas.finish(0.2, 0.018, rng.noise());
}

/// Draws rolling farmland below the horizon: a patchwork of fields with hedges between.
fn hills(canvas: &mut Canvas, rng: &mut Rng, horizon: f32, [low, near, light]: [Color; 3]) {
    let (shape, fields) = (rng.noise(), rng.noise());
    let (shift_x, shift_z) = (rng.range(-60.0, 60.0), rng.range(-60.0, 60.0));
    let height = |x: f32, z: f32| {
        let (u, v) = ((x + shift_x) * 0.13, (z + shift_z) * 0.13);
        shape.fbm(u, v, 4) * (0.9 + z * 0.018)
    };
    let side_of = rng.sign() * 0.8;
    let view = View {
        eye: 2.2,
        horizon: horizon + canvas.h() * 0.015,
        focal: canvas.side() * 1.1,
        near: 2.5,
        far: 70.0,
        step: 0.004,
        sun: [side_of, 0.42, -0.43],
    };
    let crops = [
        near,
        mix(near, light, 0.38),
        scale(near, 0.72),
        mix(near, hex(0xd8b45a), 0.4),
    ];
    terrain::draw(canvas, &view, height, |g| {
        let (x, z) = (g.x + shift_x, g.z + shift_z);
        let (bend_x, bend_z) = (
            fields.at(x * 0.16, z * 0.16),
            fields.at(x * 0.16 + 50.0, z * 0.16),
        );
        let (u, v) = (
            (x + 0.5 * z) * 0.42 + bend_x * 0.6,
            (z - 0.5 * x) * 0.34 + bend_z * 0.6,
        );
        let (column, row) = (u.floor(), v.floor());
        let kind = fields.cell(column as i32, row as i32);
        let crop = crops[(kind * 3.99) as usize];
        let furrow = 1.0 + 0.06 * (u * 60.0).sin() * (1.0 - g.z / 16.0).max(0.0);
        let edge = (u - column - 0.5).abs().max((v - row - 0.5).abs());
        let hedge = smooth(0.455, 0.475, edge);
        let wood = smooth(0.25, 0.4, fields.fbm(x * 0.3 + 9.0, z * 0.3, 4));
        let leaf = 0.42 + 0.35 * fields.fbm(x * 4.0, z * 4.0, 3);
        let green = scale(crop, furrow * (0.93 + 0.14 * kind));
        let ground = mix(green, scale(near, leaf), hedge.max(wood));
        let lit = tint(
            ground,
            mix(scale(low, 0.6), scale(light, 1.25), g.sunlight * 1.6),
        );
        mix(lit, low, 1.0 - (-g.z * 0.034).exp())
    });
}

/// Draws one balloon around the centre of its envelope.
fn balloon(
    canvas: &mut Canvas,
    rng: &mut Rng,
    (x, y): (f32, f32),
    radius: f32,
    haze: f32,
    air: Color,
    sun_side: f32,
) {
    let cloths = rng.pick(&CLOTHS).map(hex);
    let (pattern, turn) = (rng.int(0, 4), rng.range(0.0, 1.0));
    let gores = rng.pick(&[12.0f32, 16.0, 20.0]);
    basket(canvas, (x, y), radius, haze, air);
    let long = 1.42;
    canvas.paint_box(
        (x - radius, y - radius),
        (x + radius, y + radius * long),
        |px, py, c| {
            let (lx, ly) = ((px - x) / radius, (py - y) / radius);
            // A ball above; below its middle the envelope narrows to the mouth.
            let half = if ly < 0.0 {
                (1.0 - ly * ly).max(0.0).sqrt()
            } else {
                let t = ly / long;
                (1.0 - t * t).max(0.0).powf(0.62) * (1.0 - 0.22 * t) * (1.0 - smooth(0.97, 1.0, t))
            };
            if half < 0.02 || lx.abs() > half + 1.0 / radius {
                return c;
            }
            let across = (lx / half).clamp(-1.0, 1.0);
            let lon = across.asin() / PI + 0.5;
            let lat = (ly + 1.0) / (1.0 + long);
            let place = (lon + turn) * gores;
            let gore = place.floor() as i32;
            let pick = match pattern {
                0 => gore.rem_euclid(4),
                1 => gore.rem_euclid(2) * 2 + i32::from((0.38..0.52).contains(&lat)),
                2 => ((lat * 9.0 + (place - place.floor() - 0.5).abs() * 1.6).floor() as i32)
                    .rem_euclid(4),
                3 => ((lat * 10.0 + gore as f32 * 0.5).floor() as i32).rem_euclid(4),
                _ => ((lat * 7.0).floor() as i32).rem_euclid(4),
            };
            let cloth = cloths[pick as usize];
            // Light from the sun's side and above; the seams pull the cloth in.
            let up = -ly.min(1.0) * 0.6;
            let facing = (1.0 - across * across).max(0.0).sqrt();
            let lambert = 0.62 + 0.30 * across * sun_side + 0.18 * up + 0.16 * facing;
            let seam = (place - place.floor() - 0.5).abs() * 2.0;
            let puffed = 1.0 - 0.16 * seam.powi(4) - 0.10 * (1.0 - facing).powi(2);
            let glow = add(
                scale(cloth, lambert * puffed),
                cloth,
                0.12 * smooth(0.6, 1.0, lat),
            );
            let shine =
                (-((across - 0.45 * sun_side).powi(2) * 9.0 + (ly + 0.5).powi(2) * 7.0)).exp();
            let color = mix(add(glow, [1.0, 0.96, 0.88], shine * 0.2), air, haze);
            let covered = smooth(0.8, -0.8, (lx.abs() - half) * radius);
            mix(c, color, covered)
        },
    );
}

fn basket(canvas: &mut Canvas, (x, y): (f32, f32), radius: f32, haze: f32, air: Color) {
    let mut layer = Layer::new(canvas.width, canvas.height);
    let at = |lx: f32, ly: f32| (x + lx * radius, y + ly * radius);
    let rope = mix(hex(0x4a3a30), air, haze);
    for lx in [-1.0f32, -0.4, 0.4, 1.0] {
        let line = [at(lx * 0.17, 1.36), at(lx * 0.1, 1.68)];
        layer.stroke(&curve(&line), (radius * 0.012).max(0.5), rope, 0.9);
    }
    let wicker = [
        at(-0.12, 1.66),
        at(0.12, 1.66),
        at(0.1, 1.86),
        at(-0.1, 1.86),
    ];
    let (left, right) = (mix(hex(0x9a6b3f), air, haze), mix(hex(0x5a3a22), air, haze));
    let stops = [(0.0, left, 1.0), (1.0, right, 1.0)];
    layer.fill_linear(&polygon(&wicker), at(-0.12, 0.0), at(0.12, 0.0), &stops);
    layer.stroke(
        &curve(&[at(-0.13, 1.67), at(0.13, 1.67)]),
        radius * 0.03,
        rope,
        1.0,
    );
    canvas.over(&layer, 1.0);
}
