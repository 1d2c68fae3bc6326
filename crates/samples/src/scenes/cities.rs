//! Cities at night: rows of towers with lit windows, doubled by the water in front of them.

use crate::canvas::Canvas;
use crate::color::{add, hex, mix, ramp, scale, smooth};
use crate::kind::{Kind, Look, Place};
use crate::layer::Layer;
use crate::noise::Rng;
use crate::scenery::{cloud, stars};

mod tower;

use tower::{Palette, tower};

pub(super) const KIND: Kind = Kind {
    folder: "Cities at night",
    draw,
    looks: &[
        Look::new(
            "Skyline in the blue hour",
            "A skyline in the blue hour, its windows lit,",
            &["blue hour", "blue", "dusk"],
        ),
        Look::new(
            "Neon city by the river",
            "Neon light in pink and cyan on the river,",
            &["neon", "pink", "cyan", "river"],
        ),
        Look::new(
            "Amber lights downtown",
            "The towers downtown in warm amber light,",
            &["amber", "orange", "downtown"],
        ),
        Look::new(
            "Harbour city under the moon",
            "A harbour city under a full moon,",
            &["moon", "harbour", "green"],
        ),
    ],
    keywords: &[
        "city",
        "skyline",
        "night",
        "lights",
        "buildings",
        "reflection",
        "Stadt",
        "夜景",
    ],
    places: &[
        Place::new("Hong Kong", 22.294, 114.171),
        Place::new("New York", 40.703, -73.994),
        Place::new("Frankfurt, Germany", 50.107, 8.687),
        Place::new("Shanghai, China", 31.238, 121.490),
        Place::new("Singapore", 1.286, 103.857),
    ],
};

fn palette(look: usize) -> Palette {
    let ([high, low, far, near], windows, signs): ([u32; 4], &[u32], &[u32]) = match look {
        0 => (
            [0x0c1c48, 0x6f8fd0, 0x4a63a4, 0x0b1430],
            &[0xffe2a0, 0xffd27a, 0xfff2d0, 0xbfe0ff],
            &[0xff6a4a, 0x6ad0ff],
        ),
        1 => (
            [0x12082e, 0x9a2f86, 0x5a2a7a, 0x0d0722],
            &[0xff7ad8, 0x6af0ff, 0xffd0f0, 0xb08aff],
            &[0xff3ab0, 0x2ae0ff, 0x9a5aff],
        ),
        2 => (
            [0x1a1222, 0xd0743a, 0x75473f, 0x150d14],
            &[0xffc060, 0xffa040, 0xffe0a0, 0xffb870],
            &[0xff5a2a, 0xffd24a],
        ),
        _ => (
            [0x04141e, 0x2f7a78, 0x235660, 0x051218],
            &[0xd8ffe8, 0xffe6a8, 0xa8f0e0, 0xfff6d8],
            &[0x4affc0, 0xffb04a],
        ),
    };
    let [high, low, far, near] = [high, low, far, near].map(hex);
    Palette {
        high,
        low,
        far,
        near,
        windows,
        signs,
    }
}

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let p = palette(look);
    let shore = (h * rng.range(0.66, 0.76)).round();
    canvas.paint(|_, y, _| {
        let bright = scale(p.low, 1.25);
        let middle = mix(p.high, p.low, 0.45);
        ramp(
            &[(0.0, p.high), (0.5, middle), (0.9, p.low), (1.0, bright)],
            y / shore,
        )
    });
    stars(canvas, rng, shore * 0.7, if look == 0 { 60 } else { 160 });
    if look == 3 {
        moon(canvas, rng, shore);
    }
    let clouds = rng.noise();
    canvas.paint_box((0.0, 0.0), (w, shore), |x, y, c| {
        let thick = cloud(clouds, (x - w * 0.5) / h, (shore - y) / shore, 0.1);
        mix(c, mix(p.low, p.high, 0.35), thick * 0.45)
    });

    let rows = 4;
    for row in 0..rows {
        let t = row as f32 / (rows - 1) as f32;
        skyline(canvas, rng, &p, shore, t);
        // Lit haze lies between the rows.
        canvas.paint_box((0.0, shore * 0.3), (w, shore), |_, y, c| {
            let low_down = smooth(0.3, 1.0, y / shore);
            add(c, p.low, 0.2 * low_down * low_down * (1.0 - t))
        });
    }
    promenade(canvas, rng, &p, shore);
    canvas.bloom(0.5, side * 0.008, 0.55);
    canvas.bloom(0.55, side * 0.04, 0.35);

    // Waves draw each light out into a streak: the mirrored picture is smeared downwards first.
    let sharp = canvas.clone();
    canvas.blur(1.0, side * 0.022);
    let waves = rng.noise();
    canvas.mirror(
        shore,
        |x, y| {
            let near = (y - shore) / (h - shore);
            let n = waves.fbm(x / side * 7.0, y / side * 60.0 / (0.35 + near * 1.2), 3);
            (
                n * side * (0.004 + 0.012 * near),
                n * side * (0.02 + 0.10 * near),
            )
        },
        |_, _, mirrored, near| mix(scale(mirrored, 1.25), p.near, 0.08 + 0.45 * near),
    );
    canvas.restore_above(shore, &sharp);
    canvas.finish(0.35, 0.026, rng.noise());
}

