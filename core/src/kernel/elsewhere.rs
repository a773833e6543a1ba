//! What people bring from other languages: names of procedures and forms, and what they are here.
//!
//! For hints alone. A name that is here what it is elsewhere is in no table; one that is a mistake in any position is
//! among the reserved.

use super::{infix, known, reserved};

/// Calls that people bring from elsewhere, and what they are here: the name of a procedure or form, or an expression
/// of the same operands and perhaps, after a comma, a remark. Several names are divided by bars. Where a name has several
/// rows, the number of operands tells which is meant.
const ELSEWHERE: &[(&str, &str)] = &[
    ("def|defn|defun|defvar|defconstant|defparameter|setq|var|const", "define"),
    ("fn|fun|func|function|λ", "lambda"),
    ("progn", "begin"),
    ("elif", "cond"),
    ("switch|match", "case"),
    ("for", "do"),
    ("for/list", "map"),
    ("for/fold", "fold-left"),
    ("while", "loop"),
    ("return x", "x, without `return`: a body gives the value of its last expression"),
    ("where|ifelse|if_else|iif test x y", "(if test x y)"),
    ("add|plus", "+"),
    ("sub|subtract|minus", "-"),
    ("mul|mult|multiply|times", "*"),
    ("div|divide|true_divide", "/"),
    ("neg|negate|negative x", "(- x)"),
    ("reciprocal|recip x", "(/ x)"),
    ("add1|inc x", "(+ x 1)"),
    ("sub1|dec x", "(- x 1)"),
    ("ln|logarithm", "log"),
    ("log2 x", "(log x 2), with the base as second argument"),
    ("log10 x", "(log x 10), with the base as second argument"),
    ("exp2 x", "(expt 2 x)"),
    ("exp10 x", "(expt 10 x)"),
    ("exponential", "exp"),
    ("mod", "modulo"),
    ("rem|fmod", "remainder"),
    ("floordiv|floor-div|floor_divide", "floor-quotient"),
    ("power|powi|powf", "expt"),
    ("arcsin", "asin"),
    ("arccos", "acos"),
    ("arctan", "atan"),
    ("atan2|arctan2 y x", "(atan y x)"),
    ("sec x", "(/ 1 (cos x))"),
    ("csc x", "(/ 1 (sin x))"),
    ("cot x", "(/ 1 (tan x))"),
    ("asinh|arcsinh x", "(log (+ x (sqrt (+ (* x x) 1))))"),
    ("acosh|arccosh x", "(log (+ x (sqrt (- (* x x) 1))))"),
    ("atanh|arctanh x", "(/ (- (log1p x) (log1p (- x))) 2)"),
    ("sinc x", "(if (= x 0) 1 (/ (sin x) x))"),
    ("deg2rad|radians x", "(* x 0.017453292519943295)"),
    ("rad2deg|degrees x", "(* x 57.29577951308232)"),
    ("ceil", "ceiling"),
    ("trunc|int", "truncate"),
    ("rint|nint", "round"),
    ("float|double", "inexact"),
    ("fabs|absolute", "abs"),
    ("sqr", "square"),
    ("cbrt x", "(expt x 1/3)"),
    ("hypot x y", "(sqrt (+ (square x) (square y)))"),
    ("logistic|expit", "sigmoid"),
    ("logit x", "(log (/ x (- 1 x)))"),
    ("swish|silu x", "(* x (sigmoid x))"),
    ("gelu x", "(* 0.5 x (+ 1 (erf (/ x (sqrt 2)))))"),
    ("elu x", "(if (> x 0) x (expm1 x))"),
    ("leaky-relu|leaky_relu x", "(max x (* 0.01 x))"),
    ("softmax v", "(let ((e (exp v))) (/ e (vsum e))), of a numeric vector"),
    ("heaviside|step x", "(if (> x 0) 1 0)"),
    ("minimum|fmin", "min"),
    ("maximum|fmax", "max"),
    ("sum|∑|Σ items", "(apply + items), or (vsum items) of a numeric vector"),
    ("prod|product items", "(apply * items)"),
    ("mean|average items", "(/ (apply + items) (length items))"),
    ("len|size", "length"),
    ("nth", "list-ref"),
    ("vec-ref|vref|aref", "ref"),
    ("accumulate f initial items", "(fold-right f initial items)"),
    ("string-join items", "(apply string-append items)"),
    ("first", "car"),
    ("second", "cadr"),
    ("third", "caddr"),
    ("rest", "cdr"),
    ("range|arange|in-range n", "(iota n)"),
    ("range|arange|in-range a b", "(iota (- b a) a)"),
    ("range|arange|in-range a b c", "(iota (ceiling (/ (- b a) c)) a c)"),
    ("concat", "append"),
    ("zip a b", "(map list a b)"),
    ("foldl", "fold-left"),
    ("foldr", "fold-right"),
    ("array", "vec"),
    ("inverse", "inv"),
    ("determinant", "det"),
    ("gradient", "grad"),
    ("∇ f", "(grad f)"),
    ("deriv|diff|differentiate|D f", "(derivative f)"),
    ("null|empty?|nil?", "null?"),
    ("cons?|consp", "pair?"),
    ("isnan", "nan?"),
    ("isfinite", "finite?"),
    ("sign|sgn|signum x", "(cond ((> x 0) 1) ((< x 0) -1) (else 0))"),
    ("clip|clamp x low high", "(max low (min high x))"),
    ("lerp a b t", "(+ a (* t (- b a)))"),
    ("erfc x", "(- 1 (erf x))"),
    ("gamma|tgamma x", "(exp (lgamma x)), where x is positive"),
    ("factorial n", "(exp (lgamma (+ n 1)))"),
    ("not=|not-equal?|neq? a b", "(not (= a b))"),
    ("assert-equal|assert_equal|check-equal? a b", "(assert (equal? a b))"),
];

