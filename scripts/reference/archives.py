#!/usr/bin/env python3
"""Makes the reference files of crates/archives/tests/data with NumPy and h5py.

    python -m venv .venv && .venv/bin/pip install numpy h5py
    .venv/bin/python scripts/reference/archives.py

The numbers come out of formulas, which the Rust tests repeat (crates/archives/tests/it/stored.rs); the versions of NumPy
and h5py are kept beside the files.
"""
import pathlib

import h5py
import numpy as np

DATA = pathlib.Path(__file__).resolve().parents[2] / "crates/archives/tests/data"
ROWS, DIMS = 5, 3

count = np.arange(ROWS * DIMS).reshape(ROWS, DIMS)
sign = np.where((np.arange(ROWS)[:, None] + np.arange(DIMS)) % 2 == 0, 1, -1)
real = sign * (count / 7.0)
whole = sign * count
# The least float of 16 bits, the least that is normal, the greatest; nothing, without a number, without an end.
halves = np.array([[2.0**-24, 2.0**-14, 65504.0], [1.0, -2.5, 1 / 3], [-0.0, np.nan, -np.inf]])


def save(name, array, version=None):
    with open(DATA / name, "wb") as file:
        np.lib.format.write_array(file, array, version=version, allow_pickle=True)


def texmex(name, array):
    dims = np.full((len(array), 1), array.shape[1], "<i4").view(np.uint8).reshape(-1, 4)
    np.hstack([dims, array.view(np.uint8).reshape(len(array), -1)]).tofile(DATA / name)


def bigann(name, array):
    with open(DATA / name, "wb") as file:
        np.array(array.shape, "<u4").tofile(file)
        array.tofile(file)


def ann_benchmarks(name, distance, real=real.astype("f4")):
    with h5py.File(DATA / name, "w") as file:
        file.attrs["type"] = "dense"
        file.attrs["distance"] = distance
        file.attrs["dimension"] = DIMS
        file.attrs["point_type"] = "float"
        file["train"] = real
        file["test"] = real[::-1]
        file["neighbors"] = np.arange(10, dtype="i4").reshape(5, 2)
        file["distances"] = np.zeros((5, 2), "f4")


DATA.mkdir(exist_ok=True)
(DATA / "VERSIONS").write_text(f"numpy {np.__version__}\nh5py {h5py.__version__}\n")
save("f4.npy", real.astype("<f4"))
save("f4_big.npy", real.astype(">f4"))
save("f8.npy", real.astype("<f8"))
save("f8_big_columns.npy", np.asfortranarray(real.astype(">f8")))
save("f4_columns.npy", np.asfortranarray(real.astype("<f4")))
save("f2.npy", halves.astype("<f2"))
save("i1.npy", whole.astype("i1"))
save("u1.npy", count.astype("u1"))
save("i2_big.npy", whole.astype(">i2"))
save("u2.npy", count.astype("<u2"))
save("i4.npy", whole.astype("<i4"))
save("u4_columns.npy", np.asfortranarray(count.astype("<u4")))
save("version_2.npy", real.astype("<f4"), (2, 0))
save("version_3.npy", real.astype("<f4"), (3, 0))
save("one_row.npy", real[2].astype("<f4"))
save("no_rows.npy", real[:0].astype("<f4"))
save("no_dims.npy", real[:, :0].astype("<f4"))
save("i8.npy", whole.astype("<i8"))
save("c8.npy", real.astype("<c8"))
save("b1.npy", whole > 0)
save("u3.npy", whole.astype("U3"))
save("objects.npy", np.array([[1.0, "a"], [None, {}]], dtype=object))
save("records.npy", np.zeros(3, dtype=[("é", "<f4"), ("b", "<i4", (2,))]))
save("cube.npy", np.zeros((2, 3, 4), "<f4"))
save("number.npy", np.array(1.5, "<f4"))
np.savez(DATA / "two.npz", a=real, b=whole)
texmex("base.fvecs", real.astype("<f4"))
texmex("base.bvecs", count.astype("u1"))
texmex("base.ivecs", whole.astype("<i4"))
bigann("base.fbin", real.astype("<f4"))
bigann("base.u8bin", count.astype("u1"))
bigann("base.i8bin", whole.astype("i1"))
ann_benchmarks("angular.hdf5", "angular")
ann_benchmarks("euclidean.hdf5", "euclidean")
ann_benchmarks("halves.hdf5", "euclidean", halves.astype(">f2"))
