(define (fib n)
  (if (< n 2)
      a
      (+ (fib (- n 1)) (* b (fib (- n 2))))))
(fib 15)
