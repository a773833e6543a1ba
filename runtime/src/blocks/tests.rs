//! Every row against a single evaluation, to the bit, on random traces of all rows of the table.

use super::*;
use scheme_core::{
    prim::{Numeric, Scalar},
    trace::{Bits, Must, Slot},
};

/// Numbers as they come (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % n.max(1)
    }

    fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// An ordinary number, or one at an edge.
    fn number(&mut self) -> f64 {
        const EDGES: [f64; 16] = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            2.0,
            3.0,
            -2.5,
            1e-310,
            1e300,
            -1e308,
            4503599627370497.0,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            f64::MIN_POSITIVE,
        ];
        match self.below(3) {
            0 => self.one_of(&EDGES),
            1 => self.below(9) as f64 - 4.0,
            _ => (self.below(2_000_001) as f64 - 1e6) * 0.9e-5,
        }
    }

    /// A trace with some rows, guards of which some are broken in some rows, and results of every kind.
    fn trace(&mut self, rows: &[Numeric], inputs: usize, operations: usize, guards: usize) -> Trace {
        let mut trace = Trace::new(inputs as u32);
        let mut numbers: Vec<Slot> = (0..inputs as u32).map(Slot::value).collect();
        let mut truths = Vec::new();
        while trace.len() < operations {
            let row = self.one_of(rows);
            let types = row.row().operands;
            let many = matches!(row, Numeric::Min | Numeric::Max);
            let count = if many { 1 + self.below(4) } else { types.len() };
            let operand = |i: usize| match types.get(i) {
                Some(Scalar::Bool) if truths.is_empty() => Some(trace.constant(1.0)),
                Some(Scalar::Bool) => Some(self.one_of(&truths)),
                _ if self.below(5) == 0 => Some(trace.constant(self.number())),
                // Mostly the last ones, for depth.
                _ if self.below(2) == 0 => numbers.last().copied(),
                _ => Some(self.one_of(&numbers)),
            };
            let operands: Vec<Slot> = (0..count).filter_map(operand).collect();
            let slot = trace.push(row, &operands, 0);
            match row.row().result {
                Scalar::Bool => truths.push(slot),
                _ => numbers.push(slot),
            }
        }
        for _ in 0..guards {
            match (self.below(3), &truths[..]) {
                (0, _) | (_, []) => {
                    let slot = self.one_of(&numbers);
                    let bits = Bits::of(self.number());
                    // As a constant it holds of most rows that are like it.
                    trace.guard(slot, Must::Equal(bits), 0);
                }
                (_, truths) => {
                    let (slot, expected) = (self.one_of(truths), self.below(2) == 0);
                    trace.guard(slot, Must::Be(expected), 0);
                }
            }
        }
        let constant = trace.constant(self.number());
        let mut results = vec![Slot::value(0), constant];
        results.extend((0..4).map(|_| self.one_of(&numbers)));
        results.extend(truths.first());
        trace.give(results);
        trace
    }
}

/// A number of the kind.
fn number<E: Number>(x: f64) -> E {
    E::lit(x)
}

