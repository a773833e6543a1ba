//! Atoms: what stands between delimiters is a number, a boolean or a symbol, or a mistake.
//!
//! Both sources of tokens read their atoms here. Symbols are R7RS identifiers, case-sensitive, with
//! the letters and signs of all scripts; characters that only look like Scheme's (a Unicode minus,
//! curly quotes) are mistakes with their repair, since no reader of a program could tell them apart.

use super::number::{self, NumberError};
use crate::datum::Kind;
use crate::diag::{Code, Diagnostic};
use crate::span::Span;

/// Reads a number, a boolean or a symbol from its whole text, which stands at `span`.
pub fn read_atom(text: &str, span: Span) -> Result<Kind, Diagnostic> {
    let bad = |message: String| Diagnostic::new(Code::BadToken, span, message);
    if let Some(rest) = text.strip_prefix('#') {
        return hash(text, rest, span);
    }
    if let Some(stray) = text.chars().find(|c| !is_subsequent(*c)) {
        return Err(strange(stray, text, span));
    }
    if number::looks_like_number(text) {
        return number(text, span);
    }
    if is_identifier(text) {
        return Ok(Kind::Symbol(text.into()));
    }
    let finding = bad(format!("{} is neither a number nor a name", shown(text)));
    Err(match text.strip_prefix('@') {
        Some(name) if !name.is_empty() => finding.hint(format!(
            "a name cannot begin with `@`; a splice in a quasiquote is written {}",
            shown(&format!(",@{name}"))
        )),
        _ => finding,
    })
}

fn number(text: &str, span: Span) -> Result<Kind, Diagnostic> {
    let error = match number::parse(text, 10) {
        Ok(number) => return Ok(Kind::Number(number)),
        Err(error) => error,
    };
    let (shown, new) = (shown(text), |code, message| Diagnostic::new(code, span, message));
    Err(match error {
        NumberError::Form => {
            let finding = new(Code::BadNumber, format!("{shown} is not a number"));
            match repair(text) {
                Some(hint) => finding.hint(hint),
                None => finding,
            }
        }
        NumberError::Complex => {
            new(Code::BadNumber, format!("{shown} is a complex number, and these are not in the language"))
        }
        NumberError::ZeroBelow => new(Code::BadNumber, format!("{shown} divides by zero"))
            .hint("infinity is written `+inf.0`, not-a-number `+nan.0`"),
        NumberError::NoExact => {
            new(Code::BadNumber, format!("{shown} cannot be exact")).hint("leave out `#e`")
        }
        NumberError::Range => new(Code::NumberRange, format!("{shown} is too large for a number"))
            .hint("the largest number is about 1.8e308; infinity is written `+inf.0`"),
        NumberError::Long => new(Code::NumberRange, format!("{error}, and {shown} has more"))
            .hint("write a decimal number; those may have any number of digits"),
    })
}

/// The finding for a quotation mark that touches the atom before it, as in `x'`; it takes in both.
pub fn quote_after(atom: &str, mark: char, span: Span) -> Diagnostic {
    let mut hint =
        format!("put a space before the `{mark}` to quote what follows, or write a name without it");
    if mark == '\'' {
        let prime = shown(&format!("{atom}-prime"));
        hint.push_str(&format!(", such as {prime}; a string stands between double quotes"));
    }
    Diagnostic::new(Code::BadToken, span, format!("a name cannot hold `{mark}`")).hint(hint)
}

/// The finding for a comma that touches the atom before it, as between the arguments of other languages.
pub fn comma_after(atom: &str, span: Span) -> Diagnostic {
    let finding = Diagnostic::new(Code::BadToken, span, format!("a comma directly after {}", shown(atom)));
    finding.hint(if number::looks_like_number(atom) {
        "nothing but space goes between arguments, and nothing into a number: 1,000 is written 1000"
    } else {
        "nothing but space goes between arguments; an unquote has a space before its comma"
    })
}

