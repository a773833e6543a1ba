; at: p=0.3 n=2.5
; value: 1.5271607551372337
; gradient: n=0.6108643020548935 p=2.118244650968009
; at: p=0.306 n=2.55
; value: 1.5704498778421148
; gradient: n=0.6158626971929863 p=2.0881614893137805
; at: p=0.291 n=2.45
; value: 1.4774593678136883
; gradient: n=0.6030446399239543 p=2.181804035433556
; at: p=0.312 n=2.475
; value: 1.5362116206214094
; gradient: n=0.6206915638874381 p=1.9571944840565567
; at: p=0.297 n=2.625
; value: 1.5967899643889494
; gradient: n=0.6083009388148378 p=2.261764976645909
(define (entropy ps)
  (assert (< (abs (- 1 (apply + ps))) 1e-9))
  (apply - 0 (map (lambda (p) (if (> p 0) (* p (log p)) 0)) ps)))
(define (binary p) (unless (< 0 p 1) (error "not a probability" p)) (list p (- 1 p)))
(* n (entropy (binary p)))
