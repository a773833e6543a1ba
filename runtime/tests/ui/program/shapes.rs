use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (* x (dot [1 2 3] (vec x 2 3 4))) };
    let _ = scheme! { (vsum (matvec (mat [1 2] [3 x] [5 6]) [1 2 3])) };
    let _ = scheme! { (vsum (matmul (mat [1 2 3] [4 5 x]) (mat [1 2 3] [4 5 6]))) };
    let _ = scheme! { (vsum (+ (vec x 2 3) (vec 1 2 3 4))) };
    let _ = scheme! { (vsum (* (mat [1 2] [3 x]) [1 2])) };
    let _ = scheme! { (ref (vec x 2 3) 3) };
    let _ = scheme! { (ref (mat [1 2] [3 x]) 2 0) };
    let _ = scheme! { (: v (vec 3)) (: w (vec 4)) (dot v w) };
    let _ = scheme! { (: A (mat 2 2)) (: v (vec 3)) (vsum (matvec A v)) };
    let _ = scheme! { (cross (vec x 2) [1 2 3]) };
    let _ = scheme! { (: v (vec 0)) (vsum v) };
    let _ = scheme! { (: v (vec three)) (vsum v) };
}
