"""Measures an index of many pictures: memory, disk, opening, and from a write to its being found.

    python3 scale.py --eidetic BINARY --scale BINARY --pictures FOLDER [--model FOLDER] [--documents 100000]

`bench/scale/run.sh` makes what this needs. Real pictures are indexed first; the `scale` example of the crate `engine`
then adds documents like theirs until there are so many.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from datetime import date
from pathlib import Path

# So many writes are applied again at most after a crash: by then there was a checkpoint.
MOST_REPLAYED = 19_000


def run(command, may_fail=False):
    """Runs a command; answers its output and wall seconds, processor seconds and peak RSS in MiB."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0 and not may_fail:
            sys.exit(f"{command} failed: {errors.read()[-2000:]}")
        return output.read(), {"wall_s": wall, "cpu_s": usage.ru_utime + usage.ru_stime, "rss_mib": usage.ru_maxrss / 1024}


def median_of(times, command, before=lambda: None):
    runs = []
    for _ in range(times):
        before()
        runs.append(run(command)[1])
    return {name: statistics.median(each[name] for each in runs) for name in runs[0]}


def disk(data):
    """Bytes taken on the disk, by part: files have holes, so their length says little."""
    parts = {"truth": 0, "text": 0, "vectors": 0, "other": 0}
    for path in data.rglob("*"):
        if path.is_file():
            parent = path.relative_to(data).parts
            if path.name == "truth.redb":
                part = "truth"
            elif parent[0] != "indices":
                part = "other"
            else:
                part = "text" if "text" in parent else "vectors"
            parts[part] += path.stat().st_blocks * 512
    return parts


def forget(data):
    """Asks the system to forget the folder's files, so that they are read from the disk."""
    for path in data.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def remember(data):
    """Reads the folder's files, so that the system has them in memory."""
    for path in data.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(1 << 20):
                    pass


class Server:
    """`eidetic serve`, and how long it took until it listened."""

    def __init__(self, eidetic, data):
        start = time.perf_counter()
        command = [str(eidetic), "--data", str(data), "serve", "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.seconds = time.perf_counter() - start
        if "listening on " not in line:
            sys.exit(f"serve said {line!r}")
        self.address = line.split("listening on ")[1].strip()

    def ask(self, **parameters):
        start = time.perf_counter()
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self.address}/_similar?{query}") as answer:
            hits = json.load(answer)["hits"]
        return 1000 * (time.perf_counter() - start), hits

    def memory(self):
        return memory_of(self.process.pid)

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait()


def memory_of(pid):
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    mib = lambda name: int(status[name].split()[0]) // 1024
    return f"{mib('RssAnon')} own + {mib('RssFile')} of mapped files"


def shown_memory(memory):
    return f"{memory['own_mib']} own + {memory['files_mib']} of mapped files"


