(sqrt (+ (square (* p c)) (square (* m (square c)))))