fn moon(canvas: &mut Canvas, rng: &mut Rng, shore: f32) {
    let side = canvas.side();
    let (x, y) = (
        canvas.w() * rng.range(0.2, 0.8),
        shore * rng.range(0.16, 0.3),
    );
    let radius = side * rng.range(0.045, 0.07);
    let maria = rng.noise();
    canvas.glow(x, y, radius * 7.0, hex(0xa8e0d0), 0.35);
    canvas.paint_box(
        (x - radius, y - radius),
        (x + radius, y + radius),
        |px, py, c| {
            let d = ((px - x).powi(2) + (py - y).powi(2)).sqrt();
            let spots = maria.fbm((px - x) / radius * 1.6, (py - y) / radius * 1.6, 4);
            let face = mix(hex(0xfffbe8), hex(0xb9c4bd), smooth(0.0, 0.7, spots));
            mix(c, face, 1.0 - smooth(radius - 1.5, radius, d))
        },
    );
}

/// Draws one row of towers; `t` is 0 for the farthest row and 1 for the nearest.
fn skyline(canvas: &mut Canvas, rng: &mut Rng, p: &Palette, shore: f32, t: f32) {
    let (w, side) = (canvas.w(), canvas.side());
    let mut layer = Layer::new(canvas.width, canvas.height);
    let body = mix(p.far, p.near, t.powf(0.7));
    let tallest = shore * (0.86 - 0.36 * t);
    let center = w * rng.range(0.3, 0.7);
    let mut x = -side * 0.05;
    while x < w {
        let width = side * rng.range(0.04, 0.1) * (0.7 + 0.75 * t);
        let middle = (-((x - center) / (w * 0.33)).powi(2)).exp();
        let tall = tallest * (0.28 + 0.5 * middle * rng.range(0.4, 1.0) + rng.range(0.0, 0.24));
        tower(&mut layer, rng, p, (x, shore), (width, tall), body, t);
        x += width * rng.range(0.86, 1.22);
    }
    canvas.over(&layer, 1.0);
}

/// Sets a row of lamps along the water.
fn promenade(canvas: &mut Canvas, rng: &mut Rng, p: &Palette, shore: f32) {
    let side = canvas.side();
    canvas.paint_box(
        (0.0, shore - side * 0.012),
        (canvas.w(), shore),
        |_, _, _| scale(p.near, 0.8),
    );
    let mut x = rng.range(0.0, side * 0.05);
    while x < canvas.w() {
        let color = hex(rng.pick(p.windows));
        canvas.glow(x, shore - side * 0.016, side * 0.012, color, 1.1);
        canvas.glow(x, shore - side * 0.016, side * 0.05, color, 0.16);
        x += side * rng.range(0.035, 0.06);
    }
}
