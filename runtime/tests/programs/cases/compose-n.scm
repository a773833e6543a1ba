; at: a=0.8 b=0.2 x0=1.1
; value: 0.7491423289291833
; gradient: a=1.5921881127866906 b=2.254470865159643 x0=0.017942373657039996
(define (compose f g) (lambda (x) (f (g x)))) (define (power f n) (if (= n 0) (lambda (x) x) (compose f (power f (- n 1))))) ((power (lambda (x) (+ (* a (sin x)) b)) 6) x0)
