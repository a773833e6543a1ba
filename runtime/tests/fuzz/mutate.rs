//! Programs at random: written by a small grammar, or made from others by changes of tokens, trees and bytes.

use scheme_core::prim::Prim;

const FORMS: [&str; 22] = [
    "(if T E E)",
    "(let ((x E) (y E)) E)",
    "(let* ((x E) (y E)) E)",
    "(letrec ((f (lambda (n) (if (< n 1) E (f (- n 1)))))) (f 3))",
    "(let loop ((i 0) (s E)) (if (< 3 i) s (loop (+ i 1) E)))",
    "(do ((i 0 (+ i 1)) (s E E)) ((= i 3) s))",
    "((lambda (x . rest) E) E E)",
    "(cond (T E) (T E) (else E))",
    "(case E ((1 2) E) ((a) E) (else E))",
    "(and T E)",
    "(or T E)",
    "(begin E E)",
    "`(a ,E ,@(list E E))",
    "((grad (lambda (x) E)) E)",
    "(cadr (value-and-grad (lambda (x y) E)))",
    "((vmap (lambda (x) E)) (list E E))",
    "(apply P (list E E))",
    "(map (lambda (x) E) (list E E E))",
    "(fold-left (lambda (a x) E) E (list E E))",
    "(call-with-values (lambda () (values E E)) (lambda (x y) E))",
    "(let ((f (lambda (x) E))) (f (f E)))",
    "(soft-if (< E E) E E 0.5)",
];

const TESTS: [&str; 6] = ["(< E E)", "(= E E)", "(null? E)", "#t", "(zero? E)", "(equal? E E)"];

const LEAVES: [&str; 24] = [
    "x",
    "y",
    "z",
    "i",
    "s",
    "f",
    "0",
    "1",
    "-2",
    "0.5",
    "3",
    "1e300",
    "+inf.0",
    "+nan.0",
    "'()",
    "'(1 2 . 3)",
    "\"text\"",
    "#\\a",
    "'a",
    "#t",
    "[1 2]",
    "(mat [1 2] [3 4])",
    "(param k 1.5)",
    "car",
];

/// Operands at the ends of what there is: of numbers, of arrays and lists of them, of texts.
const EXTREMES: [&str; 40] = [
    "0",
    "-0.0",
    "+inf.0",
    "-inf.0",
    "+nan.0",
    "1e308",
    "-1e308",
    "5e-324",
    "9007199254740992",
    "-9007199254740993",
    "4294967296",
    "-1",
    "-7",
    "0.5",
    "1e9",
    "170141183460469231731687303715884105728/3",
    "-1/340282366920938463463374607431768211457",
    "#e1e300",
    "#e5e-324",
    "1e-400",
    "(vec)",
    "[+nan.0 -0.0]",
    "[1e308 -1e308 5e-324]",
    "(mat (vec))",
    "(mat [0 +inf.0] [+nan.0 1])",
    "(mat [5e-324 1e308 -7])",
    "'()",
    "'(+nan.0 . -0.0)",
    "'(-1 1e308 +inf.0)",
    "'((0 5e-324) (1 -inf.0))",
    "#(+nan.0 9007199254740992)",
    "#()",
    "\"\"",
    "\"λ\\x0;\"",
    "'||",
    "#\\null",
    "#f",
    "(lambda all all)",
    "(values)",
    "(if #f #f)",
];

/// What an application of a row stands in, at `E`: alone, and differentiated in each way, by what may be at `X`.
const AROUND: [&str; 11] = [
    "E",
    "E",
    "E",
    "((grad (lambda (x) E)) X)",
    "((derivative (lambda (x) E)) X)",
    "((hessian (lambda (x) E)) X)",
    "((jacobian (lambda (x) E)) X)",
    "((grad (lambda (x) ((derivative (lambda (y) E)) x))) X)",
    "(jvp (lambda (x) E) X X)",
    "((vmap (lambda (x) E)) X)",
    "((cadr (vjp (lambda (x) E) X)) X)",
];

/// Tokens put in at random.
const TOKENS: [&str; 26] = [
    "(", ")", "[", "]", "'", "`", ",", ",@", "#(", ".", "#;", "#|", "|#", ";", "\"", "define", "lambda", "λ",
    "\0", "1e999", "..", "#\\", "|", "let", "\u{2212}", "else",
];

/// The longest program.
const LONGEST: usize = 3_000;

/// Makes programs, the same for the same seed.
pub(crate) struct Mutator {
    state: u64,
    seeds: Vec<Vec<u8>>,
    /// The row of the table whose turn is next.
    row: usize,
}

/// The names of the table, and of the prelude's procedures.
fn names() -> Vec<&'static str> {
    let prelude = include_str!("../../../core/src/kernel/prelude.scm").lines();
    let defined = prelude.filter_map(|line| line.strip_prefix("(define "));
    let defined = defined.filter_map(|rest| rest.trim_start_matches('(').split([' ', ')']).next());
    Prim::names().chain(defined).filter(|name| !name.starts_with('%')).collect()
}

