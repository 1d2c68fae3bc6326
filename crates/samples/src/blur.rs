//! A fast soft blur of float pixels with any number of channels.

/// Blurs pixels of `C` channels with three box passes each way, which comes close to a Gaussian
/// (Wells, "Efficient synthesis of Gaussian filters by cascaded uniform filters", 1986). Radii in
/// pixels; the border is carried outwards.
pub(crate) fn blur<const C: usize>(pixels: &mut [[f32; C]], width: usize, rx: f32, ry: f32) {
    let height = pixels.len() / width.max(1);
    let mut line = Vec::new();
    for _ in 0..3 {
        let reach = (rx * 0.58).round() as usize;
        if reach > 0 {
            for row in 0..height {
                box_line(pixels, row * width, 1, width, reach, &mut line);
            }
        }
        let reach = (ry * 0.58).round() as usize;
        if reach > 0 {
            for column in 0..width {
                box_line(pixels, column, width, height, reach, &mut line);
            }
        }
    }
}

fn box_line<const C: usize>(
    pixels: &mut [[f32; C]],
    start: usize,
    step: usize,
    count: usize,
    reach: usize,
    line: &mut Vec<[f32; C]>,
) {
    line.clear();
    line.extend((0..count).map(|i| pixels[start + i * step]));
    let at = |i: isize| line[i.clamp(0, count as isize - 1) as usize];
    let reach = reach as isize;
    let mut sum = [0.0f32; C];
    for i in -reach..=reach {
        for (s, v) in sum.iter_mut().zip(at(i)) {
            *s += v;
        }
    }
    let share = 1.0 / (2 * reach + 1) as f32;
    for i in 0..count {
        pixels[start + i * step] = sum.map(|s| s * share);
        let (leaving, coming) = (at(i as isize - reach), at(i as isize + reach + 1));
        for ((s, out), new) in sum.iter_mut().zip(leaving).zip(coming) {
            *s += new - out;
        }
    }
}
