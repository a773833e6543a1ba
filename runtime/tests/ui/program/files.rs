use scheme_runtime::scheme_file;

fn main() {
    let _ = scheme_file!("missing.scm");
    let _ = scheme_file!(missing);
    let _ = scheme_file!();
    let _ = scheme_file!("broken.scm");
    let _ = scheme_file!("empty.scm");
}
