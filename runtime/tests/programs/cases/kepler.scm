; at: M=1.1 ecc=0.3
; value: 1.7036180897130222
; gradient: ecc=2.135170063998514 M=1.0622460160068088
; at: M=1.122 ecc=0.306
; value: 1.7395395875060908
; gradient: ecc=2.1193829375544406 M=1.0428473671707787
; at: M=1.067 ecc=0.294
; value: 1.6552489547809854
; gradient: ecc=2.1543764955947586 M=1.0891289530663943
; at: M=1.144 ecc=0.297
; value: 1.7433753623515262
; gradient: ecc=2.1057962058463184 M=1.0343981006283645
; at: M=1.089 ecc=0.315
; value: 1.7240214099424584
; gradient: ecc=2.1415492074170825 M=1.0599342300323262
(define (eccentric-anomaly E n)
  (if (= n 0)
      E
      (eccentric-anomaly
       (- E (/ (- E (* ecc (sin E)) M) (- 1 (* ecc (cos E)))))
       (- n 1))))
(let ((E (eccentric-anomaly M 6)))
  (* 2 (atan (* (sqrt (+ 1 ecc)) (sin (/ E 2))) (* (sqrt (- 1 ecc)) (cos (/ E 2))))))
