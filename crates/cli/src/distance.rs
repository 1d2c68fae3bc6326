//! What archives call the ways in which vectors are compared.

use document::Similarity;

/// Words of ann-benchmarks and others; the first of a similarity is the one that is written.
const DISTANCES: [(&str, Similarity); 8] = [
    ("angular", Similarity::Cosine),
    ("cosine", Similarity::Cosine),
    ("euclidean", Similarity::L2Norm),
    ("l2", Similarity::L2Norm),
    ("dot_product", Similarity::DotProduct),
    ("max_inner_product", Similarity::MaxInnerProduct),
    ("dot", Similarity::MaxInnerProduct),
    ("ip", Similarity::MaxInnerProduct),
];

/// The similarity that an archive's word stands for.
pub(crate) fn similarity(word: &str) -> Option<Similarity> {
    let found = DISTANCES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word));
    found.map(|(_, similarity)| *similarity)
}

/// The word for a similarity; none where archives have none.
pub(crate) fn word(similarity: Similarity) -> Option<&'static str> {
    let found = DISTANCES.iter().find(|(_, known)| *known == similarity);
    found.map(|(word, _)| *word)
}

/// Every word, for errors.
pub(crate) fn words() -> String {
    DISTANCES.map(|(word, _)| word).join(", ")
}
