#!/bin/sh
# Measures the vector index against hnswlib, Faiss, ScaNN, SVS, usearch and DiskANN at equal recall, one thread each, and the exact scan
# against Faiss and NumPy; prints the tables of bench/ann/README.md.
#
#   bench/ann/run.sh [SET…] [-- --k 100 --peers hnswlib,faiss-hnsw --rounds 3 …]
#
# A SET is `clustered` (200,000 vectors of 512 numbers, which it makes; the default), `clustered-ROWS`, or a folder with X.fbin,
# Q.fbin, gt.ibin and metric. What follows `--` is for compare.py. PEERS names the libraries that are built.
# DiskANN keeps no index in files: it is built anew at every start, with codes of 8 and of 4 bits.
set -eu
cd "$(dirname "$0")/../.."
sets=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    sets="$sets $1"
    shift
done
[ $# -eq 0 ] || shift
. bench/ann/prepare.sh
peers=${PEERS:-hnswlib faiss-hnsw faiss-ivfpq scann svs-f32 usearch-f32 usearch-i8 diskann}
case " $peers " in
*" diskann "*)
    for bits in 8 4; do
        set -- --external "diskann-$bits=$here/diskann/release/diskann-peer $bits" "$@"
    done
    ;;
esac
for name in ${sets:-clustered}; do
    prepare_set "$name"
    # shellcheck disable=SC2086
    build_peers $peers
    printf '\n## %s\n' "$name"
    "$python" bench/ann/compare.py "$set" --ours target/release/ann-bench --indexes "$indexes" "$@"
    "$python" bench/ann/compare.py "$set" --ours target/release/ann-bench --indexes "$indexes" --exact
done
