//! The nearest known name, for hints.

use super::known;

/// Names that people bring from elsewhere, and what they are called here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("def", "define"),
    ("defn", "define"),
    ("defun", "define"),
    ("fn", "lambda"),
    ("fun", "lambda"),
    ("func", "lambda"),
    ("function", "lambda"),
    ("progn", "begin"),
    ("elif", "cond"),
    ("switch", "case"),
    ("match", "case"),
    ("for", "do"),
    ("while", "loop"),
    ("return", "if"),
    ("ln", "log"),
    ("mod", "modulo"),
    ("rem", "remainder"),
    ("power", "expt"),
    ("arcsin", "asin"),
    ("arccos", "acos"),
    ("arctan", "atan"),
    ("atan2", "atan"),
    ("ceil", "ceiling"),
    ("fabs", "abs"),
    ("sqr", "square"),
    ("sum", "vsum"),
    ("len", "length"),
    ("first", "car"),
    ("rest", "cdr"),
    ("foldl", "fold-left"),
    ("foldr", "fold-right"),
    ("array", "vec"),
    ("null", "null?"),
    ("empty?", "null?"),
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
    if let Some(base) = name.strip_prefix("log").filter(|base| ["2", "10"].contains(base)) {
        return Some(format!("write (log x {base}), with the base as second argument"));
    }
    if let Some((_, here)) = ELSEWHERE.iter().find(|(there, _)| *there == name) {
        return Some(said(here));
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

/// The shortest words that are compared where a name may well be meant as it is.
const SHORTEST: usize = 4;

/// The bound name that a longer word of letters alone is one edit away from.
pub(crate) fn misspelt<'a>(name: &str, mut bound: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let written = word(name)?;
    bound.find(|other| word(other).is_some() && distance(&written, other, 1) == Some(1))
}

/// The procedure of the language that such a word is one edit away from; a longer or shorter form of its name is
/// another word.
pub(crate) fn misspelt_known(name: &str) -> Option<&'static str> {
    let written = word(name)?;
    let near = |other: &&str| {
        word(other).is_some()
            && !other.starts_with(name)
            && !name.starts_with(*other)
            && distance(&written, other, 1) == Some(1)
    };
    known::names().filter(near).min()
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
