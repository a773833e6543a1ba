#!/usr/bin/env bash
# Build times of a user's crate: hello world from nothing, and a hundred `scheme!` calls whose gradients are
# taken, against the same crate without them. Prints seconds by the clock and of processor time, the
# fastest of RUNS (3), and their ratios.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
runs=${RUNS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR=$work/target
cd "$work"

# A crate that depends on the runtime with the features given; its source comes on standard input.
crate() {
    mkdir -p src
    cat >src/main.rs
    cat >Cargo.toml <<TOML
[package]
name = "user"
version = "0.1.0"
edition = "2024"

[dependencies]
scheme-runtime = { path = "$root/runtime", $1 }

[workspace]
TOML
    cp "$root/Cargo.lock" .
    cargo fetch --quiet
}

hello() {
    cat <<'RUST'
use scheme_runtime::{Function, grad, scheme};

fn main() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let x = [8.99, 1.0, 2.0, 0.5];
    println!("{} {:?}", coulomb.call(x), grad(coulomb).call(x));
}
RUST
}

# One call of each of several forms, told apart by constants and by how deep they nest.
calls() {
    local forms=(
        '(* k (/ (* q1 q2) (* r (+ r C))))'
        '(/ (exp (- (/ (square (- x mu)) (* C (square s))))) (* s (sqrt (* 2 3.141592653589793))))'
        '(sqrt (+ (square (* p c)) (* C (square (* m (square c))))))'
        '(- (* (- (/ g L)) (sin (* C theta))) (* c omega))'
        '(* A (exp (- (* gamma t))) (cos (+ (* omega t) (* C phi))))'
        '(/ (* vmax s (+ 1 (tanh (* C s)))) (+ km s))'
        '(let* ((u (* C (- x y))) (v (* u u))) (- (* a (- 1 (exp (- v)))) (* b (log (+ 1 v)))))'
        '(if (< x C) (* a x x) (+ (* b x) (expt x 3)))'
        '(let ((q (+ (* x x) (* y y) (* z z)))) (- (/ C (* q (* q q))) (/ b (sqrt q))))'
        '(* rho (+ (* C cl) (* cd (sin alpha))) (square v) 1/2)'
    )
    local inputs=(4 3 3 5 5 3 4 3 4 5)
    echo 'use scheme_runtime::{Function, scheme, value_and_grad};'
    echo 'fn main() {'
    echo '    let mut sum = 0.0;'
    for i in $(seq 0 99); do
        local form=$((i % 10))
        echo "    let x = std::hint::black_box([1.5; ${inputs[form]}]);"
        echo "    let (y, dx) = value_and_grad(scheme! { ${forms[form]//C/$i.25} }).call(x);"
        echo '    sum += y + dx.iter().sum::<f64>();'
    done
    echo '    println!("{sum}");'
    echo '}'
}

# Prints the clock and processor seconds of the fastest of several builds; before each, "$1" is run.
fastest() {
    local before=$1 clock processor best=
    shift
    for _ in $(seq "$runs"); do
        eval "$before"
        local times
        times=$({ TIMEFORMAT='%R %U %S'; time cargo build --quiet --offline "$@" >/dev/null; } 2>&1 | tail -n 1)
        best=$(printf '%s\n%s\n' "$best" "$(awk '{ print $1, $2 + $3 }' <<<"$times")" | sed '/^$/d' | sort -g | head -n 1)
    done
    echo "$best"
}

row() {
    printf '%-52s %6.2f s %6.2f s processor\n' "$@"
}

echo "$(nproc) cores, $(rustc --version)"
for features in 'default-features = false' 'default-features = true'; do
    hello | crate "$features"
    # shellcheck disable=SC2046
    row "hello world, clean, $features" $(fastest 'rm -rf target')
done
hello | crate 'default-features = false'
for profile in dev release; do
    # All that was made of the crate goes, what the compiler kept for the next time too; dependencies stay.
    afresh="cargo clean --quiet --offline --package user --profile $profile"
    hello | crate 'default-features = false'
    cargo build --quiet --offline --profile "$profile"
    read -r without without_processor <<<"$(fastest "$afresh" --profile "$profile")"
    calls | crate 'default-features = false'
    cargo run --quiet --offline --profile "$profile" | grep -qE '^-?[0-9.]+$'
    read -r with with_processor <<<"$(fastest "$afresh" --profile "$profile")"
    row "the crate alone, $profile, without calls" "$without" "$without_processor"
    row "the crate alone, $profile, 100 calls" "$with" "$with_processor"
    awk -v p="$profile" -v w="$with" -v o="$without" \
        'BEGIN { printf "%-52s %6.2f s, ratio %.1f\n", "100 calls add, " p, w - o, w / o }'
done
