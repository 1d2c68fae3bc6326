#!/bin/sh
# Plays the scenarios in tests/wire to the engines that they were written from. Without Java or Maven an engine is skipped
# by name.
#   test-engines.sh [elasticsearch-8|opensearch-3]...
set -eu
cd "$(dirname "$0")/.."
. scripts/engines.sh

cargo build --release -p conformance
failed=0
[ $# -gt 0 ] || set -- elasticsearch-8 opensearch-3
for name in "$@"; do
    came=0
    engine "$name" || came=$?
    case $came in
    0)
        say "playing to $name"
        target/release/conformance play --engine "$name" --url "$url" tests/wire/*.yaml || failed=1
        ;;
    3) ;;
    *) failed=1 ;;
    esac
    stop
done
exit "$failed"
