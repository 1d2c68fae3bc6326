//! Fields that documents bring.

use super::*;

fn added(mapping: &Mapping, source: &Value) -> Result<Vec<(String, String)>, Failure> {
    match taken(mapping, &source.to_string())? {
        Taken::Whole(_) => Ok(Vec::new()),
        Taken::Grows(added) => {
            let mut merged = mapping.clone();
            merged.merge(added.clone()).unwrap();
            // What was added is enough for the document.
            assert!(matches!(
                taken(&merged, &source.to_string()),
                Ok(Taken::Whole(_))
            ));
            let kind = |field: &FieldMapping| match &field.options.format {
                Some(format) => format!("{} {format}", field.kind.name()),
                None => field.kind.name().to_owned(),
            };
            Ok(added
                .fields()
                .map(|(path, field)| (path.to_owned(), kind(field)))
                .collect())
        }
    }
}

fn check(mapping: &Mapping, source: Value, expected: &[(&str, &str)]) {
    let found = added(mapping, &source).unwrap_or_else(|failure| panic!("{source}: {failure}"));
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    assert_eq!(found, expected, "{source}");
}

fn refused(mapping: &Mapping, source: Value) -> (Cause, String) {
    let failure = added(mapping, &source).expect_err(&source.to_string());
    (failure.cause, failure.reason)
}

#[test]
fn unmapped_fields_get_the_type_their_values_suggest() {
    let empty = Mapping::new();
    check(
        &empty,
        json!({
            "a": 1, "b": 1.5, "c": "x", "d": "2024-01-01", "e": "2024/01/01",
            "f": "2024/01/01 10:00:00 +0100", "g": true, "h": "true", "i": "12", "j": null,
            "k": [], "p": "2024", "q": "2024-01", "r": "", "s": [null, [1]], "t": "10:00",
            "u": "2024-01-01T00:00:00Z", "_foo": 1, "o": {"x": 1, "y.z": "a"}
        }),
        &[
            ("_foo", "long"),
            ("a", "long"),
            ("b", "float"),
            ("c", "text"),
            ("d", "date"),
            ("e", "date yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis"),
            ("f", "text"),
            ("g", "boolean"),
            ("h", "text"),
            ("i", "text"),
            ("o.x", "long"),
            ("o.y.z", "text"),
            ("p", "text"),
            ("q", "date"),
            ("r", "text"),
            ("s", "long"),
            ("t", "text"),
            ("u", "date"),
        ],
    );
    let mut numbers = Mapping::new();
    numbers
        .top
        .insert("numeric_detection".to_owned(), Json(json!(true)));
    numbers
        .top
        .insert("date_detection".to_owned(), Json(json!(false)));
    check(
        &numbers,
        json!({"a": "1", "b": "1.5", "c": "1e3", "d": "2024-01-01", "e": " 1", "f": "1d", "g": "0x1"}),
        &[
            ("a", "long"),
            ("b", "float"),
            ("c", "float"),
            ("d", "text"),
            ("e", "float"),
            ("f", "float"),
            ("g", "text"),
        ],
    );
    let mut dates = Mapping::new();
    dates.top.insert(
        "dynamic_date_formats".to_owned(),
        Json(json!(["dd.MM.yyyy", "yyyy"])),
    );
    check(
        &dates,
        json!({"a": "01.02.2024", "b": "2024-01-01", "c": "2024"}),
        &[("a", "date dd.MM.yyyy"), ("b", "text"), ("c", "text")],
    );
}

#[test]
fn arrays_of_fractions_become_vectors() {
    let empty = Mapping::new();
    let kind = |value: Value| added(&empty, &json!({"v": value})).map(|found| found[0].1.clone());
    let is = |value: Value, expected: &str| assert_eq!(kind(value), Ok(expected.to_owned()));
    is(json!(vec![0.5; 127]), "float");
    is(json!(vec![0.5; 128]), "dense_vector");
    is(json!(vec![0.5; 4096]), "dense_vector");
    is(json!(vec![0.5; 4097]), "float");
    is(json!(vec![1; 128]), "long");
    is(json!(vec!["0.5"; 128]), "text");
    let mut mixed = vec![json!(0.5); 127];
    mixed.push(json!(1));
    assert_eq!(
        kind(json!(mixed)).unwrap_err().reason,
        "mapper [v] cannot be changed from type [float] to [long]"
    );
}

