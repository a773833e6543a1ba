; at: kf=0.8 kr=0.3
; value: 0.23257392469061355
; gradient: kf=0.22216479631230568 kr=-0.04534689602705335
; at: kf=0.816 kr=0.306
; value: 0.23583529738257686
; gradient: kf=0.21975861956744533 kr=-0.04597516926158138
; at: kf=0.776 kr=0.294
; value: 0.227468759366968
; gradient: kf=0.22570482932599148 kr=-0.044358973354165915
; at: kf=0.832 kr=0.297
; value: 0.2397547751591124
; gradient: kf=0.21802148367025134 kr=-0.04674977054746951
; at: kf=0.792 kr=0.315
; value: 0.23011838763985598
; gradient: kf=0.22259864624081274 kr=-0.04485136826873902
(define network
  `((,kf (A B) (C)) (,kr (C) (A B)) (0.2 (C) (D))))
(define (amount s state) (cdr (assq s state)))
(define (speed reaction state)
  (apply * (car reaction) (map (lambda (s) (amount s state)) (cadr reaction))))
(define (count s l) (length (filter (lambda (t) (eq? s t)) l)))
(define (step state)
  (map (lambda (entry)
         (let ((s (car entry)))
           (cons s (fold (lambda (r x) (+ x (* 0.1 (- (count s (caddr r)) (count s (cadr r))) (speed r state))))
                         (cdr entry) network))))
       state))
(let run ((n 0) (state '((A . 1) (B . 0.8) (C . 0) (D . 0))))
  (if (= n 5) (+ (amount 'D state) (amount 'C state)) (run (+ n 1) (step state))))
