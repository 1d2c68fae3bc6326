"""Makes a set of clustered vectors such as pictures' embeddings are.

    python3 sets.py FOLDER [--rows 200000] [--dims 512] [--queries 2000] [--seed 1]

All vectors share an offset, as embeddings do (any two of them have a cosine well above 0). Kinds of pictures are clusters of
different sizes, and near kinds lie together. Within its cluster a vector varies along a few directions, most along the first,
which near kinds share; how far, differs from cluster to cluster; some noise is in every direction. Vectors are 1 long.
Queries are made as the vectors are and are not among them. The metric is the cosine.
"""

import argparse
from pathlib import Path

import numpy
import vectors

FAMILIES = 60
KINDS = 2500
DIRECTIONS = 32
OFFSET, FAMILY, KIND, WITHIN, NOISE = 1.0, 0.7, 0.6, 0.75, 0.25
BATCH = 20_000
NEIGHBOURS = 100


class Maker:
    def __init__(self, dims, seed):
        self.random = numpy.random.default_rng(seed)
        self.offset = self.direction(1, dims)
        self.family_of = self.random.integers(FAMILIES, size=KINDS)
        families = self.direction(FAMILIES, dims)
        self.kinds = OFFSET * self.offset + FAMILY * families[self.family_of] + KIND * self.direction(KINDS, dims)
        self.spread = self.random.lognormal(0, 0.3, KINDS)
        falling = 1 / numpy.sqrt(1 + numpy.arange(DIRECTIONS))
        falling /= numpy.linalg.norm(falling)
        self.directions = self.direction(FAMILIES * DIRECTIONS, dims).reshape(FAMILIES, DIRECTIONS, dims) * falling[:, None]
        # A few kinds are common, most are rare.
        shares = 1 / (10 + self.random.permutation(KINDS))
        self.shares = shares / shares.sum()

    def direction(self, count, dims):
        return vectors.normalised(self.random.standard_normal((count, dims)))

    def make(self, rows):
        dims = self.offset.shape[1]
        made = numpy.empty((rows, dims), numpy.float32)
        for start in range(0, rows, BATCH):
            count = min(BATCH, rows - start)
            kinds = self.random.choice(KINDS, count, p=self.shares)
            batch = self.kinds[kinds] + NOISE / numpy.sqrt(dims) * self.random.standard_normal((count, dims))
            along = self.random.standard_normal((count, DIRECTIONS)) * WITHIN * self.spread[kinds][:, None]
            for family in range(FAMILIES):
                of_family = self.family_of[kinds] == family
                batch[of_family] += along[of_family] @ self.directions[family]
            made[start : start + count] = vectors.normalised(batch)
        return made


def intrinsic_dims(distances):
    """The local intrinsic dimension that distances to the nearest tell (Levina and Bickel, 2004), the mean of all queries'."""
    distances = numpy.maximum(distances, 1e-9)
    return float(numpy.mean(1 / numpy.mean(numpy.log(distances[:, -1:] / distances[:, :-1]), axis=1)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--dims", type=int, default=512)
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    maker = Maker(arguments.dims, arguments.seed)
    made, queries = maker.make(arguments.rows), maker.make(arguments.queries)
    nearest = vectors.nearest(made, queries, "cos", NEIGHBOURS)
    distances = numpy.array([numpy.linalg.norm(made[rows] - query, axis=1) for rows, query in zip(nearest, queries)])
    cosines = queries[:200] @ made[:2000].T
    folder = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    vectors.write(folder / "X.fbin", made)
    vectors.write(folder / "Q.fbin", queries)
    vectors.write(folder / "gt.ibin", nearest)
    # The last file: a folder that has it is whole.
    (folder / "metric").write_text("cos\n")
    print(
        f"{folder}: {arguments.rows} x {arguments.dims}, cosine {cosines.mean():.2f} between any two, "
        f"{1 - distances[:, 9].mean() ** 2 / 2:.2f} to the tenth nearest, local intrinsic dimension {intrinsic_dims(distances):.1f}"
    )


if __name__ == "__main__":
    main()
