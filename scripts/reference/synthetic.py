"""Pictures made of integer arithmetic alone, the same here and in crates/vision/tests/it/synthetic.rs."""

import numpy as np

MASK = np.uint64(0xFFFFFFFF)


def mix(value):
    """Scrambles 32 bits; takes and gives numpy arrays or numbers."""
    v = np.asarray(value, dtype=np.uint64) & MASK
    v = (v ^ (v >> np.uint64(16))) * np.uint64(0x45D9F3B) & MASK
    v = (v ^ (v >> np.uint64(16))) * np.uint64(0x45D9F3B) & MASK
    return v ^ (v >> np.uint64(16))


def picture(seed, width, height):
    """Waves of three colours, blocks of noise and a bright box: an array of height x width x 3 bytes."""
    x = np.arange(width, dtype=np.uint64)[None, :]
    y = np.arange(height, dtype=np.uint64)[:, None]
    channels = []
    for channel in range(3):
        across, down, phase, contrast = (int(mix(seed * 64 + channel * 8 + i)) for i in range(4))
        wave = (x * np.uint64(across % 7) + y * np.uint64(down % 7) + np.uint64(phase % 512)) % np.uint64(512)
        wave = np.where(wave < 256, wave, np.uint64(511) - wave)
        block = mix(x // np.uint64(9) + y // np.uint64(7) * np.uint64(4096) + np.uint64(seed * 77 + channel))
        noise = block % np.uint64(contrast % 120 + 8)
        channels.append((wave + noise) // np.uint64(2))
    pixels = np.stack(channels, axis=-1)
    left, top = int(mix(seed + 1000)) % width, int(mix(seed + 2000)) % height
    pixels[top : top + height // 3 + 1, left : left + width // 4 + 1] += np.uint64(60)
    return np.minimum(pixels, np.uint64(255)).astype(np.uint8)
