//! Textiles: woven and knitted threads, lit from the side and laid in soft folds.

use crate::canvas::Canvas;
use crate::color::{Color, hex, mix, scale, smooth};
use crate::kind::{Kind, Look};
use crate::noise::{Noise, Rng};

pub(super) const KIND: Kind = Kind {
    folder: "Textiles",
    draw,
    looks: &[
        Look::new(
            "Tartan twill",
            "A tartan of wool in twill weave.",
            &["tartan", "plaid", "check", "Karo"],
        ),
        Look::new(
            "Herringbone tweed",
            "Herringbone tweed from near.",
            &["herringbone", "tweed", "Fischgrät"],
        ),
        Look::new(
            "Knitted wool",
            "Knitted wool with a pattern of stitches.",
            &["knit", "sweater", "stitches"],
        ),
        Look::new(
            "Gingham linen",
            "A light gingham of linen.",
            &["gingham", "linen", "check"],
        ),
        Look::new(
            "Striped blanket",
            "A striped blanket in warm colours.",
            &["stripes", "blanket", "colourful"],
        ),
    ],
    keywords: &[
        "textile", "fabric", "texture", "weave", "pattern", "cloth", "Stoff", "布料",
    ],
    places: &[],
};

const TARTANS: [[u32; 4]; 4] = [
    [0xa81c24, 0x16302c, 0xe8c04a, 0x1a2148],
    [0x1c4a34, 0x14243f, 0xd8dccf, 0xa82a2a],
    [0x24406f, 0x101820, 0xe4e4e0, 0x3a7a5a],
    [0xd2b48a, 0x2a2420, 0xf4eee2, 0xa82228],
];
const WOOLS: [[u32; 4]; 5] = [
    [0xb23a48, 0xf6ede0, 0x2c4a60, 0xe0a458],
    [0x2f5d62, 0xf2e8d5, 0xdfa06e, 0x7a3b46],
    [0xd9a441, 0xfbf3e0, 0x8a4b2f, 0x3f6a5e],
    [0x5a6f9e, 0xf3f3f0, 0xc9596a, 0x2a3352],
    [0x7d8b6a, 0xf4efe2, 0xb5654a, 0x4a4238],
];

/// A sequence of stripes: colour and width in threads.
type Stripes = Vec<(Color, i32)>;

fn draw(canvas: &mut Canvas, rng: &mut Rng, look: usize) {
    let side = canvas.side();
    let wool = rng.pick(&WOOLS).map(hex);
    let tartan = rng.pick(&TARTANS).map(hex);
    let thread = side / rng.range(105.0, 135.0);
    let fuzz = rng.noise();
    let turn = rng.range(-0.12, 0.12);
    let (folds, drape) = (rng.noise(), rng.range(0.5, 1.0));
    let sett = match look {
        0 => mirrored(rng, &tartan),
        3 => vec![(wool[1], rng.int(6, 9)), (wool[0], rng.int(6, 9))],
        4 => blanket(rng, &wool),
        _ => vec![(tartan[1], 1)],
    };
    let motif = rng.noise();
    let (sin, cos) = turn.sin_cos();
    canvas.paint(|x, y, _| {
        // The folds bend the threads a little, and light and shade them more.
        let (u, v) = (x / side, y / side);
        let fold = folds.fbm(u * 1.1 + v * 0.5, v * 0.7 - u * 0.3, 2);
        let slope = folds.fbm(u * 1.1 + v * 0.5 + 0.03, v * 0.7 - u * 0.3 + 0.02, 2) - fold;
        let bend = fold * side * 0.05 * drape;
        let (tx, ty) = (
            (x * cos - y * sin + bend) / thread,
            (x * sin + y * cos + bend * 0.6) / thread,
        );
        let cloth = match look {
            2 => knit(tx * 0.42, ty * 0.42, &wool, motif, fuzz),
            1 => tweed(tx, ty, &wool, fuzz),
            _ => woven(tx, ty, &sett, look, fuzz),
        };
        scale(
            cloth,
            (1.0 - slope * 6.5 * drape + fold * 0.10).clamp(0.3, 1.5),
        )
    });
    canvas.finish(0.3, 0.02, rng.noise());
}

/// Makes a sett that runs to its end and back, as tartans do.
fn mirrored(rng: &mut Rng, colors: &[Color]) -> Stripes {
    let [a, b, c, d] = [colors[0], colors[1], colors[2], colors[3]];
    let half = [
        (a, rng.int(10, 15)),
        (b, rng.int(3, 5)),
        (a, rng.int(2, 4)),
        (b, rng.int(8, 12)),
        (c, 2),
        (b, rng.int(3, 5)),
        (d, rng.int(4, 7)),
    ];
    half.iter()
        .chain(half.iter().rev().skip(1))
        .copied()
        .collect()
}

fn blanket(rng: &mut Rng, wool: &[Color]) -> Stripes {
    (0..rng.int(9, 14))
        .map(|i| (wool[(i % 4) as usize], rng.pick(&[2, 3, 5, 8, 13])))
        .collect()
}

