; Symbols.

(list (symbol? 'foo) (symbol? (car '(a b))) (symbol? "bar") (symbol? 'nil) (symbol? '()) (symbol? #f))
=> (#t #t #f #t #f #f)

(list (symbol=? 'a 'a) (symbol=? 'a 'b) (symbol=? 'a 'a 'a) (symbol=? 'a 'a 'b))
=> (#t #f #t #f)

(symbol=? 'a "a")
=> E0502 at (symbol=? 'a "a")

(list (symbol->string 'flying-fish) (symbol->string 'Martin) (symbol->string (string->symbol "Malvina")))
=> ("flying-fish" "Martin" "Malvina")

(symbol->string "a")
=> E0502 at (symbol->string "a")

(list (string->symbol "mISSISSIppi") (eq? 'bitBlt (string->symbol "bitBlt")))
=> (mISSISSIppi #t)

(eq? 'LollyPop (string->symbol (symbol->string 'LollyPop)))
=> #t

; What is no identifier is written between bars.
(list (string->symbol "K. Harper, M.D.") (string->symbol "") (string->symbol "1") (string->symbol "a|b"))
=> (|K. Harper, M.D.| || |1| |a\|b|)
