"""Measures how high words find pictures: the mean reciprocal rank of each picture for the nouns of its captions.

    cargo build --release -p cli
    python3 bench/words.py CAPTIONS [MODEL...]

CAPTIONS holds images/ and captions.txt (a header; then name,caption). Each MODEL is a folder with model.onnx and
model.toml; the built-in network is measured first. A noun is a word of a caption that the program knows as a name of a
tag (models/tags), so that no other words are asked; only tags are sought, as files are named by numbers. A picture
that a word does not find within the first 1,000 counts as 0. Where many pictures have a word, most of them cannot be
among the first: the last row is of a ranking in which each word finds all of its pictures first.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EIDETIC = ROOT / "target/release/eidetic"


def names_of_tags():
    names = set()
    for table in ("classes", "broader"):
        for line in (ROOT / f"models/tags/{table}.tsv").read_text().splitlines()[1:]:
            first, english = line.split("\t")[:2]
            names.update(name.lower() for name in [*english.split(";"), *([first] if table == "broader" else [])])
    return names


def nouns(captions, names):
    """For each picture, the words of its captions that name a tag, plurals by their singular."""
    found = defaultdict(set)
    for line in captions.read_text().splitlines()[1:]:
        picture, caption = line.split(",", 1)
        for word in caption.lower().replace('"', " ").split():
            for form in (word, word.removesuffix("s"), word.removesuffix("es")):
                if form in names and len(form) > 2:
                    found[picture].add(form)
                    break
    return found


def measure(folder, wanted, model):
    with tempfile.TemporaryDirectory() as data:
        command = [EIDETIC, "--data", data, "index", "--json", folder / "images"]
        subprocess.run([*command, *(["--model", model] if model else [])], check=True, capture_output=True)
        ranks = []
        for word in sorted({word for words in wanted.values() for word in words}):
            command = [EIDETIC, "--data", data, "search", "--json", "-k", "1000", word]
            ran = subprocess.run(command, capture_output=True, text=True)
            if ran.returncode > 1:
                sys.exit(ran.stderr)
            places = {Path(hit["path"]).name: hit["rank"] for hit in json.loads(ran.stdout or "[]")}
            ranks += [1 / places[name] if name in places else 0 for name, words in wanted.items() if word in words]
    found = sum(rank > 0 for rank in ranks) / len(ranks)
    print(f"| {model.name if model else 'built in'} | {sum(ranks) / len(ranks):.4f} | {found:.3f} |", flush=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    wanted = nouns(folder / "captions.txt", names_of_tags())
    pictures = {path.name for path in (folder / "images").iterdir()}
    wanted = {picture: words for picture, words in wanted.items() if picture in pictures}
    pairs = sum(map(len, wanted.values()))
    uses = Counter(word for words in wanted.values() for word in words)
    print(f"{len(pictures)} pictures, {len(uses)} nouns, {pairs} pairs of a picture and a noun\n")
    print("| network | mean reciprocal rank | found |\n|---|---:|---:|")
    for model in [None, *map(Path, sys.argv[2:])]:
        measure(folder, wanted, model)
    best = sum(1 / rank for number in uses.values() for rank in range(1, number + 1))
    print(f"| a perfect ranking | {best / pairs:.4f} | 1.000 |")


if __name__ == "__main__":
    main()
