; at: a=0.9
; value: 0.6859328955547276
; gradient: a=0.4210289233663144
; at: a=0.918
; value: 0.6933347229270748
; gradient: a=0.4012229147689514
; at: a=0.873
; value: 0.6741841794012947
; gradient: a=0.44889777707621675
; at: a=0.936
; value: 0.700370414534455
; gradient: a=0.3803326588425351
; at: a=0.891
; value: 0.682100595248952
; gradient: a=0.4305527794669365
(define (iter self n x) (if (= n 0) x (self self (- n 1) (* a (cos x)))))
(iter iter 7 1)