impl Mutator {
    /// From some programs to change.
    pub(crate) fn new(seed: u64, seeds: Vec<Vec<u8>>) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, seeds, row: 0 }
    }

    fn below(&mut self, n: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % n.max(1)
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    /// A program. Every fourth applies a row of the table to extremes, the rows by turns.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        if self.below(4) == 0 {
            return self.row_at_extremes().into_bytes();
        }
        let mut bytes = if self.below(3) == 0 {
            self.generated().into_bytes()
        } else {
            let at = self.below(self.seeds.len());
            self.seeds[at].clone()
        };
        for _ in 0..self.below(4) {
            self.change(&mut bytes);
        }
        bytes.truncate(LONGEST);
        bytes
    }

    /// Some bytes with changes.
    #[cfg(feature = "artefact")]
    pub(crate) fn changed(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..1 + self.below(3) {
            self.change(&mut bytes);
        }
        bytes
    }

    fn row_at_extremes(&mut self) -> String {
        let names = names();
        let name = names[self.row % names.len()];
        self.row += 1;
        let around = self.one(&AROUND);
        let count = self.arguments(name);
        let mut call = format!("({name}");
        for _ in 0..count {
            let operand = match self.below(8) {
                0 | 1 => "x",
                2 => self.one(&["car", "+", "cons", "exp", "vec", "grad", "apply"]),
                3 => self.one(&LEAVES),
                _ => self.one(&EXTREMES),
            };
            call.push_str(&format!(" {operand}"));
        }
        call.push(')');
        let at = self.one(&EXTREMES);
        around.replace('E', &call).replace('X', at)
    }

    fn generated(&mut self) -> String {
        let mut text = String::new();
        for name in ["g", "h"].iter().take(self.below(3)) {
            text.push_str(&format!("(define ({name} x) {})\n", self.expression(3)));
        }
        text + &self.expression(4)
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 || self.below(4) == 0 {
            return self.one(&LEAVES).into();
        }
        if self.below(2) == 0 {
            let form = self.one(&FORMS);
            return self.filled(form, depth - 1);
        }
        let name = self.one(&names());
        let count = self.arguments(name);
        let operands: String = (0..count).map(|_| format!(" {}", self.expression(depth - 1))).collect();
        format!("({name}{operands})")
    }

    /// How many arguments a call of a primitive, or of a procedure of the prelude, has this time.
    fn arguments(&mut self, name: &str) -> usize {
        let (least, most) = Prim::find(name).map_or((0, 4), |prim| {
            let arity = prim.arity();
            (arity.min as usize, arity.max.unwrap_or(arity.min + 2) as usize)
        });
        least + self.below(most - least + 1)
    }

    /// A form with its letters in place: `E` an expression, `T` a test, `P` a procedure.
    fn filled(&mut self, form: &str, depth: usize) -> String {
        let mut text = String::new();
        for letter in form.chars() {
            match letter {
                'E' => text.push_str(&self.expression(depth)),
                'T' => {
                    let test = self.one(&TESTS);
                    text.push_str(&self.filled(test, depth.saturating_sub(1)));
                }
                'P' => text.push_str(self.one(&["+", "list", "max", "append", "vec"])),
                other => text.push(other),
            }
        }
        text
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let end = (at + 1 + self.below(20)).min(bytes.len());
        let at = at.min(end);
        let put = match self.below(9) {
            0 => Vec::new(),
            1 => bytes[at..end].repeat(2),
            2 => vec![self.below(256) as u8],
            3 => return self.exchange(bytes),
            4 => {
                let other = self.below(self.seeds.len());
                return self.insert_tree(bytes, other);
            }
            5 => self.expression(2).into_bytes(),
            6 => {
                let many = 1 + self.below(200);
                self.one(&TOKENS).repeat(many).into_bytes()
            }
            _ => self.one(&TOKENS).as_bytes().to_vec(),
        };
        let end = if put.len() > end - at { at } else { end };
        bytes.splice(at..end, put);
    }

    /// Exchanges two lists of the program.
    fn exchange(&mut self, bytes: &mut Vec<u8>) {
        let (Some(a), Some(b)) = (self.tree(bytes), self.tree(bytes)) else { return };
        let (first, second) = if a.start < b.start { (a, b) } else { (b, a) };
        if first.end <= second.start {
            let (x, y) = (bytes[first.clone()].to_vec(), bytes[second.clone()].to_vec());
            bytes.splice(second, x);
            bytes.splice(first, y);
        }
    }

    /// Puts a list of another program in place of one here.
    fn insert_tree(&mut self, bytes: &mut Vec<u8>, other: usize) {
        let other = self.seeds[other].clone();
        if let (Some(here), Some(there)) = (self.tree(bytes), self.tree(&other)) {
            bytes.splice(here, other[there].iter().copied());
        }
    }

    /// Where some list stands.
    fn tree(&mut self, bytes: &[u8]) -> Option<std::ops::Range<usize>> {
        let opening: Vec<usize> = (0..bytes.len()).filter(|i| bytes[*i] == b'(').collect();
        let start = *opening.get(self.below(opening.len()))?;
        let mut open = 0usize;
        let length = bytes[start..].iter().position(|byte| {
            open = match byte {
                b'(' => open + 1,
                b')' => open - 1,
                _ => open,
            };
            open == 0
        })?;
        Some(start..start + length + 1)
    }
}
