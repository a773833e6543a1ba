//! The examples at the end of each command's help; a test runs them.

pub(crate) const ALL: &str = "\
Examples:
  scheme-grad run -e '(* k (/ (* q1 q2) (* r r)))' --set k=8.99 --set q1=1 --set q2=2 --set r=0.5
  scheme-grad grad model.scm --inputs constants.json --wrt k,r --json
  echo '(* x x)' | scheme-grad grad - --set x=3
  scheme-grad check model.scm
  scheme-grad explain E0301

Exit codes:
  0  done
  1  the program is wrong or failed, with a diagnostic
  2  wrong usage, or something that is not there yet
  4  a budget ran out";

pub(crate) const RUN: &str = "\
Examples:
  scheme-grad run model.scm --set x=1.5
  scheme-grad run model.scm --inputs inputs.json --set x=2     # --set goes before the file
  scheme-grad run -e '(matvec A r)' --set 'A=[[0, -1], [1, 0]]' --set 'r=[2, 3]'
  scheme-grad run -e '(length l)' --set 'l={\"list\": [1, {\"symbol\": \"a\"}]}' --json";

pub(crate) const GRAD: &str = "\
Examples:
  scheme-grad grad -e '(* a (exp (* b x)))' --set a=1 --set b=-0.5 --set x=2
  scheme-grad grad -e '(* 1/2 m (dot v v))' --set m=3 --set 'v=[1, 2]'
  scheme-grad grad model.scm --inputs inputs.json --wrt a,b --json";

pub(crate) const HESSIAN: &str = "\
Examples:
  scheme-grad hessian -e '(* x x y)' --set x=3 --set y=2
  scheme-grad hessian model.scm --inputs inputs.json --wrt a,b --json";

pub(crate) const CHECK: &str = "\
Examples:
  scheme-grad check model.scm
  scheme-grad check -e '(+ a (sqr b))' --json";

pub(crate) const GRAPH: &str = "\
Examples:
  scheme-grad graph -e '(* a (exp (* b x)))'
  scheme-grad graph model.scm --stage grad
  scheme-grad graph model.scm --stage kernel --json
  scheme-grad graph -e '(if (< x 1) (* k x x) 0)' --stage trace --set k=2 --set x=0.5
  scheme-grad graph model.scm --format svg > model.svg";

pub(crate) const COMPILE: &str = "\
Examples:
  scheme-grad compile model.scm -o model.json
  scheme-grad run model.json --set x=1.5";

pub(crate) const BATCH: &str = "\
A column whose name is an input or parameter gives its value in each row; the other inputs are set.
A row that fails leaves its place empty and is told on standard error, with its number; with --json as an object a
line, beside rows that are CSV as ever. In a file of one column an empty line is a row whose cell is empty, unless it
ends the file.

Examples:
  scheme-grad batch model.scm --data rows.csv --set k=1.5 > values.csv
  scheme-grad batch -e '(* k x x)' --data rows.csv --set k=2 --grad --wrt k";

pub(crate) const REPL: &str = "\
Examples:
  scheme-grad repl
  scheme-grad repl model.scm       # with its definitions

The history is kept in the file that SCHEME_GRAD_HISTORY names, if it is set.";

pub(crate) const SERVE: &str = "\
A request is a JSON object on a line; so is its answer, with the same id:
  {\"id\": 1, \"op\": \"run\"|\"grad\"|\"hessian\"|\"check\", \"program\": TEXT, \"inputs\": {NAME: VALUE, …}, \"wrt\": [NAME, …]}

Examples:
  echo '{\"id\": 1, \"op\": \"grad\", \"program\": \"(* x x)\", \"inputs\": {\"x\": 3}}' | scheme-grad serve-lines
  scheme-grad serve-lines --max-steps 1000000 < requests > answers";

pub(crate) const EXPLAIN: &str = "\
Examples:
  scheme-grad explain E0301
  scheme-grad explain            # every code";

pub(crate) const COMPLETIONS: &str = "\
Examples:
  scheme-grad completions bash > ~/.local/share/bash-completion/completions/scheme-grad
  scheme-grad completions zsh > ~/.zfunc/_scheme-grad
  scheme-grad completions fish > ~/.config/fish/completions/scheme-grad.fish";
