//! Numeric vectors and matrices, by definition.

use super::{Fault, Outcome, Run, Value, leak_all};
use crate::{
    diag::Code,
    prim::Numeric,
    real::Real,
    reference::nested::{self, Nested},
};

type Numbers<A> = &'static [Nested<A>];

impl Run {
    fn shape<T>(&self, who: &str) -> Result<T, Fault> {
        Err(self.fault(Code::Shape, format!("`{who}`: shapes that do not go together")))
    }

    /// A numeric row where some operand is an array; `None` where none is.
    pub(super) fn elementwise<A: Real<Mask = bool> + 'static>(
        &self,
        row: Numeric,
        operands: &[Value<A>],
    ) -> Option<Outcome<A>> {
        let array = operands.iter().find(|x| matches!(x, Value::Numbers(_) | Value::Matrix(_)))?;
        Some(match array {
            Value::Matrix(rows) => self.matrix_by_row(row, operands, rows),
            Value::Numbers(first) => self.vector_by_element(row, operands, first.len()),
            _ => self.shape("array"),
        })
    }

    fn vector_by_element<A: Real<Mask = bool> + 'static>(
        &self,
        row: Numeric,
        operands: &[Value<A>],
        len: usize,
    ) -> Outcome<A> {
        let mut items = Vec::new();
        for i in 0..len {
            let mut here = Vec::new();
            for operand in operands {
                here.push(match operand {
                    Value::Numbers(v) if v.len() == len => Value::Number(v[i]),
                    Value::Numbers(_) | Value::Matrix(_) => return self.shape("elements"),
                    other => *other,
                });
            }
            items.push(self.number(self.row(row, &here)?, "elements")?);
        }
        Ok(Value::Numbers(leak_all(items)))
    }

    fn matrix_by_row<A: Real<Mask = bool> + 'static>(
        &self,
        row: Numeric,
        operands: &[Value<A>],
        like: &[Numbers<A>],
    ) -> Outcome<A> {
        let mut rows = Vec::new();
        for i in 0..like.len() {
            let mut here = Vec::new();
            for operand in operands {
                here.push(match operand {
                    Value::Matrix(m) if m.len() == like.len() => Value::Numbers(m[i]),
                    Value::Numbers(_) | Value::Matrix(_) => return self.shape("elements"),
                    other => *other,
                });
            }
            rows.push(self.numbers(self.vector_by_element(row, &here, like[i].len())?, "elements")?);
        }
        Ok(Value::Matrix(leak_all(rows)))
    }

    fn number<A: Real<Mask = bool> + 'static>(&self, value: Value<A>, who: &str) -> Result<Nested<A>, Fault> {
        match value {
            Value::Number(x) => Ok(x),
            _ => self.wrong_type(who),
        }
    }

    fn numbers<A: Real<Mask = bool> + 'static>(
        &self,
        value: Value<A>,
        who: &str,
    ) -> Result<Numbers<A>, Fault> {
        match value {
            Value::Numbers(v) => Ok(v),
            _ => self.wrong_type(who),
        }
    }

    fn matrix<A: Real<Mask = bool> + 'static>(
        &self,
        value: Value<A>,
        who: &str,
    ) -> Result<&'static [Numbers<A>], Fault> {
        match value {
            Value::Matrix(m) => Ok(m),
            _ => self.wrong_type(who),
        }
    }

    fn dot<A: Real<Mask = bool> + 'static>(&self, a: Numbers<A>, b: Numbers<A>) -> Result<Nested<A>, Fault> {
        if a.len() != b.len() {
            return self.shape("dot");
        }
        Ok(sum(a.iter().zip(b).map(|(a, b)| *a * *b)))
    }

    /// The length of a vector, whose derivative at the zero vector is 0.
    fn norm<A: Real<Mask = bool> + 'static>(&self, v: Numbers<A>) -> Result<Nested<A>, Fault> {
        let squares = self.dot(v, v)?;
        Ok(nested::real(Numeric::NormRoot, &[squares]))
    }

    pub(super) fn index<A: Real<Mask = bool> + 'static>(
        &self,
        value: Value<A>,
        len: usize,
        who: &str,
    ) -> Result<usize, Fault> {
        let x = self.number(value, who)?.primal();
        if x.fract() == 0.0 && x >= 0.0 && x < len as f64 {
            Ok(x as usize)
        } else {
            Err(self.fault(Code::OutOfDomain, format!("`{who}`: no such index")))
        }
    }

    /// The row of arrays of this name; `None` if there is none.
    pub(super) fn array<A: Real<Mask = bool> + 'static>(
        &self,
        name: &str,
        x: &[Value<A>],
    ) -> Option<Outcome<A>> {
        let number = |x: Nested<A>| Ok(Value::Number(x));
        let count = |n: usize| Ok(Value::Number(Nested::lit(n as f64)));
        let vector = |items: Vec<Nested<A>>| Ok(Value::Numbers(leak_all(items)));
        let value = || match (name, x) {
            ("vec", all) => vector(all.iter().map(|x| self.number(*x, name)).collect::<Result<_, _>>()?),
            ("vec?", [x]) => Ok(Value::Bool(matches!(x, Value::Numbers(_)))),
            ("mat?", [x]) => Ok(Value::Bool(matches!(x, Value::Matrix(_)))),
            ("mat" | "stack", rows) => {
                let rows: Vec<Numbers<A>> =
                    rows.iter().map(|row| self.numbers(*row, name)).collect::<Result<_, _>>()?;
                if rows.windows(2).any(|pair| pair[0].len() != pair[1].len()) {
                    return self.shape(name);
                }
                Ok(Value::Matrix(leak_all(rows)))
            }
            ("ref", [Value::Numbers(v), i]) => number(v[self.index(*i, v.len(), name)?]),
            ("ref", [Value::Matrix(m), i]) => Ok(Value::Numbers(m[self.index(*i, m.len(), name)?])),
            ("ref", [Value::Matrix(m), i, j]) => {
                let row = m[self.index(*i, m.len(), name)?];
                number(row[self.index(*j, row.len(), name)?])
            }
            ("dot", [a, b]) => number(self.dot(self.numbers(*a, name)?, self.numbers(*b, name)?)?),
            ("cross", [a, b]) => match (self.numbers(*a, name)?, self.numbers(*b, name)?) {
                (&[a, b, c], &[x, y, z]) => vector(vec![b * z - c * y, c * x - a * z, a * y - b * x]),
                _ => self.shape(name),
            },
            ("norm", [v]) => number(self.norm(self.numbers(*v, name)?)?),
            ("normalize", [v]) => {
                let v = self.numbers(*v, name)?;
                let norm = self.norm(v)?;
                vector(v.iter().map(|x| nested::real(Numeric::NormRatio, &[*x, norm])).collect())
            }
            ("vsum", [v]) => number(sum(self.numbers(*v, name)?.iter().copied())),
            ("vlen", [v]) => count(self.numbers(*v, name)?.len()),
            ("scale", [s, Value::Matrix(_) | Value::Numbers(_)]) => {
                self.number(*s, name)?;
                self.row(Numeric::Mul, x)
            }
            ("linspace", [a, b, n]) => {
                let (a, b) = (self.number(*a, name)?, self.number(*b, name)?);
                let n = self.index(*n, usize::MAX, name)?;
                let step = (b - a) / Nested::lit(n.saturating_sub(1) as f64);
                let at = |i: usize| match i {
                    0 => a,
                    i if i + 1 == n => b,
                    i => a + Nested::lit(i as f64) * step,
                };
                vector((0..n).map(at).collect())
            }
            ("zeros" | "ones", sizes @ [_, ..]) => {
                let one = Nested::lit(f64::from(name == "ones"));
                let sizes: Vec<usize> =
                    sizes.iter().map(|size| self.index(*size, usize::MAX, name)).collect::<Result<_, _>>()?;
                match sizes[..] {
                    [n] => vector(vec![one; n]),
                    [rows, cols] => Ok(Value::Matrix(leak_all(vec![leak_all(vec![one; cols]); rows]))),
                    _ => self.wrong_type(name),
                }
            }
            ("eye", [n]) => {
                let n = self.index(*n, usize::MAX, name)?;
                Ok(Value::Matrix(square(n, |i, j| Nested::lit(f64::from(i == j)))))
            }
            ("diag", [Value::Numbers(v)]) => {
                let at = |i: usize, j: usize| if i == j { v[i] } else { Nested::lit(0.0) };
                Ok(Value::Matrix(square(v.len(), at)))
            }
            ("diag", [Value::Matrix(m)]) => {
                vector(m.iter().enumerate().filter_map(|(i, row)| row.get(i).copied()).collect())
            }
            ("outer", [u, v]) => {
                let (u, v) = (self.numbers(*u, name)?, self.numbers(*v, name)?);
                let row = |x: &Nested<A>| leak_all(v.iter().map(|y| *x * *y).collect());
                Ok(Value::Matrix(leak_all(u.iter().map(row).collect())))
            }
            ("matvec", [m, v]) => {
                let (m, v) = (self.matrix(*m, name)?, self.numbers(*v, name)?);
                vector(m.iter().map(|row| self.dot(row, v)).collect::<Result<_, _>>()?)
            }
            ("matmul", [a, b]) => {
                let (a, b) = (self.matrix(*a, name)?, transposed(self.matrix(*b, name)?));
                let row = |row: &Numbers<A>| {
                    b.iter().map(|column| self.dot(row, column)).collect::<Result<Vec<_>, _>>()
                };
                let rows: Vec<Vec<Nested<A>>> = a.iter().map(row).collect::<Result<_, _>>()?;
                Ok(Value::Matrix(leak_all(rows.into_iter().map(|r| leak_all(r)).collect())))
            }
            ("transpose", [m]) => Ok(Value::Matrix(transposed(self.matrix(*m, name)?))),
            ("trace", [m]) => {
                let m = self.matrix(*m, name)?;
                if m.first().is_some_and(|row| row.len() != m.len()) {
                    return self.shape(name);
                }
                number(sum(m.iter().enumerate().map(|(i, row)| row[i])))
            }
            ("rows", [m]) => count(self.matrix(*m, name)?.len()),
            ("cols", [m]) => count(self.matrix(*m, name)?.first().map_or(0, |row| row.len())),
            _ => self.wrong_type(name),
        };
        const NAMES: [&str; 25] = [
            "vec",
            "vec?",
            "mat?",
            "mat",
            "stack",
            "ref",
            "dot",
            "cross",
            "norm",
            "normalize",
            "vsum",
            "vlen",
            "scale",
            "linspace",
            "zeros",
            "ones",
            "eye",
            "diag",
            "outer",
            "matvec",
            "matmul",
            "transpose",
            "trace",
            "rows",
            "cols",
        ];
        NAMES.contains(&name).then(value)
    }
}

fn sum<A: Real<Mask = bool> + 'static>(mut terms: impl Iterator<Item = Nested<A>>) -> Nested<A> {
    let Some(first) = terms.next() else { return Nested::lit(0.0) };
    terms.fold(first, |sum, x| sum + x)
}

fn square<A: Real<Mask = bool> + 'static>(
    n: usize,
    at: impl Fn(usize, usize) -> Nested<A>,
) -> &'static [Numbers<A>] {
    leak_all((0..n).map(|i| leak_all((0..n).map(|j| at(i, j)).collect())).collect())
}

fn transposed<A: Real<Mask = bool> + 'static>(m: &'static [Numbers<A>]) -> &'static [Numbers<A>] {
    let column = |j: usize| leak_all(m.iter().map(|row| row[j]).collect());
    leak_all((0..m.first().map_or(0, |row| row.len())).map(column).collect())
}
