#!/bin/sh
# Builds the patient's page: src/page → src/page/dist (or the folder named as the argument).
#
# The same sources give the same bytes in every folder and on every machine: the compiler is pinned by
# rust-toolchain.toml, the crates by the two Cargo.lock files, and no path of this machine enters the result (our own
# sources are compiled by relative paths, those of crates are renamed below).
set -eu
cd "$(dirname "$0")/../.."
root=$(pwd -P)
out=${1:-$root/src/page/dist}
target=${CARGO_TARGET_DIR:-$root/target}
cargo_home=${CARGO_HOME:-$HOME/.cargo}

if ! rustc --print target-libdir --target wasm32-unknown-unknown >/dev/null 2>&1 ||
    ! [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; then
    echo "build.sh: the compiler has no wasm32-unknown-unknown; run: rustup target add wasm32-unknown-unknown" >&2
    exit 69
fi

env -u RUSTFLAGS -u CARGO_BUILD_RUSTFLAGS \
    CARGO_ENCODED_RUSTFLAGS="--remap-path-prefix=$cargo_home=/cargo" \
    cargo rustc --locked --quiet --lib --crate-type cdylib --target wasm32-unknown-unknown \
    --no-default-features --features page --profile page --target-dir "$target/page"

env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS \
    cargo run --locked --quiet --release --manifest-path src/page/bundler/Cargo.toml --target-dir "$target/bundler" -- \
    "$target/page/wasm32-unknown-unknown/page/bedside.wasm" src/page "$out"
