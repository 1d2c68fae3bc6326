"""Sees pictures as Eidetic does, with Pillow, NumPy, scikit-image and onnxruntime on one core.

    python3 peer.py FOLDER [MODEL]

Prints one line of JSON: how many pictures were seen, and the processor time in seconds, in all and by part. Importing
the libraries and loading the network are not counted; reading the files is.
"""

import hashlib
import io
import json
import os
import sys
import time
import tomllib
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import imagehash
import numpy as np
from PIL import Image, ImageOps
from scipy.signal import fftconvolve
from skimage.color import rgb2lab
from skimage.filters import gabor_kernel
from skimage.measure import moments_central, moments_hu, moments_normalized

Image.MAX_IMAGE_PIXELS = None

WORKING_SIDE = 256
SIDE = 64
RINGS = [
    [(2, 0), (1, -1), (0, -2), (-1, -1), (-2, 0), (-1, 1), (0, 2), (1, 1)],
    [(4, 0), (3, -3), (0, -4), (-3, -3), (-4, 0), (-3, 3), (0, 4), (3, 3)],
]


class Clock:
    """Sums processor time by part."""

    def __init__(self):
        self.parts = {}
        self.last = time.process_time()

    def restart(self):
        self.last = time.process_time()

    def took(self, part):
        now = time.process_time()
        self.parts[part] = self.parts.get(part, 0.0) + now - self.last
        self.last = now


def unit(vector):
    return vector / max(np.linalg.norm(vector), 1e-12)


