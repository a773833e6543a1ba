//! Rows on general values: name, arity and doc. The runtime implements each in one exhaustive match.

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

rows! {
    /// `(cons a b)`: a fresh pair.
    Cons "cons" Arity::exactly(2);
    /// `(car p)`: the first half of a pair; anything else is a type error.
    Car "car" Arity::exactly(1);
    /// `(cdr p)`: the second half of a pair; anything else is a type error.
    Cdr "cdr" Arity::exactly(1);
    /// `(cadr p)`: `(car (cdr p))`.
    Cadr "cadr" Arity::exactly(1);
    /// `(cddr p)`: `(cdr (cdr p))`.
    Cddr "cddr" Arity::exactly(1);
    /// `(caddr p)`: `(car (cddr p))`.
    Caddr "caddr" Arity::exactly(1);
    /// `(cdddr p)`: `(cdr (cddr p))`.
    Cdddr "cdddr" Arity::exactly(1);
    /// `(cadddr p)`: `(car (cdddr p))`.
    Cadddr "cadddr" Arity::exactly(1);
    /// `(list a …)`: a fresh list of the arguments.
    List "list" Arity::at_least(0);
    /// `(length l)`: the number of items of a proper list.
    Length "length" Arity::exactly(1);
    /// `(list-ref l k)`: the item at index `k` of a list, from 0.
    ListRef "list-ref" Arity::exactly(2);
    /// `(list-tail l k)`: `l` without its first `k` items.
    ListTail "list-tail" Arity::exactly(2);
    /// `(append l …)`: the items of all lists in one; the last may be any value.
    Append "append" Arity::at_least(0);
    /// `(reverse l)`: the items of a proper list, last first.
    Reverse "reverse" Arity::exactly(1);
    /// `(memq x l)`: the first tail of `l` whose item is `eq?` to `x`, else `#f`.
    Memq "memq" Arity::exactly(2);
    /// `(assq x l)`: the first pair of `l` whose `car` is `eq?` to `x`, else `#f`.
    Assq "assq" Arity::exactly(2);
    /// `(apply f a … l)`: calls `f` with the arguments `a …` and the items of the list `l`.
    Apply "apply" Arity::at_least(2);
    /// `(error message irritant …)`: ends the run with the user's error.
    Error "error" Arity::at_least(1);
    /// `(not x)`: `#t` for `#f`, else `#f`.
    Not "not" Arity::exactly(1);
    /// `(eq? a b)`: identity; numbers compare by `=`, and nan is itself.
    Eq "eq?" Arity::exactly(2);
    /// `(eqv? a b)`: as `eq?`.
    Eqv "eqv?" Arity::exactly(2);
    /// `(equal? a b)`: equal structure, `eqv?` at the leaves.
    Equal "equal?" Arity::exactly(2);
    /// `(pair? x)`: whether `x` is a pair.
    IsPair "pair?" Arity::exactly(1);
    /// `(null? x)`: whether `x` is the empty list.
    IsNull "null?" Arity::exactly(1);
    /// `(list? x)`: whether `x` is a proper list.
    IsList "list?" Arity::exactly(1);
    /// `(symbol? x)`: whether `x` is a symbol.
    IsSymbol "symbol?" Arity::exactly(1);
    /// `(string? x)`: whether `x` is a string.
    IsString "string?" Arity::exactly(1);
    /// `(char? x)`: whether `x` is a character.
    IsChar "char?" Arity::exactly(1);
    /// `(procedure? x)`: whether `x` is a procedure.
    IsProcedure "procedure?" Arity::exactly(1);
    /// `(boolean? x)`: whether `x` is `#t` or `#f`.
    IsBoolean "boolean?" Arity::exactly(1);
    /// `(number? x)`: whether `x` is a number.
    IsNumber "number?" Arity::exactly(1);
    /// `(real? x)`: as `number?`; every number is real.
    IsReal "real?" Arity::exactly(1);
    /// `(vec? x)`: whether `x` is a numeric vector.
    IsVec "vec?" Arity::exactly(1);
    /// `(mat? x)`: whether `x` is a matrix.
    IsMat "mat?" Arity::exactly(1);
    /// `(%primitive s)`: the primitive procedure that the symbol `s` names, else `#f`.
    Primitive "%primitive" Arity::exactly(1);
    /// `(%apply-at p f l)`: `(apply f l)`, with errors placed where the reader met the datum `p`.
    ApplyAt "%apply-at" Arity::exactly(3);
    /// `(%wrong-arity name n rest? l)`: ends the run with the error that the procedure called `name`, which takes
    /// `n` arguments or, if `rest?`, more, was given those of the list `l`.
    WrongArity "%wrong-arity" Arity::exactly(4);
    /// `(%wrong-type name expected x)`: ends the run with the error that the procedure called `name` takes what the
    /// string `expected` says, but was given `x`.
    WrongType "%wrong-type" Arity::exactly(3);
}
