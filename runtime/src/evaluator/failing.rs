//! Rows of which some may fail: there the numbers are nan, and the first failure is told. For layers of networks, which
//! go on.

use super::{
    CallError, Interpreter, StringProgram,
    inputs::Input,
    rows::{Asked, Ran, in_waves},
};
use crate::{answer::Answer, paths::groups::Waiting};
use scheme_core::{
    diag::{Code, Diagnostic},
    kernel::Declared,
};
use std::fmt;

/// What a program is to give in every row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A number.
    Number,
    /// A vector of so many numbers.
    Vector(usize),
    /// A matrix of so many rows and columns.
    Matrix(usize, usize),
}

impl Form {
    fn count(self) -> usize {
        match self {
            Self::Number => 1,
            Self::Vector(count) => count,
            Self::Matrix(rows, cols) => rows * cols,
        }
    }

    fn is_of(self, answer: &Answer) -> bool {
        match (self, answer) {
            (Self::Number, Answer::Number(_)) => true,
            (Self::Vector(count), Answer::Numbers(numbers)) => numbers.len() == count,
            (Self::Matrix(rows, cols), Answer::Matrix(all)) => {
                all.len() == rows && all.iter().all(|row| row.len() == cols)
            }
            _ => false,
        }
    }

    /// The sum of the numbers of `value`, each times one of as many weights, as a program; of a number there is one.
    fn weighted(self, value: &str, weights: &[String]) -> String {
        match self {
            Self::Number => format!("(* {} {value})", weights.join(" ")),
            Self::Vector(_) => format!("(dot (vec {}) {value})", weights.join(" ")),
            Self::Matrix(_, cols) => {
                let row = |row: &[String]| format!("[{}]", row.join(" "));
                let weights: Vec<String> = weights.chunks(cols.max(1)).map(row).collect();
                format!("(vsum (matvec (* (mat {}) {value}) (ones {cols})))", weights.join(" "))
            }
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number => f.write_str("a number"),
            Self::Vector(1) => f.write_str("a vector of 1 number"),
            Self::Vector(count) => write!(f, "a vector of {count} numbers"),
            Self::Matrix(rows, cols) => write!(f, "a matrix of {rows} by {cols}"),
        }
    }
}

/// A row that has no value.
#[derive(Clone, PartialEq, Debug)]
pub struct RowFailure {
    /// Which, counted from 0.
    pub row: usize,
    /// Why.
    pub error: CallError,
}

impl fmt::Display for RowFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in row {}: {}", self.row + 1, self.error)
    }
}

impl std::error::Error for RowFailure {}

/// Inputs by name: columns, which have a number for each row, and constants, which all rows share.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) columns: &'a [(&'a str, &'a [f64])],
    pub(crate) constants: &'a [(&'a str, f64)],
}

impl StringProgram {
    /// Whether these are the names of its inputs, and its value has the form where all columns are 1, if it has one there.
    pub(crate) fn check_form(
        &self,
        form: Form,
        columns: &[&str],
        constants: &[(&str, f64)],
    ) -> Result<(), CallError> {
        let inputs: Vec<(&str, f64)> =
            columns.iter().map(|name| (*name, 1.0)).chain(constants.iter().copied()).collect();
        let answers: Vec<(&str, Answer)> = inputs.iter().map(|(name, x)| (*name, (*x).into())).collect();
        self.given(&answers, &[]).map_err(|error| match self.array_among(columns) {
            Some(hint) if error.code == Code::Shape => self.error(error.into_finding().hint(hint)),
            _ => error,
        })?;
        match self.call(&inputs) {
            Ok(answer) => self.in_form(form, &answer).map(drop),
            // That it fails there says nothing of other rows.
            Err(_) => Ok(()),
        }
    }

    /// What to write where an input that is to be a column is declared to be an array.
    fn array_among(&self, columns: &[&str]) -> Option<String> {
        let mut inputs = self.inputs.iter().filter(|input| columns.contains(&&*input.name));
        inputs.find_map(|Input { name, declared, .. }| {
            let row = |first: String, last: String| format!("{first} … {last}");
            let array = match *declared.as_ref()? {
                Declared::Vector(n) => {
                    format!("(vec {})", row(format!("{name}0"), format!("{name}{}", n.saturating_sub(1))))
                }
                Declared::Matrix(_, cols) => {
                    let last = cols.saturating_sub(1);
                    format!("(mat [{}] …)", row(format!("{name}00"), format!("{name}0{last}")))
                }
                Declared::Real | Declared::Bool | Declared::Procedure(_) => return None,
            };
            Some(format!(
                "a column has a number in each row: give a column for each of its numbers, and write \
                 (define {name} {array}) in place of the declaration"
            ))
        })
    }

