; at: y1=2.1 y2=3.9 ridge=0.1
; value: 2.1184301231294196
; gradient: y1=-0.09664803784618181 y2=-0.6460148436320883 ridge=-0.05288913212274134
; at: y1=2.142 y2=3.978 ridge=0.102
; value: 2.066663369133363
; gradient: y1=-0.00530360073980179 y2=-0.6127017372905307 ridge=0.045020854909230974
; at: y1=2.037 y2=3.822 ridge=0.097
; value: 2.1783387047675733
; gradient: y1=-0.20333810690005533 y2=-0.6315167698595847 ridge=-0.11750075148379484
; at: y1=2.184 y2=3.861 ridge=0.104
; value: 2.1489261347084527
; gradient: y1=0.17839347782782536 y2=-0.6952958234780227 ridge=-0.09157375311038046
; at: y1=2.079 y2=4.095 ridge=0.099
; value: 2.0412113697495706
; gradient: y1=-0.6324546758737791 y2=0.008733020262670302 ridge=0.19273335493335272
; By conjugate gradients on the normal equations, which end after as many steps as unknowns.
(define X (mat [1 0] [1 1] [1 2] [1 3]))
(define y (vec 0.2 y1 y2 6.1))
(define (normal v) (+ (matvec (transpose X) (matvec X v)) (scale ridge v)))
(define (conjugate w r p n)
  (if (= n 0)
      w
      (let* ((Ap (normal p)) (a (/ (dot r r) (dot p Ap))) (next (- r (scale a Ap))))
        (conjugate (+ w (scale a p)) next (+ next (scale (/ (dot next next) (dot r r)) p)) (- n 1)))))
(define start (matvec (transpose X) y))
(define beta (conjugate [0 0] start start 2))
(+ (ref beta 1) (norm (- y (matvec X beta))))
