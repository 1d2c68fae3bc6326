use super::*;
use crate::picture::mapping;
use vision::Extractor;

fn search(words: Option<&str>, filter: Option<&str>) -> PictureSearch {
    PictureSearch {
        words: words.map(str::to_owned),
        filter: filter.map(str::to_owned),
        size: 10,
        ..PictureSearch::default()
    }
}

fn vectors(features: &[Feature]) -> QueryVectors {
    features
        .iter()
        .map(|feature| (*feature, vec![1.0], "one".to_owned()))
        .collect()
}

fn made(search: &PictureSearch, features: &[Feature]) -> SearchRequest {
    request(
        search,
        &mapping(&Extractor::default()),
        vectors(features),
        None,
    )
    .unwrap()
}

#[test]
fn what_is_searched_for_decides_where_hits_come_from() {
    let nothing = made(&search(Some("  "), None), &[]);
    assert_eq!(nothing.retriever, Retriever::Standard(Query::All));
    assert!(matches!(
        made(&search(Some("sea"), None), &[]).retriever,
        Retriever::Standard(_)
    ));
    assert!(matches!(
        made(&search(None, None), &[Feature::Color]).retriever,
        Retriever::Knn(_)
    ));
    let both = made(&search(Some("sea"), None), &[Feature::Color]);
    assert!(
        matches!(both.retriever, Retriever::Rrf { ref retrievers, .. } if retrievers.len() == 2)
    );
    match made(&search(None, None), &Feature::FUSED).retriever {
        Retriever::Linear { retrievers, .. } => {
            let sum: f32 = retrievers.iter().map(|part| part.weight).sum();
            assert!((sum - 1.0).abs() < 1e-6);
        }
        other => panic!("{other:?}"),
    }
}

/// The clauses of a search for words: the words in texts, then the tags.
fn clauses(text: &str) -> (Vec<Query>, Vec<String>) {
    let Retriever::Standard(Query::Bool(all)) = made(&search(Some(text), None), &[]).retriever
    else {
        panic!("words make clauses");
    };
    let mut should = all.should.into_iter();
    let Some(Query::Named { name, query }) = should.next() else {
        panic!("the words come first");
    };
    assert_eq!(name, "words");
    let Query::Bool(words) = *query else {
        panic!("words make clauses");
    };
    let names = |clause| match clause {
        Query::Named { name, .. } => name,
        Query::DisMax { queries, .. } => {
            let name = |query: &Query| match query {
                Query::Named { name, .. } => name.clone(),
                other => panic!("{other:?}"),
            };
            queries.iter().map(name).collect::<Vec<_>>().join(" or ")
        }
        other => panic!("{other:?}"),
    };
    (words.should, should.map(names).collect())
}

#[test]
fn each_word_is_sought_by_itself_and_what_is_named_among_the_tags() {
    let (words, tags) = clauses("red  sports cars");
    assert_eq!(words.len(), 3);
    assert_eq!(tags, ["tag sports car", "tag red"]);
    let (_, tags) = clauses("\u{72d7}");
    assert_eq!(tags, ["tag dog"]);
    let (_, tags) = clauses("crane");
    assert!(tags.len() == 1 && tags[0].contains(" or "), "{tags:?}");
    let (words, tags) = clauses(&"word ".repeat(1000));
    assert_eq!((words.len(), tags.len()), (MAX_WORDS, 1));
    let different: String = (0..1000).map(|n| format!("w{n} ")).collect();
    assert_eq!(clauses(&different).1.len(), MAX_WORDS);
}

#[test]
fn a_filter_names_only_fields_that_there_are() {
    let check = |filter: &str, part: &str| {
        let made = request(
            &search(None, Some(filter)),
            &mapping(&Extractor::default()),
            QueryVectors::new(),
            None,
        );
        match made {
            Ok(_) => assert_eq!(part, "", "{filter}"),
            Err(error) => {
                let error = error.to_string();
                assert!(
                    !part.is_empty() && error.contains(part),
                    "{filter}: {error}"
                );
            }
        }
    };
    check("image.width:>=1000 AND image.colors.name:blue", "");
    check("_exists_:image.exif", "");
    check("image.*:sea", "");
    check(
        "width:5",
        "no field is named width: did you mean image.width?",
    );
    check(
        "NOT (nonsense:5 OR image.width:5)",
        "no field is named nonsense: the index has",
    );
    check("image.width:[1 TO", "the filter cannot be read");
    check("image.embedding:*", "no field is named image.embedding");
}

#[test]
fn a_feature_that_the_index_does_not_have_is_named() {
    let mapping = mapping(&Extractor::default());
    let names = |feature| {
        features_of(&mapping, feature).map(|found| found.into_iter().map(Feature::name).collect())
    };
    let descriptors: Vec<&str> = names(Feature::Auto).unwrap();
    assert_eq!(descriptors, ["looks"]);
    let error = names(Feature::Embedding).unwrap_err().to_string();
    assert_eq!(
        error,
        "the index has no embedding; it has looks, color, texture, shape"
    );
    assert!("colour".parse::<Feature>().unwrap_err().contains("color"));
}
