#!/bin/sh
# Plays the tests of tests/clients to the program through the clients that people have. What cannot be installed is
# skipped by name.
set -eu
cd "$(dirname "$0")/.."
here=$(pwd)
program=$here/target/release/eidetic
folder=$here/.eidetic/clients
mkdir -p "$folder"
passed=0
failed=0

data=$(mktemp -d)
# It has to be there before it is read.
: >"$data/log"
"$program" --data "$data/store" serve --listen 127.0.0.1:0 >"$data/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$data"' EXIT
ELASTIC_URL=
for _ in $(seq 600); do
    ELASTIC_URL=$(sed -n 's/^eidetic is listening on //p' "$data/log")
    [ -n "$ELASTIC_URL" ] && break
    sleep 0.1
done
[ -n "$ELASTIC_URL" ] || { cat "$data/log"; exit 1; }
export ELASTIC_URL

# play NAME COMMAND...: runs the tests of one client.
play() {
    name=$1
    shift
    if "$@" >"$data/out" 2>&1; then
        echo "client $name: ok"
        passed=$((passed + 1))
    else
        cat "$data/out"
        echo "client $name: FAILED"
        failed=$((failed + 1))
    fi
}

# python NAME SCRIPT PACKAGES...: makes an environment with the packages once, and runs the script in it.
python() {
    name=$1
    script=$2
    shift 2
    place=$folder/$name
    if [ ! -e "$place/.ready" ]; then
        rm -rf "$place"
        if ! { python3 -m venv "$place" && "$place/bin/pip" install --quiet "$@"; } >"$data/out" 2>&1; then
            echo "skipped: client $name: it could not be installed"
            return
        fi
        touch "$place/.ready"
    fi
    play "$name" "$place/bin/python" "tests/clients/$script"
}

if command -v python3 >/dev/null 2>&1; then
    # setuptools: these clients were written when it came with Python.
    python elasticsearch-7.11 service.py 'elasticsearch==7.11.0' 'urllib3<2' setuptools
    python elasticsearch-7.17 service.py 'elasticsearch>=7.17,<7.18' 'urllib3<2'
    python elasticsearch-8.19 service.py 'elasticsearch>=8.19,<8.20'
    python elasticsearch-9 service.py 'elasticsearch>=9,<10'
    python elasticsearch-dsl dsl.py 'elasticsearch-dsl>=8,<9' 'elasticsearch>=8,<9'
else
    echo "skipped: clients for Python: no python3"
fi
if command -v npm >/dev/null 2>&1; then
    place=$folder/js
    mkdir -p "$place"
    cp tests/clients/package.json tests/clients/service.mjs "$place"
    if [ -d "$place/node_modules" ] || (cd "$place" && npm install --silent --no-audit --no-fund) >"$data/out" 2>&1; then
        play elasticsearch-js node --test "$place/service.mjs"
    else
        echo "skipped: client elasticsearch-js: it could not be installed"
    fi
else
    echo "skipped: client elasticsearch-js: no npm"
fi
echo "clients: $passed passed, $failed failed"
[ "$failed" = 0 ]
