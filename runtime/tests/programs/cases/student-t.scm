; at: mu=0.2 sigma=0.8 nu=4.0
; value: -6.180442586597265
; gradient: mu=0.4375708925922694 sigma=0.030969516991644977 nu=-0.0660983931687233
; at: mu=0.204 sigma=0.816 nu=4.08
; value: -6.183483771005449
; gradient: mu=0.4495786209105442 sigma=-0.010894365264139514 nu=-0.0584119267987459
; at: mu=0.194 sigma=0.784 nu=3.88
; value: -6.175256430383268
; gradient: mu=0.42642279883999507 sigma=0.04958869862012931 nu=-0.07446016449469878
; at: mu=0.208 sigma=0.792 nu=4.16
; value: -6.188608915551839
; gradient: mu=0.41977855788564855 sigma=0.16093828965850449 nu=-0.06923053288373815
; at: mu=0.198 sigma=0.84 nu=3.96
; value: -6.1822531831535406
; gradient: mu=0.4767165327775732 sigma=-0.183625026573495 nu=-0.04802338345749831
(define sample '(0.1 -0.4 2.5 0.3))
(define (log-density x)
  (let ((z (/ (- x mu) sigma)))
    (- (lgamma (/ (+ nu 1) 2)) (lgamma (/ nu 2))
       (* 0.5 (log (* nu 3.141592653589793))) (log sigma)
       (* 0.5 (+ nu 1) (log1p (/ (* z z) nu))))))
(apply + (map log-density sample))
