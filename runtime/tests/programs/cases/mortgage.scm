; at: principal=200.0 rate=0.04 payment=21.0
; value: 58.31266814169205
; gradient: principal=0.6282687134101783 rate=1845.1871341017832 payment=-3.206717835254458
; at: principal=204.0 rate=0.0408 payment=21.42
; value: 60.99122583883095
; gradient: principal=0.6408373026827697 rate=1898.6888638208638 payment=-3.255816242224746
; at: principal=194.0 rate=0.0392 payment=20.37
; value: 55.13770075127867
; gradient: principal=0.6157868369120637 rate=1774.1547209603361 payment=-3.157827472246524
; at: principal=208.0 rate=0.0396 payment=21.84
; value: 59.87926166552103
; gradient: principal=0.6220169693928905 rate=1910.5761879881745 payment=-3.1822467018406684
; at: principal=198.0 rate=0.042 payment=20.79
; value: 61.423378552754855
; gradient: principal=0.6598539442668188 rate=1867.2170026857568 payment=-3.329855815876636
(do ((year 0 (+ year 1))
     (balance principal (- (* balance (+ 1 rate)) payment))
     (interest 0 (+ interest (* rate balance))))
    ((or (< balance 0) (>= year 10)) (+ interest (* 0.1 balance))))
