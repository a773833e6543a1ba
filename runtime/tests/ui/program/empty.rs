use scheme_runtime::scheme;

fn main() {
    let _ = scheme! {};
    let _ = scheme! { ; nothing but a comment
    };
    let _ = scheme!("");
    let _ = scheme!("; nothing but a comment\n");
}