def table(head, rows):
    print(f"\n| {' | '.join(head)} |\n|---|{'---:|' * (len(head) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    sys.stdout.flush()


def cost(measured):
    return [f"{1000 * measured['wall_s']:.0f}", f"{1000 * measured['cpu_s']:.0f}", f"{measured['rss_mib']:.0f}"]


class Bench:
    def __init__(self, arguments, scratch):
        self.arguments, self.eidetic = arguments, arguments.eidetic
        self.data = scratch / "data"
        self.scratch = scratch
        self.model = ["--model", arguments.model] if arguments.model else []

    def scale(self, *command, may_fail=False):
        output, measured = run([self.arguments.scale, command[0], self.data, *command[1:]], may_fail)
        return json.loads(output.splitlines()[0]), measured

    def fill(self):
        """Indexes the pictures and adds documents."""
        command = [self.eidetic, "--data", self.data, "index", "--json", *self.model, self.arguments.pictures]
        output, indexing = run(command, may_fail=True)
        pictures = json.loads(output.splitlines()[-1])["indexed"]
        rows = [self.disk_row(f"{pictures} pictures, indexed", pictures, indexing)]
        grown, growing = self.scale("grow", self.arguments.documents)
        self.documents = self.arguments.documents
        rows.append(self.disk_row(f"{self.documents} documents, grown", self.documents, growing))
        table(["", "truth, MB", "text, MB", "vectors, MB", "in all, MB", "bytes a document", "peak RSS, MiB"], rows)
        print(f"\nIndexing the pictures: {indexing['wall_s']:.1f} s, {indexing['cpu_s']:.1f} s on the processor.")
        ms = 1000 * grown["cpu_s"] / grown["written"]
        print(
            f"Growing: {grown['written']} documents in batches of 64 in {grown['wall_s']:.0f} s,"
            f" {grown['written'] / grown['waiting_for_acknowledgement_s']:.0f} a second acknowledged;"
            f" {ms:.2f} ms on the processor for a document (without making it up);"
            f" the last checkpoint took {grown['checkpoint_s']:.2f} s; memory at the end {shown_memory(grown['rss'])} MiB."
        )

    def disk_row(self, name, documents, measured):
        parts = disk(self.data)
        parts.pop("other")
        mb = [f"{size / 1e6:.1f}" for size in (*parts.values(), sum(parts.values()))]
        return [name, *mb, f"{sum(parts.values()) / documents:.0f}", f"{measured['rss_mib']:.0f}"]

    def open(self):
        """Times whole commands on the closed folder."""
        picture = next(path for path in sorted(self.arguments.pictures.rglob("*")) if path.suffix == ".jpg")
        search = [self.eidetic, "--data", self.data, "search", "--paths"]
        rows = []
        for name, command in {
            "`search WORD WORD`": [*search, "ka", "mi"],
            "`search --image FILE --feature color`": [*search, "--feature", "color", "--image", picture],
            **({"`search --image FILE` by embedding": [*search, "--image", picture]} if self.model else {}),
        }.items():
            rows.append([name, *cost(median_of(5, command))])
            rows.append([f"{name}, files not in memory", *cost(median_of(3, command, lambda: forget(self.data)))])
        table(["whole command, opening included", "wall, ms", "processor, ms", "peak RSS, MiB"], rows)

    def serve(self):
        rows = []
        for name, how in {"after a clean end": signal.SIGTERM, "after `kill -9` without writes": signal.SIGKILL}.items():
            seconds = []
            for _ in range(4):
                server = Server(self.eidetic, self.data)
                seconds.append(server.seconds)
                server.end(how)
            # The first came after something else.
            rows.append([f"`serve` until it listens, {name}", f"{1000 * statistics.median(seconds[1:]):.0f}"])
        remember(self.data)
        server = Server(self.eidetic, self.data)
        memory = [("listening", server.memory())]
        first, hits = server.ask(q="ka mi", size=10)
        rows.append(["first search by words over HTTP", f"{first:.1f}"])
        rows.append(["search by words over HTTP", f"{statistics.median(server.ask(q='ka mi', size=10)[0] for _ in range(20)):.1f}"])
        like = f"pictures/{hits[0]['id']}"
        first, _ = server.ask(image=like, size=10)
        rows.append(["first search by a picture that is indexed", f"{first:.1f}"])
        rows.append(["search by a picture that is indexed", f"{statistics.median(server.ask(image=like, size=10)[0] for _ in range(20)):.1f}"])
        memory.append(("after these searches", server.memory()))
        through = self.one_picture("through the server")
        memory.append(("after indexing one picture through it", server.memory()))
        server.end(signal.SIGTERM)
        table(["", "wall, ms"], rows)
        print(f"\nMemory of `serve`, MiB: {'; '.join(f'{when} {what}' for when, what in memory)}.")
        rows = [["`index` of one new picture through `serve`", *cost(through)]]
        rows.append(["`index` of one new picture, nothing serving", *cost(self.one_picture("alone"))])
        forget(self.data)
        rows.append(["`index` of one new picture, files not in memory", *cost(self.one_picture("from the disk"))])
        table(["whole command, until found", "wall, ms", "processor, ms", "peak RSS, MiB"], rows)

    def one_picture(self, name):
        """Indexes a folder of one picture that the index does not have: bytes after its end make a JPEG another file."""
        folder = self.scratch / name
        folder.mkdir()
        picture = next(path for path in sorted(self.arguments.pictures.rglob("*")) if path.suffix == ".jpg")
        (folder / f"{name}.jpg").write_bytes(picture.read_bytes() + name.encode())
        return run([self.eidetic, "--data", self.data, "index", folder])[1]

    def ask(self):
        remember(self.data)
        asked, _ = self.scale("ask")
        rows = [
            [name, *(f"{times[key]:.2f}" if key in times else "" for key in ("first_ms", "p50_ms", "p99_ms", "cpu_ms"))]
            for name, times in asked.items()
            if isinstance(times, dict) and "p50_ms" in times
        ]
        table(["inside one process", "first, ms", "p50, ms", "p99, ms", "processor, ms"], rows)
        for when in ("opening", "searching", "writing"):
            print(f"\nMemory after {when}: {shown_memory(asked[f'rss_after_{when}'])} MiB.", end="")
        print()

    def crash(self):
        rows = []
        remember(self.data)
        opened, _ = self.scale("open")
        rows.append(["closed cleanly", opened])
        forget(self.data)
        opened, _ = self.scale("open")
        rows.append(["closed cleanly, files not in memory", opened])
        for writes in (64, MOST_REPLAYED):
            there = opened["documents"]
            self.scale("grow", there + writes, "killed", may_fail=True)
            opened, _ = self.scale("open")
            rows.append([f"killed after {writes} writes", opened])
        shown = [
            [name, f"{1000 * o['open_s']:.0f}", f"{1000 * o['open_cpu_s']:.0f}", f"{o['rss']['peak_mib']}"]
            for name, o in rows
        ]
        table(["opening the engine", "wall, ms", "processor, ms", "peak RSS, MiB"], shown)
        output, checking = run([self.eidetic, "--data", self.data, "check", "--json"])
        report = json.loads(output)
        print(f"\nAfter all of it `eidetic check`: ok {report['ok']}, {report['counts']};"
              f" {checking['wall_s']:.1f} s, {checking['cpu_s']:.1f} s on the processor, {checking['rss_mib']:.0f} MiB peak RSS.")


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--eidetic", type=Path, required=True)
    parser.add_argument("--scale", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--scratch", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.eidetic, arguments.scale = arguments.eidetic.resolve(), arguments.scale.resolve()
    print(f"{date.today()}; {os.cpu_count()} cores, {processor()}, {platform.system()}; load {os.getloadavg()[0]:.1f}")
    shutil.rmtree(arguments.scratch, ignore_errors=True)
    arguments.scratch.mkdir(parents=True)
    bench = Bench(arguments, arguments.scratch)
    bench.fill()
    bench.open()
    bench.serve()
    bench.ask()
    bench.crash()
    shutil.rmtree(arguments.scratch)


if __name__ == "__main__":
    main()
