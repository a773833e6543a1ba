//! No name of R7RS-small is ever taken for an input.

use scheme_core::{diag::Code, kernel, reader, span::Span};

#[test]
fn every_name_of_r7rs_means_something() {
    for name in include_str!("names/r7rs.txt").split_whitespace() {
        for text in [format!("(list {name})"), format!("(lambda (f) (f {name} 1))"), name.to_string()] {
            let (program, findings) = kernel::desugar(&reader::read(&text).0);
            match program {
                Some(program) => {
                    assert!(
                        program.inputs.iter().all(|local| &*program.locals[local.0 as usize].name != name),
                        "{text}"
                    );
                }
                None => {
                    let known = |code| {
                        matches!(
                            code,
                            Code::NotInLanguage | Code::NotYet | Code::BadForm | Code::MisplacedDefine
                        )
                    };
                    let there = |span: Span| text.get(span.start as usize..span.end as usize);
                    assert!(
                        findings.iter().any(|d| known(d.code) && there(d.span) == Some(name)),
                        "{text}: {findings:?}"
                    );
                }
            }
        }
    }
}
