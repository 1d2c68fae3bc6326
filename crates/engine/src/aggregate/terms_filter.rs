//! Which values make buckets of terms.

use super::format::Format;
use super::regexp::Regexp;
use crate::error::Result;
use document::Failure;
use query::TermsFilter;
use std::collections::HashSet;

/// What is let in and what is kept out.
pub(super) struct TermsChoice<F> {
    include: Option<F>,
    exclude: Option<F>,
}

/// Which texts are meant.
pub(super) enum Texts {
    These(HashSet<String>),
    Pattern(Regexp),
    Partition(Partition),
}

/// Which numbers are meant, as the keys of their buckets.
pub(super) enum Keys {
    These(HashSet<u64>),
    Partition(Partition),
}

/// One part of several, told apart by a hash.
#[derive(Debug, Clone, Copy)]
pub(super) struct Partition {
    partition: i64,
    partitions: i64,
}

impl Partition {
    /// Whether a hash belongs to the part.
    fn has(self, hash: i64) -> bool {
        self.partitions > 0 && hash.rem_euclid(self.partitions) == self.partition
    }
}

impl<F> TermsChoice<F> {
    /// Whether every value makes a bucket.
    #[inline]
    pub(super) fn is_open(&self) -> bool {
        self.include.is_none() && self.exclude.is_none()
    }
}

impl TermsChoice<Texts> {
    /// Reads what is let in and kept out of texts.
    ///
    /// # Errors
    /// When a pattern breaks the rules of patterns, or what is meant cannot be told from texts of the format.
    pub(super) fn texts(
        name: &str,
        (include, exclude): (Option<&TermsFilter>, Option<&TermsFilter>),
        format: &Format,
    ) -> Result<Self> {
        let read = |filter: &TermsFilter| -> Result<Texts> {
            Ok(match filter {
                TermsFilter::Values(values) => {
                    let texts = values.iter().map(|value| format.read_text(value));
                    Texts::These(texts.collect::<Result<_>>()?)
                }
                TermsFilter::Pattern(_) if matches!(format, Format::Addresses) => {
                    return Err(Failure::illegal_argument(format!(
                        "Aggregation [{name}] cannot support regular expression style include/exclude settings as they \
                         can only be applied to string fields. Use an array of values for include/exclude clauses"
                    ))
                    .into());
                }
                TermsFilter::Pattern(pattern) => Texts::Pattern(Regexp::new(pattern)?),
                TermsFilter::Partition {
                    partition,
                    partitions,
                } => Texts::Partition(part(*partition, *partitions)),
            })
        };
        Ok(Self {
            include: include.map(read).transpose()?,
            exclude: exclude.map(read).transpose()?,
        })
    }

    /// Whether a text makes a bucket.
    ///
    /// # Errors
    /// When a pattern takes too long on it.
    pub(super) fn accepts(&self, term: &str) -> Result<bool> {
        let fits = |texts: &Texts| match texts {
            Texts::These(texts) => Ok(texts.contains(term)),
            Texts::Pattern(pattern) => pattern.fits(term),
            Texts::Partition(part) => Ok(part.has(i64::from(murmur(term.as_bytes())))),
        };
        let included = self.include.as_ref().map_or(Ok(true), fits)?;
        Ok(included && !self.exclude.as_ref().map_or(Ok(false), fits)?)
    }
}

impl TermsChoice<Keys> {
    /// Reads what is let in and kept out of numbers; `key` makes the key of a bucket of a number.
    ///
    /// # Errors
    /// In Elasticsearch's words, when a value is no number, or a pattern is given.
    pub(super) fn keys(
        name: &str,
        (include, exclude): (Option<&TermsFilter>, Option<&TermsFilter>),
        format: &Format,
        key: impl Fn(&Format, &str) -> Result<u64>,
    ) -> Result<Self> {
        let read = |filter: &TermsFilter| -> Result<Keys> {
            Ok(match filter {
                TermsFilter::Values(values) => {
                    let keys = values.iter().map(|value| key(format, value));
                    Keys::These(keys.collect::<Result<_>>()?)
                }
                TermsFilter::Pattern(_) => {
                    return Err(Failure::illegal_argument(format!(
                        "Aggregation [{name}] cannot support regular expression style include/exclude settings as they \
                         can only be applied to string fields. Use an array of numeric values for include/exclude \
                         clauses used to filter numeric fields"
                    ))
                    .into());
                }
                TermsFilter::Partition {
                    partition,
                    partitions,
                } => Keys::Partition(part(*partition, *partitions)),
            })
        };
        Ok(Self {
            include: include.map(read).transpose()?,
            exclude: exclude.map(read).transpose()?,
        })
    }

