#!/bin/sh
# Measures how well features find pictures of the same class: leave-one-out, cosine, P@10 and mAP.
#   bench/quality.sh FOLDER [LEFT_OUT.json] [MODEL]...
# FOLDER holds labelled folders of pictures, such as Caltech-101; LEFT_OUT.json lists labels that are not measured, those that
# a network was trained on. Each MODEL is a folder with model.onnx and model.toml; without one the descriptors alone are
# measured.
set -eu
[ $# -ge 1 ] || { sed -n '2,6p' "$0"; exit 2; }
folder=$(cd "$1" && pwd)
shift
left_out=
case ${1-} in
*.json) left_out=$1 && shift ;;
esac
measured=$(mktemp -d)
trap 'rm -rf "$measured"' EXIT
for label in "$folder"/*/; do
    name=$(basename "$label")
    if [ -z "$left_out" ] || ! grep -qF "\"$name\"" "$left_out"; then
        ln -s "$label" "$measured/$name"
    fi
done
cargo build --release -q -p cli
if [ $# = 0 ]; then
    target/release/eidetic eval "$measured"
fi
for model in "$@"; do
    echo "$model"
    target/release/eidetic eval "$measured" --model "$model"
done
