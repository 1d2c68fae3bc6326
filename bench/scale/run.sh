#!/bin/sh
# Measures memory, disk, opening and the time from a write to its being found with 100,000 documents (or
# `--documents NUMBER`), and prints the tables of bench/README.md. PHOTOS=folder takes real pictures instead of the
# samples, MODEL=folder gives each picture an embedding too. Takes about 3 GB in target/bench.
set -eu
PHOTOS=${PHOTOS:+$(realpath "$PHOTOS")} MODEL=${MODEL:+$(realpath "$MODEL")}
cd "$(dirname "$0")/../.."
cargo build --release -p cli -p samples
cargo build --release -p engine --example scale
if [ -z "$PHOTOS" ]; then
    PHOTOS=target/bench/samples
    target/release/samples "$PHOTOS"
fi
python3 bench/scale/scale.py --eidetic target/release/eidetic --scale target/release/examples/scale \
    --pictures "$PHOTOS" ${MODEL:+--model "$MODEL"} --scratch target/bench/scale "$@"
