"""Compares the index with other libraries on a set, at equal recall, and prints the tables of bench/ann/README.md.

    python3 compare.py SET --ours target/release/ann-bench --indexes FOLDER [--k 10] [--recall .95,.99,.999] [--peers …] [--external …]

`--external NAME=COMMAND` compares a program too, which is started as `COMMAND worker SET` and answers as `ann-bench worker` does.

For each library it finds the setting that just reaches a recall, the fastest where several do. Then all of them are timed in
turn, in rounds, each with one thread, by the processor time of its process; the median of the rounds counts.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

GRAPHS = "hnswlib,faiss-hnsw,faiss-ivfpq,scann,svs-f32,svs-f16,svs-lvq8,svs-lvq4x8,usearch-f32,usearch-i8"
EXACT_QUERIES = 50
TRIAL_S = 0.3
LEAST_GAIN = 0.0001


class Worker:
    """A process that answers questions about one index."""

    def __init__(self, name, command):
        self.name = name
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True
        )
        self.recalls = {}
        self.hello, self.skipped = None, None
        for line in self.process.stdout:
            # Libraries print to where the answers go.
            if line.startswith('{"'):
                self.hello = json.loads(line)
                break
        if self.hello is None:
            self.skipped = self.last_words()

    def last_words(self):
        self.process.wait()
        self.errors.seek(0)
        lines = [line.strip() for line in self.errors if line.strip()]
        return lines[-1] if lines else f"it ended with {self.process.returncode}"

    def ask(self, **question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line[0] in "[0123456789":
                return json.loads(line)
        sys.exit(f"{self.name} ended: {self.last_words()}")

    def recall(self, setting, **question):
        key = json.dumps([setting, question], sort_keys=True)
        if key not in self.recalls:
            self.recalls[key] = self.ask(op="recall", **setting, **question)
        return self.recalls[key]

    def rate(self, setting, sec, **question):
        return self.ask(op="time", sec=sec, **setting, **question)[0]

    def settings(self):
        """Families of settings, each a function of x."""
        families = self.hello.get("families", [None])
        return [lambda x, family=family: {"x": x} if family is None else {"x": x, "family": family} for family in families]

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def reach(worker, make, target, most, question):
    """The least x whose recall is the target's or above, if any, and else the one that recalls most."""
    low = (worker.hello.get("least") or question["k"]) - 1
    x, best, stalled = low + 1, (-1.0, 0), 0
    while True:
        recall = worker.recall(make(x), **question)
        # Codes that are too coarse find no more, however long a search takes.
        stalled = stalled + 1 if best[0] > 0 and recall < best[0] + LEAST_GAIN else 0
        best = max(best, (recall, -x))
        if recall >= target:
            break
        if x >= most or stalled == 2:
            return None, make(-best[1]), best[0]
        low, x = x, min(2 * x, most)
    # Steps below a thirtieth change little that can be measured.
    while x - low > max(1, x // 30):
        middle = (low + x) // 2
        if worker.recall(make(middle), **question) >= target:
            x = middle
        else:
            low = middle
    return make(x), make(x), worker.recall(make(x), **question)


def fastest(worker, target, question, most=None):
    """The setting that reaches a recall and is the fastest of those; whether it does; its recall."""
    most = most or worker.hello.get("most", 8192)
    found = [reach(worker, make, target, most, question) for make in worker.settings()]
    reached = [(at, recall) for at, _, recall in found if at is not None]
    if not reached:
        _, at, recall = max(found, key=lambda one: one[2])
        return at, False, recall
    if len(reached) > 1:
        reached.sort(key=lambda one: -worker.rate(one[0], TRIAL_S, **question))
    return reached[0][0], True, reached[0][1]


def in_turns(tasks, rounds, sec):
    """Queries per second of each task, a worker with a setting and a question: the medians of rounds in which each is timed."""
    rates = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, (worker, setting, question) in tasks.items():
            rates[name].append(worker.rate(setting, sec, **question))
    return {name: statistics.median(values) for name, values in rates.items()}


def ratio(ours, theirs):
    return f"{theirs:.0f} (**{ours / theirs:.2f}**)"


def start(arguments, names, of, external=()):
    """Our worker and those of peers, and why others are skipped."""
    here = Path(__file__).parent
    workers = {"ours": Worker("ours", [arguments.ours, "worker", of])}
    for name in names:
        workers[name] = Worker(name, [sys.executable, here / "peers.py", "worker", name, of, arguments.indexes])
    for name, command in external:
        workers[name] = Worker(name, [*command.split(), "worker", of])
    for name, worker in workers.items():
        if worker.skipped:
            print(f"skipped: {name}: {worker.skipped}")
    if workers["ours"].skipped:
        sys.exit(1)
    return {name: worker for name, worker in workers.items() if not worker.skipped}


def print_costs(workers):
    print("\n| | version | build, processor s | resident MB | of them the index |\n|---|---|---:|---:|---:|")
    for name, worker in workers.items():
        hello = worker.hello
        built = f"{hello['build_cpu_s']:.1f}" if "build_cpu_s" in hello else "–"
        version = hello.get("version", f"{hello.get('bytes_per_vector', 0):.0f} bytes a vector of codes and edges")
        calibrated = f", {hello['calibrated']}" if hello.get("calibrated") else ""
        print(f"| {name} | {version}{calibrated} | {built} | {hello['rss']} | {hello['rss'] - hello.get('before', 0)} |", flush=True)


def print_graphs(workers, arguments):
    targets = [float(target) for target in arguments.recall.split(",")]
    question = {"k": arguments.k}
    chosen = {(name, target): fastest(worker, target, question) for target in targets for name, worker in workers.items()}
    tasks = {key: (workers[key[0]], at, question) for key, (at, reached, _) in chosen.items() if reached}
    rates = in_turns(tasks, arguments.rounds, arguments.seconds)
    print(f"\nQueries/s at recall@{arguments.k}; in brackets how many times as fast ours is; then the setting.\n")
    print("| | " + " | ".join(f"{target:g}" for target in targets) + " |\n|---|" + "---|" * len(targets))
    for name in workers:
        cells = []
        for target in targets:
            at, reached, recall = chosen[name, target]
            if not reached:
                cells.append(f"at most {recall:.4f}")
                continue
            rate, ours = rates[name, target], rates.get(("ours", target))
            text = f"{rate:.0f}" if name == "ours" or ours is None else ratio(ours, rate)
            cells.append(f"{text}, {', '.join(str(number) for number in at.values())}")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def print_exact(workers, arguments):
    """Every vector compared, one query at a time."""
    question = {"k": arguments.k, "queries": EXACT_QUERIES}
    tasks = {name: (worker, {"x": arguments.k} | ({"exact": True} if name == "ours" else {}), question) for name, worker in workers.items()}
    codes = Worker("ours, by codes", [arguments.ours, "worker", arguments.set, "--flat"])
    tasks[codes.name] = (codes, {"x": arguments.k}, question)
    rates = in_turns(tasks, arguments.rounds, arguments.seconds)
    reads = subprocess.run([arguments.ours, "bandwidth"], check=True, capture_output=True, text=True)
    with open(arguments.set / "X.fbin", "rb") as file:
        rows, dims = (int.from_bytes(file.read(4), "little") for _ in range(2))
    bytes_of = {codes.name: codes.hello["bytes_per_vector"]}
    print(f"\nA core reads {reads.stdout.strip()} GB/s.")
    print("\n| every vector compared | queries/s | GB/s | recall |\n|---|---:|---:|---:|")
    for name, (worker, setting, _) in tasks.items():
        text = f"{rates[name]:.1f}" if name == "ours" else f"{rates[name]:.1f} (**{rates['ours'] / rates[name]:.2f}**)"
        print(f"| {name} | {text} | {rates[name] * rows * bytes_of.get(name, dims * 4) / 1e9:.1f} | {worker.recall(setting, **question):.4f} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("set", type=Path)
    parser.add_argument("--ours", type=Path, required=True)
    parser.add_argument("--indexes", type=Path, required=True)
    parser.add_argument("--peers", default=GRAPHS)
    parser.add_argument("--external", type=lambda text: text.split("=", 1), action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--recall", default=".95,.99,.999")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--exact", action="store_true", help="compare the exact scans instead")
    arguments = parser.parse_args()
    names = "faiss-flat,numpy-flat" if arguments.exact else arguments.peers
    workers = start(arguments, names.split(","), arguments.set, [] if arguments.exact else arguments.external)
    print_costs(workers)
    if arguments.exact:
        print_exact(workers, arguments)
    else:
        print_graphs(workers, arguments)
    for worker in workers.values():
        worker.end()


if __name__ == "__main__":
    main()
