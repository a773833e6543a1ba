//! Drawings as pictures.

use super::{
    drawing::{Drawing, Edge, Group, Kind},
    layout::{GAP, HEIGHT, LAYER, Layout, PAD, Place, text_width},
};
use std::fmt::{self, Write};

/// A picture.
pub(crate) fn svg(drawing: &Drawing) -> String {
    let (mut body, mut width, mut y) = (String::new(), 0.0, GAP);
    for group in &drawing.groups {
        let layout = Layout::of(group);
        y += HEIGHT;
        // Writing to a string does not fail.
        let _ = write(group, &layout, y, &mut body);
        width = layout.width.max(text_width(&group.title)).max(width);
        y += layout.height + LAYER;
    }
    let (width, height) = ((width + 2.0 * GAP).ceil(), y.ceil());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"monospace\" font-size=\"12\">\n\
         <defs><marker id=\"end\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
         orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{body}</svg>"
    )
}

fn write(group: &Group, layout: &Layout, top: f64, out: &mut String) -> fmt::Result {
    writeln!(out, "<g transform=\"translate(0 {top})\">")?;
    writeln!(out, "<text x=\"{GAP}\" y=\"0\" font-weight=\"bold\">{}</text>", escaped(&group.title))?;
    for (edge, route) in group.edges.iter().zip(&layout.routes) {
        line(edge, route, out)?;
    }
    for (node, Place { x, y, width, height }) in group.nodes.iter().zip(&layout.places) {
        let left = x - width / 2.0;
        let (corner, fill, stroke) = match node.kind {
            Kind::Given => ((height / 2.0).min(HEIGHT), "#eef4ff", "#446"),
            Kind::Step => (2.0, "white", "#222"),
            Kind::Result => (2.0, "#f4f4f4", "none"),
        };
        writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{corner:.1}\" \
             fill=\"{fill}\" stroke=\"{stroke}\"/>"
        )?;
        for (i, line) in node.lines.iter().enumerate() {
            let (x, y) = (left + PAD, y + HEIGHT * (i as f64 + 1.0) - 1.0);
            writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(line))?;
        }
    }
    out.push_str("</g>\n");
    Ok(())
}

/// An edge: curved between layers, upright through those that it passes.
fn line(edge: &Edge, route: &[Place], out: &mut String) -> fmt::Result {
    let [from, passed @ ..] = route else { return Ok(()) };
    let (mut x, mut y) = (from.x, from.y + from.height);
    let mut label = String::new();
    write!(out, "<path d=\"M{x:.1} {y:.1}")?;
    for (i, to) in passed.iter().enumerate() {
        let middle = (y + to.y) / 2.0;
        write!(out, "C{x:.1} {middle:.1} {:.1} {middle:.1} {:.1} {:.1}", to.x, to.x, to.y)?;
        if i + 1 < passed.len() {
            write!(out, "V{:.1}", to.y + to.height)?;
        }
        // Near its start, where edges of different labels are apart.
        if i == 0 && !edge.label.is_empty() {
            let x = (x + to.x) / 2.0 + 4.0;
            label = format!("<text x=\"{x:.1}\" y=\"{middle:.1}\" fill=\"#555\">{}</text>\n", edge.label);
        }
        (x, y) = (to.x, to.y + to.height);
    }
    writeln!(out, "\" fill=\"none\" stroke=\"#555\" marker-end=\"url(#end)\"/>")?;
    out.push_str(&label);
    Ok(())
}

fn escaped(text: &str) -> String {
    let plain = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").chars().map(plain).collect()
}
