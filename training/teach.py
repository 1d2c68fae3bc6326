"""Lessons: one view of every training picture, and what the teacher (MobileNetV2) sees in it.

The first lesson shows whole pictures, each further one a random part of each. More lessons teach better.
"""

import argparse
import itertools
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime

from pictures import decode, read_files, squash

SIDE = 224
"""Sides of the teacher's input in pixels."""
LEAST_AREA, MOST_AREA, ASPECT = 0.25, 0.9, 0.25
"""Shares of a picture's area in a view, and the largest logarithm by which its sides are stretched."""
BATCH = 64


class Teacher:
    """MobileNetV2 (Sandler et al., 2018): squares of pixels to its pooled feature and the logits of its tags."""

    def __init__(self, model: Path, threads: int):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        providers = onnxruntime.get_available_providers()
        self.session = onnxruntime.InferenceSession(model, options, providers=providers)

    def __call__(self, squares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """From uint8, N x 224 x 224 x RGB, to features N x 1280 and the logarithms of probabilities N x 1001."""
        images = squares.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
        probabilities, features = self.session.run(["probs", "features"], {"input": images})
        return features, np.log(np.maximum(probabilities, 1e-12))


def boxes(number: int, count: int) -> np.ndarray:
    """Chooses a lesson's views: count x (left, top, right, bottom), fractions of the picture."""
    if number == 0:
        return np.tile(np.float32([0, 0, 1, 1]), (count, 1))
    random = np.random.default_rng(number)
    area = random.uniform(LEAST_AREA, MOST_AREA, count)
    stretch = np.exp(random.uniform(-ASPECT, ASPECT, count) / 2)
    width, height = np.minimum(np.sqrt(area) * stretch, 1), np.minimum(np.sqrt(area) / stretch, 1)
    left, top = random.uniform(0, 1, count) * (1 - width), random.uniform(0, 1, count) * (1 - height)
    return np.stack([left, top, left + width, top + height], 1).astype(np.float32)


def teach(folder: Path, teacher: Teacher, number: int, count: int, to: Path) -> None:
    """Writes `lesson-NN.npz`: boxes as float32, features and logits as float16."""
    views = boxes(number, count)
    features, logits = [], []
    files = zip(read_files(folder), views, strict=True)
    with ThreadPoolExecutor(1) as pool:

        def batch() -> np.ndarray | None:
            squares = [squash(decode(data), SIDE, tuple(map(float, box))) for data, box in itertools.islice(files, BATCH)]
            return np.stack(squares) if squares else None

        coming = pool.submit(batch)
        for _ in range(math.ceil(count / BATCH)):
            squares = coming.result()
            coming = pool.submit(batch)
            for found, kept in zip(teacher(squares), (features, logits), strict=True):
                kept.append(found.astype(np.float16))
    unfinished = to / "unfinished.npz"
    np.savez(unfinished, boxes=views, features=np.concatenate(features), logits=np.concatenate(logits))
    unfinished.replace(to / f"lesson-{number:02}.npz")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="holds index.tsv and images-0N.bin")
    parser.add_argument("teacher", type=Path, help="MobileNetV2's model.onnx")
    parser.add_argument("to", type=Path, help="where the lessons are written; those there are kept")
    parser.add_argument("--lessons", type=int, default=6)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    count = sum(1 for _ in read_files(args.folder))
    teacher = Teacher(args.teacher, args.threads)
    for number in range(args.lessons):
        if not (args.to / f"lesson-{number:02}.npz").exists():
            teach(args.folder, teacher, number, count, args.to)
            print(f"lesson {number} of {args.lessons} is written", flush=True)


if __name__ == "__main__":
    main()
