# Makes what the benchmarks of vectors need below target/bench/ann, unless it is there: the program, Python's libraries, and
# the set SET. To be read by other scripts, in the repository's root. Sets `python`, `here`, `set` and `indexes`.
here=target/bench/ann
python=$here/venv/bin/python
cargo build --release -p ann-bench
mkdir -p "$here"
[ -x "$python" ] || python3 -m venv "$here/venv"
"$python" -c 'import faiss, hnswlib, numpy, scann, svs, usearch' 2>/dev/null ||
    "$python" -m pip install -q numpy hnswlib faiss-cpu scann scalable-vs usearch

# Sets `set` to the folder of a set: `clustered` and `clustered-ROWS` are made, others are folders.
prepare_set() {
    case $1 in
    clustered | clustered-[0-9]*)
        set=$here/$1
        rows=${1#clustered}
        rows=${rows#-}
        [ -e "$set/metric" ] || "$python" bench/ann/sets.py "$set" --rows "${rows:-200000}"
        ;;
    *) set=$1 ;;
    esac
    indexes=$here/indexes/$(basename "$set")
}

# Builds the indexes of some libraries, once, and the program that is `diskann`.
build_peers() {
    for peer in "$@"; do
        if [ "$peer" = diskann ]; then
            # Its instructions are chosen when it is compiled.
            RUSTFLAGS=-Ctarget-cpu=native cargo build --release --locked --manifest-path bench/ann/diskann/Cargo.toml \
                --target-dir "$here/diskann"
            continue
        fi
        "$python" bench/ann/peers.py build "$peer" "$set" "$indexes" 2>"$here/$peer.log" || {
            tail -n 5 "$here/$peer.log" >&2
            exit 1
        }
    done
}
