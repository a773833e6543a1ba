; at: a=0.8 b=1.6
; value: 0.7343471950692984
; gradient: a=-8.100169971655225 b=5.422091509471351
(define (orbit x r) (let loop ((i 0) (x x)) (if (= i 6) x (loop (+ i 1) (* r x (- 1 x))))))
(let* ((both ((value-and-grad orbit) (* 0.3 a) (* 2 b))) (g (cadr both))) (+ (car both) (* 2 (car g)) (cadr g)))
