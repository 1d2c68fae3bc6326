//! Counting by hand, document by document, over the JSON that was written.

use super::asked::aggregations;
use super::rendered::rendered;
use super::shelf::{Shelf, mapping};
use proptest::prelude::*;
use query::Query;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A document: words, whole numbers, numbers with a fraction, and nested objects with a word and a number each.
#[derive(Debug, Clone)]
struct Own {
    words: Vec<u8>,
    longs: Vec<i64>,
    doubles: Vec<f64>,
    objects: Vec<(u8, Vec<i64>)>,
}

fn own() -> impl Strategy<Value = Own> {
    let number = prop_oneof![-5..5_i64, -1000..1000_i64];
    let object = (0..4_u8, prop::collection::vec(-3..4_i64, 0..3));
    (
        prop::collection::vec(0..6_u8, 0..4),
        prop::collection::vec(number.clone(), 0..4),
        prop::collection::vec(number.prop_map(|n| n as f64 / 4.0), 0..3),
        prop::collection::vec(object, 0..4),
    )
        .prop_map(|(words, longs, doubles, objects)| Own {
            words,
            longs,
            doubles,
            objects,
        })
}

fn word(number: u8) -> String {
    ["", "a", "aa", "b", "ü", "z"][usize::from(number)].to_owned()
}

impl Own {
    fn source(&self) -> Value {
        let objects = self.objects.iter().map(|(kind, marks)| {
            let marks: Vec<Value> = marks.iter().map(|mark| json!({"z": mark})).collect();
            json!({"a": word(*kind), "m": marks})
        });
        json!({
            "k": self.words.iter().map(|w| word(*w)).collect::<Vec<_>>(),
            "l": self.longs,
            "d": self.doubles,
            "n": objects.collect::<Vec<_>>(),
        })
    }
}

fn fields() -> Value {
    json!({"properties": {
        "k": {"type": "keyword"}, "l": {"type": "long"}, "d": {"type": "double"},
        "n": {"type": "nested", "properties": {
            "a": {"type": "keyword"},
            "m": {"type": "nested", "properties": {"z": {"type": "long"}}},
        }},
    }})
}

/// What is written at once, to the second of two indices or the first: ids, and documents or none to delete.
type Batch = (bool, Vec<(u8, Option<Own>)>);

/// Two indices in several segments, with documents that were replaced and deleted.
fn shelf(batches: &[Batch]) -> (Shelf, Vec<Own>) {
    let mut shelf = Shelf::new();
    for name in ["one", "two"] {
        shelf.add(name, mapping(&fields()));
    }
    let mut living: BTreeMap<(bool, u8), Own> = BTreeMap::new();
    for (second, batch) in batches {
        let name = if *second { "two" } else { "one" };
        let sources: Vec<_> = batch
            .iter()
            .map(|(id, own)| (id.to_string(), own.as_ref().map(Own::source)))
            .collect();
        shelf.write(name, &sources);
        for (id, own) in batch {
            match own {
                Some(own) => living.insert((*second, *id), own.clone()),
                None => living.remove(&(*second, *id)),
            };
        }
    }
    (shelf, living.into_values().collect())
}

fn ask(shelf: &Shelf, wire: Value) -> Value {
    let asked = aggregations(&wire);
    rendered(&shelf.ask(&["one", "two"], &Query::All, &asked).unwrap())
}

/// Documents by key, each once for a key; most documents first, then by key.
fn buckets<K: Ord + Clone>(
    documents: &[Own],
    keys: impl Fn(&Own) -> BTreeSet<K>,
) -> Vec<(K, Vec<Own>)> {
    let mut buckets: BTreeMap<K, Vec<Own>> = BTreeMap::new();
    for own in documents {
        for key in keys(own) {
            buckets.entry(key).or_default().push(own.clone());
        }
    }
    let mut buckets: Vec<_> = buckets.into_iter().collect();
    buckets.sort_by_key(|(_, documents)| std::cmp::Reverse(documents.len()));
    buckets
}