/// What may have been meant by a text that begins as a number and is none.
fn repair(text: &str) -> Option<String> {
    let is_number = |text: &str| number::parse(text, 10).is_ok();
    let lower = text.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] {
        let digits = lower.strip_prefix(prefix).map(|digits| digits.replace('_', ""));
        if let Some(digits) = digits.filter(|digits| number::parse(digits, radix).is_ok()) {
            return Some(format!("write {}", shown(&format!("#{}{digits}", &prefix[1..]))));
        }
    }
    let plain = lower.replace('_', "");
    if is_number(&plain) {
        return Some(format!("write {}, without underscores", shown(&plain)));
    }
    const SUFFIXES: [&str; 15] = [
        "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize",
        "f",
    ];
    for suffix in SUFFIXES {
        if let Some(plain) = plain.strip_suffix(suffix).filter(|plain| is_number(plain)) {
            let plain = shown(plain.strip_suffix('_').unwrap_or(plain));
            return Some(format!("write {plain}; numbers have no suffixes"));
        }
    }
    for sign in ["+", "-"] {
        if let Some(digits) = text.strip_suffix(sign).filter(|digits| is_number(digits)) {
            return Some(format!("operators come first, as in {}", shown(&format!("({sign} x {digits})"))));
        }
    }
    let after = text.strip_prefix(['+', '-']).unwrap_or(text);
    let numeric = after.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(after.len());
    let (left, rest) = text.split_at(text.len() - after.len() + numeric);
    match rest.chars().next() {
        None => Some("a number has one point".into()),
        Some('+' | '-' | '*' | '/' | '^') => {
            let operators = [("**", "expt"), ("^", "expt"), ("//", "floor-quotient")];
            let own = ["+", "-", "*", "/"].map(|sign| (sign, sign));
            let (sign, name) = operators.into_iter().chain(own).find(|(sign, _)| rest.starts_with(sign))?;
            let right = Some(&rest[sign.len()..]).filter(|right| is_identifier(right) || is_number(right));
            Some(format!(
                "operators come first, as in {}",
                shown(&format!("({name} {left} {})", right.unwrap_or("x")))
            ))
        }
        Some(':') if rest == ":" => Some("leave the colon out".into()),
        Some('d' | 'D' | 'l' | 'L') if rest.len() == 1 && is_number(left) => {
            Some(format!("write {}", shown(left)))
        }
        Some('d' | 'D') if is_number(&lower.replacen('d', "e", 1)) => {
            Some(format!("write {}", shown(&lower.replacen('d', "e", 1))))
        }
        Some('e' | 'E') if exponent(rest).is_some_and(|(_, more)| is_identifier(more)) => {
            let (exponent, name) = exponent(rest)?;
            let product = shown(&format!("(* {left}{exponent} {name})"));
            Some(format!("a name cannot begin with a digit, and a product is written {product}"))
        }
        Some('e' | 'E') if rest[1..].contains(|c: char| c.is_ascii_digit()) => {
            Some("an exponent is an integer, as in `1e-3`".into())
        }
        Some('e' | 'E') => Some("an exponent has digits, as in `1e-3`".into()),
        Some('%') if rest == "%" && is_number(left) => {
            Some(format!("write {}", shown(&format!("(/ {left} 100)"))))
        }
        Some('°') if rest == "°" && is_number(left) => Some(format!(
            "angles are in radians: write {}",
            shown(&format!("(* {left} 0.017453292519943295)"))
        )),
        Some(c) if is_initial(c) && is_number(left) => {
            let product = shown(&format!("(* {left} {rest})"));
            Some(format!("a name cannot begin with a digit, and a product is written {product}"))
        }
        _ => None,
    }
}

/// The exponent that a text begins with, and what follows it.
fn exponent(text: &str) -> Option<(&str, &str)> {
    let unsigned = text.get(1..)?.trim_start_matches(['+', '-']);
    let digits = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    (digits > 0).then(|| text.split_at(text.len() - unsigned.len() + digits))
}

