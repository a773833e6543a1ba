(/ (exp (- (/ (square (- x mu)) (* 2 (square s))))) (* s (sqrt (* 2 3.141592653589793))))
