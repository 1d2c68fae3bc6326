//! Descriptors: golden values that bind each to its fingerprint, and pictures in which there is
//! little to see.

use crate::synthetic::picture;
use vision::{
    COLOR_DIMS, COLOR_EXTRACTOR, Described, LOOKS_DIMS, LOOKS_EXTRACTOR, ResizeFilter, Rgb,
    SHAPE_DIMS, SHAPE_EXTRACTOR, TEXTURE_DIMS, TEXTURE_EXTRACTOR, color, dominant_colors,
    resize_rgb, shape, texture, working_size,
};

type Descriptor = (&'static str, usize, fn(&Rgb) -> Vec<f32>);

const DESCRIPTORS: [Descriptor; 4] = [
    (COLOR_EXTRACTOR, COLOR_DIMS, color),
    (TEXTURE_EXTRACTOR, TEXTURE_DIMS, texture),
    (SHAPE_EXTRACTOR, SHAPE_DIMS, shape),
    (LOOKS_EXTRACTOR, LOOKS_DIMS, |picture| {
        Described::new(picture).looks()
    }),
];

/// Sums of the descriptor's numbers under six fixed patterns of signs: a change of any number by
/// 1e-4 shows.
fn projections(descriptor: &[f32]) -> [f64; 6] {
    let mut state = 1_u32;
    let mut sums = [0.0; 6];
    for &value in descriptor {
        for sum in &mut sums {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *sum += f64::from(value) * if state >> 31 == 0 { 1.0 } else { -1.0 };
        }
    }
    sums
}

/// A vector is only ever compared with vectors of the same fingerprint. Who changes what a
/// descriptor gives changes its fingerprint (`color/1` becomes `color/2`) together with the values
/// here.
#[test]
fn values_belong_to_their_fingerprint() {
    let picture = picture(7, 256, 171);
    let golden: [(&str, [f64; 6]); 4] = [
        (
            "color/1",
            [
                -1.029951, -0.114236, -0.250629, -0.483666, -0.793800, 1.751852,
            ],
        ),
        (
            "texture/1",
            [
                0.856148, -1.150367, 0.206205, -1.065278, 0.536892, -0.476146,
            ],
        ),
        (
            "shape/1",
            [
                0.906202, 0.647859, -1.345741, -0.578324, 0.332294, -0.616297,
            ],
        ),
        (
            "looks/1",
            [
                -0.557024, -0.694560, -0.020351, 0.092321, -0.247869, -0.528297,
            ],
        ),
    ];
    let got = DESCRIPTORS.map(|(name, _, describe)| (name, projections(&describe(&picture))));
    for ((name, got_sums), (expected_name, expected_sums)) in got.iter().zip(&golden) {
        assert_eq!(name, expected_name);
        let apart = |(a, b): (&f64, &f64)| (a - b).abs() > 2e-5;
        assert!(
            !got_sums.iter().zip(expected_sums).any(apart),
            "{name} gives other values than it did: {got:.6?}"
        );
    }
}

#[test]
fn every_picture_gives_a_unit_vector() {
    let flat = |width: u32, height: u32, value: u8| {
        Rgb::new(width, height, vec![value; (3 * width * height) as usize]).unwrap()
    };
    let pictures = [
        flat(1, 1, 0),
        flat(1, 256, 255),
        flat(256, 1, 128),
        flat(256, 256, 77),
        flat(2, 2, 1),
        picture(1, 3, 3),
        picture(2, 9, 9),
        picture(3, 256, 2),
        picture(4, 1, 200),
        picture(5, 256, 256),
        picture(6, 700, 500),
    ];
    for picture in &pictures {
        let size = (picture.width(), picture.height());
        for (name, dims, describe) in DESCRIPTORS {
            let vector = describe(picture);
            assert_eq!(vector.len(), dims, "{name} of {size:?}");
            let length: f32 = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
            assert!(
                (length - 1.0).abs() < 1e-5,
                "{name} of {size:?}: length {length}"
            );
        }
        let colors = dominant_colors(picture);
        assert!(!colors.is_empty(), "{size:?}");
    }
}

#[test]
fn like_pictures_are_nearer_than_others() {
    for seed in 10..16 {
        let one = picture(seed, 256, 192);
        let smaller = resize_rgb(&one, 224, 168, ResizeFilter::Bicubic);
        let other = picture(seed + 100, 256, 192);
        for (name, _, describe) in DESCRIPTORS {
            let cosine = |a: &Rgb, b: &Rgb| -> f32 {
                describe(a)
                    .iter()
                    .zip(describe(b))
                    .map(|(a, b)| a * b)
                    .sum()
            };
            let (alike, different) = (cosine(&one, &smaller), cosine(&one, &other));
            assert!(
                alike > different,
                "{name}, seed {seed}: {alike}, {different}"
            );
            assert!(alike > 0.9, "{name}, seed {seed}: {alike}");
        }
    }
}

#[test]
fn described_parts_are_what_each_descriptor_says() {
    let picture = picture(8, 200, 150);
    let described = Described::new(&picture);
    assert_eq!(described.color(), color(&picture));
    assert_eq!(described.texture(), texture(&picture));
    assert_eq!(described.shape(), shape(&picture));
    // The others, which only looks are made of, each have a say.
    let named = COLOR_DIMS + TEXTURE_DIMS + SHAPE_DIMS;
    assert!(described.numbers().len() > named + 800);
    assert!(described.numbers()[named..].iter().any(|v| *v > 0.0));
}

#[test]
fn working_sizes_keep_proportions_and_never_enlarge() {
    for (size, expected) in [
        ((1, 1), (1, 1)),
        ((256, 256), (256, 256)),
        ((200, 100), (200, 100)),
        ((512, 256), (256, 128)),
        ((4000, 3000), (256, 192)),
        ((3000, 4000), (192, 256)),
        ((100_000, 1), (256, 1)),
        ((257, 255), (256, 254)),
        ((u32::MAX, u32::MAX), (256, 256)),
    ] {
        assert_eq!(working_size(size.0, size.1), expected, "{size:?}");
    }
}
