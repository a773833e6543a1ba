; at: a=1.3 x=0.6
; value: 7.413327687979388
; gradient: a=10.57546869704287 x=6.851305519637544
(define fs (list (lambda (v) (* a v)) sin (lambda (v) (+ v a)) exp))
(fold (lambda (f v) (f v)) x fs)
