//! What every compiled program is, in either regime: its type, its inputs' names, what is known of it.
//!
//! A program becomes a block that declares a struct of its inputs' names and a `Copy` type, zero-sized
//! where nothing is captured or set, and gives the type's value. How it computes is the regime's.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// A number, or an array of numbers, of the type given, as it comes into a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Arranged {
    /// A number; a truth value is one too.
    Number,
    /// So many numbers.
    Vector(usize),
    /// So many rows of so many numbers.
    Matrix(usize, usize),
}

impl Arranged {
    /// As a type, of numbers of the type given.
    pub(crate) fn of(self, number: &TokenStream) -> TokenStream {
        match self {
            Self::Number => number.clone(),
            Self::Vector(n) => quote!([#number; #n]),
            Self::Matrix(rows, columns) => quote!([[#number; #columns]; #rows]),
        }
    }

    /// How many numbers it has.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Number => 1,
            Self::Vector(n) => n,
            Self::Matrix(rows, columns) => rows * columns,
        }
    }
}

/// Several inputs as one type: one is itself, numbers are an array, what has arrays in it is a tuple.
pub(crate) fn together(all: &[Arranged], number: &TokenStream) -> TokenStream {
    match all {
        [one] => one.of(number),
        all if all.iter().all(|one| *one == Arranged::Number) => Arranged::Vector(all.len()).of(number),
        all => {
            let all = all.iter().map(|one| one.of(number));
            quote!((#(#all,)*))
        }
    }
}

/// An input or parameter.
pub(crate) struct Named<'a> {
    /// As the program spells it.
    pub(crate) name: &'a str,
    /// As Rust does.
    pub(crate) field: Ident,
    /// What comes in.
    pub(crate) arranged: Arranged,
    /// Its type as the program declares it.
    pub(crate) declared: String,
}

/// A parameter's value and bounds.
pub(crate) struct Bounds {
    pub(crate) init: f64,
    pub(crate) lo: Option<f64>,
    pub(crate) hi: Option<f64>,
}

/// A finding: code, message, line and column.
pub(crate) type Finding = (String, String, u32, u32);

/// What is known of a program.
pub(crate) struct Shell<'a> {
    /// Its text.
    pub(crate) source: &'a str,
    /// Its graph or its blocks.
    pub(crate) code: String,
    /// The name of its regime.
    pub(crate) regime: &'static str,
    /// Why it needs the machine, and where.
    pub(crate) why: Option<(String, u32, u32)>,
    /// The procedures that are direct code nevertheless: names and places.
    pub(crate) direct: Vec<(String, u32, u32)>,
    /// What it gives.
    pub(crate) gives: String,
    /// Whether that may be a number.
    pub(crate) number: bool,
    /// Why a run may end without a value.
    pub(crate) fails: Option<&'static str>,
    /// Bytes that a gradient's record takes for each operation.
    pub(crate) tape_bytes: u32,
    /// The inputs.
    pub(crate) inputs: Vec<Named<'a>>,
    /// The parameters, which are numbers.
    pub(crate) params: Vec<(Named<'a>, Bounds)>,
    /// The Rust expressions captured.
    pub(crate) captures: &'a [TokenStream],
    /// What the compiler warns of.
    pub(crate) warnings: &'a [Finding],
}

/// What a regime adds.
#[derive(Default)]
pub(crate) struct Regime {
    /// Items, the implementation of `Compiled` among them.
    pub(crate) items: TokenStream,
    /// Fields of the program, whose types have a `Default`.
    pub(crate) fields: Vec<(Ident, TokenStream)>,
}

impl Shell<'_> {
    /// The type of what comes in, of numbers of the type given: the inputs, and with parameters a pair of both.
    pub(crate) fn takes(&self, number: &TokenStream) -> TokenStream {
        let inputs: Vec<Arranged> = self.inputs.iter().map(|input| input.arranged).collect();
        let inputs = together(&inputs, number);
        if self.params.is_empty() {
            return inputs;
        }
        let params = self.param_type(number);
        quote!((#inputs, #params))
    }

    fn param_type(&self, number: &TokenStream) -> TokenStream {
        together(&vec![Arranged::Number; self.params.len()], number)
    }

    /// The type of the names, and `fn inputs`, for the implementation of `Compiled`.
    pub(crate) fn names(&self) -> TokenStream {
        let private = quote!(::scheme_runtime::__private);
        let mut start = 0usize;
        let mut values = |all: &mut dyn Iterator<Item = &Named<'_>>| -> TokenStream {
            all.map(|Named { name, field, arranged, .. }| {
                let at = start;
                start += arranged.len();
                quote!(#field: #private::Input::new(#name, #at),)
            })
            .collect()
        };
        let inputs = values(&mut self.inputs.iter());
        let params = values(&mut self.params.iter().map(|(param, _)| param));
        let (ty, value) = if self.params.is_empty() {
            (quote!(Inputs), quote!(Inputs { #inputs }))
        } else {
            (quote!((Inputs, Params)), quote!((Inputs { #inputs }, Params { #params })))
        };
        quote! {
            type Names = #ty;
            #[inline(always)]
            fn inputs(&self) -> #ty {
                #value
            }
        }
    }

    /// The expression that is the compiled program.
    pub(crate) fn around(&self, Regime { items, fields }: &Regime) -> TokenStream {
        let private = quote!(::scheme_runtime::__private);
        let Self { source, code, captures, .. } = self;
        let doc = format!("`{source}`\n\n```text\n{code}\n```");
        let (captured, captured_value) = match captures.len() {
            0 => (quote!(), quote!()),
            n => (quote!(captured: [f64; #n],), quote!(captured: __captured,)),
        };
        // What captures nothing can be made from nothing, as types that are built by name need it.
        let derive = if captures.is_empty() { quote!(Clone, Copy, Default) } else { quote!(Clone, Copy) };
        let (fields, types): (Vec<_>, Vec<_>) = fields.iter().cloned().unzip();
        let defaults = quote!(#(#fields: ::core::default::Default::default(),)*);
        let real = quote!(#private::R);
        let input_fields = self.inputs.iter().map(|Named { field, arranged, .. }| {
            let of = arranged.of(&real);
            quote!(pub #field: #private::Input<#of>,)
        });
        let inputs = quote! {
            #[derive(Clone, Copy)]
            #[allow(dead_code, non_snake_case)]
            pub struct Inputs { #(#input_fields)* }
        };
        let param_fields = self.params.iter().map(|(Named { field, .. }, _)| field);
        let (params, value) = if self.params.is_empty() {
            (quote!(), quote!(Program { #captured_value #defaults }))
        } else {
            let names = quote! {
                #[derive(Clone, Copy)]
                #[allow(dead_code, non_snake_case)]
                pub struct Params { #(pub #param_fields: #private::Input,)* }
            };
            let (x, p) = {
                let all: Vec<Arranged> = self.inputs.iter().map(|input| input.arranged).collect();
                (together(&all, &real), self.param_type(&real))
            };
            let open = quote!(Program { #captured_value #defaults });
            (names, quote!(#private::Parametric::<Program, #x, #p>::new(#open)))
        };
        let about = self.about();
        let items = quote! {
            #inputs
            #params
            #[doc = #doc]
            #[derive(#derive)]
            pub struct Program { #captured #(#fields: #types,)* }
            impl ::core::fmt::Debug for Program {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    __f.write_str(#source)
                }
            }
            impl #private::Emitted for Program {
                const ABOUT: #private::About = #about;
            }
            #items
            #value
        };
        match captures.len() {
            0 => quote!({ #items }),
            // Captured expressions are evaluated where the items above do not hide the user's names.
            n => {
                quote!(match [#(#private::capture(#captures)),*] { __captured => { let __captured: [f64; #n] = __captured; #items } })
            }
        }
    }

    /// What is known of it, as a Rust expression.
    fn about(&self) -> TokenStream {
        let private = quote!(::scheme_runtime::__private);
        let Self { source, code, gives, number: may_be_number, tape_bytes, .. } = self;
        let regime = format_ident!("{}", self.regime);
        let why = option(self.why.as_ref().map(|(message, line, column)| {
            quote!(#private::Reason { message: #message, line: #line, column: #column })
        }));
        let direct = self.direct.iter().map(
            |(name, line, column)| quote!(#private::Procedure { name: #name, line: #line, column: #column }),
        );
        let fails = option(self.fails.map(|fails| quote!(#fails)));
        let names = self.inputs.iter().map(|input| input.name);
        let types = self.inputs.iter().map(|input| &input.declared);
        let params = self.params.iter().map(|(Named { name, .. }, Bounds { init, lo, hi })| {
            let (value, lo, hi) = (number(*init), option(lo.map(number)), option(hi.map(number)));
            quote!(#private::Param { name: #name, value: #value, lo: #lo, hi: #hi })
        });
        let warnings = self.warnings.iter().map(|(code, message, line, column)| {
            let code = format_ident!("{code}");
            quote!(#private::Warning { code: #private::Code::#code, message: #message, line: #line, column: #column })
        });
        quote! {
            #private::About {
                source: #source,
                code: #code,
                regime: #private::Regime::#regime,
                why: #why,
                direct: &[#(#direct),*],
                gives: #gives,
                number: #may_be_number,
                fails: #fails,
                tape_bytes: #tape_bytes,
                input_names: &[#(#names),*],
                input_types: &[#(#types),*],
                params: &[#(#params),*],
                warnings: &[#(#warnings),*],
            }
        }
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// A Rust expression for a number, to the bit.
pub(crate) fn number(x: f64) -> TokenStream {
    if x.is_nan() {
        quote!(f64::NAN)
    } else if x.is_infinite() {
        if x > 0.0 { quote!(f64::INFINITY) } else { quote!(f64::NEG_INFINITY) }
    } else {
        let magnitude = Literal::f64_unsuffixed(x.abs());
        if x.is_sign_negative() { quote!(-#magnitude) } else { quote!(#magnitude) }
    }
}
