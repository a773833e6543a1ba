; at: w=0.8 b=0.1
; value: 0.9994634081153735
; gradient: b=0.0014137152339958321 w=0.009710001474123795
; at: w=0.816 b=0.102
; value: 0.9996009473298783
; gradient: b=0.0010325980719294546 w=0.007290669529790944
; at: w=0.776 b=0.098
; value: 0.9991697489283411
; gradient: b=0.0022491128025017865 w=0.014806214631496803
; at: w=0.832 b=0.099
; value: 0.9997002442060324
; gradient: b=0.0007642526089880365 w=0.0055332083360448035
; at: w=0.792 b=0.105
; value: 0.9993882188279978
; gradient: b=0.0016215401352222766 w=0.011006941754178984
(define (tree-fold node leaf tree)
  (if (pair? tree)
      (apply node (map (lambda (child) (tree-fold node leaf child)) tree))
      (leaf tree)))
(tree-fold (lambda children (tanh (+ b (* w (apply + children)))))
           (lambda (x) (* x w))
           '((1 2) (0.5 (-1 3) 0.2) 4))
