"""Compares the embeddings that the program makes of files with those of Pillow and onnxruntime.

    pip install h5py numpy onnxruntime pillow
    cargo build --release -p cli
    python3 bench/agreement.py FOLDER [MODEL] [LEFT_OUT.json]

FOLDER holds labelled folders of pictures, such as Caltech-101; LEFT_OUT.json lists labels that are left out. MODEL is a
folder with model.onnx and model.toml, by default the built-in network's. Decoders differ, so that the cosines are less
than 1. Prints their median and least, and P@10 (leave-one-out, cosine) of both.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import h5py
import numpy as np
import onnxruntime
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parent.parent


def by_program(files, model):
    with tempfile.TemporaryDirectory() as data:
        data = Path(data)
        run = lambda *words: subprocess.run([ROOT / "target/release/eidetic", "--data", data / "data", *words], check=True, capture_output=True)
        run("index", "--json", "--model", model, *files)
        run("export", data / "all.h5", "--index", "pictures", "--field", "image.embedding", "--name-field", "path", "--float", "float32")
        with h5py.File(data / "all.h5") as archive:
            names = [name.decode() for name in archive["dataset_2"][:]]
            return dict(zip(names, archive["dataset_1"][:], strict=True))


def by_peer(files, model):
    config = tomllib.loads((model / "model.toml").read_text())
    given, made = config["input"], config["output"]
    if given["layout"] != "nchw" or given["resize"] != "squash" or given["colors"] != "rgb":
        sys.exit(f"{model}: this script knows only squashed RGB in NCHW")
    session = onnxruntime.InferenceSession(model / config["weights"], providers=["CPUExecutionProvider"])
    height, width = given["size"]
    for file in files:
        picture = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        small = picture.resize((width, height), getattr(Image.Resampling, given["filter"].upper()))
        values = (np.asarray(small, np.float32) * np.float32(given["scale"]) - np.float32(given["mean"])) / np.float32(given["std"])
        embedding = session.run([made["embedding"]], {given["name"]: values.transpose(2, 0, 1)[None]})[0].ravel()
        yield embedding / np.linalg.norm(embedding)


def precision(embeddings, labels):
    similar = embeddings @ embeddings.T
    np.fill_diagonal(similar, -2)
    return (labels[np.argsort(-similar, 1)[:, :10]] == labels[:, None]).mean()


def main():
    words = [Path(word) for word in sys.argv[1:]]
    left_out = [label for word in words if word.suffix == ".json" for label in json.loads(word.read_text())]
    words = [word for word in words if word.suffix != ".json"]
    if not words:
        sys.exit(__doc__)
    model = words[1] if len(words) > 1 else ROOT / "models/eidetic-mini"
    files = sorted(file.resolve() for file in words[0].glob("*/*") if file.parent.name not in left_out)
    ours = by_program(files, model)
    ours = np.stack([ours[str(file)] for file in files])
    ours /= np.linalg.norm(ours, axis=1, keepdims=True)
    theirs = np.stack(list(by_peer(files, model)))
    cosines = (ours * theirs).sum(1)
    labels = np.unique([file.parent.name for file in files], return_inverse=True)[1]
    print(f"{len(files)} files: cosine {np.median(cosines):.5f} in the median, {cosines.min():.5f} at least")
    print(f"P@10 {precision(ours, labels):.4f}, by Pillow and onnxruntime {precision(theirs, labels):.4f}")


if __name__ == "__main__":
    main()
