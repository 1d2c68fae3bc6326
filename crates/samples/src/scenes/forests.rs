//! Birch forests: pale trunks in coloured leaves, row behind row into the haze.

use crate::canvas::Canvas;
use crate::color::{Color, add, hex, mix, ramp, scale, smooth};
use crate::kind::{Kind, Look, Place};
use crate::layer::{Layer, curve, ellipse, polygon};
use crate::noise::Rng;

pub(super) const KIND: Kind = Kind {
    folder: "Birch forests",
    draw,
    looks: &[
        Look::new(
            "Birch forest in golden autumn",
            "Birches in the gold of October,",
            &["autumn", "golden", "yellow", "Herbst"],
        ),
        Look::new(
            "Birch forest in red leaves",
            "Red and orange leaves between white trunks,",
            &["autumn", "red", "orange", "秋天"],
        ),
        Look::new(
            "Birch forest in spring green",
            "Fresh green leaves in a spring forest,",
            &["spring", "green", "Frühling"],
        ),
        Look::new(
            "Birch forest in winter",
            "Frost and snow in a silent birch forest,",
            &["winter", "snow", "white", "blue"],
        ),
    ],
    keywords: &[
        "forest", "birch", "trees", "leaves", "nature", "Wald", "Birken", "森林",
    ],
    places: &[
        Place::new("Koli, Finland", 63.097, 29.808),
        Place::new("Luneburg Heath, Germany", 53.166, 9.939),
        Place::new("Aspen, Colorado", 39.071, -106.989),
        Place::new("Greater Khingan, China", 50.424, 124.126),
    ],
};

/// Light in the distance, ground, shade, then four colours of leaves.
fn palette(look: usize) -> [Color; 7] {
    match look {
        0 => [
            0xfff0b8, 0xb0722a, 0x4a3a20, 0xffd23f, 0xf4a51c, 0xd97f12, 0xc9b23a,
        ],
        1 => [
            0xffd9b0, 0x8a3a22, 0x3a1a1c, 0xe8432a, 0xf47a2a, 0xb81f2a, 0xffae42,
        ],
        2 => [
            0xf2f9c8, 0x5a8a34, 0x1f3a20, 0xa6d64a, 0x6fb52e, 0xd2ea72, 0x3f8f34,
        ],
        _ => [
            0xeef4fb, 0xdfe9f5, 0x4a5f80, 0xffffff, 0xe4eefa, 0xc4d6ec, 0xf4f8ff,
        ],
    }
    .map(hex)
}

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let [light, ground, shade, leaves @ ..] = palette(look);
    let floor = h * rng.range(0.66, 0.74);
    let (sun_x, foliage, litter) = (w * rng.range(0.25, 0.75), rng.noise(), rng.noise());
    canvas.paint(|x, y, _| {
        let n = foliage.fbm(x / side * 4.0, y / side * 4.0, 5);
        let far = mix(light, leaves[1], 0.30 + 0.32 * n + 0.2 * (1.0 - y / floor));
        let away = ((x - sun_x).powi(2) + (y - floor * 0.6).powi(2)).sqrt() / side;
        let back = add(far, light, 0.4 * (-away * 3.2).exp());
        let near = ((y - floor) / (h - floor)).max(0.0);
        let z = 1.0 / (near + 0.1);
        let patch = litter.fbm((x - w * 0.5) / side * z * 1.2, z * 3.0, 5);
        let earth = mix(
            mix(ground, shade, 0.25 + 0.35 * near),
            leaves[0],
            0.25 + 0.4 * patch,
        );
        let carpet = mix(earth, light, 0.65 * (-near * 4.0).exp());
        mix(back, carpet, smooth(-0.03, 0.05, (y - floor) / h))
    });
    canvas.blur(side * 0.004, side * 0.004);

    let rows = 6;
    for row in 0..rows {
        let t = row as f32 / (rows - 1) as f32;
        let foot = floor + (h - floor) * (0.02 + 0.86 * t * t);
        if look != 3 {
            carpet(canvas, rng, (floor, foot), t, &leaves, [light, shade]);
        }
        trunks(canvas, rng, foot, t, look, [light, shade]);
        if look == 3 {
            twigs(canvas, rng, floor, t, [light, shade]);
        } else {
            crowns(canvas, rng, floor, t, &leaves, [light, shade]);
        }
        // Each row stands in a little more haze than the next, most of it near the sun.
        canvas.paint(|x, y, c| {
            let away = ((x - sun_x).powi(2) + (y - floor * 0.7).powi(2)).sqrt() / side;
            mix(
                c,
                light,
                (1.0 - t).powf(1.5) * (0.10 + 0.22 * (-away * 2.4).exp()),
            )
        });
    }
    rays(canvas, rng, sun_x, light);
    canvas.bloom(0.75, side * 0.03, 0.22);
    canvas.finish(0.34, 0.024, rng.noise());
}

