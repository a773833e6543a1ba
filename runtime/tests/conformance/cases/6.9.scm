; Bytevectors are not in the language.

(bytevector 1 3 5)
=> E0204 at bytevector

(make-bytevector 2 12)
=> E0204 at make-bytevector

(bytevector? 5)
=> E0204 at bytevector?
r7rs => #f

#u8(1 2)
=> E0107 at #u8