fn same<E: Number>(a: E, b: E) -> bool {
    let (a, b): (f64, f64) = (a.into(), b.into());
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// How many rows broke a guard, and how many results were numbers.
#[derive(Default)]
struct Seen {
    broken: usize,
    numbers: usize,
    rows: usize,
}

/// Runs the trace and compares each row with a single evaluation.
fn check<E: Number>(trace: &Trace, level: Level, data: &[Column<'_, E>], rows: Rows<'_>, what: &str) -> Seen {
    check_stored::<E, E>(trace, level, data, rows, what)
}

/// The same where columns hold the numbers so.
fn check_stored<E: Number, S: Number + Stored<E>>(
    trace: &Trace,
    level: Level,
    data: &[Column<'_, S>],
    rows: Rows<'_>,
    what: &str,
) -> Seen {
    let mut seen = Seen { rows: rows.count(), ..Seen::default() };
    let uniform: Vec<bool> = data.iter().map(|column| matches!(column, Column::All(_))).collect();
    let blocks = Blocks::new(trace, &uniform);
    let mut columns = vec![vec![S::lit(7.0); rows.count()]; trace.results().len()];
    let outputs = columns.iter_mut().map(|column| Output::Each(column)).collect();
    let broken =
        blocks.run_at::<E, S>(level, rows, data, outputs, 1).unwrap_or_else(|error| panic!("{error}"));
    let numbers: Vec<usize> = match rows {
        Rows::All(rows) => (0..rows).collect(),
        Rows::These(rows) => rows.to_vec(),
    };
    for (position, row) in numbers.into_iter().enumerate() {
        let inputs = data.iter().map(|column| match column {
            Column::Each(column) => column[row].read(),
            Column::All(x) => x.read(),
        });
        match trace.evaluate(&inputs.collect::<Vec<E>>()) {
            Err(guard) => {
                seen.broken += 1;
                assert_eq!(broken.first(position), Some(guard as u32), "{what}, row {row}\n{trace}");
            }
            Ok(expected) => {
                assert_eq!(broken.first(position), None, "{what}, row {row}\n{trace}");
                for (k, (column, expected)) in columns.iter().zip(expected).enumerate() {
                    let (found, expected) = (column[position], S::write(expected));
                    seen.numbers += usize::from(!expected.is_nan());
                    assert!(
                        same(found, expected),
                        "{what}, row {row}, result {k}: {found:?}, not {expected:?}\n{trace}"
                    );
                }
            }
        }
    }
    seen
}

fn random_traces<E: Number, S: Number + Stored<E>>(table: &[Numeric], seed: u64, traces: usize) {
    let mut all = Seen::default();
    let mut random = Random(seed);
    let levels = [Level::Common, Level::Avx2, Level::Avx512];
    for round in 0..traces {
        let inputs = 1 + random.below(5);
        let (operations, guards) = (1 + random.below(60), random.below(4));
        let trace = random.trace(table, inputs, operations, guards);
        let rows = [0, 1, 7, 8, 14, 63, 64, 65, 200, 1000][round % 10];
        let data: Vec<Vec<S>> =
            (0..inputs).map(|_| (0..rows.max(1)).map(|_| number(random.number())).collect()).collect();
        let mixed: Vec<Column<'_, S>> =
            data.iter()
                .map(|column| {
                    if random.below(3) == 0 { Column::All(column[0]) } else { Column::Each(&column[..rows]) }
                })
                .collect();
        let level = levels[round / 10 % 3];
        let seen = check_stored::<E, S>(
            &trace,
            level,
            &mixed,
            Rows::All(rows),
            &format!("trace {round}, {level:?}"),
        );
        all.broken += seen.broken;
        all.numbers += seen.numbers;
        all.rows += seen.rows;
        if rows > 0 {
            let listed: Vec<usize> = (0..random.below(2 * rows)).map(|_| random.below(rows)).collect();
            check_stored::<E, S>(
                &trace,
                level,
                &mixed,
                Rows::These(&listed),
                &format!("trace {round}, {level:?}, listed"),
            );
        }
    }
    // Guards were broken in many rows and held in many, whose results were mostly numbers.
    let Seen { broken, numbers, rows } = all;
    assert!(
        broken > rows / 10 && rows - broken > rows / 10 && numbers > rows,
        "{broken}, {numbers} of {rows}"
    );
}

#[test]
fn every_row_is_a_single_evaluation() {
    random_traces::<f64, f64>(Numeric::ALL, 0x9e37_79b9_7f4a_7c15, 300);
}

/// Operations that become steps with one another, and comparisons for guards.
const ARITHMETIC: [Numeric; 9] = [
    Numeric::Add,
    Numeric::Sub,
    Numeric::Mul,
    Numeric::Mul,
    Numeric::Div,
    Numeric::Square,
    Numeric::Neg,
    Numeric::Recip,
    Numeric::Less,
];

#[test]
fn every_row_of_arithmetic_is_a_single_evaluation() {
    random_traces::<f64, f64>(&ARITHMETIC, 0xbb67_ae85_84ca_a73b, 300);
    random_traces::<f32, f32>(&ARITHMETIC, 0x3c6e_f372_fe94_f82b, 300);
}

#[test]
fn every_row_is_a_single_evaluation_in_single_precision() {
    random_traces::<f32, f32>(Numeric::ALL, 0xd1b5_4a32_d192_ed03, 300);
}

#[test]
fn every_row_is_a_single_evaluation_of_doubles_in_single_precision() {
    random_traces::<f32, f64>(Numeric::ALL, 0x6a09_e667_f3bc_c909, 300);
}

/// Each row of the table alone, on many numbers, at each level.
fn rows_of_the_table<E: Number>() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for row in Numeric::ALL {
        let types = row.row().operands;
        let count = types.len().max(2);
        let mut trace = Trace::new(count as u32);
        let operand = |(i, ty): (u32, &Scalar)| match ty {
            Scalar::Bool => trace.push(Numeric::IsPositive, &[Slot::value(i)], 0),
            _ => Slot::value(i),
        };
        let operands: Vec<Slot> = (0..).zip(types).map(operand).collect();
        let y = trace.push(*row, &operands, 0);
        trace.give(vec![y]);
        let data: Vec<Vec<E>> =
            (0..count).map(|_| (0..777).map(|_| number(random.number())).collect()).collect();
        for level in [Level::Common, Level::Avx2, Level::Avx512] {
            for uniform in 0..1 << count {
                let column = |(i, column): (usize, &'_ Vec<E>)| match uniform >> i & 1 {
                    1 => Column::All(column[i]),
                    _ => Column::Each(&data[i][..]),
                };
                let columns: Vec<Column<'_, E>> = data.iter().enumerate().map(column).collect();
                check(&trace, level, &columns, Rows::All(777), &format!("{row:?}, {level:?}, {uniform}"));
            }
        }
    }
}

#[test]
fn rows_have_equal_bits_at_every_level() {
    rows_of_the_table::<f64>();
    rows_of_the_table::<f32>();
}

/// Each row of arithmetic on what another one gives, as whichever operand, with numbers that are uniform or not.
fn pairs_of_rows<E: Number>() {
    const ROWS: [(Numeric, usize); 7] = [
        (Numeric::Add, 2),
        (Numeric::Sub, 2),
        (Numeric::Mul, 2),
        (Numeric::Div, 2),
        (Numeric::Square, 1),
        (Numeric::Neg, 1),
        (Numeric::Recip, 1),
    ];
    let mut random = Random(0x1357_9bdf_0246_8ace);
    let data: Vec<Vec<E>> = (0..3).map(|_| (0..77).map(|_| number(random.number())).collect()).collect();
    let [x, y, z] = [0, 1, 2].map(Slot::value);
    let levels = [Level::Common, Level::Avx2, Level::Avx512];
    for (first, one) in ROWS {
        for (then, two) in ROWS {
            for left in [true, false] {
                let mut trace = Trace::new(3);
                let t = trace.push(first, &[x, y][..one], 0);
                let operands = if left { [t, z] } else { [z, t] };
                let operands = if two == 1 { &operands[usize::from(!left)..][..1] } else { &operands[..] };
                let value = trace.push(then, operands, 0);
                trace.give(vec![value]);
                for uniform in 0..8 {
                    let column = |i: usize| match uniform >> i & 1 {
                        1 => Column::All(data[i][uniform]),
                        _ => Column::Each(&data[i][..]),
                    };
                    let columns: Vec<Column<'_, E>> = (0..3).map(column).collect();
                    for level in levels {
                        let what = format!("{then:?} of {first:?}, {left}, {uniform}, {level:?}");
                        check(&trace, level, &columns, Rows::All(77), &what);
                    }
                }
            }
        }
    }
}

#[test]
fn pairs_are_rounded_twice() {
    pairs_of_rows::<f64>();
    pairs_of_rows::<f32>();
}

/// Results of a few operations of arithmetic, that are so many steps: the operations' operands are five inputs, and behind them operations.
fn shapes() -> Vec<(Vec<(Numeric, [u32; 2])>, usize)> {
    use Numeric::{Add, Div, Mul, Sub};
    let mut shapes = Vec::new();
    for row in [Add, Sub] {
        // Two products, also of equal numbers.
        shapes.push((vec![(Mul, [0, 1]), (Mul, [2, 3]), (row, [5, 6])], 1));
        shapes.push((vec![(Mul, [0, 1]), (Mul, [3, 3]), (row, [5, 6])], 1));
        // One of them has three factors; some read the same number.
        for factors in [[2, 3], [1, 3], [3, 1], [0, 3], [3, 0]] {
            for sides in [[5, 7], [7, 5]] {
                let products = [(Mul, [0, 1]), (Mul, factors), (Mul, [6, 4])];
                shapes.push(([&products[..], &[(row, sides)]].concat(), 1));
            }
        }
        // One of them alone.
        for sides in [[4, 6], [6, 4]] {
            shapes.push((vec![(Mul, [0, 1]), (Mul, [5, 2]), (row, sides)], 1));
        }
        // A sum or difference, times a product.
        for product in [[2, 3], [1, 3], [3, 1], [0, 3]] {
            for sides in [[5, 6], [6, 5]] {
                shapes.push((vec![(row, [0, 1]), (Mul, product), (Mul, sides)], 1));
            }
        }
        // What two read is computed by both.
        for sides in [[5, 4], [4, 5]] {
            for sum in [[6, 7], [7, 6]] {
                let operations = [(Mul, [0, 1]), (Mul, [2, 3]), (Mul, sides), (row, sum), (Add, [5, 2])];
                shapes.push(([&operations[..], &[(Numeric::Max, [8, 9])]].concat(), 3));
            }
        }
    }
    shapes.push((vec![(Sub, [0, 1]), (Mul, [2, 3]), (Div, [5, 6])], 1));
    shapes
}

/// Each of the shapes, of numbers that are uniform or not.
fn shapes_of_rows<E: Number>() {
    let mut random = Random(0x0f1e_2d3c_4b5a_6978);
    let data: Vec<Vec<E>> = (0..5).map(|_| (0..77).map(|_| number(random.number())).collect()).collect();
    for (operations, steps) in shapes() {
        let mut trace = Trace::new(5);
        for (row, operands) in &operations {
            trace.push(*row, &operands.map(Slot::value), 0);
        }
        trace.give(vec![Slot::value(4 + operations.len() as u32)]);
        let found = Blocks::new(&trace, &[]).program.each.steps.len();
        assert_eq!(found, steps, "{trace}");
        for uniform in 0..32 {
            let column = |i: usize| match uniform >> i & 1 {
                1 => Column::All(data[i][uniform]),
                _ => Column::Each(&data[i][..]),
            };
            let columns: Vec<Column<'_, E>> = (0..5).map(column).collect();
            for level in [Level::Common, Level::Avx2, Level::Avx512] {
                check(&trace, level, &columns, Rows::All(77), &format!("{uniform}, {level:?}"));
            }
        }
    }
}

#[test]
fn each_row_of_a_step_is_rounded() {
    shapes_of_rows::<f64>();
    shapes_of_rows::<f32>();
}

#[test]
fn what_two_read_is_computed_by_both() {
    let both = logistic(100);
    // Of the map one step on the way there, whose number the way back reads, and three back; but for the first and the last.
    let program = Blocks::new(&both, &[]).program;
    let tests = both.guards().len();
    assert!(program.each.steps.len() <= 400 + tests && program.each.slots <= 104, "{program:?}");
    let [rates, starts]: [Vec<f64>; 2] =
        [3.1, 0.2].map(|low| (0..200).map(|i| low + f64::from(i) * 1e-3).collect());
    let columns = [Column::Each(&rates[..]), Column::Each(&starts[..])];
    check(&both, Level::WIDEST, &columns, Rows::All(200), "logistic map");
}

/// So many steps of the logistic map, while its number is below 2, with the derivatives by both inputs.
fn logistic(steps: usize) -> Trace {
    let mut trace = Trace::new(2);
    let [r, mut x] = [0, 1].map(Slot::value);
    let [one, two] = [1.0, 2.0].map(|x| trace.constant(x));
    for _ in 0..steps {
        let test = trace.push(Numeric::Less, &[x, two], 0);
        trace.guard(test, Must::Be(true), 0);
        let rest = trace.push(Numeric::Sub, &[one, x], 0);
        let rate = trace.push(Numeric::Mul, &[r, x], 0);
        x = trace.push(Numeric::Mul, &[rate, rest], 0);
    }
    trace.give(vec![x]);
    trace.with_gradient(0, &[0, 1]).expect("a number")
}

#[test]
fn what_waits_long_is_computed_again() {
    // Also where blocks would not be narrow, if it is near then.
    let [near, trace] = [1000, 3000].map(logistic);
    for trace in [&near, &trace] {
        let program = Blocks::new(trace, &[]).program;
        assert!(program.each.slots < 300 && program.vectors == 64, "{} slots", program.each.slots);
    }
    // Some start at numbers that leave.
    let rates: Vec<f64> = (0..70).map(|i| 3.1 + f64::from(i) * 1e-3).collect();
    let starts: Vec<f64> =
        (0..70).map(|i| if i % 9 == 4 { 2.5 } else { 0.2 + f64::from(i) * 1e-3 }).collect();
    let columns = [Column::Each(&rates[..]), Column::Each(&starts[..])];
    let seen = check(&trace, Level::WIDEST, &columns, Rows::All(70), "logistic map");
    assert!(seen.broken == 8 && seen.numbers > 180);
    // Whatever comes again gives the same, in any trace.
    let mut random = Random(0x510e_527f_ade6_82d1);
    let (mut longer, mut held) = (0, 0);
    for round in 0..200 {
        let trace = random.trace(if round % 2 == 0 { &ARITHMETIC } else { Numeric::ALL }, 3, 80, round % 3);
        let other = again::again(&trace);
        longer += usize::from(other.len() > trace.len());
        for _ in 0..5 {
            let x = [(); 3].map(|()| random.number());
            let bits = |found: Vec<f64>| found.into_iter().map(Bits::of).collect::<Vec<_>>();
            let [found, expected] = [&other, &trace].map(|trace| trace.evaluate(&x).map(bits));
            held += usize::from(expected.is_ok());
            assert_eq!(found, expected, "{x:?}\n{trace}");
        }
    }
    assert!(longer > 50 && held > 300, "{longer} {held}");
}

#[test]
fn what_belongs_together_is_one_step() {
    let mut trace = Trace::new(2);
    let [x, y] = [0, 1].map(Slot::value);
    let (sin, cos) = (trace.push(Numeric::Sin, &[x], 0), trace.push(Numeric::Cos, &[x], 0));
    let test = trace.push(Numeric::Less, &[cos, y], 0);
    trace.guard(test, Must::Be(true), 0);
    let product = trace.push(Numeric::Mul, &[sin, cos], 0);
    let negated = trace.push(Numeric::Neg, &[product], 0);
    trace.give(vec![negated, cos]);
    // Sine and cosine, comparison and guard, product and negation.
    assert_eq!(Blocks::new(&trace, &[]).program.each.steps.len(), 3);
    let x: Vec<f64> = (0..100).map(|i| f64::from(i) * 0.1).collect();
    let y: Vec<f64> = (0..100).map(|i| f64::from(i % 7) * 0.2).collect();
    let seen = check(&trace, Level::WIDEST, &[Column::Each(&x), Column::Each(&y)], Rows::All(100), "angles");
    assert!(seen.broken > 10 && seen.numbers > 100);
    let seen = check(&trace, Level::WIDEST, &[Column::Each(&x), Column::All(0.5)], Rows::All(100), "angles");
    assert!(seen.broken > 10 && seen.numbers > 100);
}

/// `(- x (* mu (exp x)))` where it is below 20, and `(/ x mu)`.
fn two_results() -> Trace {
    two_results_and(0)
}

/// The same, with `x` added so many times to the second.
fn two_results_and(additions: usize) -> Trace {
    let mut trace = Trace::new(2);
    let (x, mu) = (Slot::value(0), Slot::value(1));
    let power = trace.push(Numeric::Exp, &[x], 0);
    let product = trace.push(Numeric::Mul, &[mu, power], 0);
    let difference = trace.push(Numeric::Sub, &[x, product], 0);
    let limit = trace.constant(20.0);
    let test = trace.push(Numeric::Less, &[difference, limit], 0);
    trace.guard(test, Must::Be(true), 0);
    let mut ratio = trace.push(Numeric::Div, &[x, mu], 0);
    for _ in 0..additions {
        ratio = trace.push(Numeric::Add, &[ratio, x], 0);
    }
    trace.give(vec![difference, ratio]);
    trace
}

#[test]
fn results_do_not_depend_on_threads_or_levels() {
    // Long enough for threads to be worth it.
    let trace = two_results_and(64);
    let blocks = Blocks::new(&trace, &[false, true]);
    let x: Vec<f64> = (0..30_001).map(|i| f64::from(i) * 1e-3 - 15.0).collect();
    let mu = -1e-4;
    for rows in [0, 1, 1023, 1024, 1025, 8192, 30_001] {
        let x = &x[..rows];
        let columns = [Column::Each(x), Column::All(mu)];
        let (mut value, mut ratio) = (vec![0.0; rows], vec![0.0; rows]);
        let outputs = vec![Output::Each(&mut value), Output::Each(&mut ratio)];
        let broken = blocks.run(Rows::All(rows), &columns, outputs, 1).expect("fits");
        let whole: Vec<bool> = (0..rows).map(|row| broken.first(row).is_none()).collect();
        assert!(rows < 30_000 || whole.contains(&false));
        // What stands for rows that break a guard is unspecified.
        let kept = |column: &[f64]| -> Vec<f64> {
            column.iter().zip(&whole).map(|(y, whole)| if *whole { *y } else { 0.0 }).collect()
        };
        let (total, ratios) = (sum(&kept(&value)), sum(&kept(&ratio)));
        for threads in [1, 2, 3, 7, 0] {
            let mut again = vec![0.0; rows];
            let mut found = 0.0;
            let outputs = vec![Output::Sum(&mut found), Output::Each(&mut again)];
            assert_eq!(blocks.run(Rows::All(rows), &columns, outputs, threads).as_ref(), Ok(&broken));
            assert_eq!(found.to_bits(), total.to_bits(), "{rows} rows, {threads} threads");
            assert!(kept(&again) == kept(&ratio), "{rows} rows, {threads} threads");
            let listed: Vec<usize> = (0..rows).collect();
            let (mut first, mut second) = (0.0, 0.0);
            let outputs = vec![Output::Sum(&mut first), Output::Sum(&mut second)];
            assert_eq!(blocks.run(Rows::These(&listed), &columns, outputs, threads).as_ref(), Ok(&broken));
            assert_eq!((first.to_bits(), second.to_bits()), (total.to_bits(), ratios.to_bits()));
        }
        for level in [Level::Common, Level::Avx2] {
            let (mut first, mut second) = (0.0, 0.0);
            let outputs = vec![Output::Sum(&mut first), Output::Sum(&mut second)];
            assert_eq!(
                blocks.run_at::<f64, f64>(level, Rows::All(rows), &columns, outputs, 2).as_ref(),
                Ok(&broken)
            );
            assert_eq!((first.to_bits(), second.to_bits()), (total.to_bits(), ratios.to_bits()));
        }
    }
}

#[test]
fn sums_do_not_depend_on_the_size_of_blocks() {
    let column: Vec<f64> = (0..3500).map(|i| f64::from(i).sin()).collect();
    let single: Vec<f32> = column.iter().map(|x| *x as f32).collect();
    let mut sizes = Vec::new();
    // The more numbers wait, the smaller blocks are.
    for waiting in [1, 1100, 2100, 4200] {
        let mut trace = Trace::new(1);
        let mut numbers = vec![Slot::value(0)];
        for i in 0..waiting {
            let low = trace.constant(-2.0 - f64::from(i));
            numbers.push(trace.push(Numeric::Max, &[Slot::value(0), low], 0));
        }
        let last = numbers.into_iter().reduce(|a, b| trace.push(Numeric::Max, &[a, b], 0));
        trace.give(last.into_iter().collect());
        let blocks = Blocks::new(&trace, &[]);
        sizes.push(blocks.program.vectors);
        let (mut total, mut of_single) = (0.0, 0.0);
        let outputs = vec![Output::Sum(&mut total)];
        blocks.run(Rows::All(3500), &[Column::Each(&column[..])], outputs, 1).expect("fits");
        assert_eq!(total.to_bits(), sum(&column).to_bits(), "{waiting}");
        let outputs = vec![Output::Sum(&mut of_single)];
        blocks.run(Rows::All(3500), &[Column::Each(&single[..])], outputs, 1).expect("fits");
        assert_eq!(of_single.to_bits(), sum(&single).to_bits(), "{waiting}");
    }
    assert_eq!(sizes, [64, 32, 16, 8]);
}

#[test]
fn sums_of_single_precision_are_in_double() {
    let trace = two_results();
    let blocks = Blocks::new(&trace, &[false, true]);
    let x: Vec<f32> = (0..5003).map(|i| i as f32 * 1e-3).collect();
    let columns = [Column::Each(&x[..]), Column::All(0.7f32)];
    let mut value = vec![0.0f32; x.len()];
    let mut total = 0.0;
    let outputs = vec![Output::Each(&mut value), Output::Sum(&mut total)];
    assert_eq!(blocks.run(Rows::All(x.len()), &columns, outputs, 2), Ok(Broken::default()));
    assert_eq!(total, sum(&x.iter().map(|x| x / 0.7).collect::<Vec<f32>>()));
}

#[test]
fn columns_that_no_cache_holds_give_the_same() {
    let mut trace = Trace::new(2);
    let [x, k] = [0, 1].map(Slot::value);
    let product = trace.push(Numeric::Mul, &[x, k], 0);
    let below = trace.push(Numeric::Less, &[x, k], 0);
    trace.guard(below, Must::Be(true), 0);
    trace.give(vec![product]);
    let blocks = Blocks::new(&trace, &[]);
    // 24 MiB, and a last block that is not whole.
    let rows = (1 << 20) + 1003;
    let columns = [3, 7].map(|seed| (0..rows).map(|i| f64::from(i * seed % 1009)).collect::<Vec<f64>>());
    let given = columns.each_ref().map(|column| Column::Each(&column[..]));
    let mut results = vec![0.0; columns[0].len()];
    assert!(ahead::is_far(&given, 1));
    let broken = blocks.run(Rows::All(results.len()), &given, vec![Output::Each(&mut results)], 1);
    let mut leaving = broken.as_ref().expect("fits").rows().iter().map(|(row, _)| *row).peekable();
    let [x, k] = &columns;
    for (row, result) in results.iter().enumerate() {
        if leaving.next_if_eq(&row).is_some() {
            assert!(x[row] >= k[row], "{row}");
        } else {
            assert!(x[row] < k[row] && *result == x[row] * k[row], "{row}");
        }
    }
}

#[test]
fn a_uniform_guard_is_broken_in_every_row() {
    let mut trace = Trace::new(2);
    trace.guard(Slot::value(0), Must::Equal(Bits::of(1.0)), 0);
    trace.guard(Slot::value(1), Must::Equal(Bits::of(2.0)), 0);
    trace.guard(Slot::value(0), Must::Equal(Bits::of(1.0)), 0);
    trace.give(vec![Slot::value(0)]);
    let blocks = Blocks::new(&trace, &[false, true]);
    let x = [1.0, 5.0, 1.0];
    let run = |second: f64| {
        let mut total = 0.0;
        let columns = [Column::Each(&x[..]), Column::All(second)];
        let broken = blocks.run(Rows::All(3), &columns, vec![Output::Sum(&mut total)], 1).expect("fits");
        (broken, total)
    };
    let (broken, total) = run(2.0);
    assert_eq!((broken.all(), broken.rows(), total), (None, &[(1, 0)][..], 2.0));
    let (broken, total) = run(3.0);
    assert_eq!((broken.all(), broken.rows(), total), (Some(1), &[(1, 0)][..], 0.0));
    assert_eq!([0, 1, 2].map(|row| broken.first(row)), [Some(1), Some(0), Some(1)]);
}

#[test]
fn gradients_are_results() {
    let trace = two_results();
    let both = trace.with_gradient(0, &[0, 1]).expect("a number");
    let x: Vec<f64> = (0..100).map(|i| f64::from(i) * 0.02).collect();
    check(&both, Level::WIDEST, &[Column::Each(&x[..]), Column::All(0.5)], Rows::All(100), "gradient");
}

#[test]
fn what_does_not_fit_is_told() {
    let blocks = Blocks::new(&two_results(), &[false, true]);
    let x = [1.0, 2.0];
    let good = [Column::Each(&x[..]), Column::All(1.0)];
    let run = |rows: Rows<'_>, columns: &[Column<'_, f64>], results: usize, places: usize| {
        let mut memory = vec![vec![0.0; places]; results];
        blocks.run(rows, columns, memory.iter_mut().map(|column| Output::Each(column)).collect(), 1)
    };
    let cases = [
        (run(Rows::All(2), &good[..1], 2, 2), "1 columns for 2 inputs"),
        (run(Rows::All(3), &good, 2, 3), "the column of input 0 has 2 rows, 3 are needed"),
        (run(Rows::These(&[0, 5]), &good, 2, 2), "the column of input 0 has 2 rows, 6 are needed"),
        (run(Rows::All(2), &[good[0]; 2], 2, 2), "input 1 is uniform: it takes a number, not a column"),
        (run(Rows::All(2), &good, 1, 2), "1 outputs for 2 results"),
        (run(Rows::All(2), &good, 2, 1), "the output of result 0 has 1 places for 2 rows"),
    ];
    for (found, expected) in cases {
        assert_eq!(found.map_err(|error| error.to_string()), Err(expected.to_string()));
    }
}
