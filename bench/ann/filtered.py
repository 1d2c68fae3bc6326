"""Compares searches that only some vectors of a set may answer, and prints the table of bench/ann/README.md.

    python3 filtered.py SET --ours target/release/ann-bench --indexes FOLDER --filters FOLDER [--keep .5,.1,…] [--kinds …]
        [--recall .95]

Filters let a share of the vectors pass: `random` ones; those `near` to another vector, which has nothing to do with the query;
those `far`thest from the query, of which each query has its own. Each library has the setting that just reaches a recall,
or where it reaches that with none, the one with the best recall; `ann-bench` fails
when a search of ours answers fewer hits than there are.
"""

import argparse
from pathlib import Path

import compare
import numpy
import vectors

PEERS = ["hnswlib-filtered", "faiss-hnsw-filtered"]
QUERIES = 50
ANCHORS = 10
# Beyond this, Faiss answers tens of queries a second, and finds little more.
MOST = 4096


def passing(kind, share, made, queries, others):
    """The filters of a kind, a row of booleans each."""
    count = max(1, round(share * len(made)))
    if kind == "random":
        chosen = [numpy.random.default_rng(1).permutation(len(made))[:count]]
    elif kind == "near":
        chosen = [numpy.argsort(distances(made, other))[:count] for other in others]
    else:
        chosen = [numpy.argsort(-distances(made, query))[:count] for query in queries]
    filters = numpy.zeros((len(chosen), len(made)), bool)
    for row, slots in zip(filters, chosen):
        row[slots] = True
    return filters


def distances(made, vector):
    return numpy.einsum("ij,ij->i", made, made) - 2 * (made @ vector)


def make(arguments):
    """Writes the filters and the exact answers to them, unless they are there; gives their files."""
    folder = arguments.filters
    folder.mkdir(parents=True, exist_ok=True)
    names = [(kind, share) for kind in arguments.kinds.split(",") for share in map(float, arguments.keep.split(","))]
    files = {name: [folder.resolve() / f"{name[0]}-{name[1]:g}.{ending}" for ending in ("filter", "nearest")] for name in names}
    if all(nearest.exists() for _, nearest in files.values()):
        return files
    of = vectors.Set(arguments.set)
    made, queries = of.vectors(), of.queries()
    queries, others = queries[:QUERIES], queries[-ANCHORS:]
    for (kind, share), (filter, nearest) in files.items():
        if not nearest.exists():
            bits = vectors.write_filters(filter, passing(kind, share, made, queries, others))
            vectors.write(nearest, vectors.nearest(made, queries, of.metric, arguments.k, bits))
    return files


def cell(chosen, rate, ours):
    at, reached, recall = chosen
    text = f"{rate:.0f}" if ours is None else compare.ratio(ours, rate)
    return f"{recall:.3f}, {at['x']} | {text}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("set", type=Path)
    parser.add_argument("--ours", type=Path, required=True)
    parser.add_argument("--indexes", type=Path, required=True)
    parser.add_argument("--filters", type=Path, required=True)
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--keep", default=".5,.1,.01,.001,.0001")
    parser.add_argument("--kinds", default="random,near,far")
    parser.add_argument("--recall", type=float, default=0.95)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=0.2)
    arguments = parser.parse_args()
    files = make(arguments)
    workers = compare.start(arguments, PEERS, arguments.set)
    print(f"\nRecall@{arguments.k} and the setting, then queries/s; in brackets how many times as fast ours is.\n")
    print("| filter | keeps | " + " | | ".join(workers) + " | |")
    print("|---|---:" + "|---:|---:" * len(workers) + "|")
    for (kind, share), (filter, nearest) in files.items():
        asked = {"k": arguments.k, "queries": QUERIES, "filter": str(filter), "nearest": str(nearest)}
        chosen = {name: compare.fastest(worker, arguments.recall, asked, MOST) for name, worker in workers.items()}
        tasks = {name: (worker, chosen[name][0], asked) for name, worker in workers.items()}
        rates = compare.in_turns(tasks, arguments.rounds, arguments.seconds)
        cells = [cell(chosen[name], rates[name], None if name == "ours" else rates["ours"]) for name in workers]
        print(f"| {kind} | {100 * share:g} % | " + " | ".join(cells) + " |", flush=True)
    for worker in workers.values():
        worker.end()


if __name__ == "__main__":
    main()
