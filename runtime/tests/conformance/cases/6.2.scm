; Numbers. There is no exact tower: a number is a double, and an integral one counts as exact.

; 6.2.5 Syntax.
(list 1 -1 +1 1. .5 -.5 1e3 1E3 1.5e-3 12e+2)
=> (1 -1 1 1 0.5 -0.5 1000 1000 0.0015 1200)

(list 1/2 -3/4 6/4)
=> (0.5 -0.75 1.5)

(list +inf.0 -inf.0 +nan.0)
=> (+inf.0 -inf.0 +nan.0)

(list +INF.0 #XAB #B-101 #e1.5e1 #i1/4)
=> (+inf.0 171 -5 15 0.25)

(list 1e21 1e-7 1e-8 123456789012345678901 0.1)
=> (1e21 0.0000001 1e-8 123456789012345680000 0.1)

(list -0.0 -0 (- 0.0) (* -1 0))
=> (-0.0 0 -0.0 -0.0)
r7rs => -

1+2i
=> E0103 at 1+2i

1/0
=> E0103 at 1/0

1e400
=> E0110 at 1e400

#b12
=> E0103 at #b12

; 6.2.6 Kinds of numbers.
(map number? (list 3 1.5 +nan.0 'a "1"))
=> (#t #t #t #f #f)

(map complex? (list 3 1.5 +inf.0 'a))
=> (#t #t #t #f)

(map real? (list 3 -2.5 1e10 +inf.0 +nan.0 #\3))
=> (#t #t #t #t #t #f)

(map rational? (list 6/10 6/3 1.5 -inf.0 +nan.0 'a))
=> (#t #t #t #f #f #f)

(map integer? (list 3 3.0 8/4 3.5 +inf.0 +nan.0 'a))
=> (#t #t #t #f #f #f #f)

(exact? 3)
=> #t

(exact? 3.0)
=> #t
r7rs => #f

(exact? 3.5)
=> #f

(exact? 'a)
=> E0502 at (exact? 'a)

(inexact? 3.5)
=> #t

(inexact? 3)
=> #f

(list (exact-integer? 32) (exact-integer? 32/5))
=> (#t #f)

(exact-integer? 'a)
=> E0502 at (exact-integer? 'a)

(exact-integer? 32.0)
=> #t
r7rs => #f

(map finite? (list 3 +inf.0 -inf.0 +nan.0))
=> (#t #f #f #f)

(map infinite? (list 3 +inf.0 -inf.0 +nan.0))
=> (#f #t #t #f)

(map nan? (list +nan.0 32 +inf.0))
=> (#t #f #f)

(list (= 1 1.0) (= 1 1 1) (= 1 1 2) (= 1 2 1) (= 5))
=> (#t #t #f #f #t)

(list (< 1 2 3) (< 1 3 2) (< 1 1) (> 3 2 1) (> 3 1 2) (<= 1 1 2) (<= 1 2 1) (>= 2 2 1) (>= 2 1 2))
=> (#t #f #f #t #f #t #f #t #f)

(list (= +nan.0 +nan.0) (< 1 +nan.0) (> 1 +nan.0) (<= 1 +nan.0) (>= +nan.0 1))
=> (#f #f #f #f #f)

(< 1 'a)
=> E0502 at (< 1 'a)

(< 2 1 'a)
=> E0502 at (< 2 1 'a)

(list (zero? 0) (zero? 0.0) (zero? -0.0) (zero? 1) (zero? +nan.0))
=> (#t #t #t #f #f)

(list (positive? 1) (positive? 0) (positive? -1) (positive? +inf.0))
=> (#t #f #f #t)

(list (negative? -1) (negative? 0) (negative? 1) (negative? -inf.0))
=> (#t #f #f #t)

(list (odd? 3) (odd? 2) (odd? -1) (odd? 0) (even? 2) (even? -2) (even? 1) (even? 0))
=> (#t #f #t #f #t #t #f #t)

(odd? 1.5)
=> E0701 at (odd? 1.5)

(list (max 3 4) (max 3 4 5 1) (min 3 4) (min 3 1 2) (max 3.9 4) (max 7))
=> (4 5 3 1 4 7)

(max 1 +nan.0)
=> +nan.0
r7rs => -

(max)
=> E0401 at max

(list (+ 3 4) (+ 3) (+) (* 4) (*) (+ 1 2 3) (* 1 2 3 4))
=> (7 3 0 4 1 6 24)

(list (- 3 4) (- 3 4 5) (- 3))
=> (-1 -6 -3)

(list (/ 3 4 5) (/ 4) (/ 6 3))
=> (0.15 0.25 2)

(/ 1 3)
=> 0.3333333333333333
r7rs => 1/3

; Division follows IEEE-754.
(list (/ 1 0) (/ -1 0.0) (/ 0.0 0))
=> (+inf.0 -inf.0 +nan.0)
r7rs => -

(-)
=> E0401 at -

(+ 1 "2")
=> E0502 at (+ 1 "2")

(list (abs -7) (abs 7) (abs -0.5) (magnitude -7))
=> (7 7 0.5 7)

(call-with-values (lambda () (floor/ 5 2)) list)
=> (2 1)

(call-with-values (lambda () (floor/ -5 2)) list)
=> (-3 1)

(call-with-values (lambda () (floor/ 5 -2)) list)
=> (-3 -1)

(call-with-values (lambda () (floor/ -5 -2)) list)
=> (2 -1)

(call-with-values (lambda () (truncate/ 5 2)) list)
=> (2 1)

(call-with-values (lambda () (truncate/ -5 2)) list)
=> (-2 -1)

(call-with-values (lambda () (truncate/ 5 -2)) list)
=> (-2 1)

(call-with-values (lambda () (truncate/ -5 -2)) list)
=> (2 -1)

(call-with-values (lambda () (truncate/ -5.0 2)) list)
=> (-2 -1)

(list (floor-quotient 7 -2) (floor-remainder 7 -2) (truncate-quotient 7 -2) (truncate-remainder 7 -2))
=> (-4 -1 -3 1)

(list (modulo 13 4) (remainder 13 4) (modulo -13 4) (remainder -13 4))
=> (1 1 3 -1)

(list (modulo 13 -4) (remainder 13 -4) (modulo -13 -4) (remainder -13 -4) (remainder -13 -4.0))
=> (-3 1 -1 -1 -1)

(list (quotient 17 5) (quotient -17 5) (quotient 17 -5) (quotient -17 -5))
=> (3 -3 -3 3)

; They take any reals here, and nan comes of 0.
(list (modulo 5.5 2) (modulo -5.5 2) (remainder -5.5 2) (quotient 5.5 2) (quotient 1 0) (modulo 1 0))
=> (1.5 0.5 -1.5 2 +nan.0 +nan.0)
r7rs => -

(list (gcd 32 -36) (gcd) (gcd 0 5) (gcd 12 18 27) (gcd -4))
=> (4 0 5 3 4)

(list (lcm 32 -36) (lcm 32.0 -36) (lcm) (lcm 4 6 10) (lcm 0 5))
=> (288 288 1 60 0)

(gcd 1.5 2)
=> E0701 at (gcd 1.5 2)

(list (numerator 6/4) (denominator 6/4) (denominator 0) (denominator 0.125) (numerator -2.5))
=> (3 2 1 8 -5)

(list (floor -4.3) (ceiling -4.3) (truncate -4.3) (round -4.3))
=> (-5 -4 -4 -4)

(list (floor 3.5) (ceiling 3.5) (truncate 3.5) (round 3.5) (round 7/2) (round 7))
=> (3 4 3 4 4 7)

(list (round 0.5) (round 1.5) (round 2.5) (round -1.5))
=> (0 2 2 -2)

(round -0.5)
=> 0
r7rs => -0.0

(list (rationalize 3/10 1/10) (rationalize 0.3 1/10))
=> (0.3333333333333333 0.3333333333333333)
r7rs => (1/3 1/3)

(list (exp 0) (exp 1) (log 1) (sin 0) (cos 0) (tan 0))
=> (1 2.718281828459045 0 0 1 0)

(list (asin 0) (acos 1) (atan 0) (asin 1) (acos 0) (atan 1))
=> (0 0 0 1.5707963267948966 1.5707963267948966 0.7853981633974483)

(list (log 8 2) (log 100 10))
=> (3 2)
r7rs => -

; atan of two arguments is the angle of a point, in each quadrant.
(list (atan 1 1) (atan 1 -1) (atan -1 -1) (atan -1 1))
=> (0.7853981633974483 2.356194490192345 -2.356194490192345 -0.7853981633974483)

(list (atan 0 1) (atan 0.0 -1) (atan 1 0) (atan -1 0) (atan -0.0 -1.0))
=> (0 3.141592653589793 1.5707963267948966 -1.5707963267948966 -3.141592653589793)

(list (square 42) (square 2.5))
=> (1764 6.25)

(list (sqrt 9) (sqrt 2) (sqrt 0) (sqrt 16.0))
=> (3 1.4142135623730951 0 4)

; There are no complex numbers.
(list (sqrt -1) (log -1) (asin 2) (expt -8 1/3))
=> (+nan.0 +nan.0 +nan.0 +nan.0)
r7rs => -

(call-with-values (lambda () (exact-integer-sqrt 4)) list)
=> (2 0)

(call-with-values (lambda () (exact-integer-sqrt 5)) list)
=> (2 1)

(exact-integer-sqrt -1)
=> E0701 at (exact-integer-sqrt -1)

(list (expt 2 10) (expt 2 -1) (expt 0 0) (expt 0.0 0) (expt 0 1) (expt 4 0.5) (expt -2 3) (expt 2.5 2))
=> (1024 0.5 1 1 0 2 -8 6.25)

(list (exact 2.0) (exact -5))
=> (2 -5)

(exact 1.5)
=> E0701 at (exact 1.5)
r7rs => 3/2

(exact +inf.0)
=> E0701 at (exact +inf.0)

(list (inexact 2) (inexact 1/4) (exact->inexact 1/2) (inexact->exact 3.0))
=> (2 0.25 0.5 3)

(make-rectangular 1 2)
=> E0204 at make-rectangular

(angle 1)
=> E0204 at angle
r7rs => 0

; 6.2.7 Numbers and texts.
(list (number->string 100) (number->string 256 16) (number->string -10 2) (number->string 7 8))
=> ("100" "100" "-1010" "7")

(list (number->string 3.5) (number->string -0.125))
=> ("3.5" "-0.125")

; Integral numbers have no point.
(list (number->string 2.0) (number->string 1e3))
=> ("2" "1000")
r7rs => -

(map (lambda (x) (string->number (number->string x))) '(1/3 1e100 -2.5e-8 123456789))
=> (0.3333333333333333 1e100 -2.5e-8 123456789)

(list (string->number "100") (string->number "100" 16) (string->number "1e2") (string->number "-1.5") (string->number "#xff"))
=> (100 256 100 -1.5 255)

(list (string->number "") (string->number "abc") (string->number "1 2") (string->number "-") (string->number "1.2.3"))
=> (#f #f #f #f #f)

(list (string->number "ff" 16) (string->number "#b101" 10) (string->number "1/2") (string->number "+inf.0"))
=> (255 5 0.5 +inf.0)

(string->number 5)
=> E0502 at (string->number 5)

(list (string->number "1E3") (string->number "#i1/2") (string->number "#x-1F") (string->number "1/0") (string->number "15##"))
=> (1000 0.5 -31 #f #f)
r7rs => -

(list (number->string 0.1 10) (number->string 1/4) (number->string 1e-10) (number->string 1e300))
=> ("0.1" "0.25" "1e-10" "1e300")
r7rs => -

(call-with-values (lambda () (exact-integer-sqrt 17)) cons)
=> (4 . 1)

(list (truncate -4.5) (round -3.5) (round 4.5) (floor -0.5) (ceiling 0.2))
=> (-4 -4 4 -1 1)

(list (exact-integer? 5) (exact (floor 2.5)) (exact (round 2.6)))
=> (#t 2 3)

(let ((x 7) (y -2)) (= x (+ (* y (floor-quotient x y)) (floor-remainder x y)) (+ (* y (truncate-quotient x y)) (truncate-remainder x y))))
=> #t

(list (+ 1/2 1/4) (* 1.0 0) (- 0.5 1/2))
=> (0.75 0 0)
