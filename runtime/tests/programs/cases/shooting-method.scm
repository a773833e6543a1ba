; at: k=1.2 target=0.8
; value: 0.9260732435689869
; gradient: k=0.11779267976965055 target=1.1464374338858654
; at: k=1.224 target=0.816
; value: 0.9472961318327962
; gradient: k=0.12049827570936755 target=1.1489826744450806
; at: k=1.164 target=0.784
; value: 0.9035767490036085
; gradient: k=0.11481850102314853 target=1.1422501136399046
; at: k=1.248 target=0.792
; value: 0.9225300326956026
; gradient: k=0.11784655622596418 target=1.1532190804164704
; at: k=1.188 target=0.84
; value: 0.9704225389567878
; gradient: k=0.12281163953327356 target=1.1432108719817646
(define (shoot slope)
  (let march ((n 0) (y 0) (v slope))
    (if (= n 10) y (march (+ n 1) (+ y (* 0.1 v)) (- v (* 0.1 k (sin y)))))))
(define (aim s0 s1 n)
  (if (= n 0)
      s1
      (let ((e0 (- (shoot s0) target)) (e1 (- (shoot s1) target)))
        (aim s1 (- s1 (/ (* e1 (- s1 s0)) (- e1 e0))) (- n 1)))))
(aim 0.5 1.5 3)
