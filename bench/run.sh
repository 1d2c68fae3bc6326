#!/bin/sh
# Runs the benchmarks whose results are in bench/README.md. PHOTOS=folder and MODEL=folder as in their own scripts.
set -eu
here=$(dirname "$0")
"$here/see/run.sh"
"$here/scale/run.sh"
