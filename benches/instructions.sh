#!/usr/bin/env bash
# Instructions to a call of each program's value, and value and gradient, through the macro and by hand,
# counted by callgrind, and their ratio. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."
counts=$(mktemp)
trap 'rm -f "$counts"' EXIT

cargo build --quiet --release -p scheme-benches --bin instructions
calls=$(valgrind --quiet --tool=callgrind --callgrind-out-file="$counts" \
    "${CARGO_TARGET_DIR:-target}/release/instructions" 2>/dev/null)

printf '%-14s %-20s %8s %8s %6s\n' program what macro hand ratio
callgrind_annotate --inclusive=yes --threshold=100 "$counts" |
    sed -nE 's/^ *([0-9,]+) .*instructions::([a-z]+)::(value|gradient)_by_(macro|hand) .*/\2 \3 \4 \1/p' |
    tr -d , |
    awk -v calls="$calls" '
        {
            # The largest line of a function is all of it, the others are what it inlined.
            n = $4 / calls; form = $1 " " $2; forms[form]
            if (n > count[form, $3]) count[form, $3] = n
        }
        END {
            for (form in forms) {
                split(form, name, " ")
                what = name[2] == "value" ? "value" : "value and gradient"
                m = count[form, "macro"]; h = count[form, "hand"]
                printf "%-14s %-20s %8.1f %8.1f %6.3f\n", name[1], what, m, h, m / h
            }
        }' |
    sort