/// Atoms that begin with `#`.
fn hash(text: &str, rest: &str, span: Span) -> Result<Kind, Diagnostic> {
    let is = |word: &str| rest.eq_ignore_ascii_case(word);
    if is("t") || is("true") {
        return Ok(Kind::Bool(true));
    }
    if is("f") || is("false") {
        return Ok(Kind::Bool(false));
    }
    let prefixes = "xXdDoObBeEiI";
    if rest.starts_with(|c| prefixes.contains(c)) {
        return number(text, span);
    }
    let bad = |message: String| Err(Diagnostic::new(Code::BadToken, span, message));
    let hinted = |message: String, hint: &str| Err(Diagnostic::new(Code::BadToken, span, message).hint(hint));
    let shown = shown(text);
    let after_digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if after_digits.len() < rest.len() && after_digits.starts_with(['=', '#']) {
        return hinted(
            format!("{shown} is a datum label, and these are not in the language"),
            "write the datum out where it is used, or bind it with `let`",
        );
    }
    match rest {
        "" => hinted(
            "a `#` by itself is not a token".into(),
            "`#t` and `#f` are booleans, `#( )` is a vector, a comment begins with `;`",
        ),
        "u8" | "vu8" => bad("bytevectors are not in the language".into()),
        "lang" => hinted(format!("{shown} is not in the language"), "delete the line"),
        _ if rest.starts_with('!') => {
            bad(format!("{shown} is a directive, and these are not in the language"))
        }
        _ if rest.starts_with('<') => {
            bad(format!("{shown} is how a value without a text is shown; it has no datum"))
        }
        _ => bad(format!("{shown} is not a token")),
    }
}

/// The finding for a character that no atom holds.
fn strange(stray: char, text: &str, span: Span) -> Diagnostic {
    let new = |message: String| Diagnostic::new(Code::BadToken, span, message);
    let code = stray as u32;
    if let Some(plain) = look_alike(stray) {
        let repaired: String = text.chars().map(|c| look_alike(c).unwrap_or(c)).collect();
        let message = format!("`{stray}` (U+{code:04X}) is not the character `{plain}` that it looks like");
        return new(message).hint(format!("write {}", shown(&repaired)));
    }
    if stray.is_control() || is_invisible(stray) {
        return new(format!("an invisible character, U+{code:04X}")).hint("delete it");
    }
    if let Some(hint) = latex(text) {
        return new("LaTeX is not read".to_owned()).hint(hint);
    }
    new(format!("a name cannot hold `{stray}`"))
        .hint(format!("between bars it can: {}", shown(&format!("|{text}|"))))
}

/// What the commands of LaTeX are written as that a text begins with.
fn latex(text: &str) -> Option<String> {
    let command =
        text.split('\\').nth(1).filter(|command| command.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let command = command.split(|c: char| !c.is_ascii_alphabetic()).next()?;
    let written = match command {
        "frac" | "dfrac" | "tfrac" => "(/ a b)".to_owned(),
        "cdot" | "times" => "(* a b)".to_owned(),
        "sqrt" | "exp" | "sin" | "cos" | "tan" | "log" | "sinh" | "cosh" | "tanh" | "min" | "max" => {
            format!("({command} x)")
        }
        "ln" => "(log x)".to_owned(),
        "left" | "right" => "the parentheses alone".to_owned(),
        "le" | "leq" => "(<= a b)".to_owned(),
        "ge" | "geq" => "(>= a b)".to_owned(),
        "pi" => "(define pi 3.141592653589793)".to_owned(),
        "infty" => "+inf.0".to_owned(),
        name if text.starts_with('\\') && name.len() < 12 => format!("{name}, if it is a variable"),
        _ => return None,
    };
    Some(format!("write {written}"))
}

/// The ASCII character that a character stands for in texts that were typeset.
pub(super) fn look_alike(c: char) -> Option<char> {
    Some(match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201B}' => '\'',
        '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}' => '"',
        '\u{FF08}' => '(',
        '\u{FF09}' => ')',
        '\u{FF0C}' => ',',
        _ => return None,
    })
}

/// Characters that show nothing and join words, or turn the direction of a text.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn is_initial(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' => true,
        '!' | '$' | '%' | '&' | '*' | '/' | ':' | '<' | '=' | '>' | '?' | '^' | '_' | '~' => true,
        _ => {
            !c.is_ascii()
                && !c.is_whitespace()
                && !c.is_control()
                && !is_invisible(c)
                && look_alike(c).is_none()
        }
    }
}

