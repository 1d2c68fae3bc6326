//! How much each vector counts when pictures are compared by all of them.

/// Weights of the cosines in the similarity of two pictures; they add up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FusionWeights {
    /// Weight of the embeddings' cosine; 0 without a network.
    pub embedding: f32,
    /// Weight of the colour cosine.
    pub color: f32,
    /// Weight of the texture cosine. Texture cosines lie close together (standard deviation 0.03, of
    /// shape 0.15), so that it counts for less than it seems.
    pub texture: f32,
    /// Weight of the shape cosine.
    pub shape: f32,
}

impl FusionWeights {
    /// Weights for pictures compared without a network.
    ///
    /// Leave-one-out over 12 pictures of each of 100 Caltech-101 classes, P@10 / mAP: colour alone
    /// 0.115 / 0.110, texture 0.143 / 0.137, shape 0.223 / 0.214; a third of each 0.221 / 0.212; these
    /// weights 0.251 / 0.244, and 0.225 / 0.217 on 12 other pictures of each class. Less colour scores
    /// a little higher there (0.05, 0.7, 0.25: 0.256 / 0.247), because objects come in any colour;
    /// people do expect like colours, so a tenth is theirs. All 25 pictures of 52 other classes:
    /// 0.401 / 0.284, shape alone 0.375 / 0.264.
    pub const DESCRIPTORS: Self = Self {
        embedding: 0.0,
        color: 0.1,
        texture: 0.6,
        shape: 0.3,
    };

    /// Weights for pictures compared by a network as well.
    ///
    /// All 25 pictures of 52 Caltech-101 classes, P@10 / mAP (`bench/quality.sh`): beside a weak network
    /// (0.624 / 0.505 alone) 0.650 / 0.526, beside MobileNetV2 (0.832 / 0.737) 0.842 / 0.746.
    pub const WITH_EMBEDDING: Self = Self {
        embedding: 0.7,
        color: 0.02,
        texture: 0.16,
        shape: 0.12,
    };

    /// The weight of a vector by its name; none when no vector has it.
    pub fn of(&self, name: &str) -> Option<f32> {
        match name {
            "embedding" => Some(self.embedding),
            "color" => Some(self.color),
            "texture" => Some(self.texture),
            "shape" => Some(self.shape),
            _ => None,
        }
    }
}
