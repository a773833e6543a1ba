; at: c1=0.2 c2=2.5 stiffness=1.5
; value: 0.8607880484872793
; gradient: stiffness=-0.1937413755092831 c1=0.04027265209819188 c2=0.016800286194468883
; at: c1=0.204 c2=2.55 stiffness=1.53
; value: 0.8561235210329926
; gradient: stiffness=-0.18498289746704774 c1=0.041038600054541144 c2=0.017406343432110827
; at: c1=0.194 c2=2.45 stiffness=1.455
; value: 0.8687478531658895
; gradient: stiffness=-0.2091343206859143 c1=0.04158397350617426 c2=0.017559040690046466
; at: c1=0.208 c2=2.475 stiffness=1.56
; value: 0.8497960115725457
; gradient: stiffness=-0.1703295776396291 c1=0.033127225757523776 c2=0.01351915208591414
; at: c1=0.198 c2=2.625 stiffness=1.485
; value: 0.866203710509283
; gradient: stiffness=-0.20772834377560914 c1=0.05324860066375411 c2=0.024010905189395814
(define points '(0.1 0.5 1.9 2.8 3.0))
(define (update centre other)
  (let sum ((ps points) (top 0) (bottom 0))
    (if (null? ps)
        (/ top bottom)
        (let ((r (sigmoid (* stiffness (- (square (- (car ps) other)) (square (- (car ps) centre)))))))
          (sum (cdr ps) (+ top (* r (car ps))) (+ bottom r))))))
(define (iterate n a b) (if (= n 0) (* a b) (iterate (- n 1) (update a b) (update b a))))
(iterate 2 c1 c2)
