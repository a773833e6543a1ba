; Datum labels are not in the language: data has no cycles.

'#0=(a b)
=> E0107 at #0=
r7rs => (a b)

'(#1=x #1#)
=> E0107 at #1=x
r7rs => (x x)
