//! Traces with derivatives: a run of a longer trace.
//!
//! Reverse mode by the transforms of graphs, not by rules of its own: what is built is straight again, shares what the
//! primal has computed, and is simplified as every adjoint is.

use super::Trace;
use crate::{
    anf::{Atom, Block, Builder, Graph, Type},
    span::Span,
    transform::{adjoint, value_and_grad},
};

impl Trace {
    /// The trace that gives its results and behind them the gradient of the one at `result` by the inputs `wrt`, in
    /// that order, under the same guards. The results keep their bits.
    ///
    /// `None` if there is no such result or input, or the result is a truth value.
    ///
    /// ```
    /// use scheme_core::{prim::Numeric, trace::{Slot, Trace}};
    ///
    /// let mut trace = Trace::new(2);
    /// let y = trace.push(Numeric::Mul, &[Slot::value(0), Slot::value(1)], 0);
    /// trace.give(vec![y]);
    /// let both = trace.with_gradient(0, &[0, 1]).expect("a number");
    /// assert_eq!(both.evaluate(&[3.0, 5.0]), Ok(vec![15.0, 5.0, 3.0]));
    /// ```
    pub fn with_gradient(&self, result: usize, wrt: &[usize]) -> Option<Self> {
        let places = |place| (place != 0).then(|| Span::new(place, place));
        let primal = self.graph("trace", &[], places);
        let of_one = Graph {
            body: Block {
                insts: primal.body.insts.clone(),
                results: vec![*primal.body.results.get(result)?],
            },
            ..primal.clone()
        };
        if result >= self.results.len() {
            return None;
        }
        let derived = value_and_grad(&of_one, wrt).ok()?;
        let builder = Builder::new();
        let inputs: Vec<Atom> = primal.names.iter().map(|name| builder.param(name, Type::REAL)).collect();
        let mut results = builder.inline(&primal, &inputs);
        let exact = results.len();
        results.extend(builder.inline(&derived, &inputs).into_iter().skip(1));
        let mut both = adjoint(&builder.finish("trace", results), exact);
        // Guards look at what is last.
        both.body.results[self.results.len()..].rotate_left(self.guards.len());
        Self::from_graph(&both, self.results.len() + wrt.len(), &self.guards)
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        prim::Numeric,
        trace::{Must, Slot, Trace},
    };

    /// `(if (< x 1) (* y (exp x)) 0)` at x below 1, and beside it `(/ x y)`.
    fn two() -> Trace {
        let mut trace = Trace::new(2);
        let (x, y) = (Slot::value(0), Slot::value(1));
        let one = trace.constant(1.0);
        let test = trace.push(Numeric::Less, &[x, one], 1);
        trace.guard(test, Must::Be(true), 1);
        let power = trace.push(Numeric::Exp, &[x], 2);
        let product = trace.push(Numeric::Mul, &[y, power], 3);
        let ratio = trace.push(Numeric::Div, &[x, y], 4);
        trace.give(vec![product, ratio]);
        trace
    }

    #[test]
    fn the_gradient_follows_the_results() {
        let (trace, e) = (two(), 0.5f64.exp());
        let both = trace.with_gradient(0, &[1, 0]).expect("a number");
        assert_eq!(both.evaluate(&[0.5, 4.0]).map(|all| all[..2].to_vec()), trace.evaluate(&[0.5, 4.0]));
        assert_eq!(both.evaluate(&[0.5, 4.0]).map(|all| all[2..].to_vec()), Ok(vec![e, 4.0 * e]));
        assert_eq!(both.evaluate(&[1.5, 4.0]), Err(0));
        // The exponential is shared.
        let powers = both.operations().filter(|operation| operation.row == Numeric::Exp).count();
        assert_eq!((powers, both.len()), (1, trace.len()), "{both}");
        let ratio = trace.with_gradient(1, &[0]).expect("a number");
        assert_eq!(ratio.evaluate(&[0.5, 4.0]).map(|all| all[2]), Ok(0.25));
    }

    #[test]
    fn what_is_no_number_of_its_has_no_gradient() {
        let mut trace = two();
        assert!(trace.with_gradient(2, &[0]).is_none());
        assert!(trace.with_gradient(0, &[2]).is_none());
        trace.give(vec![Slot::value(2)]);
        assert!(trace.with_gradient(0, &[0]).is_none());
    }

    #[test]
    fn results_that_are_inputs_or_constants_have_gradients() {
        let mut trace = Trace::new(2);
        let seven = trace.constant(7.0);
        trace.give(vec![Slot::value(1), seven]);
        let [input, constant] = [0, 1].map(|i| trace.with_gradient(i, &[0, 1]).expect("a number"));
        assert_eq!(input.evaluate(&[2.0, 3.0]), Ok(vec![3.0, 7.0, 0.0, 1.0]));
        assert_eq!(constant.evaluate(&[2.0, 3.0]), Ok(vec![3.0, 7.0, 0.0, 0.0]));
    }
}
