"""Prints the results of `peers load` as a table: what the program does beside each other engine."""

import json
import sys
from pathlib import Path

NAMES = {"bulk": "`_bulk`, then refresh", "script_score": "`script_score` cosine", "knn": "`knn`", "match": "`match`", "terms": "`terms` aggregation"}
PEERS = {"elasticsearch": "Elasticsearch", "opensearch": "OpenSearch"}


def read(paths):
    """The results by engine, measure and number of clients."""
    results = {}
    for path in paths:
        for line in Path(path).read_text().splitlines():
            result = json.loads(line)
            results[result["engine"], result["measure"], result["clients"]] = result
    return results


def cell(result):
    """A result in one cell."""
    if result is None:
        return "–"
    if result["measure"] == "bulk":
        return f"{result['seconds']:.2f} s, {result['per_second']:.0f}/s"
    text = f"{result['p50_ms']:.2f} / {result['p99_ms']:.2f} ms, {result['per_second']:.0f}/s"
    if "recall_at_10" in result:
        text += f", recall {result['recall_at_10']:.3f}"
    return text


def ratio(own, peer):
    """How many times as much as the peer the program does in a second."""
    return "–" if own is None or peer is None else f"**{own['per_second'] / peer['per_second']:.1f}**"


def processor(result):
    """The server's processor time for a request, or for the whole bulk."""
    if result is None:
        return "–"
    if "processor_seconds" in result:
        return f"{result['processor_seconds']:.1f} s"
    return f"{result['processor_ms_each']:.2f} ms" if "processor_ms_each" in result else "–"


def main():
    results = read(sys.argv[1:])
    engines = [engine for engine in ("eidetic", *PEERS) if any(key[0] == engine for key in results)]
    peers = [engine for engine in engines if engine != "eidetic"]
    titles = ["Eidetic", *(PEERS[peer] for peer in peers)]
    keys = list(dict.fromkeys(key[1:] for key in results))
    keys.sort(key=lambda key: (list(NAMES).index(key[0]), key[1]))
    print("Median / 99th percentile and requests per second; ratios are of requests per second.\n")
    print("| work | clients | " + " | ".join(titles) + "".join(f" | against {PEERS[peer]}" for peer in peers) + " |")
    print("|---|---:" + "|---" * len(engines) + "|---:" * len(peers) + "|")
    for measure, clients in keys:
        row = [results.get((engine, measure, clients)) for engine in engines]
        cells = [cell(result) for result in row]
        ratios = [ratio(results.get(("eidetic", measure, clients)), results.get((peer, measure, clients))) for peer in peers]
        print(f"| {NAMES[measure]} | {clients} | " + " | ".join(cells + ratios) + " |")
    print("\nThe server's processor time, for the bulk or for one request:\n")
    print("| work | clients | " + " | ".join(titles) + " |")
    print("|---|---:" + "|---:" * len(engines) + "|")
    for measure, clients in keys:
        row = [processor(results.get((engine, measure, clients))) for engine in engines]
        print(f"| {NAMES[measure]} | {clients} | " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
