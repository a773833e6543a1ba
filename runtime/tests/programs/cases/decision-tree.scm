; at: age=41.0 dose=1.2 sharpness=0.7
; value: 0.46550293909467033
; gradient: dose=0.40844496693880894 age=0.004750621294189657 sharpness=-0.046887295348274176
; at: age=41.82 dose=1.224 sharpness=0.714
; value: 0.4788739431200518
; gradient: dose=0.4354298738852772 age=0.004878524934477494 sharpness=-0.05090769636689434
; at: age=39.77 dose=1.176 sharpness=0.679
; value: 0.4511405855565056
; gradient: dose=0.3904304068148315 age=0.004623720027116042 sharpness=-0.04619561850711725
; at: age=42.64 dose=1.188 sharpness=0.728
; value: 0.4673878227749571
; gradient: dose=0.3907972608163534 age=0.004841828996298834 sharpness=-0.037571067703661434
; at: age=40.59 dose=1.26 sharpness=0.693
; value: 0.4906170567937534
; gradient: dose=0.4874371551913023 age=0.005005228232948532 sharpness=-0.06395899975991431
(define tree `(age 40 (dose 1.0 0.1 0.4) (dose 1.5 (age 60 0.5 0.6) ,(* 0.9 dose))))
(define (measure name) (case name ((age) (/ age 10)) ((dose) (* 10 dose))))
(define (limit name x) (if (eq? name 'age) (/ x 10) (* 10 x)))
(define (predict node)
  (if (number? node)
      node
      (let* ((name (car node))
             (p (sigmoid (* sharpness (- (measure name) (limit name (cadr node)))))))
        (+ (* (- 1 p) (predict (caddr node))) (* p (predict (cadddr node)))))))
(predict tree)
