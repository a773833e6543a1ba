; at: outlay=100.0 final=60.0
; value: 0.1271474844185664
; gradient: outlay=-0.005235638896531077 final=0.0036561789773941877
; at: outlay=102.0 final=61.2
; value: 0.12118888882138941
; gradient: outlay=-0.005080949883970464 final=0.0036050272822424376
; at: outlay=97.0 final=58.8
; value: 0.13880571609702522
; gradient: outlay=-0.005489015650750724 final=0.003716597701510753
; at: outlay=104.0 final=59.4
; value: 0.10467422825979533
; gradient: outlay=-0.0049117008698922535 final=0.003643587833797357
; at: outlay=99.0 final=63.0
; value: 0.1432848436843863
; gradient: outlay=-0.005344511691357966 final=0.0035763885265115308
(define flows (list (- outlay) 30 40 final))
(define (npv rate) (let go ((flows flows)) (if (null? flows) 0 (+ (car flows) (/ (go (cdr flows)) (+ 1 rate))))))
(define slope (derivative npv))
(let newton ((rate 0.1) (n 0))
  (if (= n 5) rate (newton (- rate (/ (npv rate) (slope rate))) (+ n 1))))
