#!/bin/sh
# Writes the same random documents to Elasticsearch 8.19 and to the program, sends both the same random requests, and prints
# where they differ. Without Java or Maven it is skipped by name.
#   differ.sh [FLAGS]...: as `peers differ` takes them, such as --family knn
# EIDETIC_SEED (default 1) is what all is made from. EIDETIC_ELASTICSEARCH is the address of an Elasticsearch that runs
# already, as http://HOST:PORT; without it one is started.
set -eu
cd "$(dirname "$0")/.."
. scripts/engines.sh

# The program listens on a port of its own, in a folder of its own.
folder=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
    rm -rf "$folder"
    stop
}
trap finish EXIT

url=${EIDETIC_ELASTICSEARCH:-}
if [ -z "$url" ]; then
    came=0
    engine elasticsearch-8 || came=$?
    case $came in
    0) ;;
    3)
        say "skipped: random requests to Elasticsearch as well: none is there"
        exit 0
        ;;
    *) exit 1 ;;
    esac
fi

cargo build --release -p cli -p peers
# It has to be there before it is read.
: >"$folder/log"
target/release/eidetic --data "$folder/data" serve --listen 127.0.0.1:0 >"$folder/log" 2>&1 &
server=$!
ours=
for _ in $(seq 600); do
    ours=$(sed -n 's/^eidetic is listening on //p' "$folder/log")
    [ -z "$ours" ] || break
    sleep 0.1
done
[ -n "$ours" ] || { cat "$folder/log"; exit 1; }
if target/release/peers differ --left "$url" --right "$ours" --seed "${EIDETIC_SEED:-1}" "$@"; then
    say "test result: ok. 1 passed; 0 failed: the same requests to Elasticsearch"
else
    say "test result: FAILED. 0 passed; 1 failed: the same requests to Elasticsearch"
    exit 1
fi
