//! Sunsets over the sea: a sky lit from behind flat clouds, and its glitter on the water.

use crate::canvas::Canvas;
use crate::color::{Color, add, hex, mix, ramp, scale, smooth};
use crate::kind::{Kind, Look, Place};
use crate::layer::{Layer, blob, curve, polygon};
use crate::noise::{Noise, Rng};
use crate::scenery::cloud;

pub(super) const KIND: Kind = Kind {
    folder: "Sunsets",
    draw,
    looks: &[
        Look::new(
            "Sunset over a calm sea",
            "The sun goes down in orange light over calm water,",
            &["orange", "calm"],
        ),
        Look::new(
            "Violet dusk by the sea",
            "The last pink and violet light above the waves,",
            &["violet", "pink", "dusk"],
        ),
        Look::new(
            "Golden evening on the water",
            "A golden evening with glitter on the water,",
            &["golden", "yellow", "glitter"],
        ),
        Look::new(
            "Crimson sky at sunset",
            "Burning red clouds at sunset,",
            &["red", "crimson", "Abendrot"],
        ),
        Look::new(
            "Pastel morning over the bay",
            "A quiet pastel sunrise over the bay,",
            &["sunrise", "pastel", "morning"],
        ),
    ],
    keywords: &[
        "sunset",
        "sea",
        "ocean",
        "sky",
        "clouds",
        "sun",
        "evening",
        "Sonnenuntergang",
        "日落",
    ],
    places: &[
        Place::new("Santorini, Greece", 36.393, 25.461),
        Place::new("Big Sur, California", 36.270, -121.807),
        Place::new("Sylt, Germany", 54.907, 8.304),
        Place::new("Algarve, Portugal", 37.083, -8.668),
    ],
};

/// Sky from the horizon (0) to the top (1), then sun, lit clouds, shaded clouds, deep water.
struct Palette {
    sky: [(f32, Color); 4],
    sun: Color,
    lit: Color,
    shade: Color,
    water: Color,
}

fn palette(look: usize) -> Palette {
    let (sky, rest): ([u32; 4], [u32; 4]) = match look {
        0 => (
            [0xffc46b, 0xf58a4b, 0xa85a6e, 0x34406f],
            [0xfff0c0, 0xffa95e, 0x5b4a6b, 0x16233f],
        ),
        1 => (
            [0xffb59a, 0xd9789f, 0x7d5aa6, 0x2a2d66],
            [0xffe0d0, 0xff9bb0, 0x4d3f7a, 0x1a1c48],
        ),
        2 => (
            [0xffdc7a, 0xfcb33e, 0xd07f3c, 0x5f5a78],
            [0xfff4c8, 0xffd67a, 0x7d5648, 0x33303f],
        ),
        3 => (
            [0xff9a4a, 0xe8503a, 0x8f2d4a, 0x241f45],
            [0xffe2a8, 0xff6a3c, 0x451f3d, 0x150f26],
        ),
        _ => (
            [0xffd3b6, 0xf5b3b8, 0xa9b4dc, 0x5f8cc6],
            [0xffeed8, 0xffe0d4, 0x9a8fb4, 0x3f6288],
        ),
    };
    let [a, b, c, d] = sky.map(hex);
    let [sun, lit, shade, water] = rest.map(hex);
    Palette {
        sky: [(0.0, a), (0.22, b), (0.55, c), (1.0, d)],
        sun,
        lit,
        shade,
        water,
    }
}

struct Sky {
    palette: Palette,
    noise: Noise,
    cover: f32,
    /// The sun's place: right of the middle and above the horizon, in heights of the sky.
    sun: (f32, f32),
}

impl Sky {
    /// Returns the sky's colour; `right` and `up` are in heights of the sky.
    fn color(&self, right: f32, up: f32) -> Color {
        let p = &self.palette;
        let (dx, dy) = (right - self.sun.0, (up - self.sun.1) * 1.25);
        let away = (dx * dx + dy * dy).sqrt();
        let mut c = ramp(&p.sky, up);
        c = mix(c, mix(p.sky[0].1, p.sun, 0.25), 0.75 * (-away * 2.8).exp());
        c = mix(c, p.sun, 0.75 * (-away * 9.0).exp());

        let thick = cloud(self.noise, right, up, self.cover);
        // A cloud is bright where the way from it to the sun is thinner than the cloud itself.
        let toward = (
            right + (self.sun.0 - right) * 0.07,
            up + (self.sun.1 - up) * 0.07 - 0.012,
        );
        let thinner = thick - cloud(self.noise, toward.0, toward.1, self.cover);
        let near = (-away * 1.1).exp();
        let light = (0.5 + thinner * 1.7 - thick * 0.34).clamp(0.0, 1.0) * (0.35 + near);
        let body = add(
            mix(p.shade, p.lit, light),
            p.sun,
            0.16 * near * near * light,
        );
        c = mix(c, body, thick * (0.35 + 0.6 * smooth(0.0, 0.12, up)));

        let disc = 1.0 - smooth(0.042, 0.047, away);
        mix(c, scale(p.sun, 1.35), disc * (1.0 - thick * 0.6))
    }
}

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let (w, h) = (canvas.w(), canvas.h());
    let horizon = (h * rng.range(0.54, 0.66)).round();
    let sky = Sky {
        palette: palette(look),
        noise: rng.noise(),
        cover: rng.range(0.02, 0.24),
        sun: (rng.range(-0.3, 0.3) * w / horizon, rng.range(0.05, 0.2)),
    };
    canvas.paint(|x, y, _| sky.color((x - w * 0.5) / horizon, (horizon - y) / horizon));
    headland(canvas, rng, horizon, &sky);

    let (waves, sparkle) = (rng.noise(), rng.noise());
    let calm = rng.range(0.6, 1.4);
    let sun_x = w * 0.5 + sky.sun.0 * horizon;
    let flat = |x: f32, y: f32| {
        let distance = h / (y - horizon + h * 0.012);
        ((x - w * 0.5) / h * distance, distance)
    };
    canvas.mirror(
        horizon,
        |x, y| {
            let (wx, wz) = flat(x, y);
            let n = waves.fbm(wx * 1.6, wz * 4.5, 4);
            (n * 14.0, n * (y - horizon) * 0.30 * calm)
        },
        |x, y, mirrored, near| {
            let (wx, wz) = flat(x, y);
            let facing = waves.fbm(wx * 2.0 + 9.0, wz * 5.0, 4);
            let deep = (0.16 + 0.42 * near + facing * 0.30 * calm).clamp(0.05, 0.85);
            let water = mix(scale(mirrored, 0.92), sky.palette.water, deep);
            // The sun's path: glitter on the wave faces that happen to look at it.
            let path = (x - sun_x) / (h * (0.035 + 0.15 * near));
            let glint = sparkle.fbm(wx * 5.0, wz * 15.0, 3) + sparkle.at(x * 0.05, y * 0.34) * 0.5;
            let shine = (-path * path).exp() * smooth(-0.1, 0.75, glint + 0.22 - near * 0.25);
            add(water, sky.palette.sun, shine * 0.95)
        },
    );
    if rng.chance(0.55) {
        sail(canvas, rng, horizon, &sky);
    }
    birds(canvas, rng, horizon, sky.palette.shade);
    canvas.bloom(0.82, canvas.side() * 0.03, 0.2);
    canvas.finish(0.32, 0.022, rng.noise());
}

