(- (* (- (/ g L)) (sin theta)) (* c omega))
