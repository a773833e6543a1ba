//! The JSON of a value, from its text as `write` shows it.
//!
//! The interpreter answers with a text where the value is no number or boolean; here its structure is
//! read again. That text is exact but for symbols, which it shows without the bars that some need: a
//! program that quotes such a symbol gets no JSON rather than a wrong one. Values nest as deep as they
//! like: nothing here recurses.

use crate::json;
use scheme_core::{
    datum::{Datum, Kind},
    reader::{self, parse_number, read_atom},
    span::Span,
};

/// Why a text does not tell its value.
#[derive(PartialEq, Debug)]
pub(crate) enum Unclear {
    /// It was too long and is cut off.
    Cut,
    /// The program quotes this name, which cannot be told from other data.
    Name(String),
}

/// The JSON of a value that the program in `source` gave and the interpreter wrote.
pub(crate) fn value(written: &str, source: &str) -> Result<String, Unclear> {
    if let Some(name) = unclear_name(source) {
        return Err(Unclear::Name(name));
    }
    let pieces = pieces(written).ok_or(Unclear::Cut)?;
    Ok(compose(&pieces))
}

/// A symbol of a program's text that must stand between bars.
fn unclear_name(source: &str) -> Option<String> {
    let (data, _) = reader::read(source);
    let mut rest: Vec<&Datum> = data.iter().collect();
    while let Some(datum) = rest.pop() {
        match &datum.kind {
            Kind::Symbol(name) => {
                let read = read_atom(name, Span::default());
                if !read.is_ok_and(|kind| matches!(kind, Kind::Symbol(_))) {
                    return Some(name.to_string());
                }
            }
            Kind::List { items, tail, .. } => {
                rest.extend(items);
                rest.extend(tail.as_deref());
            }
            Kind::Vector(items) => rest.extend(items),
            Kind::Number(_) | Kind::Bool(_) | Kind::Str(_) | Kind::Char(_) | Kind::Splice(_) => {}
        }
    }
    None
}

/// A part of a value's text.
#[derive(Clone, PartialEq, Debug)]
enum Piece {
    Open(Shape),
    Close,
    /// The dot before the last item of a list.
    Dot,
    /// JSON of anything without items.
    Atom(String),
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Shape {
    List,
    /// A list that does not end in the empty list.
    Dotted,
    Vector,
}

/// How a procedure begins that has a name.
const NAMED: &str = "#<procedure ";

/// Takes a text apart; nothing if it is not whole.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            ' ' => 1,
            '(' => {
                open.push(pieces.len());
                pieces.push(Piece::Open(Shape::List));
                1
            }
            ')' => {
                open.pop()?;
                pieces.push(Piece::Close);
                1
            }
            '"' => {
                let (string, length) = string(rest)?;
                pieces.push(Piece::Atom(json::object([("string", json::text(&string))])));
                length
            }
            '#' if rest.starts_with("#(") => {
                open.push(pieces.len());
                pieces.push(Piece::Open(Shape::Vector));
                2
            }
            '#' if rest.starts_with("#\\") => {
                let c = rest.chars().nth(2)?;
                let shown = json::text(c.encode_utf8(&mut [0; 4]));
                pieces.push(Piece::Atom(json::object([("char", shown)])));
                2 + c.len_utf8()
            }
            _ => {
                // The one atom with a space in it is the procedure with a name.
                let from = if rest.starts_with(NAMED) { NAMED.len() } else { 0 };
                let length = rest[from..].find([' ', ')']).map_or(rest.len(), |end| from + end);
                let atom = &rest[..length];
                if atom == "." {
                    pieces[*open.last()?] = Piece::Open(Shape::Dotted);
                    pieces.push(Piece::Dot);
                } else {
                    pieces.push(Piece::Atom(simple(atom)));
                }
                length
            }
        };
        rest = &rest[length..];
    }
    open.is_empty().then_some(pieces)
}

/// A string at the beginning of a text, as Rust's `Debug` writes it, and the length of its text.
fn string(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, at + 1)),
            '\\' => value.push(match chars.next()?.1 {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'u' => {
                    let digits: String =
                        chars.by_ref().map(|(_, c)| c).skip(1).take_while(|c| *c != '}').collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                c => c,
            }),
            c => value.push(c),
        }
    }
    None
}

/// An atom that is neither string nor character.
fn simple(atom: &str) -> String {
    match atom {
        "#t" => return "true".into(),
        "#f" => return "false".into(),
        "#<unspecified>" => return "null".into(),
        "#<procedure>" => return json::object([("procedure", json::text("lambda"))]),
        _ => {}
    }
    if let Some(name) = atom.strip_prefix(NAMED).and_then(|name| name.strip_suffix('>')) {
        return json::object([("procedure", json::text(name))]);
    }
    match parse_number(atom, 10) {
        Ok(x) => json::number(x),
        Err(_) => json::object([("symbol", json::text(atom))]),
    }
}

