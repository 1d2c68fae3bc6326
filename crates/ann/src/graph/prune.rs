//! The choice of neighbours: near ones, in different directions.

use super::codes::Codes;
use super::gauge::{Gauge, Measure};
use super::links::DEGREE;

/// How much nearer a candidate has to be to the node than to a chosen neighbour, to be chosen too, as a factor of squared
/// distances. It is the α of DiskANN (Subramanya et al., 2019), which is greater there: but then lists are full of near
/// ones sooner, which drive out those that lead elsewhere.
pub(super) const ALPHA: f32 = 1.1;

/// A candidate for a neighbour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Neighbour {
    pub(super) node: u32,
    /// The squared distance to the node whose neighbour it may be.
    pub(super) distance: f32,
}

/// Chooses at most `most` neighbours of a node, the nearest first ("robust prune" of DiskANN).
///
/// `candidates` come nearest first. `gauge` is used to compare them with each other.
pub(super) fn choose(
    codes: &Codes,
    measure: Measure,
    gauge: &mut Gauge,
    mut candidates: Vec<Neighbour>,
    most: usize,
) -> Vec<Neighbour> {
    let mut chosen = Vec::with_capacity(most);
    let mut rest = Vec::with_capacity(candidates.len());
    while let Some((nearest, others)) = candidates.split_first() {
        chosen.push(*nearest);
        if chosen.len() == most {
            break;
        }
        rest.clear();
        if let Some((own, scale)) = codes.get(nearest.node) {
            gauge.set(own, scale, measure);
            for others in others.chunks(DEGREE) {
                let distances = distances(codes, gauge, others);
                let apart = others.iter().zip(distances).filter(|(other, distance)| {
                    ALPHA * distance > other.distance && other.node != nearest.node
                });
                rest.extend(apart.map(|(other, _)| *other));
            }
        }
        std::mem::swap(&mut candidates, &mut rest);
    }
    chosen
}

/// Computes the squared distances of at most [`DEGREE`] candidates to a gauge's vector.
pub(super) fn distances(codes: &Codes, gauge: &Gauge, of: &[Neighbour]) -> [f32; DEGREE] {
    let mut nodes = [0; DEGREE];
    for (node, neighbour) in nodes.iter_mut().zip(of) {
        *node = neighbour.node;
    }
    let mut found = [0.0; DEGREE];
    gauge.compare(codes, &nodes[..of.len()], &mut found[..of.len()]);
    found.map(|nearness| gauge.distance(nearness))
}
