; at: x=1.1 y=0.6
; value: 8.353800000000001
; gradient: x=12.294 y=13.923000000000002
; at: x=1.122 y=0.612
; value: 8.800593992928
; gradient: x=12.889917072000001 y=14.380055544000003
; at: x=1.067 y=0.588
; value: 7.797332929931999
; gradient: x=11.553259787999998 y=13.260770288999998
; at: x=1.144 y=0.594
; value: 8.820775231487998
; gradient: x=12.855718655999999 y=14.849789951999998
; at: x=1.089 y=0.63
; value: 8.63047515141
; gradient: x=12.73059207 y=13.699166906999999
(define (safe? q queens)
  (let check ((rest queens) (d 1))
    (or (null? rest)
        (and (not (= q (car rest)))
             (not (= d (abs (- q (car rest)))))
             (check (cdr rest) (+ d 1))))))
(define (place row queens)
  (if (= row 4)
      (fold (lambda (q v) (+ (* x v) (* y q))) 0 queens)
      (let try ((q 0))
        (cond ((= q 4) 0)
              ((safe? q queens) (+ (place (+ row 1) (cons q queens)) (try (+ q 1))))
              (else (try (+ q 1)))))))
(place 0 '())
