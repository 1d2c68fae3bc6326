//! How near nodes are to a vector, by their codes.

use super::codes::{Codes, Scale};
use super::encoder::{Encoder, Spread};
use super::links::DEGREE;
use kernels::{Isa, int8};

/// What is near, for a traversal. A nearness is greater for what is nearer; it has no unit and is compared only with
/// others from the same vector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Measure {
    /// The squared Euclidean distance: the nearness is the distance taken from the vector's own squared norm. The cosine
    /// is this for vectors made 1 long.
    L2,
    /// The sum of absolute differences, negated. Codes have one scale for all.
    L1,
    /// The dot product.
    Dot,
    /// The squared Euclidean distance in a space with one dimension more, in which all vectors are equally long: there
    /// the nearest to a query, which has 0 in it, has the greatest dot product with it (Bachrach et al., 2014). Nodes are
    /// linked by it.
    Lifted {
        /// The squared norm that all have there.
        norm_squared: f32,
    },
}

/// What share of all that codes can say is clamped, at least, where they say little.
const BLIND: f32 = 0.125;

/// How many candidates are kept for a hit, at least, where codes are of projections: the sixteenth by the codes is seldom among the
/// ten nearest.
const KEPT_FOR_EACH: f32 = 1.5;

/// The codes of some nodes; zeros where one has none.
struct RowsOf<'a> {
    codes: &'a Codes,
    nodes: &'a [u32],
    /// The nodes whose codes are asked for meanwhile.
    asked: &'a [u32],
}

impl int8::Rows for RowsOf<'_> {
    #[inline(always)]
    fn row(&self, at: usize) -> &[u8] {
        let codes = self.codes.get(self.nodes[at]);
        codes.map_or(self.codes.none(), |(row, _)| row)
    }

    #[inline(always)]
    fn ask(&self, at: usize) {
        if let Some(node) = self.asked.get(at) {
            self.codes.prefetch_row(*node);
        }
    }
}

/// A vector's codes, made ready to be compared with those of nodes.
#[derive(Debug)]
pub(super) struct Gauge {
    /// How many numbers are encoded.
    width: usize,
    /// What codes of projections leave open.
    spread: Option<Spread>,
    probe: int8::Probe,
    measure: Measure,
    own: Scale,
}

impl Gauge {
    pub(super) fn new(encoder: &Encoder) -> Gauge {
        let width = encoder.width();
        Gauge {
            width,
            spread: encoder.axes.as_ref().map(|axes| axes.spread),
            probe: int8::Probe::new(Isa::best(), width, encoder.compared_bytes()),
            measure: Measure::L2,
            own: Scale::default(),
        }
    }

    /// Takes a vector's codes.
    pub(super) fn set(&mut self, codes: &[u8], own: Scale, measure: Measure) {
        self.probe.set(codes, own.scale);
        self.own = own;
        self.measure = measure;
    }

    /// Computes the nearness of some nodes, which are asked for from memory before. A node without codes is farther than all others.
    ///
    /// # Panics
    /// If there are more than [`DEGREE`] nodes, or not as many places.
    #[inline]
    pub(super) fn compare(&self, codes: &Codes, nodes: &[u32], nearness: &mut [f32]) {
        for node in nodes {
            codes.prefetch(*node);
        }
        self.compare_asking::<DEGREE>(codes, nodes, nodes, nearness);
    }