fn stripe(stripes: &Stripes, thread: i32) -> Color {
    let total: i32 = stripes.iter().map(|s| s.1).sum();
    let mut left = thread.rem_euclid(total.max(1));
    for &(color, width) in stripes {
        if left < width {
            return color;
        }
        left -= width;
    }
    [0.5; 3]
}

/// Returns the colour of a round thread: `across` runs from -1 to 1 over it, `along` along it.
fn strand(color: Color, across: f32, along: f32, fuzz: Noise) -> Color {
    let round = (1.0 - across * across * 0.75).max(0.0).sqrt();
    // Fibres are twisted around the thread.
    let fibre = fuzz.at(along * 1.2 + across * 2.0, along * 5.0 - across * 5.0);
    let light = 0.40 + 0.66 * round + 0.14 * fibre - 0.10 * across;
    scale(mix(color, [1.0, 0.97, 0.92], 0.05), light)
}

/// Plain weave for linen and blankets, two-over-two twill for tartan.
fn woven(x: f32, y: f32, sett: &Stripes, look: usize, fuzz: Noise) -> Color {
    let (column, row) = (x.floor() as i32, y.floor() as i32);
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let warp_up = match look {
        0 => (column + row).rem_euclid(4) < 2,
        4 => (column + row).rem_euclid(2) == 0 && column.rem_euclid(2) == 0,
        _ => (column + row).rem_euclid(2) == 0,
    };
    let wear = 0.94 + 0.12 * fuzz.cell(column, row);
    let color = if warp_up && look != 4 {
        stripe(sett, column)
    } else {
        stripe(sett, row)
    };
    let cloth = if warp_up {
        strand(color, fx * 2.0 - 1.0, y, fuzz)
    } else {
        strand(color, fy * 2.0 - 1.0, x + 50.0, fuzz)
    };
    // Threads dive under their neighbours at both ends of a float.
    let end = if warp_up {
        (fy - 0.5).abs()
    } else {
        (fx - 0.5).abs()
    };
    let dive = if look == 0 { 0.10 } else { 0.30 };
    scale(cloth, wear * (1.0 - dive * smooth(0.2, 0.5, end)))
}

/// Twill whose direction turns every few threads.
fn tweed(x: f32, y: f32, wool: &[Color], fuzz: Noise) -> Color {
    let (column, row) = (x.floor() as i32, y.floor() as i32);
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let band = column.div_euclid(10);
    let diagonal = if band.rem_euclid(2) == 0 {
        column
    } else {
        -column - 1
    };
    let warp_up = (diagonal + row).rem_euclid(4) < 2;
    let dark = scale(wool[2], 0.62);
    // Flecks of other wool are spun into the yarn.
    let fleck = fuzz.at(x * 0.9 + 300.0, y * 0.9);
    let color = if warp_up {
        mix(wool[1], wool[3], smooth(0.55, 0.8, fleck))
    } else {
        mix(dark, wool[0], smooth(0.45, 0.8, fleck))
    };
    let cloth = if warp_up {
        strand(color, fx * 2.0 - 1.0, y, fuzz)
    } else {
        strand(color, fy * 2.0 - 1.0, x, fuzz)
    };
    scale(cloth, 0.92 + 0.14 * fuzz.cell(column, row))
}

/// Columns of V-shaped stitches; rows of a motif repeat in another colour.
fn knit(x: f32, y: f32, wool: &[Color], motif: Noise, fuzz: Noise) -> Color {
    let x = x * 0.8;
    let column = x.floor() as i32;
    let fx = (x - x.floor()) * 2.0 - 1.0;
    // Each half of a V climbs outwards.
    let lifted = y + fx.abs() * 0.55;
    let row = lifted.floor() as i32;
    let fy = (lifted - lifted.floor()) * 2.0 - 1.0;
    let (band, line) = (row.div_euclid(12), row.rem_euclid(12));
    let repeat = 3 + (motif.cell(band, 1) * 4.0) as i32;
    let fold = (column.rem_euclid(repeat * 2) - repeat).abs();
    let marked = match (motif.cell(band, 2) * 4.0) as i32 {
        0 => line == fold || line == 11 - fold,
        1 => (fold + line).rem_euclid(3) == 0 && (2..10).contains(&line),
        2 => line == 3 || line == 8 || (line == 5 && column.rem_euclid(2) == 0),
        _ => (line - 6).abs() + fold < repeat,
    };
    let ground = if band.rem_euclid(3) == 1 {
        wool[2]
    } else {
        wool[0]
    };
    let color = if marked {
        if band.rem_euclid(2) == 0 {
            wool[1]
        } else {
            wool[3]
        }
    } else {
        ground
    };
    let gap = smooth(1.0, 0.72, fx.abs()) * smooth(0.0, 0.14, fx.abs());
    let cloth = strand(color, fy, x * 3.0 + y * 2.0 * fx.signum(), fuzz);
    scale(cloth, 0.55 + 0.5 * gap)
}
