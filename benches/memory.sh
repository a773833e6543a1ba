#!/usr/bin/env bash
# The tests of the modules with unsafe code, `simd` with the loops that it runs and `tensors::cpu::elements`, under memcheck; with `address`, under
# the compiler's address sanitizer instead, which knows AVX-512. Needs valgrind.
# Both see what is read and written, not whether references may stand beside the pointers that `tensors::cpu::elements` makes: the rules of
# Stacked Borrows are checked by Miri alone, under which dfdx does not build.
set -euo pipefail
cd "$(dirname "$0")/.."
what=(--release -p scheme-runtime --no-default-features --features threads,dfdx --lib)

if [ "${1:-}" = address ]; then
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address \
        cargo test "${what[@]}" --target "$(rustc --print host-tuple)" -- blocks:: simd:: tensors::
else
    binary=$(cargo test "${what[@]}" --no-run --message-format=json |
        sed -nE 's/.*"executable":"([^"]+)".*/\1/p' | tail -1)
    # Valgrind 3.19 gets a comparison of nan with infinity in AVX2 wrong; what is skipped compares the bits of such.
    valgrind --error-exitcode=1 "$binary" --test-threads=1 blocks:: simd:: tensors:: \
        --skip every_row_is_a_single_evaluation --skip rows_have_equal_bits_at_every_level
fi
