(list "a\n\x41;\"" "λ\
   more" #\space #\x3bb #\a '|a b| '|\x41;|)