#!/usr/bin/env bash
# Instructions to a call, counted by callgrind. Needs valgrind.
#
# benches/instructions.sh            each program's value, and value and gradient, through the macro and by hand, and
#                                    their ratio; then all counts
# benches/instructions.sh --check    compares all counts with benches/instructions.txt; fails where one is more than
#                                    3 % above it
# benches/instructions.sh --bless    writes the file
#
# Valgrind shows programs a processor with AVX2 and no more, and one thread is asked for, so that counts over rows do not
# depend on the machine, if it has AVX2.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-}
kept=benches/instructions.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --quiet --release -p scheme-benches --bin instructions
# Where things lie in memory, and how tables are hashed, changes some counts by chance: the least of several runs counts,
# with memory laid out alike if that may be asked for.
still=(setarch -R)
"${still[@]}" true 2>/dev/null || still=()

# Lines "program what instructions".
for _ in 1 2 3 4 5; do
    RAYON_NUM_THREADS=1 "${still[@]}" valgrind --quiet --tool=callgrind --callgrind-out-file="$work/counts" \
        "${CARGO_TARGET_DIR:-target}/release/instructions" >"$work/calls" 2>"$work/log" || {
        cat "$work/log" >&2
        exit 1
    }
    callgrind_annotate --inclusive=yes --threshold=100 "$work/counts" 2>"$work/log" |
        sed -nE -e 's/^ *([0-9,]+) .*instructions::([a-z]+)::(value|gradient)_by_(macro|hand) .*/forms \2 \3-by-\4 \1/p' \
            -e 's/^ *([0-9,]+) .*instructions::strings::([a-z]+)::(load|call|prepared|written|rows|compiled) .*/\2 \2 \3 \1/p' |
        tr -d , |
        awk '
            NR == FNR { calls[$1] = $2; next }
            {
                # The largest line of a function is all of it, the others are what it inlined.
                n = $4 / calls[$1]; name = $2 " " $3
                if (n > count[name]) count[name] = n
            }
            END { for (name in count) printf "%s %.1f\n", name, count[name] }' "$work/calls" -
done |
    awk '
        !(($1 " " $2) in least) || $3 < least[$1 " " $2] { least[$1 " " $2] = $3 }
        END { for (name in least) print name, least[name] }' |
    LC_ALL=C sort >"$work/now"

case $mode in
--bless) cp "$work/now" "$kept" ;;
--check)
    awk '
        NR == FNR { kept[$1 " " $2] = $3; next }
        {
            name = $1 " " $2; seen[name]
            if (!(name in kept)) { print name ": not in the file"; bad = 1 }
            else if ($3 > 1.03 * kept[name]) {
                printf "%s: %.1f, was %.1f (%+.1f %%)\n", name, $3, kept[name], 100 * ($3 / kept[name] - 1); bad = 1
            } else if ($3 < 0.97 * kept[name])
                printf "%s: %.1f, was %.1f (%+.1f %%); --bless keeps it\n", name, $3, kept[name], 100 * ($3 / kept[name] - 1)
        }
        END {
            for (name in kept) if (!(name in seen)) { print name ": in the file alone"; bad = 1 }
            exit bad
        }' "$kept" "$work/now"
    ;;
*)
    printf '%-14s %-20s %8s %8s %6s\n' program what macro hand ratio
    awk '
        $2 ~ /-by-/ { split($2, form, "-by-"); forms[$1 " " form[1]]; count[$1 " " form[1], form[2]] = $3 }
        END {
            for (name in forms) {
                split(name, part, " ")
                m = count[name, "macro"]; h = count[name, "hand"]
                what = part[2] == "value" ? "value" : "value and gradient"
                printf "%-14s %-20s %8.1f %8.1f %6.3f\n", part[1], what, m, h, m / h
            }
        }' "$work/now" | sort
    echo
    column -t "$work/now"
    ;;
esac
