//! Drawings as pictures, laid out in layers: each node below all that it comes from, near the middle of it.

use super::drawing::{Drawing, Edge, Group, Kind, Node};
use std::fmt::{self, Write};

/// Of a character of the font, in pixels.
const WIDTH: f64 = 7.3;
const HEIGHT: f64 = 16.0;
/// Around the text of a node, between nodes of a layer, between layers.
const PAD: f64 = 8.0;
const GAP: f64 = 18.0;
const LAYER: f64 = 36.0;

/// How often the nodes of each layer are put in the order of their neighbours.
const SWEEPS: usize = 4;

/// A picture.
pub(crate) fn svg(drawing: &Drawing) -> String {
    let (mut body, mut width, mut y) = (String::new(), 0.0, GAP);
    for group in &drawing.groups {
        let laid = Laid::out(group);
        y += HEIGHT;
        // Writing to a string does not fail.
        let _ = write(group, &laid, y, &mut body);
        width = laid.width.max(text_width(&group.title)).max(width);
        y += laid.height + LAYER;
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

/// Where the nodes of a group are: the middle of the upper side of each, and its size.
struct Laid {
    places: Vec<Place>,
    width: f64,
    height: f64,
}

#[derive(Clone, Copy, Default)]
struct Place {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Laid {
    fn out(group: &Group) -> Self {
        let mut layers = ordered(layers(group), group);
        let mut places: Vec<Place> = group.nodes.iter().map(size).collect();
        let row = |layer: &[usize], places: &[Place]| {
            layer.iter().map(|n| places[*n].width).sum::<f64>() + GAP * (layer.len().max(1) - 1) as f64
        };
        let width = layers.iter().map(|layer| row(layer, &places)).fold(0.0, f64::max);
        let mut y = GAP / 2.0;
        for layer in &mut layers {
            let mut x = GAP + (width - row(layer, &places)) / 2.0;
            let height = layer.iter().map(|n| places[*n].height).fold(0.0, f64::max);
            for n in layer {
                let place = &mut places[*n];
                (place.x, place.y) = (x + place.width / 2.0, y);
                x += place.width + GAP;
            }
            y += height + LAYER;
        }
        Self { places, width, height: y - LAYER }
    }
}

fn size(node: &Node) -> Place {
    let width = node.lines.iter().map(|line| text_width(line)).fold(0.0, f64::max) + 2.0 * PAD;
    Place { width, height: node.lines.len() as f64 * HEIGHT + PAD, ..Place::default() }
}

fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * WIDTH
}

/// The nodes by the longest way from one without edges to it.
fn layers(group: &Group) -> Vec<Vec<usize>> {
    let count = group.nodes.len();
    let (mut depth, mut open, mut next) = (vec![0; count], vec![0; count], vec![Vec::new(); count]);
    for Edge { from, to, .. } in &group.edges {
        open[*to] += 1;
        next[*from].push(*to);
    }
    let mut ready: Vec<usize> = (0..count).filter(|n| open[*n] == 0).collect();
    while let Some(n) = ready.pop() {
        for to in &next[n] {
            depth[*to] = depth[*to].max(depth[n] + 1);
            open[*to] -= 1;
            if open[*to] == 0 {
                ready.push(*to);
            }
        }
    }
    let mut layers = vec![Vec::new(); depth.iter().max().map_or(0, |deepest| deepest + 1)];
    for (n, depth) in depth.into_iter().enumerate() {
        layers[depth].push(n);
    }
    layers
}

/// The layers with each node near the middle of its neighbours, downwards and upwards in turn.
fn ordered(mut layers: Vec<Vec<usize>>, group: &Group) -> Vec<Vec<usize>> {
    let mut neighbours = vec![[Vec::new(), Vec::new()]; group.nodes.len()];
    for Edge { from, to, .. } in &group.edges {
        neighbours[*to][0].push(*from);
        neighbours[*from][1].push(*to);
    }
    // Where in its layer a node is, from 0 to 1.
    let mut at = vec![0.0; group.nodes.len()];
    let place = |layer: &[usize], at: &mut [f64]| {
        for (i, n) in layer.iter().enumerate() {
            at[*n] = (i as f64 + 0.5) / layer.len() as f64;
        }
    };
    layers.iter().for_each(|layer| place(layer, &mut at));
    for sweep in 0..SWEEPS {
        let side = sweep % 2;
        for i in 0..layers.len() {
            let i = if side == 0 { i } else { layers.len() - 1 - i };
            let layer = &mut layers[i];
            let middle = |n: &usize| match &neighbours[*n][side][..] {
                [] => at[*n],
                of => of.iter().map(|m| at[*m]).sum::<f64>() / of.len() as f64,
            };
            layer.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
            place(layer, &mut at);
        }
    }
    layers
}

fn write(group: &Group, laid: &Laid, top: f64, out: &mut String) -> fmt::Result {
    writeln!(out, "<g transform=\"translate(0 {top})\">")?;
    writeln!(out, "<text x=\"{GAP}\" y=\"0\" font-weight=\"bold\">{}</text>", escaped(&group.title))?;
    for Edge { from, to, label } in &group.edges {
        let (a, b) = (&laid.places[*from], &laid.places[*to]);
        let (x0, y0, x1, y1) = (a.x, a.y + a.height, b.x, b.y);
        let middle = (y0 + y1) / 2.0;
        writeln!(
            out,
            "<path d=\"M{x0:.1} {y0:.1}C{x0:.1} {middle:.1} {x1:.1} {middle:.1} {x1:.1} {y1:.1}\" fill=\"none\" \
             stroke=\"#555\" marker-end=\"url(#end)\"/>"
        )?;
        if !label.is_empty() {
            let x = (x0 + x1) / 2.0 + 4.0;
            writeln!(out, "<text x=\"{x:.1}\" y=\"{middle:.1}\" fill=\"#555\">{label}</text>")?;
        }
    }
    // After the edges, which go behind them.
    for (node, Place { x, y, width, height }) in group.nodes.iter().zip(&laid.places) {
        let left = x - width / 2.0;
        let (corner, fill, stroke) = match node.kind {
            Kind::Given => (height / 2.0, "#eef4ff", "#446"),
            Kind::Step => (2.0, "white", "#222"),
            Kind::Result => (2.0, "#f4f4f4", "none"),
        };
        let corner = corner.min(HEIGHT);
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

fn escaped(text: &str) -> String {
    let plain = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").chars().map(plain).collect()
}
