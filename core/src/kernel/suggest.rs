//! The nearest known name, for hints.

use super::{infix, known};
use std::sync::OnceLock;

/// Names that people bring from elsewhere, and what they are called here or written as.
const ELSEWHERE: &[(&str, &str)] = &[
    ("def", "define"),
    ("defn", "define"),
    ("defun", "define"),
    ("setq", "define"),
    ("var", "define"),
    ("const", "define"),
    ("fn", "lambda"),
    ("fun", "lambda"),
    ("func", "lambda"),
    ("function", "lambda"),
    ("λ", "lambda"),
    ("progn", "begin"),
    ("elif", "cond"),
    ("switch", "case"),
    ("match", "case"),
    ("for", "do"),
    ("for/list", "map"),
    ("for/fold", "fold-left"),
    ("while", "loop"),
    ("return", "(* x x), without `return`: a body gives the value of its last expression"),
    ("ln", "log"),
    ("log2", "(log x 2), with the base as second argument"),
    ("log10", "(log x 10), with the base as second argument"),
    ("exp2", "(expt 2 x)"),
    ("mod", "modulo"),
    ("rem", "remainder"),
    ("power", "expt"),
    ("arcsin", "asin"),
    ("arccos", "acos"),
    ("arctan", "atan"),
    ("atan2", "(atan y x)"),
    ("arctan2", "(atan y x)"),
    ("ceil", "ceiling"),
    ("trunc", "truncate"),
    ("int", "truncate"),
    ("fabs", "abs"),
    ("absolute", "abs"),
    ("sqr", "square"),
    ("cbrt", "(expt x 1/3)"),
    ("hypot", "(sqrt (+ (square x) (square y)))"),
    ("logistic", "sigmoid"),
    ("minimum", "min"),
    ("maximum", "max"),
    ("sum", "(apply + list), or (vsum v) of a numeric vector"),
    ("prod", "(apply * list)"),
    ("mean", "(/ (apply + list) (length list))"),
    ("len", "length"),
    ("nth", "list-ref"),
    ("first", "car"),
    ("second", "cadr"),
    ("third", "caddr"),
    ("rest", "cdr"),
    ("range", "iota"),
    ("concat", "append"),
    ("foldl", "fold-left"),
    ("foldr", "fold-right"),
    ("array", "vec"),
    ("null", "null?"),
    ("empty?", "null?"),
    ("sign", "(cond ((> x 0) 1) ((< x 0) -1) (else 0))"),
    ("sgn", "(cond ((> x 0) 1) ((< x 0) -1) (else 0))"),
    ("clip", "(max low (min high x))"),
    ("clamp", "(max low (min high x))"),
    ("erfc", "(- 1 (erf x))"),
    ("gamma", "(exp (lgamma x))"),
];

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
    let here = |name: &str| ELSEWHERE.iter().find(|(there, _)| *there == name).map(|(_, here)| *here);
    if let Some(here) = here(name) {
        return Some(if here.starts_with('(') { format!("write {here}") } else { said(here) });
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

/// A hint at the name of the language nearest to `name`, if one is near: for a name that nothing binds and that
/// is therefore an input, where a procedure seems to be meant.
pub fn nearest_known(name: &str) -> Option<String> {
    nearest(name, std::iter::empty(), known::names())
}

/// Whether a name is elsewhere that of a form.
pub(super) fn is_form_elsewhere(name: &str) -> bool {
    let here = ELSEWHERE.iter().find(|(there, _)| *there == name).and_then(|(_, here)| known::find(here));
    matches!(here, Some(known::Known::Form(_)))
}

/// The shortest words that are compared where a name may well be meant as it is.
const SHORTEST: usize = 4;

/// The bound name that a longer word of letters alone is one edit away from.
pub(crate) fn misspelt<'a>(name: &str, mut bound: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let written = word(name)?;
    bound.find(|other| word(other).is_some() && distance(&written, other, 1) == Some(1))
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
    let is_word = name.len() <= 4 * LONGEST && name.chars().all(|c| c.is_alphabetic() || c == '-');
    let letters: Vec<char> = if is_word { name.chars().collect() } else { return None };
    (SHORTEST..=LONGEST).contains(&letters.len()).then_some(letters)
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
    fn bound_names_come_before_known_ones() {
        let near = |name| nearest(name, ["rate"].into_iter(), ["rats", "sin"].into_iter());
        assert_eq!(near("ratt").as_deref(), Some("did you mean `rate`?"));
        assert_eq!(near("sinh").as_deref(), Some("did you mean `sin`?"));
        assert_eq!(near("ln").as_deref(), Some("did you mean `log`?"));
        assert_eq!(near("x"), None);
    }
}
