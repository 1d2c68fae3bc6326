"""Measures pictures seen per second and core: `eidetic index` against Pillow, NumPy, scikit-image and onnxruntime (`peer.py`).

    python3 see.py --eidetic BINARY --pictures FOLDER [--model FOLDER] [--most 1000] [--rounds 3]

`bench/see/run.sh` makes what this needs. The two take turns. What counts is processor time, user and system, so other
work on the machine disturbs little. Of Eidetic it is the whole process less that of indexing an empty folder, with
writing and indexing the documents; of Python it is the work alone, without importing and loading.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from PIL import Image

ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp"}
LARGE = 24
LARGE_SIZE = (4000, 3000)


def chosen(folder, most):
    """Picks pictures evenly from the whole folder."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    if not paths:
        sys.exit(f"{folder} has no pictures")
    step = max(1.0, len(paths) / most)
    return [paths[int(number * step)] for number in range(min(most, len(paths)))]


def copy(paths, folder):
    folder.mkdir()
    for number, path in enumerate(paths):
        shutil.copy(path, folder / f"{number:05}{path.suffix.lower()}")


def enlarge(paths, folder):
    """Writes pictures as JPEGs of 12 megapixels."""
    folder.mkdir()
    for number, path in enumerate(paths):
        picture = Image.open(path).convert("RGB").resize(LARGE_SIZE, Image.Resampling.BICUBIC)
        picture.save(folder / f"{number:05}.jpg", quality=90)


def cpu_of(command):
    """Runs a command; answers its processor time in seconds."""
    with open(os.devnull, "w") as nowhere, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=nowhere, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            errors.seek(0)
            sys.exit(f"{command[0]} failed: {errors.read()[-2000:]}")
    return usage.ru_utime + usage.ru_stime


def by_eidetic(arguments, folder, scratch):
    data = scratch / "data"
    command = [arguments.eidetic, "index", "--data", str(data), "--threads", "1", str(folder)]
    command += ["--model", str(arguments.model)] if arguments.model else ["--no-model"]
    measured = cpu_of(command)
    shutil.rmtree(data)
    return measured


def by_peer(arguments, folder):
    command = [sys.executable, str(Path(__file__).with_name("peer.py")), str(folder)]
    if arguments.model:
        command.append(str(arguments.model))
    measured = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return measured["cpu_s"], measured["parts"]


def compare(name, arguments, folder, scratch):
    """Prints the row of one set of pictures; answers the peer's milliseconds by part."""
    count = sum(1 for _ in folder.iterdir())
    empty = scratch / "empty"
    empty.mkdir(exist_ok=True)
    ours, theirs, parts = [], [], []
    for _ in range(arguments.rounds):
        start = by_eidetic(arguments, empty, scratch)
        cpu = by_eidetic(arguments, folder, scratch)
        ours.append(count / (cpu - start))
        cpu, by_part = by_peer(arguments, folder)
        theirs.append(count / cpu)
        parts.append(by_part)
    spread = lambda values: f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"
    ratio = statistics.median(ours) / statistics.median(theirs)
    what = "descriptors + network" if arguments.model else "descriptors"
    print(f"| {name}, {count} | {what} | {spread(ours)} | {spread(theirs)} | {ratio:.2f} |", flush=True)
    return {part: 1000 * statistics.median(p[part] for p in parts) / count for part in parts[0]}


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--eidetic", required=True)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("pillow", "numpy", "scikit-image", "ImageHash", "onnxruntime")]
    print(f"{date.today()}; {os.cpu_count()} cores, {processor()}; Python {platform.python_version()}, {', '.join(versions)}\n")
    model = arguments.model
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        paths = chosen(arguments.pictures, arguments.most)
        sets = {"as they are": scratch / "small", "12 megapixels": scratch / "large"}
        copy(paths, sets["as they are"])
        enlarge([path for path in paths if path.suffix != ".gif"][:: max(1, len(paths) // LARGE)][:LARGE], sets["12 megapixels"])
        print(f"Images per second and core, median (range) of {arguments.rounds}.\n")
        print("| pictures | seen | Eidetic | Python | ratio |")
        print("|---|---|---:|---:|---:|")
        parts = {}
        for name, folder in sets.items():
            for arguments.model in [None, model] if model else [None]:
                parts[name] = compare(name, arguments, folder, scratch)
        print("\nThe peer's milliseconds of processor time for a picture, by part.\n")
        print(f"| part | {' | '.join(sets)} |\n|---|{'---:|' * len(sets)}")
        for part in next(iter(parts.values())):
            print(f"| {part} | {' | '.join(f'{parts[name][part]:.2f}' for name in sets)} |")


if __name__ == "__main__":
    main()