/// What is not in the language by any other name, and what to do instead: names that mean something only where they are
/// called. Several names are divided by spaces.
const INSTEAD: &[(&str, &str)] = &[
    ("incf decf setf push! pop! swap! reset! inc! dec!", reserved::MUTATION),
    (
        "make-hash make-hash-table hash hash-map hash-ref hash-set hash-set! hash-has-key? dict assoc-ref alist-ref",
        "keep an association list, as in (define table (list (list 'a 1) (list 'b 2))); then (cadr (assq 'b table)) is 2",
    ),
    ("format sprintf str", "text is put together by (string-append \"x = \" (number->string x))"),
    (
        "list-index",
        "a place is counted in a loop, as in (let find ((l items) (i 0)) (cond ((null? l) #f) ((even? (car l)) i) (else (find (cdr l) (+ i 1)))))",
    ),
    ("time current-time runtime", reserved::SYSTEM),
    (
        "rand randn random-real random-integer random-normal random-uniform normal uniform gaussian rnorm runif sample",
        reserved::RANDOM,
    ),
    (
        "integrate quad trapz odeint ode45 solve-ivp solve_ivp",
        "(rk4 f y t h n) goes n steps of h along y' = (f t y), (dopri5 f y t0 t1 rtol atol) to t1 with tolerances; (rk4 (lambda (t y) (g t)) 0 a h n) is an integral of g",
    ),
];

/// The same for what is a form elsewhere: what stands in it is not made of expressions, or waits for more than them.
const FORMS_INSTEAD: &[(&str, &str)] = &[
    (
        "for/sum for/product for/vector dotimes dolist foreach repeat",
        "a loop is a named let, as in (let loop ((i 0) (sum 0)) (if (< i 10) (loop (+ i 1) (+ sum i)) sum)), or a map over (iota n)",
    ),
    ("try catch with-handlers handler-case ignore-errors unwind-protect", reserved::FAILURE),
    ("->", "nest the calls: (-> x (f a) (g b)) is (g (f x a) b)"),
    ("->>", "nest the calls: (->> x (f a) (g b)) is (g b (f a x))"),
];

/// The rows of a name: the operands of its calls there, and what it is here.
fn rows(name: &str) -> impl Iterator<Item = (Vec<&'static str>, &'static str)> {
    ELSEWHERE.iter().filter_map(move |(there, here)| {
        let mut words = there.split(' ');
        words.next()?.split('|').any(|there| there == name).then(|| (words.collect(), *here))
    })
}

fn instead(table: &[(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(names, _)| names.split(' ').any(|there| there == name)).map(|(_, instead)| *instead)
}

/// What to do instead of calling a name, whatever it is called with.
pub(super) fn hint(name: &str) -> Option<String> {
    if let Some((params, here)) = rows(name).next() {
        return Some(if params.is_empty() {
            format!("did you mean `{here}`?")
        } else {
            format!("write {here}")
        });
    }
    instead(INSTEAD, name).or_else(|| instead(FORMS_INSTEAD, name)).map(String::from)
}

/// What to write instead of a call with operands of these texts, where the name tells.
pub(super) fn hint_of_call(name: &str, operands: &[String]) -> Option<String> {
    if name == "->" || name == "->>" {
        return threaded(operands, name == "->").map(|calls| format!("nest the calls: write {calls}"));
    }
    let (params, here) =
        rows(name).find(|(params, _)| !params.is_empty() && params.len() == operands.len())?;
    let call = translated(name, operands)?;
    let remark = here.split_once(',').map(|(_, remark)| format!(",{}", filled(remark, &params, operands)));
    Some(format!("write {call}{}", remark.unwrap_or_default()))
}

/// The calls of `->` and `->>`, nested: each takes the one before as its first operand, or as its last.
fn threaded(operands: &[String], is_first: bool) -> Option<String> {
    let (value, calls) = operands.split_first().filter(|(_, calls)| !calls.is_empty())?;
    let mut nested = value.clone();
    for call in calls {
        let Some(inside) = call.strip_prefix('(').and_then(|call| call.strip_suffix(')')) else {
            nested = format!("({call} {nested})");
            continue;
        };
        nested = match inside.split_once(' ') {
            _ if inside.is_empty() || inside.starts_with('(') => return None,
            Some((head, rest)) if is_first => format!("({head} {nested} {rest})"),
            _ => format!("({inside} {nested})"),
        };
    }
    Some(nested)
}

/// The name here of a procedure by its name elsewhere, if only the name differs.
pub(super) fn renamed(name: &str) -> Option<&'static str> {
    rows(name).next().filter(|(params, _)| params.is_empty()).map(|(_, here)| here)
}

