"""Writes crates/vision/tests/data/descriptors.tsv: what scikit-image and OpenCV say of what descriptors are made of.

pip install scikit-image opencv-python-headless numpy scipy
python scripts/reference/descriptors.py > crates/vision/tests/data/descriptors.tsv

Each line: what it is, what it was made of, the values. `lab` is of one sRGB colour; `hu` of the mass
(7 x * x + 13 y * y + x * y * 3) % 11 in 24 x 24 pixels; `gabor` the mean magnitude of an answer in 4 x 4 cells with hard borders, to the
wave of an orientation in eighths of half a turn, over the square root of ((5 x + 3 y * y) % 17) / 16 in 32 x 32 pixels.
"""

import cv2
import numpy as np
from scipy.ndimage import convolve
from skimage.color import rgb2lab
from skimage.filters import gabor_kernel

SIGMA, FREQUENCY, REACH = 1.8, 1.3, 4


def line(what, of, values):
    print(what, of, " ".join(f"{value:.9g}" for value in np.ravel(values)), sep="\t")


def magnitude(plane, orientation):
    """The answer to scikit-image's wave, cut to the reach and freed of what it answers to even brightness."""
    options = {"sigma_x": SIGMA, "sigma_y": SIGMA, "n_stds": 6}
    middle = lambda kernel: kernel[tuple(slice(n // 2 - REACH, n // 2 + REACH + 1) for n in kernel.shape)]
    wave = middle(gabor_kernel(FREQUENCY / (2 * np.pi), theta=orientation * np.pi / 8, **options))
    envelope = middle(gabor_kernel(0, **options)).real
    wave = wave - wave.sum() / envelope.sum() * envelope
    # scikit-image's envelope has the volume 1, ours the height 1. Correlation is convolution with the wave turned around.
    wave = wave[::-1, ::-1] * 2 * np.pi * SIGMA**2
    return np.abs(convolve(plane, wave.real, mode="nearest") + 1j * convolve(plane, wave.imag, mode="nearest"))


def main():
    for color in [(0, 0, 0), (255, 255, 255), (255, 0, 0), (12, 200, 99), (130, 130, 131), (3, 4, 90), (250, 240, 10)]:
        line("lab", " ".join(map(str, color)), rgb2lab(np.array([[color]], np.uint8) / 255.0))
    y, x = np.mgrid[:24, :24]
    mass = ((7 * x * x + 13 * y * y + x * y * 3) % 11).astype(np.float64)
    line("hu", "24", cv2.HuMoments(cv2.moments(mass.astype(np.float32))))
    y, x = np.mgrid[:32, :32]
    plane = np.sqrt(((5 * x + 3 * y * y) % 17) / 16)
    for orientation in range(8):
        cells = magnitude(plane, orientation).reshape(4, 8, 4, 8).mean((1, 3))
        line("gabor", orientation, cells)


if __name__ == "__main__":
    main()
