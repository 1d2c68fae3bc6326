"""Imports a set's vectors into a new data folder, opens it some times, and prints how long after the start of the process
the first answer comes.

usage, after cargo build --release: open.py SETDIR [FOLDER]

SETDIR has X.fbin, Q.fbin and metric. FOLDER is kept if it is named, and used again if it is there.
"""

import http.client
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

ROUNDS = 5
PROGRAM = "target/release/eidetic"
LISTEN = ("127.0.0.1", 9377)
SIMILARITY = {"cos": "cosine", "l2": "l2_norm"}


def first_query(path):
    with open(path, "rb") as file:
        _, dims = struct.unpack("<II", file.read(8))
        return list(struct.unpack(f"<{dims}f", file.read(4 * dims)))


def ask(body):
    connection = http.client.HTTPConnection(*LISTEN, timeout=60)
    connection.request("POST", "/v/_search", body, {"content-type": "application/json"})
    answer = json.loads(connection.getresponse().read())
    assert len(answer["hits"]["hits"]) == 10, answer


def seconds_to_first_answer(folder, body):
    start = time.perf_counter()
    listen = f"{LISTEN[0]}:{LISTEN[1]}"
    command = [PROGRAM, "--data", folder, "serve", "--listen", listen]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                ask(body)
                return time.perf_counter() - start
            except ConnectionRefusedError:
                assert process.poll() is None, "the program ended"
                time.sleep(0.001)
    finally:
        process.terminate()
        process.wait()


def main(folder, data):
    similarity = SIMILARITY[(folder / "metric").read_text().strip()]
    if not (pathlib.Path(data) / "format").exists():
        command = [PROGRAM, "--data", data, "import", folder / "X.fbin", "--index", "v", "--field", "v"]
        start = time.perf_counter()
        subprocess.run([*command, "--similarity", similarity], check=True)
        print(f"imported and linked in {time.perf_counter() - start:.0f} s")
    query = {"field": "v", "query_vector": first_query(folder / "Q.fbin"), "k": 10, "num_candidates": 100}
    body = json.dumps({"knn": query, "_source": False})
    took = [seconds_to_first_answer(data, body) for _ in range(ROUNDS)]
    print("seconds to the first answer: " + ", ".join(f"{seconds:.3f}" for seconds in took))


if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
if len(sys.argv) == 3:
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
else:
    with tempfile.TemporaryDirectory() as data:
        main(pathlib.Path(sys.argv[1]), data)