/// Draws one row of trunks with their bark; `t` is 0 for the farthest row and 1 for the nearest.
fn trunks(
    canvas: &mut Canvas,
    rng: &mut Rng,
    foot: f32,
    t: f32,
    look: usize,
    [light, shade]: [Color; 2],
) {
    let (w, side) = (canvas.w(), canvas.side());
    let mut layer = Layer::new(canvas.width, canvas.height);
    let thick = side * (0.007 + 0.042 * t.powf(1.6));
    let count = ((w / side) * (17.0 - 13.5 * t)) as i32 + 1;
    for i in 0..count {
        let x = w * (i as f32 + 0.5 + rng.range(-0.45, 0.45)) / count as f32;
        let half = thick * rng.range(0.32, 0.6);
        let (lean, foot) = (rng.range(-0.05, 0.05), foot + rng.range(-0.5, 0.5) * thick);
        let at = |across: f32, up: f32| {
            (
                x + across * half * (1.0 - 0.35 * up / foot) + lean * up,
                foot - up,
            )
        };
        let bark = mix(
            light,
            hex(if look == 3 { 0xd4d2d4 } else { 0xf2ebdd }),
            0.35 + 0.6 * t,
        );
        let dark = mix(light, shade, 0.25 + 0.6 * t);
        let trunk = [
            at(-1.35, 0.0),
            at(-1.0, thick),
            at(-1.0, foot),
            at(1.0, foot),
            at(1.0, thick),
            at(1.4, 0.0),
        ];
        let stops = [
            (0.0, mix(bark, dark, 0.35), 1.0),
            (0.3, bark, 1.0),
            (0.6, mix(bark, dark, 0.2), 1.0),
            (1.0, mix(bark, dark, 0.85), 1.0),
        ];
        layer.fill_linear(
            &polygon(&trunk),
            at(-1.0, foot * 0.5),
            at(1.0, foot * 0.5),
            &stops,
        );
        // Dark lines and scars across the bark; the foot is rough and dark.
        let marks = (foot / thick * 1.4) as i32;
        for _ in 0..marks {
            let up = rng.unit().powf(1.25) * foot;
            let (from, long) = (rng.range(-1.0, 0.7), rng.range(0.2, 0.9));
            let line = [
                at(from, up),
                at((from + long).min(1.0), up + rng.range(-0.1, 0.1) * half),
            ];
            let scar = rng.chance(0.12);
            let width = half
                * if scar {
                    rng.range(0.25, 0.5)
                } else {
                    rng.range(0.05, 0.15)
                };
            layer.stroke(&curve(&line), width, dark, 0.35 + 0.5 * t);
        }
        for _ in 0..(2.0 + 10.0 * t) as i32 {
            let (across, up) = (rng.range(-1.2, 1.2), rng.unit().powi(2) * thick * 1.6);
            layer.fill(
                &ellipse(at(across, up), half * 0.16, half * 0.4, 0.0),
                dark,
                0.5,
            );
        }
        for _ in 0..rng.int(1, 3) {
            let (up, reach) = (
                foot * rng.range(0.45, 0.9),
                rng.sign() * side * rng.range(0.05, 0.14),
            );
            let (bx, by) = at(0.0, up);
            let branch = [
                (bx, by),
                (bx + reach * 0.5, by - reach.abs() * 0.5),
                (bx + reach, by - reach.abs() * 1.3),
            ];
            layer.stroke(&curve(&branch), half * 0.22, dark, 0.8);
        }
    }
    canvas.over(&layer, 1.0);
}