    /// Whether a number makes a bucket; `bits` are those that Elasticsearch's partitions are made of.
    pub(super) fn accepts(&self, key: u64, bits: i64) -> bool {
        let fits = |keys: &Keys| match keys {
            Keys::These(keys) => keys.contains(&key),
            Keys::Partition(part) => part.has(mixed(bits)),
        };
        self.include.as_ref().is_none_or(fits) && !self.exclude.as_ref().is_some_and(fits)
    }
}

fn part(partition: u32, partitions: u32) -> Partition {
    Partition {
        partition: i64::from(partition),
        partitions: i64::from(partitions),
    }
}

/// The hash of a text that says to which part it belongs: MurmurHash3, 32 bits, as Elasticsearch seeds it.
fn murmur(bytes: &[u8]) -> i32 {
    const SEED: u32 = 31;
    let scramble = |word: u32| {
        word.wrapping_mul(0xcc9e_2d51)
            .rotate_left(15)
            .wrapping_mul(0x1b87_3593)
    };
    let word = |bytes: &[u8]| {
        bytes
            .iter()
            .rev()
            .fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
    };
    let mut chunks = bytes.chunks_exact(4);
    let mut hash = SEED;
    for chunk in &mut chunks {
        hash = (hash ^ scramble(word(chunk))).rotate_left(13);
        hash = hash.wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    hash ^= scramble(word(chunks.remainder()));
    hash ^= bytes.len() as u32;
    hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    (hash ^ hash >> 16) as i32
}

/// The hash of a number that says to which part it belongs: the finalizer that Elasticsearch uses (Stafford's variant).
fn mixed(number: i64) -> i64 {
    let mut bits = number as u64;
    bits = (bits ^ bits >> 32).wrapping_mul(0x4cd6_944c_5cc2_0b6d);
    bits = (bits ^ bits >> 29).wrapping_mul(0xfc12_c5b1_9d32_59e9);
    (bits ^ bits >> 32) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(partition: u32, partitions: u32) -> Option<TermsFilter> {
        Some(TermsFilter::Partition {
            partition,
            partitions,
        })
    }

    /// As Elasticsearch 8.19 divides the same values.
    #[test]
    fn parts_are_those_of_elasticsearch() {
        let members = |part: u32, terms: &[&str]| -> Vec<String> {
            let choice =
                TermsChoice::texts("x", (parts(part, 3).as_ref(), None), &Format::Raw).unwrap();
            let own = terms.iter().filter(|term| choice.accepts(term).unwrap());
            own.map(|term| (*term).to_owned()).collect()
        };
        let terms = [
            "",
            "x",
            "ab",
            "abc",
            "abcd",
            "hello",
            "longer word ü",
            "日本",
        ];
        assert_eq!(members(0, &terms), ["x", "abc", "abcd", "longer word ü"]);
        assert_eq!(members(1, &terms), Vec::<String>::new());
        assert_eq!(members(2, &terms), ["", "ab", "hello", "日本"]);
        let read = |format: &Format, text: &str| Ok(format.read_whole(text)? as u64);
        let part = parts(1, 3);
        let choice = TermsChoice::keys("x", (part.as_ref(), None), &Format::Raw, read).unwrap();
        let own: Vec<i64> = [-5, 1, 2, 3, 7, 100]
            .into_iter()
            .filter(|number: &i64| choice.accepts(*number as u64, *number))
            .collect();
        assert_eq!(own, [-5, 3]);
    }
}
