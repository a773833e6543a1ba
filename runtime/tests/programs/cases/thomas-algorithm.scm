; at: y0=0.3 y1=1.2 y2=0.8
; value: 7.542551020408162
; gradient: y0=-22.6469387755102 y1=27.330612244897956 y2=-13.6469387755102
; at: y0=0.306 y1=1.224 y2=0.816
; value: 7.8472700816326535
; gradient: y0=-23.09987755102041 y1=27.87722448979592 y2=-13.91987755102041
; at: y0=0.291 y1=1.176 y2=0.776
; value: 7.419463806122447
; gradient: y0=-22.49651020408163 y1=27.26889795918367 y2=-13.76651020408163
; at: y0=0.312 y1=1.188 y2=0.832
; value: 6.566323591836734
; gradient: y0=-20.907918367346937 y1=24.63281632653061 y2=-11.547918367346938
; at: y0=0.297 y1=1.26 y2=0.792
; value: 9.50435237755102
; gradient: y0=-25.59434693877551 y1=31.606530612244896 y2=-16.68434693877551
; A natural cubic spline's second derivatives: a tridiagonal system, down and up again.
(define (down diagonal right)
  (let go ((ds diagonal) (rs right) (c 0) (d 0))
    (if (null? ds)
        '()
        (let* ((m (- (car ds) c)) (c (/ 1 m)) (d (/ (- (car rs) d) m)))
          (cons (cons c d) (go (cdr ds) (cdr rs) c d))))))
(define (up rows) (fold-right (lambda (row after) (cons (- (cdr row) (* (car row) (if (null? after) 0 (car after)))) after)) '() rows))
(define (second a b c) (* 6 (+ a (* -2 b) c)))
(apply + (map square (up (down '(4 4 4) (list (second 0 y0 y1) (second y0 y1 y2) (second y1 y2 0))))))
