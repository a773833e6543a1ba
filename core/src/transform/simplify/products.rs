//! Products that share their factors.
//!
//! A [`Monomial`] is a coefficient and factors with integral exponents. Many monomials over the same
//! factors are built from few multiplications: a pair of factors that is already computed, or that
//! occurs most often, becomes a factor of its own, again and again. A reciprocal that only one
//! product wants becomes a division, unless it can be taken while the numerator is waited for.

use crate::{
    anf::{Atom, Builder},
    prim::Numeric,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

/// A coefficient times factors with exponents; no exponent is 0.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Monomial {
    /// The coefficient.
    pub(super) coefficient: f64,
    /// The factors.
    pub(super) factors: BTreeMap<Factor, i32>,
}

/// A factor: an atom, in an order that does not depend on hashing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) enum Factor {
    /// A variable by its number.
    Var(u32),
    /// A literal by its bits, where multiplying it into the coefficient would round.
    Literal(u64),
}

impl Factor {
    fn atom(self) -> Atom {
        match self {
            Self::Var(v) => Atom::Var(crate::anf::Var(v)),
            Self::Literal(bits) => Atom::Real(f64::from_bits(bits)),
        }
    }
}

impl Monomial {
    /// A literal.
    pub(super) fn literal(x: f64) -> Self {
        Self { coefficient: x, factors: BTreeMap::new() }
    }

    /// One atom.
    pub(super) fn atom(atom: Atom) -> Self {
        match atom {
            Atom::Var(v) => Self { coefficient: 1.0, factors: BTreeMap::from([(Factor::Var(v.0), 1)]) },
            Atom::Real(x) => Self::literal(x),
            Atom::Bool(b) => Self::literal(f64::from(u8::from(b))),
        }
    }

    /// The sum of the exponents' sizes.
    pub(super) fn degree(&self) -> u32 {
        self.factors.values().map(|e| e.unsigned_abs()).sum()
    }

    /// The product, unless a factor that is not among `divisors` would cancel or be divided by twice: where
    /// it is 0 or infinite `y·(1/y)` is nan, and `1/y·1/y` overflows long before `1/y` does.
    pub(super) fn times(self, other: &Self, divisors: &HashSet<Factor>) -> Option<Self> {
        let kept = |(factor, exponent): (&Factor, &i32)| {
            let before = self.factors.get(factor).copied().unwrap_or(0);
            divisors.contains(factor) || before == 0 || (before > 0 && *exponent > 0)
        };
        other.factors.iter().all(kept).then(|| self.joined(other))
    }

    /// The product, whatever cancels; coefficients multiply where that is exact.
    #[must_use]
    pub(super) fn joined(mut self, other: &Self) -> Self {
        for (factor, exponent) in &other.factors {
            self.raise(*factor, *exponent);
        }
        let product = self.coefficient * other.coefficient;
        if exact_product(self.coefficient, other.coefficient, product) {
            self.coefficient = product;
        } else {
            self.raise(Factor::Literal(other.coefficient.to_bits()), 1);
        }
        self
    }

    /// The reciprocal; none of a coefficient 0.
    pub(super) fn recip(&self) -> Option<Self> {
        if !self.coefficient.is_normal() {
            return None;
        }
        let factors = self.factors.iter().map(|(f, e)| (*f, -e)).collect();
        let inverse = 1.0 / self.coefficient;
        // Reciprocals of powers of two are exact.
        if self.coefficient.to_bits() << 12 == 0 && inverse.is_normal() {
            return Some(Self { coefficient: inverse, factors });
        }
        let mut recip = Self { coefficient: 1.0, factors };
        recip.raise(Factor::Literal(self.coefficient.to_bits()), -1);
        Some(recip)
    }

    fn raise(&mut self, factor: Factor, by: i32) {
        if by == 0 {
            return;
        }
        let exponent = self.factors.entry(factor).or_insert(0);
        *exponent += by;
        if *exponent == 0 {
            self.factors.remove(&factor);
        }
    }
}

/// Whether `product` is `a * b` without rounding, also in single precision.
fn exact_product(a: f64, b: f64, product: f64) -> bool {
    let single = |x: f64| f64::from(x as f32) == x;
    single(a) && single(b) && single(product)
}

/// What a product is put together from: a factor or its reciprocal, or an earlier product.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
enum Token {
    Factor(Factor),
    Recip(Factor),
    Product(u32),
}

/// More pairs than this are not searched for the best one: products are then built left to right.
const MAX_PAIRS: usize = 20_000;

