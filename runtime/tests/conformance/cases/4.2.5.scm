; 4.2.5 to 4.2.7: what waits, what is bound dynamically and what is caught are not in the language.

(delay 1)
=> E0204 at delay

(delay-force 1)
=> E0204 at delay-force

(force 1)
=> E0204 at force

(make-promise 1)
=> E0204 at make-promise

(promise? 1)
=> E0204 at promise?
r7rs => #f

(make-parameter 1)
=> E0204 at make-parameter

(parameterize () 1)
=> E0204 at parameterize
r7rs => 1

(guard (e (#t 1)) 2)
=> E0204 at guard
r7rs => 2
