use scheme_runtime::scheme;

fn main() {
    let _ = scheme!("(* k\n   (sqaure x))");
    let _ = scheme!(r#"
        ; Coulomb's law
        (* k (/ (* q1 q2)
                (sqr r)))
    "#);
    let _ = scheme!("(* k `(1 2))");
    let _ = scheme!("(f (g x)");
}
