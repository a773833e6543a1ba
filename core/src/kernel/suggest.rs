//! The nearest known name, for hints.

use super::{elsewhere, infix, known};
use std::sync::OnceLock;

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
    if let Some(hint) = elsewhere::hint(name) {
        return Some(hint);
    }
    // `math.sin` is elsewhere what `sin` is here, and so is `Math/sin`.
    if let Some((module, function)) = name.rsplit_once(['.', '/', ':'])
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
    fn bound_names_come_before_known_ones() {
        let near = |name| nearest(name, ["rate"].into_iter(), ["rats", "sin"].into_iter());
        assert_eq!(near("ratt").as_deref(), Some("did you mean `rate`?"));
        assert_eq!(near("sinh").as_deref(), Some("did you mean `sin`?"));
        assert_eq!(near("ln").as_deref(), Some("did you mean `log`?"));
        assert_eq!(near("x"), None);
    }
}
