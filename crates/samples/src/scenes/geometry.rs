//! Geometric posters: few shapes, few colours, printed on paper.

use crate::canvas::Canvas;
use crate::color::{Color, hex, mix, scale};
use crate::kind::{Kind, Look};
use crate::layer::{Layer, circle, curve, polygon, rect};
use crate::noise::Rng;

pub(super) const KIND: Kind = Kind {
    folder: "Geometric posters",
    draw,
    looks: &[
        Look::new(
            "Quarter circle tiles",
            "A grid of tiles with quarter circles.",
            &["tiles", "circles", "Bauhaus"],
        ),
        Look::new(
            "Circles and bars",
            "A composition of circles and bars.",
            &["circles", "lines", "composition"],
        ),
        Look::new(
            "Triangle mosaic",
            "A mosaic of triangles that runs through the colours.",
            &["triangles", "mosaic"],
        ),
        Look::new(
            "Rainbow arches",
            "Nested arches in warm colours.",
            &["arches", "rainbow", "retro"],
        ),
        Look::new(
            "Concentric rings",
            "Rings around shared centres.",
            &["rings", "concentric", "circles"],
        ),
    ],
    keywords: &[
        "geometric",
        "abstract",
        "poster",
        "pattern",
        "design",
        "几何",
        "Muster",
    ],
    places: &[],
};

/// Paper first, then inks.
const PALETTES: [[u32; 6]; 6] = [
    [0xf3ead7, 0xd8432e, 0xf0b429, 0x1f4e79, 0x22252b, 0x6aa39b],
    [0xf6f1e7, 0x264653, 0x2a9d8f, 0xe9c46a, 0xf4a261, 0xe76f51],
    [0xfaf3e8, 0x3d405b, 0xe07a5f, 0x81b29a, 0xf2cc8f, 0x9a5b4f],
    [0x13213c, 0xfca311, 0xe5e5e5, 0x3f6fb5, 0xd94f6b, 0x74c0c8],
    [0xfdf0e6, 0x5f0f40, 0x9a031e, 0xfb8b24, 0xe36414, 0x0f4c5c],
    [0xeef1ea, 0x2d3a3a, 0x5b8e7d, 0xbc4b51, 0xf4a259, 0xf4e285],
];

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let colors = rng.pick(&PALETTES).map(hex);
    let [paper, inks @ ..] = colors;
    canvas.paint(|_, _, _| paper);
    let mut layer = Layer::new(canvas.width, canvas.height);
    match look {
        0 => tiles(&mut layer, rng, canvas, &colors),
        1 => bars(&mut layer, rng, canvas, &inks),
        2 => triangles(&mut layer, rng, canvas, &inks),
        3 => arches(&mut layer, rng, canvas, &colors),
        _ => rings(&mut layer, rng, canvas, &colors),
    }
    canvas.over(&layer, 1.0);
    // Ink on paper: a little uneven, with the fibres showing.
    let (fibre, press, side) = (rng.noise(), rng.noise(), canvas.side());
    canvas.paint(|x, y, c| {
        let n = fibre.fbm(x * 0.35, y * 0.35, 2) * 0.022
            + press.fbm(x / side * 5.0, y / side * 5.0, 4) * 0.035;
        scale(c, 0.985 + n)
    });
    canvas.finish(0.1, 0.012, rng.noise());
}

/// Returns a quarter or half of a disc by centre, radius, and the quarters where it begins and ends.
fn sector((x, y): (f32, f32), radius: f32, from: i32, quarters: i32) -> Option<tiny_skia::Path> {
    let steps = 24 * quarters;
    let mut points = vec![(x, y)];
    points.extend((0..=steps).map(|i| {
        let angle = (from as f32 + i as f32 / 24.0) * std::f32::consts::FRAC_PI_2;
        (x + angle.cos() * radius, y + angle.sin() * radius)
    }));
    polygon(&points)
}

