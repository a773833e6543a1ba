use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (* ,missing x) };
}
