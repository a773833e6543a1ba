//! Names that are operations without spaces, such as `a*x**2`, taken apart.

/// A part of such a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part<'n> {
    /// An operand.
    Word(&'n str),
    /// An operator.
    Sign(&'n str),
}

/// The longest name that is taken apart.
const LONGEST: usize = 100;

/// Operators that may stand in a name; one that another begins with comes after it.
const SIGNS: [&str; 17] =
    ["**", "//", "==", "!=", "<=", ">=", "&&", "+", "-", "*", "/", "^", "%", "<", ">", "×", "·"];

/// Whether operators are made of it.
pub(in crate::kernel) fn is_sign(c: char) -> bool {
    "+-*/^%=<>!&×·".contains(c)
}

/// Whether something is an operand.
pub(super) fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphanumeric() || "√∂∞_".contains(c)) && !word.contains(is_sign)
}

/// Whether something begins like a number.
pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// The operands and operators of a name in their order, if it is made of such. `-` and `/` are common in names: where
/// there are no others, `known` has to hold for all operands. Names that are `bound` stay whole.
pub(super) fn split<'n>(
    name: &'n str,
    known: &dyn Fn(&str) -> bool,
    bound: &dyn Fn(&str) -> bool,
) -> Option<Vec<Part<'n>>> {
    if name.len() > LONGEST || !name.contains(is_sign) {
        return None;
    }
    let (mut parts, mut rest) = (Vec::new(), name);
    while !rest.is_empty() {
        let word = bound_length(rest, bound).unwrap_or_else(|| word_length(rest));
        if word > 0 {
            let (word, after) = rest.split_at(word);
            is_word(&word[..word.find(is_sign).unwrap_or(word.len())]).then_some(())?;
            parts.push(Part::Word(word));
            rest = after;
            continue;
        }
        let after_sign = matches!(parts.last(), None | Some(Part::Sign(_)));
        let found = SIGNS.iter().chain(&["!"]).find(|sign| rest.starts_with(**sign))?;
        // One operator may follow another only if it has one operand.
        if after_sign && !parts.is_empty() && !matches!(*found, "-" | "+" | "!") {
            return None;
        }
        parts.push(Part::Sign(found));
        rest = &rest[found.len()..];
    }
    let between = parts.iter().skip(1).filter_map(|part| match part {
        Part::Sign(sign) => Some(*sign),
        Part::Word(_) => None,
    });
    let common = between.clone().count() > 0 && between.clone().all(|sign| matches!(sign, "-" | "/"));
    let meant = |part: &Part<'_>| !matches!(part, Part::Word(word) if !known(word) && !bound(word));
    (!common || parts.iter().all(meant)).then_some(parts)
}

/// How long the longest bound name with a sign in it is that a text begins with, up to an operator or the end.
fn bound_length(text: &str, bound: &dyn Fn(&str) -> bool) -> Option<usize> {
    let begins = text.starts_with(|c: char| !is_sign(c));
    let mut ends = text.char_indices().filter(|(at, c)| *at > 0 && is_sign(*c)).map(|(at, _)| at).skip(1);
    let longest = ends.by_ref().filter(|end| bound(&text[..*end])).last();
    let whole = || (text.contains(is_sign) && bound(text)).then_some(text.len());
    if begins { whole().or(longest) } else { None }
}

/// How long the operand is that a text begins with; the sign of an exponent is a part of a number.
fn word_length(text: &str) -> usize {
    let mut end = text.find(is_sign).unwrap_or(text.len());
    let (mantissa, rest) = text.split_at(end);
    if is_number(mantissa)
        && mantissa.ends_with(['e', 'E'])
        && let Some(digits) = rest.strip_prefix(['+', '-'])
    {
        end += 1 + digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_where_they_are_operations() {
        #[track_caller]
        fn check(name: &str, parts: &str) {
            let known = |part: &str| is_number(part) || part.len() == 1;
            let parts_of = split(name, &known, &|part| matches!(part, "half-life" | "x-1"));
            let shown = parts_of.map(|parts| {
                let words = parts.into_iter().map(|part| match part {
                    Part::Word(word) => word.to_owned(),
                    Part::Sign(sign) => format!("<{sign}>"),
                });
                words.collect::<Vec<_>>().join(" ")
            });
            assert_eq!(shown.unwrap_or_default(), parts, "{name}");
        }
        check("a*x**2", "a <*> x <**> 2");
        check("-k*t", "<-> k <*> t");
        check("a*-b", "a <*> <-> b");
        check("x*1e-3", "x <*> 1e-3");
        check("a*", "a <*>");
        check("**2", "<**> 2");
        check("a-b", "a <-> b");
        check("rate-b", "");
        check("rate*k-b", "rate <*> k <-> b");
        check("half-life*2", "half-life <*> 2");
        check("2*x-1*3", "2 <*> x-1 <*> 3");
        check("-half-life/2", "<-> half-life </> 2");
        check("x->y", "");
        check("x=1", "");
        check("abc", "");
        check("a.b?*c", "a.b? <*> c");
        check("?*c", "");
    }
}
