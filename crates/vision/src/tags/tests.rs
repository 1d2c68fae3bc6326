use super::*;
use std::collections::BTreeSet;

fn names(text: &str) -> Vec<&'static str> {
    let found = Vocabulary::imagenet().find(text);
    found.into_iter().flat_map(|found| found.names).collect()
}

#[test]
fn every_class_has_a_term_and_names_in_both_languages() {
    let vocabulary = Vocabulary::imagenet();
    assert!(vocabulary.terms_of[0].is_empty());
    assert!(
        vocabulary.terms_of[1..]
            .iter()
            .all(|terms| !terms.is_empty())
    );
    let firsts: BTreeSet<&str> = vocabulary
        .terms
        .iter()
        .map(|term| term.english[0])
        .collect();
    assert_eq!(firsts.len(), vocabulary.terms.len());
    assert!(vocabulary.terms.iter().all(|term| !term.chinese.is_empty()));
    // Each term is true of some picture.
    let reached: BTreeSet<usize> = vocabulary.terms_of.iter().flatten().copied().collect();
    assert_eq!(reached.len(), vocabulary.terms.len());
}

#[test]
fn what_a_term_gets_by_chance_is_no_reason_to_claim_it() {
    let vocabulary = Vocabulary::imagenet();
    let claimed = |probabilities: &[f32], name: &str| {
        let tags = vocabulary.tags(probabilities, 0.2);
        tags.iter().any(|tag| tag.name == name)
    };
    let mut probabilities = vec![1.0 / 1001.0; 1001];
    assert!(vocabulary.tags(&probabilities, 0.2).is_empty());
    let animal = vocabulary
        .terms
        .iter()
        .position(|term| term.english[0] == "animal");
    let is_animal = |class: usize| vocabulary.terms_of[class].contains(&animal.unwrap());
    let animals = (0..1001).filter(|class| is_animal(*class)).count() as f32;
    assert!((380.0..420.0).contains(&animals), "{animals}");
    for (sum, expected) in [(0.48, false), (0.52, true)] {
        for (class, probability) in probabilities.iter_mut().enumerate() {
            *probability = if is_animal(class) {
                sum / animals
            } else {
                (1.0 - sum) / (1001.0 - animals)
            };
        }
        assert_eq!(claimed(&probabilities, "animal"), expected, "{sum}");
    }
    // A class has nothing by chance.
    probabilities.fill(0.0);
    probabilities[1] = 0.2;
    assert!(claimed(&probabilities, "tench"));
}

#[test]
fn broader_terms_are_as_probable_as_all_below_them() {
    let vocabulary = Vocabulary::imagenet();
    let golden = vocabulary.find("golden retriever")[0].names[0];
    let class = |name: &str| {
        let term = vocabulary
            .terms
            .iter()
            .position(|term| term.english[0] == name);
        let own = |terms: &Vec<usize>| terms.first().copied() == term;
        vocabulary.terms_of.iter().position(own).unwrap()
    };
    let mut probabilities = vec![0.0; 1001];
    for (name, probability) in [
        (golden, 0.45),
        ("Labrador retriever", 0.4),
        ("tabby cat", 0.1),
    ] {
        let name = vocabulary.find(name)[0].names[0];
        probabilities[class(name)] = probability;
    }
    let tags = vocabulary.tags(&probabilities, 0.2);
    let confidence = |name: &str| {
        tags.iter()
            .find(|tag| tag.name == *name)
            .map(|tag| tag.confidence)
    };
    assert_eq!(confidence("animal"), Some(0.95));
    assert_eq!(confidence("dog"), Some(0.85));
    assert_eq!(confidence("golden retriever"), Some(0.45));
    assert_eq!(confidence("cat"), None);
    assert!(
        tags.windows(2)
            .all(|pair| pair[0].confidence >= pair[1].confidence)
    );
    let place = |name: &str| tags.iter().position(|tag| tag.name == *name);
    assert!(
        place("retriever") < place("dog"),
        "of equals the more special one is first: {tags:?}"
    );
    assert!(vocabulary.tags(&probabilities[1..], 0.2).is_empty());
}

#[test]
fn names_are_found_in_both_languages() {
    assert_eq!(names("Golden-Retrievers"), ["golden retriever"]);
    let beach = names("beach");
    assert!(!beach.is_empty());
    assert_eq!(
        names("a dog, on the beach"),
        [vec!["dog"], beach.clone()].concat()
    );
    assert_eq!(names("dogs and wolves"), ["dog", "wolf"]);
    assert_eq!(names("sports car"), ["sports car"]);
    assert_eq!(
        names("一只金毛在海滩"),
        [vec!["golden retriever"], beach].concat()
    );
    assert_eq!(names("热狗"), names("hotdog"));
    assert!(!names("热狗").contains(&"dog"));
    assert_eq!(names("crane").len(), 2, "a bird and a machine");
    assert!(names("xyzzy 的 !? '").is_empty());
    assert!(names("").is_empty());
    let text = "red Sports  CAR!";
    let found = Vocabulary::imagenet().find(text);
    assert_eq!(&text[found[0].place.clone()], "Sports  CAR");
}

#[test]
fn every_name_finds_its_term() {
    let vocabulary = Vocabulary::imagenet();
    for term in vocabulary.terms() {
        for name in term.english.iter().chain(&term.chinese) {
            let found = vocabulary.find(name);
            assert!(
                found.len() == 1 && found[0].names.contains(&term.english[0]),
                "{name}: {found:?}"
            );
        }
    }
}
