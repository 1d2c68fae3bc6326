//! Pictures made of integer arithmetic alone, the same here and in
//! `scripts/reference/synthetic.py`.

use vision::Rgb;

/// Makes waves of three colours, blocks of noise and a bright box.
pub(crate) fn picture(seed: u32, width: u32, height: u32) -> Rgb {
    let (left, top) = (mix(seed + 1000) % width, mix(seed + 2000) % height);
    let channels: [[u32; 4]; 3] = std::array::from_fn(|channel| {
        std::array::from_fn(|i| mix(seed * 64 + channel as u32 * 8 + i as u32))
    });
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let boxed =
                (left..=left + width / 4).contains(&x) && (top..=top + height / 3).contains(&y);
            for (channel, [across, down, phase, contrast]) in (0..).zip(channels) {
                let wave = (x * (across % 7) + y * (down % 7) + phase % 512) % 512;
                let wave = if wave < 256 { wave } else { 511 - wave };
                let noise = mix(x / 9 + y / 7 * 4096 + seed * 77 + channel) % (contrast % 120 + 8);
                let value = (wave + noise) / 2 + if boxed { 60 } else { 0 };
                pixels.push(value.min(255) as u8);
            }
        }
    }
    Rgb::new(width, height, pixels).expect("three bytes a pixel were made")
}

/// Scrambles 32 bits.
fn mix(value: u32) -> u32 {
    let v = (value ^ value >> 16).wrapping_mul(0x45d9f3b);
    let v = (v ^ v >> 16).wrapping_mul(0x45d9f3b);
    v ^ v >> 16
}
