//! Names with weights as terms.
//!
//! Lucene keeps a weight as a term's frequency; `tantivy` counts frequencies itself, so that here each weight makes a term
//! of its own: the name, and the weight in 16 bits as four hexadecimal digits.

/// Between a name and its weight; no name has it.
const BETWEEN: char = '\u{1}';
/// Bits of a weight that are left out, as Lucene leaves them out: 8 of the fraction remain, so that a weight is right to
/// 0.4%.
const DROPPED: u32 = 15;

/// Makes the term of a name with a weight; none when a weight is not a normal number greater than 0, or a name holds what
/// stands between.
pub(super) fn feature_term(name: &str, weight: f32) -> Option<String> {
    let fits = weight.is_normal() && weight > 0.0 && !name.contains(BETWEEN);
    fits.then(|| format!("{name}{BETWEEN}{:04x}", weight.to_bits() >> DROPPED))
}

/// The weight that a term has with a name; none when the term is of another name.
pub(crate) fn feature_weight(name: &str, term: &str) -> Option<f32> {
    let digits = term.strip_prefix(name)?.strip_prefix(BETWEEN)?;
    let bits = u32::from_str_radix(digits, 16).ok()?;
    Some(f32::from_bits(bits << DROPPED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_comes_back_nearly_as_it_was() {
        for weight in [f32::MIN_POSITIVE, 0.01, 0.2, 0.93, 1.0, 7.5, f32::MAX] {
            let term = feature_term("golden retriever", weight).unwrap();
            let back = feature_weight("golden retriever", &term).unwrap();
            assert!(back <= weight && back > weight * 0.996, "{weight}: {back}");
            assert_eq!(feature_weight("golden", &term), None);
        }
        for weight in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e-40] {
            assert_eq!(feature_term("dog", weight), None);
        }
        assert_eq!(feature_term("a\u{1}b", 1.0), None);
    }
}
