//! The nearest known name, for hints.

use super::{infix, known};
use std::sync::OnceLock;

/// Calls that people bring from elsewhere, and what they are here: the name of a procedure or form, or an expression
/// of the same operands and perhaps, after a comma, a remark. Several names are divided by bars.
const ELSEWHERE: &[(&str, &str)] = &[
    ("def|defn|defun|setq|var|const", "define"),
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
    ("sum items", "(apply + items), or (vsum items) of a numeric vector"),
    ("prod|product items", "(apply * items)"),
    ("mean|average items", "(/ (apply + items) (length items))"),
    ("len|size", "length"),
    ("nth", "list-ref"),
    ("first", "car"),
    ("second", "cadr"),
    ("third", "caddr"),
    ("rest", "cdr"),
    ("range|arange", "iota"),
    ("concat", "append"),
    ("zip a b", "(map list a b)"),
    ("foldl", "fold-left"),
    ("foldr", "fold-right"),
    ("array", "vec"),
    ("inverse", "inv"),
    ("determinant", "det"),
    ("gradient", "grad"),
    ("null|empty?", "null?"),
    ("isnan", "nan?"),
    ("isfinite", "finite?"),
    ("sign|sgn|signum x", "(cond ((> x 0) 1) ((< x 0) -1) (else 0))"),
    ("clip|clamp x low high", "(max low (min high x))"),
    ("lerp a b t", "(+ a (* t (- b a)))"),
    ("erfc x", "(- 1 (erf x))"),
    ("gamma x", "(exp (lgamma x)), where x is positive"),
    ("factorial n", "(exp (lgamma (+ n 1)))"),
];

/// What a name is elsewhere: the operands of its calls there, and what it is here.
fn elsewhere(name: &str) -> Option<(impl Iterator<Item = &'static str>, &'static str)> {
    ELSEWHERE.iter().find_map(|(there, here)| {
        let mut words = there.split(' ');
        words.next()?.split('|').any(|there| there == name).then_some((words, *here))
    })
}

/// The name here of a procedure by its name elsewhere, if only the name differs.
pub(super) fn renamed(name: &str) -> Option<&'static str> {
    let (mut params, here) = elsewhere(name)?;
    params.next().is_none().then_some(here)
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
    let (params, here) = elsewhere(name)?;
    let params: Vec<&str> = params.collect();
    if params.is_empty() {
        let is_form = matches!(known::find(here), Some(known::Known::Form(_)));
        return (!is_form).then(|| format!("({here} {})", operands.join(" ")));
    }
    let expression = here.split_once(',').map_or(here, |(expression, _)| expression);
    if params.len() != operands.len() {
        return None;
    }
    let pairs: Vec<(&str, &str)> = params.into_iter().zip(operands.iter().map(String::as_str)).collect();
    Some(infix::fill(expression, &pairs))
}

/// The longest name that is compared.
const LONGEST: usize = 32;
/// How many bound names are compared, innermost first.
const MOST: usize = 1000;

/// A hint at the bound or known name nearest to `name`, if one is near.
pub(super) fn nearest<'a>(
    name: &str,
    bound: impl Iterator<Item = &'a str>,
    known: impl Iterator<Item = &'static str>,
) -> Option<String> {
    let said = |near: &str| format!("did you mean `{near}`?");
    if let Some((mut operands, here)) = elsewhere(name) {
        return Some(if operands.next().is_some() { format!("write {here}") } else { said(here) });
    }
    // `math.sin` is elsewhere what `sin` is here.
    if let Some((module, function)) = name.rsplit_once('.')
        && infix::is_module(module)
    {
        return if known::find(function).is_some() {
            Some(said(function))
        } else {
            nearest(function, bound, known)
        };
    }
    let written: Vec<char> = name.chars().take(LONGEST + 1).collect();
    let limit = match written.len() {
        0 | 1 => return None,
        2..=5 => 1,
        6..=LONGEST => 2,
        _ => return None,
    };
    let known = known.map(|name| -> (u8, &'a str) { (1, name) });
    let ranked = bound.take(MOST).map(|name| (0, name)).chain(known);
    let near = ranked.filter_map(|(rank, other)| Some((distance(&written, other, limit)?, rank, other)));
    near.min().map(|(_, _, other)| said(other))
}

/// Whether a name that nothing binds is nearly that of a procedure of the language that calls its first operand, which
/// then may well be an operator.
pub(super) fn nearly_calls(name: &str) -> bool {
    const CALLERS: &str = "map for-each filter fold fold-left fold-right reduce apply vector-map vmap";
    let written: Vec<char> = name.chars().take(LONGEST + 1).collect();
    let limit = if written.len() > 5 { 2 } else { 1 };
    let named = known::names().filter_map(|known| Some((distance(&written, known, limit)?, known)));
    named.min().is_some_and(|(_, known)| CALLERS.split(' ').any(|caller| caller == known))
}

/// A hint at the name of the language nearest to `name`, if one is near: for a name that nothing binds and that
/// is therefore an input, where a procedure seems to be meant.
pub fn nearest_known(name: &str) -> Option<String> {
    nearest(name, std::iter::empty(), known::names())
}

/// Whether a name is elsewhere that of a form.
pub(super) fn is_form_elsewhere(name: &str) -> bool {
    let here = elsewhere(name).and_then(|(_, here)| known::find(here));
    matches!(here, Some(known::Known::Form(_)))
}

/// The shortest words that are compared where a name may well be meant as it is.
const SHORTEST: usize = 4;

/// The bound name that a name may be meant for: one that differs in dashes, underscores and case alone, or of letters
/// alone and one edit away. Words of three letters are not near one another, nor near those that they begin.
pub(crate) fn misspelt<'a>(name: &str, mut bound: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| -> Vec<char> {
        name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
    };
    let (letters, written) = (plain(name), word_of(name, SHORTEST - 1));
    bound.find(|other| {
        let alike = name.len() <= 4 * LONGEST && letters.len() > 1 && letters == plain(other);
        let near = |written: &Vec<char>| {
            let Some(of_other) = word_of(other, SHORTEST - 1) else { return false };
            let (a, b) = (written.len(), of_other.len());
            let begins = other.starts_with(name) || name.starts_with(other);
            (a.min(b) >= SHORTEST || a.max(b) >= SHORTEST && !begins)
                && distance(written, other, 1) == Some(1)
        };
        alike || written.as_ref().is_some_and(near)
    })
}

