"""Writes crates/vision/tests/data/<name>_<seed>.bin: what networks see in synthetic pictures, by onnxruntime.

pip install onnxruntime numpy
python scripts/reference/networks.py crates/vision/tests/data models/eidetic-mini <test data>/models/mobilenet_v2

Each file holds the embedding, of unit length, and the probabilities of the labels, as little-endian 32-bit floats. The
pictures have the size of the network's input, so that nothing is resized.
"""

import sys
import tomllib
from pathlib import Path

import numpy as np
import onnxruntime

from synthetic import picture


def main():
    for folder in map(Path, sys.argv[2:]):
        config = tomllib.loads((folder / "model.toml").read_text())
        given, made = config["input"], config["output"]
        session = onnxruntime.InferenceSession(folder / config["weights"], providers=["CPUExecutionProvider"])
        for seed in (1, 2):
            values = picture(seed, *reversed(given["size"])).astype(np.float32) * np.float32(given["scale"]) - np.float32(1)
            embedding, tags = session.run([made["embedding"], made["tags"]], {given["name"]: values.transpose(2, 0, 1)[None]})
            unit = embedding.ravel() / np.linalg.norm(embedding.astype(np.float64))
            tags = tags.ravel().astype(np.float64)
            if made.get("tag_values") == "logits":
                tags = np.exp((tags - tags.max()) / made["temperature"])
                tags /= tags.sum()
            file = Path(sys.argv[1]) / f"{config['name']}_{seed}.bin"
            file.write_bytes(np.concatenate([unit, tags]).astype("<f4").tobytes())


if __name__ == "__main__":
    main()
