#!/bin/sh
# Measures searches that only some vectors may answer against hnswlib with a filter in C++ and Faiss' HNSW with a bitmap; prints
# the table of bench/ann/README.md.
#
#   bench/ann/filtered.sh [SET [--keep .5,.1,.01 …]]
#
# SET is as in run.sh; what follows it is for filtered.py. Needs g++ and hnswlib's headers, which its source package has.
set -eu
cd "$(dirname "$0")/../.."
. bench/ann/prepare.sh
prepare_set "${1:-clustered}"
[ $# -eq 0 ] || shift
build_peers hnswlib faiss-hnsw
HNSWLIB_FILTERED=$PWD/$here/hnswlib_filtered.so
export HNSWLIB_FILTERED
if [ ! -e "$HNSWLIB_FILTERED" ] || [ bench/ann/hnswlib_filtered.cpp -nt "$HNSWLIB_FILTERED" ]; then
    version=$("$python" -c 'import importlib.metadata; print(importlib.metadata.version("hnswlib"))')
    source=$here/hnswlib-$version
    if [ ! -d "$source" ]; then
        "$python" -m pip download -q --no-deps --no-binary hnswlib -d "$here" "hnswlib==$version"
        tar -xf "$source.tar.gz" -C "$here"
    fi
    g++ -std=c++17 -O3 -march=native -shared -fPIC -I "$source" bench/ann/hnswlib_filtered.cpp -o "$HNSWLIB_FILTERED"
fi
"$python" bench/ann/filtered.py "$set" --ours target/release/ann-bench --indexes "$indexes" \
    --filters "$here/filters/$(basename "$set")" "$@"
