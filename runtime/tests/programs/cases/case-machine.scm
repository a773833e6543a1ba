; at: x=0.7
; value: 1.6026991855471904
; gradient: x=2.364814517540684
(define (op k v) (case k ((0 3 6 9) (+ v x)) ((1 4 7) (* v x)) ((2 5 8) (sin v)) (else v)))
(let run ((k 0) (v 1)) (if (= k 12) v (run (+ k 1) (op k v))))