def color(working):
    """Palettes of the whole picture and of 4 x 4 cells; hard bins, where Eidetic's are soft."""
    hsv = np.asarray(working.resize((SIDE, SIDE), Image.Resampling.BOX).convert("HSV"), np.int32)
    hue, saturation, value = hsv[..., 0], hsv[..., 1], hsv[..., 2]
    grey = saturation * value < 0.15 * 255 * 255
    greys = value * 6 // 256
    fine = np.where(grey, greys, 6 + (hue * 12 // 256 * 2 + saturation // 128) * 2 + value // 128)
    coarse = np.where(grey, greys, 6 + hue * 6 // 256)
    whole = np.bincount(fine.ravel(), minlength=54)
    at = np.arange(SIDE) // (SIDE // 4)
    cells = (at[:, None] * 4 + at[None, :]) * 12 + coarse
    return unit(np.sqrt(np.concatenate([whole, 2 * np.bincount(cells.ravel(), minlength=192)])))


def uniform_patterns():
    """Gives each of 256 rings its bin: 58 with at most two changes around the ring, and one for all others."""
    bins = np.full(256, 58)
    uniform = [p for p in range(256) if bin(p ^ ((p >> 1) | (p << 7) & 255)).count("1") <= 2]
    bins[uniform] = np.arange(len(uniform))
    return bins


PATTERNS = uniform_patterns()


def texture(luma):
    """Local binary patterns at two radii, weighted by contrast, and how much edge there is in each orientation."""
    parts = []
    for ring in RINGS:
        reach = ring[0][0]
        height, width = luma.shape
        if width <= 2 * reach or height <= 2 * reach:
            parts.append(np.zeros(59))
            continue
        middle = luma[reach : height - reach, reach : width - reach]
        code = np.zeros(middle.shape, np.uint8)
        contrast = np.zeros(middle.shape, np.int16)
        for bit, (right, down) in enumerate(ring):
            around = luma[reach + down : height - reach + down, reach + right : width - reach + right]
            difference = around - middle
            code |= (difference >= 4).astype(np.uint8) << bit
            contrast += np.abs(difference)
        bins = np.bincount(code.ravel(), contrast.ravel(), minlength=256)
        parts.append(unit(np.sqrt(np.bincount(PATTERNS, bins, minlength=59))))
    dx = (luma[1:-1, 2:] - luma[1:-1, :-2]).astype(np.float32)
    dy = (luma[2:, 1:-1] - luma[:-2, 1:-1]).astype(np.float32)
    turn = np.arctan2(dy, dx) * np.float32(1 / np.pi) % 1
    edges = np.bincount((turn * 8).astype(np.int32).ravel() % 8, np.hypot(dx, dy).ravel(), minlength=8)
    parts.append(0.7 * unit(np.sqrt(edges)))
    return unit(np.concatenate(parts))


def lab(working):
    """Palettes of CIE Lab of the whole picture and of 3 x 3 cells; hard bins, where Eidetic's are soft."""
    colors = rgb2lab(np.asarray(working.resize((32, 32), Image.Resampling.BOX)))
    light, tints = colors[..., 0] / 100, np.clip(colors[..., 1:] / 120 + 0.5, 0, 0.999)
    bins = lambda lights, many: (np.minimum(light * lights, lights - 1).astype(int) * many + (tints[..., 0] * many).astype(int)) * many + (tints[..., 1] * many).astype(int)
    at = np.arange(32) * 3 // 32
    cells = (at[:, None] * 3 + at[None, :]) * 36 + bins(4, 3)
    whole = np.bincount(bins(5, 5).ravel(), minlength=125)
    return unit(np.sqrt(np.concatenate([whole, 1.5 * np.bincount(cells.ravel(), minlength=324)])))


WAVES = [gabor_kernel(1.3 / (2 * np.pi), theta=turn * np.pi / 8, sigma_x=1.8, sigma_y=1.8, n_stds=2) for turn in range(8)]


def gabor(working):
    """Mean magnitudes of 8 orientations at 3 scales in 4 x 4 cells."""
    grey, parts = working.convert("L"), []
    for side in (64, 32, 16):
        plane = np.sqrt(np.asarray(grey.resize((side, side), Image.Resampling.BILINEAR), np.float32) / 255)
        for wave in WAVES:
            magnitudes = np.abs(fftconvolve(plane, wave, mode="same"))
            parts.append(magnitudes.reshape(4, side // 4, 4, side // 4).mean((1, 3)).ravel())
    return unit(np.sqrt(np.concatenate(parts)))


def moments(working):
    """Hu's invariants of the steepness of brightness."""
    plane = np.asarray(working.convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR), np.float64)
    rows, columns = np.gradient(plane)
    central = moments_central(np.hypot(rows, columns), order=3)
    if central[0, 0] <= 0:
        return np.zeros(7)
    values = moments_hu(moments_normalized(central))
    return np.sign(values) * np.log10(np.maximum(np.abs(values), 1e-30))


AXES = np.random.default_rng(1).normal(size=(192, 1536)).astype(np.float32)
"""As many numbers as Eidetic's; which ones makes no difference to the time."""


def votes_for_cells():
    """Gives each pixel of a row its share in each of six cells."""
    position = (np.arange(SIDE) + 0.5) * 6 / SIDE - 0.5
    return np.maximum(0, 1 - np.abs(position[:, None] - np.arange(6)[None, :])).astype(np.float32)


CELL_VOTES = votes_for_cells()


def shape(working):
    """Histograms of oriented gradients in 6 x 6 cells, each normalised in the four blocks around it."""
    small = working.convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    root = np.pad(np.sqrt(np.asarray(small, np.float32) / 255), 1, mode="edge")
    dx, dy = root[1:-1, 2:] - root[1:-1, :-2], root[2:, 1:-1] - root[:-2, 1:-1]
    position = np.arctan2(dy, dx) * np.float32(9 / np.pi) % 9
    low = position.astype(np.int32)
    beyond = position - low
    magnitude = np.hypot(dx, dy)
    pixel = np.arange(SIDE * SIDE).reshape(SIDE, SIDE) * 9
    votes = np.zeros(SIDE * SIDE * 9, np.float32)
    votes[(pixel + low % 9).ravel()] = (magnitude * (1 - beyond)).ravel()
    votes[(pixel + (low + 1) % 9).ravel()] += (magnitude * beyond).ravel()
    rows = CELL_VOTES.T @ votes.reshape(SIDE, SIDE * 9)
    cells = np.einsum("yxo,xc->yco", rows.reshape(6, SIDE, 9), CELL_VOTES)
    energy = np.pad((cells**2).sum(2), 1, mode="edge")
    blocks = 1 / np.sqrt(energy[:-1, :-1] + energy[1:, :-1] + energy[:-1, 1:] + energy[1:, 1:] + 4)
    summed = np.zeros_like(cells)
    for factor in (blocks[:-1, :-1], blocks[:-1, 1:], blocks[1:, :-1], blocks[1:, 1:]):
        summed += np.minimum(cells * factor[..., None], 0.3)
    return unit(summed.ravel() - summed.mean())


def lab_of(rgb):
    value = rgb / 255
    linear = np.where(value > 0.04045, ((value + 0.055) / 1.055) ** 2.4, value / 12.92)
    matrix = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    xyz = linear @ (np.array(matrix) / np.array([[0.95047], [1.0], [1.08883]])).T
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = root[:, 0], root[:, 1], root[:, 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], 1)


def dominant_colors(working):
    """K-means of at most 12 rounds for 10 centres in Lab over the picture's histogram."""
    pixels = np.asarray(working.resize((SIDE, SIDE), Image.Resampling.BOX)).reshape(-1, 3)
    high = (pixels >> 4).astype(np.int32)
    bins = high[:, 0] << 8 | high[:, 1] << 4 | high[:, 2]
    counts = np.bincount(bins, minlength=4096)
    used = counts > 0
    sums = np.stack([np.bincount(bins, pixels[:, channel], minlength=4096) for channel in range(3)], 1)[used]
    counts = counts[used].astype(np.float64)
    lab = lab_of(sums / counts[:, None])
    apart = np.ones(len(counts))
    centers = []
    for number in range(10):
        best = int(np.argmax(counts * apart))
        if counts[best] * apart[best] <= 0:
            break
        distance = ((lab - lab[best]) ** 2).sum(1)
        centers.append(lab[best])
        apart = distance if number == 0 else np.minimum(apart, distance)
    centers = np.array(centers)
    for _ in range(12):
        distances = (lab**2).sum(1)[:, None] - 2 * lab @ centers.T + (centers**2).sum(1)[None]
        nearest = distances.argmin(1)
        weights = np.bincount(nearest, counts, minlength=len(centers))
        kept = weights > 0
        rgb = np.stack([np.bincount(nearest, sums[:, channel], minlength=len(centers)) for channel in range(3)], 1)
        rgb = rgb[kept] / weights[kept, None]
        moved = lab_of(rgb)
        if moved.shape == centers.shape and np.array_equal(moved, centers):
            break
        centers = moved
    order = np.argsort(-weights[kept])[:5]
    return rgb[order], weights[kept][order] / len(pixels)


class Network:
    """A network as `model.toml` describes it, for models that squash and take NCHW."""

    def __init__(self, folder):
        import onnxruntime

        config = tomllib.loads((Path(folder) / "model.toml").read_text())
        self.input, self.output = config["input"], config["output"]
        if self.input["layout"] != "nchw" or self.input["resize"] != "squash" or self.input["colors"] != "rgb":
            sys.exit(f"{folder}: this script knows only squashed RGB in NCHW")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        path = str(Path(folder) / config.get("weights", "model.onnx"))
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.factor = np.float32(self.input["scale"]) / np.array(self.input["std"], np.float32)
        self.offset = np.array(self.input["mean"], np.float32) / np.array(self.input["std"], np.float32)

    def embed(self, picture):
        height, width = self.input["size"]
        small = picture.resize((width, height), getattr(Image.Resampling, self.input["filter"].upper()))
        values = np.asarray(small, np.float32) * self.factor - self.offset
        values = np.ascontiguousarray(values.transpose(2, 0, 1)[None])
        (embedding,) = self.session.run([self.output["embedding"]], {self.input["name"]: values})
        return unit(embedding.ravel())


def see(path, network, clock):
    clock.restart()
    data = path.read_bytes()
    hashlib.sha256(data).hexdigest()
    clock.took("read and SHA-256")
    picture = Image.open(io.BytesIO(data))
    dict(picture.getexif().get_ifd(0x8769))
    ImageOps.exif_transpose(picture, in_place=True)
    picture = picture.convert("RGB")
    clock.took("decode, upright")
    for hash_of in (imagehash.average_hash, imagehash.dhash, imagehash.phash):
        hash_of(picture)
    clock.took("perceptual hashes")
    factor = min(1, WORKING_SIDE / max(picture.size))
    size = tuple(max(1, round(side * factor)) for side in picture.size)
    working = picture.resize(size, Image.Resampling.BILINEAR)
    clock.took("resize to 256")
    parts = [color(working)]
    clock.took("colour")
    parts.append(texture(np.asarray(working.convert("L")).astype(np.int16)))
    clock.took("texture")
    parts.append(shape(working))
    clock.took("shape")
    parts.append(lab(working))
    clock.took("Lab")
    parts.append(gabor(working))
    clock.took("Gabor waves")
    parts.append(moments(working))
    clock.took("moments")
    unit(AXES @ np.concatenate(parts))
    clock.took("looks")
    dominant_colors(working)
    clock.took("dominant colours")
    if network:
        network.embed(picture)
        clock.took("network")


def main():
    folder = Path(sys.argv[1])
    network = Network(sys.argv[2]) if len(sys.argv) > 2 else None
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    # Whatever is loaded or compiled at first use is not counted.
    see(paths[0], network, Clock())
    clock = Clock()
    start = time.process_time()
    for path in paths:
        see(path, network, clock)
    cpu_s = time.process_time() - start
    print(json.dumps({"pictures": len(paths), "cpu_s": cpu_s, "parts": clock.parts}))


if __name__ == "__main__":
    main()
