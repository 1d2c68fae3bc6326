"""The libraries that the index is compared with.

    python3 peers.py build PEER SET FOLDER     builds one, once, with one thread; prints what that took
    python3 peers.py worker PEER SET FOLDER    answers questions about it, as `ann-bench worker` does

A worker first prints `{"ok": 1, ...}`, or `{"skipped": why}`. Then it answers a line of JSON with a line: `{"op": "recall", "x": X}` with
the recall, `{"op": "time", "x": X, "sec": S}` with queries per second by processor time, the same of the best round, and by
the clock. `x` is what the library trades speed for recall by (ef, lists probed); where a second number does so too, `family`
says which of them. Further fields: `k` (10), `queries` (how many of them, all), `filter` and `nearest` (files).
All queries are given to a library at once, where it takes several.
"""

import importlib.metadata
import json
import os
import sys
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy
import vectors

BUILD_EF = 200
DEGREE = 32


class Peer:
    """What the ways have in common: `build` writes an index, `load` reads it, `search` finds the rows of the nearest."""

    package = None
    # The setting that finds least, where it is not k, and the one that finds most.
    least = None
    most = 8192
    families = [None]
    # Another peer whose index this one loads.
    built_as = None

    def __init__(self, of, folder):
        self.of = of
        self.folder = folder

    def file(self, name="index"):
        return str(self.folder / name)

    def build(self):
        pass

    def filter(self, filters):
        raise NotImplementedError(f"{type(self).__name__} is not compared with filters")