fn is_subsequent(c: char) -> bool {
    is_initial(c) || c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | '@')
}

/// Whether characters that may be in a name make one; a text that looks like a number does not.
fn is_identifier(text: &str) -> bool {
    let is_sign_subsequent = |c: char| is_initial(c) || matches!(c, '+' | '-' | '@');
    let after_dot = |rest: &str| rest.starts_with(|c| is_sign_subsequent(c) || c == '.');
    if let Some(rest) = text.strip_prefix(['+', '-']) {
        return match rest.strip_prefix('.') {
            Some(rest) => after_dot(rest),
            None => rest.is_empty() || rest.starts_with(is_sign_subsequent),
        };
    }
    match text.strip_prefix('.') {
        Some(rest) => after_dot(rest),
        None => text.starts_with(is_initial),
    }
}

/// A text in backquotes, shortened where it is long.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        for name in [
            "...",
            "+",
            "-",
            "->x",
            "..",
            "x",
            "λ",
            "x₁",
            "∂f",
            "a.b",
            "+x",
            "-x",
            "--5",
            "+.a",
            "-..",
            "x->y",
            "g/L",
            "let*",
            "null?",
            "set!",
            "+inf",
            "+infinity",
            "nan",
            "<=?",
            "a@b",
            "+@",
            "x^2",
            ".e1",
            "$",
            "V",
            "!",
            "é",
        ] {
            assert_eq!(read_atom(name, Span::default()), Ok(Kind::Symbol(name.into())), "{name}");
        }
    }

    #[test]
    fn bad_atoms() {
        use Code::*;
        for (text, code, hint) in [
            ("1.2.3", BadNumber, "one point"),
            ("12abc", BadNumber, "(* 12 abc)"),
            ("1+", BadNumber, "(+ x 1)"),
            ("2*x", BadNumber, "(* 2 x)"),
            ("-2^0.5", BadNumber, "(expt -2 0.5)"),
            ("0xFF", BadNumber, "#xff"),
            ("1_000", BadNumber, "1000"),
            ("1_000.5f64", BadNumber, "1000.5"),
            ("1.5f", BadNumber, "1.5"),
            ("1e", BadNumber, "1e-3"),
            ("1e5.5", BadNumber, "integer"),
            ("1/0", BadNumber, "+inf.0"),
            ("1+2i", BadNumber, ""),
            ("#xfg", BadNumber, ""),
            ("1.5d0", BadNumber, "`1.5e0`"),
            ("1.5L", BadNumber, "`1.5`"),
            ("1dé", BadNumber, "(* 1 dé)"),
            ("1e5x", BadNumber, "(* 1e5 x)"),
            ("2**x", BadNumber, "(expt 2 x)"),
            ("1/", BadNumber, "(/ 1 x)"),
            ("10:", BadNumber, "colon"),
            ("\\frac", BadToken, "(/ a b)"),
            ("1e999", NumberRange, "1.8e308"),
            ("-.", BadToken, ""),
            ("@x", BadToken, ",@x"),
            ("−5", BadToken, "`-5`"),
            ("x–y", BadToken, "`x-y`"),
            ("x’", BadToken, "`x'`"),
            ("a#b", BadToken, "|a#b|"),
            ("a\\b", BadToken, "|a\\b|"),
            ("a\u{200B}", BadToken, "delete"),
            ("#", BadToken, "#( )"),
            ("#0=", BadToken, "let"),
            ("#12#", BadToken, "let"),
            ("#foo", BadToken, ""),
            ("#!fold-case", BadToken, ""),
            ("#<procedure", BadToken, ""),
        ] {
            let finding = read_atom(text, Span::default()).expect_err(text);
            assert_eq!(finding.code, code, "{text}");
            let given = finding.hint.unwrap_or_default();
            assert!(given.contains(hint) && hint.is_empty() == given.is_empty(), "{text}: {given}");
        }
    }

    #[test]
    fn long_texts_are_not_repeated() {
        let finding = read_atom(&"1.".repeat(1000), Span::default()).expect_err("no number");
        assert!(finding.message.len() < 100);
    }
}
