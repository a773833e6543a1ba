//! Rust numbers in programs: what `,name` and `,{expression}` take.

/// A Rust number that can be spliced into a program.
///
/// It becomes an `f64` when the program's function is made: an integer beyond 2⁵³ is rounded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be spliced into a program",
    label = "not a number",
    note = "a splice is a number of Rust: `f64`, `f32` or an integer"
)]
pub trait Splice: Copy {
    /// The number in a program.
    fn number(self) -> f64;
}

macro_rules! numbers {
    ($($number:ty)+) => {$(
        impl Splice for $number {
            fn number(self) -> f64 {
                self as f64
            }
        }
    )+};
}

numbers! { f64 f32 i8 i16 i32 i64 isize u8 u16 u32 u64 usize }

/// What emitted code calls on a spliced expression.
#[doc(hidden)]
pub fn capture(x: impl Splice) -> f64 {
    x.number()
}