/// A plan for building a set of monomials, carried out as they are asked for.
pub(super) struct Products {
    /// The tokens that each set of factors is the product of.
    words: HashMap<Vec<(Factor, i32)>, Vec<Token>>,
    /// The two tokens of each product of its own.
    pairs: Vec<[Token; 2]>,
    /// The reciprocals that divide, since only one product wants them and it need not wait.
    divide: HashSet<Factor>,
    /// How many variables are divided by, and how many operations there are.
    cost: (usize, usize),
    built: HashMap<Token, Atom>,
    finished: HashMap<Vec<(Factor, i32)>, Atom>,
}

/// Products and quotients that are computed anyway: `[a, b]` and `a·b`, or `a/b`.
#[derive(Default)]
pub(super) struct Available {
    /// `a·b` by `a <= b`.
    pub(super) products: BTreeMap<[Factor; 2], Factor>,
    /// `a/b` by `a` and `b`.
    pub(super) quotients: BTreeMap<[Factor; 2], Factor>,
    /// When each variable is known, in cycles after the inputs, roughly.
    pub(super) ready: Vec<u32>,
}

/// A reciprocal is not worth an operation of its own unless the numerator is later by this many cycles.
const WAIT: u32 = 12;

impl Available {
    /// The monomial with quotients for their numerators and divisors.
    pub(super) fn reduce(&self, mut monomial: Monomial) -> Monomial {
        let divisors: Vec<Factor> =
            monomial.factors.iter().filter(|(_, e)| **e < 0).map(|(f, _)| *f).collect();
        for divisor in divisors {
            let numerators: Vec<Factor> =
                monomial.factors.iter().filter(|(_, e)| **e > 0).map(|(f, _)| *f).collect();
            for numerator in numerators {
                let Some(quotient) = self.quotients.get(&[numerator, divisor]) else { continue };
                let exponent = |f: &Factor| monomial.factors.get(f).copied().unwrap_or(0);
                let times = exponent(&numerator).min(-exponent(&divisor));
                if times > 0 && exponent(quotient) >= 0 {
                    monomial.raise(numerator, -times);
                    monomial.raise(divisor, times);
                    monomial.raise(*quotient, times);
                }
            }
        }
        monomial
    }

    fn ready(&self, factor: Factor) -> u32 {
        match factor {
            Factor::Var(v) => self.ready.get(v as usize).copied().unwrap_or(0),
            Factor::Literal(_) => 0,
        }
    }

    fn find(&self, pair: [Token; 2]) -> Option<Factor> {
        match pair {
            [Token::Factor(a), Token::Factor(b)] => self.products.get(&[a.min(b), a.max(b)]).copied(),
            [Token::Factor(a), Token::Recip(b)] | [Token::Recip(b), Token::Factor(a)] => {
                self.quotients.get(&[a, b]).copied()
            }
            _ => None,
        }
    }
}

impl Products {
    /// Plans how to build the monomials, up to their coefficients.
    pub(super) fn plan(monomials: impl Iterator<Item = Monomial>, available: &Available) -> Self {
        let mut words: BTreeMap<Vec<(Factor, i32)>, Vec<Token>> = BTreeMap::new();
        for monomial in monomials {
            let key: Vec<(Factor, i32)> = monomial.factors.iter().map(|(f, e)| (*f, *e)).collect();
            let token = |(f, e): &(Factor, i32)| {
                let token = if *e > 0 { Token::Factor(*f) } else { Token::Recip(*f) };
                std::iter::repeat_n(token, e.unsigned_abs() as usize)
            };
            let word = key.iter().flat_map(token).collect();
            words.insert(key, word);
        }
        let mut plan = Self {
            words: HashMap::new(),
            pairs: Vec::new(),
            divide: HashSet::new(),
            cost: (0, 0),
            built: HashMap::new(),
            finished: HashMap::new(),
        };
        let mut list: Vec<Vec<Token>> = words.values().cloned().collect();
        plan.share(&mut list, available);
        let products = || plan.pairs.iter().map(|pair| &pair[..]).chain(list.iter().map(|word| &word[..]));
        let mut wanted: BTreeMap<Factor, u32> = BTreeMap::new();
        for token in products().flatten() {
            if let Token::Recip(factor) = token {
                *wanted.entry(*factor).or_insert(0) += 1;
            }
        }
        let mut divide = HashSet::new();
        for word in products() {
            for factor in word.iter().filter_map(|t| if let Token::Recip(f) = t { Some(*f) } else { None }) {
                let numerator =
                    word.iter().filter(|t| **t != Token::Recip(factor)).map(|t| plan.ready(*t, available));
                let latest = numerator.max().unwrap_or(0);
                if wanted.get(&factor) == Some(&1) && latest <= available.ready(factor) + WAIT {
                    divide.insert(factor);
                }
            }
        }
        let divisors: Vec<&Factor> = wanted.keys().filter(|f| matches!(f, Factor::Var(_))).collect();
        let alone = divisors.iter().filter(|f| !divide.contains(**f)).count();
        let joined: usize = products().map(|word| word.len().saturating_sub(1)).sum();
        plan.cost = (divisors.len(), joined + alone);
        plan.divide = divide;
        plan.words = words.into_keys().zip(list).collect();
        plan
    }

