; at: ka=1.2 ke=0.3 V=8.0
; value: 10.100043917833252
; gradient: ka=-0.9435385973122071 V=-1.2625054897291565 ke=-36.35075316591314
; at: ka=1.224 ke=0.306 V=8.16
; value: 9.669745799329409
; gradient: ka=-0.9119873932116734 V=-1.1850178675648786 ke=-34.44186324438673
; at: ka=1.164 ke=0.294 V=7.76
; value: 10.676564703508678
; gradient: ka=-0.9935363547460665 V=-1.3758459669469945 ke=-38.78568191254167
; at: ka=1.248 ke=0.297 V=8.32
; value: 9.774523734117397
; gradient: ka=-0.8782331376993687 V=-1.1748225641968024 ke=-35.576858735266974
; at: ka=1.188 ke=0.315 V=7.92
; value: 9.685686647249897
; gradient: ka=-0.9645054908946653 V=-1.2229402332386234 ke=-33.72511643704824
(define doses '((0 . 100) (8 . 50) (16 . 50)))
(define (one-dose amount t)
  (if (< t 0)
      0
      (* (/ (* amount ka) (* V (- ka ke)))
         (- (exp (- (* ke t))) (exp (- (* ka t)))))))
(define (concentration t)
  (fold-left (lambda (sum dose) (+ sum (one-dose (cdr dose) (- t (car dose))))) 0 doses))
(+ (concentration 6) (concentration 10) (concentration 20))