#[test]
fn values_of_one_document_that_disagree_are_refused() {
    let empty = Mapping::new();
    for (source, reason) in [
        (
            json!({"a": [1, "x"]}),
            "mapper [a] cannot be changed from type [long] to [text]",
        ),
        (
            json!({"k": [1, 2.5]}),
            "mapper [k] cannot be changed from type [long] to [float]",
        ),
        (
            json!({"c": {"d": 1}, "c.d": "x"}),
            "mapper [c.d] cannot be changed from type [long] to [text]",
        ),
        (
            json!({"h": [1, {"a": 1}]}),
            "mapper [h] cannot be changed from type [long] to [ObjectMapper]",
        ),
        (
            json!({"h": [{"a": 1}, 1]}),
            "can't merge a non object mapping [h] with an object mapping",
        ),
        (
            json!({"i": ["2024-01-01", "foo"]}),
            "mapper [i] cannot be changed from type [date] to [text]",
        ),
    ] {
        assert_eq!(
            refused(&empty, source),
            (Cause::IllegalArgument, reason.to_owned())
        );
    }
}

fn dynamic(dynamic: Dynamic) -> ObjectMapping {
    ObjectMapping {
        dynamic: Some(dynamic),
        ..ObjectMapping::default()
    }
}

#[test]
fn what_is_dynamic_is_inherited_and_overruled() {
    let mut strict = Mapping::new()
        .with("a", FieldKind::Long)
        .with("o.x", FieldKind::Long)
        .with("p.x", FieldKind::Long);
    strict.insert_object("", dynamic(Dynamic::Strict)).unwrap();
    strict.insert_object("o", dynamic(Dynamic::True)).unwrap();
    let not_allowed = |place: &str, name: &str, within: &str| {
        (
            Cause::StrictDynamicMapping,
            format!(
                "[{place}] mapping set to strict, dynamic introduction of [{name}] within [{within}] is not allowed"
            ),
        )
    };
    assert_eq!(
        refused(&strict, json!({"b": 1})),
        not_allowed("1:6", "b", "_doc")
    );
    assert_eq!(
        refused(&strict, json!({"b": null})),
        not_allowed("1:6", "b", "_doc")
    );
    assert_eq!(
        refused(&strict, json!({"p": {"y": {"z": 1}}})),
        not_allowed("1:11", "y", "p")
    );
    assert_eq!(
        refused(&strict, json!({"b.c": 1})),
        not_allowed("1:2", "b", "_doc")
    );
    check(&strict, json!({"a": 1, "o": {"y": 1}}), &[("o.y", "long")]);
    check(&strict, json!({"o.z": 1}), &[("o.z", "long")]);

    let mut off = Mapping::new().with("o.x", FieldKind::Long);
    off.insert_object("", dynamic(Dynamic::False)).unwrap();
    off.insert_object("o", dynamic(Dynamic::Strict)).unwrap();
    off.insert_object("r", dynamic(Dynamic::Runtime)).unwrap();
    check(
        &off,
        json!({"b": 1, "c": {"d": {"e": 1}}, "o": {"x": 1}, "r": {"y": 1}}),
        &[],
    );
    assert_eq!(
        refused(&off, json!({"o": {"x": 1, "y": 2}})),
        not_allowed("1:17", "y", "o")
    );
}