    /// How many variables are divided by, and how many operations it takes in all.
    pub(super) fn cost(&self) -> (usize, usize) {
        self.cost
    }

    /// When a token is known.
    fn ready(&self, token: Token, available: &Available) -> u32 {
        match token {
            Token::Factor(factor) | Token::Recip(factor) => available.ready(factor),
            Token::Product(i) => {
                self.pairs[i as usize].iter().map(|t| self.ready(*t, available)).max().unwrap_or(0)
            }
        }
    }

    fn share(&mut self, words: &mut [Vec<Token>], available: &Available) {
        let size: usize = words.iter().map(|w| w.len() * w.len()).sum();
        if size > MAX_PAIRS {
            return;
        }
        let mut ranked = Ranked::new(words, available);
        loop {
            // Of pairs that save as much, the one that leaves most to save.
            let few = MAX_PAIRS / 16 / size.max(1);
            let pair = match &ranked.best(few + 1)[..] {
                [] => return,
                [first, rest @ ..] if !rest.is_empty() && rest.len() < few => {
                    let mut most = (remaining(words, *first, available), *first);
                    for pair in rest {
                        let left = remaining(words, *pair, available);
                        if left > most.0 {
                            most = (left, *pair);
                        }
                    }
                    most.1
                }
                [first, ..] => *first,
            };
            let token = match available.find(pair) {
                Some(factor) => Token::Factor(factor),
                None => {
                    self.pairs.push(pair);
                    Token::Product(self.pairs.len() as u32 - 1)
                }
            };
            ranked.replace(words, pair, token);
        }
    }

    /// Builds a planned monomial; `atom` says what a factor has become.
    pub(super) fn build(
        &mut self,
        builder: &Builder,
        monomial: &Monomial,
        atom: &impl Fn(Atom) -> Atom,
    ) -> Atom {
        let key: Vec<(Factor, i32)> = monomial.factors.iter().map(|(f, e)| (*f, *e)).collect();
        let body = match self.finished.get(&key) {
            Some(body) => Some(*body),
            None => {
                let word = self.words.get(&key).cloned().unwrap_or_default();
                let body = self.product(builder, &word, atom);
                if let Some(body) = body {
                    self.finished.insert(key, body);
                }
                body
            }
        };
        match body {
            None => Atom::Real(monomial.coefficient),
            Some(body) if monomial.coefficient == -1.0 => builder.row(Numeric::Neg, &[body]),
            Some(body) => builder.row(Numeric::Mul, &[body, Atom::Real(monomial.coefficient)]),
        }
    }

    fn product(&mut self, builder: &Builder, word: &[Token], atom: &impl Fn(Atom) -> Atom) -> Option<Atom> {
        let divides = |t: &&Token| matches!(t, Token::Recip(f) if self.divide.contains(f));
        let (divisors, others): (Vec<&Token>, Vec<&Token>) = word.iter().partition(divides);
        let mut value = None;
        for token in others {
            let factor = self.token(builder, *token, atom);
            value = Some(match value {
                None => factor,
                Some(value) => builder.row(Numeric::Mul, &[value, factor]),
            });
        }
        for token in divisors {
            let Token::Recip(factor) = token else { continue };
            let divisor = atom(factor.atom());
            value = Some(match value {
                None => builder.row(Numeric::Recip, &[divisor]),
                Some(value) => builder.row(Numeric::Div, &[value, divisor]),
            });
        }
        value
    }

    fn token(&mut self, builder: &Builder, token: Token, atom: &impl Fn(Atom) -> Atom) -> Atom {
        if let Some(atom) = self.built.get(&token) {
            return *atom;
        }
        let built = match token {
            Token::Factor(factor) => atom(factor.atom()),
            Token::Recip(factor) => builder.row(Numeric::Recip, &[atom(factor.atom())]),
            Token::Product(i) => {
                let pair = self.pairs[i as usize];
                self.product(builder, &pair, atom).unwrap_or(Atom::Real(1.0))
            }
        };
        self.built.insert(token, built);
        built
    }
}

/// The pairs of tokens that save most multiplications, those that are computed anyway first, and how many
/// each saves.
fn best(words: &[Vec<Token>], available: &Available) -> (i32, Vec<[Token; 2]>) {
    let mut counts: BTreeMap<[Token; 2], i32> = BTreeMap::new();
    for pair in words.iter().flat_map(|word| pairs(word)) {
        *counts.entry(pair).or_insert(0) += 1;
    }
    let (mut most, mut equal) = (0, Vec::new());
    for (pair, count) in counts {
        // A pair that is computed anyway saves each use, another all but the first.
        let known = available.find(pair).is_some();
        let saved = if known { count } else { count - 1 };
        if saved > most {
            equal.clear();
        }
        if saved > 0 && saved >= most {
            most = saved;
            equal.push((!known, pair));
        }
    }
    equal.sort_unstable();
    (most, equal.into_iter().map(|(_, pair)| pair).collect())
}

