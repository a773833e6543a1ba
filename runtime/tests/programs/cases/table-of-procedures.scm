; at: a=1.4 b=0.6
; value: 7.655039209107528
; gradient: a=5.039313720791092 b=2.858723730488629
; at: a=1.428 b=0.612
; value: 7.831058097316102
; gradient: a=5.055362813246571 b=2.923826215767501
; at: a=1.358 b=0.588
; value: 7.409910696222083
; gradient: a=5.023498303550871 b=2.776631959015453
; at: a=1.456 b=0.594
; value: 7.9196848085826765
; gradient: a=5.031376928971619 b=2.9189271396156733
; at: a=1.386 b=0.63
; value: 7.670712375583174
; gradient: a=5.0798790588623195 b=2.9083486144068624
(define table
  (list (cons "linear" (lambda (x) (+ (* a x) b)))
        (cons "power" (lambda (x) (* a (expt x b))))
        (cons "saturating" (lambda (x) (/ (* a x) (+ b x))))))
(define (model name) (let ((found (assoc name table))) (if found (cdr found) (error "no model" name))))
(fold (lambda (name sum) (+ sum ((model name) 2.5))) 0 '("power" "linear" "saturating"))
