"""Writes crates/vision/tests/data/mobilenet_v2_<seed>.bin: embeddings of synthetic pictures by onnxruntime.

pip install onnxruntime numpy
python scripts/reference/mobilenet.py <test data>/models/mobilenet_v2/model.onnx crates/vision/tests/data

Each file holds 1280 little-endian 32-bit floats of unit length. The pictures have the size of the network's input, so
that nothing is resized.
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime

from synthetic import picture


def main():
    session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
    for seed in (1, 2):
        values = picture(seed, 224, 224).astype(np.float32) * np.float32(0.00784313725) - np.float32(1)
        tensor = values.transpose(2, 0, 1)[None]
        features = session.run(["features"], {"input": tensor})[0].ravel()
        unit = (features / np.linalg.norm(features.astype(np.float64))).astype("<f4")
        (Path(sys.argv[2]) / f"mobilenet_v2_{seed}.bin").write_bytes(unit.tobytes())


if __name__ == "__main__":
    main()
