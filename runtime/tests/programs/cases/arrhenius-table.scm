; at: Ea=50.0 A=3.0
; value: 18.313513193442954
; gradient: A=1.0 Ea=0.5796401155654689
; at: Ea=51.0 A=3.06
; value: 18.966308634362402
; gradient: A=1.0 Ea=0.6061485097249981
; at: Ea=48.5 A=2.94
; value: 17.412571918380905
; gradient: A=1.0 Ea=0.5420347526880214
; at: Ea=52.0 A=2.97
; value: 19.496215020623403
; gradient: A=1.0 Ea=0.6338714143877661
; at: Ea=49.5 A=3.15
; value: 18.176909093845225
; gradient: A=1.0 Ea=0.5668240229733147
(define temperatures #(280 300 320 340))
(define (rate T) (* A (exp (/ (- Ea) (* 0.008314 T)))))
(define relative (vector-map (lambda (T) (/ (rate T) (rate 300))) temperatures))
(apply + A (vector->list relative))
