//! What helps where an operand is of another kind than its row takes: the rows that take what was given, or make of it what is wanted.

/// A hint, by what a row takes and what it was given, as messages name both; none where nothing is known to help.
///
/// ```
/// use scheme_core::prim::kinds::hint;
///
/// assert!(hint("a list", "a numeric vector").is_some_and(|hint| hint.contains("(vmap f)")));
/// assert_eq!(hint("a list", "a number"), None);
/// ```
pub fn hint(wanted: &str, given: &str) -> Option<&'static str> {
    let is_list = |kind: &str| kind.starts_with("a pair") || kind.starts_with("a list");
    let wants_array = wanted.starts_with("a numeric vector") || wanted.starts_with("a matrix");
    Some(match given {
        "a numeric vector" if is_list(wanted) => {
            "of a numeric vector: ((vmap f) v) maps over it, (vsum v) adds it up, (ref v i) is an element; a list is made by (list …)"
        }
        "a numeric vector" if wanted == "a general vector" => {
            "(ref v i) is an element of a numeric vector, (vlen v) its length; (vector …) makes a general one"
        }
        "a matrix" if is_list(wanted) || wanted == "a general vector" => {
            "(ref A i) is a row of a matrix, (ref A i j) an element; ((vmap f) A) maps over its rows"
        }
        "a general vector" | "a vector" if is_list(wanted) => "(vector->list v) is the list of its items",
        "a general vector" | "a vector" if wants_array => {
            "a numeric vector is written [1 2 3], and of a general one made by (apply vec (vector->list v))"
        }
        "the empty list" if wanted == "a pair" => "(null? l) asks whether a list has no items",
        "a number" if wanted == "a string" => "(number->string x) is the text of a number",
        "a string" if wanted.starts_with("number") => "(string->number s) is the number that a string spells",
        given if is_list(given) && wanted.starts_with("number") => {
            "(map f l) takes a list item by item, (apply + l) adds it up; a numeric vector, [1 2 3], is taken whole"
        }
        given if is_list(given) && wanted == "a general vector" => {
            "(list-ref l i) is an item of a list; (list->vector l) makes a vector of it"
        }
        given if is_list(given) && wants_array => {
            "a numeric vector is written [1 2 3], and made of a list by (apply vec l)"
        }
        "a symbol" => "what is quoted is a name, and not its value: make data of values by (list …)",
        "a procedure" => "a procedure gives its value when it is called",
        _ if wants_array => "a numeric vector is written [1 2 3], a matrix (mat [1 2] [3 4])",
        _ => return None,
    })
}
