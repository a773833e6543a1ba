//! The JSON of a value.

use crate::json;
use scheme_runtime::Answer;

/// The JSON of a value: numbers, booleans, `null` and arrays of numbers as such, all else as an object that names its type.
pub(crate) fn value(answer: &Answer) -> String {
    match answer {
        Answer::Number(x) => json::number(*x),
        Answer::Bool(b) => b.to_string(),
        Answer::Unspecified => "null".into(),
        Answer::Symbol(name) => json::object([("symbol", json::text(name))]),
        Answer::String(text) => json::object([("string", json::text(text))]),
        Answer::Char(c) => json::object([("char", json::text(c.encode_utf8(&mut [0; 4])))]),
        Answer::List(items) => json::object([("list", all(items))]),
        Answer::Vector(items) => json::object([("vector", all(items))]),
        Answer::Values(items) => json::object([("values", all(items))]),
        Answer::Dotted(items, tail) => items
            .iter()
            .rev()
            .fold(value(tail), |tail, item| json::object([("pair", json::array([value(item), tail]))])),
        Answer::Numbers(numbers) => vector(numbers),
        Answer::Matrix(rows) => json::array(rows.iter().map(|row| vector(row))),
        Answer::Procedure(name) => json::object([("procedure", json::text(name))]),
        Answer::Lambda(name) => {
            json::object([("procedure", json::text(name.as_deref().unwrap_or("lambda")))])
        }
        Answer::Text(text) => json::object([("text", json::text(text))]),
    }
}

/// Whether a value holds numbers, or could: derivatives by an empty array are empty.
pub(crate) fn has_numbers(answer: &Answer) -> bool {
    match answer {
        Answer::Number(_) | Answer::Numbers(_) | Answer::Matrix(_) => true,
        Answer::List(items) | Answer::Vector(items) => items.is_empty() || items.iter().any(has_numbers),
        Answer::Values(items) => items.iter().any(has_numbers),
        Answer::Dotted(items, tail) => items.iter().chain([&**tail]).any(has_numbers),
        _ => false,
    }
}

fn all(items: &[Answer]) -> String {
    json::array(items.iter().map(value))
}

fn vector(numbers: &[f64]) -> String {
    json::array(numbers.iter().map(|x| json::number(*x)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scheme_runtime::Interpreter;

    #[track_caller]
    fn check(program: &str, expect: &str) {
        let answer = Interpreter::new().load(program).unwrap().call(&[]).unwrap();
        assert_eq!(value(&answer), expect, "{program}");
    }

    #[test]
    fn values() {
        check("'a", r#"{"symbol": "a"}"#);
        check("'|1|", r#"{"symbol": "1"}"#);
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
        check("(define (f x) x) f", r#"{"procedure": "f"}"#);
        check(
            "(list (lambda x x) > + (if #f #f))",
            r#"{"list": [{"procedure": "lambda"}, {"procedure": ">"}, {"procedure": "+"}, null]}"#,
        );
        check("(list [1 -2.5] [] 'mat)", r#"{"list": [[1, -2.5], [], {"symbol": "mat"}]}"#);
        check("(mat (vec 1 2) (vec 3 4))", "[[1, 2], [3, 4]]");
        check("(vec 1 2.5)", "[1, 2.5]");
        check(r#""a\n\t\"\\ é\x0;\x301;\x7f;'""#, "{\"string\": \"a\\n\\t\\\"\\\\ é\\u0000\u{301}\u{7f}'\"}");
        check(
            r"'(#\a #\space #\( #\) #\newline #\x)",
            concat!(
                r#"{"list": [{"char": "a"}, {"char": " "}, {"char": "("}, {"char": ")"}, {"char": "\n"}, "#,
                r#"{"char": "x"}]}"#,
            ),
        );
    }

    #[test]
    fn deep_values_are_text() {
        check(
            "(let loop ((i 0) (l '())) (if (= i 501) (begin l) (loop (+ i 1) (list l))))",
            &format!(r#"{{"text": "{}{}"}}"#, "(".repeat(502), ")".repeat(502)),
        );
    }
}
