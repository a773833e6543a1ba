//! The texts of transformed graphs, in `tests/graphs/*.txt`. `BLESS=1` writes them anew.

use crate::{parse, sound};
use scheme_core::{
    anf::Graph,
    transform::{jvp, linearize, transpose, value_and_grad, vjp, vmap},
};
use std::{fs, path::PathBuf};

/// What follows the graph in its file.
fn sections(f: &Graph) -> Vec<(String, Graph)> {
    let lin = linearize(f).unwrap();
    let residuals = lin.primal.body.results.len() - lin.outputs;
    let linear: Vec<bool> = (0..lin.tangent.params.len()).map(|i| i >= residuals).collect();
    let batched: Vec<bool> = (0..f.params.len()).map(|i| i == 0).collect();
    let mut all = vec![
        ("jvp".to_owned(), jvp(f)),
        ("linearize: primal".to_owned(), lin.primal.clone()),
        ("linearize: tangent".to_owned(), lin.tangent.clone()),
        ("transpose".to_owned(), transpose(&lin.tangent, &linear).unwrap()),
        ("vjp".to_owned(), vjp(f).unwrap()),
        ("vmap of 8 by the first parameter".to_owned(), vmap(f, &batched, 8).unwrap()),
        ("vjp of vmap".to_owned(), vjp(&vmap(f, &batched, 8).unwrap()).unwrap()),
    ];
    if let Ok(both) = value_and_grad(f, &(0..f.params.len()).collect::<Vec<_>>()) {
        all.push(("value and gradient".to_owned(), both));
    }
    all
}

#[test]
fn texts() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/graphs");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    files.sort();
    assert!(!files.is_empty());
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let source = text.split("\n;; ").next().unwrap_or_default().trim();
        let mut want = format!("{source}\n");
        for (title, graph) in sections(&parse(source)) {
            sound(&graph);
            want.push_str(&format!("\n;; {title}\n{graph}\n"));
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, want).unwrap();
        } else {
            assert_eq!(text, want, "{}: BLESS=1 accepts what is new", path.display());
        }
    }
}
