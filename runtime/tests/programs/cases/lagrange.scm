; at: x=1.7 y=2.4
; value: 1.0264444444444445
; gradient: y=0.6951111111111111 x=-2.5863888888888886
; at: x=1.734 y=2.448
; value: 0.9701230983093333
; gradient: y=0.6688446453333333 x=-2.6519605857777777
; at: x=1.649 y=2.352
; value: 1.1219185317384444
; gradient: y=0.7331457664444444 x=-2.501090070888889
; at: x=1.768 y=2.376
; value: 0.8333099048959999
; gradient: y=0.641911296 x=-2.6187358506666665
; at: x=1.683 y=2.52
; value: 1.1552388185699998
; gradient: y=0.707977886 x=-2.6608980744444444
(define nodes (list (cons 0 1) (cons 1 y) (cons 2.5 -1) (cons 4 0.5)))
(define (basis node)
  (apply * (map (lambda (other)
                  (if (eq? (car node) (car other)) 1 (/ (- x (car other)) (- (car node) (car other)))))
                nodes)))
(apply + (map (lambda (node) (* (cdr node) (basis node))) nodes))
