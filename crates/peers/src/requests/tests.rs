use super::{FAMILIES, requests};
use crate::corpus::{Corpus, Shape};
use std::collections::BTreeSet;

fn corpus(vectors: bool) -> Corpus {
    Corpus::new(
        5,
        Shape {
            documents: 50,
            vectors,
        },
    )
}

fn written(seed: u64, corpus: &Corpus, count: usize) -> Vec<String> {
    requests(seed, corpus, count, None)
        .iter()
        .map(|request| {
            format!(
                "{} {} {}",
                request.method,
                request.path_of("i"),
                request.body_of("i")
            )
        })
        .collect()
}

#[test]
fn a_seed_makes_the_same_requests_again_however_many_are_wanted() {
    let corpus = corpus(true);
    let many = written(9, &corpus, 400);
    assert_eq!(many[..100], written(9, &corpus, 100));
    assert_ne!(many, written(10, &corpus, 400));
}

#[test]
fn every_family_is_asked_and_a_tenth_is_wrong() {
    let made = requests(3, &corpus(true), 1000, None);
    let families: BTreeSet<&str> = made.iter().map(|request| request.family).collect();
    assert_eq!(families, BTreeSet::from(FAMILIES));
    let wrong = made
        .iter()
        .filter(|request| request.family == "errors")
        .count();
    assert!((60..140).contains(&wrong), "{wrong}");
    for family in FAMILIES {
        let made = requests(3, &corpus(true), 3, Some(family));
        assert!(made.iter().all(|request| request.family == family));
    }
}

#[test]
fn without_vectors_none_are_asked_for() {
    let made = written(3, &corpus(false), 2000);
    for request in made {
        assert!(
            !request.contains("query_vector") && !request.contains("v_cosine"),
            "{request}"
        );
    }
}