    /// The numbers of a value that has the form.
    fn in_form(&self, form: Form, answer: &Answer) -> Result<Vec<f64>, CallError> {
        let mut numbers = Vec::new();
        if form.is_of(answer) {
            answer.each_number(&mut |x| numbers.push(x));
            return Ok(numbers);
        }
        let message = format!("the layer gives {form}, but the program's value is {answer}");
        let code = if answer.numbers().is_some() { Code::Shape } else { Code::WrongType };
        let hint = "a number has a layer of `R`, `(vec a b)` one of `[R; 2]`, `(mat [a b] [c d])` one of `[[R; 2]; 2]`";
        Err(self.error(Diagnostic::new(code, self.whole(), message).hint(hint)))
    }

    /// The numbers of its values over rows, a column for each.
    pub(crate) fn numbers_over(
        &self,
        form: Form,
        Named { columns, constants }: Named<'_>,
    ) -> Result<(Vec<Vec<f64>>, Option<RowFailure>), CallError> {
        let asked = self.asked(None, columns, constants)?;
        let rows = asked.table.rows;
        let mut to = vec![vec![f64::NAN; rows]; form.count()];
        let (groups, mut left) = self.on_paths(&asked, vec![Waiting::ALL]);
        // A later group has the last word on a row. What is of another form the evaluator is to say.
        let mut others = vec![false; rows];
        for group in &groups {
            let fits = form.is_of(&group.path.answer(&[]));
            group.rows(rows).for_each(|row| others[row] = !fits);
            for (to, from) in to.iter_mut().zip(&group.columns) {
                group.rows(rows).zip(from).for_each(|(row, x)| to[row] = *x);
            }
        }
        left.iter().for_each(|row| others[*row] = true);
        left = (0..rows).filter(|row| others[*row]).collect();
        let ran = in_waves(left, |row| {
            let numbers = self.alone(&asked, &[], row).and_then(|(answer, _)| self.in_form(form, &answer));
            Ok((row, numbers))
        })?;
        let mut failure = None;
        for (row, numbers) in ran {
            let numbers = numbers.unwrap_or_else(|error| {
                failure.get_or_insert(RowFailure { row, error });
                vec![f64::NAN; form.count()]
            });
            to.iter_mut().zip(numbers).for_each(|(to, x)| to[row] = x);
        }
        Ok((to, failure))
    }

    /// Its values, which are numbers, over rows, and for each input named the derivatives by it.
    pub(crate) fn partials_over(
        &self,
        by: &[&str],
        Named { columns, constants }: Named<'_>,
    ) -> Result<(Vec<f64>, Vec<Vec<f64>>, Option<RowFailure>), CallError> {
        let asked = self.asked(Some(by), columns, constants)?;
        let mut failure = None;
        let (values, gradient) = self.partials(&asked, |left| {
            let (ran, first) = self.over_failing_rows(&asked, by, left)?;
            failure = first;
            Ok(ran)
        })?;
        Ok((values, gradient, failure))
    }

    /// Runs rows on their way; those that fail give nan.
    fn over_failing_rows(
        &self,
        asked: &Asked<'_>,
        by: &[&str],
        waiting: Vec<Waiting>,
    ) -> Result<(Ran, Option<RowFailure>), CallError> {
        let (groups, left) = self.on_paths(asked, waiting);
        let ran = in_waves(left, |row| Ok((row, self.alone(asked, by, row))))?;
        let mut failure = None;
        let others = ran.into_iter().map(|(row, ran)| match ran {
            Ok((value, slopes)) => (row, value, slopes),
            Err(error) => {
                failure.get_or_insert(RowFailure { row, error });
                (row, Answer::Number(f64::NAN), vec![f64::NAN; asked.width()])
            }
        });
        let others = others.collect();
        Ok((Ran { groups, others }, failure))
    }

    /// The sum of the numbers of its value, which has the form, each times an input of the result: its gradient is the
    /// vector-Jacobian product. With the names of those inputs.
    pub(crate) fn weighted(&self, form: Form) -> Result<(Self, Vec<String>), CallError> {
        let unused = |mut name: String| {
            while self.has_input(&name) || self.param(&name).is_some() {
                name.push('*');
            }
            name
        };
        let weights: Vec<String> = (0..form.count()).map(|i| unused(format!("cotangent-{i}"))).collect();
        let value = unused("value".to_string());
        let text = form.weighted(&value, &weights);
        let interpreter: &Interpreter = &self.interpreter;
        let weighted = interpreter.load(&text).and_then(|dot| dot.substitute(&value, self));
        match weighted {
            Ok(weighted) => Ok((weighted, weights)),
            Err(error) => {
                let finding = error.into_findings().into_iter().next();
                let message = finding.map_or(String::new(), |finding| finding.message);
                let message = format!("the program has no derivative of its numbers together: {message}");
                Err(self.error(Diagnostic::new(Code::BadForm, self.whole(), message)))
            }
        }
    }
}
