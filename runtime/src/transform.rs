//! Transforms: functions that take a compiled function and give a compiled function.
//!
//! All of them stand on [`Function::differentiate`] and [`Function::pull`]. At the bottom of any nest is a program with
//! its own adjoint, evaluated once; every level above carries its directions forward through it (forward over
//! reverse). Transforms are types, as large as what was chosen by `wrt`, and of no size if nothing was.

mod grad;
mod jacobian;
mod jvp;
mod vjp;

pub use grad::{Grad, ValueAndGrad, grad, value_and_grad};
pub use jacobian::{Hessian, Jacobian, hessian, jacobian};
pub use jvp::{Jvp, jvp};
pub use vjp::{Vjp, vjp};

/// What every transform of a function by chosen inputs has: `wrt`, and a `Debug` form like the call
/// that made it.
macro_rules! by_inputs {
    ($transform:ident) => {
        impl<F: crate::function::Function> $transform<F> {
            /// The same by the inputs that `choose` picks from the function's names, in the shape that it
            /// gives them: one input, an array of inputs, or a tuple.
            #[inline(always)]
            pub fn wrt<C: crate::choice::Choice<F::In>>(
                self,
                choose: impl FnOnce(F::Names) -> C,
            ) -> $transform<F, C> {
                $transform(self.0, choose(self.0.names()))
            }
        }

        impl<F: std::fmt::Debug, C: std::fmt::Debug + 'static> std::fmt::Debug for $transform<F, C> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::transform::show(stringify!($transform), &self.0, &self.1, f)
            }
        }
    };
}
use by_inputs;

/// `Grad(source)`, or `Grad(source, [k, r])` if inputs were chosen; on one line.
fn show(
    name: &str,
    function: &dyn std::fmt::Debug,
    chosen: &(dyn Chosen + '_),
    f: &mut std::fmt::Formatter<'_>,
) -> std::fmt::Result {
    write!(f, "{name}({function:?}")?;
    if !chosen.is_all() {
        write!(f, ", {chosen:?}")?;
    }
    f.write_str(")")
}

/// A choice, for showing.
trait Chosen: std::fmt::Debug {
    fn is_all(&self) -> bool;
}

impl<C: std::fmt::Debug + 'static> Chosen for C {
    fn is_all(&self) -> bool {
        std::any::TypeId::of::<C>() == std::any::TypeId::of::<crate::choice::All>()
    }
}
