"""Learns how descriptors become one vector of looks: writes models/looks/axes.bin.

pip install numpy
cargo build --release -p vision --example describe
python training/looks.py TRAIN target/release/examples/describe models/looks/axes.bin

TRAIN is the folder of pictures that pictures.py reads. No labels are used.
"""

import argparse
import subprocess
from pathlib import Path

import numpy as np

PARTS = {"color": (246, 0.1), "texture": (126, 0.25), "shape": (324, 0.35), "lab": (449, 0.05), "gabor": (384, 0.23), "moments": (7, 0.02)}
"""Numbers and weight of each descriptor, in the order of crates/vision/src/descriptors/looks.rs."""
DIMS = 192
WHITENING = 0.3
"""Axes are divided by this power of their variance: 0 leaves lengths as they are, 0.5 makes all equal."""
ALL = sum(dims for dims, _ in PARTS.values())


def describe(folder: Path, program: Path, step: int) -> np.ndarray:
    """Describes every step-th picture of the shards."""
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        shards, found = {}, []
        for line in (folder / "index.tsv").read_text().splitlines()[1::step]:
            shard, offset, length = map(int, line.split("\t")[:3])
            file = shards.setdefault(shard, open(folder / f"images-{shard:02}.bin", "rb"))
            file.seek(offset)
            process.stdin.write(length.to_bytes(4, "little") + file.read(length))
            process.stdin.flush()
            found.append(np.frombuffer(process.stdout.read(4 * ALL), np.float32))
        process.stdin.close()
    return np.stack(found)


def units(values: np.ndarray) -> np.ndarray:
    return values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-9)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("describe", type=Path)
    parser.add_argument("to", type=Path)
    parser.add_argument("--step", type=int, default=3, help="take one of so many pictures")
    args = parser.parse_args()
    numbers = describe(args.pictures, args.describe, args.step)
    mean = numbers.mean(0)
    print("standard deviations of the moments:", numbers[:, -7:].std(0).round(3))
    ends = np.cumsum([dims for dims, _ in PARTS.values()])[:-1]
    weights = np.concatenate([np.full(dims, np.sqrt(weight)) for dims, weight in PARTS.values()])
    centred = np.concatenate([units(part) for part in np.split(numbers - mean, ends, axis=1)], axis=1) * weights
    middle = centred.mean(0)
    variances, axes = np.linalg.eigh(np.cov(centred, rowvar=False))
    variances, axes = variances[::-1][:DIMS], axes.T[::-1][:DIMS]
    # The weights are part of the axes, so that the program needs to know none.
    axes = axes * variances[:, None] ** -WHITENING
    offset = axes @ middle
    axes = axes * weights
    scale = np.abs(axes).max(1) / 127
    whole = np.round(axes / scale[:, None]).astype(np.int8)
    args.to.parent.mkdir(parents=True, exist_ok=True)
    floats = np.concatenate([mean, scale, offset]).astype("<f4")
    args.to.write_bytes(floats.tobytes() + whole.tobytes())
    print(f"{len(numbers)} pictures, {args.to.stat().st_size} bytes, {variances.sum() / centred.var(0).sum():.3f} of the variance kept")


if __name__ == "__main__":
    main()