/// The pairs of tokens in a word, each once.
fn pairs(word: &[Token]) -> Vec<[Token; 2]> {
    let mut pairs: Vec<[Token; 2]> = Vec::new();
    for (i, a) in word.iter().enumerate() {
        pairs.extend(word[i + 1..].iter().map(|b| [*a.min(b), *a.max(b)]));
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// What [`best`] finds, kept while pairs are replaced: many products would be counted through again for each.
struct Ranked<'a> {
    available: &'a Available,
    /// The words that have each pair.
    within: HashMap<[Token; 2], BTreeSet<usize>>,
    /// The pairs that save something, the best first: by how many they save, and those computed anyway first.
    order: BTreeSet<(Reverse<usize>, bool, [Token; 2])>,
}

impl<'a> Ranked<'a> {
    fn new(words: &[Vec<Token>], available: &'a Available) -> Self {
        let mut within: HashMap<[Token; 2], BTreeSet<usize>> = HashMap::new();
        for (i, word) in words.iter().enumerate() {
            pairs(word).into_iter().for_each(|pair| _ = within.entry(pair).or_default().insert(i));
        }
        let mut ranked = Self { available, within: HashMap::new(), order: BTreeSet::new() };
        ranked.order = within.iter().filter_map(|(pair, words)| ranked.rank(*pair, words.len())).collect();
        Self { within, ..ranked }
    }

    /// Where a pair of so many words is in the order, if it saves something.
    fn rank(&self, pair: [Token; 2], uses: usize) -> Option<(Reverse<usize>, bool, [Token; 2])> {
        let known = self.available.find(pair).is_some();
        let saved = if known { uses } else { uses.saturating_sub(1) };
        (saved > 0).then_some((Reverse(saved), !known, pair))
    }

    /// The first few of the pairs that save most.
    fn best(&self, few: usize) -> Vec<[Token; 2]> {
        let most = self.order.first().map(|(saved, ..)| *saved);
        let equal = self.order.iter().take_while(|(saved, ..)| Some(*saved) == most);
        equal.take(few.max(1)).map(|(.., pair)| *pair).collect()
    }

    /// Notes what becomes of the words that have a pair.
    fn change(&mut self, pair: [Token; 2], change: impl FnOnce(&mut BTreeSet<usize>)) {
        let mut words = self.within.remove(&pair).unwrap_or_default();
        if let Some(rank) = self.rank(pair, words.len()) {
            self.order.remove(&rank);
        }
        change(&mut words);
        self.order.extend(self.rank(pair, words.len()));
        if !words.is_empty() {
            self.within.insert(pair, words);
        }
    }

    /// [`replace`], in the words that have the pair.
    fn replace(&mut self, words: &mut [Vec<Token>], pair: [Token; 2], token: Token) {
        for i in self.within.get(&pair).cloned().unwrap_or_default() {
            let before = pairs(&words[i]);
            replace(&mut words[i..=i], pair, token);
            before.into_iter().for_each(|pair| self.change(pair, |words| _ = words.remove(&i)));
            pairs(&words[i]).into_iter().for_each(|pair| self.change(pair, |words| _ = words.insert(i)));
        }
    }
}

/// How many multiplications the pairs that are taken after `pair` will save, each time the first of the best.
fn remaining(words: &[Vec<Token>], pair: [Token; 2], available: &Available) -> i32 {
    let mut words = words.to_vec();
    let mut next = Some(pair);
    let mut saved = 0;
    // Numbers that no pair of the plan has.
    for fresh in (0..=u32::MAX).rev() {
        let Some(pair) = next else { break };
        replace(&mut words, pair, available.find(pair).map_or(Token::Product(fresh), Token::Factor));
        let (most, equal) = best(&words, available);
        saved += most;
        next = equal.first().copied();
    }
    saved
}

/// Puts a token in the place of a pair, wherever that occurs.
fn replace(words: &mut [Vec<Token>], pair: [Token; 2], token: Token) {
    for word in words {
        while let Some([i, j]) = positions(word, pair) {
            word.remove(j);
            word.remove(i);
            word.push(token);
            word.sort_unstable();
        }
    }
}

fn positions(word: &[Token], pair: [Token; 2]) -> Option<[usize; 2]> {
    let i = word.iter().position(|t| *t == pair[0])?;
    let j = word.iter().enumerate().position(|(j, t)| j != i && *t == pair[1])?;
    Some([i.min(j), i.max(j)])
}
