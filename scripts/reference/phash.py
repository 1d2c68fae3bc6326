"""Writes crates/vision/tests/data/phash.tsv: perceptual hashes of synthetic pictures by ImageHash.

pip install imagehash "pillow<13" numpy scipy
python scripts/reference/phash.py > crates/vision/tests/data/phash.tsv

Pillow 13 resizes tall pictures in another order of passes, which turns a few bits.
"""

import imagehash
import numpy as np
from PIL import Image

from synthetic import picture

SIZES = [(32, 32), (64, 48), (300, 200), (33, 77), (256, 256), (8, 8), (640, 17), (5, 400), (31, 31), (500, 375)]


def main():
    print("seed\twidth\theight\tphash")
    for seed in range(60):
        width, height = SIZES[seed % len(SIZES)]
        print(seed, width, height, imagehash.phash(Image.fromarray(picture(seed, width, height))), sep="\t")


if __name__ == "__main__":
    main()