/// Dabs leaves in clusters over the upper part.
fn crowns(
    canvas: &mut Canvas,
    rng: &mut Rng,
    floor: f32,
    t: f32,
    leaves: &[Color],
    [light, shade]: [Color; 2],
) {
    let (w, side) = (canvas.w(), canvas.side());
    let mut layer = Layer::new(canvas.width, canvas.height);
    let clusters = rng.noise();
    let size = side * (0.0045 + 0.0075 * t);
    let count = (w / side * (2600.0 - 1500.0 * t)) as i32;
    for _ in 0..count {
        let (x, v) = (rng.range(0.0, w), rng.unit());
        let y = floor * v * (1.05 - 0.35 * t);
        let dense = clusters.fbm(x / side * 2.6, y / side * 2.6, 3);
        if dense < v * 1.15 - 0.42 {
            continue;
        }
        let lit = smooth(-0.3, 0.7, dense + rng.range(-0.3, 0.3));
        let color = mix(
            mix(rng.pick(leaves), shade, 0.38 * (1.0 - lit)),
            light,
            0.36 * (1.0 - t),
        );
        let s = size * rng.range(0.6, 1.3);
        layer.fill(
            &ellipse((x, y), s, s * 0.62, rng.range(0.0, 3.1)),
            color,
            rng.range(0.65, 0.95),
        );
    }
    canvas.over(&layer, 1.0);
}

/// Draws bare twigs with hoar frost over the upper part.
fn twigs(canvas: &mut Canvas, rng: &mut Rng, floor: f32, t: f32, [light, shade]: [Color; 2]) {
    let (w, side) = (canvas.w(), canvas.side());
    let mut layer = Layer::new(canvas.width, canvas.height);
    let dark = mix(light, shade, 0.25 + 0.5 * t);
    for _ in 0..(w / side * (230.0 - 120.0 * t)) as i32 {
        let (x, y) = (rng.range(0.0, w), floor * rng.unit() * 0.75);
        let (reach, drop) = (rng.bell() * side * 0.12, side * rng.range(0.02, 0.12));
        let line = [
            (x, y),
            (x + reach * 0.5, y - drop * 0.2),
            (x + reach, y + drop),
        ];
        layer.stroke(&curve(&line), side * (0.0009 + 0.0016 * t), dark, 0.55);
        for k in 0..14 {
            let u = k as f32 / 14.0;
            let bend = 2.0 * u * (1.0 - u) * (drop * 0.7);
            let at = (x + reach * u, y + drop * u * u - bend * 0.3);
            let s = side * (0.0012 + 0.0022 * t) * rng.range(0.5, 1.6);
            layer.fill(&ellipse(at, s, s, 0.0), [1.0; 3], rng.range(0.4, 0.95));
        }
    }
    canvas.over(&layer, 1.0);
}

/// Strews leaves over the ground between two rows.
fn carpet(
    canvas: &mut Canvas,
    rng: &mut Rng,
    (floor, foot): (f32, f32),
    t: f32,
    leaves: &[Color],
    [light, shade]: [Color; 2],
) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let mut layer = Layer::new(canvas.width, canvas.height);
    let patches = rng.noise();
    for _ in 0..(w / side * 900.0) as i32 {
        let (x, y) = (
            rng.range(0.0, w),
            rng.range(floor, (foot + h * 0.12).min(h + 9.0)),
        );
        let near = (y - floor) / (h - floor);
        let lit = smooth(-0.5, 0.5, patches.fbm(x / side * 3.0, y / side * 9.0, 3));
        let base = ramp(&[(0.0, shade), (1.0, rng.pick(leaves))], 0.45 + 0.55 * lit);
        let color = mix(base, light, 0.5 * (1.0 - near).max(0.0).powi(2));
        let s = side * (0.002 + 0.0085 * near) * rng.range(0.6, 1.2);
        layer.fill(
            &ellipse((x, y), s, s * rng.range(0.3, 0.6), rng.range(-0.4, 0.4)),
            color,
            0.55 + 0.2 * t,
        );
    }
    canvas.over(&layer, 1.0);
}

/// Adds shafts of light that fall through the crowns.
fn rays(canvas: &mut Canvas, rng: &mut Rng, sun_x: f32, light: Color) {
    let (h, shafts) = (canvas.h(), rng.noise());
    canvas.paint(|x, y, c| {
        let angle = (x - sun_x).atan2(y + h * 0.35);
        let shaft = smooth(0.05, 0.8, shafts.fbm(angle * 9.0, 0.5, 3));
        add(c, scale(light, 0.3), shaft * smooth(1.1, 0.2, y / h) * 0.55)
    });
}
