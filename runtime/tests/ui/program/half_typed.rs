use scheme_runtime::scheme;

fn main() {
    let before = vec![1.0, 2.0];
    let _ = scheme! { (* k (sq x)) };
    let _ = scheme! { (let ((x )) ) };
    let _ = scheme! { (define ) };
    let _ = scheme! { (if ) };
    let _ = scheme! { (* k ,) };
    println!("{}", before.len());
}
