; at: s0=100.0 u=1.1 q=0.55
; value: 6.591644235525378
; gradient: s0=-0.5370380755126873 u=47.685049772727254 q=-23.653953344970013
; at: s0=102.0 u=1.122 q=0.561
; value: 6.289032796414727
; gradient: s0=-0.37345389587207134 u=44.28014505955676 q=-24.50369673988731
; at: s0=97.0 u=1.078 q=0.5335
; value: 7.552484145380963
; gradient: s0=-0.5710446069354531 u=51.83728287601475 q=-23.957912135606286
; at: s0=104.0 u=1.089 q=0.572
; value: 3.8898060828312384
; gradient: s0=-0.33811191947319014 u=46.74782380264421 q=-15.86616487919973
; at: s0=99.0 u=1.155 q=0.5445
; value: 9.753040130954869
; gradient: s0=-0.5195181917938302 u=42.40139477698679 q=-34.312851050030446
(define strike 102)
(define (exercise price) (max 0 (- strike price)))
(define (leaves n) (map (lambda (k) (* s0 (expt u (- (* 2 k) n)))) (iota (+ n 1))))
(define (pairwise f l)
  (if (null? (cdr l)) '() (cons (f (car l) (cadr l)) (pairwise f (cdr l)))))
(define (back values n)
  (if (= n 0)
      (car values)
      (let ((held (pairwise (lambda (down up) (* 0.99 (+ (* q up) (* (- 1 q) down)))) values)))
        (back (map max held (map exercise (leaves (- n 1)))) (- n 1)))))
(back (map exercise (leaves 4)) 4)
