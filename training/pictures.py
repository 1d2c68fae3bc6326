"""The training pictures: shards of WebP files with an index, decoded once into one array."""

import argparse
import io
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 160
"""Sides of a stored picture in pixels; the sources' shorter side is 64 to 128."""
HELD_OUT_EVERY, HELD_OUT = 22, 2000
"""Every 22nd picture, 2,000 in all, is kept out of training: tags are measured on them."""


def decode(data: bytes) -> Image.Image:
    """Decodes a picture to RGB."""
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")


def squash(picture: Image.Image, side: int, box: tuple[float, float, float, float] | None = None) -> np.ndarray:
    """Resizes a picture, or a box of it, to a square, its aspect ratio given up: uint8, side x side x RGB.

    The box is left, top, right and bottom as fractions of the picture.
    """
    if box is not None:
        box = tuple(fraction * length for fraction, length in zip(box, picture.size * 2, strict=True))
    return np.asarray(picture.resize((side, side), Image.Resampling.BICUBIC, box))


def read_index(folder: Path) -> list[dict[str, str]]:
    """Reads `index.tsv`: for each picture its shard, offset, bytes, width, height, source and class."""
    names, *rows = (line.split("\t") for line in (folder / "index.tsv").read_text().splitlines())
    return [dict(zip(names, row, strict=True)) for row in rows]


def read_files(folder: Path) -> Iterator[bytes]:
    """Reads the pictures' files in the index's order."""
    shards: dict[str, np.memmap] = {}
    for row in read_index(folder):
        name = f"images-{int(row['shard']):02}.bin"
        if name not in shards:
            shards[name] = np.memmap(folder / name, mode="r")
        start = int(row["offset"])
        yield shards[name][start : start + int(row["bytes"])].tobytes()


def held_out(count: int) -> np.ndarray:
    """Numbers of the pictures that are never trained on."""
    return np.arange(0, count, HELD_OUT_EVERY)[:HELD_OUT]


def labelled(folder: Path, side: int, without: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Reads `folder/<label>/*` but for the labels in `without`: squashed pictures, and the number of each one's label."""
    labels = sorted(path for path in folder.iterdir() if path.is_dir() and path.name not in without)
    files = [(number, file) for number, label in enumerate(labels) for file in sorted(label.iterdir())]
    pictures = [squash(decode(file.read_bytes()), side) for _, file in files]
    return np.stack(pictures), np.array([number for number, _ in files])


def _stored(data: bytes) -> np.ndarray:
    return squash(decode(data), SIDE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="holds index.tsv and images-0N.bin")
    parser.add_argument("to", type=Path, help="where pictures.npy is written: uint8, N x 160 x 160 x RGB")
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    shape = (len(read_index(args.folder)), SIDE, SIDE, 3)
    pictures = np.lib.format.open_memmap(args.to / "pictures.npy", mode="w+", dtype=np.uint8, shape=shape)
    with ProcessPoolExecutor(args.workers) as pool:
        for at, picture in enumerate(pool.map(_stored, read_files(args.folder), chunksize=256)):
            pictures[at] = picture
    pictures.flush()


if __name__ == "__main__":
    main()