/// Draws hazy land along part of the horizon.
fn headland(canvas: &mut Canvas, rng: &mut Rng, horizon: f32, sky: &Sky) {
    let (w, h) = (canvas.w(), canvas.h());
    let from_left = rng.chance(0.5);
    for layer in 0..rng.int(1, 3) {
        let noise = rng.noise();
        let (reach, tall) = (rng.range(0.25, 0.7), h * rng.range(0.035, 0.085));
        let haze = mix(
            sky.palette.shade,
            sky.palette.sky[0].1,
            0.55 - layer as f32 * 0.22,
        );
        canvas.paint_box((0.0, horizon - h * 0.14), (w, horizon), |x, y, c| {
            let u = if from_left { x / w } else { 1.0 - x / w };
            let rise = (1.0 - smooth(0.0, reach, u)) * (0.75 + 0.4 * noise.fbm(u * 6.0, 0.5, 5));
            let top = horizon - tall * rise;
            mix(
                c,
                haze,
                smooth(-0.7, 0.7, y - top) * smooth(0.0, 0.04, rise),
            )
        });
    }
}

/// Draws a small sailing boat and its reflection.
fn sail(canvas: &mut Canvas, rng: &mut Rng, horizon: f32, sky: &Sky) {
    let (w, h) = (canvas.w(), canvas.h());
    let size = h * rng.range(0.05, 0.09);
    let (x, y) = (
        w * rng.range(0.15, 0.85),
        horizon + h * rng.range(0.012, 0.05),
    );
    let dark = scale(sky.palette.shade, 0.42);
    for (flip, alpha) in [(1.0, 0.95), (-0.75, 0.35)] {
        let at = |dx: f32, dy: f32| (x + dx * size, y - dy * size * flip);
        let mut layer = Layer::new(canvas.width, canvas.height);
        let hull = [
            at(-0.42, 0.0),
            at(-0.5, 0.12),
            at(0.55, 0.14),
            at(0.38, 0.0),
        ];
        layer.fill(&polygon(&hull), dark, alpha);
        let cloth = mix(dark, sky.palette.lit, 0.35);
        layer.fill(
            &polygon(&[at(0.02, 0.2), at(0.06, 1.25), at(0.5, 0.22)]),
            cloth,
            alpha,
        );
        layer.fill(
            &polygon(&[at(-0.04, 0.2), at(0.02, 1.1), at(-0.42, 0.22)]),
            dark,
            alpha,
        );
        canvas.over(&layer, 1.0);
    }
}

fn birds(canvas: &mut Canvas, rng: &mut Rng, horizon: f32, color: Color) {
    let mut layer = Layer::new(canvas.width, canvas.height);
    let (cx, cy) = (
        canvas.w() * rng.range(0.2, 0.8),
        horizon * rng.range(0.3, 0.65),
    );
    for _ in 0..rng.int(0, 7) {
        let (x, y) = (
            cx + rng.bell() * canvas.w() * 0.1,
            cy + rng.bell() * horizon * 0.09,
        );
        let s = canvas.side() * rng.range(0.008, 0.018);
        let lift = rng.range(0.3, 0.8) * s;
        let wing = [
            (x - s, y - lift * 0.6),
            (x - s * 0.45, y - lift),
            (x, y),
            (x + s * 0.45, y - lift),
            (x + s, y - lift * 0.55),
        ];
        layer.stroke(&curve(&wing), s * 0.16, scale(color, 0.5), 0.9);
        layer.fill(
            &blob(&[(x - s * 0.2, y), (x, y - s * 0.1), (x + s * 0.2, y)]),
            color,
            0.9,
        );
    }
    canvas.over(&layer, 1.0);
}
