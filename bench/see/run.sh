#!/bin/sh
# Measures pictures seen per second and core against Pillow, NumPy, scikit-image and onnxruntime, and prints the tables
# of bench/README.md. PHOTOS=folder takes real pictures instead of the samples, MODEL=folder another network than the
# built-in one.
set -eu
PHOTOS=${PHOTOS:+$(realpath "$PHOTOS")} MODEL=$(realpath "${MODEL:-$(dirname "$0")/../../models/eidetic-mini}")
cd "$(dirname "$0")/../.."
cargo build --release -p cli -p samples
python=target/bench/venv/bin/python
[ -x "$python" ] || python3 -m venv target/bench/venv
"$python" -c 'import imagehash, numpy, onnxruntime, PIL, skimage' 2>/dev/null ||
    "$python" -m pip install -q numpy pillow onnxruntime ImageHash scikit-image
if [ -z "$PHOTOS" ]; then
    PHOTOS=target/bench/samples
    target/release/samples "$PHOTOS"
fi
"$python" bench/see/see.py --eidetic target/release/eidetic --pictures "$PHOTOS" --model "$MODEL" "$@"
