;; Where another Scheme is known to differ from R7RS, or to choose otherwise where R7RS leaves a choice: its name, how
;; the program begins, and what it does. Read by check_others.scm.
(("guile" "'#0=(a b)" "3.0.8: its reader has no datum labels")
 ("guile" "'(#1=x #1#)" "3.0.8: its reader has no datum labels")
 ("guile" "(list (string-ci=? \"Straße\"" "3.0.8: folds character by character, so that ß is not ss")
 ("mit" "(define plus (case-lambda" "12.1: its case-lambda gives what procedure? denies, and may fail")
 ("mit" "(procedure? (case-lambda" "12.1: the same")
 ("mit" "(map procedure? (list car" "12.1: the same")
 ("mit" "(list (gcd 32 -36)" "12.1: the gcd of one number keeps its sign")
 ("mit" "(list (number->string 3.5)" "12.1: writes no 0 before the point, which R7RS leaves open")
 ("mit" "(list (string-upcase \"Straße\")" "12.1: no final sigma, which R7RS leaves open")
 ("guile" "(member 5 '(1 2 3) <)" "3.0.8: gives its procedure the item first; R7RS leaves it open, SRFI 1 does not")
 ("guile" "(assoc 3 '((1 . a)" "3.0.8: the same")
 ("mit" "(let ((length 0) (apply 1)" "12.1: its case-lambda, as above"))
