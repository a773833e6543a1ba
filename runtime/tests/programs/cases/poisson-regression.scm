; at: intercept=0.5 slope=0.3
; value: -7.95922518629105
; gradient: intercept=0.5924244182890973 slope=3.7047375561718447
; at: intercept=0.51 slope=0.306
; value: -7.936978677898517
; gradient: intercept=0.1686709266816311 slope=2.432486656831593
; at: intercept=0.485 slope=0.294
; value: -7.998390388433381
; gradient: intercept=1.0842592161467675 slope=5.1434524271738775
; at: intercept=0.52 slope=0.297
; value: -7.959863947977203
; gradient: intercept=0.38978565660294506 slope=3.271442539080476
; at: intercept=0.495 slope=0.315
; value: -7.919416238185021
; gradient: intercept=0.027233366395126146 slope=1.7957798966707101
(define data '((0 . 1) (1 . 3) (2 . 2) (3 . 5) (4 . 6)))
(define (log-mean x) (+ intercept (* slope x)))
(fold (lambda (point total)
        (let ((eta (log-mean (car point))) (y (cdr point)))
          (+ total (- (* y eta) (exp eta) (lgamma (+ y 1))))))
      0 data)
