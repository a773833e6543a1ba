; at: vowel=0.6 consonant=1.1
; value: 29.616400000000006
; gradient: vowel=35.928000000000004 consonant=57.89800000000001
; at: vowel=0.612 consonant=1.122
; value: 31.356388959264006
; gradient: vowel=37.360473504000005 consonant=60.320722464000006
; at: vowel=0.582 consonant=1.078
; value: 27.739773662544003
; gradient: vowel=34.217583824 consonant=55.331809136000004
; at: vowel=0.624 consonant=1.089
; value: 29.853497490714
; gradient: vowel=36.842596031999996 consonant=57.761557392
; at: vowel=0.594 consonant=1.155
; value: 32.712715456542
; gradient: vowel=37.551125172 consonant=62.756911800000005
(define (weight c) (if (memv c '(#\a #\e #\i #\o #\u)) vowel consonant))
(define (runs chars last n)
  (cond ((null? chars) (list (cons last n)))
        ((char=? (car chars) last) (runs (cdr chars) last (+ n 1)))
        (else (cons (cons last n) (runs (cdr chars) (car chars) 1)))))
(define (score word)
  (let ((chars (string->list word)))
    (fold (lambda (run s) (+ s (expt (weight (car run)) (cdr run)))) 0 (runs (cdr chars) (car chars) 1))))
(* (score "bookkeeper") (score (symbol->string 'committee)))
