//! Planets before nebulas: gas giants, oceans, ice, lava; some with rings and moons.

use crate::canvas::Canvas;
use crate::color::{Color, add, hex, mix, ramp, scale, smooth};
use crate::kind::{Kind, Look};
use crate::noise::{Noise, Rng};
use crate::scenery::stars;

pub(super) const KIND: Kind = Kind {
    folder: "Planets",
    draw,
    looks: &[
        Look::new(
            "Ringed gas giant",
            "A banded gas giant with wide rings.",
            &["rings", "gas giant", "yellow"],
        ),
        Look::new(
            "Blue ocean world",
            "A blue world of oceans, continents and clouds.",
            &["blue", "ocean", "clouds", "Erde"],
        ),
        Look::new(
            "Red desert planet",
            "A red desert planet with thin air.",
            &["red", "desert"],
        ),
        Look::new(
            "Turquoise ice giant",
            "A pale turquoise ice giant and its ring.",
            &["turquoise", "ice", "rings"],
        ),
        Look::new(
            "Molten planet",
            "A dark planet crossed by glowing rivers of lava.",
            &["lava", "orange", "fire"],
        ),
    ],
    keywords: &[
        "planet",
        "space",
        "stars",
        "nebula",
        "astronomy",
        "Weltraum",
        "行星",
    ],
    places: &[],
};

/// Nebula, nebula's second colour, air around the planet, then three colours of its ground.
fn palette(look: usize) -> [Color; 6] {
    match look {
        0 => [0x5a3a8a, 0x2a5a9a, 0xffd9a0, 0xf3dcb0, 0xc98f55, 0x8a5a3c],
        1 => [0x1f4f8f, 0x6a3a9a, 0x7fc4ff, 0x0f3f7a, 0x3f7a46, 0xb59a62],
        2 => [0x8a3a3a, 0x3a3a8a, 0xff9a70, 0xb84a22, 0x5a2016, 0xd98a50],
        3 => [0x1f6a7a, 0x3a3a9a, 0xa8f0ff, 0x8fe0e0, 0x4fa8c0, 0xd8fff8],
        _ => [0x7a2a2a, 0x4a2a6a, 0xff7a3a, 0x1c1516, 0x3a2a28, 0x120c10],
    }
    .map(hex)
}

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let (w, h, side) = (canvas.w(), canvas.h(), canvas.side());
    let [gas_a, gas_b, air, ..] = palette(look);
    nebula(canvas, rng, gas_a, gas_b);
    stars(canvas, rng, h * 2.2, (w * h / 420.0) as usize);
    let planet = Planet {
        x: w * rng.range(0.36, 0.64),
        y: h * rng.range(0.42, 0.58),
        radius: side * rng.range(0.25, 0.36),
        sun: direction(rng),
        tilt: rng.range(-0.5, 0.5),
        noise: rng.noise(),
        look,
    };
    let ringed = look == 0 || look == 3;
    let ring = Ring {
        noise: rng.noise(),
        flat: rng.range(0.16, 0.34),
        inner: 1.35,
        outer: rng.range(1.9, 2.3),
    };
    if ringed {
        ring.draw(canvas, &planet, false);
    }
    planet.draw(canvas, ringed.then_some(&ring));
    if ringed {
        ring.draw(canvas, &planet, true);
    }
    for _ in 0..rng.int(0, 2) {
        let angle = rng.range(0.0, std::f32::consts::TAU);
        let far = planet.radius * rng.range(1.5, 2.0);
        let moon = Planet {
            x: planet.x + angle.cos() * far * 1.2,
            y: planet.y + angle.sin() * far * 0.8,
            radius: side * rng.range(0.018, 0.045),
            sun: planet.sun,
            tilt: 0.0,
            noise: rng.noise(),
            look: 5,
        };
        moon.draw(canvas, None);
    }
    canvas.bloom(0.6, side * 0.03, 0.3);
    let lit = (
        planet.x + planet.sun[0] * planet.radius,
        planet.y + planet.sun[1] * planet.radius,
    );
    canvas.glow(lit.0, lit.1, planet.radius * 1.1, air, 0.13);
    canvas.finish(0.3, 0.022, rng.noise());
}

fn direction(rng: &mut Rng) -> [f32; 3] {
    let (x, y, z) = (
        rng.sign() * rng.range(0.55, 0.8),
        rng.range(-0.5, 0.2),
        rng.range(0.35, 0.6),
    );
    let length = (x * x + y * y + z * z).sqrt();
    [x / length, y / length, z / length]
}

