//! Strongly connected components, Tarjan's algorithm with an explicit stack.

/// The components of the graph in which `edges[n]` are the targets of node `n`, those that others
/// point to first; the nodes of a component in ascending order. Targets are nodes of the graph.
pub(crate) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let count = edges.len();
    let mut found = Vec::new();
    let (mut index, mut low, mut open) = (vec![NEW; count], vec![0; count], vec![false; count]);
    let (mut stack, mut next) = (Vec::new(), 0);
    // Nodes being visited, each with the number of its edges already followed.
    let mut path: Vec<(usize, usize)> = Vec::new();
    for root in 0..count {
        if index[root] != NEW {
            continue;
        }
        path.push((root, 0));
        while let Some(&mut (node, ref mut followed)) = path.last_mut() {
            if *followed == 0 && index[node] == NEW {
                index[node] = next;
                low[node] = next;
                next += 1;
                stack.push(node);
                open[node] = true;
            }
            if let Some(&target) = edges[node].get(*followed) {
                *followed += 1;
                if index[target] == NEW {
                    path.push((target, 0));
                } else if open[target] {
                    low[node] = low[node].min(index[target]);
                }
                continue;
            }
            path.pop();
            if let Some(&(parent, _)) = path.last() {
                low[parent] = low[parent].min(low[node]);
            }
            if low[node] == index[node] {
                let start = stack.iter().rposition(|n| *n == node).unwrap_or(0);
                let mut component = stack.split_off(start);
                for member in &component {
                    open[*member] = false;
                }
                component.sort_unstable();
                found.push(component);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn dependencies_come_first_and_cycles_stay_together() {
        let edges = [vec![1, 3], vec![2], vec![1], vec![], vec![4, 0]];
        assert_eq!(components(&edges), [vec![1, 2], vec![3], vec![0], vec![4]]);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let edges: Vec<_> = (0..100_000).map(|n| if n == 0 { vec![] } else { vec![n - 1] }).collect();
        assert_eq!(components(&edges).len(), 100_000);
        let back: Vec<_> = (0..100_000).map(|n| if n == 99_999 { vec![] } else { vec![n + 1] }).collect();
        assert_eq!(components(&back)[0], [99_999]);
    }
}