fn sum(documents: &[Own]) -> f64 {
    documents.iter().flat_map(|own| &own.doubles).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, rng_seed: prop::test_runner::RngSeed::Fixed(4), ..ProptestConfig::default() })]

    #[test]
    fn buckets_and_numbers_are_those_of_counting_by_hand(
        batches in prop::collection::vec((any::<bool>(), prop::collection::vec((0..25_u8, prop::option::weighted(0.8, own())), 1..20)), 1..6),
    ) {
        let (shelf, documents) = shelf(&batches);

        let answer = ask(&shelf, json!({"x": {
            "terms": {"field": "k", "size": 3},
            "aggs": {"s": {"sum": {"field": "d"}}, "l": {"terms": {"field": "l", "size": 1000}}},
        }}));
        let all = buckets(&documents, |own| own.words.iter().map(|w| word(*w)).collect());
        let expected: Vec<Value> = all.iter().take(3).map(|(key, documents)| {
            let longs = buckets(documents, |own| own.longs.iter().copied().collect());
            let longs: Vec<Value> = longs.iter().map(|(key, documents)| json!({"key": key, "doc_count": documents.len()})).collect();
            json!({
                "key": key, "doc_count": documents.len(), "sum#s": {"value": sum(documents)},
                "lterms#l": {"buckets": longs, "sum_other_doc_count": 0, "doc_count_error_upper_bound": 0},
            })
        }).collect();
        let others: usize = all.iter().skip(3).map(|(_, documents)| documents.len()).sum();
        prop_assert_eq!(&answer["sterms#x"]["buckets"], &json!(expected));
        prop_assert_eq!(&answer["sterms#x"]["sum_other_doc_count"], &json!(others));

        let answer = ask(&shelf, json!({"x": {
            "histogram": {"field": "l", "interval": 7, "offset": 2, "min_doc_count": 1},
            "aggs": {"c": {"value_count": {"field": "k"}}, "u": {"cardinality": {"field": "d"}}},
        }}));
        let mut all = buckets(&documents, |own| own.longs.iter().map(|l| (l - 2).div_euclid(7)).collect());
        all.sort_by_key(|(key, _)| *key);
        let expected: Vec<Value> = all.iter().map(|(key, documents)| {
            let words: usize = documents.iter().map(|own| own.words.iter().collect::<BTreeSet<_>>().len()).sum();
            let different: BTreeSet<u64> = documents.iter().flat_map(|own| &own.doubles).map(|d| d.to_bits()).collect();
            json!({
                "key": (key * 7 + 2) as f64, "doc_count": documents.len(),
                "value_count#c": {"value": words}, "cardinality#u": {"value": different.len()},
            })
        }).collect();
        prop_assert_eq!(&answer["histogram#x"]["buckets"], &json!(expected));

        let answer = ask(&shelf, json!({"x": {
            "range": {"field": "d", "ranges": [{"to": 0}, {"from": -1, "to": 1}, {"from": 0.25}]},
            "aggs": {"m": {"stats": {"field": "l"}}},
        }}));
        let ranges = [(f64::NEG_INFINITY, 0.0), (-1.0, 1.0), (0.25, f64::INFINITY)];
        for (number, (from, to)) in ranges.into_iter().enumerate() {
            let within: Vec<&Own> = documents.iter().filter(|own| own.doubles.iter().any(|d| (from..to).contains(d))).collect();
            let longs: Vec<i64> = within.iter().flat_map(|own| own.longs.clone()).collect();
            let bucket = &answer["range#x"]["buckets"][number];
            prop_assert_eq!(&bucket["doc_count"], &json!(within.len()));
            prop_assert_eq!(&bucket["stats#m"]["count"], &json!(longs.len()));
            prop_assert_eq!(&bucket["stats#m"]["sum"], &json!(longs.iter().sum::<i64>() as f64));
            let least = longs.iter().min().map(|l| *l as f64);
            prop_assert_eq!(&bucket["stats#m"]["min"], &json!(least));
        }

        let answer = ask(&shelf, json!({
            "x": {"missing": {"field": "l"}, "aggs": {"m": {"max": {"field": "d"}}}},
            "f": {"filters": {"filters": {"a": {"term": {"k": "a"}}, "b": {"term": {"k": "b"}}}, "other_bucket": true}},
        }));
        let without: Vec<&Own> = documents.iter().filter(|own| own.longs.is_empty()).collect();
        let greatest = without.iter().flat_map(|own| own.doubles.clone()).reduce(f64::max);
        prop_assert_eq!(&answer["missing#x"], &json!({"doc_count": without.len(), "max#m": {"value": greatest}}));
        let has = |own: &Own, wanted: u8| own.words.contains(&wanted);
        let count = |fits: &dyn Fn(&Own) -> bool| documents.iter().filter(|own| fits(own)).count();
        prop_assert_eq!(&answer["filters#f"]["buckets"], &json!({
            "a": {"doc_count": count(&|own| has(own, 1))},
            "b": {"doc_count": count(&|own| has(own, 3))},
            "_other_": {"doc_count": count(&|own| !has(own, 1) && !has(own, 3))},
        }));
    }

    #[test]
    fn nested_objects_are_those_of_counting_by_hand(
        batches in prop::collection::vec((any::<bool>(), prop::collection::vec((0..25_u8, prop::option::weighted(0.8, own())), 1..20)), 1..6),
    ) {
        let (shelf, documents) = shelf(&batches);
        let answer = ask(&shelf, json!({"x": {"terms": {"field": "k", "size": 100}, "aggs": {"n": {"nested": {"path": "n"}, "aggs": {
            "a": {"terms": {"field": "n.a", "order": {"_key": "asc"}}, "aggs": {
                "m": {"nested": {"path": "n.m"}, "aggs": {
                    "z": {"sum": {"field": "n.m.z"}},
                    "n": {"reverse_nested": {"path": "n"}},
                    "r": {"reverse_nested": {}, "aggs": {"l": {"value_count": {"field": "l"}}}},
                }},
            }},
        }}}}, "d": {"nested": {"path": "n.m"}}}));
        let all = buckets(&documents, |own| own.words.iter().map(|w| word(*w)).collect());
        let expected: Vec<Value> = all.iter().map(|(key, documents)| {
            let objects: usize = documents.iter().map(|own| own.objects.len()).sum();
            let kinds: BTreeSet<String> = documents.iter().flat_map(|own| &own.objects).map(|(kind, _)| word(*kind)).collect();
            let kinds: Vec<Value> = kinds.into_iter().map(|kind| {
                let own_objects = |own: &Own| -> Vec<Vec<i64>> {
                    own.objects.iter().filter(|(k, _)| word(*k) == kind).map(|(_, marks)| marks.clone()).collect()
                };
                let objects: Vec<Vec<i64>> = documents.iter().flat_map(own_objects).collect();
                let marked: Vec<&Own> = documents.iter().filter(|own| own_objects(own).iter().any(|marks| !marks.is_empty())).collect();
                let marks: Vec<i64> = objects.iter().flatten().copied().collect();
                json!({"key": kind, "doc_count": objects.len(), "nested#m": {
                    "doc_count": marks.len(),
                    "sum#z": {"value": marks.iter().sum::<i64>() as f64},
                    "reverse_nested#n": {"doc_count": objects.iter().filter(|marks| !marks.is_empty()).count()},
                    "reverse_nested#r": {
                        "doc_count": marked.len(),
                        "value_count#l": {"value": marked.iter().map(|own| own.longs.len()).sum::<usize>()},
                    },
                }})
            }).collect();
            json!({"key": key, "doc_count": documents.len(), "nested#n": {
                "doc_count": objects,
                "sterms#a": {"buckets": kinds, "sum_other_doc_count": 0, "doc_count_error_upper_bound": 0},
            }})
        }).collect();
        prop_assert_eq!(&answer["sterms#x"]["buckets"], &json!(expected));
        let marks: usize = documents.iter().flat_map(|own| &own.objects).map(|(_, marks)| marks.len()).sum();
        prop_assert_eq!(&answer["nested#d"]["doc_count"], &json!(marks));
    }
}
