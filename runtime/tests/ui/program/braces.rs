use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (* k {+ x 1}) };
}