fn tiles(layer: &mut Layer, rng: &mut Rng, canvas: &Canvas, colors: &[Color]) {
    let size = canvas.side() / rng.int(4, 6) as f32;
    let (columns, rows) = (
        (canvas.w() / size).ceil() as i32,
        (canvas.h() / size).ceil() as i32,
    );
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (column as f32 * size, row as f32 * size);
            // Three different colours, so that every shape shows.
            let first = rng.int(0, 5);
            let second = first + rng.int(1, 4);
            let at = |i: i32| colors[i.rem_euclid(6) as usize];
            let (back, front, third) = (
                at(first),
                at(second),
                at(second + rng.int(1, 5 - second + first)),
            );
            layer.fill(&rect(x, y, size + 0.5, size + 0.5), back, 1.0);
            let corner = rng.int(0, 3);
            let at = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)][corner as usize];
            match rng.int(0, 7) {
                0 | 1 => layer.fill(&sector(at, size, corner, 1), front, 1.0),
                2 => {
                    for (share, color) in [(1.0, front), (0.66, third), (0.33, back)] {
                        layer.fill(&sector(at, size * share, corner, 1), color, 1.0);
                    }
                }
                3 => {
                    layer.fill(
                        &circle(x + size * 0.5, y + size * 0.5, size * 0.46),
                        front,
                        1.0,
                    );
                    layer.fill(
                        &circle(x + size * 0.5, y + size * 0.5, size * 0.2),
                        third,
                        1.0,
                    );
                }
                4 => {
                    layer.fill(&sector((x + size * 0.5, y), size * 0.5, 0, 2), front, 1.0);
                    layer.fill(
                        &sector((x + size * 0.5, y + size * 0.5), size * 0.5, 0, 2),
                        third,
                        1.0,
                    );
                }
                5 => {
                    let opposite = [(x + size, y + size), (x, y + size), (x, y), (x + size, y)]
                        [corner as usize];
                    layer.fill(&sector(at, size, corner, 1), front, 1.0);
                    layer.fill(&sector(opposite, size * 0.5, corner + 2, 1), third, 1.0);
                }
                6 => {
                    for i in 0..4 {
                        layer.fill(
                            &rect(x, y + size * (i as f32 + 0.25) / 4.0, size, size / 8.0),
                            front,
                            1.0,
                        );
                    }
                }
                _ => layer.fill(&polygon(&[at, (x + size, y), (x, y + size)]), front, 1.0),
            }
        }
    }
}

fn bars(layer: &mut Layer, rng: &mut Rng, canvas: &Canvas, inks: &[Color]) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let (cx, cy, big) = (
        w * rng.range(0.35, 0.6),
        h * rng.range(0.4, 0.55),
        side * rng.range(0.3, 0.38),
    );
    layer.fill(&circle(cx, cy, big), rng.pick(inks), 1.0);
    let (sin, cos) = rng.range(-0.9, -0.4).sin_cos();
    for _ in 0..rng.int(9, 13) {
        let (along, off) = (
            rng.range(-0.6, 0.6) * w * 0.7,
            rng.range(-0.45, 0.45) * side,
        );
        let (long, half) = (rng.range(0.15, 0.42) * side, side * rng.range(0.008, 0.035));
        let at = |a: f32, b: f32| {
            (
                cx + (along + a) * cos - (off + b) * sin,
                cy + (along + a) * sin + (off + b) * cos,
            )
        };
        let bar = [
            at(-long, -half),
            at(long, -half),
            at(long, half),
            at(-long, half),
        ];
        layer.fill(&polygon(&bar), rng.pick(inks), rng.pick(&[1.0, 0.9]));
    }
    for _ in 0..rng.int(10, 15) {
        let (x, y) = (w * rng.range(0.06, 0.94), h * rng.range(0.12, 0.88));
        let radius = side * rng.range(0.025, 0.12);
        let color = rng.pick(inks);
        match rng.int(0, 3) {
            0 => layer.fill(&circle(x, y, radius), color, 0.92),
            1 => {
                layer.stroke(&circle(x, y, radius), radius * 0.22, color, 1.0);
                layer.fill(&circle(x, y, radius * 0.4), rng.pick(inks), 1.0);
            }
            2 => layer.fill(&sector((x, y), radius * 1.5, rng.int(0, 3), 2), color, 0.95),
            _ => layer.fill(
                &polygon(&[
                    (x, y - radius),
                    (x + radius, y + radius),
                    (x - radius, y + radius),
                ]),
                color,
                0.95,
            ),
        }
    }
    for i in 0..rng.int(3, 6) {
        let y = h * 0.86 + i as f32 * side * 0.018;
        layer.stroke(
            &curve(&[(w * 0.08, y), (w * rng.range(0.3, 0.6), y)]),
            side * 0.004,
            inks[3],
            1.0,
        );
    }
}