/// Whether a name is elsewhere that of a form.
pub(super) fn is_form(name: &str) -> bool {
    let is_here = |here| matches!(known::find(here), Some(known::Known::Form(_)));
    renamed(name).is_some_and(is_here) || instead(FORMS_INSTEAD, name).is_some()
}

/// A call of a procedure by a name of elsewhere, as it is written here.
pub(super) fn translated(name: &str, operands: &[String]) -> Option<String> {
    if let [vector] = operands
        && vector.starts_with('[')
    {
        match name {
            "array" => return Some(vector.clone()),
            "sum" => return Some(format!("(vsum {vector})")),
            _ => {}
        }
    }
    if matches!(name, "range" | "arange" | "in-range")
        && let Some(written) = counted(operands)
    {
        return Some(written);
    }
    let (params, here) =
        rows(name).find(|(params, _)| params.is_empty() || params.len() == operands.len())?;
    if params.is_empty() {
        let is_form = matches!(known::find(here), Some(known::Known::Form(_)));
        return (!is_form).then(|| format!("({here} {})", operands.join(" ")));
    }
    let expression = here.split_once(',').map_or(here, |(expression, _)| expression);
    Some(filled(expression, &params, operands))
}

fn filled(pattern: &str, params: &[&str], operands: &[String]) -> String {
    let pairs = params.iter().copied().zip(operands.iter().map(String::as_str));
    infix::fill(pattern, &pairs.collect::<Vec<_>>())
}

/// A range between numbers, whose items can be counted.
fn counted(operands: &[String]) -> Option<String> {
    let numbers = operands.iter().map(|text| text.parse::<f64>().ok()).collect::<Option<Vec<f64>>>()?;
    let (start, end, step) = match numbers[..] {
        [start, end] => (start, end, 1.0),
        [start, end, step] => (start, end, step),
        _ => return None,
    };
    let count = ((end - start) / step).ceil().max(0.0);
    (count < 1e9).then(|| {
        format!("(iota {count} {})", operands.iter().step_by(2).cloned().collect::<Vec<_>>().join(" "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_suggested_is_in_the_language() {
        for (there, here) in ELSEWHERE {
            let mut words = there.split(' ');
            let names = words.next().unwrap_or_default();
            assert!(names.split('|').all(|name| known::find(name).is_none()), "{there} is in the language");
            let params: Vec<String> = words.map(str::to_owned).collect();
            if params.is_empty() {
                assert!(known::find(here).is_some(), "{there}: {here}");
                continue;
            }
            let call = translated(names.split('|').next().unwrap_or_default(), &params).unwrap_or_default();
            let (program, findings) = crate::kernel::desugar(&crate::reader::read(&call).0);
            assert_eq!(findings, [], "{there}: {call}");
            let program = program.unwrap_or_else(|| panic!("{there}"));
            let mut inputs: Vec<&str> =
                program.inputs.iter().map(|input| &*program.locals[input.0 as usize].name).collect();
            let mut params: Vec<&str> = params.iter().map(String::as_str).collect();
            inputs.sort_unstable();
            params.sort_unstable();
            assert_eq!(inputs, params, "{there}: {call}");
        }
    }

    #[test]
    fn calls_are_written_with_their_operands() {
        let hint = |name, operands: &[&str]| {
            hint_of_call(name, &operands.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        let names = INSTEAD.iter().chain(FORMS_INSTEAD).flat_map(|(names, _)| names.split(' '));
        for name in names {
            assert!(known::find(name).is_none_or(|known| matches!(known, known::Known::Left(_))), "{name}");
            assert!(rows(name).next().is_none(), "{name}");
        }
        for (name, operands, expect) in [
            ("range", &["1", "5"][..], Some("write (iota 4 1)")),
            ("range", &["0", "1", "0.25"], Some("write (iota 4 0 0.25)")),
            ("range", &["5", "1"], Some("write (iota 0 5)")),
            ("range", &["a", "b"], Some("write (iota (- b a) a)")),
            ("in-range", &["5"], Some("write (iota 5)")),
            ("inc", &["y"], Some("write (+ y 1)")),
            ("log2", &["y"], Some("write (log y 2), with the base as second argument")),
            ("tgamma", &["z"], Some("write (exp (lgamma z)), where z is positive")),
            ("inc", &["a", "b"], None),
            ("->", &["x", "(* 2)", "sin", "(- y 1)"], Some("nest the calls: write (- (sin (* x 2)) y 1)")),
            ("->>", &["x", "(* 2)", "(- y)"], Some("nest the calls: write (- y (* 2 x))")),
            ("->", &["x", "((f) 1)"], None),
        ] {
            assert_eq!(hint(name, operands).as_deref(), expect, "{name} {operands:?}");
        }
    }
}
