; at: a=1.2 b=0.5
; value: 1.1562698225006316
; gradient: a=0.963558185417193 b=0.32099859434950484
((compose (lambda (x) (* a x)) sin (lambda (x) (+ x b))) 0.8)
