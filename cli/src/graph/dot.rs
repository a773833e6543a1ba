//! Drawings for Graphviz.

use super::drawing::{Drawing, Kind};
use std::fmt::{self, Write};

/// The text that `dot` reads.
pub(crate) fn dot(drawing: &Drawing) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write(drawing, &mut text);
    text
}

fn write(drawing: &Drawing, out: &mut String) -> fmt::Result {
    out.push_str("digraph program {\n  node [fontname=\"monospace\"];\n  edge [fontname=\"monospace\"];\n");
    for (g, group) in drawing.groups.iter().enumerate() {
        writeln!(out, "  subgraph cluster_{g} {{\n    label=\"{}\";", escaped(&group.title))?;
        for (n, node) in group.nodes.iter().enumerate() {
            let shape = match node.kind {
                Kind::Given => "ellipse",
                Kind::Step => "box",
                Kind::Result => "plaintext",
            };
            // A single line is centred; several are set left.
            let label = match &node.lines[..] {
                [line] => escaped(line),
                lines => lines.iter().map(|line| escaped(line) + "\\l").collect(),
            };
            writeln!(out, "    n{g}_{n} [shape={shape}, label=\"{label}\"];")?;
        }
        for edge in &group.edges {
            write!(out, "    n{g}_{} -> n{g}_{}", edge.from, edge.to)?;
            match edge.label {
                "" => out.push_str(";\n"),
                label => writeln!(out, " [label=\"{label}\"];")?,
            }
        }
        out.push_str("  }\n");
    }
    out.push('}');
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
