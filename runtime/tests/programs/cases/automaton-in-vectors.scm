; at: p=0.9 q=1.4
; value: 8.168
; gradient: p=6.12 q=3.52
; at: p=0.918 q=1.428
; value: 8.377627200000001
; gradient: p=6.1704 q=3.5524
; at: p=0.873 q=1.372
; value: 7.905560800000001
; gradient: p=6.0696 q=3.4714
; at: p=0.936 q=1.386
; value: 8.3381328
; gradient: p=6.0948 q=3.5848
; at: p=0.891 q=1.47
; value: 8.358186
; gradient: p=6.246 q=3.5038
(define next #(#(1 2) #(2 0) #(0 1)))
(define reward (vector p q (* p q)))
(define (run state word)
  (if (null? word)
      (vector-ref reward state)
      (+ (* 0.9 (vector-ref reward state))
         (run (vector-ref (vector-ref next state) (car word)) (cdr word)))))
(run 0 '(0 1 1 0 1 0 0))
