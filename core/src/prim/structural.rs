//! Rows on general values: name, arity and doc. The runtime implements each in one exhaustive match.
//!
//! Here are the procedures that call no other; those that take a procedure are Scheme, in the
//! prelude, or, where they need the machine, the few rows of the last group. Names that begin with
//! `%` serve the prelude and the evaluator, and no program sees them.

use super::Arity;

/// What the table says of a structural row.
#[derive(Clone, Copy, Debug)]
pub struct StructuralRow {
    /// The name in programs.
    pub name: &'static str,
    /// How many arguments it takes.
    pub arity: Arity,
    /// What it does.
    pub doc: &'static str,
}

impl StructuralRow {
    /// What messages call it: procedures of the prelude stand for the rows whose names begin with `%`.
    pub fn called(&self) -> &'static str {
        self.name.trim_start_matches('%')
    }
}

macro_rules! rows {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $arity:expr;)+) => {
        /// A row on general values.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Structural { $($(#[doc = $doc])+ $variant,)+ }

        impl Structural {
            /// Every row.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// What the table says of it.
            pub fn row(self) -> &'static StructuralRow {
                match self {
                    $(Self::$variant => {
                        const ROW: StructuralRow = StructuralRow { name: $name, arity: $arity, doc: concat!($($doc, "\n"),+) };
                        &ROW
                    })+
                }
            }
        }
    };
}

impl Structural {
    /// Whether it calls procedures, so that applying it takes a call.
    pub fn calls(self) -> bool {
        matches!(self, Self::Apply | Self::ApplyAt | Self::Jvp | Self::Vjp)
    }
}

