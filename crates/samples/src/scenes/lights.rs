//! Northern lights: folded curtains above firs, snow and a still lake.

use crate::canvas::Canvas;
use crate::color::{Color, add, hex, mix, ramp, scale, smooth};
use crate::kind::{Kind, Look, Place};
use crate::layer::Layer;
use crate::noise::Rng;
use crate::scenery::{fir, stars};

pub(super) const KIND: Kind = Kind {
    folder: "Northern lights",
    draw,
    looks: &[
        Look::new(
            "Green northern lights over a lake",
            "Green northern lights mirrored in a still lake,",
            &["green", "lake", "reflection"],
        ),
        Look::new(
            "Violet aurora above the snow",
            "A violet and green aurora above snow and firs,",
            &["violet", "snow", "winter"],
        ),
        Look::new(
            "Turquoise aurora in the polar night",
            "Turquoise curtains of light in the polar night,",
            &["turquoise", "blue", "winter"],
        ),
        Look::new(
            "Red and green aurora",
            "A rare red aurora over its green foot,",
            &["red", "green"],
        ),
    ],
    keywords: &[
        "aurora",
        "northern lights",
        "night",
        "stars",
        "sky",
        "firs",
        "Polarlicht",
        "极光",
    ],
    places: &[
        Place::new("Tromso, Norway", 69.649, 18.956),
        Place::new("Abisko, Sweden", 68.350, 18.831),
        Place::new("Thingvellir, Iceland", 64.256, -21.130),
        Place::new("Yellowknife, Canada", 62.454, -114.372),
    ],
};

/// The foot, middle and top of the curtains, the sky above and at the horizon, the ground.
fn palette(look: usize) -> [Color; 6] {
    match look {
        0 => [0xb8ffb0, 0x38e08a, 0x2a6fb0, 0x050b1e, 0x123a44, 0x04090f],
        1 => [0x9dffc0, 0x8a6cf0, 0xd04fd0, 0x080a24, 0x2c2a5c, 0x0a0f1e],
        2 => [0xaaffee, 0x2cc7d8, 0x3a58d8, 0x040c22, 0x103c5c, 0x050c16],
        _ => [0xb6ff8c, 0x6fd66a, 0xf0365c, 0x0a0918, 0x2e2438, 0x07080d],
    }
    .map(hex)
}

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let [foot, middle, top, above, low, ground] = palette(look);
    let horizon = (h * rng.range(0.70, 0.78)).round();
    canvas.paint(|_, y, _| {
        ramp(
            &[(0.0, above), (0.55, mix(above, low, 0.4)), (1.0, low)],
            y / horizon,
        )
    });
    stars(canvas, rng, horizon, (w * h / 900.0) as usize);

    let mut curtains = Canvas::new(canvas.width, canvas.height);
    let count = rng.int(2, 4);
    for i in 0..count {
        let base = horizon * (rng.range(0.5, 0.62) + 0.2 * i as f32 / count as f32);
        curtain(&mut curtains, rng, base, horizon, [foot, middle, top]);
    }
    let mut haze = curtains.clone();
    haze.blur(side * 0.07, side * 0.09);
    curtains.blur(side * 0.0035, side * 0.0035);
    canvas.paint(|x, y, c| {
        let c = add(c, curtains.sample(x, y), 0.85);
        add(c, haze.sample(x, y), 0.95)
    });

    // Far hills, then snow or water, then firs.
    let hills = rng.noise();
    canvas.paint(|x, y, c| {
        let crest = horizon - h * (0.035 + 0.05 * hills.fbm(x / side * 1.6, 1.0, 6).abs());
        mix(c, mix(ground, low, 0.35), smooth(-0.8, 0.8, y - crest))
    });
    let shore = horizon + h * 0.004;
    tree_line(canvas, rng, shore, mix(ground, low, 0.12), h * 0.055);
    let lake = look == 0 || rng.chance(0.4);
    if lake {
        let ripples = rng.noise();
        canvas.mirror(
            shore,
            |x, y| {
                let near = (y - shore) / (h - shore);
                let n = ripples.fbm(x / side * 5.0, y / side * 48.0 / (0.4 + near), 3);
                (n * side * 0.006, n * side * 0.05 * near)
            },
            |_, _, mirrored, near| mix(scale(mirrored, 0.78), ground, 0.12 + 0.35 * near),
        );
    } else {
        snow(canvas, rng, shore, &haze, [foot, low]);
    }
    for side_of in [0.0, 1.0] {
        framing(canvas, rng, side_of, ground);
    }
    canvas.bloom(0.6, side * 0.03, 0.25);
    canvas.finish(0.3, 0.028, rng.noise());
}