fn nebula(canvas: &mut Canvas, rng: &mut Rng, gas_a: Color, gas_b: Color) {
    let side = canvas.side();
    let (a, b, dust) = (rng.noise(), rng.noise(), rng.noise());
    canvas.paint(|x, y, _| {
        let (u, v) = (x / side * 1.7, y / side * 1.7);
        let (bx, by) = (a.fbm(u, v, 4), a.fbm(u + 9.0, v + 4.0, 4));
        let cloud = b.fbm(u + bx * 1.1, v + by * 1.1, 6) * 0.5 + 0.5;
        let lane = dust.ridge(u * 1.1 + by * 0.6, v * 1.1 + bx * 0.6, 5);
        let gas = mix(gas_a, gas_b, smooth(-0.5, 0.5, bx));
        let glow = smooth(0.12, 0.95, cloud).powf(1.25) * (1.2 - 0.7 * lane);
        let c = add(hex(0x070916), gas, glow.max(0.0) * 1.35);
        add(c, mix(gas, [1.0; 3], 0.5), smooth(0.72, 1.1, cloud) * 0.35)
    });
}

struct Planet {
    x: f32,
    y: f32,
    radius: f32,
    /// Towards the sun: right, down, towards the eye; of length one.
    sun: [f32; 3],
    tilt: f32,
    noise: Noise,
    look: usize,
}

impl Planet {
    /// Returns the ground's colour and its own glow at a point of the unit ball.
    fn ground(&self, x: f32, y: f32, z: f32) -> (Color, f32) {
        let n = self.noise;
        let [_, _, _, a, b, c] = palette(self.look);
        let at = |zoom: f32, octaves| n.solid([x * zoom, y * zoom, z * zoom], octaves);
        match self.look {
            0 | 3 => {
                let calm = if self.look == 0 { 1.0 } else { 0.35 };
                let swirl =
                    at(2.2, 5) * 0.10 * calm + n.solid([x * 3.0, y * 16.0, z * 3.0], 4) * 0.06;
                let band = n.fbm(3.0, (y + swirl) * 5.0, 4) * 0.5 + 0.5;
                let fine = n.fbm(x * 0.8 + 40.0, (y + swirl) * 26.0, 3) * 0.09;
                let t = (band + fine) * (0.35 + 0.65 * calm) + 0.2 * (1.0 - calm);
                (ramp(&[(0.1, c), (0.42, b), (0.75, a)], t), 0.0)
            }
            1 => {
                let land = at(1.5, 7);
                let ground = mix(b, c, smooth(0.0, 0.5, at(4.0, 4)));
                let coast = mix(a, hex(0x2a8fb8), smooth(-0.22, 0.1, land));
                let globe = mix(coast, ground, smooth(0.08, 0.12, land));
                let ice = smooth(0.78, 0.86, y.abs() + at(5.0, 3) * 0.06);
                let bend = at(1.3, 3) * 0.7;
                let veil = n.solid([x * 2.2 + bend + 30.0, y * 4.6 + bend, z * 2.2], 6);
                let clouds = smooth(0.02, 0.55, veil);
                (
                    mix(mix(globe, hex(0xf0f6fa), ice), [1.0; 3], clouds * 0.9),
                    0.0,
                )
            }
            2 => {
                let relief = at(1.7, 7);
                let dust = mix(a, c, smooth(-0.4, 0.6, at(1.2, 4)));
                let cap = smooth(0.84, 0.9, -y + at(6.0, 3) * 0.04);
                let rock = mix(dust, b, smooth(-0.05, 0.4, relief) * 0.9);
                (
                    mix(scale(rock, 1.0 + at(9.0, 4) * 0.22), hex(0xfff2e8), cap),
                    0.0,
                )
            }
            4 => {
                let bend = at(4.0, 4) * 0.16;
                let crack = n.solid([x * 1.9 + bend, y * 1.9 + bend, z * 1.9], 3).abs();
                let hot = smooth(0.13, 0.0, crack) * (0.55 + 0.45 * at(6.0, 3));
                (mix(mix(a, b, at(3.0, 5) + 0.4), c, 0.2), hot)
            }
            _ => (scale(hex(0xb8b0a8), 0.8 + 0.4 * at(3.0, 5)), 0.0),
        }
    }

