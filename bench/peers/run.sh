#!/bin/sh
# Measures Eidetic beside Elasticsearch 8.19 and OpenSearch 3, one after the other on the same machine, and prints the
# table of bench/README.md. ENGINES=script names what starts and stops the other two: `script start NAME` has to print the
# engine's address as its last line, `script stop NAME` to end it. Without it Eidetic is measured alone. What is given to
# this script goes to `peers load`, such as `--documents 2000`. Results are kept in target/bench/peers.
set -eu
ENGINES=${ENGINES:+$(realpath "$ENGINES")}
cd "$(dirname "$0")/../.."
results=target/bench/peers
mkdir -p "$results"
rm -f "$results"/*.jsonl
cargo build --release -p cli -p peers

# port_of ADDRESS
port_of() { echo "$1" | sed -E 's|.*:([0-9]+)/?$|\1|'; }

# process_of ADDRESS: who listens there
process_of() { ss -ltnpH "sport = :$(port_of "$1")" | sed -nE 's/.*pid=([0-9]+).*/\1/p' | head -n 1; }

# measure ENGINE ADDRESS FLAGS...
measure() {
    engine=$1 address=$2
    shift 2
    process=$(process_of "$address")
    echo "$engine at $address" >&2
    target/release/peers load --engine "$engine" --url "$address" ${process:+--pid "$process"} "$@" >"$results/$engine.jsonl"
}

for name in elasticsearch-8 opensearch-3; do
    if [ -z "$ENGINES" ]; then
        echo "skipped: $name: ENGINES names no script that starts it" >&2
        continue
    fi
    address=$("$ENGINES" start "$name" | tail -n 1)
    measure "${name%-*}" "$address" "$@" || echo "failed: $name" >&2
    "$ENGINES" stop "$name"
done

data=$results/data
rm -rf "$data"
target/release/eidetic --data "$data" serve --listen 127.0.0.1:0 >"$results/eidetic.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$data"' EXIT
until address=$(grep -o 'http://[0-9.:]*' "$results/eidetic.log"); do
    kill -0 "$server" || { cat "$results/eidetic.log" >&2; exit 1; }
    sleep 0.1
done
measure eidetic "$address" "$@"
python3 bench/peers/table.py "$results"/*.jsonl
