use scheme_runtime::*;
use std::time::Instant;
fn main() {
    let p = Interpreter::new().load("(let loop ((n 1000000) (sum 0)) (if (= n 0) sum (loop (- n 1) (+ sum n))))").unwrap();
    let t = Instant::now();
    println!("{:?}", p.call(&[]));
    println!("loop {:?} per iteration", t.elapsed() / 1000000);
    let t = Instant::now();
    for _ in 0..1000 { Interpreter::new().load("(* k (/ (* q1 q2) (* r r)))").unwrap(); }
    println!("load {:?}", t.elapsed() / 1000);
    let p = Interpreter::new().load("(* k (/ (* q1 q2) (* r r)))").unwrap();
    let i = [("k", 1.0), ("q1", 1.0), ("q2", 1.0), ("r", 2.0)];
    let t = Instant::now();
    for _ in 0..10000 { p.value_and_grad(&["k", "r"], &i).unwrap(); }
    println!("value_and_grad {:?}", t.elapsed() / 10000);
}
