; at: a=2.0 b=1.5
; value: 1.360655737704918
; gradient: a=0.06772373018005913 b=-0.07524858908895458
; at: a=2.04 b=1.53
; value: 1.3610726708306842
; gradient: a=0.06378224558433084 b=-0.0722465220201862
; at: a=1.94 b=1.47
; value: 1.3587031243423728
; gradient: a=0.07427378292453071 b=-0.07828061597202784
; at: a=2.08 b=1.485
; value: 1.3669272678256836
; gradient: a=0.060614753830447864 b=-0.0774774561325924
; at: a=1.98 b=1.575
; value: 1.3539522145622815
; gradient: a=0.06908094206326537 b=-0.0672380899498703
(define (eliminate rows)
  (if (null? rows)
      '()
      (let* ((pivot (car rows))
             (rest (map (lambda (row)
                          (let ((factor (/ (car row) (car pivot))))
                            (cdr (map (lambda (x p) (- x (* factor p))) row pivot))))
                        (cdr rows)))
             (solved (eliminate rest)))
        (cons (/ (- (last pivot) (apply + (map * solved (cdr pivot)))) (car pivot)) solved))))
(apply + (eliminate (list (list a 1 0.5 1) (list 1 b -1 b) (list 0.5 1 3 2))))
