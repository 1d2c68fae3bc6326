//! Flowers from near: a few heads in focus before a soft garden.

use crate::canvas::Canvas;
use crate::color::{Color, hex, mix, scale, smooth};
use crate::kind::{Kind, Look, Place};
use crate::layer::{Layer, curve};
use crate::noise::Rng;
use crate::scenery::bokeh;

mod head;

use head::{Species, head};

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
