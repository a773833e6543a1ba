; at: beta=0.7 h=0.2
; value: 0.9586604821611151
; gradient: beta=0.7747555044194464 h=0.3396967534552864
; at: beta=0.714 h=0.204
; value: 0.9710624221581043
; gradient: beta=0.7959575792049021 h=0.3639886350316644
; at: beta=0.679 h=0.196
; value: 0.9414014431042045
; gradient: beta=0.7458071550721419 h=0.3073076758304826
; at: beta=0.728 h=0.198
; value: 0.9800404446726416
; gradient: beta=0.8032559099451931 h=0.3749646025291897
; at: beta=0.693 h=0.21
; value: 0.9566339893250486
; gradient: beta=0.7801084172961906 h=0.34328751691008896
(define (weight s t) (exp (* beta (+ (* s t) (* h 0.5 (+ s t))))))
(define T (mat [(weight 1 1) (weight 1 -1)] [(weight -1 1) (weight -1 -1)]))
(do ((n 1 (+ n 1)) (M T (matmul M T))) ((= n 8) (/ (log (trace M)) n)))
