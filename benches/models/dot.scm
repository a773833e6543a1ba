(+ (* a e) (* b f) (* c g) (* d h))
