"""Measures how high words find pictures: the mean reciprocal rank of each picture for the nouns of its captions.

    cargo build --release -p cli
    python3 bench/words.py CAPTIONS [MODEL...]

CAPTIONS holds images/ and captions.txt (a header; then name,caption). Each MODEL is a folder with model.onnx and
model.toml; the built-in network is measured first. A noun is a word of a caption that the program knows as a name of a
tag (models/tags), so that no other words are asked; only tags are sought, as files are named by numbers. A picture
that a word does not find within the first 1,000 counts as 0. Where many pictures have a word, most of them cannot be
among the first: the last row is of a ranking in which each word finds all of its pictures first.

Beside it, for a few words, how many pictures are found, how many of them have a caption that names what is sought, also
among the first 20, and how many pictures have such a caption.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EIDETIC = ROOT / "target/release/eidetic"


COUNTED = {
    "dog": {"dog", "puppy"},
    "animal": {"dog", "puppy", "cat", "horse", "bird", "animal", "cow", "sheep", "goat", "duck", "elephant"},
}
"""Words that are counted, and the words of captions, also within longer ones, that make a picture one of them."""


def names_of_tags():
    names = set()
    for table in ("classes", "broader"):
        for line in (ROOT / f"models/tags/{table}.tsv").read_text().splitlines()[1:]:
            first, english = line.split("\t")[:2]
            names.update(name.lower() for name in [*english.split(";"), *([first] if table == "broader" else [])])
    return names


def captions_of(file):
    """For each picture, its captions."""
    captions = defaultdict(list)
    for line in file.read_text().splitlines()[1:]:
        picture, caption = line.split(",", 1)
        captions[picture].append(caption.lower())
    return captions


def nouns(captions, names):
    """For each picture, the words of its captions that name a tag, plurals by their singular."""
    found = defaultdict(set)
    for picture, own in captions.items():
        for word in " ".join(own).replace('"', " ").split():
            for form in (word, word.removesuffix("s"), word.removesuffix("es")):
                if form in names and len(form) > 2:
                    found[picture].add(form)
                    break
    return found


def search(data, word):
    """The names of the pictures that a word finds, best first."""
    command = [EIDETIC, "--data", data, "search", "--json", "-k", "1000", word]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode > 1:
        sys.exit(ran.stderr)
    return [Path(hit["path"]).name for hit in json.loads(ran.stdout or "[]")]


def measure(folder, captions, wanted, model):
    """Prints a row, and answers one for each word that is counted."""
    name = model.name if model else "built in"
    with tempfile.TemporaryDirectory() as data:
        command = [EIDETIC, "--data", data, "index", "--json", folder / "images"]
        subprocess.run([*command, *(["--model", model] if model else [])], check=True, capture_output=True)
        ranks = []
        for word in sorted({word for words in wanted.values() for word in words}):
            places = {picture: rank for rank, picture in enumerate(search(data, word), 1)}
            ranks += [1 / places[picture] if picture in places else 0 for picture, words in wanted.items() if word in words]
        counted = [f"| {name} | {count(word, search(data, word), captions)} |" for word in COUNTED]
    found = sum(rank > 0 for rank in ranks) / len(ranks)
    print(f"| {name} | {sum(ranks) / len(ranks):.4f} | {found:.3f} |", flush=True)
    return counted


def count(word, found, captions):
    shows = {picture for picture, own in captions.items() if any(name in " ".join(own) for name in COUNTED[word])}
    right = [picture in shows for picture in found]
    return f"{word} | {len(found)} | {sum(right)} | {sum(right[:20])} | {len(shows)}"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    pictures = {path.name for path in (folder / "images").iterdir()}
    captions = captions_of(folder / "captions.txt")
    captions = {picture: own for picture, own in captions.items() if picture in pictures}
    wanted = nouns(captions, names_of_tags())
    pairs = sum(map(len, wanted.values()))
    uses = Counter(word for words in wanted.values() for word in words)
    print(f"{len(pictures)} pictures, {len(uses)} nouns, {pairs} pairs of a picture and a noun\n")
    print("| network | mean reciprocal rank | found |\n|---|---:|---:|")
    models = [None, *map(Path, sys.argv[2:])]
    counted = [row for model in models for row in measure(folder, captions, wanted, model)]
    best = sum(1 / rank for number in uses.values() for rank in range(1, number + 1))
    print(f"| a perfect ranking | {best / pairs:.4f} | 1.000 |\n")
    print("| network | word | found | of them right | of the first 20 | there are |\n|---|---|---:|---:|---:|---:|")
    print("\n".join(counted))


if __name__ == "__main__":
    main()
