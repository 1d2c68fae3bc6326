"""Calibrates a network's tags on pictures that it was not trained on, and measures them against the teacher's.

Finds the temperature at which its probabilities are nearest to the teacher's (least cross entropy; Guo et al., "On
calibration of modern neural networks", ICML 2017) on every other held-out picture; on the rest it prints, and draws as
SVG, how often claims of each confidence are true: by the teacher's own probability of what is claimed.
"""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

import pictures as stored
from teach import Teacher

SIDE = 128
BINS = np.linspace(0, 1, 11)
TEMPERATURES = np.exp(np.linspace(np.log(0.4), np.log(2.5), 43))


def logits_of(model: Path, squares: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    found = []
    for square in squares:
        small = np.asarray(Image.fromarray(square).resize((SIDE, SIDE), Image.Resampling.BICUBIC), np.float32)
        found.append(session.run(["tags"], {"input": small.transpose(2, 0, 1)[None] / 127.5 - 1})[0][0])
    return np.stack(found)


def agreement(logits: np.ndarray, best: np.ndarray) -> str:
    """Says how often the teacher's best tag is the network's best, and among its five best."""
    order = np.argsort(-logits, 1)[:, :5]
    return f"{(order[:, 0] == best).mean():.3f}, among the five best {(order == best[:, None]).any(1).mean():.3f} of {len(best)}"


def photographs(folder: Path, model: Path, teacher: Path) -> str:
    """The agreement on all pictures below a folder, each squashed from its file."""
    decoded = [stored.decode(file.read_bytes()) for file in sorted(folder.rglob("*")) if file.suffix.lower() in (".jpg", ".jpeg")]
    taught = Teacher(teacher, 2)
    best = [taught(stored.squash(picture, 224)[None])[1].argmax() for picture in decoded]
    return agreement(logits_of(model, [stored.squash(picture, SIDE) for picture in decoded]), np.array(best))


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    shares = np.exp((logits - logits.max(1, keepdims=True)) / temperature)
    return shares / shares.sum(1, keepdims=True)


def cross_entropy(probabilities: np.ndarray, teacher: np.ndarray) -> float:
    return float(-(teacher * np.log(np.maximum(probabilities, 1e-12))).sum(1).mean())


def reliability(probabilities: np.ndarray, teacher: np.ndarray) -> list[tuple[float, float, int]]:
    """For each bin of confidence: the mean confidence of all claims in it, how many of them are true, and their number."""
    bins = np.digitize(probabilities, BINS[1:-1])
    chosen = [(probabilities[bins == number], teacher[bins == number]) for number in range(len(BINS) - 1)]
    return [(float(claimed.mean()), float(true.mean()), len(claimed)) for claimed, true in chosen if len(claimed)]


def draw(table: list[tuple[float, float, int]], before: list[tuple[float, float, int]]) -> str:
    """A reliability diagram: confidence to the right, share of true claims up; on the diagonal they agree."""
    place = lambda row: f"{40 + 300 * row[0]:.1f},{320 - 300 * row[1]:.1f}"
    path = lambda rows, color, dash: f'<polyline points="{" ".join(map(place, rows))}" fill="none" stroke="{color}" stroke-width="2" {dash}/>'
    dots = "".join(f'<circle cx="{place(row).split(",")[0]}" cy="{place(row).split(",")[1]}" r="4" fill="#06c"/>' for row in table)
    ticks = "".join(
        f'<text x="{40 + 300 * v:.0f}" y="336" text-anchor="middle">{v:.1f}</text><text x="34" y="{324 - 300 * v:.0f}" text-anchor="end">{v:.1f}</text>'
        for v in (0, 0.2, 0.4, 0.6, 0.8, 1)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 360" font-family="sans-serif" font-size="11">'
        '<rect width="360" height="360" fill="#fff"/><rect x="40" y="20" width="300" height="300" fill="none" stroke="#999"/>'
        f'<path d="M40 320L340 20" stroke="#999"/>{path(before, "#c60", "stroke-dasharray=" + chr(34) + "4 3" + chr(34))}{path(table, "#06c", "")}{dots}{ticks}'
        '<text x="190" y="353" text-anchor="middle">confidence of a tag</text>'
        '<text x="12" y="170" text-anchor="middle" transform="rotate(-90 12 170)">how often it is true</text>'
        '<text x="50" y="36" fill="#06c">calibrated</text><text x="50" y="50" fill="#c60">temperature 1</text></svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="model.onnx of export.py")
    parser.add_argument("pictures", type=Path, help="the folder that pictures.py and teach.py wrote")
    parser.add_argument("--plot", type=Path, help="the SVG file")
    parser.add_argument("--teacher", type=Path, help="MobileNetV2's model.onnx, for --photographs")
    parser.add_argument("--photographs", type=Path, nargs="*", default=[], help="folders of JPEGs on which tags are compared too")
    args = parser.parse_args()
    if args.photographs and not args.teacher:
        parser.error("--photographs needs --teacher")
    pictures = np.load(args.pictures / "pictures.npy", mmap_mode="r")
    whole = stored.held_out(len(pictures))
    taught = softmax(np.load(args.pictures / "lesson-00.npz")["logits"][whole].astype(np.float32))
    logits = logits_of(args.model, pictures[whole])
    print(f"the teacher's best tag is the best in {agreement(logits, taught.argmax(1))}")
    for folder in args.photographs:
        print(f"{folder}: {photographs(folder, args.model, args.teacher)}")
    fitted, rest = slice(0, None, 2), slice(1, None, 2)
    temperature = min(TEMPERATURES, key=lambda t: cross_entropy(softmax(logits[fitted], t), taught[fitted]))
    print(f"temperature {temperature:.3f}")
    tables = [reliability(softmax(logits[rest], t), taught[rest]) for t in (temperature, 1.0)]
    print("confidence  true   claims")
    for claimed, true, number in tables[0]:
        print(f"{claimed:.3f}       {true:.3f}  {number}")
    if args.plot:
        args.plot.write_text(draw(*tables))


if __name__ == "__main__":
    main()
