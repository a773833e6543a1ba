//! Random graphs: rows of the table, sums and broadcasts, nested choices, shared variables.

use scheme_core::{
    anf::{Atom, Block, Builder, Dims, Graph, Type},
    prim::{Calls, Domain, Numeric, Scalar},
};

/// A generator of numbers, the same in every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.bits() >> 20) % n as u64) as usize
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.bits() >> 11) as f64 / (1u64 << 53) as f64)
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// A graph of numbers without axes, one to three.
#[allow(dead_code, reason = "one of the tests that include this wants it")]
pub(crate) fn scalars(seed: u64) -> Graph {
    generated(seed, false)
}

/// A graph of one to three numbers.
#[allow(dead_code, reason = "one of the tests that include this wants it")]
pub(crate) fn graph(seed: u64) -> Graph {
    generated(seed, true)
}

fn generated(seed: u64, axes: bool) -> Graph {
    let mut random = Random::new(seed);
    let builder = Builder::new();
    let pool: Vec<Atom> =
        (0..1 + random.below(3)).map(|i| builder.param(format!("x{i}"), Type::REAL)).collect();
    let mut generator = Generator { builder: &builder, random, pool, axes };
    let size = 4 + generator.random.below(12);
    generator.insts(size, 0);
    let count = 1 + generator.random.below(3);
    let mut any = || if axes { generator.any() } else { generator.random_real() };
    let mut results: Vec<Atom> = (0..count).map(|_| any()).collect();
    results[0] = generator.last_real();
    builder.finish(format!("random_{seed}"), results)
}

struct Generator<'b> {
    builder: &'b Builder,
    random: Random,
    /// What is in scope.
    pool: Vec<Atom>,
    axes: bool,
}

