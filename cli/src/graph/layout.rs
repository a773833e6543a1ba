//! Where the nodes of a group are drawn: in layers, each node below all that it comes from, near the middle of its
//! neighbours. An edge over several layers has a place of its own in each, so that it passes beside the nodes.

use super::drawing::{Edge, Group, Node};

/// Of a character of the font, in pixels.
pub(super) const WIDTH: f64 = 7.3;
pub(super) const HEIGHT: f64 = 16.0;
/// Around the text of a node, between the nodes of a layer, between layers.
pub(super) const PAD: f64 = 8.0;
pub(super) const GAP: f64 = 18.0;
pub(super) const LAYER: f64 = 36.0;

/// How often each layer is put in the order of its neighbours.
const SWEEPS: usize = 6;

/// The most places that edges have; further ones go straight.
const MAX_PASSED: usize = 20_000;

/// A group laid out.
pub(super) struct Layout {
    /// Where the nodes are.
    pub(super) places: Vec<Place>,
    /// The places that each edge passes, from node to node.
    pub(super) routes: Vec<Vec<Place>>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The middle of a place's upper side, and its size.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

pub(super) fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * WIDTH
}

impl Layout {
    pub(super) fn of(group: &Group) -> Self {
        let mut places: Vec<Place> = group.nodes.iter().map(size).collect();
        let depth = depths(group);
        let mut layers = vec![Vec::new(); depth.iter().max().map_or(0, |deepest| deepest + 1)];
        depth.iter().enumerate().for_each(|(n, depth)| layers[*depth].push(n));
        let routes = routes(group, &depth, &mut layers, &mut places);
        order(&mut layers, &routes, places.len());
        let row = |layer: &[usize], places: &[Place]| {
            layer.iter().map(|n| places[*n].width).sum::<f64>() + GAP * (layer.len().max(1) - 1) as f64
        };
        let width = layers.iter().map(|layer| row(layer, &places)).fold(0.0, f64::max);
        let mut y = GAP / 2.0;
        for layer in &layers {
            let mut x = GAP + (width - row(layer, &places)) / 2.0;
            let height = layer.iter().map(|n| places[*n].height).fold(0.0, f64::max);
            for n in layer {
                let place = &mut places[*n];
                (place.x, place.y) = (x + place.width / 2.0, y);
                x += place.width + GAP;
                // What is passed is as high as its layer.
                if *n >= group.nodes.len() {
                    place.height = height;
                }
            }
            y += height + LAYER;
        }
        let at = |route: Vec<usize>| route.into_iter().map(|n| places[n]).collect();
        let routes = routes.into_iter().map(at).collect();
        places.truncate(group.nodes.len());
        Self { places, routes, width, height: y - LAYER }
    }
}

fn size(node: &Node) -> Place {
    let width = node.lines.iter().map(|line| text_width(line)).fold(0.0, f64::max) + 2.0 * PAD;
    Place { width, height: node.lines.len() as f64 * HEIGHT + PAD, ..Place::default() }
}

/// The length of the longest way to each node.
fn depths(group: &Group) -> Vec<usize> {
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
    depth
}

/// The nodes that each edge passes, of which those between its ends are new.
fn routes(
    group: &Group,
    depth: &[usize],
    layers: &mut [Vec<usize>],
    places: &mut Vec<Place>,
) -> Vec<Vec<usize>> {
    let most = group.nodes.len() + MAX_PASSED;
    let mut route = |Edge { from, to, .. }: &Edge| {
        let mut route = vec![*from];
        for layer in layers.iter_mut().take(depth[*to]).skip(depth[*from] + 1) {
            if places.len() < most {
                layer.push(places.len());
                route.push(places.len());
                places.push(Place::default());
            }
        }
        route.push(*to);
        route
    };
    group.edges.iter().map(&mut route).collect()
}

/// Puts each node near the middle of its neighbours, downwards and upwards in turn.
fn order(layers: &mut [Vec<usize>], routes: &[Vec<usize>], count: usize) {
    let mut neighbours = vec![[Vec::new(), Vec::new()]; count];
    for (from, to) in routes.iter().flat_map(|route| route.iter().zip(route.iter().skip(1))) {
        neighbours[*to][0].push(*from);
        neighbours[*from][1].push(*to);
    }
    // Where in its layer a node is, from 0 to 1.
    let mut at = vec![0.0; count];
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
}
