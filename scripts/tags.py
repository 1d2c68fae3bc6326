#!/usr/bin/env python3
"""Checks the two tables of tags, models/tags/classes.tsv and models/tags/broader.tsv.

Prints how much they hold; lists every fault that it finds and then ends with status 1.
"""

import pathlib
import re
import sys

TABLES = pathlib.Path(__file__).resolve().parent.parent / "models" / "tags"
CLASSES = 1000
HAN = re.compile("[\u3400-\u9fff]")
BEYOND_LATIN = re.compile("[^ -~\u00c0-\u024f]")
faults = []


def read(file, header):
    """Returns the rows of a table, each a list of columns, each column a list of names."""
    text = (TABLES / file).read_bytes().decode("utf-8")
    if "\r" in text or not text.endswith("\n"):
        faults.append(f"{file}: lines must end in LF, the last one too")
    first, *lines = text.removesuffix("\n").split("\n")
    if first.split("\t") != header:
        faults.append(f"{file}:1: header {first!r}, expected {header}")
    rows = []
    for at, line in enumerate(lines, 2):
        row = [cell.split(";") if cell else [] for cell in line.split("\t")]
        if len(row) != len(header) or len(row[0]) != 1 or not row[2]:
            faults.append(f"{file}:{at}: expected {header}, with one {header[0]} and a Chinese name")
            continue
        for title, names in zip(header, row):
            for name in names:
                where = f"{file}:{at}: {title}: {name!r}"
                if not name or name != " ".join(name.split()):
                    faults.append(f"{where}: empty, or with a stray space")
                if not HAN.search(name) if title == "chinese" else BEYOND_LATIN.search(name):
                    faults.append(f"{where}: not the script of this column")
                if [other.casefold() for other in names].count(name.casefold()) > 1:
                    faults.append(f"{where}: there twice")
        rows.append(row)
    return rows


classes = read("classes.tsv", ["number", "english", "chinese", "broader"])
terms = read("broader.tsv", ["key", "english", "chinese", "broader"])
if [row[0][0] for row in classes] != [str(n) for n in range(1, CLASSES + 1)]:
    faults.append(f"classes.tsv: numbers are not 1 to {CLASSES}, each once and in order")
faults += [f"classes.tsv: {row[0][0]}: lacks a name or a broader term"
           for row in classes if not row[1] or not row[3]]

# The first names stand under pictures: classes and terms alike must be told apart by them.
for column in (1, 2):
    seen = {}
    for label, *shown in [(f"class {r[0][0]}", (r[1] or r[0])[0], r[2][0]) for r in classes] + [
            (f"term {r[0][0]!r}", r[0][0], r[2][0]) for r in terms]:
        if seen.setdefault(shown[column - 1].casefold(), (label, shown))[1] is not shown:
            faults.append(f"{label}: has the first name {shown[column - 1]!r}, as another has")

above = {row[0][0]: row[3] for row in terms}
reached = set()
for name, parents in [(int(row[0][0]), row[3]) for row in classes] + list(above.items()):
    found, pending = set(), list(parents)
    while pending:
        key = pending.pop()
        if key not in above:
            faults.append(f"{name!r}: unknown broader term {key!r}")
        elif key not in found:
            found.add(key)
            pending += above[key]
    if name in found:
        faults.append(f"{name!r}: is above itself")
    reached |= found if isinstance(name, int) else set()
faults += [f"{key!r}: reaches no class" for key in above if key not in reached]

english, chinese = (sum(len(row[column]) for row in classes + terms) for column in (1, 2))
print(f"{len(classes)} classes, {len(terms)} terms; beside the terms' keys "
      f"{english} English names, and {chinese} Chinese names")
print("\n".join(dict.fromkeys(faults)) or "no faults")
sys.exit(bool(faults))