class Hnswlib(Peer):
    package = "hnswlib"

    def index(self, dims):
        import hnswlib

        return hnswlib.Index(space="ip" if self.of.metric == "cos" else "l2", dim=dims)

    def build(self):
        made = self.of.vectors()
        index = self.index(made.shape[1])
        index.init_index(max_elements=len(made), M=DEGREE // 2, ef_construction=BUILD_EF)
        index.add_items(made, num_threads=1)
        index.save_index(self.file())

    def load(self, queries):
        self.loaded = self.index(queries.shape[1])
        self.loaded.load_index(self.file())

    def search(self, queries, k, x, family):
        self.loaded.set_ef(max(x, k))
        return self.loaded.knn_query(queries, k, num_threads=1)[0]


class HnswlibFiltered(Peer):
    """hnswlib with a filter in C++ (hnswlib_filtered.cpp): one in Python would be measured itself."""

    package = "hnswlib"
    built_as = "hnswlib"

    def load(self, queries):
        import ctypes

        self.library = ctypes.CDLL(os.environ["HNSWLIB_FILTERED"])
        size, pointer = ctypes.c_size_t, ctypes.c_void_p
        self.library.open_index.restype = pointer
        self.library.open_index.argtypes = [ctypes.c_char_p, size, ctypes.c_int]
        self.library.search_all.restype = None
        self.library.search_all.argtypes = [pointer, pointer, size, size, size, pointer, size, size, pointer]
        inner = self.of.metric == "cos"
        self.loaded = self.library.open_index(self.file().encode(), queries.shape[1], int(inner))

    def filter(self, filters):
        self.filters = numpy.ascontiguousarray(filters)

    def search(self, queries, k, x, family):
        found = numpy.empty((len(queries), k), numpy.uint32)
        asked = self.loaded, queries.ctypes.data, len(queries), k, max(x, k)
        self.library.search_all(*asked, self.filters.ctypes.data, *self.filters.shape, found.ctypes.data)
        return found


class Faiss(Peer):
    package = "faiss-cpu"

    def near(self):
        import faiss

        return faiss.METRIC_INNER_PRODUCT if self.of.metric == "cos" else faiss.METRIC_L2

    def load(self, queries):
        import faiss

        self.loaded = faiss.read_index(self.file())

    def write(self, index):
        import faiss

        faiss.write_index(index, self.file())


class FaissHnsw(Faiss):
    def build(self):
        import faiss

        made = self.of.vectors()
        index = faiss.IndexHNSWFlat(made.shape[1], DEGREE, self.near())
        index.hnsw.efConstruction = BUILD_EF
        index.add(made)
        self.write(index)

    def search(self, queries, k, x, family):
        self.loaded.hnsw.efSearch = max(x, k)
        return self.loaded.search(queries, k)[1]


class FaissHnswFiltered(FaissHnsw):
    built_as = "faiss-hnsw"

    def filter(self, filters):
        import faiss

        self.filters = numpy.ascontiguousarray(filters)
        self.selectors = [faiss.IDSelectorBitmap(bits) for bits in self.filters]

    def search(self, queries, k, x, family):
        import faiss

        found = numpy.empty((len(queries), k), numpy.int64)
        step = len(self.selectors)
        for number, selector in enumerate(self.selectors[: len(queries)]):
            parameters = faiss.SearchParametersHNSW(sel=selector, efSearch=max(x, k))
            found[number::step] = self.loaded.search(queries[number::step], k, params=parameters)[1]
        return found


class FaissIvfPq(Faiss):
    """4-bit codes in lists, and the vectors to compare the best with again; a family is how many times k of them."""

    least = 1
    most = 1024
    families = [2, 4, 8, 16, 32]

    def build(self):
        import faiss

        made = self.of.vectors()
        count, dims = made.shape
        lists = 2 ** round(numpy.log2(4 * count**0.5))
        index = faiss.index_factory(dims, f"IVF{lists},PQ{dims // 2}x4fs,RFlat", self.near())
        index.train(made[:: max(1, count // (64 * lists))])
        index.add(made)
        self.write(index)

    def search(self, queries, k, x, family):
        import faiss

        faiss.extract_index_ivf(self.loaded).nprobe = x
        self.loaded.k_factor = family
        return self.loaded.search(queries, k)[1]


class FaissFlat(Faiss):
    def load(self, queries):
        import faiss

        self.loaded = faiss.IndexFlat(queries.shape[1], self.near())
        self.loaded.add(self.of.vectors())

    def search(self, queries, k, x, family):
        # One by one: many at once are a product of matrices, which no one waits for who asks a single question.
        return numpy.concatenate([self.loaded.search(queries[i : i + 1], k)[1] for i in range(len(queries))])


class NumpyFlat(Peer):
    package = "numpy"

    def load(self, queries):
        self.vectors = self.of.vectors()
        self.squares = numpy.einsum("ij,ij->i", self.vectors, self.vectors)

    def search(self, queries, k, x, family):
        return numpy.array([self.one(query, k) for query in queries])

    def one(self, query, k):
        nearness = self.vectors @ query
        if self.of.metric == "l2":
            nearness = 2 * nearness - self.squares
        chosen = numpy.argpartition(-nearness, k)[:k]
        return chosen[numpy.argsort(-nearness[chosen])]


class Scann(Peer):
    """ScaNN's own advice for sets of this size: a tree, 4-bit anisotropic codes of 2 dims, and vectors to compare the best again;
    a family is how many times k of them."""

    package = "scann"
    least = 1
    most = 1024
    families = [3, 10, 30, 60]

    def build(self):
        import scann

        made = self.of.vectors()
        near = "dot_product" if self.of.metric == "cos" else "squared_l2"
        builder = scann.scann_ops_pybind.builder(made, 10, near).set_n_training_threads(1)
        leaves = int(2 * len(made) ** 0.5)
        builder = builder.tree(leaves, leaves // 20, training_sample_size=min(len(made), 250_000))
        builder = builder.score_ah(2, anisotropic_quantization_threshold=0.2).reorder(100)
        builder.build().serialize(str(self.folder))

    def load(self, queries):
        import scann

        self.loaded = scann.scann_ops_pybind.load_searcher(str(self.folder))

    def search(self, queries, k, x, family):
        return self.loaded.search_batched(queries, k, family * k, x)[0]


class Svs(Peer):
    """A family is what to keep of each vector; all share the graph. How far ahead to fetch is calibrated."""

    package = "scalable-vs"
    least = 1

    def build(self):
        import svs

        made = self.of.vectors()
        parameters = svs.VamanaBuildParameters(alpha=1.2, graph_max_degree=DEGREE, window_size=BUILD_EF)
        # Of vectors that are 1 long, the nearest are those with the greatest dot product.
        index = svs.Vamana.build(parameters, made, svs.DistanceType.L2, num_threads=1)
        index.save(*(self.file(part) for part in ("config", "graph", "data")))
        svs.write_vecs(made.astype(numpy.float16), self.file("half.hvecs"))
        svs.convert_vecs_to_svs(self.file("half.hvecs"), self.file("half.svs"), svs.float16)
        os.remove(self.file("half.hvecs"))

    def load(self, queries):
        import svs

        graph = svs.GraphLoader(self.file("graph"))
        data = self.data(svs, queries.shape[1])
        self.loaded = svs.Vamana(self.file("config"), graph, data, distance=svs.DistanceType.L2, num_threads=1)

    def data(self, svs, dims):
        return svs.VectorDataLoader(self.file("data"), svs.DataType.float32, dims)

    def calibrate(self, queries, nearest):
        self.loaded.experimental_calibrate(queries, nearest[:, :10], 10, 0.95)
        found = self.loaded.search_parameters
        return f"prefetch {found.prefetch_lookahead}, {found.prefetch_step}"

    def search(self, queries, k, x, family):
        import svs

        # Fewer may be expanded than are kept.
        parameters = self.loaded.search_parameters
        parameters.buffer_config = svs.SearchBufferConfig(x, max(x, k))
        self.loaded.search_parameters = parameters
        return self.loaded.search(queries, k)[0]


class SvsF16(Svs):
    built_as = "svs-f32"

    def data(self, svs, dims):
        return svs.VectorDataLoader(self.file("half.svs"), svs.DataType.float16, dims)


class SvsLvq8(Svs):
    built_as = "svs-f32"
    bits = (8, 0)

    def data(self, svs, dims):
        return svs.LVQLoader(super().data(svs, dims), *self.bits, padding=32)


class SvsLvq4x8(SvsLvq8):
    bits = (4, 8)


class Usearch(Peer):
    package = "usearch"
    dtype = "f32"

    def index(self, dims):
        from usearch.index import Index

        near = "ip" if self.of.metric == "cos" else "l2sq"
        return Index(ndim=dims, metric=near, dtype=self.dtype, connectivity=DEGREE // 2, expansion_add=BUILD_EF)

    def build(self):
        made = self.of.vectors()
        index = self.index(made.shape[1])
        index.add(numpy.arange(len(made)), made, threads=1)
        index.save(self.file())

    def load(self, queries):
        self.loaded = self.index(queries.shape[1])
        self.loaded.load(self.file())

    def search(self, queries, k, x, family):
        self.loaded.expansion_search = max(x, k)
        return self.loaded.search(queries, k, threads=1).keys


class UsearchI8(Usearch):
    dtype = "i8"


PEERS = {
    "hnswlib": Hnswlib,
    "faiss-hnsw": FaissHnsw,
    "faiss-ivfpq": FaissIvfPq,
    "scann": Scann,
    "svs-f32": Svs,
    "svs-f16": SvsF16,
    "svs-lvq8": SvsLvq8,
    "svs-lvq4x8": SvsLvq4x8,
    "usearch-f32": Usearch,
    "usearch-i8": UsearchI8,
    "faiss-flat": FaissFlat,
    "numpy-flat": NumpyFlat,
    "hnswlib-filtered": HnswlibFiltered,
    "faiss-hnsw-filtered": FaissHnswFiltered,
}


def resident_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


def build(peer):
    """Builds an index unless it is built, and writes down what it took."""
    record = peer.folder / "built.json"
    if record.exists() or type(peer).build is Peer.build:
        return
    peer.folder.mkdir(parents=True, exist_ok=True)
    peer.of.vectors()
    start, wall = time.process_time(), time.monotonic()
    peer.build()
    taken = {"build_cpu_s": time.process_time() - start, "build_s": time.monotonic() - wall}
    record.write_text(json.dumps(taken))
    print(f"{peer.folder.name}: built in {taken['build_cpu_s']:.1f} s of processor time", flush=True)


class Worker:
    def __init__(self, peer):
        self.peer = peer
        self.queries = peer.of.queries()
        self.nearest = {None: vectors.read(peer.of.folder / "gt.ibin", numpy.uint32)}
        self.filter = None
        peer.load(self.queries)

    def search(self, asked):
        queries = self.queries[: asked.get("queries", len(self.queries))]
        return self.peer.search(queries, asked.get("k", 10), asked["x"], asked.get("family"))

    def recall(self, asked):
        k = asked.get("k", 10)
        path = asked.get("nearest")
        if path not in self.nearest:
            self.nearest[path] = vectors.read(path, numpy.uint32)
        found = numpy.asarray(self.search(asked)).astype(numpy.int64)
        right = all_of_them = 0
        for found, nearest in zip(found, self.nearest[path][:, :k]):
            nearest = nearest[nearest != vectors.NOTHING]
            right += len(numpy.intersect1d(found, nearest))
            all_of_them += len(nearest)
        return right / max(all_of_them, 1)

    def time(self, asked):
        count = min(asked.get("queries", len(self.queries)), len(self.queries))
        rounds, best = 0, float("inf")
        cpu, wall = time.process_time(), time.monotonic()
        while rounds == 0 or time.monotonic() - wall < asked["sec"]:
            start = time.process_time()
            self.search(asked)
            best = min(best, time.process_time() - start)
            rounds += 1
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        return [count * rounds / cpu, count / best, count * rounds / wall]

    def answer(self, asked):
        if asked.get("filter") != self.filter:
            self.filter = asked.get("filter")
            self.peer.filter(vectors.read_filters(self.filter))
        return self.recall(asked) if asked["op"] == "recall" else self.time(asked)


def limit_threads():
    """Faiss asks the system how many threads there are."""
    try:
        import faiss

        faiss.omp_set_num_threads(1)
    except ImportError:
        pass


def main():
    what, name, of, folder = sys.argv[1:]
    kind = PEERS[name]
    peer = kind(vectors.Set(of), Path(folder).resolve() / (kind.built_as or name))
    if kind.package == "faiss-cpu":
        limit_threads()
    if what == "build":
        return build(peer)
    before = resident_mb()
    worker = Worker(peer)
    hello = {
        "ok": 1,
        "rss": resident_mb(),
        "before": before,
        "version": f"{kind.package} {importlib.metadata.version(kind.package)}",
        "least": peer.least,
        "most": peer.most,
        "families": peer.families,
    }
    record = peer.folder / "built.json"
    if record.exists():
        hello |= json.loads(record.read_text())
    if isinstance(peer, Svs):
        hello["calibrated"] = peer.calibrate(worker.queries, worker.nearest[None])
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        print(json.dumps(worker.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
