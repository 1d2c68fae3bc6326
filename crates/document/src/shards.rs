//! The shards that an index says it has.

use crate::IndexSettings;
use serde_json::Value;

/// How often shards can be split, as a power of two, unless the settings say otherwise.
const LOG2_MOST_SHARDS: u32 = 10;

/// The shards that an index says it has. There is one, without replicas; clients count with what they asked for, and
/// find documents where their routing says that they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShardCounts {
    /// The shards, 1 or more.
    pub primaries: u64,
    /// The copies of each, besides itself.
    pub replicas: u64,
    /// The parts that routings fall into, of which each shard has as many.
    routing: u64,
}

impl ShardCounts {
    /// Reads them from an index's settings.
    pub fn of(settings: &IndexSettings) -> Self {
        // One node has room for no copy, so that as few are made as were allowed.
        let expanded = settings.get("auto_expand_replicas").and_then(Value::as_str);
        let least = expanded.and_then(|range| range.split_once('-')?.0.parse().ok());
        let primaries = settings.number("number_of_shards").unwrap_or(1).max(1);
        let splits = LOG2_MOST_SHARDS.saturating_sub(primaries.next_power_of_two().ilog2());
        let routing = settings.number("number_of_routing_shards");
        Self {
            primaries,
            replicas: least.or(settings.number("number_of_replicas")).unwrap_or(1),
            routing: routing.unwrap_or(primaries << splits.max(1)).max(primaries),
        }
    }

    /// The copies of one shard, itself among them.
    pub fn copies(&self) -> u64 {
        self.replicas.saturating_add(1)
    }

    /// The copies of all shards.
    pub fn all(&self) -> u64 {
        self.primaries.saturating_mul(self.copies())
    }

    /// Answers the shard of a document by its routing, which is its id unless one was given: 0 to `primaries` - 1, as
    /// Elasticsearch computes it.
    pub fn shard_of(&self, routing: &str) -> u64 {
        let hash = i64::from(murmur3(routing) as i32);
        let part = hash.rem_euclid(self.routing as i64) as u64;
        part / (self.routing / self.primaries)
    }
}

/// MurmurHash3 of 32 bits (Appleby, <https://github.com/aappleby/smhasher>) over the text in UTF-16, little-endian.
fn murmur3(text: &str) -> u32 {
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mix = |block: u32| {
        let block = block.wrapping_mul(0xcc9e_2d51).rotate_left(15);
        block.wrapping_mul(0x1b87_3593)
    };
    let mut hash = 0_u32;
    let (blocks, rest) = bytes.as_chunks::<4>();
    for block in blocks {
        hash = (hash ^ mix(u32::from_le_bytes(*block))).rotate_left(13);
        hash = hash.wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    let rest = rest.iter().rev();
    hash ^= mix(rest.fold(0, |block, byte| (block << 8) | u32::from(*byte)));
    hash ^= bytes.len() as u32;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn counts(given: Value) -> ShardCounts {
        let given = given.as_object().cloned().unwrap_or_default();
        ShardCounts::of(&IndexSettings {
            given: given
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect(),
            ..IndexSettings::default()
        })
    }

    #[test]
    fn routings_are_hashed_as_in_elasticsearch() {
        for (text, hash) in [
            ("hell", 0x5a0c_b7c3),
            ("hello", 0xd7c3_1989),
            ("hello w", 0x22ab_2984),
            ("hello wo", 0xdf0c_a123),
            ("hello wor", 0xe774_4d61),
            ("The quick brown fox jumps over the lazy dog", 0xe07d_b09c),
        ] {
            assert_eq!(murmur3(text), hash, "{text}");
        }
    }

    #[test]
    fn routings_fall_into_every_shard() {
        for settings in [
            json!({}),
            json!({"number_of_shards": "2"}),
            json!({"number_of_shards": 5, "number_of_routing_shards": 5}),
            json!({"number_of_shards": "1024"}),
        ] {
            let counts = counts(settings);
            let mut met = vec![false; counts.primaries as usize];
            for routing in 0..20_000 {
                met[counts.shard_of(&routing.to_string()) as usize] = true;
            }
            assert!(met.iter().all(|met| *met), "{counts:?}");
        }
    }

    #[test]
    fn copies_are_counted() {
        assert_eq!(counts(json!({})).all(), 2);
        let many = counts(json!({"number_of_shards": "3", "number_of_replicas": 2}));
        assert_eq!((many.copies(), many.all()), (3, 9));
        let expanded = json!({"number_of_replicas": "4", "auto_expand_replicas": "0-all"});
        assert_eq!(counts(expanded).copies(), 1);
    }
}
