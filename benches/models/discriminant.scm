(let ((d (- (* b b) (* 4 (* a c)))))
  (if (< d 0)
      0
      (/ (- (sqrt d) b) (* 2 a))))
