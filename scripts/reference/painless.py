"""Plays small scripts to OpenSearch's Painless and records what it answers, for crates/script/tests/data/painless.json.

    python3 scripts/reference/painless.py http://127.0.0.1:9203

The scripts are those of crates/script/tests/data/scripts.txt: one a line, `\\n` for a new line; a line `== score` or
`== field` says in which context those below it run. The documents and parameters are below and in the recorded file.
"""

import json
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "crates/script/tests/data"
INDEX = "painless-reference"
MAPPINGS = {
    "v": {"type": "knn_vector", "dimension": 3},
    "w": {"type": "knn_vector", "dimension": 3},
    "n": {"type": "long"},
    "i": {"type": "integer"},
    "d": {"type": "double"},
    "k": {"type": "keyword"},
    "b": {"type": "boolean"},
    "date": {"type": "date"},
    "missing": {"type": "long"},
}
DOCUMENT = {
    "v": [1, 2, 3],
    "n": [5, 7],
    "i": 3,
    "d": 2.5,
    "k": "hello",
    "b": True,
    "date": "2020-01-02T03:04:05Z",
}
PARAMS = {
    "q": [1, 2, 3],
    "u": [0.5, -1, 2.25],
    "x": 5,
    "s": "str",
    "m": {"a": 1, "l": [1, 2]},
    "f": 1.5,
    "big": 12345678901,
    "b": True,
    "nul": None,
}


def call(base, method, path, body):
    request = urllib.request.Request(
        base + path,
        method=method,
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def said(reason):
    """What a message says, without the names of the engine's own objects."""
    if reason is None:
        return None
    count = lambda nodes: f"with [{nodes[1].count('@')}] arguments"
    reason = re.sub(r"with \[\[(.*)\]\] arguments", count, reason)
    return reason.replace("org.opensearch.", "org.elasticsearch.")


def play(base, context, source):
    """The value of a script, or its error as the parts of a script_exception."""
    script = {"source": source, "params": PARAMS}
    if context == "score":
        query = {"script_score": {"query": {"match_all": {}}, "script": script}}
        answer = call(base, "POST", f"/{INDEX}/_search", {"query": query})
    else:
        fields = {"value": {"script": script}}
        body = {"query": {"match_all": {}}, "script_fields": fields}
        answer = call(base, "POST", f"/{INDEX}/_search", body)
    if "hits" in answer:
        hit = answer["hits"]["hits"][0]
        if context == "score":
            return {"value": hit["_score"]}
        # A list comes out as the values of the field, as anything else comes out as a list of one.
        return {"value": hit.get("fields", {}).get("value", [])}
    error = answer["error"]
    if error.get("failed_shards"):
        error = error["failed_shards"][0]["reason"]
    while error["type"] != "script_exception" and "caused_by" in error:
        error = error["caused_by"]
    if error["type"] != "script_exception":
        return None
    cause = error.get("caused_by", {})
    # Above the script's own two lines stand Java's.
    stack = [line for line in error["script_stack"] if ".java:" not in line]
    return {
        "error": {
            "reason": error["reason"],
            "script_stack": stack,
            "script": error["script"],
            "position": error.get("position"),
            "type": cause.get("type"),
            "cause": said(cause.get("reason")),
        }
    }


def main():
    base = sys.argv[1].rstrip("/")
    rates = {
        f"script.context.{context}.max_compilations_rate": "10000/1m"
        for context in ("field", "score")
    }
    call(base, "PUT", "/_cluster/settings", {"persistent": rates})
    call(base, "DELETE", f"/{INDEX}", {})
    call(base, "PUT", f"/{INDEX}", {"mappings": {"properties": MAPPINGS}})
    call(base, "PUT", f"/{INDEX}/_doc/1?refresh=true", DOCUMENT)
    version = call(base, "GET", "/", {})["version"]["number"]
    context, played = "field", []
    for line in (DATA / "scripts.txt").read_text().splitlines():
        if line.startswith("== "):
            context = line.removeprefix("== ")
        elif line.strip():
            source = line.replace("\\n", "\n")
            answer = play(base, context, source)
            if answer is None:
                sys.exit(f"no answer of a script: {source}")
            played.append({"context": context, "source": source, **answer})
    call(base, "DELETE", f"/{INDEX}", {})
    head = {"made_by": f"scripts/reference/painless.py, OpenSearch {version}", "params": PARAMS}
    lines = ",\n".join(json.dumps(script, ensure_ascii=False) for script in played)
    text = json.dumps(head, ensure_ascii=False)[:-1] + ',\n"scripts": [\n' + lines + "\n]}\n"
    (DATA / "painless.json").write_text(text)
    print(f"{len(played)} scripts")


if __name__ == "__main__":
    main()
