# make run     sets up, builds, indexes the sample pictures (or PHOTOS=folder, with MODEL=folder for embeddings) and serves the page
# make test    sets up and runs every test
# make check   what has to pass before a commit: format, lints, tests, docs, licences
# make test-formats   lints and tests the formats that take a feature: HEIC and AVIF
# make test-arm   runs the kernels' tests on NEON, by an emulator
# make crash   the long crash tests
# make test-engines   plays the scenarios of tests/wire to Elasticsearch and OpenSearch, which it fetches
# make differ  asks Elasticsearch and the program the same random requests (EIDETIC_SEED=number); a part of make test
# make bench   the benchmarks whose results are recorded in bench/

PHOTOS ?=
MODEL ?=
LISTEN ?= 127.0.0.1:9200
HERE := .eidetic
EIDETIC := target/release/eidetic

.PHONY: run build test check fmt lint docs licences crash test-engines test-arm test-formats differ bench clean

run: build
ifeq ($(strip $(PHOTOS)),)
	target/release/samples "$(HERE)/sample-pictures"
	$(EIDETIC) --data "$(HERE)/samples" index $(if $(MODEL),--model "$(MODEL)") "$(HERE)/sample-pictures"
	$(EIDETIC) --data "$(HERE)/samples" serve --listen $(LISTEN)
else
	$(EIDETIC) --data "$(HERE)/photos" index $(if $(MODEL),--model "$(MODEL)") "$(PHOTOS)" || test $$? -eq 1
	$(EIDETIC) --data "$(HERE)/photos" serve --listen $(LISTEN)
endif

build:
	@scripts/setup.sh build
	cargo build --release -p cli -p samples

test:
	@scripts/setup.sh test
	scripts/test.sh

check: fmt lint test docs licences

fmt:
	cargo fmt --all --check

lint:
	cargo clippy --release --workspace --all-targets -- -D warnings

docs:
	RUSTDOCFLAGS="-D warnings" cargo doc --release --workspace --no-deps

licences:
	@scripts/setup.sh licences
	cargo deny --log-level error check licenses bans sources
	@scripts/advisories.sh

crash:
	EIDETIC_CRASH_ROUNDS=200 cargo test --release -p cli --test it -- kill --nocapture

# NEON, by an emulator: Debian's gcc-aarch64-linux-gnu and qemu-user, and rustup's aarch64-unknown-linux-gnu.
test-arm:
	CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
	CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu" \
	cargo test --release --target aarch64-unknown-linux-gnu -p kernels

test-formats:
	cargo clippy --release -p vision --features heic,avif --all-targets -- -D warnings
	cargo test --release -p vision --features heic,avif

test-engines:
	@scripts/test-engines.sh

differ:
	@scripts/differ.sh

bench: build
	bench/run.sh

clean:
	cargo clean
	rm -rf "$(HERE)"
