#!/bin/sh
# Runs every test and closes with how many passed, failed and were skipped. What is skipped is named with its reason.
set -eu
cd "$(dirname "$0")/.."
mkdir -p target
log=target/test.log
failed=0
: >"$log"

# run COMMAND...: runs it, shows its output and keeps it.
run() {
    { "$@" 2>&1 || echo "test command failed: $*"; } | tee -a "$log"
}

run cargo test --release --workspace --no-fail-fast -- --show-output

if command -v python3 >/dev/null 2>&1; then
    run python3 scripts/tags.py
else
    run echo "skipped: the tables of tags: no python3"
fi

if command -v node >/dev/null 2>&1; then
    run cargo build --release -p cli -p samples
    samples=.eidetic/sample-pictures
    run target/release/samples "$samples"
    samples=$(cd "$samples" && pwd)
    program=$(pwd)/target/release/eidetic
    run sh -c "cd ui/tests && EIDETIC_BIN='$program' EIDETIC_SAMPLES='$samples' node --test"
else
    run echo "skipped: the tests of the page: no node"
fi

run cargo build --release -p cli
run scripts/clients.sh
run scripts/differ.sh

grep -q '^test command failed' "$log" && failed=1
echo
grep -ah '^skipped: ' "$log" | sort -u || true
sum() { awk -v field="$1" '
    /^test result:/ { for (i = 1; i <= NF; i++) if ($i ~ "^" field) n += $(i - 1) }
    END { print n + 0 }' "$log"; }
page() { awk -v field="$1" '$2 == field && ($1 == "ℹ" || $1 == "#") { n += $3 } END { print n + 0 }' "$log"; }
clients() { awk -v field="$1" '/^clients: / { for (i = 2; i <= NF; i++) if ($i ~ "^" field) n += $(i - 1) } END { print n + 0 }' "$log"; }
passed=$(($(sum passed) + $(page pass) + $(clients passed)))
broken=$(($(sum failed) + $(page fail) + $(clients failed)))
skipped=$(grep -ah '^skipped: ' "$log" | sort -u | wc -l)
[ "$failed" = 0 ] || [ "$broken" != 0 ] || broken=1
echo "$passed passed, $broken failed, $((skipped)) skipped" | tee target/test.summary
[ "$broken" = 0 ]
