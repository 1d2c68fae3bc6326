"""Matrices in files, exact neighbours, and filters.

A matrix is a file of two u32, rows and columns, and then the rows. A set is a folder with `X.fbin` (the vectors),
`Q.fbin` (queries), `gt.ibin` (the rows of each query's nearest, the nearest first) and `metric` (`l2` or `cos`).
"""

from pathlib import Path

import numpy

# Stands in exact answers where fewer vectors can be hits than a row has places.
NOTHING = 2**32 - 1

# How many more than asked for are compared again with 64 bits.
MARGIN = 20


def read(path, kind):
    with open(path, "rb") as file:
        rows, columns = numpy.fromfile(file, numpy.uint32, 2)
        return numpy.fromfile(file, kind).reshape(rows, columns)


def write(path, matrix):
    with open(path, "wb") as file:
        numpy.array(matrix.shape, numpy.uint32).tofile(file)
        numpy.ascontiguousarray(matrix).tofile(file)


def normalised(vectors):
    lengths = numpy.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / numpy.where(lengths > 0, lengths, 1)


class Set:
    """A set; of the cosine the vectors and queries are made 1 long, so that peers can compare them by the dot product."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.metric = (self.folder / "metric").read_text().strip()

    def read(self, name):
        matrix = read(self.folder / name, numpy.float32)
        return normalised(matrix) if self.metric == "cos" else matrix

    def vectors(self):
        return self.read("X.fbin")

    def queries(self):
        return self.read("Q.fbin")


def nearest(vectors, queries, metric, k, filters=None):
    """The rows of the exact `k` nearest vectors of each query, in order; with filters (see `write_filters`) those that pass."""
    answers = numpy.full((len(queries), k), NOTHING, numpy.uint32)
    squares = numpy.einsum("ij,ij->i", vectors, vectors)
    for start in range(0, len(queries), 100):
        batch = queries[start : start + 100]
        nearness = batch @ vectors.T
        if metric == "l2":
            nearness = 2 * nearness - squares
        for number, row in enumerate(nearness, start):
            rows = None
            if filters is not None:
                bits = numpy.unpackbits(filters[number % len(filters)], count=len(vectors), bitorder="little")
                rows = numpy.flatnonzero(bits)
                row = row[rows]
            most = min(k + MARGIN, len(row))
            chosen = numpy.argpartition(-row, most - 1)[:most]
            chosen = chosen if rows is None else rows[chosen]
            # What decides between near ones is computed with 64 bits.
            near = vectors[chosen].astype(numpy.float64)
            query = queries[number].astype(numpy.float64)
            distances = ((near - query) ** 2).sum(1) if metric == "l2" else -(near @ query)
            order = chosen[numpy.lexsort((chosen, distances))][:k]
            answers[number, : len(order)] = order
    return answers


def write_filters(path, passing):
    """Writes filters, a row of booleans each, as bits, the lowest of a byte first. The first query has the first filter, and so
    on; after the last comes the first again."""
    bits = numpy.packbits(passing, axis=1, bitorder="little")
    write(path, bits)
    return bits


def read_filters(path):
    return read(path, numpy.uint8)
