use scheme_runtime::scheme;

fn main() {
    let _ = scheme! {
        (define (fact n) (if (< n 1) 1 (* n (fact (- n 1)))))
        (fact x)
    };
    let _ = scheme! { (let loop ((i 0) (sum 0)) (if (< i n) (loop (+ i 1) (+ sum x)) sum)) };
    let _ = scheme! { (do ((i 0 (+ i 1))) ((> i n) i)) };
    let _ = scheme! { (loop ((i 0)) (if (< i n) (recur (+ i 1)) i)) };
}
