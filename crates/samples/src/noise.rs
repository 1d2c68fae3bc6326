//! Chance and noise: a small seeded generator, and gradient noise built from hashes.

/// A SplitMix64 generator (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014): the same seed gives the same pictures everywhere and for ever.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    /// Starts the sequence of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number in 0..1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Returns a number between `low` and `high`.
    pub(crate) fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Returns a whole number in `low..=high`.
    pub(crate) fn int(&mut self, low: i32, high: i32) -> i32 {
        let count = (high - low + 1).max(1) as u64;
        low + (self.bits() % count) as i32
    }

    /// Returns true with probability `p`.
    pub(crate) fn chance(&mut self, p: f32) -> bool {
        self.unit() < p
    }

    /// Returns -1 or 1.
    pub(crate) fn sign(&mut self) -> f32 {
        if self.chance(0.5) { -1.0 } else { 1.0 }
    }

    /// Returns one of `choices`, which is not empty.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[(self.bits() % choices.len() as u64) as usize]
    }

    /// Returns a bell-shaped number around 0, about -1.7..1.7, of standard deviation about 0.58.
    pub(crate) fn bell(&mut self) -> f32 {
        (self.unit() + self.unit() + self.unit() + self.unit() - 2.0) * 1.0
    }

    /// Makes a noise field of its own.
    pub(crate) fn noise(&mut self) -> Noise {
        Noise(self.bits() as u32)
    }
}

/// A field of smooth gradient noise (Perlin, "Improving noise", 2002, with hashed gradients).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noise(u32);

impl Noise {
    /// Returns the noise at a point: about -1..1, features about one unit wide.
    pub(crate) fn at(self, x: f32, y: f32) -> f32 {
        let (xi, yi) = (floor(x), floor(y));
        let (fx, fy) = (x - xi as f32, y - yi as f32);
        let (u, v) = (fade(fx), fade(fy));
        let corner = |dx: i32, dy: i32| {
            let h = hash(xi.wrapping_add(dx), yi.wrapping_add(dy), self.0);
            let (gx, gy) = GRADIENTS[(h >> 28) as usize & 15];
            gx * (fx - dx as f32) + gy * (fy - dy as f32)
        };
        let top = corner(0, 0) + u * (corner(1, 0) - corner(0, 0));
        let bottom = corner(0, 1) + u * (corner(1, 1) - corner(0, 1));
        (top + v * (bottom - top)) * 1.45
    }

    /// Returns fractal noise, about -1..1: each octave is twice as fine and half as strong.
    pub(crate) fn fbm(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut weight, mut total) = (0.0, 1.0, 0.0);
        let (mut x, mut y) = (x, y);
        for _ in 0..octaves {
            sum += weight * self.at(x, y);
            total += weight;
            weight *= 0.5;
            // Each octave is turned, so that the lattice of one does not show through the next.
            (x, y) = (1.6 * x + 1.2 * y + 17.3, -1.2 * x + 1.6 * y - 9.1);
        }
        sum / total * 1.25
    }

    /// Returns fractal noise in space, about -1..1: for the surface of a ball, which no flat noise
    /// covers without stretching.
    pub(crate) fn solid(self, [x, y, z]: [f32; 3], octaves: u32) -> f32 {
        let (mut sum, mut weight, mut total, mut zoom) = (0.0, 1.0, 0.0, 1.0);
        for octave in 0..octaves {
            let shift = octave as f32 * 13.7;
            sum += weight * self.in_space(x * zoom + shift, y * zoom - shift, z * zoom + shift);
            total += weight;
            weight *= 0.5;
            zoom *= 2.03;
        }
        sum / total * 1.25
    }

    fn in_space(self, x: f32, y: f32, z: f32) -> f32 {
        let (xi, yi, zi) = (floor(x), floor(y), floor(z));
        let (fx, fy, fz) = (x - xi as f32, y - yi as f32, z - zi as f32);
        let (u, v, w) = (fade(fx), fade(fy), fade(fz));
        let corner = |dx: i32, dy: i32, dz: i32| {
            let slice = self.0 ^ (zi.wrapping_add(dz) as u32).wrapping_mul(0x27d4_eb2f);
            let h = hash(xi.wrapping_add(dx), yi.wrapping_add(dy), slice);
            let [gx, gy, gz] = EDGES[(h >> 28) as usize & 15];
            gx * (fx - dx as f32) + gy * (fy - dy as f32) + gz * (fz - dz as f32)
        };
        let line = |dy, dz| {
            let (a, b) = (corner(0, dy, dz), corner(1, dy, dz));
            a + u * (b - a)
        };
        let plane = |dz| {
            let (a, b) = (line(0, dz), line(1, dz));
            a + v * (b - a)
        };
        let (near, far) = (plane(0), plane(1));
        near + w * (far - near)
    }

    /// Returns fractal noise with sharp crests, 0..1, crests at 1.
    pub(crate) fn ridge(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut weight, mut total) = (0.0, 1.0, 0.0);
        let (mut x, mut y) = (x, y);
        for _ in 0..octaves {
            let crest = 1.0 - self.at(x, y).abs();
            sum += weight * crest * crest;
            total += weight;
            weight *= 0.5;
            (x, y) = (1.6 * x + 1.2 * y + 5.7, -1.2 * x + 1.6 * y + 31.9);
        }
        sum / total
    }

    /// Returns a random number in 0..1 that belongs to a whole cell.
    pub(crate) fn cell(self, x: i32, y: i32) -> f32 {
        (hash(x, y, self.0) >> 8) as f32 / (1u32 << 24) as f32
    }
}

const D: f32 = std::f32::consts::FRAC_1_SQRT_2;
const GRADIENTS: [(f32, f32); 16] = [
    (1.0, 0.0),
    (0.924, 0.383),
    (D, D),
    (0.383, 0.924),
    (0.0, 1.0),
    (-0.383, 0.924),
    (-D, D),
    (-0.924, 0.383),
    (-1.0, 0.0),
    (-0.924, -0.383),
    (-D, -D),
    (-0.383, -0.924),
    (0.0, -1.0),
    (0.383, -0.924),
    (D, -D),
    (0.924, -0.383),
];

/// Gradients in space: the middles of a cube's edges, four of them twice.
const EDGES: [[f32; 3]; 16] = [
    [1.0, 1.0, 0.0],
    [-1.0, 1.0, 0.0],
    [1.0, -1.0, 0.0],
    [-1.0, -1.0, 0.0],
    [1.0, 0.0, 1.0],
    [-1.0, 0.0, 1.0],
    [1.0, 0.0, -1.0],
    [-1.0, 0.0, -1.0],
    [0.0, 1.0, 1.0],
    [0.0, -1.0, 1.0],
    [0.0, 1.0, -1.0],
    [0.0, -1.0, -1.0],
    [1.0, 1.0, 0.0],
    [-1.0, 1.0, 0.0],
    [0.0, -1.0, 1.0],
    [0.0, -1.0, -1.0],
];

fn fade(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Rounds down without a library call: noise is asked for hundreds of millions of times.
fn floor(x: f32) -> i32 {
    let whole = x as i32;
    whole - i32::from(x < whole as f32)
}

fn hash(x: i32, y: i32, seed: u32) -> u32 {
    let mut h = (x as u32).wrapping_mul(0x9e37_79b1)
        ^ (y as u32).wrapping_mul(0x85eb_ca77)
        ^ seed.wrapping_mul(0xc2b2_ae3d);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    h ^ (h >> 15)
}
