//! How near nodes are to a vector, by their codes.

use super::codes::{Codes, Scale};
use super::links::DEGREE;
use kernels::{Isa, int8};

/// What is near, for a traversal. A nearness is greater for what is nearer; it has no unit and is compared only with
/// others from the same vector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Measure {
    /// The squared Euclidean distance: the nearness is the distance taken from the vector's own squared norm. The cosine
    /// is this for vectors made 1 long.
    L2,
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

/// A vector's codes, made ready to be compared with those of nodes.
#[derive(Debug)]
pub(super) struct Gauge {
    probe: int8::Probe,
    measure: Measure,
    own: Scale,
}

impl Gauge {
    pub(super) fn new(dims: usize) -> Gauge {
        Gauge {
            probe: int8::Probe::new(Isa::best(), dims),
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

    /// Computes the nearness of some nodes. A node without codes is farther than all others.
    ///
    /// # Panics
    /// If there are more than [`DEGREE`] nodes, or not as many places.
    #[inline]
    pub(super) fn compare(&self, codes: &Codes, nodes: &[u32], nearness: &mut [f32]) {
        let count = nodes.len();
        assert!(count <= DEGREE && nearness.len() == count);
        for node in nodes {
            codes.prefetch(*node);
        }
        let mut rows: [&[u8]; DEGREE] = [&[]; DEGREE];
        let mut scales = [Scale::default(); DEGREE];
        let mut vacant = false;
        for ((row, scale), node) in rows.iter_mut().zip(&mut scales).zip(nodes) {
            (*row, *scale) = codes.get(*node).unwrap_or_else(|| {
                vacant = true;
                (codes.none(), Scale::default())
            });
        }
        let mut dots = [0; DEGREE];
        self.probe.dots(&rows[..count], &mut dots[..count]);
        for ((nearness, dot), scale) in nearness.iter_mut().zip(dots).zip(scales) {
            *nearness = self.nearness(dot, scale);
        }
        if vacant {
            for (nearness, node) in nearness.iter_mut().zip(nodes) {
                if codes.get(*node).is_none() {
                    *nearness = f32::NEG_INFINITY;
                }
            }
        }
    }

    /// Gives the standard deviation of a node's nearness from the true one, which is what rounding to codes makes of it:
    /// errors of numbers are spread evenly over a scale.
    pub(super) fn deviation(&self, node: Scale) -> f32 {
        let of_node = self.own.norm_squared * node.scale * node.scale;
        let own = node.norm_squared * self.own.scale * self.own.scale;
        let of_dot = ((of_node + own) / 12.0).sqrt();
        match self.measure {
            Measure::Dot => of_dot,
            Measure::L2 | Measure::Lifted { .. } => 2.0 * of_dot,
        }
    }

    /// Turns a nearness into the squared distance to the vector, in the measure's space.
    pub(super) fn distance(&self, nearness: f32) -> f32 {
        match self.measure {
            Measure::L2 => self.own.norm_squared - nearness,
            Measure::Lifted { norm_squared } => norm_squared - nearness,
            Measure::Dot => -nearness,
        }
    }

    #[inline(always)]
    fn nearness(&self, dot: i32, node: Scale) -> f32 {
        let dot = dot as f32 * (self.own.scale * node.scale);
        match self.measure {
            Measure::L2 => 2.0 * dot - node.norm_squared,
            Measure::Dot => dot,
            Measure::Lifted { norm_squared } => {
                let height = |scale: Scale| (norm_squared - scale.norm_squared).max(0.0).sqrt();
                2.0 * (dot + height(self.own) * height(node)) - norm_squared
            }
        }
    }
}
