//! Names of colours.

use crate::lab::{lab_of, squared_distance};

/// The names that [`color_name`] gives: Berlin and Kay's eleven basic terms ("Basic Color Terms",
/// 1969), cyan and beige.
pub const COLOR_NAMES: [&str; 13] = [
    "black", "grey", "white", "red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink",
    "brown", "beige",
];

/// Gives the basic name of an sRGB colour, one of [`COLOR_NAMES`].
///
/// It is the name of the nearest example in CIE Lab. Names cover regions of very different size and
/// form (brown is dark orange, pink pale red or purple), so that each has examples throughout its
/// region rather than one in its middle.
pub fn color_name(rgb: [u8; 3]) -> &'static str {
    let lab = lab_of(rgb.map(f32::from));
    let mut nearest = (f32::INFINITY, "black");
    for &(name, examples) in EXAMPLES {
        for &example in examples {
            let [_, r, g, b] = u32::to_be_bytes(example);
            let distance = squared_distance(lab, lab_of([r, g, b].map(f32::from)));
            if distance < nearest.0 {
                nearest = (distance, name);
            }
        }
    }
    nearest.1
}

/// Colours, as 0xRRGGBB, that people call so.
#[rustfmt::skip]
const EXAMPLES: &[(&str, &[u32])] = &[
    ("black", &[0x000000, 0x121212, 0x1c1c1c, 0x0a0a14, 0x140f0a, 0x0a120a]),
    ("grey", &[0x333333, 0x505050, 0x696969, 0x808080, 0x9a9a9a, 0xb0b0b0, 0xc8c8c8, 0xd6d6d6, 0x708090, 0x40464d,
        0x8c8a82, 0x5a5850]),
    ("white", &[0xffffff, 0xf5f5f5, 0xececec, 0xfffaf5, 0xfafaf0, 0xf0f8ff]),
    ("red", &[0xff0000, 0xdc143c, 0xb22222, 0x8b0000, 0xcd5c5c, 0xe03c31, 0xc00000, 0x660008, 0xff3030, 0xa01828]),
    ("orange", &[0xffa500, 0xff8c00, 0xff7518, 0xff7f50, 0xf28500, 0xffb347, 0xe87020, 0xff6020]),
    ("yellow", &[0xffff00, 0xffd700, 0xf0e68c, 0xffff80, 0xe6c700, 0xd4b82e, 0xfff44f, 0xc8b400]),
    ("green", &[0x008000, 0x00ff00, 0x228b22, 0x556b2f, 0x90ee90, 0x9acd32, 0x2e8b57, 0x808000, 0x006400, 0x0c2e0c,
        0xb6e39a, 0x3cb371, 0x7cfc00, 0x8fbc8f, 0x6b8e23, 0x4a5d3a, 0x00fa9a, 0xadff2f, 0x3a4a20]),
    ("cyan", &[0x00ffff, 0x40e0d0, 0x008b8b, 0x20b2aa, 0x5f9ea0, 0xafeeee, 0x00ced1, 0x006d6d, 0xd5ffff, 0x7fffd4]),
    ("blue", &[0x0000ff, 0x000080, 0x4169e1, 0x87ceeb, 0xadd8e6, 0x4682b4, 0x191970, 0x6495ed, 0x1e90ff, 0x00bfff,
        0xb0c8e6, 0x0f1e3c, 0x2f4f7f, 0x6a5acd, 0x0047ab, 0x000050]),
    ("purple", &[0x800080, 0x4b0082, 0x8a2be2, 0x9370db, 0x9932cc, 0x663399, 0xd8c8f0, 0xba55d3, 0x301934, 0x6a4c7a,
        0xa78bbf, 0x5d2a60, 0xdda0dd]),
    ("pink", &[0xffc0cb, 0xff69b4, 0xff1493, 0xff00ff, 0xc71585, 0xdb7093, 0xfa8072, 0xffe0e4, 0xe0a0a8, 0xf4a6b0,
        0xee6aa7]),
    ("brown", &[0x8b4513, 0xa0522d, 0x654321, 0xb5651d, 0x5c4033, 0x3b2314, 0x6b4423, 0x9b6a3c, 0x7b5b43, 0xa52a2a,
        0x4a3020, 0xc1803c, 0x241810, 0xcc6b28]),
    ("beige", &[0xf5f5dc, 0xd2b48c, 0xf5deb3, 0xffe4c4, 0xdeb887, 0xfaebd7, 0xc8b08a, 0xe8d8c0, 0xb8a488]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css_colors_have_the_names_that_people_give_them() {
        let mut wrong = Vec::new();
        for (name, css) in [
            ("black", &["#000000", "#0b0b0b"][..]),
            (
                "grey",
                &[
                    "#808080", "#a9a9a9", "#d3d3d3", "#696969", "#c0c0c0", "#778899", "#dcdcdc",
                ],
            ),
            (
                "white",
                &[
                    "#ffffff", "#fffafa", "#f8f8ff", "#f5f5f5", "#fffff0", "#f0fff0",
                ],
            ),
            (
                "red",
                &[
                    "#ff0000", "#8b0000", "#dc143c", "#b22222", "#e60026", "#cc0000",
                ],
            ),
            ("orange", &["#ffa500", "#ff8c00", "#ff7f50", "#f4811f"]),
            (
                "yellow",
                &["#ffff00", "#ffd700", "#f0e68c", "#ffff66", "#fde910"],
            ),
            (
                "green",
                &[
                    "#008000", "#00ff00", "#006400", "#32cd32", "#2e8b57", "#6b8e23", "#98fb98",
                    "#808000", "#00ff7f", "#7fff00",
                ],
            ),
            (
                "cyan",
                &[
                    "#00ffff", "#40e0d0", "#008080", "#48d1cc", "#20b2aa", "#e0ffff",
                ],
            ),
            (
                "blue",
                &[
                    "#0000ff", "#000080", "#0000cd", "#00008b", "#1e90ff", "#87cefa", "#4682b4",
                    "#b0c4de", "#b0e0e6", "#7b68ee",
                ],
            ),
            (
                "purple",
                &[
                    "#800080", "#8b008b", "#4b0082", "#9400d3", "#9932cc", "#663399", "#9370db",
                    "#ee82ee", "#d8bfd8",
                ],
            ),
            (
                "pink",
                &[
                    "#ffc0cb", "#ff69b4", "#ff1493", "#ffb6c1", "#fa8072", "#ff00ff", "#f08080",
                ],
            ),
            (
                "brown",
                &[
                    "#a0522d", "#8b4513", "#a52a2a", "#d2691e", "#5c3317", "#cd853f",
                ],
            ),
            (
                "beige",
                &[
                    "#f5f5dc", "#d2b48c", "#f5deb3", "#ffe4c4", "#faebd7", "#deb887",
                ],
            ),
        ] {
            for css in css {
                let value = u32::from_str_radix(&css[1..], 16).unwrap();
                let [_, r, g, b] = value.to_be_bytes();
                let got = color_name([r, g, b]);
                if got != name {
                    wrong.push(format!("{css} is {got}, not {name}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn every_name_is_one_of_the_list() {
        let named: Vec<&str> = EXAMPLES.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, COLOR_NAMES);
        for (name, examples) in EXAMPLES {
            for example in *examples {
                let [_, r, g, b] = example.to_be_bytes();
                assert_eq!(color_name([r, g, b]), *name, "{example:06x}");
            }
        }
    }
}