#[test]
fn growth_is_bounded() {
    let limits = Limits {
        total_fields: 3,
        depth: 3,
        name_length: 9,
        ..Limits::default()
    };
    let plan = Plan::new(&Mapping::new(), limits);
    let reason = |source: &str| {
        let document = Document {
            source: source.as_bytes().to_vec(),
            ..Document::default()
        };
        take(&plan, "1", &document).err().unwrap().reason
    };
    assert_eq!(
        reason(r#"{"a": 1, "b": 2, "c": 3, "d": 4}"#),
        "[1:31] failed to parse: Limit of total fields [3] has been exceeded while adding new fields [4]"
    );
    assert_eq!(
        reason(r#"{"a": "x", "b": {"c": 1}}"#),
        "[1:23] failed to parse: Limit of total fields [3] has been exceeded while adding new fields [4]"
    );
    assert_eq!(
        reason(r#"{"a":{"b":{"c":{}}}}"#),
        "[1:16] failed to parse: Limit of mapping depth [3] has been exceeded due to object field [a.b.c]"
    );
    assert_eq!(
        reason(r#"{"abcdefghij":1}"#),
        "Field name [abcdefghij] is longer than the limit of [9] characters"
    );
    let deep = format!("{}1{}", "{\"a\":".repeat(900), "}".repeat(900));
    assert!(
        taken(&Mapping::new(), &deep)
            .err()
            .unwrap()
            .reason
            .contains("depth [20]")
    );
}

#[test]
fn objects_that_are_off_and_objects_of_pictures_are_let_be() {
    check(&mapping(), json!({"off": 5}), &[]);
    check(&mapping(), json!({"off": [{"x": {"y": 1}}, 7]}), &[]);
    let image = Mapping::new().with("image", FieldKind::Image(document::ImageField::default()));
    check(
        &image,
        json!({"image": {"width": 3, "unknown": {"a": 1}}}),
        &[],
    );
    check(&image, json!({"image": "data:,"}), &[]);
}

#[test]
fn copies_go_where_they_are_asked_for() {
    check(&mapping(), json!({"from": "5"}), &[("fresh.x", "text")]);
    let (cause, reason) = refused(&mapping(), json!({"from": "x"}));
    assert_eq!(cause, Cause::DocumentParsing);
    assert!(
        reason.contains("failed to parse field [into] of type [long]"),
        "{reason}"
    );
}

#[test]
fn templates_say_what_fields_become() {
    use document::{DynamicTemplate, TemplateTarget, ValueKind};
    let template = |names: &[&str], targets: Vec<(ValueKind, TemplateTarget)>| DynamicTemplate {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        targets: targets.into_iter().collect(),
        ..DynamicTemplate::default()
    };
    let field = |kind: FieldKind| TemplateTarget::Field(Box::new(kind.into()));
    let object = |nested, enabled| {
        TemplateTarget::Object(ObjectMapping {
            nested,
            enabled,
            ..ObjectMapping::default()
        })
    };
    let mut mapping = Mapping::new();
    mapping.templates = Some(vec![
        template(
            &["*_id"],
            vec![
                (ValueKind::String, field(FieldKind::KEYWORD)),
                (ValueKind::Long, field(FieldKind::KEYWORD)),
            ],
        ),
        template(
            &[],
            vec![
                (ValueKind::Double, field(FieldKind::Double)),
                (ValueKind::Date, field(FieldKind::KEYWORD)),
            ],
        ),
        template(&["parts"], vec![(ValueKind::Object, object(true, true))]),
        template(&["off"], vec![(ValueKind::Object, object(false, false))]),
    ]);
    check(
        &mapping,
        json!({"user_id": "a", "n_id": 5, "n": 5, "f": 1.5, "d": "2024-01-01", "s": "x"}),
        &[
            ("d", "keyword"),
            ("f", "double"),
            ("n", "long"),
            ("n_id", "keyword"),
            ("s", "text"),
            ("user_id", "keyword"),
        ],
    );
    check(
        &mapping,
        json!({"parts": [{"x_id": 1}, {"y": true}], "off": {"z": 1}}),
        &[("parts.x_id", "keyword"), ("parts.y", "boolean")],
    );
    // Fractions that are mapped are no vector, however many there are.
    check(&mapping, json!({"v": vec![0.5; 200]}), &[("v", "double")]);
    let Ok(Taken::Grows(added)) = taken(&mapping, r#"{"parts":{"x":1}}"#) else {
        panic!("nothing was added");
    };
    assert!(added.object("parts").unwrap().nested);
}
