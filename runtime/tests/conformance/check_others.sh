#!/bin/sh
# Holds the suite's expectations against every other Scheme that is installed here. Not part of the ordinary tests:
# an expectation is checked when it is written, and again by whoever doubts it.
#
#   runtime/tests/conformance/check_others.sh
#
# Debian has guile-3.0 and mit-scheme; chibi-scheme, Gauche (gosh) and Chicken with its r7rs egg (csi) are used
# where they are found. Ends with 1 if a case differs that known_differences.scm does not have, with 2 if there is no
# other Scheme.
set -u
cd "$(dirname "$0")" || exit 2
export LC_ALL=C.UTF-8
CASES=$(mktemp)
export CASES
trap 'rm -f "$CASES" "$CASES.out" "$CASES.err"' EXIT

found=0
status=0
# check NAME COMMAND...: one file of cases at a time, if the command is there.
check() {
    SCHEME=$1
    export SCHEME
    shift
    command -v "$1" >/dev/null 2>&1 || return 0
    found=$((found + 1))
    for file in cases/*.scm; do
        cp "$file" "$CASES"
        # Standard error has warnings of no interest, unless nothing else is said.
        "$@" </dev/null >"$CASES.out" 2>"$CASES.err" || status=1
        [ -s "$CASES.out" ] || cat "$CASES.err"
        sed "s|^|$SCHEME $file: |" "$CASES.out"
    done
}

check guile guile --no-auto-compile --r7rs check_others.scm
# Its reader folds case unless told.
check mit mit-scheme --quiet --eval '(param:reader-fold-case? #f)' --load check_others.scm
check chibi chibi-scheme check_others.scm
check gauche gosh -r7 check_others.scm
check chicken csi -q -R r7rs -s check_others.scm

if [ "$found" -eq 0 ]; then
    echo "no other Scheme is installed" >&2
    exit 2
fi
exit "$status"