rows! {
    // Pairs and lists.
    /// `(cons a b)`: a fresh pair.
    Cons "cons" Arity::exactly(2);
    /// `(car p)`: the first half of a pair; anything else is a type error.
    Car "car" Arity::exactly(1);
    /// `(cdr p)`: the second half of a pair; anything else is a type error.
    Cdr "cdr" Arity::exactly(1);
    /// `(caar p)`: `(car (car p))`.
    Caar "caar" Arity::exactly(1);
    /// `(cadr p)`: `(car (cdr p))`.
    Cadr "cadr" Arity::exactly(1);
    /// `(cdar p)`: `(cdr (car p))`.
    Cdar "cdar" Arity::exactly(1);
    /// `(cddr p)`: `(cdr (cdr p))`.
    Cddr "cddr" Arity::exactly(1);
    /// `(caaar p)`: `(car (caar p))`.
    Caaar "caaar" Arity::exactly(1);
    /// `(caadr p)`: `(car (cadr p))`.
    Caadr "caadr" Arity::exactly(1);
    /// `(cadar p)`: `(car (cdar p))`.
    Cadar "cadar" Arity::exactly(1);
    /// `(caddr p)`: `(car (cddr p))`.
    Caddr "caddr" Arity::exactly(1);
    /// `(cdaar p)`: `(cdr (caar p))`.
    Cdaar "cdaar" Arity::exactly(1);
    /// `(cdadr p)`: `(cdr (cadr p))`.
    Cdadr "cdadr" Arity::exactly(1);
    /// `(cddar p)`: `(cdr (cdar p))`.
    Cddar "cddar" Arity::exactly(1);
    /// `(cdddr p)`: `(cdr (cddr p))`.
    Cdddr "cdddr" Arity::exactly(1);
    /// `(caaaar p)`: `(car (caaar p))`.
    Caaaar "caaaar" Arity::exactly(1);
    /// `(caaadr p)`: `(car (caadr p))`.
    Caaadr "caaadr" Arity::exactly(1);
    /// `(caadar p)`: `(car (cadar p))`.
    Caadar "caadar" Arity::exactly(1);
    /// `(caaddr p)`: `(car (caddr p))`.
    Caaddr "caaddr" Arity::exactly(1);
    /// `(cadaar p)`: `(car (cdaar p))`.
    Cadaar "cadaar" Arity::exactly(1);
    /// `(cadadr p)`: `(car (cdadr p))`.
    Cadadr "cadadr" Arity::exactly(1);
    /// `(caddar p)`: `(car (cddar p))`.
    Caddar "caddar" Arity::exactly(1);
    /// `(cadddr p)`: `(car (cdddr p))`.
    Cadddr "cadddr" Arity::exactly(1);
    /// `(cdaaar p)`: `(cdr (caaar p))`.
    Cdaaar "cdaaar" Arity::exactly(1);
    /// `(cdaadr p)`: `(cdr (caadr p))`.
    Cdaadr "cdaadr" Arity::exactly(1);
    /// `(cdadar p)`: `(cdr (cadar p))`.
    Cdadar "cdadar" Arity::exactly(1);
    /// `(cdaddr p)`: `(cdr (caddr p))`.
    Cdaddr "cdaddr" Arity::exactly(1);
    /// `(cddaar p)`: `(cdr (cdaar p))`.
    Cddaar "cddaar" Arity::exactly(1);
    /// `(cddadr p)`: `(cdr (cdadr p))`.
    Cddadr "cddadr" Arity::exactly(1);
    /// `(cdddar p)`: `(cdr (cddar p))`.
    Cdddar "cdddar" Arity::exactly(1);
    /// `(cddddr p)`: `(cdr (cdddr p))`.
    Cddddr "cddddr" Arity::exactly(1);
    /// `(list a …)`: a fresh list of the arguments.
    List "list" Arity::at_least(0);
    /// `(make-list n x)`: a list of `n` times `x`, unspecified without `x`.
    MakeList "make-list" Arity::between(1, 2);
    /// `(length l)`: the number of items of a proper list.
    Length "length" Arity::exactly(1);
    /// `(append l …)`: the items of all lists in one; the last may be any value.
    Append "append" Arity::at_least(0);
    /// `(reverse l)`: the items of a proper list, last first.
    Reverse "reverse" Arity::exactly(1);
    /// `(list-ref l k)`: the item at index `k` of a list, from 0.
    ListRef "list-ref" Arity::exactly(2);
    /// `(list-tail l k)`: `l` without its first `k` items.
    ListTail "list-tail" Arity::exactly(2);
    /// `(list-copy l)`: fresh pairs with the same items and, if improper, the same end.
    ListCopy "list-copy" Arity::exactly(1);
    /// `(last l)`: the last item of a list that has one.
    Last "last" Arity::exactly(1);
    /// `(memq x l)`: the first tail of `l` whose item is `eq?` to `x`, else `#f`.
    Memq "memq" Arity::exactly(2);
    /// `(memv x l)`: the first tail of `l` whose item is `eqv?` to `x`, else `#f`.
    Memv "memv" Arity::exactly(2);
    /// `(%member x l)`: the first tail of `l` whose item is `equal?` to `x`, else `#f`.
    Member "%member" Arity::exactly(2);
    /// `(assq x l)`: the first pair of `l` whose `car` is `eq?` to `x`, else `#f`.
    Assq "assq" Arity::exactly(2);
    /// `(assv x l)`: the first pair of `l` whose `car` is `eqv?` to `x`, else `#f`.
    Assv "assv" Arity::exactly(2);
    /// `(%assoc x l)`: the first pair of `l` whose `car` is `equal?` to `x`, else `#f`.
    Assoc "%assoc" Arity::exactly(2);
    /// `(iota n start step)`: the list of `start + i·step` for `i` from 0 to `n` − 1; `start` is 0 and `step` 1
    /// where they are not given, and then not added or multiplied.
    Iota "iota" Arity::between(1, 3);
    /// `(pair? x)`: whether `x` is a pair.
    IsPair "pair?" Arity::exactly(1);
    /// `(null? x)`: whether `x` is the empty list.
    IsNull "null?" Arity::exactly(1);
    /// `(list? x)`: whether `x` is a proper list.
    IsList "list?" Arity::exactly(1);

    // Identity, truth, symbols, procedures.
    /// `(not x)`: `#t` for `#f`, else `#f`.
    Not "not" Arity::exactly(1);
    /// `(eq? a b)`: identity; numbers compare by `=`, and nan is itself. A procedure is itself wherever it is
    /// mentioned; each evaluation of a `lambda`, and of the body that defines a procedure, makes another.
    Eq "eq?" Arity::exactly(2);
    /// `(eqv? a b)`: as `eq?`.
    Eqv "eqv?" Arity::exactly(2);
    /// `(equal? a b)`: equal structure, `eqv?` at the leaves.
    Equal "equal?" Arity::exactly(2);
    /// `(boolean? x)`: whether `x` is `#t` or `#f`.
    IsBoolean "boolean?" Arity::exactly(1);
    /// `(boolean=? a b …)`: whether all are `#t` or all `#f`.
    BooleanEq "boolean=?" Arity::at_least(2);
    /// `(symbol? x)`: whether `x` is a symbol.
    IsSymbol "symbol?" Arity::exactly(1);
    /// `(symbol=? a b …)`: whether all are the same symbol.
    SymbolEq "symbol=?" Arity::at_least(2);
    /// `(symbol->string a)`: the name of a symbol.
    SymbolToString "symbol->string" Arity::exactly(1);
    /// `(string->symbol s)`: the symbol with that name.
    StringToSymbol "string->symbol" Arity::exactly(1);
    /// `(procedure? x)`: whether `x` is a procedure.
    IsProcedure "procedure?" Arity::exactly(1);

    // Numbers as data.
    /// `(number? x)`: whether `x` is a number.
    IsNumber "number?" Arity::exactly(1);
    /// `(complex? x)`: as `number?`; every number is complex.
    IsComplex "complex?" Arity::exactly(1);
    /// `(real? x)`: as `number?`; every number is real.
    IsReal "real?" Arity::exactly(1);
    /// `(rational? x)`: whether `x` is a number, neither infinite nor nan.
    IsRational "rational?" Arity::exactly(1);
    /// `(integer? x)`: whether `x` is an integral number, `2.0` included.
    IsInteger "integer?" Arity::exactly(1);
    /// `(exact? a)`: whether a number is integral.
    IsExact "exact?" Arity::exactly(1);
    /// `(inexact? a)`: whether a number is not integral.
    IsInexact "inexact?" Arity::exactly(1);
    /// `(exact-integer? a)`: as `exact?`.
    IsExactInteger "exact-integer?" Arity::exactly(1);
    /// `(infinite? a)`: whether a number is inf or −inf.
    IsInfinite "infinite?" Arity::exactly(1);
    /// `(exact a)`: `a`, if it is integral; else a domain error.
    Exact "exact" Arity::exactly(1);
    /// `(inexact->exact a)`: as `exact`.
    InexactToExact "inexact->exact" Arity::exactly(1);
    /// `(numerator a)`: the upper part of `a` as a fraction in lowest terms. Derivative 0.
    Numerator "numerator" Arity::exactly(1);
    /// `(denominator a)`: the lower part of `a` as a fraction in lowest terms, a power of 2. Derivative 0.
    Denominator "denominator" Arity::exactly(1);
    /// `(gcd a …)`: the greatest common divisor of integers, 0 of none. Derivative 0.
    Gcd "gcd" Arity::at_least(0);
    /// `(lcm a …)`: the least common multiple of integers, 1 of none. Derivative 0.
    Lcm "lcm" Arity::at_least(0);
    /// `(exact-integer-sqrt n)`: the greatest integer s with s² ≤ `n`, and `n` − s², as two values. Derivative 0.
    ExactIntegerSqrt "exact-integer-sqrt" Arity::exactly(1);
    /// `(rationalize a d)`: the fraction with the least denominator that is within `d` of `a`. Derivative 0.
    Rationalize "rationalize" Arity::exactly(2);
    /// `(number->string a radix)`: the text of a number, in decimal without `radix`; integers in any radix
    /// from 2 to 36, others in radix 10 only.
    NumberToString "number->string" Arity::between(1, 2);
    /// `(string->number s radix)`: the number that a text is, else `#f`; `radix` is 2, 8, 10 or 16 and holds where
    /// the text has no prefix.
    StringToNumber "string->number" Arity::between(1, 2);

    // Numeric arrays.
    /// `(vec? x)`: whether `x` is a numeric vector.
    IsVec "vec?" Arity::exactly(1);
    /// `(mat? x)`: whether `x` is a matrix.
    IsMat "mat?" Arity::exactly(1);

    // Characters.
    /// `(char? x)`: whether `x` is a character.
    IsChar "char?" Arity::exactly(1);
    /// `(char=? a b …)`: all the same, by their codes.
    CharEq "char=?" Arity::at_least(2);
    /// `(char<? a b …)`: each before the next, by their codes.
    CharLess "char<?" Arity::at_least(2);
    /// `(char>? a b …)`: each after the next, by their codes.
    CharGreater "char>?" Arity::at_least(2);
    /// `(char<=? a b …)`: none after the next, by their codes.
    CharLessEq "char<=?" Arity::at_least(2);
    /// `(char>=? a b …)`: none before the next, by their codes.
    CharGreaterEq "char>=?" Arity::at_least(2);
    /// `(char-ci=? a b …)`: `char=?` of the folded characters.
    CharCiEq "char-ci=?" Arity::at_least(2);
    /// `(char-ci<? a b …)`: `char<?` of the folded characters.
    CharCiLess "char-ci<?" Arity::at_least(2);
    /// `(char-ci>? a b …)`: `char>?` of the folded characters.
    CharCiGreater "char-ci>?" Arity::at_least(2);
    /// `(char-ci<=? a b …)`: `char<=?` of the folded characters.
    CharCiLessEq "char-ci<=?" Arity::at_least(2);
    /// `(char-ci>=? a b …)`: `char>=?` of the folded characters.
    CharCiGreaterEq "char-ci>=?" Arity::at_least(2);
    /// `(char-alphabetic? c)`: whether Unicode calls it alphabetic.
    IsAlphabetic "char-alphabetic?" Arity::exactly(1);
    /// `(char-numeric? c)`: whether it is a decimal digit of any script.
    IsNumeric "char-numeric?" Arity::exactly(1);
    /// `(char-whitespace? c)`: whether Unicode calls it white space.
    IsWhitespace "char-whitespace?" Arity::exactly(1);
    /// `(char-upper-case? c)`: whether Unicode calls it upper case.
    IsUpperCase "char-upper-case?" Arity::exactly(1);
    /// `(char-lower-case? c)`: whether Unicode calls it lower case.
    IsLowerCase "char-lower-case?" Arity::exactly(1);
    /// `(char-upcase c)`: its upper case, if that is one character, else `c`.
    CharUpcase "char-upcase" Arity::exactly(1);
    /// `(char-downcase c)`: its lower case.
    CharDowncase "char-downcase" Arity::exactly(1);
    /// `(char-foldcase c)`: the character that stands for all that differ from it in case only.
    CharFoldcase "char-foldcase" Arity::exactly(1);
    /// `(digit-value c)`: the value of a decimal digit of any script, else `#f`.
    DigitValue "digit-value" Arity::exactly(1);
    /// `(char->integer c)`: its Unicode scalar value.
    CharToInteger "char->integer" Arity::exactly(1);
    /// `(integer->char n)`: the character with that Unicode scalar value.
    IntegerToChar "integer->char" Arity::exactly(1);

    // Strings, of Unicode scalar values; indices count characters.
    /// `(string? x)`: whether `x` is a string.
    IsString "string?" Arity::exactly(1);
    /// `(string c …)`: a string of the characters.
    String "string" Arity::at_least(0);
    /// `(make-string n c)`: a string of `n` times `c`, spaces without `c`.
    MakeString "make-string" Arity::between(1, 2);
    /// `(string-length s)`: the number of its characters.
    StringLength "string-length" Arity::exactly(1);
    /// `(string-ref s k)`: the character at index `k`, from 0.
    StringRef "string-ref" Arity::exactly(2);
    /// `(substring s start end)`: the characters from index `start` to before `end`.
    Substring "substring" Arity::exactly(3);
    /// `(string-copy s start end)`: a fresh string of the characters from `start`, else 0, to before `end`, else the end.
    StringCopy "string-copy" Arity::between(1, 3);
    /// `(string-append s …)`: the characters of all in one string.
    StringAppend "string-append" Arity::at_least(0);
    /// `(string=? a b …)`: all the same, by the codes of their characters.
    StringEq "string=?" Arity::at_least(2);
    /// `(string<? a b …)`: each before the next, by the codes of their characters.
    StringLess "string<?" Arity::at_least(2);
    /// `(string>? a b …)`: each after the next, by the codes of their characters.
    StringGreater "string>?" Arity::at_least(2);
    /// `(string<=? a b …)`: none after the next, by the codes of their characters.
    StringLessEq "string<=?" Arity::at_least(2);
    /// `(string>=? a b …)`: none before the next, by the codes of their characters.
    StringGreaterEq "string>=?" Arity::at_least(2);
    /// `(string-ci=? a b …)`: `string=?` of the folded strings.
    StringCiEq "string-ci=?" Arity::at_least(2);
    /// `(string-ci<? a b …)`: `string<?` of the folded strings.
    StringCiLess "string-ci<?" Arity::at_least(2);
    /// `(string-ci>? a b …)`: `string>?` of the folded strings.
    StringCiGreater "string-ci>?" Arity::at_least(2);
    /// `(string-ci<=? a b …)`: `string<=?` of the folded strings.
    StringCiLessEq "string-ci<=?" Arity::at_least(2);
    /// `(string-ci>=? a b …)`: `string>=?` of the folded strings.
    StringCiGreaterEq "string-ci>=?" Arity::at_least(2);
    /// `(string-upcase s)`: in upper case, which may be longer.
    StringUpcase "string-upcase" Arity::exactly(1);
    /// `(string-downcase s)`: in lower case, a final sigma as such.
    StringDowncase "string-downcase" Arity::exactly(1);
    /// `(string-foldcase s)`: the string that stands for all that differ from it in case only.
    StringFoldcase "string-foldcase" Arity::exactly(1);
    /// `(string->list s start end)`: the list of the characters from `start`, else 0, to before `end`, else the end.
    StringToList "string->list" Arity::between(1, 3);
    /// `(list->string l)`: the string of a list of characters.
    ListToString "list->string" Arity::exactly(1);
    /// `(string->vector s start end)`: as `string->list`, but a vector.
    StringToVector "string->vector" Arity::between(1, 3);
    /// `(vector->string v start end)`: the string of the characters from `start`, else 0, to before `end`, else the end.
    VectorToString "vector->string" Arity::between(1, 3);

    // General vectors.
    /// `(vector? x)`: whether `x` is a general vector.
    IsVector "vector?" Arity::exactly(1);
    /// `(vector a …)`: a vector of the arguments.
    Vector "vector" Arity::at_least(0);
    /// `(make-vector n x)`: a vector of `n` times `x`, unspecified without `x`.
    MakeVector "make-vector" Arity::between(1, 2);
    /// `(vector-length v)`: the number of its items.
    VectorLength "vector-length" Arity::exactly(1);
    /// `(vector-ref v k)`: the item at index `k`, from 0.
    VectorRef "vector-ref" Arity::exactly(2);
    /// `(vector->list v start end)`: the list of the items from `start`, else 0, to before `end`, else the end.
    VectorToList "vector->list" Arity::between(1, 3);
    /// `(list->vector l)`: the vector of the items of a proper list.
    ListToVector "list->vector" Arity::exactly(1);
    /// `(vector-copy v start end)`: a fresh vector of the items from `start`, else 0, to before `end`, else the end.
    VectorCopy "vector-copy" Arity::between(1, 3);
    /// `(vector-append v …)`: the items of all in one vector.
    VectorAppend "vector-append" Arity::at_least(0);
    /// `(vector-fill v x start end)`: a fresh vector like `v`, with `x` from `start`, else 0, to before `end`, else the end.
    VectorFill "vector-fill" Arity::between(2, 4);

    // Control.
    /// `(apply f a … l)`: calls `f` with the arguments `a …` and the items of the list `l`.
    Apply "apply" Arity::at_least(2);
    /// `(jvp f x … dx …)`: the list of `(f x …)` and its derivative in the direction `dx …`. A direction is shaped as
    /// what it moves, the derivative as the value.
    Jvp "jvp" Arity::at_least(3);
    /// `(vjp f x …)`: the list of `(f x …)` and a procedure from a cotangent, shaped as the value, to the gradient, shaped
    /// as `x`; of several arguments, to the list of gradients.
    Vjp "vjp" Arity::at_least(2);
    /// `(values a …)`: several values as one, which `call-with-values` takes apart; of one argument, itself.
    Values "values" Arity::at_least(0);
    /// `(%values->list x)`: the list of several values, of any other `x` alone.
    ValuesList "%values->list" Arity::exactly(1);
    /// `(error message irritant …)`: ends the run with the user's error.
    Error "error" Arity::at_least(1);
    /// `(features)`: what R7RS calls the features of the implementation, as symbols.
    Features "features" Arity::exactly(0);
    /// `(%primitive s)`: the primitive procedure that the symbol `s` names, else `#f`.
    Primitive "%primitive" Arity::exactly(1);
    /// `(%apply-at p f l)`: `(apply f l)`, with errors placed where the reader met the datum `p`.
    ApplyAt "%apply-at" Arity::exactly(3);
    /// `(%wrong-arity name n rest? l)`: ends the run with the error that the procedure called `name`, which takes
    /// `n` arguments or, if `rest?`, more, was given those of the list `l`.
    WrongArity "%wrong-arity" Arity::exactly(4);
    /// `(%wrong-count name expected l)`: ends the run with the error that what is called `name`, `#f` if nothing is,
    /// takes as many as the string `expected` says, but was given those of the list `l`.
    WrongCount "%wrong-count" Arity::exactly(3);
    /// `(%wrong-type name expected x)`: ends the run with the error that the procedure called `name` takes what the
    /// string `expected` says, but was given `x`.
    WrongType "%wrong-type" Arity::exactly(3);
    /// `(%refuse family name hint part …)`: ends the run with the error that the procedure called `name` does not take
    /// what it was given: a message of the parts, one after the other, as `display` writes them, and a hint. The family
    /// is `type`, `shape` or `domain`.
    Refuse "%refuse" Arity::at_least(4);
}
