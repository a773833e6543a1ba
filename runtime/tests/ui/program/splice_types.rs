use scheme_runtime::scheme;

fn main() {
    let name = "rate";
    let unused = 2.0;
    let _ = scheme! { (* ,name x) };
    let _ = scheme! { (* ,{1 +} ,{} ,unused) };
}
