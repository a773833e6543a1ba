//! Runs by the paths that they take: recorded once, then replayed, at a point or over rows.
//!
//! What a run on the machine did with its numbers is a [`Path`], which holds while all of its guards do. The paths of a program
//! are a [trie] of decisions; a [`Form`] has the code that is made of them, and leads rows along them in [groups]. Programs from
//! strings and those of `scheme!` that run on the machine share it: who runs a program says how a run is recorded, and runs
//! itself what no path serves. So no answer depends on what is known here.

mod form;
mod forms;
pub(crate) mod groups;
mod path;
pub(crate) mod trie;

pub(crate) use form::{Form, Worth};
pub(crate) use forms::Forms;
pub(crate) use path::{Path, Unfit, Work};
