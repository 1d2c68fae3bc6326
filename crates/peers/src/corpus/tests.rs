use super::{Corpus, Shape};

const SHAPE: Shape = Shape {
    documents: 700,
    vectors: true,
};

#[test]
fn a_seed_makes_the_same_corpus_again_and_another_seed_another() {
    let made = |seed| Corpus::new(seed, SHAPE).batches;
    assert_eq!(made(1), made(1));
    assert_ne!(made(1), made(2));
}

#[test]
fn batches_are_lines_of_json_and_vectors_can_be_left_out() {
    for vectors in [true, false] {
        let corpus = Corpus::new(7, Shape { vectors, ..SHAPE });
        let text = String::from_utf8(corpus.batches.concat()).unwrap();
        let operations = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .filter(|line| {
                ["index", "create", "delete", "update"].iter().any(|name| {
                    line.get(name)
                        .is_some_and(|target| target.get("_id").is_some())
                })
            })
            .count();
        assert_eq!(operations, 700 + 700 / 6);
        assert_eq!(text.contains("v_cosine"), vectors);
        assert_eq!(corpus.index.to_string().contains("dense_vector"), vectors);
    }
}
