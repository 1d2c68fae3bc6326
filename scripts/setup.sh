#!/bin/sh
# Installs what is missing for `build`, `test` or `licences`, as far as that goes without asking for rights: system
# packages are installed only by root, everybody else is told which. Nothing here calls sudo.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

need_cargo() {
    command -v cargo >/dev/null 2>&1 && return
    say "eidetic needs Rust: install it from https://rustup.rs and run this again"
    exit 1
}

need_linker() {
    command -v cc >/dev/null 2>&1 && return
    install_package gcc "a C linker (Debian: gcc libc6-dev)" || exit 1
}

# install_package PACKAGE WORDS: installs a Debian package as root, or says what to install.
install_package() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing $1"
        if { apt-get install -y -q "$1" || { apt-get update -q && apt-get install -y -q "$1"; }; } >&2; then
            return 0
        fi
    fi
    say "missing: $2"
    return 1
}

browser() {
    [ -n "${CHROMIUM:-}" ] && return 0
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

case "${1:-build}" in
build)
    need_cargo
    need_linker
    ;;
test)
    need_cargo
    need_linker
    # The page's tests are skipped by name where one of these is missing.
    if ! command -v npm >/dev/null 2>&1; then
        install_package npm "Node.js 20 or newer with npm, for the tests of the page" || true
    fi
    browser || install_package chromium "Chromium, for the tests of the page" || true
    # The clients of Elasticsearch are skipped by name without it.
    if ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then
        install_package python3-venv "Python 3 with venv, for the tests with real clients" || true
    fi
    if command -v npm >/dev/null 2>&1 && [ ! -d ui/tests/node_modules/playwright-core ]; then
        (cd ui/tests && npm ci --no-audit --no-fund) >&2 || say "missing: the packages of ui/tests (npm ci failed)"
    fi
    ;;
licences)
    need_cargo
    if ! command -v cargo-deny >/dev/null 2>&1; then
        say "installing cargo-deny"
        cargo install cargo-deny --locked
    fi
    ;;
*)
    say "usage: scripts/setup.sh build|test|licences"
    exit 2
    ;;
esac