    /// The same for up to `MOST` nodes, while the codes of those of `asked` are asked for: those of the nodes themselves, a little
    /// ahead of where they are read, or of others that are compared later.
    #[inline]
    pub(super) fn compare_asking<const MOST: usize>(
        &self,
        codes: &Codes,
        nodes: &[u32],
        asked: &[u32],
        nearness: &mut [f32],
    ) {
        let count = nodes.len();
        assert!(count <= MOST && nearness.len() == count);
        let rows = RowsOf {
            codes,
            nodes,
            asked,
        };
        let mut totals = [0; MOST];
        let totals = &mut totals[..count];
        match self.measure {
            Measure::L1 => self.probe.differences(rows, totals),
            Measure::L2 | Measure::Dot | Measure::Lifted { .. } => self.probe.dots(rows, totals),
        }
        for ((nearness, total), node) in nearness.iter_mut().zip(totals).zip(nodes) {
            let scale = codes.scale(*node);
            *nearness = scale.map_or(f32::NEG_INFINITY, |scale| self.nearness(*total, scale));
        }
        for node in asked.iter().skip(count) {
            codes.prefetch_row(*node);
        }
    }

    /// Gives the standard deviation of the nearness of a node from the true one, or from what is as much less for all. Rounding to
    /// codes makes it: errors of numbers are spread evenly over a scale. So does what a projection leaves out. What
    /// clamping may make of it besides counts as three deviations.
    pub(super) fn deviation(&self, node: Scale, nearness: f32) -> f32 {
        if self.measure == Measure::L1 {
            let of_number = self.own.scale * node.scale / 6.0;
            let clamped = 2.0 * self.own.aside.min(node.aside);
            return (self.width as f32 * of_number).sqrt() + clamped / 3.0;
        }
        let of_node = self.own.aside * node.scale * node.scale;
        let own = node.aside * self.own.scale * self.own.scale;
        let of_dot = ((of_node + own) / 12.0).sqrt();
        let rounding = match self.measure {
            Measure::Dot => of_dot,
            _ => 2.0 * of_dot,
        };
        let left_out = self
            .spread
            .map_or(0.0, |Spread { near, any }| match self.measure {
                Measure::Dot => near.min(any) * (self.own.aside * node.aside).sqrt(),
                _ => any.min(near * self.distance(nearness).max(0.0)),
            });
        rounding.hypot(left_out)
    }

    /// Whether codes are of projections.
    pub(super) fn is_of_projections(&self) -> bool {
        self.spread.is_some()
    }

    /// Gives how many candidates have to be kept at least, so that the `k` nearest are among them.
    pub(super) fn kept(&self, k: usize) -> usize {
        match self.is_of_projections() {
            true => (k as f32 * KEPT_FOR_EACH).ceil() as usize,
            false => k,
        }
    }

    /// Whether codes say little of how far a node is: it is far beyond what they can say, and the vector is as well.
    pub(super) fn is_blind(&self, node: Scale) -> bool {
        let sayable = self.width as f32 * int8::MOST * self.own.scale;
        self.measure == Measure::L1 && self.own.aside.min(node.aside) > BLIND * sayable
    }

    /// Turns a nearness into the squared distance to the vector, in the measure's space.
    pub(super) fn distance(&self, nearness: f32) -> f32 {
        match self.measure {
            Measure::L2 => self.own.aside - nearness,
            Measure::L1 => (nearness * nearness).min(f32::MAX),
            Measure::Lifted { norm_squared } => norm_squared - nearness,
            Measure::Dot => -nearness,
        }
    }

    /// Gives the nearness of a node whose codes have a total with those of the vector: of products, or of differences.
    #[inline(always)]
    fn nearness(&self, total: i32, node: Scale) -> f32 {
        if self.measure == Measure::L1 {
            // Where one of them was clamped it is by so much farther; where both were, by as much at least.
            return -(total as f32 * node.scale + (self.own.aside - node.aside).abs());
        }
        let dot = total as f32 * (self.own.scale * node.scale);
        match self.measure {
            Measure::Dot => dot,
            Measure::Lifted { norm_squared } => {
                let height = |scale: Scale| (norm_squared - scale.aside).max(0.0).sqrt();
                2.0 * (dot + height(self.own) * height(node)) - norm_squared
            }
            _ => 2.0 * dot - node.aside,
        }
    }
}

#[cfg(test)]
mod tests;
