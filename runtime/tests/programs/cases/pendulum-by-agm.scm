; at: l=1.2 amplitude=0.9
; value: 2.3142405029152444
; gradient: l=0.9642668762146852 amplitude=0.27215384841821616
; at: l=1.224 amplitude=0.918
; value: 2.3422753991082215
; gradient: l=0.9568118460409402 amplitude=0.2814905244335848
; at: l=1.164 amplitude=0.882
; value: 2.274495474549813
; gradient: l=0.9770169564217411 amplitude=0.2616477844423451
; at: l=1.248 amplitude=0.891
; value: 2.3575885528663028
; gradient: l=0.944546695859897 amplitude=0.2742247976794608
; at: l=1.188 amplitude=0.945
; value: 2.315194495729892
; gradient: l=0.9744084577987763 amplitude=0.2872560281141596
(define pi 3.141592653589793)
(define (agm a b)
  (if (< (abs (- a b)) 1e-9)
      a
      (agm (/ (+ a b) 2) (sqrt (* a b)))))
(/ (* 2 pi (sqrt (/ l 9.81))) (agm 1 (cos (/ amplitude 2))))
