//! The programs that are measured: each as a text, through the macro, by hand, and for num-dual.
//!
//! What is by hand is what an expert would write who is held to the same value to the bit: the
//! gradient beside the value, as few divisions as the value allows, everything shared that can be.
//! It is written once over [`Number`], for `f64` on the language's elementary functions, for
//! [`Std`] on the standard library's, and for vectors in `rows.rs`.

mod column;
mod model;
mod models;
mod number;
mod timing;

pub use column::Column;
pub use model::{ByHand, Model};
pub use models::*;
pub use number::{Dual, Number, Std};
pub use timing::{Form, fastest};
