; at: beta=0.9 sigma=0.4 gamma=0.25
; value: 0.08059522403926647
; gradient: beta=0.10355391473554267 sigma=0.17191312082665447 gamma=0.07011072778114422
; at: beta=0.918 sigma=0.408 gamma=0.255
; value: 0.08424571301063596
; gradient: beta=0.10827339213298867 sigma=0.17811140149077576 gamma=0.06755982251688562
; at: beta=0.873 sigma=0.392 gamma=0.2425
; value: 0.07599538710690948
; gradient: beta=0.09800312979504353 sigma=0.1626308048623755 gamma=0.07418564326597735
; at: beta=0.936 sigma=0.396 gamma=0.26
; value: 0.08431884932462931
; gradient: beta=0.10606866367273188 sigma=0.18558962563808384 gamma=0.06284216485864343
; at: beta=0.891 sigma=0.42 gamma=0.2475
; value: 0.0828501982059127
; gradient: beta=0.10922666604299565 sigma=0.167363008913834 gamma=0.07413070677948098
(define (flow y)
  (let ((infection (* beta (ref y 0) (ref y 2)))
        (onset (* sigma (ref y 1)))
        (recovery (* gamma (ref y 2))))
    (vec (- infection) (- infection onset) (- onset recovery) recovery)))
(loop ((day 0) (y [0.98 0.01 0.01 0]))
  (if (= day 10) (ref y 3) (recur (+ day 1) (+ y (flow y)))))
