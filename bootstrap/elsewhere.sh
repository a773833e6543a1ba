#!/bin/sh
# Runs evaluator.scm, unchanged, under another Scheme, on the programs of programs.scm: the values must be those that
# the evaluator gives when the macro compiled it. Not part of the ordinary tests.
#
#   bootstrap/elsewhere.sh
#
# Debian has guile-3.0 and mit-scheme. Ends with 1 if a value differs, with 2 if there is no other Scheme.
cd "$(dirname "$0")" || exit 2
export LC_ALL=C.UTF-8
status=2
run() {
    command -v "$1" >/dev/null 2>&1 || return 0
    [ "$status" -eq 2 ] && status=0
    echo "$1:"
    "$@" </dev/null || status=1
}
run guile --no-auto-compile elsewhere.scm
run mit-scheme --quiet --load elsewhere.scm
[ "$status" -eq 2 ] && echo "no other Scheme is installed" >&2
exit "$status"
