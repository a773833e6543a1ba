; at: tau-gain=1.6 decay=0.5
; value: 1.311938858739008
; gradient: tau-gain=0.40655668994254646 decay=-1.127057932420565
; at: tau-gain=1.632 decay=0.51
; value: 1.3135038959699425
; gradient: tau-gain=0.39080003030952265 decay=-1.1112856381775984
; at: tau-gain=1.552 decay=0.49
; value: 1.303195107035424
; gradient: tau-gain=0.4306298131635742 decay=-1.1419718583960288
; at: tau-gain=1.664 decay=0.495
; value: 1.342694448269033
; gradient: tau-gain=0.3777996530687341 decay=-1.1423323685361793
; at: tau-gain=1.584 decay=0.525
; value: 1.2777579550375555
; gradient: tau-gain=0.413397063204486 decay=-1.083721777444129
(define delay 4)
(define (run n history)
  (if (= n 0)
      (car history)
      (let ((now (car history)) (then (list-ref history delay)))
        (run (- n 1)
             (cons (+ now (* 0.2 (- (/ (* tau-gain then) (+ 1 (expt then 4))) (* decay now)))) history)))))
(run 12 (make-list 5 0.6))