/// The name of the language that such a word is one edit away from; a longer or shorter form of a name is another
/// word.
pub(crate) fn misspelt_known(name: &str) -> Option<&'static str> {
    let written = word(name)?;
    let letters = letters_of(&written);
    let near = |known: &&Known| {
        // An edit takes one letter away and brings one at most.
        known.length.abs_diff(written.len()) <= 1
            && (known.letters ^ letters).count_ones() <= 2
            && !known.name.starts_with(name)
            && !name.starts_with(known.name)
            && distance(&written, known.name, 1) == Some(1)
    };
    known_words().iter().find(near).map(|known| known.name)
}

/// A word of the language.
struct Known {
    name: &'static str,
    length: usize,
    /// Which letters it has.
    letters: u32,
}

/// Those that are compared, in the order of the alphabet.
fn known_words() -> &'static [Known] {
    static WORDS: OnceLock<Vec<Known>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let known = |name| {
            let written = word(name)?;
            Some(Known { name, length: written.len(), letters: letters_of(&written) })
        };
        let mut words: Vec<Known> = known::names().filter_map(known).collect();
        words.sort_unstable_by_key(|known| known.name);
        words
    })
}

/// A bit for each letter; some share one.
fn letters_of(word: &[char]) -> u32 {
    word.iter().fold(0, |letters, c| letters | 1 << (u32::from(*c) % 32))
}

fn word(name: &str) -> Option<Vec<char>> {
    word_of(name, SHORTEST)
}

/// A name of letters and dashes alone, at least so many.
fn word_of(name: &str, shortest: usize) -> Option<Vec<char>> {
    let is_word = name.len() <= 4 * LONGEST && name.chars().all(|c| c.is_alphabetic() || c == '-');
    let letters: Vec<char> = if is_word { name.chars().collect() } else { return None };
    (shortest..=LONGEST).contains(&letters.len()).then_some(letters)
}

/// How many letters to insert, drop, replace or swap with the next make `other` of `written`, if not
/// more than `limit`.
fn distance(written: &[char], other: &str, limit: usize) -> Option<usize> {
    if other.len() > 4 * LONGEST {
        return None;
    }
    let other: Vec<char> = other.chars().collect();
    if other.len().abs_diff(written.len()) > limit {
        return None;
    }
    // Three rows of the table of distances between beginnings: those before, here and next.
    let mut before = vec![0; other.len() + 1];
    let mut here: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in written.iter().enumerate() {
        let mut next = vec![i + 1; other.len() + 1];
        for (j, b) in other.iter().enumerate() {
            let mut best = (here[j] + usize::from(a != b)).min(here[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && written[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            next[j + 1] = best;
        }
        if next.iter().all(|d| *d > limit) {
            return None;
        }
        before = here;
        here = next;
    }
    here.last().copied().filter(|d| *d <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_edits_up_to_the_limit() {
        let of = |a: &str, b: &str, limit| distance(&a.chars().collect::<Vec<_>>(), b, limit);
        assert_eq!(of("sin", "sin", 1), Some(0));
        assert_eq!(of("sni", "sin", 1), Some(1));
        assert_eq!(of("sinn", "sin", 1), Some(1));
        assert_eq!(of("lamdba", "lambda", 2), Some(1));
        assert_eq!(of("sqr", "square", 2), None);
        assert_eq!(of("sqaur", "square", 2), Some(2));
        assert_eq!(of("größe", "größer", 1), Some(1));
    }

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
            let (program, findings) = super::super::desugar(&crate::reader::read(&call).0);
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
    fn bound_names_come_before_known_ones() {
        let near = |name| nearest(name, ["rate"].into_iter(), ["rats", "sin"].into_iter());
        assert_eq!(near("ratt").as_deref(), Some("did you mean `rate`?"));
        assert_eq!(near("sinh").as_deref(), Some("did you mean `sin`?"));
        assert_eq!(near("ln").as_deref(), Some("did you mean `log`?"));
        assert_eq!(near("x"), None);
    }
}
