; at: kp=1.2 ki=0.4 kd=0.1
; value: 0.5689109035666621
; gradient: kp=0.21045764992221358 ki=0.20173756539890864 kd=-0.16545566021945796
; at: kp=1.224 ki=0.408 kd=0.102
; value: 0.5751808107532597
; gradient: kp=0.20594950107257262 ki=0.19911020384548658 kd=-0.1646619329356431
; at: kp=1.164 ki=0.392 kd=0.097
; value: 0.5600856697964677
; gradient: kp=0.2170341344383108 ki=0.20561446654050858 kd=-0.16670971782388164
; at: kp=1.248 ki=0.396 kd=0.104
; value: 0.5773869525087837
; gradient: kp=0.20338432023529718 ki=0.19723725303846693 kd=-0.16304543791326023
; at: kp=1.188 ki=0.42 kd=0.099
; value: 0.5705907952490539
; gradient: kp=0.21046331447792613 ki=0.2021894892448798 kd=-0.16684987464179615
(define (pid integral last)
  (lambda (e)
    (let ((integral (+ integral (* 0.1 e))))
      (cons (+ (* kp e) (* ki integral) (* kd (/ (- e last) 0.1)))
            (pid integral e)))))
(define (simulate n y controller)
  (if (= n 0)
      y
      (let ((both (controller (- 1 y))))
        (simulate (- n 1) (+ y (* 0.1 (- (car both) y))) (cdr both)))))
(simulate 10 0 (pid 0 1))
