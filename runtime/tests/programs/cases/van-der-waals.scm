; at: T=1.1 P=1.2
; value: 1.4499815286549265
; gradient: P=-2.6020033634723405 T=6.213842161745412
; at: T=1.122 P=1.224
; value: 1.5172913374132926
; gradient: P=-2.3993666737668633 T=5.4041706783485335
; at: T=1.067 P=1.176
; value: 1.2754741438447577
; gradient: P=-3.18516694880775 T=9.01540240629561
; at: T=1.144 P=1.188
; value: 1.7149467132945766
; gradient: P=-2.4475629969881294 T=4.72406735002675
; at: T=1.089 P=1.26
; value: 1.2189754880957338
; gradient: P=-2.5654686902808663 T=7.724620834680508
(define (residual V) (- (* (+ P (/ 3 (square V))) (- (* 3 V) 1)) (* 8 T)))
(define (solve-volume V)
  (let* ((slope ((derivative residual) V)) (step (/ (residual V) slope)))
    (if (< (abs step) 1e-8) (- V step) (solve-volume (- V step)))))
(solve-volume 3)