impl Generator<'_> {
    fn of_scalar(&self, scalar: Scalar) -> Vec<Atom> {
        self.pool.iter().copied().filter(|a| self.builder.ty(*a).scalar == scalar).collect()
    }

    fn of_type(&self, ty: Type) -> Vec<Atom> {
        self.pool.iter().copied().filter(|a| self.builder.ty(*a) == ty).collect()
    }

    fn any(&mut self) -> Atom {
        // Later variables are more likely.
        let recent = self.pool.len().min(6);
        let start = if self.random.below(3) > 0 { self.pool.len() - recent } else { 0 };
        let pool = self.pool[start..].to_vec();
        self.random.pick(&pool)
    }

    fn last_real(&self) -> Atom {
        let reals = self.of_scalar(Scalar::Real);
        reals[reals.len() - 1]
    }

    fn insts(&mut self, count: usize, depth: usize) {
        for _ in 0..count {
            match self.random.below(12) {
                0..3 if depth < 3 => self.choice(depth),
                3 if self.axes => self.axis(),
                4 => self.truth(),
                _ => self.row(),
            }
        }
    }

    fn literal(&mut self) -> Atom {
        Atom::Real(self.random.pick(&[0.0, 1.0, -1.0, 0.5, 2.0, 0.3, -1.7, 3.25]))
    }

    fn truth(&mut self) {
        let a = self.random_real();
        let b = self.like(a);
        let row = self.random.pick(&[Numeric::Less, Numeric::GreaterEq, Numeric::Equal]);
        let bools: Vec<Atom> = self.of_scalar(Scalar::Bool);
        let mut atom = self.builder.row(row, &[a, b]);
        if let (false, 0) = (bools.is_empty(), self.random.below(2)) {
            let other = self.random.pick(&bools);
            if self.builder.ty(other) == self.builder.ty(atom) {
                let row = self.random.pick(&[Numeric::And, Numeric::Or]);
                atom = self.builder.row(row, &[atom, other]);
            }
        }
        self.keep(atom);
    }

    fn keep(&mut self, atom: Atom) {
        if atom.var().is_some() {
            self.pool.push(atom);
        }
    }

    fn random_real(&mut self) -> Atom {
        let reals = self.of_scalar(Scalar::Real);
        let recent = reals.len().min(5);
        if self.random.below(2) == 0 {
            self.random.pick(&reals[reals.len() - recent..])
        } else {
            self.random.pick(&reals)
        }
    }

    /// Something of the same type, or a literal.
    fn like(&mut self, atom: Atom) -> Atom {
        let same = self.of_type(self.builder.ty(atom));
        if self.random.below(4) == 0 { self.literal() } else { self.random.pick(&same) }
    }

    /// Any row, its operands bent into its domain.
    fn row(&mut self) {
        let row = self.random.pick(Numeric::ALL);
        let arity = match row.row().calls {
            Calls::All => 1 + self.random.below(3),
            _ => row.row().operands.len(),
        };
        let first = self.random_real();
        let mask = Type { scalar: Scalar::Bool, ..self.builder.ty(first) };
        let mut args = Vec::new();
        for i in 0..arity {
            let operands = row.row().operands;
            let arg = match operands[i.min(operands.len() - 1)] {
                Scalar::Bool | Scalar::Record => match &self.of_type(mask)[..] {
                    [] => Atom::Bool(self.random.below(2) == 0),
                    bools => self.random.pick(bools),
                },
                Scalar::Real => {
                    let arg = if i == 0 { first } else { self.like(first) };
                    let domain = row.row().domain;
                    self.bent(arg, domain[i.min(domain.len() - 1)])
                }
            };
            args.push(arg);
        }
        let atom = self.builder.row(row, &args);
        self.keep(atom);
    }

    /// `arg`, or a number of the domain that depends on it.
    fn bent(&mut self, arg: Atom, domain: Domain) -> Atom {
        if domain == Domain::ANY && self.random.below(3) > 0 {
            return arg;
        }
        let (middle, half) = ((domain.low + domain.high) / 2.0, (domain.high - domain.low) / 2.0);
        if half == 0.0 || arg.var().is_none() {
            return Atom::Real(middle);
        }
        let wave = self.builder.row(Numeric::Sin, &[arg]);
        let scaled = self.builder.row(Numeric::Mul, &[wave, Atom::Real(half)]);
        self.builder.row(Numeric::Add, &[scaled, Atom::Real(middle)])
    }

    fn axis(&mut self) {
        let atom = self.random_real();
        let rank = self.builder.ty(atom).dims.axes().len();
        let atom = if rank > 0 && (rank > 1 || self.random.below(2) == 0) {
            let axis = self.random.below(rank);
            self.builder.sum(atom, axis)
        } else {
            let axis = self.random.below(rank + 1);
            self.builder.broadcast(atom, axis, 2)
        };
        self.pool.extend(atom);
    }

    fn choice(&mut self, depth: usize) {
        let bools: Vec<Atom> = self
            .of_scalar(Scalar::Bool)
            .into_iter()
            .filter(|b| self.builder.ty(*b).dims == Dims::SCALAR)
            .collect();
        let scalars = self.of_type(Type::REAL);
        let condition = match &bools[..] {
            [] => {
                let (a, b) = (self.random.pick(&scalars), self.literal());
                self.builder.row(Numeric::Less, &[a, b])
            }
            bools => self.random.pick(bools),
        };
        let kind = |generator: &mut Self| {
            let atom = generator.any();
            if generator.random.below(2) == 0 { Type::REAL } else { generator.builder.ty(atom) }
        };
        let types: Vec<Type> = (0..1 + self.random.below(3)).map(|_| kind(self)).collect();
        let builder = self.builder;
        let mut side = || {
            let around = self.pool.len();
            let (insts, results) = builder.scoped(|| {
                let size = self.random.below(7);
                self.insts(size, depth + 1);
                types.iter().map(|ty| self.result(*ty)).collect()
            });
            self.pool.truncate(around);
            Block { insts, results }
        };
        let (then, els) = (side(), side());
        let given = builder.choose(condition, then, els, &types);
        self.pool.extend(given);
    }

    fn result(&mut self, ty: Type) -> Atom {
        let same = self.of_type(ty);
        match (self.random.below(5), ty.scalar) {
            (0, Scalar::Real) => self.literal(),
            (0, Scalar::Bool) => Atom::Bool(self.random.below(2) == 0),
            _ => same[same.len() - 1 - self.random.below(same.len().min(3))],
        }
    }
}
