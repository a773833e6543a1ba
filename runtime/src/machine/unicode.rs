//! Case and digits of Unicode, where R7RS asks for other mappings than Rust's own.
//!
//! A character's case is one character here; Rust's mappings may give several. Folding is derived:
//! the lower case of the upper case, with the exceptions that Unicode's `CaseFolding.txt` makes.

/// The upper case, if it is one character; else the character.
pub(super) fn upcase(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// The lower case; of U+0130, the only one whose lower case is longer, its first character.
pub(super) fn downcase(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Simple case folding.
pub(super) fn fold(c: char) -> char {
    match c {
        // Turkish alone pairs these with others.
        'İ' | 'ı' => c,
        _ if is_cherokee(c) => upcase(c),
        _ => downcase(upcase(c)),
    }
}

/// Full case folding, under which some characters become several.
pub(super) fn fold_text(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'İ' => folded.push_str("i\u{307}"),
            'ı' => folded.push(c),
            'ẞ' => folded.push_str("ss"),
            _ if is_cherokee(c) => folded.push(upcase(c)),
            _ => folded.extend(c.to_uppercase().flat_map(char::to_lowercase)),
        }
    }
    folded
}

/// Cherokee folds to its older, upper case.
fn is_cherokee(c: char) -> bool {
    matches!(c, '\u{13A0}'..='\u{13FD}' | '\u{AB70}'..='\u{ABBF}')
}

/// The value of a decimal digit of any script.
pub(super) fn digit_value(c: char) -> Option<u32> {
    let code = u32::from(c);
    let after = ZEROS.partition_point(|zero| *zero <= code);
    let zero = ZEROS[..after].last()?;
    (code - zero < 10).then(|| code - zero)
}

/// The digit zero of each script; the other nine follow it.
const ZEROS: [u32; 76] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40,
    0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da,
    0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16130, 0x16a60,
    0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0,
    0x1e4f0, 0x1e5f1, 0x1e950,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_numeric_and_in_order() {
        assert!(ZEROS.is_sorted());
        for zero in ZEROS {
            for digit in 0..10 {
                let c = char::from_u32(zero + digit).unwrap();
                assert!(c.is_numeric(), "{:x}", zero + digit);
                assert_eq!(digit_value(c), Some(digit));
            }
        }
        assert_eq!([digit_value('/'), digit_value(':'), digit_value('½'), digit_value('\0')], [None; 4]);
    }

    #[test]
    fn folding_is_stable_and_forgets_case() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            assert_eq!(fold(fold(c)), fold(c), "{:x}", u32::from(c));
            let text = fold_text(c.encode_utf8(&mut [0; 4]));
            assert_eq!(fold_text(&text), text, "{:x}", u32::from(c));
        }
        for (a, b) in [('Σ', 'ς'), ('K', 'k'), ('ſ', 's'), ('µ', 'μ'), ('ᏸ', 'Ᏸ'), ('ẞ', 'ß')] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        assert_eq!(fold_text("Straße ΣΊΣΥΦΟΣ ŉ"), fold_text("STRASSE σίσυφος ʼN"));
    }
}
