//! What pictures are said to show: the 1,000 classes of ImageNet (Russakovsky et al., IJCV 2015) and broader terms over
//! them, in English and Chinese.
//!
//! A broader term is as probable as all classes below it together: a picture that may be any of twenty breeds is surely a
//! dog. The tables are `models/tags/classes.tsv` and `models/tags/broader.tsv`.

mod find;
mod table;

pub use find::FoundTerm;

use std::collections::HashMap;
use std::sync::OnceLock;

/// Tags of one picture at most.
pub const MAX_TAGS: usize = 12;

/// Something that a picture is said to show.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its name in English, the one that documents keep.
    pub name: String,
    /// The probability that it is there, 0 to 1.
    pub confidence: f32,
}

/// A class of the network, or a broader term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Names in English; the first is the one that documents keep, and no other term has it.
    pub english: Vec<&'static str>,
    /// Names in Chinese, the usual one first.
    pub chinese: Vec<&'static str>,
    /// The longest way up to a term without a broader one; greater = more special.
    pub depth: usize,
}

/// The terms, and which of them each class falls under.
#[derive(Debug)]
pub struct Vocabulary {
    terms: Vec<Term>,
    /// For each number of a class, 0 (background) to 1000, the terms that it makes true.
    terms_of: Vec<Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    /// Words of the longest English name, and characters of the longest Chinese one.
    longest: (usize, usize),
}

impl Vocabulary {
    /// The vocabulary of the built-in tables.
    pub fn imagenet() -> &'static Self {
        static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
        VOCABULARY.get_or_init(table::read)
    }

    /// Whether labels are those of the classes: 1,001 of them, background first.
    pub fn fits(&self, labels: &[String]) -> bool {
        labels.len() == self.terms_of.len()
            && labels.first().is_some_and(|label| label == "background")
    }

    /// Every term, the broader ones first.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Names what a network sees: the terms whose probability is `floor` or more, the most probable first and of equals
    /// the more special one; at most [`MAX_TAGS`].
    ///
    /// A broader term has to have half of `floor` more than it would get by chance: a network that has no idea gives
    /// `animal` 0.4, as 398 of 1,000 classes are animals, so that it is named from 0.5 on, where `floor` is 0.2.
    ///
    /// `probabilities` are those of the 1,001 classes, background at 0. Of any other length they say nothing, and there
    /// are no tags.
    pub fn tags(&self, probabilities: &[f32], floor: f32) -> Vec<Tag> {
        if probabilities.len() != self.terms_of.len() {
            return Vec::new();
        }
        let mut sums = vec![0.0_f32; self.terms.len()];
        let mut classes = vec![0_u16; self.terms.len()];
        for (probability, terms) in probabilities.iter().zip(&self.terms_of) {
            for term in terms {
                sums[*term] += probability;
                classes[*term] += 1;
            }
        }
        let least = |classes: u16| {
            let by_chance = f32::from(classes.saturating_sub(1)) / probabilities.len() as f32;
            floor.max(by_chance + floor / 2.0)
        };
        // Two digits are more than a network knows.
        let rounded = |sum: f32| (sum.clamp(0.0, 1.0) * 100.0).round() / 100.0;
        let mut tags: Vec<(f32, &Term)> = sums
            .into_iter()
            .map(rounded)
            .zip(&self.terms)
            .zip(classes)
            .filter(|((confidence, _), classes)| {
                *confidence >= least(*classes) && *confidence > 0.0
            })
            .map(|(tag, _)| tag)
            .collect();
        tags.sort_by(|(a, left), (b, right)| b.total_cmp(a).then(right.depth.cmp(&left.depth)));
        let name = |(confidence, term): (f32, &Term)| Tag {
            name: term.english[0].to_owned(),
            confidence,
        };
        tags.into_iter().take(MAX_TAGS).map(name).collect()
    }
}

#[cfg(test)]
mod tests;
