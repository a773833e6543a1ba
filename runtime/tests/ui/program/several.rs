use scheme_runtime::scheme;

fn main() {
    let _ = scheme! {
        (define (area r)
          (* pi (sqaure r)))
        (let ((a 1)
              (b))
          (+ (area a a)
             (set! a 2)
             (1 2)
             1e999))
    };
}
