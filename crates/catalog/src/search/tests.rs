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

fn vectors(names: &[&'static str]) -> QueryVectors {
    names
        .iter()
        .map(|name| (*name, vec![1.0], "one".to_owned()))
        .collect()
}

fn made(search: &PictureSearch, names: &[&'static str]) -> SearchRequest {
    request(
        search,
        &mapping(&Extractor::default()),
        vectors(names),
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
        made(&search(None, None), &["color"]).retriever,
        Retriever::Knn(_)
    ));
    let both = made(&search(Some("sea"), None), &["color"]);
    assert!(
        matches!(both.retriever, Retriever::Rrf { ref retrievers, .. } if retrievers.len() == 2)
    );
    match made(&search(None, None), &["color", "texture", "shape"]).retriever {
        Retriever::Linear { retrievers, .. } => {
            let sum: f32 = retrievers.iter().map(|part| part.weight).sum();
            assert!((sum - 1.0).abs() < 1e-6);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_word_is_sought_by_itself() {
    let Retriever::Standard(Query::Bool(words)) =
        made(&search(Some("red  car"), None), &[]).retriever
    else {
        panic!("words make clauses");
    };
    assert_eq!(words.should.len(), 2);
    let many = "word ".repeat(1000);
    let Retriever::Standard(Query::Bool(words)) = made(&search(Some(&many), None), &[]).retriever
    else {
        panic!("words make clauses");
    };
    assert_eq!(words.should.len(), MAX_WORDS);
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
    assert_eq!(descriptors, ["color", "texture", "shape"]);
    let error = names(Feature::Embedding).unwrap_err().to_string();
    assert_eq!(
        error,
        "the index has no embedding; it has color, texture, shape"
    );
    assert!("colour".parse::<Feature>().unwrap_err().contains("color"));
}
