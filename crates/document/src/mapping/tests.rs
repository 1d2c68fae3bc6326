use super::*;
use crate::Json;
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
        "mapper [year] cannot be changed from type [long] to [double]"
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
fn what_cannot_change_is_told_by_parameter() {
    let field = |kind: FieldKind, options: FieldOptions| FieldMapping {
        options,
        ..kind.into()
    };
    let plain = FieldOptions::default;
    let mapping = Mapping::new()
        .with("n", FieldKind::Long)
        .with("t", FieldKind::Text(Analyzer::Standard))
        .with(
            "v",
            FieldKind::DenseVector(VectorField::new(3, Similarity::Cosine)),
        )
        .with("o.x", FieldKind::Long);
    let refused = |path: &str, asked: FieldMapping| {
        let mut mapping = mapping.clone();
        mapping.insert(path, asked).unwrap_err().to_string()
    };
    let changed = FieldOptions {
        index: false,
        null_value: Some(Json(json!(3))),
        ..plain()
    };
    assert_eq!(
        refused("n", field(FieldKind::Long, changed)),
        "Mapper for [n] conflicts with existing mapper:\n\tCannot update parameter [index] from [true] to [false]\n\tCannot update parameter [null_value] from [null] to [3]"
    );
    assert_eq!(
        refused("t", FieldKind::Text(Analyzer::Simple).into()),
        "Mapper for [t] conflicts with existing mapper:\n\tCannot update parameter [analyzer] from [default] to [simple]"
    );
    let longer = VectorField::new(4, Similarity::L2Norm);
    assert_eq!(
        refused("v", FieldKind::DenseVector(longer).into()),
        "Mapper for [v] conflicts with existing mapper:\n\tCannot update parameter [dims] from [3] to [4]\n\tCannot update parameter [similarity] from [cosine] to [l2_norm]"
    );
    for path in ["o", "n.x"] {
        let error = refused(path, FieldKind::Long.into());
        assert!(
            error.starts_with("can't merge a non object mapping ["),
            "{error}"
        );
    }
    let nested = ObjectMapping {
        nested: true,
        ..ObjectMapping::default()
    };
    let mut mapping = mapping.clone();
    assert!(mapping.insert_object("n", nested.clone()).is_err());
    mapping
        .insert_object("o", ObjectMapping::default())
        .unwrap();
    let error = mapping.insert_object("o", nested).unwrap_err().to_string();
    assert_eq!(
        error,
        "can't merge a non-nested mapping [o] with a nested mapping"
    );
}

#[test]
fn a_vector_field_learns_its_length_once() {
    let vector = |dims| FieldKind::DenseVector(VectorField::new(dims, Similarity::Cosine));
    let mut mapping = Mapping::new().with("v", vector(0));
    mapping.insert("v", vector(5).into()).unwrap();
    assert_eq!(mapping.get("v").map(|field| &field.kind), Some(&vector(5)));
    assert!(mapping.insert("v", vector(6).into()).is_err());
    assert!(mapping.insert("v", vector(0).into()).is_err());
}

#[test]
fn limits_are_counted_as_elasticsearch_counts_them() {
    let text = FieldMapping::from(FieldKind::Text(Analyzer::Standard));
    let mapping = Mapping::new()
        .with("a", text.with("keyword", FieldKind::KEYWORD))
        .with("b.c.d", FieldKind::Long);
    assert_eq!(mapping.count_fields(), 5);
    let reason = |limits: Limits| mapping.check(&limits).unwrap_err().to_string();
    mapping.check(&Limits::default()).unwrap();
    let limits = Limits {
        total_fields: 4,
        ..Limits::default()
    };
    assert_eq!(
        reason(limits),
        "Limit of total fields [4] has been exceeded"
    );
    let limits = Limits {
        depth: 2,
        ..Limits::default()
    };
    assert_eq!(
        reason(limits),
        "Limit of mapping depth [2] has been exceeded due to object field [b.c]"
    );
    let mut settings = crate::IndexSettings::default();
    settings
        .given
        .insert("mapping.total_fields.limit".to_owned(), Json(json!("7")));
    assert_eq!(Limits::of(&settings).total_fields, 7);
    assert_eq!(Limits::of(&settings).nested_fields, 50);
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
