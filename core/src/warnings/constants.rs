//! Names of well-known constants, which the language does not bind: as inputs they are hardly meant.

/// What to write for a name that is such a constant, or nearly `pi`.
pub(super) fn written(name: &str) -> Option<&'static str> {
    Some(match name {
        "pi" | "Pi" | "PI" | "π" | "+pi" | "math.pi" | "Math.PI" | "np.pi" | "numpy.pi" | "M_PI" | "pii"
        | "ppi" | "ip" => "(define pi 3.141592653589793)",
        "tau" | "TAU" | "τ" | "math.tau" => "(define tau 6.283185307179586)",
        "e" | "E" | "math.e" | "Math.E" | "np.e" | "numpy.e" | "M_E" | "euler" => {
            "(exp 1), and (exp x) for its powers"
        }
        "inf" | "Inf" | "infinity" | "Infinity" | "+inf" | "+infinity" | "∞" | "math.inf" | "np.inf" => {
            "+inf.0"
        }
        "-inf" | "-Inf" | "-infinity" | "-∞" | "-math.inf" | "-np.inf" => "-inf.0",
        "nan" | "NaN" | "NAN" | "math.nan" | "np.nan" => "+nan.0",
        "sqrt2" | "SQRT2" | "M_SQRT2" | "Math.SQRT2" | "√2" => "(sqrt 2)",
        "ln2" | "LN2" | "M_LN2" | "Math.LN2" => "(log 2)",
        "true" | "True" | "TRUE" => "#t",
        "false" | "False" | "FALSE" => "#f",
        "None" | "none" | "null" | "Null" | "NULL" | "undefined" | "nil" | "Nil" | "NIL" => {
            "'() for the empty list, or #f for nothing"
        }
        _ => return None,
    })
}