fn triangles(layer: &mut Layer, rng: &mut Rng, canvas: &Canvas, inks: &[Color]) {
    let size = canvas.side() / rng.int(6, 10) as f32;
    let tall = size * 0.866;
    let (columns, rows) = (
        (canvas.w() / size) as i32 + 2,
        (canvas.h() / tall) as i32 + 1,
    );
    let drift = rng.noise();
    for row in 0..rows {
        for column in -1..columns {
            let (x, y) = (
                (column as f32 + 0.5 * (row % 2) as f32) * size,
                row as f32 * tall,
            );
            let up = [(x, y + tall), (x + size * 0.5, y), (x + size, y + tall)];
            let down = [
                (x + size * 0.5, y),
                (x + size * 1.5, y),
                (x + size, y + tall),
            ];
            for (shape, light) in [(up, 1.0), (down, 0.86)] {
                let flow = drift.fbm(
                    shape[0].0 / canvas.side() * 1.2,
                    shape[0].1 / canvas.side() * 1.2,
                    2,
                ) * 0.5
                    + 0.5;
                let place = flow * 1.15 * (inks.len() - 1) as f32 + rng.range(-0.4, 0.4);
                let place = place.clamp(0.0, inks.len() as f32 - 1.01);
                let color = mix(
                    inks[place as usize],
                    inks[place as usize + 1],
                    place.fract(),
                );
                layer.fill(
                    &polygon(&shape),
                    scale(color, light * rng.range(0.9, 1.08)),
                    1.0,
                );
                layer.stroke(&polygon(&shape), 0.7, color, 0.5);
            }
        }
    }
}

fn arches(layer: &mut Layer, rng: &mut Rng, canvas: &Canvas, colors: &[Color]) {
    let size = canvas.side() / rng.int(2, 4) as f32;
    let (columns, rows) = (
        (canvas.w() / size).ceil() as i32,
        (canvas.h() / size).ceil() as i32,
    );
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (column as f32 * size, row as f32 * size);
            let shift = rng.int(0, 5);
            let color = |i: i32| colors[(i + shift).rem_euclid(colors.len() as i32) as usize];
            layer.fill(&rect(x, y, size + 0.5, size + 0.5), color(0), 1.0);
            let upside = rng.chance(0.3);
            for i in 0..5 {
                let radius = size * (0.47 - 0.09 * i as f32);
                let middle = (x + size * 0.5, y + size * if upside { 0.42 } else { 0.58 });
                let c = color(1 + i % 5);
                layer.fill(
                    &sector(middle, radius, if upside { 0 } else { 2 }, 2),
                    c,
                    1.0,
                );
                let top = if upside { y } else { middle.1 - 0.5 };
                layer.fill(
                    &rect(middle.0 - radius, top, 2.0 * radius, size * 0.42 + 1.0),
                    c,
                    1.0,
                );
            }
        }
    }
}

fn rings(layer: &mut Layer, rng: &mut Rng, canvas: &Canvas, colors: &[Color]) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let (start, across) = (rng.unit(), rng.unit());
    for place in 0..(rng.range(9.0, 13.0) * w / side) as i32 {
        // Multiples of two irrational numbers spread evenly (Roberts' R2 sequence).
        let x = w * (across + place as f32 * 0.754_878).fract();
        let y = h * (start + place as f32 * 0.569_84).fract();
        let (radius, count) = (side * rng.range(0.2, 0.42), rng.int(5, 10));
        let shift = rng.int(0, 5);
        for i in 0..count {
            let color = colors[((i + shift) as usize) % colors.len()];
            layer.fill(
                &circle(x, y, radius * (1.0 - i as f32 / count as f32)),
                color,
                1.0,
            );
        }
    }
}
