use super::*;
use serde_json::json;

fn vector(dims: u32, fingerprint: &str) -> VectorField {
    VectorField {
        extractor: Some(Extractor {
            name: "net".to_owned(),
            fingerprint: fingerprint.to_owned(),
        }),
        ..VectorField::new(dims, Similarity::Cosine)
    }
}

fn image(name: &str, field: VectorField) -> Mapping {
    let field = ImageField {
        vectors: [(name.to_owned(), field)].into(),
        ..ImageField::default()
    };
    Mapping::new().with("image", FieldKind::Image(field))
}

#[test]
fn a_mapping_grows_and_never_changes() {
    let mut mapping = Mapping::new().with("year", FieldKind::Long);
    mapping
        .merge(Mapping::new().with("name", FieldKind::KEYWORD))
        .unwrap();
    let error = mapping
        .merge(
            Mapping::new()
                .with("extra", FieldKind::Long)
                .with("year", FieldKind::Double),
        )
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "field year is mapped as long and cannot become double"
    );
    assert!(
        mapping.get("extra").is_none(),
        "a refused merge changes nothing"
    );
}

#[test]
fn vectors_of_another_extractor_are_refused_by_both_names() {
    let mut mapping = image("embedding", vector(4, "aa"));
    mapping.merge(image("color", vector(8, "cc"))).unwrap();
    let error = mapping
        .merge(image("embedding", vector(4, "bb")))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("net (aa)") && error.contains("net (bb)"),
        "{error}"
    );
    let paths: Vec<_> = mapping.leaves().into_iter().map(|leaf| leaf.path).collect();
    assert!(paths.contains(&"image.embedding".to_owned()));
    assert!(paths.contains(&"image.color".to_owned()));
    assert!(paths.contains(&"image.exif.iso".to_owned()));
}

#[test]
fn unmapped_fields_get_the_type_their_values_suggest() {
    let mapping = image("color", vector(2, "c")).with("year", FieldKind::Long);
    let source = json!({
        "year": "1999", "shop": {"price": 3.5, "stock": 4, "names": [null, "a"]},
        "on": true, "nothing": null, "none": [], "image": {"width": 3}, "_odd": 1
    });
    let (found, refused) = mapping.unmapped(&source);
    let kinds: Vec<_> = found
        .fields()
        .map(|(path, field)| (path, field.kind.name()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("on", "boolean"),
            ("shop.names", "text"),
            ("shop.price", "double"),
            ("shop.stock", "long")
        ]
    );
    assert_eq!(refused, ["_odd"]);
}

#[test]
fn names_that_cannot_be_used_are_named() {
    for name in ["", "a..b", "_id", " ", "a.", &"x".repeat(513)] {
        let error = Mapping::new()
            .insert(name, FieldKind::Long.into())
            .unwrap_err();
        assert!(
            matches!(error, MappingError::BadName { .. }),
            "{name}: {error}"
        );
    }
}
