//! Colours as three floats, and the small arithmetic on them.

/// Red, green and blue in sRGB's own (perceptual) scale: 0 is none, 1 is full; light may exceed 1
/// until a picture is finished.
pub(crate) type Color = [f32; 3];

/// Returns the colour of a `0xRRGGBB` number.
pub(crate) const fn hex(rgb: u32) -> Color {
    [
        ((rgb >> 16) & 255) as f32 / 255.0,
        ((rgb >> 8) & 255) as f32 / 255.0,
        (rgb & 255) as f32 / 255.0,
    ]
}

/// Returns `a` at `t` = 0, `b` at `t` = 1, and a mixture between.
pub(crate) fn mix(a: Color, b: Color, t: f32) -> Color {
    let t = t.clamp(0.0, 1.0);
    [
        a[0] + (b[0] - a[0]) * t,
        a[1] + (b[1] - a[1]) * t,
        a[2] + (b[2] - a[2]) * t,
    ]
}

/// Returns a colour made `by` times as bright.
pub(crate) fn scale(c: Color, by: f32) -> Color {
    [c[0] * by, c[1] * by, c[2] * by]
}

/// Returns the light of `a` and, `by` times, of `b` together.
pub(crate) fn add(a: Color, b: Color, by: f32) -> Color {
    [a[0] + b[0] * by, a[1] + b[1] * by, a[2] + b[2] * by]
}

/// Returns one colour seen through another.
pub(crate) fn tint(a: Color, b: Color) -> Color {
    [a[0] * b[0], a[1] * b[1], a[2] * b[2]]
}

/// Returns how bright a colour looks, 0..1 (Rec. 709 weights).
pub(crate) fn luma(c: Color) -> f32 {
    0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]
}

/// Returns the colour at `t` of a gradient whose stops are sorted by position.
pub(crate) fn ramp(stops: &[(f32, Color)], t: f32) -> Color {
    let mut previous: Option<(f32, Color)> = None;
    for &(at, color) in stops {
        if t <= at {
            return match previous {
                Some((before, from)) => mix(from, color, smooth(before, at, t)),
                None => color,
            };
        }
        previous = Some((at, color));
    }
    previous.map_or([0.0; 3], |(_, color)| color)
}

/// Returns 0 below `low`, 1 above `high`, and an S-shaped curve between (GLSL's smoothstep).
pub(crate) fn smooth(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