/// The pieces as JSON.
fn compose(pieces: &[Piece]) -> String {
    /// A list or vector that is open.
    struct Frame {
        shape: Shape,
        items: usize,
        /// Whether what comes is what follows the dot.
        last: bool,
    }
    let mut text = String::new();
    let mut open: Vec<Frame> = Vec::new();
    for piece in pieces {
        if let (Piece::Open(_) | Piece::Atom(_), Some(frame)) = (piece, open.last_mut()) {
            if frame.items > 0 {
                text.push_str(", ");
            }
            if !frame.last {
                frame.items += 1;
                if frame.shape == Shape::Dotted {
                    text.push_str("{\"pair\": [");
                }
            }
        }
        match piece {
            Piece::Atom(atom) => text.push_str(atom),
            Piece::Open(shape) => {
                text.push_str(match shape {
                    Shape::List => "{\"list\": [",
                    Shape::Vector => "{\"vector\": [",
                    Shape::Dotted => "",
                });
                open.push(Frame { shape: *shape, items: 0, last: false });
            }
            Piece::Dot => {
                if let Some(frame) = open.last_mut() {
                    frame.last = true;
                }
            }
            Piece::Close => {
                if let Some(Frame { shape, items, .. }) = open.pop() {
                    let ends = if shape == Shape::Dotted { items } else { 1 };
                    text.push_str(&"]}".repeat(ends));
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use scheme_runtime::{Answer, Interpreter};

    #[track_caller]
    fn check(program: &str, expect: &str) {
        let Answer::Text(text) = Interpreter::new().load(program).unwrap().call(&[]).unwrap() else {
            panic!("{program} gives no text");
        };
        assert_eq!(value(&text, program), Ok(expect.to_string()), "{program}: {text}");
    }

    #[test]
    fn values() {
        check("'a", r#"{"symbol": "a"}"#);
        check("'()", r#"{"list": []}"#);
        check("'#()", r#"{"vector": []}"#);
        check(
            "'(1 -2.5 +inf.0 #t #f + - ...)",
            concat!(
                r#"{"list": [1, -2.5, "+inf.0", true, false, {"symbol": "+"}, {"symbol": "-"}, "#,
                r#"{"symbol": "..."}]}"#,
            ),
        );
        check("(list -0.0 1e300 (/ 0. 0))", r#"{"list": [-0.0, 1e300, "+nan.0"]}"#);
        check("'(a . b)", r#"{"pair": [{"symbol": "a"}, {"symbol": "b"}]}"#);
        check("'((1 . 2) 3 . 4)", r#"{"pair": [{"pair": [1, 2]}, {"pair": [3, 4]}]}"#);
        check("'(1 . #(2 (3 . 4)))", r#"{"pair": [1, {"vector": [2, {"pair": [3, 4]}]}]}"#);
        check("'((1) #(2) () 3)", r#"{"list": [{"list": [1]}, {"vector": [2]}, {"list": []}, 3]}"#);
        check("car", r#"{"procedure": "car"}"#);
        check(
            "(list (lambda x x) > + (if #f #f))",
            r#"{"list": [{"procedure": "lambda"}, {"procedure": ">"}, {"procedure": "+"}, null]}"#,
        );
        check(r#""a\n\t\"\\ é\x0;\x301;\x7f;'""#, "{\"string\": \"a\\n\\t\\\"\\\\ é\\u0000\u{301}\u{7f}'\"}");
        check(
            r"'(#\a #\space #\( #\) #\newline #\x)",
            concat!(
                r#"{"list": [{"char": "a"}, {"char": " "}, {"char": "("}, {"char": ")"}, {"char": "\n"}, "#,
                r#"{"char": "x"}]}"#,
            ),
        );
        check(
            r#"(list "" "(" ") . " 'x)"#,
            r#"{"list": [{"string": ""}, {"string": "("}, {"string": ") . "}, {"symbol": "x"}]}"#,
        );
    }

    #[test]
    fn what_is_not_clear_is_refused() {
        assert_eq!(value("(1)", "'(|1|)"), Err(Unclear::Name("1".into())));
        assert_eq!(value("(a b)", "'#(x (|a b|))").unwrap_err(), Unclear::Name("a b".into()));
        assert_eq!(value("(1 2…", "1"), Err(Unclear::Cut));
    }

    #[test]
    fn deep_values_take_no_stack() {
        let program = "(let loop ((i 0) (l '())) (if (= i 50000) l (loop (+ i 1) (list l))))";
        let Answer::Text(text) = Interpreter::new().load(program).unwrap().call(&[]).unwrap() else {
            panic!();
        };
        assert!(value(&text, program).unwrap().ends_with("]}]}"));
    }
}
