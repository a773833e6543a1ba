#!/usr/bin/env bash
# Everything that there is to do on a machine with a CUDA device, or, as far as it goes, on one without: `benches/cuda/run.sh software`
# runs it on a device in software, which a C compiler makes.
#
# 1. The tests of kernels: each row of the table and each program's traces as C and as PTX, and on the device, to the bit.
# 2. With `nvcc` on the path: compiled functions on tensors of dfdx's CUDA device.
# 3. Figures as a table: a million and a hundred million rows of each program. ROWS chooses others.
#
# Needs Rust, a C compiler, the CUDA driver (580 or later) and NVRTC 13: of the toolkit, or `pip install nvidia-cuda-nvrtc==13.0.*`
# with its `lib` in LD_LIBRARY_PATH.
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${ROWS:-1000000 100000000}

cargo test --release --locked --package scheme-runtime --features cuda --test kernels -- --nocapture
if command -v nvcc >/dev/null; then
    cargo test --release --locked --package scheme-runtime --features dfdx-cuda --test dfdx_cuda -- --nocapture
else
    echo "skipped: dfdx's CUDA device, to build which takes nvcc"
fi

if [ "${1:-}" = software ]; then
    rows=${ROWS:-10000}
    SOFTWARE_DEVICE=$(mktemp -d)
    export SOFTWARE_DEVICE
    trap 'rm -rf "$SOFTWARE_DEVICE"' EXIT
    source=runtime/tests/kernels/device.c
    cc -shared -fPIC -DDRIVER -o "$SOFTWARE_DEVICE/libcuda.so" $source -ldl
    cc -shared -fPIC -DCOMPILER -o "$SOFTWARE_DEVICE/libnvrtc.so" $source -ldl
    export LD_LIBRARY_PATH=$SOFTWARE_DEVICE${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
fi
# shellcheck disable=SC2086
cargo run --release --locked --package scheme-benches --features cuda --bin cuda -- $rows
