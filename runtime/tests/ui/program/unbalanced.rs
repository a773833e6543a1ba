use scheme_runtime::scheme;

fn main() {
    let _ = scheme!("(* k (+ x 1)");
    let _ = scheme!("(* k x))");
    let _ = scheme!("(let ([x 1)) x)");
    let _ = scheme!(
        "
        (define (area r)
          (* 3.14 (square r))

        (area x)
        "
    );
}
