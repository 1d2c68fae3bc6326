"""Writes crates/vision/tests/data/hashes.tsv: perceptual hashes of synthetic pictures by ImageHash.

pip install imagehash "pillow<13" numpy scipy
python scripts/reference/hashes.py > crates/vision/tests/data/hashes.tsv

Pillow 13 resizes tall pictures in another order of passes, which turns a few bits.
"""

import imagehash
import numpy as np
from PIL import Image

from synthetic import picture

SIZES = [(32, 32), (64, 48), (300, 200), (33, 77), (256, 256), (8, 8), (640, 17), (5, 400), (31, 31), (500, 375)]


def main():
    print("seed\twidth\theight\tahash\tdhash\tphash")
    for seed in range(60):
        width, height = SIZES[seed % len(SIZES)]
        image = Image.fromarray(picture(seed, width, height))
        hashes = [imagehash.average_hash(image), imagehash.dhash(image), imagehash.phash(image)]
        print(seed, width, height, *hashes, sep="\t")


if __name__ == "__main__":
    main()