    fn draw(&self, canvas: &mut Canvas, ring: Option<&Ring>) {
        let air = palette(self.look.min(4))[2];
        let thick = if self.look == 5 { 0.0 } else { 1.0 };
        let (sin, cos) = self.tilt.sin_cos();
        let r = self.radius;
        let reach = r * 1.3;
        let (from, to) = (
            (self.x - reach, self.y - reach),
            (self.x + reach, self.y + reach),
        );
        canvas.paint_box(from, to, |px, py, c| {
            let (dx, dy) = ((px - self.x) / r, (py - self.y) / r);
            let d = (dx * dx + dy * dy).sqrt();
            let toward = (dx * self.sun[0] + dy * self.sun[1]) / d.max(0.01);
            let halo =
                (-(d - 1.0).max(0.0) * 16.0).exp() * (0.12 + 0.88 * smooth(-0.5, 0.8, toward));
            let sky = add(c, air, 0.5 * thick * halo * smooth(1.3, 1.1, d));
            if d > 1.0 + 1.0 / r {
                return sky;
            }
            let dz = (1.0 - d * d).max(0.0).sqrt();
            let sun: f32 = dx * self.sun[0] + dy * self.sun[1] + dz * self.sun[2];
            let (gx, gy) = (dx * cos + dy * sin, -dx * sin + dy * cos);
            let (ground, hot) = self.ground(gx, gy, dz);
            let mut day = smooth(-0.12, 0.75, sun);
            if let Some(ring) = ring {
                // The ring's shadow falls as a band beside the ring's own line.
                let line = gy + 0.16 * self.sun[1].signum() - gx * 0.05;
                day *= 1.0 - 0.45 * (-(line / (0.05 + ring.flat * 0.2)).powi(2)).exp();
            }
            let rim = (1.0 - dz).powf(2.6) * smooth(-0.2, 0.6, sun) * thick;
            let mut surface = scale(ground, 0.015 + 1.12 * day);
            surface = add(surface, air, rim * 0.85);
            surface = add(
                surface,
                ramp(&[(0.0, hex(0xd02808)), (1.0, hex(0xffc85a))], hot),
                hot * 1.1,
            );
            mix(sky, surface, smooth(1.0 + 0.8 / r, 1.0 - 0.8 / r, d))
        });
    }
}

struct Ring {
    noise: Noise,
    /// How narrow the ellipse looks: height by width.
    flat: f32,
    /// Radii in radii of the planet.
    inner: f32,
    outer: f32,
}

impl Ring {
    /// Draws the half of the ring in front of the planet, or the half behind it.
    fn draw(&self, canvas: &mut Canvas, planet: &Planet, front: bool) {
        let [.., air, a, b, _] = palette(planet.look);
        let (sin, cos) = planet.tilt.sin_cos();
        canvas.paint(|px, py, c| {
            let (dx, dy) = (
                (px - planet.x) / planet.radius,
                (py - planet.y) / planet.radius,
            );
            let (lx, ly) = (dx * cos + dy * sin, (-dx * sin + dy * cos) / self.flat);
            let d = (lx * lx + ly * ly).sqrt();
            if (ly > 0.0) != front || d < self.inner - 0.02 || d > self.outer + 0.02 {
                return c;
            }
            let grooves = self.noise.fbm(d * 13.0, 0.5, 5) * 0.5 + 0.5;
            let ends =
                smooth(self.inner, self.inner + 0.06, d) * smooth(self.outer, self.outer - 0.1, d);
            let gap = 1.0 - 0.85 * (-((d - self.inner - 0.52) * 26.0).powi(2)).exp();
            // The planet's shadow is a cylinder that stretches away from the sun.
            let at = [dx, dy, ly * (1.0 - self.flat * self.flat).sqrt()];
            let along: f32 = at.iter().zip(planet.sun).map(|(a, s)| a * s).sum();
            let beside = (at.iter().map(|a| a * a).sum::<f32>() - along * along)
                .max(0.0)
                .sqrt();
            let shadow = smooth(0.0, -0.2, along) * smooth(1.04, 0.96, beside);
            let dust = mix(mix(b, a, grooves), air, 0.25);
            mix(
                c,
                scale(dust, 1.05 - 0.85 * shadow),
                ends * gap * (0.25 + 0.65 * grooves),
            )
        });
    }
}
