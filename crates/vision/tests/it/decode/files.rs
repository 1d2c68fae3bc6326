//! Reference files and pictures that several tests use.

use std::path::{Path, PathBuf};
use vision::{Decoded, Limits, Rgb, decode};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// The bytes of a reference file.
pub(crate) fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Every reference file that is an input, by name.
pub(crate) fn inputs() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| vision::has_picture_extension(name))
        .filter(|name| !name.ends_with(".want.png") && !name.starts_with("scene."))
        .collect();
    names.sort();
    names
}

/// The HEIC and AVIF among the reference files that this build decodes, by name.
pub(crate) fn heifs() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder().join("heif"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            (cfg!(feature = "heic") && name.ends_with(".heic"))
                || (cfg!(feature = "avif") && name.ends_with(".avif"))
        })
        .map(|name| format!("heif/{name}"))
        .collect();
    names.sort();
    names
}

pub(crate) fn decoded(name: &str) -> Decoded {
    decode(&bytes(name), &Limits::default(), None).unwrap_or_else(|e| panic!("{name}: {e}"))
}

pub(crate) fn picture(name: &str) -> Rgb {
    decoded(name).picture
}

/// The formula of `scene` in scripts/reference/pillow.py.
pub(crate) fn scene(width: u32, height: u32) -> Rgb {
    let (w, h) = (i64::from(width), i64::from(height));
    let mut pixels = Vec::new();
    for y in 0..h {
        for x in 0..w {
            let mut r = x * 255 / (w - 1).max(1);
            let g = y * 255 / (h - 1).max(1);
            let (dx, dy) = (x - w / 2, y - h / 2);
            if (x / 12 + y / 9) % 3 == 0 {
                r = 255 - r;
            }
            let grain = (x * 37 + y * 91 + x * y * 13) % 31 - 15;
            let b = (dx * dx + dy * dy) / 16 % 256;
            pixels.extend([r + grain, g + grain, b].map(|v| v.clamp(0, 255) as u8));
        }
    }
    Rgb::new(width, height, pixels).unwrap()
}

/// Mean and greatest difference of two runs of bytes.
pub(crate) fn difference(got: &[u8], expected: &[u8]) -> (f64, u8) {
    assert_eq!(got.len(), expected.len());
    let differences = || got.iter().zip(expected).map(|(a, b)| a.abs_diff(*b));
    let sum: u64 = differences().map(u64::from).sum();
    (
        sum as f64 / got.len() as f64,
        differences().max().unwrap_or(0),
    )
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}