/// Adds one curtain: a wandering line from which streaks of light rise. Where the line folds back,
/// streaks fall upon each other and the fold is bright.
fn curtain(canvas: &mut Canvas, rng: &mut Rng, base: f32, horizon: f32, colors: [Color; 3]) {
    let (w, side) = (canvas.w(), canvas.side());
    let (path, rays, folds) = (rng.noise(), rng.noise(), rng.noise());
    let [foot, middle, top] = colors;
    let slant = rng.range(-0.25, 0.25);
    let strength = rng.range(0.55, 1.0);
    let steps = canvas.width * 6;
    for i in 0..steps {
        let s = i as f32 / steps as f32 * 1.3 - 0.15;
        let u = s * w / side;
        let x =
            s * w + side * (0.17 * folds.fbm(u * 2.3, 1.0, 2) + 0.014 * folds.at(u * 14.0, 7.0));
        let y = base + side * (0.2 * path.fbm(u * 1.1, 2.0, 3)) + slant * (s - 0.5) * side;
        let ray = 0.55 + 0.45 * rays.fbm(u * 30.0, 4.0, 3);
        let tall = horizon * (0.42 + 0.4 * (rays.fbm(u * 5.0, 9.0, 2) * 0.5 + 0.5));
        let patch = smooth(-0.5, 0.5, path.fbm(u * 1.3 + 40.0, 5.0, 2));
        let by = strength * patch * (0.3 + ray.max(0.0)) * 0.17;
        let column = x as usize;
        if x < 0.0 || column >= canvas.width || by < 0.002 {
            continue;
        }
        let (first, last) = (
            (y - tall).max(0.0) as usize,
            (y + side * 0.03).max(0.0) as usize,
        );
        for row in first..last.min(canvas.height) {
            let up = ((y - row as f32) / tall).min(1.0);
            let shape = if up < 0.0 {
                1.0 - smooth(0.0, 0.03 * side / tall, -up)
            } else {
                (1.0 - up).powf(1.6) * (-up * 1.2).exp()
            };
            let color = ramp(&[(0.0, foot), (0.14, middle), (0.55, top)], up);
            canvas.light(column, row, color, by * shape);
        }
    }
}

fn tree_line(canvas: &mut Canvas, rng: &mut Rng, foot: f32, color: Color, tall: f32) {
    let mut layer = Layer::new(canvas.width, canvas.height);
    let groves = rng.noise();
    let mut x = 0.0;
    while x < canvas.w() {
        let dense = groves.fbm(x / canvas.side() * 2.0, 0.5, 3) * 0.5 + 0.6;
        let height = tall * rng.range(0.4, 1.0) * dense.clamp(0.3, 1.2);
        fir(&mut layer, rng, (x, foot), height, color);
        x += tall * rng.range(0.08, 0.3);
    }
    canvas.over(&layer, 1.0);
}

/// Covers the ground with drifts of snow in the colour of the light above them.
fn snow(canvas: &mut Canvas, rng: &mut Rng, shore: f32, haze: &Canvas, [foot, low]: [Color; 2]) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let drifts = rng.noise();
    canvas.paint_box((0.0, shore), (w, h), |x, y, c| {
        let near = (y - shore) / (h - shore);
        let z = 1.0 / (near + 0.12);
        let n = drifts.fbm((x - w * 0.5) / side * z * 0.5, z * 1.6, 5);
        let light = haze.sample(x, shore * 0.5);
        let base = mix(scale(low, 0.9), hex(0xb4c8e6), 0.34 + 0.3 * n);
        let lit = add(base, tint_toward(foot, light), 1.1 + 0.9 * n);
        mix(c, scale(lit, 1.0 - 0.3 * near), smooth(0.0, 0.02, near))
    });
}

fn tint_toward(foot: Color, light: Color) -> Color {
    mix(light, scale(foot, crate::color::luma(light)), 0.4)
}

/// Plants tall firs at one side of the picture.
fn framing(canvas: &mut Canvas, rng: &mut Rng, side_of: f32, color: Color) {
    let (w, h) = (canvas.w(), canvas.h());
    let mut layer = Layer::new(canvas.width, canvas.height);
    for _ in 0..rng.int(1, 5) {
        let x = w * (side_of + rng.range(-0.02, 0.16) * (1.0 - 2.0 * side_of));
        let foot = h * rng.range(0.94, 1.03);
        let tall = h * rng.range(0.22, 0.52);
        fir(&mut layer, rng, (x, foot), tall, color);
    }
    canvas.over(&layer, 1.0);
}
