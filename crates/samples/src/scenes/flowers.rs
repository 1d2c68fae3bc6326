//! Flowers from near: a few heads in focus before a soft garden.

use std::f32::consts::{PI, TAU};

use crate::canvas::Canvas;
use crate::color::{Color, hex, mix, scale, smooth};
use crate::kind::{Kind, Look, Place};
use crate::layer::{Layer, blob, circle, curve, ellipse};
use crate::noise::Rng;
use crate::scenery::bokeh;

pub(super) const KIND: Kind = Kind {
    folder: "Flowers",
    draw,
    looks: &[
        Look::new(
            "Daisies in the meadow",
            "White daisies in a green meadow,",
            &["daisy", "white", "Gänseblümchen"],
        ),
        Look::new(
            "Red poppies",
            "Red poppies in the field,",
            &["poppy", "red", "Mohn"],
        ),
        Look::new(
            "Sunflowers",
            "Sunflowers turn to the light,",
            &["sunflower", "yellow", "向日葵"],
        ),
        Look::new(
            "Pink cosmos",
            "Pink cosmos in soft light,",
            &["cosmos", "pink"],
        ),
        Look::new(
            "Blue anemones",
            "Blue anemones in the spring wood,",
            &["anemone", "blue", "violet", "spring"],
        ),
    ],
    keywords: &[
        "flower", "flowers", "blossom", "garden", "macro", "Blume", "花",
    ],
    places: &[
        Place::new("Keukenhof, Netherlands", 52.270, 4.546),
        Place::new("Provence, France", 43.833, 5.783),
        Place::new("Mainau, Germany", 47.705, 9.193),
        Place::new("Kunming, China", 25.063, 102.760),
    ],
};

/// How one species is built.
struct Species {
    petals: i32,
    rows: i32,
    /// Width of a petal in lengths of it.
    wide: f32,
    /// 0 for a round tip, 1 for a pointed one.
    pointed: f32,
    /// Radius of the heart in radii of the head.
    heart: f32,
    /// The petal at its root, in its middle and at its tip.
    petal: [Color; 3],
    hearts: [Color; 2],
    garden: [Color; 3],
}

fn species(look: usize) -> Species {
    let of = |petals, rows, wide, pointed, heart, colors: [u32; 8]| {
        let [a, b, c, d, e, f, g, h] = colors.map(hex);
        Species {
            petals,
            rows,
            wide,
            pointed,
            heart,
            petal: [a, b, c],
            hearts: [d, e],
            garden: [f, g, h],
        }
    };
    match look {
        0 => of(
            19,
            2,
            0.26,
            0.15,
            0.27,
            [
                0xd5dccf, 0xf4f5f2, 0xffffff, 0xffd028, 0xe08a10, 0x7fb24a, 0x2f6a34, 0xd8ec9a,
            ],
        ),
        1 => of(
            5,
            1,
            1.15,
            0.0,
            0.2,
            [
                0x2a0808, 0xd8201a, 0xff5a36, 0x1a1a20, 0x4a5a3a, 0x9ab85a, 0x4a6a3a, 0xffc08a,
            ],
        ),
        2 => of(
            24,
            2,
            0.27,
            0.75,
            0.44,
            [
                0xe08a08, 0xffb80c, 0xffd83a, 0x2a1608, 0x7a4a1a, 0x86b0d0, 0x5a8a4a, 0xffe6a0,
            ],
        ),
        3 => of(
            8,
            1,
            0.62,
            -0.2,
            0.17,
            [
                0xb83a86, 0xf07ab8, 0xffb8dc, 0xffc82a, 0xd88a10, 0x9ac0a0, 0x4a7a66, 0xffd0e8,
            ],
        ),
        _ => of(
            9,
            1,
            0.5,
            0.1,
            0.19,
            [
                0xe0e0ff, 0x5a68d8, 0x8a90f4, 0xf4f4c0, 0x5a6ab0, 0x5f8a5a, 0x22442f, 0xc8d8ff,
            ],
        ),
    }
}

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let s = species(look);
    let [high, low, glints] = s.garden;
    let soft = rng.noise();
    canvas.paint(|x, y, _| {
        let n = soft.fbm(x / side * 1.7, y / side * 1.7, 3);
        mix(
            mix(high, low, y / h + n * 0.55),
            glints,
            smooth(0.2, 0.9, n - y / h * 0.4) * 0.6,
        )
    });
    bokeh(canvas, rng, (0.0, h * 0.9), &[glints, high, s.petal[2]], 34);

    // Three depths: far ones quite blurred, then less, then the heads in focus.
    for (depth, blur, count) in [(0, 0.02, 7), (1, 0.007, 4)] {
        let mut layer = Layer::new(canvas.width, canvas.height);
        for _ in 0..(count as f32 * w / side) as i32 {
            let radius = side * (0.055 + 0.03 * depth as f32) * rng.range(0.8, 1.2);
            let at = (rng.range(0.0, w), h * rng.range(0.3, 0.9));
            stem(&mut layer, rng, at, h, radius * 0.1, low);
            head(&mut layer, rng, &s, at, radius, 1.0 - depth as f32 * 0.5);
        }
        layer.blur(side * blur);
        canvas.over(&layer, 0.92);
    }
    let heads = rng.int(1, 3);
    let mut layer = Layer::new(canvas.width, canvas.height);
    grass(&mut layer, rng, (w, h), [low, high]);
    for i in 0..heads {
        let u = (i as f32 + 0.5 + rng.range(-0.18, 0.18)) / heads as f32;
        let radius = (side * 0.30).min(w / heads as f32 * 0.44) * rng.range(0.82, 1.05);
        let at = (w * u, h * rng.range(0.36, 0.54));
        stem(&mut layer, rng, at, h, radius * 0.075, mix(low, high, 0.35));
        head(&mut layer, rng, &s, at, radius, 0.0);
    }
    canvas.over(&layer, 1.0);
    canvas.bloom(0.8, side * 0.025, 0.14);
    canvas.finish(0.3, 0.02, rng.noise());
}

fn grass(layer: &mut Layer, rng: &mut Rng, (w, h): (f32, f32), [low, high]: [Color; 2]) {
    for _ in 0..(w / 16.0) as i32 {
        let (x, tall, lean) = (
            rng.range(0.0, w),
            h * rng.range(0.08, 0.34),
            rng.bell() * h * 0.1,
        );
        let blade = [
            (x, h + 4.0),
            (x + lean * 0.3, h - tall * 0.6),
            (x + lean, h - tall),
        ];
        let color = scale(mix(low, high, rng.unit()), rng.range(0.6, 1.0));
        layer.stroke(&curve(&blade), h * rng.range(0.002, 0.007), color, 0.75);
    }
}

fn stem(layer: &mut Layer, rng: &mut Rng, (x, y): (f32, f32), h: f32, width: f32, color: Color) {
    let lean = rng.range(-0.12, 0.12) * (h - y);
    let at = |shift: f32| {
        [
            (x + shift, y),
            (x + lean * 0.4 + shift, (y + h) * 0.5),
            (x + lean + shift, h + 9.0),
        ]
    };
    layer.stroke(&curve(&at(0.0)), width, scale(color, 0.72), 1.0);
    layer.stroke(
        &curve(&at(-width * 0.2)),
        width * 0.35,
        mix(color, [1.0; 3], 0.25),
        0.7,
    );
}

/// Draws a flower head of a radius in pixels; `vague` leaves out detail that a blur would hide.
fn head(layer: &mut Layer, rng: &mut Rng, s: &Species, at: (f32, f32), radius: f32, vague: f32) {
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
